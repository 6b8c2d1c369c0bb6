//! Who said where a person is, and what is planned for them: the parts of an Encounter that `patient_flow` writes beside
//! the standard elements. Pure.

use crate::places::SOURCE;
use crate::view::Told;
use crate::words::instant;
use fhir::json::Value;
use fhir::time::default_zone;
use fhir::views::{CodeableConcept, Encounter, EncounterLocation, Identifier, Period, Reference, Resource};
use jiff::civil::Date;

/// The last part of the URL of the extension that names the message behind a place.
const SOURCE_MESSAGE: &str = "/source-message";
/// The last part of the URL of the extension that holds the expected end of the stay.
const EXPECTED_DISCHARGE: &str = "/expected-discharge";

/// Who said that the person is at this entry's place; `None` when the entry has no time at all.
pub fn told(stay: Encounter<'_>, entry: EncounterLocation<'_>) -> Option<Told> {
    let recorded_at = stay.last_updated().and_then(instant)?;
    let message = entry.extension(SOURCE_MESSAGE).and_then(|one| one.get("valueIdentifier")).map(Identifier);
    let said = message.and_then(Identifier::type_).and_then(CodeableConcept::text);
    let number = message.and_then(Identifier::identifier);
    let message = match (said, number) {
        (Some(said), _) => said.to_owned(),
        (None, Some(number)) => format!("message {number}"),
        (None, None) => String::from("FHIR"),
    };
    Some(Told {
        source: String::from(SOURCE),
        message,
        occurred_at: entry.period().and_then(Period::start).and_then(instant).unwrap_or(recorded_at),
        recorded_at,
    })
}

/// The day the person is expected to leave, as told.
pub fn expected_out(stay: Encounter<'_>) -> Option<Date> {
    let at = stay.extension(EXPECTED_DISCHARGE)?.get("valueDateTime").and_then(Value::as_str)?;
    instant(at).map(|at| at.to_zoned(default_zone().clone()).date())
}

/// A planned move in words.
pub fn pending(stay: Encounter<'_>) -> Option<String> {
    let planned = stay.locations().find(|entry| entry.status() == Some("planned"))?;
    let place = planned.location().and_then(Reference::display)?;
    Some(format!("Move to {place} planned"))
}
