//! Publishes how long people waited, by organisation and specialty: a MeasureReport for each waiting list, made from the
//! places on it that came to an end within a year. Figures of few people are not published, and a list that shrank below
//! that loses its figures.

use super::from_fhir::{day, list};
use super::view::Waits;
use super::waits::{Summary, summary};
use crate::lookup::{page, unseen};
use crate::view::Unseen;
use crate::words::instant;
use fhir::json::{Number, Value};
use fhir::views::build::{codeable_concept, coding, object, one, period, quantity, reference};
use jiff::{Span, Timestamp};
use std::collections::BTreeMap;
use store::{Actor, Error, Found, IfMatch, Prepared, Snapshot, Store};

const MEASURE: &str = "https://bevan.example/Measure/waiting-times";
const GROUP: &str = "https://bevan.example/CodeSystem/waiting-time";
/// Places on lists that ended within these days count.
const DAYS: i32 = 365;
/// Places read at once, and at most so many pages.
const PAGE: &str = "1000";
const PAGES_MAX: usize = 2_000;

/// What was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Measured {
    /// Places that counted.
    pub places: usize,
    /// Lists with figures.
    pub lists: usize,
    /// Lists with too few people.
    pub too_few: usize,
}

type Lists = BTreeMap<(String, String), Vec<u32>>;

/// Computes and publishes the waits of every list. Figures that did not change make no new version.
///
/// # Errors
/// When the record cannot be read or written.
pub async fn measure(store: &Store) -> Result<Measured, Unseen> {
    let now = store.environment().clock.now();
    let worker = Actor::system("waits");
    let lists = store.read(worker.clone(), move |snapshot| lists(snapshot, now)).await;
    let lists = lists.map_err(|error| unseen(&error))?;
    let mut measured = Measured::default();
    let mut reports = Vec::new();
    let mut withdrawn = Vec::new();
    for ((organisation, specialty), days) in lists {
        measured.places += days.len();
        let id = id(&organisation, &specialty);
        match summary(days) {
            Some(waits) => {
                measured.lists += 1;
                let report = report(&id, (&organisation, &specialty), &waits, now);
                reports.push(Prepared::new(report).map_err(|_| Unseen::Failed)?);
            }
            None => {
                measured.too_few += 1;
                withdrawn.push(id);
            }
        }
    }
    let written = store.write(worker, move |transaction| {
        for report in &reports {
            transaction.update(report, IfMatch::Any)?;
        }
        for id in &withdrawn {
            if matches!(transaction.read("MeasureReport", id)?, Found::Present(_)) {
                transaction.delete("MeasureReport", id, IfMatch::Any)?;
            }
        }
        Ok(())
    });
    written.await.map_err(|error| unseen(&error))?;
    Ok(measured)
}

/// Days that people waited, by list.
fn lists(snapshot: &mut Snapshot, now: Timestamp) -> Result<Lists, Error> {
    let since = now.checked_sub(Span::new().hours(24 * DAYS)).unwrap_or(now);
    let category = format!("{}|waiting-list", fhir::systems::CARE_PLAN_CATEGORY);
    let mut lists = Lists::new();
    let mut cursor: Option<String> = None;
    for _ in 0..PAGES_MAX {
        let mut words = vec![("category", category.as_str()), ("status", "completed"), ("_count", PAGE)];
        words.extend(cursor.as_deref().map(|cursor| ("_page", cursor)));
        let found = page(snapshot, "CarePlan", &words)?;
        for plan in &found.items {
            // A list on which nobody's wait ended lately has no days, and so loses its figures.
            if let Some(key) = list(plan) {
                lists.entry(key).or_default().extend(waited(plan, since));
            }
        }
        cursor = found.next;
        if cursor.is_none() {
            return Ok(lists);
        }
    }
    Err(Error::TooCostly("the waiting lists of a year"))
}

/// The days of a place that ended since a moment.
fn waited(plan: &Value, since: Timestamp) -> Option<u32> {
    let start = plan.text_at(&["period", "start"]).and_then(instant)?;
    let end = plan.text_at(&["period", "end"]).and_then(instant).filter(|end| *end >= since)?;
    let days = day(start).until(day(end)).ok()?.get_days();
    u32::try_from(days).ok()
}

