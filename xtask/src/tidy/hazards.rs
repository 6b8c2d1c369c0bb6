//! The hazard log is whole (DCB0129): every entry says what it must, its risk is that of the matrix, numbers have no gap, so no
//! entry was deleted, and every design control names a test that is there. Whether that test passes is for the tests.
//!
//! Entries stand in `docs/clinical-safety/<area>.toml`; the README there describes the form.

use super::source::Sources;
use toml::{Table, Value};

const FOLDER: &str = "docs/clinical-safety/";
const SEVERITIES: &[&str] = &["minor", "significant", "considerable", "major", "catastrophic"];
const LIKELIHOODS: &[&str] = &["very low", "low", "medium", "high", "very high"];
/// Risk by likelihood (rows, lowest first) and severity (columns, least first): NHS clinical risk management, DCB0129
/// and DCB0160 implementation guidance.
const MATRIX: [[i64; 5]; 5] =
    [[1, 1, 2, 2, 3], [1, 2, 2, 3, 4], [2, 2, 3, 3, 4], [2, 3, 3, 4, 5], [3, 4, 4, 5, 5]];
const CONTROLS: &[&str] = &["design", "test", "training", "process"];
const STATUSES: &[&str] = &["open", "controlled", "for the deployer", "withdrawn"];
/// What an entry says in words.
const TEXTS: &[&str] = &["id", "name", "description", "effect", "harm", "owner", "status"];
/// A risk that may remain without being open.
const TOLERABLE: i64 = 3;

pub fn check(sources: &Sources) -> Vec<String> {
    let mut breaches = Vec::new();
    let logs =
        sources.files.iter().filter(|file| file.path.starts_with(FOLDER) && file.path.ends_with(".toml"));
    for file in logs {
        let mut log = Log { sources, path: &file.path, breaches: &mut breaches };
        match toml::from_str::<Table>(&file.text) {
            Ok(table) => log.file(&table),
            Err(error) => log.add("", &format!("cannot be read: {error}")),
        }
    }
    breaches
}

struct Log<'a> {
    sources: &'a Sources,
    path: &'a str,
    breaches: &'a mut Vec<String>,
}

