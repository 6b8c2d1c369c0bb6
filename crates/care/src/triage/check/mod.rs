//! The rules that a set of pathways must keep, as a list of faults with their places. A set with one fault is not used.
//!
//! The rules stand in docs/clinical-safety/pathways.md. What cannot be checked here is whether the advice is right.

mod outcomes;
mod screen;
mod topics;

use super::pathways::{File, Outcome, Target};
use std::collections::HashMap;

/// Every fault of a set; none when it may be used.
pub(super) fn faults(file: &File) -> Vec<String> {
    let mut faults = Faults::default();
    about(file, &mut faults);
    let outcomes: HashMap<&str, &Outcome> =
        file.outcomes.iter().map(|outcome| (outcome.id.as_str(), outcome)).collect();
    screen::check(file, &outcomes, &mut faults);
    topics::check(file, &outcomes, &mut faults);
    outcomes::check(file, &mut faults);
    findings(file, &mut faults);
    faults.0
}

/// What was found so far.
#[derive(Default)]
pub(super) struct Faults(Vec<String>);

impl Faults {
    fn add(&mut self, place: &str, what: &str) {
        self.0.push(format!("{place}: {what}"));
    }

    /// A text that a page prints: there, not endless, and no statement of what somebody has.
    fn text(&mut self, place: &str, text: &str) {
        if text.trim().is_empty() {
            self.add(place, "is empty");
        }
        if text.chars().count() > TEXT_CHARS {
            self.add(place, &format!("is longer than {TEXT_CHARS} characters"));
        }
        let lower = text.to_lowercase();
        for words in DIAGNOSING {
            if lower.contains(words) {
                self.add(place, &format!("says {words:?}: a page of triage never shows a diagnosis"));
            }
        }
    }

    /// Words to be heard by: one without a letter would be heard in every text.
    fn heard(&mut self, place: &str, words: &[String]) {
        if words.iter().any(|one| !one.contains(char::is_alphanumeric)) {
            self.add(place, "has words without a letter, which every text would hold");
        }
    }

    /// An id that can stand in an address.
    fn id(&mut self, place: &str, id: &str) {
        let letters = id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if id.is_empty() || id.len() > 60 || !letters {
            self.add(place, "its id must be 1 to 60 small letters, digits and hyphens");
        }
    }

    fn unique<'a>(&mut self, place: &str, ids: impl Iterator<Item = &'a str>) {
        let mut seen = std::collections::HashSet::new();
        for id in ids {
            if !seen.insert(id) {
                self.add(place, &format!("{id:?} stands there twice"));
            }
        }
    }
}

/// A text may be this long.
const TEXT_CHARS: usize = 400;
/// Ways of telling somebody what they have.
const DIAGNOSING: &[&str] = &[
    "you may have",
    "you might have",
    "you probably have",
    "likely to have",
    "you are suffering",
    "diagnos",
];

fn about(file: &File, faults: &mut Faults) {
    let set = &file.set;
    for (name, text) in
        [("id", &set.id), ("version", &set.version), ("title", &set.title), ("source", &set.source)]
    {
        faults.text(&format!("set, {name}"), text);
    }
    if set.reviewed.parse::<jiff::civil::Date>().is_err() {
        faults.add("set, reviewed", "is no date: write YYYY-MM-DD");
    }
}

fn findings(file: &File, faults: &mut Faults) {
    faults.unique("findings", file.findings.iter().map(|finding| finding.id.as_str()));
    let answers = || file.topics.iter().flat_map(|topic| &topic.steps).flat_map(|step| &step.answers);
    for finding in &file.findings {
        let place = format!("finding {}", finding.id);
        faults.id(&place, &finding.id);
        if finding.code.trim().is_empty() || finding.display.trim().is_empty() {
            faults.add(&place, "needs a code and a display");
        }
        if !finding.system.contains(':') {
            faults.add(&place, "its code system is no URI");
        }
        let used = file.flags.iter().any(|flag| flag.finding == finding.id)
            || answers().any(|answer| answer.findings.contains(&finding.id));
        if !used {
            faults.add(&place, "is used by nothing");
        }
        if finding.red_flag.is_some_and(|least| least.urgency() < LEAST_RED) {
            faults.add(&place, "a red flag leads to emergency-999, a-and-e or mental-health-crisis");
        }
    }
}

/// The urgency below which no red flag may lead.
const LEAST_RED: u8 = 8;

