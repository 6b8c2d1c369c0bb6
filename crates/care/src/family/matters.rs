//! What of acting for others needs somebody: an answer of the surgery, somebody who wants to act for them, a day on which it
//! stops. Pure.

use super::standing::{Standing, Why, today};
use super::view::{Family, Helper};
use jiff::civil::Date;
use jiff::{Span, Timestamp};

/// An answer is news for so many days.
const NEWS_DAYS: i64 = 14;
/// A day on which access stops is told so many days before.
const AHEAD_DAYS: i32 = 28;

/// One thing that needs the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter {
    /// Id of the relationship.
    pub relationship: String,
    /// The name of the other person in it.
    pub name: String,
    /// What there is.
    pub what: What,
}

/// What there is with a relationship.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The other person asks to act for the reader.
    Asks,
    /// The surgery approved that the reader acts for them.
    Approved(Timestamp),
    /// The surgery did not approve it.
    Refused(Timestamp),
    /// The reader's access stops on that day unless something is done.
    Ends(Date, Why),
    /// It has stopped, and can go on after a review.
    Stopped,
}

impl Family {
    /// What needs the person.
    #[must_use]
    pub fn matters(&self) -> Vec<Matter> {
        let asks = self.helpers.iter().filter(|one| one.standing == Standing::Waiting);
        let mut matters: Vec<Matter> = asks.map(asks_to_act).collect();
        for one in &self.caring {
            let of = |what| Matter { relationship: one.id.clone(), name: one.name.clone(), what };
            matters.extend(what(one.standing, one.decided_at, self.read_at).map(of));
        }
        matters
    }
}

fn asks_to_act(one: &Helper) -> Matter {
    Matter { relationship: one.id.clone(), name: one.name.clone(), what: What::Asks }
}

/// What there is with acting for somebody.
pub(super) fn what(
    standing: Standing,
    decided_at: Option<Timestamp>,
    now: Timestamp,
) -> impl Iterator<Item = What> {
    [answered(standing, decided_at, now), ending(standing, now)].into_iter().flatten()
}

fn answered(standing: Standing, decided_at: Option<Timestamp>, now: Timestamp) -> Option<What> {
    let since = now.checked_sub(Span::new().hours(24 * NEWS_DAYS)).unwrap_or(now);
    let at = decided_at.filter(|at| *at >= since)?;
    match standing {
        Standing::Open { .. } => Some(What::Approved(at)),
        Standing::Refused => Some(What::Refused(at)),
        Standing::Suspended(_)
        | Standing::Later(_)
        | Standing::Waiting
        | Standing::Ended
        | Standing::Hidden => None,
    }
}

fn ending(standing: Standing, now: Timestamp) -> Option<What> {
    match standing {
        Standing::Open { until: Some((on, why)), .. } => {
            let told_from = on.checked_sub(Span::new().days(AHEAD_DAYS)).unwrap_or(on);
            (told_from <= today(now)).then_some(What::Ends(on, why))
        }
        // What nothing can be done about is on the family page, and no matter of every day.
        Standing::Suspended(Why::ReviewDue) => Some(What::Stopped),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::{SAMPLE_NOW, minutes_ago};
    use jiff::civil::date;

    fn caring(standing: Standing, decided_days: Option<i64>) -> Family {
        let mut all = Family::sample();
        let mut one = all.caring.remove(0);
        one.standing = standing;
        one.decided_at = decided_days.map(|days| minutes_ago(days * 24 * 60));
        Family { caring: vec![one], helpers: Vec::new(), read_at: SAMPLE_NOW }
    }

    #[test]
    fn an_answer_is_told_for_a_fortnight() {
        let open = Standing::Open { minor: false, review: false, until: None };
        for (standing, days, expected) in [
            (open, Some(1), Some(true)),
            (open, Some(15), None),
            (open, None, None),
            (Standing::Refused, Some(13), Some(false)),
            (Standing::Waiting, None, None),
        ] {
            let found = caring(standing, days).matters();
            let told = found.first().map(|one| matches!(one.what, What::Approved(_)));
            assert_eq!(told, expected, "{standing:?} {days:?}");
        }
    }

    #[test]
    fn a_day_on_which_access_stops_is_told_four_weeks_before() {
        // It is 20 November 2026.
        for (day, told) in
            [(date(2026, 12, 18), true), (date(2026, 12, 19), false), (date(2026, 11, 21), true)]
        {
            let until = Some((day, Why::ReviewDue));
            let found = caring(Standing::Open { minor: true, review: true, until }, None).matters();
            assert_eq!(!found.is_empty(), told, "{day}");
        }
        assert_eq!(caring(Standing::Suspended(Why::ReviewDue), None).matters().len(), 1);
        assert_eq!(caring(Standing::Suspended(Why::Sixteen), None).matters(), []);
    }

    #[test]
    fn somebody_who_wants_to_act_is_told_at_once() {
        let mut all = Family::sample();
        all.caring.clear();
        assert_eq!(all.matters(), [], "those who may already are no news");
        all.helpers[0].standing = Standing::Waiting;
        assert!(
            matches!(all.matters().as_slice(), [Matter { name, what: What::Asks, .. }] if name == "Pat Example")
        );
    }
}
