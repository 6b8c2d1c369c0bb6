//! Whether somebody has looked at a result, and what happens next with it. Pure, and careful: where the record does not say,
//! it answers that it does not.

use super::{NextStep, Review};
use crate::record::{ResultState, Stands, TestResult};
use jiff::{Span, Timestamp};

/// A result younger than this without a sign of review is called not yet reviewed. Most surgeries look at results within
/// days; an older one has been dealt with outside what the record tells.
const NEW_DAYS: i32 = 28;

/// Whether somebody has looked: the report names who interpreted it, or holds their conclusion.
pub fn review(report: &TestResult, interpreter: Option<Option<&str>>, now: Timestamp) -> Review {
    if matches!(report.state, ResultState::Waiting | ResultState::Cancelled) {
        return Review::Unstated;
    }
    if report.state != ResultState::Preliminary {
        if let Some(name) = interpreter {
            return Review::Done(name.map(str::to_owned));
        }
        if report.conclusion.is_some() {
            return Review::Done(None);
        }
    }
    let oldest = now.checked_sub(Span::new().hours(24 * NEW_DAYS)).unwrap_or(now);
    match report.issued_at {
        Some(at) if at >= oldest => Review::NotYet,
        _ if report.state == ResultState::Preliminary => Review::NotYet,
        _ => Review::Unstated,
    }
}

/// What happens next, most urgent first. A value that is missing never hides what there is to do about those that came, and
/// is itself never left unsaid.
pub fn next(report: &TestResult, review: &Review) -> Vec<NextStep> {
    let stands = |wanted: fn(Stands) -> bool| report.measurements.iter().any(|one| wanted(one.stands));
    let first = if stands(|one| one == Stands::FarOut) {
        NextStep::CallToday
    } else if report.state == ResultState::Cancelled {
        return vec![NextStep::AskAgain];
    } else if matches!(report.state, ResultState::Waiting | ResultState::Preliminary) {
        return vec![NextStep::Wait];
    } else if *review == Review::NotYet {
        NextStep::TheyLook
    } else if stands(Stands::is_outside) {
        NextStep::Discuss
    } else {
        NextStep::Questions
    };
    let missing = report.unread > 0 || stands(|one| one == Stands::Missing);
    match (first, missing) {
        (NextStep::Questions, true) => vec![NextStep::AskForMissing],
        (first, true) => vec![first, NextStep::AskForMissing],
        (first, false) => vec![first],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Measurement, Reading};

    fn report(state: ResultState, stands: &[Stands], days_old: i64) -> (TestResult, Timestamp) {
        let now: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
        let measurement = |stands: &Stands| Measurement {
            id: "m".into(),
            name: "Sodium".into(),
            plain: None,
            value: Reading::Missing(None),
            range: None,
            flag: None,
            stands: *stands,
            number: None,
            ends: (None, None),
            at: None,
            code: None,
        };
        let report = TestResult {
            id: "r".into(),
            name: "U&E".into(),
            plain: None,
            taken: None,
            issued_at: Timestamp::from_second(now.as_second() - days_old * 86_400).ok(),
            state,
            measurements: stands.iter().map(measurement).collect(),
            unread: 0,
            conclusion: None,
            by: None,
        };
        (report, now)
    }

    #[test]
    fn the_most_urgent_step_stands_first() {
        use NextStep::{AskAgain, AskForMissing, CallToday, Discuss, Questions, TheyLook, Wait};
        use ResultState::{Cancelled, Final, Preliminary, Waiting};
        use Stands::{Above, FarOut, Missing, Within};
        for (state, stands, days, expected) in [
            (Final, vec![Within, FarOut], 100, vec![CallToday]),
            (Preliminary, vec![FarOut, Missing], 1, vec![CallToday, AskForMissing]),
            (Cancelled, vec![], 1, vec![AskAgain]),
            (Waiting, vec![], 1, vec![Wait]),
            (Preliminary, vec![Within], 1, vec![Wait]),
            (Final, vec![Within, Missing], 100, vec![AskForMissing]),
            (Final, vec![Above, Missing], 100, vec![Discuss, AskForMissing]),
            (Final, vec![Above, Missing], 1, vec![TheyLook, AskForMissing]),
            (Final, vec![Above], 1, vec![TheyLook]),
            (Final, vec![Within], 1, vec![TheyLook]),
            (Final, vec![Above], 100, vec![Discuss]),
            (Final, vec![Within], 100, vec![Questions]),
        ] {
            let (report, now) = report(state, &stands, days);
            assert_eq!(next(&report, &review(&report, None, now)), expected, "{state:?} {stands:?} {days}");
        }
        let (mut unread, now) = report(Final, &[Within], 100);
        unread.unread = 1;
        assert_eq!(next(&unread, &review(&unread, None, now)), [AskForMissing]);
    }

    #[test]
    fn a_new_result_is_not_yet_reviewed_until_somebody_is_named_or_concludes() {
        let (mut new, now) = report(ResultState::Final, &[Stands::Within], 27);
        assert_eq!(review(&new, None, now), Review::NotYet);
        assert_eq!(review(&new, Some(Some("Dr A")), now), Review::Done(Some("Dr A".into())));
        assert_eq!(review(&new, Some(None), now), Review::Done(None));
        new.conclusion = Some("Normal".into());
        assert_eq!(review(&new, None, now), Review::Done(None));
        let (old, now) = report(ResultState::Final, &[Stands::Within], 29);
        assert_eq!(review(&old, None, now), Review::Unstated);
        let (early, now) = report(ResultState::Preliminary, &[Stands::Within], 29);
        assert_eq!(
            review(&early, Some(Some("Dr A")), now),
            Review::NotYet,
            "what may change is not reviewed"
        );
    }
}