/// The outcome of a target, when it is one and exists.
fn end<'a>(outcomes: &HashMap<&str, &'a Outcome>, target: &Target) -> Option<&'a Outcome> {
    match target {
        Target::Step(_) => None,
        Target::Outcome(id) => outcomes.get(id.as_str()).copied(),
    }
}

#[cfg(test)]
mod tests {
    use crate::triage::pathways::DEMONSTRATION;
    use crate::triage::{LoadError, Pathways};

    fn refusal(from: &str, to: &str) -> Vec<String> {
        let text = DEMONSTRATION.replacen(from, to, 1);
        assert_ne!(text, DEMONSTRATION, "{from:?} is not in the set");
        match Pathways::parse(&text) {
            Ok(_) => Vec::new(),
            Err(LoadError::Broken(faults)) => faults,
            Err(other) => vec![other.to_string()],
        }
    }

    #[test]
    fn the_demonstration_set_keeps_every_rule() {
        let set = Pathways::demonstration().unwrap();
        assert!(set.set().demonstration);
        assert!(set.topics().len() >= 10);
    }

    #[test]
    fn every_kind_of_fault_is_named_with_its_place() {
        let cases: &[(&str, &str, &str)] = &[
            ("reviewed = \"2026-11-20\"", "reviewed = \"soon\"", "set, reviewed: is no date"),
            ("unsure = \"call-111-now\"", "unsure = \"no-action\"", "set, unsure:"),
            ("then = \"outcome/gp-today\"", "then = \"outcome/gone\"", "which does not exist"),
            ("none = \"step/days\"", "none = \"step/signs\"", "goes round in a circle"),
            ("then = \"step/signs\"", "then = \"step/gone\"", "which does not exist"),
            ("ages = [\"under-3-months\"]", "ages = []", "topic fever: no start for under-3-months"),
            (
                "findings = [\"fit\"], then = \"outcome/call-999-serious\"",
                "findings = [\"fit\"], then = \"outcome/gp-today\"",
                "has a red flag and leads to gp-today, which is less urgent",
            ),
            (
                "findings = [\"stiff-neck\"], then = \"outcome/a-and-e\"",
                "findings = [\"stiff-neck\"], then = \"step/days\"",
                "topic fever, step signs, answer neck",
            ),
            ("outcome = \"call-999-chest\"", "outcome = \"pharmacy\"", "flag chest-pain: leads to pharmacy"),
            ("sign = \"stroke\"", "sign = \"breathing\"", "does not ask for stroke"),
            ("category = 2\n", "", "outcome call-999-chest: needs a category from 1 to 4"),
            ("soon = \"Today.\"", "soon = \" \"", "how soon: is empty"),
            ("group = \"home-care\"\n", "group = \"home-care\"\ncategory = 1\n", "only 999 has a category"),
            (
                "worse = [\"Call 111 if it gets worse, or a high temperature begins.\", ",
                "worse = [\"You may have flu.\", ",
                "never shows a diagnosis",
            ),
            ("unsure = \"outcome/pharmacy\"", "unsure = \"outcome/self-care-back\"", "not sure"),
            ("[[finding]]\nid = \"fit\"", "[[finding]]\nid = \"rash\"", "stands there twice"),
            ("id = \"fever\"\ntitle", "id = \"emergency\"\ntitle", "is an address of its own"),
            (
                "words = [\"chest pain\",",
                "words = [\"\", \"chest pain\",",
                "flag chest-pain: has words without a letter",
            ),
            (
                "words = [\"temperature\",",
                "words = [\"!\", \"temperature\",",
                "topic fever: has words without a letter",
            ),
            ("calls = [{ number = \"999\"", "calls = [{ number = \"112\"", "must offer a call to 999"),
        ];
        for (from, to, expected) in cases {
            let faults = refusal(from, to);
            assert!(faults.iter().any(|fault| fault.contains(expected)), "{from} -> {to}: {faults:#?}");
        }
    }

    #[test]
    fn what_cannot_be_read_says_where() {
        let faults = refusal("kind = \"any\"", "kind = \"some\"");
        assert!(faults[0].contains("some") && faults[0].contains("line"), "{faults:?}");
        let faults = refusal("then = \"step/signs\"", "then = \"signs\"");
        assert!(faults[0].contains("leads nowhere"), "{faults:?}");
        let faults = refusal("[set]", "[set]\ncolour = \"red\"");
        assert!(faults[0].contains("colour"), "{faults:?}");
        let huge = Pathways::parse(&" ".repeat(9 << 20));
        assert!(matches!(huge, Err(LoadError::TooLarge)));
    }
}
