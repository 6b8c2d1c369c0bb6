//! Where a value stands to what is usual: by the source's own flag, and only where there is none by the range that came
//! with the value. Never by a range of our own, and never across units. Pure.

use crate::record::{Flag, Stands};
use fhir::json::Number;
use fhir::views::{Observation, ObservedValue, Quantity};

/// Where the value stands.
pub fn stands(observation: Observation<'_>, flag: Option<Flag>) -> Stands {
    let valued = observation.observed().is_some() || observation.components().next().is_some();
    match flag {
        _ if !valued => Stands::Missing,
        Some(Flag::Critical) => Stands::FarOut,
        Some(Flag::High) => Stands::Above,
        Some(Flag::Low) => Stands::Below,
        Some(Flag::Abnormal) => Stands::Outside,
        None if observation.interpretations().any(|one| one.has_code("N")) => Stands::Within,
        None => match (number(observation), ends(observation)) {
            (None, _) | (_, (None, None)) => Stands::Unsaid,
            (Some(number), (_, Some(high))) if number > high => Stands::Above,
            (Some(number), (Some(low), _)) if number < low => Stands::Below,
            _ => Stands::Within,
        },
    }
}

/// The value as a number; `None` where it is none, or only bounded.
pub fn number(observation: Observation<'_>) -> Option<f64> {
    let observed = observation.observed()?;
    if let ObservedValue::Quantity(quantity) = observed
        && quantity.comparator().is_some()
    {
        return None;
    }
    read(observed.number()?)
}

/// The ends of the first range in the value's own unit.
pub fn ends(observation: Observation<'_>) -> (Option<f64>, Option<f64>) {
    let unit = match observation.observed() {
        Some(ObservedValue::Quantity(quantity)) => quantity.unit(),
        _ => None,
    };
    let end = |quantity: Option<Quantity<'_>>| {
        let quantity = quantity.filter(|one| one.unit().is_none() || one.unit() == unit)?;
        read(quantity.number()?)
    };
    let range = observation.reference_ranges().next();
    range.map_or((None, None), |range| (end(range.low()), end(range.high())))
}

fn read(number: &Number) -> Option<f64> {
    number.as_str().parse().ok().filter(|number: &f64| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::super::{measurement, read};
    use super::*;

    #[test]
    fn the_sources_flag_counts_and_else_the_range_that_came_with_the_value() {
        let range = r#""referenceRange":[{"low":{"value":3.5,"unit":"mmol/L"},"high":{"value":5.3,"unit":"mmol/L"}}]"#;
        let flagged =
            |code: &str| format!(r#","interpretation":[{{"coding":[{{"code":"{code}"}}]}}],{range}"#);
        let value = |value: &str| format!(r#""valueQuantity":{{"value":{value},"unit":"mmol/L"}}"#);
        let cases = [
            (value("4.1") + "," + range, Stands::Within),
            (value("3.5") + "," + range, Stands::Within),
            (value("5.4") + "," + range, Stands::Above),
            (value("3.4") + "," + range, Stands::Below),
            (value("4.1") + &flagged("H"), Stands::Above),
            (value("4.1") + &flagged("LL"), Stands::FarOut),
            (value("9.9") + &flagged("N"), Stands::Within),
            (value("4.1"), Stands::Unsaid),
            (
                format!(r#""valueQuantity":{{"value":4.1,"unit":"mmol/L","comparator":"<"}},{range}"#),
                Stands::Unsaid,
            ),
            (format!(r#""valueQuantity":{{"value":4100,"unit":"umol/L"}},{range}"#), Stands::Unsaid),
            (range.to_owned(), Stands::Missing),
        ];
        for (members, expected) in cases {
            let line = measurement(&read(&format!(r#"{{"status":"final",{members}}}"#))).unwrap();
            assert_eq!(line.stands, expected, "{members}");
        }
    }
}