impl Log<'_> {
    fn add(&mut self, id: &str, what: &str) {
        self.breaches.push(format!("{}: {id}: {what}", self.path));
    }

    fn file(&mut self, table: &Table) {
        let Some(prefix) = table.get("prefix").and_then(Value::as_str) else {
            return self.add("", "states no prefix");
        };
        let hazards = table.get("hazard").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        if hazards.is_empty() {
            self.add(prefix, "holds no hazard");
        }
        for (at, hazard) in hazards.iter().enumerate() {
            let expected = format!("H-{prefix}-{:03}", at + 1);
            match hazard.as_table() {
                Some(hazard) => self.hazard(hazard, &expected),
                None => self.add(&expected, "is no table"),
            }
        }
    }

    fn hazard(&mut self, hazard: &Table, expected: &str) {
        let text = |key: &str| hazard.get(key).and_then(Value::as_str).unwrap_or_default();
        let id = text("id");
        if id != expected {
            self.add(
                id,
                &format!("should be {expected}: numbers have no gap, and an entry is never deleted"),
            );
        }
        for key in TEXTS.iter().filter(|key| text(key).trim().is_empty()) {
            self.add(id, &format!("says no {key}"));
        }
        if hazard.get("causes").and_then(Value::as_array).is_none_or(Vec::is_empty) {
            self.add(id, "names no causes");
        }
        let status = text("status");
        if !STATUSES.contains(&status) {
            self.add(id, &format!("status is {status:?}: one of {STATUSES:?}"));
        }
        self.risk(hazard, (id, "initial"));
        let residual = self.risk(hazard, (id, "residual"));
        if residual.is_some_and(|risk| risk > TOLERABLE) && status != "open" {
            self.add(id, "a residual risk of 4 or 5 is open until somebody controls it");
        }
        self.controls(hazard, id);
    }

    /// The stated risk, which must be the matrix's.
    fn risk(&mut self, hazard: &Table, (id, which): (&str, &str)) -> Option<i64> {
        let Some(rating) = hazard.get(which).and_then(Value::as_table) else {
            self.add(id, &format!("states no {which} rating"));
            return None;
        };
        let place = |key: &str, of: &[&str]| {
            let word = rating.get(key).and_then(Value::as_str)?;
            of.iter().position(|one| *one == word)
        };
        let severity = place("severity", SEVERITIES);
        let likelihood = place("likelihood", LIKELIHOODS);
        let (Some(severity), Some(likelihood)) = (severity, likelihood) else {
            self.add(
                id,
                &format!("{which}: severity is one of {SEVERITIES:?}, likelihood one of {LIKELIHOODS:?}"),
            );
            return None;
        };
        let risk = MATRIX.get(likelihood).and_then(|row| row.get(severity)).copied();
        if rating.get("risk").and_then(Value::as_integer) != risk {
            self.add(
                id,
                &format!("{which}: the risk of this severity and likelihood is {}", risk.unwrap_or_default()),
            );
        }
        risk
    }

    fn controls(&mut self, hazard: &Table, id: &str) {
        let controls = hazard.get("control").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        if controls.is_empty() {
            self.add(id, "has no control");
        }
        for control in controls {
            let kind = control.get("kind").and_then(Value::as_str).unwrap_or_default();
            if !CONTROLS.contains(&kind) {
                self.add(id, &format!("a control is of kind {kind:?}: one of {CONTROLS:?}"));
            }
            if control.get("text").and_then(Value::as_str).is_none_or(|text| text.trim().is_empty()) {
                self.add(id, "a control says nothing");
            }
            let tests = control.get("tests").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            if kind == "design" && tests.is_empty() {
                self.add(id, "a design control names no test");
            }
            for test in tests.iter().filter_map(Value::as_str) {
                if !self.has_test(test) {
                    self.add(id, &format!("no such test: {test}"));
                }
            }
        }
    }

    /// Whether `path::name` is a test: a function under a test attribute in Rust, a quoted name in a browser test.
    fn has_test(&self, test: &str) -> bool {
        let Some((path, name)) = test.split_once("::") else { return false };
        let Some(file) = self.sources.files.iter().find(|file| file.path == path) else { return false };
        if path.ends_with(".mjs") {
            return file.text.contains(&format!("test({name:?}"))
                || file.text.contains(&format!("test(`{name}"));
        }
        let lines: Vec<&str> = file.text.lines().map(str::trim).collect();
        let is_named = |line: &str| {
            let line = line.trim_start_matches("async ");
            line.strip_prefix("fn ")
                .and_then(|rest| rest.strip_prefix(name))
                .is_some_and(|rest| rest.starts_with('('))
        };
        lines.iter().enumerate().filter(|(_, line)| is_named(line)).any(|(at, _)| {
            let above = lines.get(..at).unwrap_or_default().iter().rev();
            above
                .take_while(|line| line.starts_with('#') || line.starts_with("//"))
                .any(|line| line.starts_with("#[test]") || line.starts_with("#[tokio::test"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRY: &str = r#"
prefix = "X"
[[hazard]]
id = "H-X-001"
name = "n"
description = "d"
causes = ["c"]
effect = "e"
harm = "h"
initial = { severity = "major", likelihood = "medium", risk = 3 }
residual = { severity = "major", likelihood = "very low", risk = 2 }
owner = "o"
status = "controlled"
[[hazard.control]]
kind = "design"
text = "t"
tests = ["crates/a/src/b.rs::holds"]
"#;
    const TEST: &str = "//! x\n#[test]\nfn holds() {}\nfn helper() {}\n";

    fn breaches(entry: &str) -> Vec<String> {
        check(&Sources::of(&[("docs/clinical-safety/x.toml", entry), ("crates/a/src/b.rs", TEST)]))
    }

    #[test]
    fn a_whole_entry_passes() {
        assert_eq!(breaches(ENTRY), Vec::<String>::new());
    }

    #[test]
    fn every_fault_is_found() {
        let cases = [
            ("b.rs::holds", "b.rs::gone", "no such test: crates/a/src/b.rs::gone"),
            ("b.rs::holds", "b.rs::helper", "no such test"),
            ("b.rs::holds", "c.rs::holds", "no such test"),
            ("tests = [\"crates/a/src/b.rs::holds\"]", "", "names no test"),
            ("H-X-001", "H-X-002", "should be H-X-001"),
            ("risk = 3", "risk = 2", "the risk of this severity and likelihood is 3"),
            ("likelihood = \"very low\", risk = 2", "likelihood = \"high\", risk = 4", "is open until"),
            ("harm = \"h\"", "harm = \" \"", "says no harm"),
            ("causes = [\"c\"]", "causes = []", "names no causes"),
            ("status = \"controlled\"", "status = \"done\"", "status is"),
            ("kind = \"design\"", "kind = \"luck\"", "a control is of kind"),
            (
                "severity = \"major\", likelihood = \"medium\"",
                "severity = \"bad\", likelihood = \"medium\"",
                "severity is one of",
            ),
            ("prefix = \"X\"", "", "states no prefix"),
        ];
        for (from, to, expected) in cases {
            let found = breaches(&ENTRY.replacen(from, to, 1));
            assert!(found.iter().any(|breach| breach.contains(expected)), "{expected}: {found:?}");
        }
        assert!(breaches("x = ").iter().any(|breach| breach.contains("cannot be read")));
    }

    #[test]
    fn the_matrix_rises_with_severity_and_likelihood() {
        for row in &MATRIX {
            assert!(row.is_sorted());
        }
        for pair in MATRIX.windows(2) {
            assert!(pair[0].iter().zip(&pair[1]).all(|(low, high)| low <= high));
        }
    }
}
