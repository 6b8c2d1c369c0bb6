//! Observation → measurement (<https://hl7.org/fhir/R4/observation.html>). Every digit of a value is kept.

use super::plain;
use crate::record::{Flag, Measurement, Reading};
use crate::view::When;
use crate::words::{coded, concept, when, when_of};
use fhir::json::Value;

/// An Observation as a line of the record; `None` when entered in error or cancelled.
pub fn measurement(observation: &Value) -> Option<Measurement> {
    if matches!(observation.text_at(&["status"]), Some("entered-in-error" | "cancelled")) {
        return None;
    }
    let name = observation.get("code").and_then(concept).unwrap_or_else(|| String::from("Not named"));
    Some(Measurement {
        plain: plain(&name).map(str::to_owned),
        name,
        value: reading(observation),
        range: observation.items("referenceRange").iter().find_map(range),
        flag: observation.items("interpretation").iter().find_map(flag),
        at: measurement_time(observation),
        code: observation.get("code").and_then(coded),
    })
}

/// When it was observed.
fn measurement_time(observation: &Value) -> Option<When> {
    when_of(
        observation,
        &[&["effectiveDateTime"], &["effectiveInstant"], &["effectivePeriod", "start"], &["issued"]],
    )
}

/// A value in one line of words.
fn reading_words(reading: &Reading) -> String {
    match reading {
        Reading::Quantity { value, unit: Some(unit) } => format!("{value} {unit}"),
        Reading::Quantity { value, unit: None } => value.clone(),
        Reading::Words(words) => words.clone(),
        Reading::Parts(parts) => {
            parts.iter().map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(", ")
        }
        Reading::Missing(_) => String::from("no value"),
    }
}

fn reading(observation: &Value) -> Reading {
    if let Some(value) = value_of(observation) {
        return value;
    }
    let parts: Vec<(String, String)> = observation
        .items("component")
        .iter()
        .filter_map(|part| Some((concept(part.get("code")?)?, reading_words(&value_of(part)?))))
        .collect();
    if parts.is_empty() {
        return Reading::Missing(observation.get("dataAbsentReason").and_then(concept));
    }
    Reading::Parts(parts)
}

fn value_of(holder: &Value) -> Option<Reading> {
    if let Some(quantity) = holder.get("valueQuantity") {
        let (value, unit) = quantity_words(quantity)?;
        return Some(Reading::Quantity { value, unit });
    }
    if let Some(words) = holder.get("valueCodeableConcept").and_then(concept) {
        return Some(Reading::Words(words));
    }
    if let Some(range) = holder.get("valueRange") {
        return range_words(range).map(Reading::Words);
    }
    if let Some(ratio) = holder.get("valueRatio") {
        let (over, under) =
            (quantity_words(ratio.get("numerator")?)?, quantity_words(ratio.get("denominator")?)?);
        return Some(Reading::Words(format!("{}:{}", over.0, under.0)));
    }
    if let Some(truth) = holder.get("valueBoolean").and_then(Value::as_bool) {
        return Some(Reading::Words(String::from(if truth { "Yes" } else { "No" })));
    }
    if let Some(number) = holder.get("valueInteger").and_then(Value::as_number) {
        return Some(Reading::Quantity { value: number.as_str().to_owned(), unit: None });
    }
    let texts = ["valueString", "valueDateTime", "valueTime"];
    texts.iter().find_map(|member| holder.text_at(&[member])).map(|text| Reading::Words(text.to_owned()))
}

fn quantity_words(quantity: &Value) -> Option<(String, Option<String>)> {
    let digits = quantity.get("value").and_then(Value::as_number)?.as_str();
    let comparator = quantity.text_at(&["comparator"]).unwrap_or_default();
    let unit = quantity.text_at(&["unit"]).or_else(|| quantity.text_at(&["code"]));
    Some((format!("{comparator}{digits}"), unit.and_then(unit_words)))
}

