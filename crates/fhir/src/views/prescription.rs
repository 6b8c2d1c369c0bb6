//! What a MedicationRequest says as a prescription: the repeat it stands on, how often it may be issued, which pharmacy
//! it goes to and how far it is (<https://hl7.org/fhir/R4/medicationrequest.html>, UK Core, EPS).

use super::datatypes::{CodeableConcept, Identifier, Reference};
use super::read::{concept, reference, references, text};
use super::{MedicationEntry, Quantity, Resource};
use crate::json::Value;
use crate::systems::prescription::{REPEAT_INFORMATION, STATUS_HISTORY};
use crate::systems::{ODS, PRESCRIPTION_ORDER_ITEM_NUMBER, PRESCRIPTION_ORDER_NUMBER};

/// A status and since when, as an extension of status history says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatusSince<'a> {
    /// The system of the status.
    pub system: Option<&'a str>,
    /// The status.
    pub code: &'a str,
    /// Since when.
    pub since: Option<&'a str>,
}

impl<'a> MedicationEntry<'a> {
    /// The request or plan that this one stands on.
    pub fn based_on(self) -> impl Iterator<Item = Reference<'a>> {
        references(self.0, "basedOn")
    }

    /// Why it has its status.
    #[must_use]
    pub fn status_reason(self) -> Option<CodeableConcept<'a>> {
        concept(self.0, "statusReason")
    }

    /// Acute, continuous, repeat dispensing.
    #[must_use]
    pub fn course_of_therapy(self) -> Option<CodeableConcept<'a>> {
        concept(self.0, "courseOfTherapyType")
    }

    /// What requests written together share.
    #[must_use]
    pub fn group_identifier(self) -> Option<Identifier<'a>> {
        self.0.get("groupIdentifier").map(Identifier)
    }

    /// Notes.
    pub fn notes(self) -> impl Iterator<Item = &'a str> {
        self.0.items("note").iter().filter_map(|note| text(note, "text"))
    }

    /// The day from which a prescriber must see the patient before the repeat is issued again (UK Core).
    #[must_use]
    pub fn review_on(self) -> Option<&'a str> {
        text(part(self.extension(REPEAT_INFORMATION)?, "authorisationExpiryDate")?, "valueDateTime")
    }

    /// How often the repeat was issued, the first time left out (UK Core).
    #[must_use]
    pub fn times_issued(self) -> Option<i64> {
        let part = part(self.extension(REPEAT_INFORMATION)?, "numberOfPrescriptionsIssued")?;
        part.get("valueUnsignedInt")?.as_number()?.as_i64()
    }

    /// How often it may be issued again, the first time left out.
    #[must_use]
    pub fn repeats_allowed(self) -> Option<i64> {
        self.0.at(&["dispenseRequest", "numberOfRepeatsAllowed"])?.as_number()?.as_i64()
    }

    /// Days from one issue to the next, else the days that one issue lasts; `None` when said in other units.
    #[must_use]
    pub fn interval_days(self) -> Option<i64> {
        let days = |member: &str| {
            let duration = self.0.at(&["dispenseRequest", member])?;
            let of_unit = |code| match code {
                "d" => Some(1),
                "wk" => Some(7),
                _ => None,
            };
            let days = text(duration, "code").and_then(of_unit)?;
            duration.get("value")?.as_number()?.as_i64()?.checked_mul(days)
        };
        days("dispenseInterval").or_else(|| days("expectedSupplyDuration"))
    }

    /// How much is handed out at a time.
    #[must_use]
    pub fn quantity(self) -> Option<Quantity<'a>> {
        self.0.at(&["dispenseRequest", "quantity"]).map(Quantity)
    }

    /// The pharmacy it goes to.
    #[must_use]
    pub fn dispenser(self) -> Option<Reference<'a>> {
        reference(self.0.get("dispenseRequest")?, "performer")
    }

    /// The ODS code of the pharmacy it goes to.
    #[must_use]
    pub fn dispenser_ods(self) -> Option<&'a str> {
        self.dispenser()?.identifier().filter(|one| one.is_of(ODS))?.identifier()
    }

    /// The short-form id of the prescription that the item stands on.
    #[must_use]
    pub fn order_number(self) -> Option<&'a str> {
        self.group_identifier().filter(|one| one.is_of(PRESCRIPTION_ORDER_NUMBER))?.identifier()
    }

    /// The id of the item in its prescription.
    #[must_use]
    pub fn item_number(self) -> Option<&'a str> {
        let of_item = |one: &Identifier<'a>| one.is_of(PRESCRIPTION_ORDER_ITEM_NUMBER);
        self.identifiers().find(of_item)?.identifier()
    }

    /// The statuses that its history names.
    pub fn status_history(self) -> impl Iterator<Item = StatusSince<'a>> {
        let histories =
            self.0.items("extension").iter().filter(|one| text(one, "url") == Some(STATUS_HISTORY));
        histories.filter_map(|history| {
            let coding = part(history, "status")?.get("valueCoding")?;
            let since = part(history, "statusDate").and_then(|part| text(part, "valueDateTime"));
            Some(StatusSince { system: text(coding, "system"), code: text(coding, "code")?, since })
        })
    }
}

/// The inner extension of that name.
fn part<'a>(extension: &'a Value, name: &str) -> Option<&'a Value> {
    extension.items("extension").iter().find(|part| text(part, "url") == Some(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Limits, parse};

    #[test]
    fn reads_a_repeat_and_its_issue() {
        let text = r#"{"resourceType":"MedicationRequest","extension":[
            {"url":"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-MedicationRepeatInformation","extension":[
                {"url":"numberOfPrescriptionsIssued","valueUnsignedInt":3},
                {"url":"authorisationExpiryDate","valueDateTime":"2026-12-24"}]},
            {"url":"https://fhir.nhs.uk/StructureDefinition/Extension-DM-PrescriptionStatusHistory","extension":[
                {"url":"status","valueCoding":{"system":"urn:s","code":"With Pharmacy"}},
                {"url":"statusDate","valueDateTime":"2026-11-20T10:00:00Z"}]}],
            "identifier":[{"system":"https://fhir.nhs.uk/Id/prescription-order-item-number","value":"i"}],
            "groupIdentifier":{"system":"https://fhir.nhs.uk/Id/prescription-order-number","value":"24F5DA-A83008-7EFE6Z"},
            "dispenseRequest":{"numberOfRepeatsAllowed":6,"expectedSupplyDuration":{"value":4,"code":"wk"},
                "performer":{"identifier":{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"FCG71"}}}}"#;
        let value = parse(text.as_bytes(), &Limits::default()).unwrap();
        let request = MedicationEntry(&value);
        assert_eq!((request.times_issued(), request.repeats_allowed()), (Some(3), Some(6)));
        assert_eq!((request.review_on(), request.interval_days()), (Some("2026-12-24"), Some(28)));
        assert_eq!(
            (request.item_number(), request.order_number()),
            (Some("i"), Some("24F5DA-A83008-7EFE6Z"))
        );
        assert_eq!(request.dispenser_ods(), Some("FCG71"));
        let history: Vec<_> = request.status_history().map(|one| (one.code, one.since)).collect();
        assert_eq!(history, [("With Pharmacy", Some("2026-11-20T10:00:00Z"))]);
    }
}
