//! Telling both sides: what was decided, and what a birthday will change a month before it does. A notice is a
//! Communication in the record of whom it is for, under an id made of what it says, so that it is written once.
//! Somebody from whom a record is hidden is told nothing.

use super::document::{self, KIND_SYSTEM, NOTICE};
use super::read::{ages, cared, relationship};
use super::relationship::{Basis, EndedBy, Relationship, Stage};
use super::standing::{Ages, Cared, OWN_AGE, REVIEW_FROM, birthday, bounds, over_since, today};
use crate::lookup::{id, page};
use crate::view::Unseen;
use crate::words;
use catalogue::{dates, fill};
use fhir::json::Value;
use jiff::civil::Date;
use jiff::{Span, Timestamp};
use store::{Actor, Error, Found, IfMatch, Snapshot, Store};

/// Days before a birthday on which both are told, and days after a decision in which it is still told.
const AHEAD: i32 = 30;

/// What is to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event {
    /// The surgery approved it.
    Approved,
    /// The surgery refused it.
    Refused,
    /// Somebody ended it, or it lapsed.
    Ended,
    /// From the eleventh birthday the young person should be asked.
    Review,
    /// It will be suspended on this day unless they were asked.
    Suspension,
    /// It ends with the sixteenth birthday.
    Sixteen,
}

impl Event {
    fn word(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Ended => "ended",
            Self::Review => "review",
            Self::Suspension => "suspension",
            Self::Sixteen => "sixteen",
        }
    }
}

/// What is to be told now about a relationship, and the day it is about. Pure.
pub(super) fn due(one: &Relationship, cared: Cared, ages: Ages, now: Timestamp) -> Vec<(Event, Date)> {
    let today = today(now);
    let soon = |day: &Date| day.checked_sub(Span::new().days(AHEAD)).is_ok_and(|first| first <= today);
    let lately = |at: Timestamp| {
        let day = super::standing::today(at);
        day.checked_add(Span::new().days(AHEAD)).is_ok_and(|last| today <= last).then_some(day)
    };
    let mut due = Vec::new();
    if let (Stage::Approved, Some(since)) =
        (one.stage, one.lapses.map(over_since).filter(|since| *since <= now))
    {
        due.extend(lately(since).map(|day| (Event::Ended, day)));
        return due;
    }
    let begins = one.begins.as_ref().map_or(Timestamp::MIN, words::begins);
    if one.stage == Stage::Approved && now < begins {
        return due;
    }
    let decided = one.decided.as_ref().and_then(|(at, _)| lately((*at).max(begins)));
    match (one.stage, decided, one.ended) {
        (Stage::Approved, Some(day), _) => due.push((Event::Approved, day)),
        (Stage::Refused, Some(day), _) => due.push((Event::Refused, day)),
        (Stage::Ended, _, Some((at, _))) => due.extend(lately(at).map(|day| (Event::Ended, day))),
        _ => {}
    }
    let Some((eldest, _)) = cared.born.and_then(bounds) else { return due };
    if one.stage != Stage::Approved || one.basis != Basis::Parental || cared.died {
        return due;
    }
    let heard = one
        .review
        .as_ref()
        .is_some_and(|review| birthday(eldest, REVIEW_FROM).is_some_and(|day| day <= review.on));
    let coming = |age: i16| birthday(eldest, age).filter(|day| soon(day) && today < *day);
    if !heard {
        let suspension = birthday(eldest, ages.suspended_from());
        let review = birthday(eldest, REVIEW_FROM).filter(|day| soon(day));
        due.extend(
            review.filter(|_| suspension.is_some_and(|day| today < day)).map(|day| (Event::Review, day)),
        );
        due.extend(coming(ages.suspended_from()).map(|day| (Event::Suspension, day)));
    }
    due.extend(coming(OWN_AGE).map(|day| (Event::Sixteen, day)));
    due
}