/// A unit as people write it. UCUM codes that are no words are worded; its annotations in braces say nothing; any other
/// unit stays as recorded.
fn unit_words(unit: &str) -> Option<String> {
    let words = match unit {
        "Cel" => "°C",
        "mm[Hg]" => "mmHg",
        "10*9/L" | "10^9/L" => "×10⁹/L",
        "10*12/L" | "10^12/L" => "×10¹²/L",
        "ug/L" => "µg/L",
        "1" => return None,
        annotation if annotation.starts_with('{') && annotation.ends_with('}') => return None,
        other => other,
    };
    Some(words.to_owned())
}

fn range(reference: &Value) -> Option<String> {
    reference.text_at(&["text"]).map(str::to_owned).or_else(|| range_words(reference))
}

fn range_words(range: &Value) -> Option<String> {
    let digits = |member: &str| range.get(member).and_then(quantity_words);
    let unit = |unit: Option<String>| unit.map(|unit| format!(" {unit}")).unwrap_or_default();
    match (digits("low"), digits("high")) {
        (Some((low, _)), Some((high, of))) => Some(format!("{low} to {high}{}", unit(of))),
        (Some((low, of)), None) => Some(format!("{low}{} or more", unit(of))),
        (None, Some((high, of))) => Some(format!("{high}{} or less", unit(of))),
        (None, None) => None,
    }
}

/// The source's flag by v3-ObservationInterpretation and HL7 table 0078.
fn flag(interpretation: &Value) -> Option<Flag> {
    interpretation.items("coding").iter().filter_map(|coding| coding.text_at(&["code"])).find_map(|code| {
        match code {
            "HH" | "LL" | "AA" | "HU" | "LU" | ">" | "<" => Some(Flag::Critical),
            "H" => Some(Flag::High),
            "L" => Some(Flag::Low),
            "A" | "ABN" | "POS" => Some(Flag::Abnormal),
            _ => None,
        }
    })
}

/// A dateTime member in the words of a view; kept here for reports, which order by it.
pub(super) fn member_time(resource: &Value, member: &str) -> Option<When> {
    resource.text_at(&[member]).and_then(when)
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    #[test]
    fn every_digit_is_kept() {
        let line = measurement(&read(
            r#"{"status":"final","code":{"text":"Potassium"},"valueQuantity":{"value":4.10,"unit":"mmol/L","comparator":"<"},
                "referenceRange":[{"low":{"value":3.5,"unit":"mmol/L"},"high":{"value":5.30,"unit":"mmol/L"}}],
                "interpretation":[{"coding":[{"code":"LL"}]}]}"#,
        ))
        .unwrap();
        assert_eq!(line.value, Reading::Quantity { value: "<4.10".into(), unit: Some("mmol/L".into()) });
        assert_eq!(line.range.as_deref(), Some("3.5 to 5.30 mmol/L"));
        assert_eq!(line.flag, Some(Flag::Critical));
    }

    #[test]
    fn codes_of_units_are_worded_and_words_are_kept() {
        let cases =
            [("Cel", Some("°C")), ("mm[Hg]", Some("mmHg")), ("{score}", None), ("mmol/L", Some("mmol/L"))];
        for (code, words) in cases {
            assert_eq!(unit_words(code).as_deref(), words, "{code}");
        }
    }

    #[test]
    fn two_pressures_are_parts() {
        let line = measurement(&read(
            r#"{"status":"final","code":{"text":"Blood pressure"},"component":[
                {"code":{"text":"Systolic"},"valueQuantity":{"value":120,"unit":"mmHg"}},
                {"code":{"text":"Diastolic"},"valueQuantity":{"value":80,"unit":"mmHg"}}]}"#,
        ))
        .unwrap();
        assert_eq!(reading_words(&line.value), "Systolic 120 mmHg, Diastolic 80 mmHg");
    }

    #[test]
    fn a_missing_value_says_why() {
        let line =
            measurement(&read(r#"{"status":"final","dataAbsentReason":{"text":"Sample haemolysed"}}"#))
                .unwrap();
        assert_eq!(line.value, Reading::Missing(Some("Sample haemolysed".into())));
        assert_eq!(measurement(&read(r#"{"status":"entered-in-error"}"#)), None);
    }
}
