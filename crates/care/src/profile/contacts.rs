//! The addresses and numbers of a person that are in force on a day (`Patient.telecom`, `Patient.address`). One reading for the page
//! that shows them, the choice of a channel, and the channel itself. Pure.

use fhir::json::Value;
use fhir::time::default_zone;
use jiff::{Timestamp, civil::Date};

/// The day in London.
pub(super) fn today(now: Timestamp) -> Date {
    now.to_zoned(default_zone().clone()).date()
}

/// Whether an entry is in force: it is not marked as old, and its period has not ended before the day (`2026-11-22`). An end
/// that names a month or a year lasts until that is over.
pub(crate) fn in_force(entry: &Value, today: &str) -> bool {
    let word = |name: &str| entry.text_at(&[name]);
    let ended = entry.text_at(&["period", "end"]).is_some_and(|end| {
        let length = end.len().min(today.len());
        end.get(..length) < today.get(..length)
    });
    word("use") != Some("old") && !ended
}

/// The values of a kind of contact point that are in force.
pub(crate) fn telecoms<'a>(
    patient: &'a Value,
    system: &'a str,
    today: &'a str,
) -> impl Iterator<Item = &'a str> {
    let all = patient.items("telecom").iter();
    let all = all.filter(move |one| one.text_at(&["system"]) == Some(system) && in_force(one, today));
    all.filter_map(|one| one.text_at(&["value"]))
}

/// An email address in force.
pub(crate) fn email<'a>(patient: &'a Value, today: &'a str) -> Option<&'a str> {
    telecoms(patient, "email", today).find(|one| one.contains('@'))
}

/// The number of a mobile phone in force: one that is said to be for text messages or mobile, or begins as mobile numbers do.
pub(crate) fn mobile<'a>(patient: &'a Value, today: &'a str) -> Option<&'a str> {
    let mut all = patient.items("telecom").iter().filter(|one| in_force(one, today));
    all.find_map(|one| {
        let value = one.text_at(&["value"])?;
        let number: String = value.chars().filter(|c| !c.is_whitespace()).collect();
        let fits = match one.text_at(&["system"])? {
            "sms" => true,
            "phone" => {
                one.text_at(&["use"]) == Some("mobile")
                    || number.starts_with("07")
                    || number.starts_with("+447")
            }
            _ => false,
        };
        fits.then_some(value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_counts_to_its_last_day_and_one_rule_says_what_is_mobile() {
        for (entry, mobile_then) in [
            (r#"{"system":"phone","value":"07700 900123"}"#, true),
            (r#"{"system":"phone","value":"+44 7700 900123"}"#, true),
            (r#"{"system":"phone","value":"01632 960587"}"#, false),
            (r#"{"system":"phone","value":"01632 960587","use":"mobile"}"#, true),
            (r#"{"system":"sms","value":"01632 960587"}"#, true),
            (r#"{"system":"phone","use":"mobile"}"#, false),
            (r#"{"system":"phone","value":"07700 900123","use":"old"}"#, false),
            (r#"{"system":"phone","value":"07700 900123","period":{"end":"2026-11-21"}}"#, false),
            (r#"{"system":"phone","value":"07700 900123","period":{"end":"2026-11-22"}}"#, true),
            (r#"{"system":"phone","value":"07700 900123","period":{"end":"2026-11"}}"#, true),
            (r#"{"system":"phone","value":"07700 900123","period":{"end":"2026"}}"#, true),
            (r#"{"system":"phone","value":"07700 900123","period":{"end":"2025"}}"#, false),
        ] {
            let text = format!(r#"{{"telecom":[{entry}]}}"#);
            let patient = fhir::json::parse(text.as_bytes(), &fhir::json::Limits::default()).unwrap();
            assert_eq!(mobile(&patient, "2026-11-22").is_some(), mobile_then, "{entry}");
        }
    }
}
