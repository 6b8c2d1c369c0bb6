//! Who said where a person is, and what is planned for them: the parts of an Encounter that `patient_flow` writes beside
//! the standard elements. Pure.

use crate::places::SOURCE;
use crate::view::Told;
use crate::words::instant;
use fhir::json::Value;
use fhir::time::default_zone;
use jiff::civil::Date;

/// The last part of the URL of the extension that names the message behind a place.
const SOURCE_MESSAGE: &str = "/source-message";
/// The last part of the URL of the extension that holds the expected end of the stay.
const EXPECTED_DISCHARGE: &str = "/expected-discharge";

/// Who said that the person is at this entry's place; `None` when the entry has no time at all.
pub fn told(stay: &Value, entry: &Value) -> Option<Told> {
    let recorded_at = stay.text_at(&["meta", "lastUpdated"]).and_then(instant)?;
    let message = extension(entry, SOURCE_MESSAGE).and_then(|one| one.get("valueIdentifier"));
    let said = message.and_then(|one| one.text_at(&["type", "text"]));
    let number = message.and_then(|one| one.text_at(&["value"]));
    let message = match (said, number) {
        (Some(said), _) => said.to_owned(),
        (None, Some(number)) => format!("message {number}"),
        (None, None) => String::from("FHIR"),
    };
    Some(Told {
        source: String::from(SOURCE),
        message,
        occurred_at: entry.text_at(&["period", "start"]).and_then(instant).unwrap_or(recorded_at),
        recorded_at,
    })
}

/// The day the person is expected to leave, as told.
pub fn expected_out(stay: &Value) -> Option<Date> {
    let at = extension(stay, EXPECTED_DISCHARGE)?.text_at(&["valueDateTime"])?;
    instant(at).map(|at| at.to_zoned(default_zone().clone()).date())
}

/// A planned move in words.
pub fn pending(stay: &Value) -> Option<String> {
    let planned =
        stay.items("location").iter().find(|entry| entry.text_at(&["status"]) == Some("planned"))?;
    let place = planned.text_at(&["location", "display"])?;
    Some(format!("Move to {place} planned"))
}

fn extension<'a>(holder: &'a Value, url: &str) -> Option<&'a Value> {
    holder
        .items("extension")
        .iter()
        .find(|one| one.text_at(&["url"]).is_some_and(|known| known.ends_with(url)))
}
