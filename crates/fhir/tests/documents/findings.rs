//! What is at fault in the documents, compared with what was found when each fault was looked at.

use fhir::json::{Limits, Value, canonical, parse, to_vec};
use fhir::validate::structural;
use std::fmt::Write;
use std::path::Path;

/// Reads, judges and writes back every file, then compares the faults with those expected of the set.
pub fn compare(set: &str, files: &[(String, Vec<u8>)]) {
    assert!(!files.is_empty());
    let mut found = String::new();
    for (name, bytes) in files {
        match parse(bytes, &Limits::default()) {
            Err(error) => writeln!(found, "{set}\t{name}\tfatal\tinvalid\t\t{error}").unwrap(),
            Ok(document) => {
                for issue in structural(&document) {
                    let place = issue.expression.unwrap_or_default();
                    let (severity, code) = (issue.severity.as_str(), issue.code.as_str());
                    writeln!(found, "{set}\t{name}\t{severity}\t{code}\t{place}\t{}", issue.diagnostics)
                        .unwrap();
                }
                round_trip(name, &document);
            }
        }
    }
    if bless() {
        return rewrite(set, &found);
    }
    let expected = expected(set);
    for line in found.lines().filter(|line| !expected.lines().any(|e| e == *line)) {
        eprintln!("found but not expected: {line}");
    }
    for line in expected.lines().filter(|line| !found.lines().any(|f| f == *line)) {
        eprintln!("expected but not found: {line}");
    }
    assert_eq!(found, expected, "the faults of {set} differ from expected.tsv");
}

/// Writing and reading again changes nothing; the canonical form is a fixed point.
fn round_trip(name: &str, document: &Value) {
    let again = parse(&to_vec(document), &Limits::default()).unwrap();
    assert!(again == *document, "{name} changed when written and read again");
    let first = canonical(document);
    let second = canonical(&parse(first.as_ref(), &Limits::default()).unwrap());
    assert!(first == second, "{name} has no stable canonical form");
}

fn table() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents/expected.tsv")
}

fn expected(set: &str) -> String {
    let table = std::fs::read_to_string(table()).unwrap();
    let of_set = |line: &&str| line.split('\t').next() == Some(set);
    table.lines().filter(of_set).fold(String::new(), |all, line| all + line + "\n")
}

/// `BEVAN_BLESS=1` with one test at a time writes what was found as what is expected.
#[expect(clippy::disallowed_methods, reason = "a switch for the person who changes the validator")]
fn bless() -> bool {
    std::env::var_os("BEVAN_BLESS").is_some()
}

fn rewrite(set: &str, found: &str) {
    let old = std::fs::read_to_string(table()).unwrap_or_default();
    let other = |line: &&str| line.split('\t').next() != Some(set);
    let kept = old.lines().filter(other).fold(String::new(), |all, line| all + line + "\n");
    std::fs::write(table(), kept + found).unwrap();
}
