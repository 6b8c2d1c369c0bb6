//! What of somebody's appointments and referrals needs them: what is soon, what others moved or cancelled, what came back.
//! Pure, but for reading which time an appointment had before.

use super::from_fhir::day;
use super::view::{Booking, BookingState, Change, Diary, Referral, ReferralState};
use crate::words::instant;
use fhir::json::Value;
use jiff::{Span, Timestamp};
use store::{Error, Snapshot};

/// An appointment stands on the home page from so many days before it on.
const SOON_DAYS: i32 = 2;
/// What others changed is news for so many days.
const NEWS_DAYS: i64 = 14;
/// How many earlier versions of an appointment are looked at for another time.
const VERSIONS: u64 = 4;

/// One thing that needs the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Matter {
    /// An appointment is today, tomorrow or the day after.
    Soon(Booking),
    /// Others gave it another time; the time before stands in [`Booking::moved_from`].
    Moved(Booking),
    /// Others cancelled an appointment that was still to come.
    Cancelled(Booking),
    /// The hospital sent a referral back lately.
    Returned(Referral),
}

impl Diary {
    /// What needs the person. An appointment is named once, for the more urgent of its reasons.
    #[must_use]
    pub fn matters(&self) -> Vec<Matter> {
        let last = day(self.read_at).saturating_add(Span::new().days(SOON_DAYS));
        let mut matters = Vec::new();
        for one in &self.upcoming {
            if one.moved_from.is_some() {
                matters.push(Matter::Moved(one.clone()));
            } else if one.state == BookingState::Booked && day(one.start) <= last {
                matters.push(Matter::Soon(one.clone()));
            }
        }
        let cancelled = |one: &&Booking| {
            one.state == BookingState::Cancelled && !one.by_patient && one.start > self.read_at
        };
        matters.extend(self.past.iter().filter(cancelled).cloned().map(Matter::Cancelled));
        let since = self.read_at.checked_sub(Span::new().hours(24 * NEWS_DAYS)).unwrap_or(self.read_at);
        let returned = |one: &&Referral| {
            matches!(one.state, ReferralState::Returned(_)) && one.told_at.is_none_or(|at| at >= since)
        };
        matters.extend(self.referrals.iter().filter(returned).cloned().map(Matter::Returned));
        matters
    }
}

/// The time an appointment had before others moved it lately. Only its present time counts: one that was moved away and back
/// was not moved.
pub(super) fn moved_from(
    snapshot: &mut Snapshot,
    (booking, document): (&Booking, &Value),
    now: Timestamp,
) -> Result<Option<Timestamp>, Error> {
    // What a patient can change here they may have changed themselves, and were told then.
    if booking.change != Change::ByPhone || booking.version < 2 {
        return Ok(None);
    }
    let since = now.checked_sub(Span::new().hours(24 * NEWS_DAYS)).unwrap_or(now);
    if document.text_at(&["meta", "lastUpdated"]).and_then(instant).is_none_or(|at| at < since) {
        return Ok(None);
    }
    let oldest = booking.version.saturating_sub(VERSIONS).max(1);
    for version in (oldest..booking.version).rev() {
        let found = match snapshot.vread("Appointment", &booking.id, version) {
            // A carer sees present versions only.
            Err(Error::Forbidden | Error::NotFound) => return Ok(None),
            found => found?.present().ok(),
        };
        let Some(found) = found else { continue };
        let before = found.value()?.text_at(&["start"]).and_then(instant);
        if let Some(before) = before.filter(|before| *before != booking.start) {
            return Ok(Some(before));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::SAMPLE_NOW;

    fn after(hours: i64) -> Timestamp {
        SAMPLE_NOW.checked_add(Span::new().hours(hours)).unwrap()
    }

    fn diary(upcoming: Vec<Booking>, past: Vec<Booking>) -> Diary {
        Diary { upcoming, past, too_young: false, ..Diary::sample_empty() }
    }

    #[test]
    fn an_appointment_is_soon_from_two_days_before_it() {
        // It is Friday 2:05pm: the whole of Sunday is soon, Monday is not.
        for (hours, soon) in [(1, true), (34, true), (57, true), (58, false), (100, false)] {
            let one = Booking { start: after(hours), ..Booking::sample() };
            assert_eq!(diary(vec![one], Vec::new()).matters().len(), usize::from(soon), "in {hours} hours");
        }
        let asked = Booking { start: after(1), state: BookingState::Requested, ..Booking::sample() };
        assert_eq!(diary(vec![asked], Vec::new()).matters(), [], "nobody said that it takes place");
    }

    #[test]
    fn what_others_moved_or_cancelled_is_told_and_what_the_person_did_is_not() {
        let moved = Booking { start: after(400), moved_from: Some(after(300)), ..Booking::sample() };
        assert_eq!(diary(vec![moved.clone()], Vec::new()).matters(), [Matter::Moved(moved)]);
        let cancelled = |hours: i64, by_patient: bool| Booking {
            start: after(hours),
            state: BookingState::Cancelled,
            by_patient,
            ..Booking::sample()
        };
        let all = vec![cancelled(300, false), cancelled(300, true), cancelled(-3, false)];
        assert_eq!(diary(Vec::new(), all).matters(), [Matter::Cancelled(cancelled(300, false))]);
    }

    #[test]
    fn a_referral_that_came_back_needs_somebody() {
        let back =
            Referral { state: ReferralState::Returned("Try physiotherapy".into()), ..Referral::sample() };
        let all =
            Diary { referrals: vec![Referral::sample(), back.clone()], ..diary(Vec::new(), Vec::new()) };
        assert_eq!(all.matters(), [Matter::Returned(back.clone())]);
        for (days, told) in [(13, true), (15, false)] {
            let back = Referral { told_at: Some(after(-24 * days)), ..back.clone() };
            let all = Diary { referrals: vec![back], ..diary(Vec::new(), Vec::new()) };
            assert_eq!(all.matters().len(), usize::from(told), "told {days} days ago");
        }
    }
}
