//! Where a result, visit or document comes from: the organisation's name, what sort of care it gives, how to reach it.

use super::{Setting, Source};
use fhir::json::Value;
use fhir::views::{CodeableConcept, Coding, DiagnosticReport, Encounter, Patient, Reference, Resource};
use std::collections::HashMap;
use store::Snapshot;

/// Organisations that were read, by id. One is read once for a page.
pub(crate) struct Sources {
    known: HashMap<String, Source>,
    /// Ids of the person's own surgery.
    surgery: Vec<String>,
}

impl Sources {
    /// Nothing read yet, for this person.
    pub fn new(person: &Value) -> Self {
        let own = Patient(person).general_practitioners().filter_map(|one| one.id_of("Organization"));
        Self { known: HashMap::new(), surgery: own.map(str::to_owned).collect() }
    }

    /// Where a report comes from: the organisation that made it, else the one in whose care the person was.
    pub fn of_report(&mut self, snapshot: &mut Snapshot, report: &Value, stay: Option<&Value>) -> Source {
        let maker = DiagnosticReport(report).performers().find(|one| one.id_of("Organization").is_some());
        let place = || stay.and_then(|stay| Encounter(stay).service_provider());
        match maker.or_else(place) {
            Some(organisation) => self.of(snapshot, organisation),
            None => {
                let name = DiagnosticReport(report).performers().find_map(Reference::display);
                Source { name: name.map(str::to_owned), ..Source::default() }
            }
        }
    }

    /// The organisation behind a reference.
    pub fn of(&mut self, snapshot: &mut Snapshot, organisation: Reference<'_>) -> Source {
        let shown = organisation.display().map(str::to_owned);
        let Some(id) = organisation.id_of("Organization") else {
            return Source { name: shown, ..Source::default() };
        };
        if let Some(known) = self.known.get(id) {
            return known.clone();
        }
        let read =
            snapshot.read("Organization", id).and_then(store::Found::present).and_then(|one| one.value());
        let mut source = read.map(|one| described(&one)).unwrap_or_default();
        source.name = source.name.or(shown);
        if self.surgery.iter().any(|own| own == id) {
            source.setting = Some(Setting::Surgery);
        }
        self.known.insert(id.to_owned(), source.clone());
        source
    }
}

fn described(organisation: &Value) -> Source {
    let kinds = || organisation.items("type").iter().map(CodeableConcept);
    let phone = organisation.items("telecom").iter().find(|one| one.text_at(&["system"]) == Some("phone"));
    Source {
        name: organisation.name_text().map(str::to_owned),
        setting: kinds().find_map(setting),
        phone: phone.and_then(|one| one.text_at(&["value"])).map(str::to_owned),
    }
}

/// By the roles that ODS gives organisations, else by the words.
fn setting(kind: CodeableConcept<'_>) -> Option<Setting> {
    let role = kind.codings().filter_map(Coding::code).find_map(|code| match code {
        "RO76" | "RO177" => Some(Setting::Surgery),
        _ => None,
    });
    let words = || {
        let words = kind.text()?.to_lowercase();
        if words.contains("mental health") {
            Some(Setting::MentalHealth)
        } else if words.contains("hospital") || words.contains("acute") {
            Some(Setting::Hospital)
        } else if words.contains("gp ") || words.contains("general practice") {
            Some(Setting::Surgery)
        } else {
            None
        }
    };
    role.or_else(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_told_by_role_and_by_words() {
        for (kind, expected) in [
            (r#"{"coding":[{"code":"RO177"}]}"#, Some(Setting::Surgery)),
            (r#"{"coding":[{"code":"prov"}],"text":"GP surgery"}"#, Some(Setting::Surgery)),
            (r#"{"text":"Acute hospital trust"}"#, Some(Setting::Hospital)),
            (r#"{"text":"Mental health trust"}"#, Some(Setting::MentalHealth)),
            (r#"{"text":"Care home"}"#, None),
            (r#"{"coding":[{"code":"prov"}]}"#, None),
        ] {
            let kind = fhir::json::parse(kind.as_bytes(), &fhir::json::Limits::default()).unwrap();
            assert_eq!(setting(CodeableConcept(&kind)), expected);
        }
    }
}