fn id(organisation: &str, specialty: &str) -> String {
    fhir::identity::resource_id("waiting-times", organisation, &[specialty])
}

fn report(id: &str, (organisation, specialty): (&str, &str), waits: &Summary, now: Timestamp) -> Value {
    // A day as the date keeps the document the same until a figure or the day changes.
    let today = day(now);
    let from = today.checked_sub(Span::new().days(DAYS)).unwrap_or(today).to_string();
    let weeks = |weeks: u32| quantity(Number::from(i64::from(weeks)), "weeks", "wk");
    let group = |code: &str, display: &str, score: Value| {
        object([("code", Some(codeable_concept(GROUP, code, display))), ("measureScore", Some(score))])
    };
    let people = i64::try_from(waits.people).unwrap_or(i64::MAX);
    let about = Value::object([
        ("url", Value::from("https://bevan.example/StructureDefinition/specialty")),
        ("valueCoding", coding(fhir::systems::PRACTICE_SETTING, specialty, "")),
    ]);
    object([
        ("resourceType", Some(Value::from("MeasureReport"))),
        ("id", Some(Value::from(id))),
        ("extension", Some(one(about))),
        ("status", Some(Value::from("complete"))),
        ("type", Some(Value::from("summary"))),
        ("measure", Some(Value::from(MEASURE))),
        ("date", Some(Value::from(today.to_string()))),
        ("reporter", Some(reference("Organization", organisation))),
        ("period", Some(period(Some(&from), Some(&today.to_string())))),
        (
            "group",
            Some(Value::Array(vec![
                group("eight-in-ten", "8 in 10 people waited up to", weeks(waits.eight_in_ten)),
                group("mean", "Average wait", weeks(waits.mean)),
                group("people", "People", quantity(Number::from(people), "people", "1")),
            ])),
        ),
    ])
}

/// The published waits of a list.
pub(super) fn published(
    snapshot: &mut Snapshot,
    organisation: &str,
    specialty: &str,
) -> Result<Waits, Error> {
    let Found::Present(found) = snapshot.read("MeasureReport", &id(organisation, specialty))? else {
        return Ok(Waits::TooFew);
    };
    let report = found.value()?;
    let weeks = |code: &str| {
        let mut groups = report.items("group").iter();
        let group = groups.find(|one| one.text_at(&["code", "coding", "code"]) == Some(code))?;
        group
            .at(&["measureScore", "value"])?
            .as_number()?
            .as_i64()
            .and_then(|weeks| u32::try_from(weeks).ok())
    };
    Ok(match (weeks("eight-in-ten"), weeks("mean")) {
        (Some(eight_in_ten_weeks), Some(mean_weeks)) => {
            Waits::Known { eight_in_ten_weeks, mean_weeks, measured_at: found.last_updated }
        }
        _ => Waits::TooFew,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_sound() {
        let waits = Summary { eight_in_ten: 9, mean: 6, people: 12 };
        let now = "2026-11-22T09:00:00Z".parse().unwrap();
        assert_eq!(fhir::validate::structural(&report("a", ("o", "320"), &waits, now)), []);
    }

    #[test]
    fn only_places_that_ended_lately_count() {
        let plan = |end: &str| {
            let text = format!(
                r#"{{"author":{{"reference":"Organization/o"}},"period":{{"start":"2026-01-01T12:00:00Z"{end}}},
                    "category":[{{"coding":[{{"system":"{}","code":"320"}}]}}]}}"#,
                fhir::systems::PRACTICE_SETTING
            );
            fhir::json::parse(text.as_bytes(), &fhir::json::Limits::default()).unwrap()
        };
        let since: Timestamp = "2026-01-10T00:00:00Z".parse().unwrap();
        assert_eq!(waited(&plan(r#","end":"2026-01-15T10:00:00Z""#), since), Some(14));
        assert_eq!(waited(&plan(r#","end":"2026-01-05T10:00:00Z""#), since), None);
        assert_eq!(waited(&plan(""), since), None);
    }
}
