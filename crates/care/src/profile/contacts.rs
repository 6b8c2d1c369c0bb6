//! The addresses and numbers of a person that are in force on a day (`Patient.telecom`, `Patient.address`). One reading for the page
//! that shows them, the choice of a channel, and the channel itself. Pure.

use fhir::json::Value;
use fhir::time::default_zone;
use jiff::{Timestamp, civil::Date};
use std::cmp::Ordering;

/// The day in London.
pub(super) fn today(now: Timestamp) -> Date {
    now.to_zoned(default_zone().clone()).date()
}

/// The person as they are on a day: identifiers, names, addresses and numbers that are not in force are left out, so that
/// whoever reads it next cannot take one for the present one. Somebody without a present name keeps those they had.
pub(crate) fn at_present(person: &Value, now: Timestamp) -> Value {
    let today = today(now).to_string();
    let mut person = person.clone();
    for member in ["identifier", "name", "address", "telecom"] {
        let all = person.items(member);
        let kept: Vec<Value> = all.iter().filter(|one| in_force(one, &today)).cloned().collect();
        if kept.len() == all.len() || (member == "name" && kept.is_empty()) {
            continue;
        }
        if let Some(members) = person.as_object_mut() {
            members.insert(member, Value::Array(kept));
        }
    }
    person
}

/// Whether an entry is in force: it is not marked as old, and its period has begun and has not ended before the day
/// (`2026-11-22`). An end that names a month or a year lasts until that is over.
pub(crate) fn in_force(entry: &Value, today: &str) -> bool {
    let word = |name: &str| entry.text_at(&[name]);
    let compared = |name: &str| {
        let limit = entry.text_at(&["period", name])?;
        let length = limit.len().min(today.len());
        Some(limit.get(..length).cmp(&today.get(..length)))
    };
    let ended = compared("end") == Some(Ordering::Less);
    let begun = compared("start") != Some(Ordering::Greater);
    word("use") != Some("old") && begun && !ended
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
    fn a_person_at_present_has_nothing_that_ended() {
        let read = |text: &str| fhir::json::parse(text.as_bytes(), &fhir::json::Limits::default()).unwrap();
        let ended = r#""period":{"end":"2020-12-31"}"#;
        let person = read(&format!(
            r#"{{"id":"p","identifier":[{{"value":"1",{ended}}},{{"value":"2"}}],"name":[{{"family":"Before",{ended}}}],
            "address":[{{"city":"Old",{ended}}}],"telecom":[{{"value":"3"}}]}}"#
        ));
        let now: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        let kept = read(r#"{"id":"p","identifier":[{"value":"2"}],"address":[],"telecom":[{"value":"3"}]}"#);
        let mut present = at_present(&person, now);
        assert_eq!(present.items("name"), person.items("name"), "they are still called something");
        present.as_object_mut().unwrap().remove("name");
        assert_eq!(present, kept);
    }

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
            (r#"{"system":"phone","value":"07700 900123","period":{"start":"2026-11-22T09:00:00Z"}}"#, true),
            (r#"{"system":"phone","value":"07700 900123","period":{"start":"2026-11"}}"#, true),
            (r#"{"system":"phone","value":"07700 900123","period":{"start":"2026-11-23"}}"#, false),
        ] {
            let text = format!(r#"{{"telecom":[{entry}]}}"#);
            let patient = fhir::json::parse(text.as_bytes(), &fhir::json::Limits::default()).unwrap();
            assert_eq!(mobile(&patient, "2026-11-22").is_some(), mobile_then, "{entry}");
        }
    }
}
