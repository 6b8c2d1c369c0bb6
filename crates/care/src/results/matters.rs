//! Which results are new, and whether one of them must not wait. Pure but for the read.

use super::read::outcomes;
use super::view::{NextStep, Outcome};
use crate::lookup::unseen;
use crate::record::{ResultState, Whom};
use crate::view::Unseen;
use jiff::{Span, Timestamp};
use store::{Actor, Error, Store};

/// A result is new for so many days.
pub(super) const NEW_DAYS: i64 = 14;
/// So many are read: more than a home page shows.
const READ: &str = "6";

/// A new result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter {
    /// Id of the report.
    pub id: String,
    /// What was tested.
    pub name: String,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// Whether a value is far from usual, so that it must not wait.
    pub far_out: bool,
    /// How many values are outside what is usual.
    pub outside: usize,
    /// Whether a value that was wanted is missing, or there will be no result.
    pub missing: bool,
}

/// The new results of a person, newest first.
pub(super) async fn matters(store: &Store, actor: &Actor, patient: &str) -> Result<Vec<Matter>, Unseen> {
    let patient = patient.to_owned();
    let now = store.environment().clock.now();
    let read = store.read(actor.clone(), move |snapshot| {
        let whom = Whom::read(snapshot, &patient)?;
        match outcomes(snapshot, &whom, &[("_count", READ), ("_sort", "-date")], now) {
            Ok(found) => Ok(found.items.iter().filter_map(|one| matter(one, now)).collect()),
            // Nothing here is this reader's to know.
            Err(Error::Forbidden) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    });
    read.await.map_err(|error| unseen(&error))
}

/// A result as news; `None` when it is old, or there is nothing to see yet.
pub(super) fn matter(one: &Outcome, now: Timestamp) -> Option<Matter> {
    let since = now.checked_sub(Span::new().hours(24 * NEW_DAYS)).unwrap_or(now);
    let issued_at = one.report.issued_at.filter(|at| *at >= since)?;
    if one.report.state == ResultState::Waiting {
        return None;
    }
    let says = |step: NextStep| one.next.contains(&step);
    Some(Matter {
        id: one.report.id.clone(),
        name: one.report.name.clone(),
        issued_at,
        far_out: says(NextStep::CallToday),
        outside: one.outside().count(),
        missing: says(NextStep::AskForMissing) || says(NextStep::AskAgain),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Stands;
    use crate::view::{SAMPLE_NOW, minutes_ago};

    fn issued(days: i64) -> Outcome {
        let mut one = Outcome::sample();
        one.report.issued_at = Some(minutes_ago(days * 24 * 60));
        one
    }

    #[test]
    fn a_result_is_news_for_a_fortnight_and_not_before_there_is_one() {
        assert!(matter(&issued(1), SAMPLE_NOW).is_some() && matter(&issued(13), SAMPLE_NOW).is_some());
        assert_eq!(matter(&issued(15), SAMPLE_NOW), None);
        assert_eq!(matter(&Outcome::sample_waiting(), SAMPLE_NOW), None);
        let mut begun = issued(1);
        begun.report.state = ResultState::Waiting;
        assert_eq!(matter(&begun, SAMPLE_NOW), None);
        let mut undated = issued(1);
        undated.report.issued_at = None;
        assert_eq!(matter(&undated, SAMPLE_NOW), None);
    }

    #[test]
    fn what_must_not_wait_says_so() {
        let mut one = issued(1);
        let plain = matter(&one, SAMPLE_NOW).unwrap();
        assert!(!plain.far_out && plain.missing && plain.outside == 1, "{plain:?}");
        for value in &mut one.report.measurements {
            value.stands = Stands::Within;
        }
        one.next = vec![NextStep::CallToday];
        let urgent = matter(&one, SAMPLE_NOW).unwrap();
        assert!(urgent.far_out && !urgent.missing && urgent.outside == 0, "{urgent:?}");
        one.next = vec![NextStep::AskAgain];
        assert!(matter(&one, SAMPLE_NOW).unwrap().missing, "there will be no result");
    }
}
