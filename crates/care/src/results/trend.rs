//! One test over time, over all who measured it.

use super::{Point, Topic, Trend};
use crate::lookup::{all, unseen};
use crate::record::{Measurement, Reading, Whom, measurement};
use crate::view::{Unseen, When};
use crate::words::begins;
use fhir::json::Value;
use fhir::views::{Coding, Observation, Reference, Resource};
use jiff::Timestamp;
use store::{Actor, Error, Store};

/// Every value that was measured under the code of an observation of this person.
pub(super) async fn trend(store: &Store, actor: &Actor, patient: &str, id: &str) -> Result<Trend, Unseen> {
    let (patient, id) = (patient.to_owned(), id.to_owned());
    let now = store.environment().clock.now();
    let read = store.read(actor.clone(), move |snapshot| {
        let whom = Whom::read(snapshot, &patient)?;
        let own = [("patient", whom.ids.as_str()), ("_id", &id)];
        let one = all(snapshot, "Observation", &own)?.items.into_iter().next().ok_or(Error::NotFound)?;
        let Some((system, code)) = coded(&one) else { return Ok(None) };
        let wanted = format!("{}|{}", escaped(system), escaped(code));
        let words = [("patient", whom.ids.as_str()), ("code", &wanted), ("_sort", "-date")];
        let found = all(snapshot, "Observation", &words)?.items;
        Ok(line(&found, code, now))
    });
    match read.await {
        Ok(Some(trend)) => Ok(trend),
        Ok(None) => Err(Unseen::NotFound),
        Err(error) => Err(unseen(&error)),
    }
}

/// What was measured, by the coding that pages go by.
fn coded(observation: &Value) -> Option<(&str, &str)> {
    let coding = Observation(observation).code()?.codings().find(|coding| Coding::code(*coding).is_some())?;
    Some((coding.system()?, Coding::code(coding)?))
}

/// A value as a search takes it.
fn escaped(value: &str) -> String {
    value
        .chars()
        .flat_map(|c| matches!(c, '\\' | ',' | '|' | '$').then_some('\\').into_iter().chain([c]))
        .collect()
}

/// The values as one line of time; `None` where nothing was ever measured.
fn line(found: &[Value], code: &str, now: Timestamp) -> Option<Trend> {
    let values: Vec<(Measurement, Option<&str>)> = found
        .iter()
        .filter_map(|one| Some((measurement(one)?, one.performers().find_map(Reference::display))))
        .collect();
    let newest = &values.first()?.0;
    let (name, plain) = (newest.name.clone(), newest.plain.clone());
    let unit = values.iter().find_map(|(one, _)| unit_of(one)).map(str::to_owned);
    let point = |(one, by): (Measurement, Option<&str>)| Point {
        instant: one.at.map(|at: When| begins(&at)),
        number: one.number.filter(|_| unit_of(&one) == unit.as_deref()),
        at: one.at,
        stands: one.stands,
        range: one.range,
        ends: one.ends,
        value: one.value,
        by: by.map(str::to_owned),
    };
    let points = values.into_iter().map(point).collect();
    Some(Trend { read_at: now, name, plain, topic: Topic::of(code), unit, points })
}

fn unit_of(one: &Measurement) -> Option<&str> {
    match &one.value {
        Reading::Quantity { unit, .. } => Some(unit.as_deref().unwrap_or_default()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(day: &str, value: &str) -> Value {
        let text = format!(
            r#"{{"resourceType":"Observation","status":"final","code":{{"text":"Potassium"}},"effectiveDateTime":"{day}",{value}}}"#
        );
        fhir::json::parse(text.as_bytes(), &fhir::json::Limits::default()).unwrap()
    }

    #[test]
    fn only_values_of_one_unit_stand_in_the_chart_and_all_stand_in_the_table() {
        let found = [
            value("2026-03-01", r#""valueQuantity":{"value":4.4,"unit":"mmol/L"}"#),
            value("2026-02-01", r#""dataAbsentReason":{"text":"Haemolysed"}"#),
            value("2026-01-01", r#""valueQuantity":{"value":4100,"unit":"umol/L"}"#),
            value("2025-01-01", r#""valueQuantity":{"value":4.0,"unit":"mmol/L"}"#),
        ];
        let trend = line(&found, "2823-3", Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!((trend.points.len(), trend.unit.as_deref()), (4, Some("mmol/L")));
        assert_eq!(trend.topic, Some(Topic::Potassium));
        let charted: Vec<f64> = trend.charted().into_iter().map(|(_, number, _)| number).collect();
        assert_eq!(charted, [4.0, 4.4], "oldest first");
        assert_eq!(line(&[], "2823-3", Timestamp::UNIX_EPOCH), None);
    }
}