/// Writes every notice that is due and not yet written; says how many. Called by the hour.
pub async fn tell(store: &Store) -> Result<usize, Unseen> {
    let now = store.environment().clock.now();
    let (mut written, mut cursor): (usize, Option<String>) = (0, None);
    loop {
        let after = cursor.take();
        let some = store.read(teller(), move |snapshot| {
            let kind = format!("{KIND_SYSTEM}|{}", document::ACCESS);
            let mut words = vec![("category", kind.as_str()), ("_count", "200")];
            words.extend(after.as_deref().map(|cursor| ("_page", cursor)));
            let found = page(snapshot, "Consent", &words)?;
            let mut letters = Vec::new();
            for consent in &found.items {
                letters.extend(unwritten(snapshot, id(consent), now)?);
            }
            Ok((letters, found.next))
        });
        let (letters, next) = some.await.map_err(|error| crate::lookup::unseen(&error))?;
        written += write(store, letters).await?;
        cursor = next;
        if cursor.is_none() {
            return Ok(written);
        }
    }
}

/// The notices of one relationship, right after something was decided about it.
pub(super) async fn tell_of(store: &Store, relationship: &str) -> Result<usize, Unseen> {
    let (now, relationship) = (store.environment().clock.now(), relationship.to_owned());
    let letters = store.read(teller(), move |snapshot| unwritten(snapshot, &relationship, now));
    write(store, letters.await.map_err(|error| crate::lookup::unseen(&error))?).await
}

fn teller() -> Actor {
    Actor::system("family-notices")
}

/// The letters about a relationship that are due and not there.
fn unwritten(snapshot: &mut Snapshot, relationship_id: &str, now: Timestamp) -> Result<Vec<Value>, Error> {
    let Some(one) = relationship(snapshot, relationship_id)? else { return Ok(Vec::new()) };
    let Some(person) = super::read::document(snapshot, "Patient", &one.patient)? else {
        return Ok(Vec::new());
    };
    let ages = ages(snapshot, &one.organisation)?;
    let mut letters = Vec::new();
    for event in due(&one, cared(&person), ages, now) {
        for letter in letters_of(&one, &super::read::called(&person), event, now) {
            if super::read::document(snapshot, "Communication", id(&letter))?.is_none() {
                letters.push(letter);
            }
        }
    }
    Ok(letters)
}

async fn write(store: &Store, letters: Vec<Value>) -> Result<usize, Unseen> {
    if letters.is_empty() {
        return Ok(0);
    }
    let put = store.write(teller(), move |transaction| {
        let mut written = 0;
        for letter in letters {
            // Two rounds at once write a notice once.
            if matches!(transaction.read("Communication", id(&letter))?, Found::Absent) {
                transaction.update(&document::prepared(letter)?, IfMatch::NoneExists)?;
                written += 1;
            }
        }
        Ok(written)
    });
    put.await.map_err(|error| crate::lookup::unseen(&error))
}

/// The letters of an event: to the person, and to the one who acts for them.
fn letters_of(one: &Relationship, name: &str, (event, day): (Event, Date), now: Timestamp) -> Vec<Value> {
    let letter = |whom: &str, words: String| {
        let id =
            fhir::identity::resource_id("communication", &one.id, &[event.word(), &day.to_string(), whom]);
        document::communication(&id, whom, NOTICE, (&words, now)).0
    };
    let mut letters = vec![letter(&one.patient, to_person(one, event, day))];
    if one.hidden_at.is_none() {
        letters.push(letter(&one.carer, to_carer(one, name, event, day)));
    }
    letters
}

fn to_person(one: &Relationship, event: Event, day: Date) -> String {
    let words = match event {
        Event::Approved => "family-told-approved",
        Event::Refused => "family-told-refused",
        Event::Ended => "family-told-ended",
        Event::Review => "family-told-review",
        Event::Suspension => "family-told-suspension",
        Event::Sixteen => "family-told-sixteen",
    };
    fill(words, &[("who", one.carer_name.as_str().into()), ("day", dates::day(day).into())])
}

