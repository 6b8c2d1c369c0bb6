//! Whether a relationship opens anything now. Pure: the relationship, the date of birth, the clock, the surgery's ages.
//!
//! Ages change at the start of the birthday in London; whoever is born on 29 February has theirs on 1 March in other years. Of a
//! birth date that is partly known every day it leaves open is thought of, and the strictest answer given.

use super::relationship::{Basis, Relationship, Stage};
use crate::view::When;
use crate::words;
use fhir::time::default_zone;
use jiff::Timestamp;
use jiff::civil::Date;

/// From this age a parent's access should be reviewed.
pub const REVIEW_FROM: i16 = 11;
/// From this age at the latest a parent's access is suspended until it was reviewed.
pub const SUSPENDED_BY: i16 = 13;
/// From this age a parent has no access, reviewed or not, and a person gives it themselves.
pub const OWN_AGE: i16 = 16;
/// From this age somebody can have given a power of attorney.
pub const ATTORNEY_AGE: i16 = 18;

/// The ages a surgery has chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ages {
    suspended_from: i16,
}

impl Default for Ages {
    fn default() -> Self {
        Self { suspended_from: SUSPENDED_BY }
    }
}

impl Ages {
    /// Suspends a parent's access from this age; later than thirteen is not possible, earlier than the review not useful.
    pub fn suspending_from(age: i16) -> Self {
        Self { suspended_from: age.clamp(REVIEW_FROM, SUSPENDED_BY) }
    }

    /// The age from which a parent's access is suspended until it was reviewed.
    pub fn suspended_from(self) -> i16 {
        self.suspended_from
    }
}

/// What is known of the person cared for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cared {
    /// Date of birth, as far as it is recorded.
    pub born: Option<When>,
    /// Whether they have died.
    pub died: bool,
}

/// How a relationship stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It opens what it was approved for.
    Open {
        /// Whether the person may be under sixteen.
        minor: bool,
        /// Whether a review is due.
        review: bool,
        /// The birthday on which it will be suspended, and why.
        until: Option<(Date, Why)>,
    },
    /// It opens nothing until something changes.
    Suspended(Why),
    /// It is agreed from then on, and opens nothing before.
    Later(When),
    /// The surgery has not answered.
    Waiting,
    /// The surgery refused.
    Refused,
    /// It is over.
    Ended,
    /// The person hides their record. The carer must not be able to tell this from there being nothing.
    Hidden,
}

/// Why a relationship is suspended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Old enough that the young person is to be asked, and nobody has recorded that they were.
    ReviewDue,
    /// Sixteen: from now on the person decides.
    Sixteen,
    /// Too young for this right: it is not theirs to give yet.
    TooYoung,
    /// Nobody knows how old the person is.
    BirthUnknown,
    /// The person has died.
    Died,
}

/// How a relationship stands at an instant.
pub fn standing(relationship: &Relationship, cared: Cared, now: Timestamp, ages: Ages) -> Standing {
    match relationship.stage {
        Stage::Applied => return Standing::Waiting,
        Stage::Refused => return Standing::Refused,
        Stage::Ended => return Standing::Ended,
        Stage::Approved => {}
    }
    if relationship.lapses.is_some_and(|end| over_since(end) <= now) {
        return Standing::Ended;
    }
    if relationship.hidden_at.is_some() {
        return Standing::Hidden;
    }
    if let Some(begins) = relationship.begins.filter(|begins| now < words::begins(begins)) {
        return Standing::Later(begins);
    }
    if cared.died {
        return Standing::Suspended(Why::Died);
    }
    let Some((eldest, youngest)) = cared.born.and_then(bounds) else {
        return Standing::Suspended(Why::BirthUnknown);
    };
    let today = today(now);
    match relationship.basis {
        Basis::Parental => parental(relationship, eldest, today, ages),
        Basis::Agreement | Basis::Deputy => grown(youngest, today, OWN_AGE),
        Basis::Attorney => grown(youngest, today, ATTORNEY_AGE),
    }
}

fn parental(relationship: &Relationship, born: Date, today: Date, ages: Ages) -> Standing {
    let has = |age: i16| birthday(born, age).is_none_or(|day| day <= today);
    if has(OWN_AGE) {
        return Standing::Suspended(Why::Sixteen);
    }
    let from = birthday(born, REVIEW_FROM);
    let review = relationship.review.as_ref().filter(|review| from.is_some_and(|from| from <= review.on));
    match review {
        Some(review) if !review.goes_on() => return Standing::Ended,
        None if has(ages.suspended_from) => return Standing::Suspended(Why::ReviewDue),
        _ => {}
    }
    let (age, why) =
        if review.is_some() { (OWN_AGE, Why::Sixteen) } else { (ages.suspended_from, Why::ReviewDue) };
    let until = birthday(born, age).map(|day| (day, why));
    Standing::Open { minor: true, review: review.is_none() && has(REVIEW_FROM), until }
}

fn grown(born: Date, today: Date, age: i16) -> Standing {
    if birthday(born, age).is_some_and(|day| day <= today) {
        Standing::Open { minor: false, review: false, until: None }
    } else {
        Standing::Suspended(Why::TooYoung)
    }
}

/// The first instant after an end that a document names: an instant is over when it has come, and a day, a month or a year
/// when its last moment in London has passed.
pub fn over_since(end: When) -> Timestamp {
    let Some((_, last)) = bounds(end) else { return words::begins(&end) };
    last.tomorrow().map_or(Timestamp::MAX, |next| words::begins(&When::Day(next)))
}

/// The day in London.
pub fn today(now: Timestamp) -> Date {
    now.to_zoned(default_zone().clone()).date()
}

/// The day on which somebody comes of an age; `None` beyond the calendar.
pub fn birthday(born: Date, age: i16) -> Option<Date> {
    let year = born.year().checked_add(age)?;
    Date::new(year, born.month(), born.day()).or_else(|_| Date::new(year, 3, 1)).ok()
}

/// The earliest and the latest day of birth that is possible.
pub fn bounds(born: When) -> Option<(Date, Date)> {
    match born {
        When::Day(day) => Some((day, day)),
        When::Month(year, month) => {
            let first = Date::new(year, month, 1).ok()?;
            Some((first, first.last_of_month()))
        }
        When::Year(year) => Some((Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?)),
        When::Instant(_) => None,
    }
}

#[cfg(test)]
mod tests;
