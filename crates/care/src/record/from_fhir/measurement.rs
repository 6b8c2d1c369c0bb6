//! Observation → measurement (<https://hl7.org/fhir/R4/observation.html>). Every digit of a value is kept.

use super::plain;
use super::stands::{ends, stands};
use crate::record::{Flag, Measurement, Reading};
use crate::words::{coded, concept, when};
use catalogue::{fill, say};
use fhir::json::Value;
use fhir::views::{CodeableConcept, Observation, ObservedValue, Quantity, Range, Resource};

/// An Observation as a line of the record; `None` when entered in error or cancelled.
pub fn measurement(observation: &Value) -> Option<Measurement> {
    let view = Observation(observation);
    if matches!(view.status(), Some("entered-in-error" | "cancelled")) {
        return None;
    }
    let name = view.code().and_then(concept).unwrap_or_else(|| say("record-unnamed").to_owned());
    let flag = view.interpretations().find_map(flag);
    Some(Measurement {
        id: observation.id().unwrap_or_default().to_owned(),
        plain: plain(&name).map(str::to_owned),
        name,
        value: reading(view),
        range: view.reference_ranges().find_map(range),
        flag,
        stands: stands(view, flag),
        number: super::stands::number(view),
        ends: ends(view),
        at: view.effective().and_then(|at| at.start()).or(view.issued()).and_then(when),
        code: view.code().and_then(coded),
    })
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
        Reading::Missing(_) => say("record-no-value").to_owned(),
    }
}

fn reading(observation: Observation<'_>) -> Reading {
    if let Some(value) = observation.observed().and_then(value) {
        return value;
    }
    let parts: Vec<(String, String)> = observation
        .components()
        .filter_map(|part| Some((concept(part.code()?)?, reading_words(&value(part.observed()?)?))))
        .collect();
    if parts.is_empty() {
        return Reading::Missing(observation.data_absent_reason().and_then(concept));
    }
    Reading::Parts(parts)
}

fn value(observed: ObservedValue<'_>) -> Option<Reading> {
    let words = match observed {
        ObservedValue::Quantity(quantity) => {
            let (value, unit) = quantity_words(quantity)?;
            return Some(Reading::Quantity { value, unit });
        }
        ObservedValue::Integer(number) => {
            return Some(Reading::Quantity { value: number.as_str().to_owned(), unit: None });
        }
        ObservedValue::Concept(words) => concept(words)?,
        ObservedValue::Range(range) => range_words(range)?,
        ObservedValue::Ratio(ratio) => {
            let (over, under) = (quantity_words(ratio.numerator()?)?, quantity_words(ratio.denominator()?)?);
            format!("{}:{}", over.0, under.0)
        }
        ObservedValue::Boolean(truth) => say(if truth { "record-yes" } else { "record-no" }).to_owned(),
        ObservedValue::Text(text) => text.to_owned(),
        ObservedValue::Other(..) => return None,
    };
    Some(Reading::Words(words))
}

fn quantity_words(quantity: Quantity<'_>) -> Option<(String, Option<String>)> {
    let digits = quantity.number()?.as_str();
    let comparator = quantity.comparator().unwrap_or_default();
    Some((format!("{comparator}{digits}"), quantity.unit().and_then(unit_words)))
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

fn range(reference: Range<'_>) -> Option<String> {
    reference.text().map(str::to_owned).or_else(|| range_words(reference))
}

fn range_words(range: Range<'_>) -> Option<String> {
    let unit = |unit: Option<String>| unit.map(|unit| format!(" {unit}")).unwrap_or_default();
    match (range.low().and_then(quantity_words), range.high().and_then(quantity_words)) {
        (Some((low, _)), Some((high, of))) => {
            Some(fill("record-range", &[("low", low.into()), ("high", format!("{high}{}", unit(of)).into())]))
        }
        (Some((low, of)), None) => {
            Some(fill("record-range-from", &[("low", format!("{low}{}", unit(of)).into())]))
        }
        (None, Some((high, of))) => {
            Some(fill("record-range-to", &[("high", format!("{high}{}", unit(of)).into())]))
        }
        (None, None) => None,
    }
}

/// The source's flag by v3-ObservationInterpretation and HL7 table 0078.
fn flag(interpretation: CodeableConcept<'_>) -> Option<Flag> {
    interpretation.codings().filter_map(|coding| coding.code()).find_map(|code| match code {
        "HH" | "LL" | "AA" | "HU" | "LU" | ">" | "<" => Some(Flag::Critical),
        "H" => Some(Flag::High),
        "L" => Some(Flag::Low),
        "A" | "ABN" | "POS" => Some(Flag::Abnormal),
        _ => None,
    })
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