fn to_carer(one: &Relationship, name: &str, event: Event, day: Date) -> String {
    let words = match event {
        Event::Approved => "family-told-carer-approved",
        Event::Refused => "family-told-carer-refused",
        Event::Ended => match one.ended {
            Some((_, EndedBy::Helper)) => "family-told-carer-stopped",
            _ => "family-told-carer-ended",
        },
        Event::Review => "family-told-carer-review",
        Event::Suspension => "family-told-carer-suspension",
        Event::Sixteen => "family-told-carer-sixteen",
    };
    fill(words, &[("who", name.into()), ("day", dates::day(day).into())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::samples;
    use crate::view::When;
    use jiff::civil::date;

    fn told(one: &Relationship, today: &str) -> Vec<&'static str> {
        let cared = Cared { born: Some(When::Day(date(2013, 5, 20))), died: false };
        let now = format!("{today}T12:00:00Z").parse().unwrap();
        due(one, cared, Ages::default(), now).into_iter().map(|(event, _)| event.word()).collect()
    }

    #[test]
    fn both_are_told_a_month_before_a_birthday_changes_something() {
        let parent = Relationship { decided: None, ..samples::relationship() };
        for (day, expected) in [
            ("2024-04-19", vec![]),
            ("2024-04-20", vec!["review"]),
            ("2026-04-19", vec!["review"]),
            ("2026-04-20", vec!["review", "suspension"]),
            ("2026-05-19", vec!["review", "suspension"]),
            ("2026-05-20", vec![]),
            ("2029-04-19", vec![]),
            ("2029-04-20", vec!["sixteen"]),
            ("2029-05-20", vec![]),
        ] {
            assert_eq!(told(&parent, day), expected, "{day}");
        }
        let heard =
            super::super::Review { on: date(2024, 6, 1), competent: true, agrees: true, by: String::new() };
        let heard = Relationship { review: Some(heard), ..parent };
        assert!(told(&heard, "2026-05-01").is_empty());
        assert_eq!(told(&heard, "2029-05-01"), ["sixteen"]);
    }

    #[test]
    fn a_lapse_is_told_and_a_beginning_is_told_when_it_comes() {
        let agreed: Timestamp = "2020-01-10T12:00:00Z".parse().unwrap();
        let until = |lapses| Relationship {
            decided: Some((agreed, String::from("Dr"))),
            lapses: Some(lapses),
            ..samples::relationship()
        };
        let one = until(When::Day(date(2020, 1, 15)));
        for (day, expected) in [
            ("2020-01-15", &["approved"][..]),
            ("2020-01-16", &["ended"]),
            ("2020-02-14", &["ended"]),
            ("2020-03-16", &[]),
        ] {
            assert_eq!(told(&one, day), expected, "{day}");
        }
        let one = Relationship { begins: Some(When::Day(date(2020, 4, 1))), ..until(When::Year(2020)) };
        for (day, expected) in [
            ("2020-01-11", &[][..]),
            ("2020-04-01", &["approved"]),
            ("2020-05-03", &[]),
            ("2021-01-01", &["ended"]),
        ] {
            assert_eq!(told(&one, day), expected, "{day}");
        }
    }

    #[test]
    fn a_decision_is_told_and_a_hidden_carer_is_told_nothing() {
        let now: Timestamp = "2020-01-10T12:00:00Z".parse().unwrap();
        let approved = Relationship { decided: Some((now, String::from("Dr"))), ..samples::relationship() };
        assert_eq!(told(&approved, "2020-01-11"), ["approved"]);
        assert!(told(&approved, "2020-03-11").is_empty(), "an old decision is no news");
        let letters = letters_of(&approved, "EXAMPLE, Robin", (Event::Approved, date(2020, 1, 10)), now);
        assert_eq!(letters.len(), 2);
        for letter in &letters {
            assert!(fhir::validate::structural(letter).iter().all(|issue| !issue.is_error()));
        }
        let hidden = Relationship { hidden_at: Some(now), ..approved };
        let letters = letters_of(&hidden, "EXAMPLE, Robin", (Event::Approved, date(2020, 1, 10)), now);
        assert_eq!(letters.len(), 1);
        assert_eq!(letters[0].text_at(&["subject", "reference"]), Some("Patient/sample-child-1"));
    }
}
