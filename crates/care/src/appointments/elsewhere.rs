//! Other sources of hospital appointments and referrals, asked beside this record. Each has a name and a way to ask; each
//! gets so much time and no more. One that does not answer is named on the page, and the rest is shown.
//!
//! A person is linked by NHS number with date of birth and family name agreeing, never by the number alone; the way to
//! ask is given all three and answers nothing otherwise.

use super::from_fhir::Known;
use super::read::{Documents, fill};
use super::view::Diary;
use fhir::json::Value;
use fhir::views::Patient;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// The longest that another source is waited for. A page must say what it knows within ten seconds.
pub const LONGEST: Duration = Duration::from_secs(8);
/// Stands between the number of a source and an id of its own; no FHIR id holds it.
pub(super) const MARK: char = '~';

/// Whom another source is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Ten digits.
    pub nhs_number: String,
    /// The whole date, `YYYY-MM-DD`.
    pub born: String,
    /// The family name.
    pub family: String,
}

/// A source did not answer, or not in a way that can be read. The fault is logged where it happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the source did not answer")]
pub struct Silent;

/// What asking gives: the documents about a person.
pub type Asked = Pin<Box<dyn Future<Output = Result<Vec<Value>, Silent>> + Send>>;

/// Another source.
#[derive(Clone)]
pub struct Elsewhere {
    /// What it is called on pages.
    pub name: String,
    /// How long it is waited for, [`LONGEST`] at most.
    pub limit: Duration,
    /// Asks it for Appointment, ServiceRequest and CarePlan, and what they name.
    pub ask: Arc<dyn Fn(Person) -> Asked + Send + Sync>,
}

/// The other sources that a house knows of.
#[derive(Clone, Default)]
pub(crate) struct Others(pub Arc<[Elsewhere]>);

/// Whom to ask about; `None` when the record holds too little to link by.
fn person(document: &Value) -> Option<Person> {
    let patient = Patient(document);
    let born = patient.birth_date().filter(|born| born.len() == 10)?;
    let names = patient.names().filter(|name| !matches!(name.use_(), Some("old" | "maiden" | "nickname")));
    let family = names.filter_map(|name| name.family()).next()?;
    let nhs_number = patient.nhs_number()?;
    Some(Person { nhs_number: nhs_number.to_owned(), born: born.to_owned(), family: family.to_owned() })
}

/// Asks every other source at once and adds what they say; notes those that are silent.
pub(super) async fn join(diary: &mut Diary, document: &Value, others: &[Elsewhere]) {
    let Some(person) = person(document) else { return };
    // All are on their way before the first is waited for.
    let asked: Vec<_> = others
        .iter()
        .map(|other| {
            tokio::spawn(tokio::time::timeout(other.limit.min(LONGEST), (other.ask)(person.clone())))
        })
        .collect();
    for (number, (other, answer)) in others.iter().zip(asked).enumerate() {
        match answer.await {
            Ok(Ok(Ok(documents))) => add(diary, documents, (number, other.name.clone())),
            _ => diary.silent.push(other.name.clone()),
        }
    }
}

fn add(diary: &mut Diary, documents: Vec<Value>, source: (usize, String)) {
    let mut known = Known { source: Some(source), ..Known::default() };
    let mut said = Documents { appointments: Vec::new(), requests: Vec::new(), plans: Vec::new() };
    let mut named = Vec::new();
    for document in documents {
        match document.text_at(&["resourceType"]).unwrap_or_default() {
            "Appointment" => said.appointments.push(document),
            "ServiceRequest" => said.requests.push(document),
            "CarePlan" => said.plans.push(document),
            _ => named.push(document),
        }
    }
    known.add(named);
    let now = diary.read_at;
    fill(diary, &said, &known, now);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::appointments::view::{ReferralState, Setting};
    use jiff::Timestamp;

    fn read(text: &str) -> Value {
        fhir::json::parse(text.as_bytes(), &fhir::json::Limits::default()).unwrap()
    }

    fn patient() -> Value {
        read(
            r#"{"resourceType":"Patient","birthDate":"1970-02-03","name":[{"family":"Example","given":["Alex"]}],
                "identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990079196"}]}"#,
        )
    }

    fn empty() -> Diary {
        Diary {
            read_at: "2026-11-22T09:00:00Z".parse::<Timestamp>().unwrap(),
            upcoming: Vec::new(),
            past: Vec::new(),
            referrals: Vec::new(),
            waiting: Vec::new(),
            surgery: None,
            too_young: false,
            no_access: false,
            silent: Vec::new(),
        }
    }

    fn source(name: &str, answer: fn(Person) -> Asked) -> Elsewhere {
        Elsewhere { name: name.into(), limit: Duration::from_millis(40), ask: Arc::new(answer) }
    }

    #[tokio::test]
    async fn what_one_says_is_shown_and_the_silent_are_named() {
        let others = [
            source("Coast referrals", |person| {
                assert_eq!((person.born.as_str(), person.family.as_str()), ("1970-02-03", "Example"));
                Box::pin(async {
                    Ok(vec![
                        read(
                            r#"{"resourceType":"ServiceRequest","id":"r","status":"active","code":{"text":"Dermatology"},"performer":[{"display":"Coast"}]}"#,
                        ),
                        read(
                            r#"{"resourceType":"Appointment","id":"a","status":"booked","start":"2026-12-01T09:00:00Z","basedOn":[{"reference":"ServiceRequest/r"}]}"#,
                        ),
                    ])
                })
            }),
            source("Never", |_| Box::pin(std::future::pending())),
            source("Broken", |_| Box::pin(async { Err(Silent) })),
        ];
        let mut diary = empty();
        join(&mut diary, &patient(), &others).await;
        assert_eq!(diary.silent, ["Never", "Broken"]);
        assert_eq!(diary.referrals[0].id, "0~r");
        assert_eq!(diary.referrals[0].state, ReferralState::Appointed);
        assert_eq!(diary.referrals[0].source.as_deref(), Some("Coast referrals"));
        assert_eq!(diary.upcoming[0].referral.as_deref(), Some("0~r"));
        assert_eq!(diary.upcoming[0].referral_for.as_deref(), Some("Dermatology"));
        assert_eq!(diary.referrals[0].booking.as_ref().map(|one| one.id.as_str()), Some("0~a"));
        assert_eq!(diary.upcoming[0].setting, Setting::Hospital);
    }

    #[tokio::test]
    async fn nobody_is_asked_about_whom_too_little_is_known() {
        let others = [source("Any", |_| Box::pin(async { Err(Silent) }))];
        for text in [
            r#"{"birthDate":"1970-02-03","name":[{"family":"Example"}]}"#,
            r#"{"birthDate":"1970","name":[{"family":"Example"}],"identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990079196"}]}"#,
        ] {
            let mut diary = empty();
            join(&mut diary, &read(text), &others).await;
            assert!(diary.silent.is_empty(), "{text}");
        }
    }
}
