//! Reading emergency accesses and what came of them. The log is read as the privacy officer, and so leaves a row for each
//! person it names; name, number and findings are then looked up by the house.

use super::accesses::{Span, spans};
use super::document::{CATEGORY, Review, review};
use super::view::{Access, Found, Reviews};
use crate::access_log::{part, role};
use crate::lookup::{all, listed, unseen};
use crate::planted::{Bug, planted};
use crate::view::{Section, Unseen};
use crate::words::name;
use fhir::views::Patient;
use jiff::Timestamp;
use std::collections::{BTreeSet, HashMap};
use store::{Actor, Error, Role, Snapshot, Store};

/// Rows of the log that one page is made of.
const ROWS: usize = 20_000;
/// Reviewed accesses on the page.
const DONE: usize = 50;
/// Patients in one search for findings.
const TOGETHER: usize = 40;

/// The organisation whose accesses an actor reviews.
pub(super) fn reviewed_organisation(actor: &Actor) -> Result<String, Unseen> {
    match actor.role {
        Role::Privacy if !actor.organisation.is_empty() => Ok(actor.organisation.to_string()),
        _ => Err(Unseen::NoAccess),
    }
}

/// The accesses of the actor's organisation.
pub(super) async fn reviews(store: &Store, actor: &Actor) -> Result<Reviews, Unseen> {
    let now = store.environment().clock.now();
    let organisation = reviewed_organisation(actor)?;
    let everybody = planted(Bug::Organisation);
    let reader = if everybody { Actor::system(actor.trace.clone()) } else { actor.clone() };
    let rows = store.read(reader, move |snapshot| {
        let of = Some(organisation.as_str()).filter(|_| !everybody);
        snapshot.audit_emergencies(of, None, ROWS)
    });
    let rows = rows.await.map_err(|error| unseen(&error))?;
    let (found, older) = (spans(&rows), rows.len() == ROWS);
    let (mut waiting, mut done) = (Vec::new(), Vec::new());
    for access in accesses(store, actor, found).await? {
        if access.waits() { waiting.push(access) } else { done.push(access) }
    }
    waiting.reverse();
    done.truncate(DONE);
    let part = |items| Section::Shown(listed(items));
    Ok(Reviews { read_at: now, waiting: part(waiting), done: part(done), older })
}

/// One access.
pub(super) async fn one(store: &Store, actor: &Actor, id: &str) -> Result<Access, Unseen> {
    let organisation = reviewed_organisation(actor)?;
    let wanted: u64 = id.parse().map_err(|_| Unseen::NotFound)?;
    let of = organisation.clone();
    let whom = store.read(Actor::system(actor.trace.clone()), move |snapshot| {
        let rows = snapshot.audit_emergencies(Some(&of), None, ROWS)?;
        spans(&rows)
            .into_iter()
            .find(|span| span.first == wanted)
            .map(|span| span.patient)
            .ok_or(Error::NotFound)
    });
    let whom = whom.await.map_err(|error| unseen(&error))?;
    let rows = store.read(actor.clone(), move |snapshot| {
        snapshot.audit_emergencies(Some(&organisation), Some(&whom), ROWS)
    });
    let mut found = spans(&rows.await.map_err(|error| unseen(&error))?);
    found.retain(|span| span.first == wanted);
    accesses(store, actor, found).await?.into_iter().next().ok_or(Unseen::NotFound)
}

/// How many accesses of any organisation wait, as far as the log was read.
pub(crate) async fn waiting(store: &Store, actor: &Actor) -> Result<u64, Unseen> {
    let read = store.read(Actor::system(actor.trace.clone()), |snapshot| {
        let found = spans(&snapshot.audit_emergencies(None, None, ROWS)?);
        let reviews = reviews_of(snapshot, &found)?;
        Ok(found.iter().filter(|span| span.waits(&reviews)).count())
    });
    Ok(read.await.map_err(|error| unseen(&error))?.try_into().unwrap_or(u64::MAX))
}

/// Findings about the people of these accesses, in the order in which they were recorded.
pub(super) fn reviews_of(snapshot: &mut Snapshot, spans: &[Span]) -> Result<Vec<Review>, Error> {
    let people: BTreeSet<&str> = spans.iter().map(|span| span.patient.as_str()).collect();
    let people: Vec<String> = people.into_iter().map(|id| format!("Patient/{id}")).collect();
    let mut found = Vec::new();
    for some in people.chunks(TOGETHER) {
        let words =
            [("subject", some.join(",")), ("category", CATEGORY.into()), ("status", "completed".into())];
        let words: Vec<(&str, &str)> = words.iter().map(|(name, value)| (*name, value.as_str())).collect();
        found.extend(all(snapshot, "Communication", &words)?.items.iter().filter_map(review));
    }
    found.sort_by_key(|one| one.at);
    Ok(found)
}

async fn accesses(store: &Store, actor: &Actor, spans: Vec<Span>) -> Result<Vec<Access>, Unseen> {
    let me = actor.id.clone();
    let read = store.read(Actor::system(actor.trace.clone()), move |snapshot| {
        let reviews = reviews_of(snapshot, &spans)?;
        let mut people: HashMap<String, (String, Option<String>)> = HashMap::new();
        for span in &spans {
            if !people.contains_key(&span.patient) {
                let person =
                    snapshot.read("Patient", &span.patient)?.present().and_then(|found| found.value());
                let known = match person {
                    Ok(person) => (name(&person), Patient(&person).nhs_number().map(str::to_owned)),
                    Err(Error::NotFound | Error::Gone { .. }) => (String::from("Record removed"), None),
                    Err(error) => return Err(error),
                };
                people.insert(span.patient.clone(), known);
            }
        }
        Ok(spans.iter().map(|span| access(span, &people, &reviews, &me)).collect())
    });
    read.await.map_err(|error| unseen(&error))
}

fn access(
    span: &Span,
    people: &HashMap<String, (String, Option<String>)>,
    reviews: &[Review],
    me: &str,
) -> Access {
    let at = |micros: i64| Timestamp::from_microsecond(micros).unwrap_or_default();
    let (patient, nhs_number) = people.get(&span.patient).cloned().unwrap_or_default();
    let mut parts: Vec<String> = Vec::new();
    for name in &span.types {
        let words = part(Some(name)).to_owned();
        if !parts.contains(&words) {
            parts.push(words);
        }
    }
    Access {
        id: span.first.to_string(),
        who: span.name.clone(),
        role: role(&span.role).to_owned(),
        patient,
        nhs_number,
        reason: span.reason.clone(),
        from: at(span.from),
        until: at(span.until),
        parts,
        changed: span.changed,
        own: span.agent == me,
        found: span.reviewed(reviews).map(|one| Found {
            finding: one.finding,
            at: one.at,
            by: one.by.clone(),
            words: one.words.clone(),
        }),
    }
}
