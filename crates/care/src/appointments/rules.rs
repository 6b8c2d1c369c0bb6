//! When an appointment may be booked, changed or cancelled. Pure: given what is known, the request and the time.
//!
//! GP Connect, appointment management: a search spans two weeks at most, only times to come are booked, a comment has 500
//! characters at most. The other limits are ours and stand here by name.

use super::from_fhir::day;
use super::view::{BookingState, Change, Setting};
use jiff::{Span, Timestamp, civil::Date};

/// Days in one search for free times.
pub const DAYS_A_SEARCH: i32 = 14;
/// Days ahead that can be booked.
pub const HORIZON_DAYS: i32 = 56;
/// Characters of a note to the surgery.
pub const NOTE_LIMIT: usize = 500;
/// Characters of a question to the surgery.
pub const ASK_LIMIT: usize = 500;
/// Appointments with the surgery that one person may have ahead of them.
pub const BOOKINGS_LIMIT: usize = 3;
/// An appointment can be changed or cancelled here until so many minutes before it.
pub const CANCEL_UNTIL_MINUTES: i64 = 60;
/// Ten dates stand on a page.
pub(super) const DATES_A_PAGE: usize = 10;

/// Why an appointment was not booked, changed or cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Somebody else was faster, or the time is over.
    #[error("that time is no longer free")]
    SlotGone,
    /// Too many are ahead already.
    #[error("there are {BOOKINGS_LIMIT} appointments ahead already")]
    LimitReached,
    /// It begins too soon to be changed here.
    #[error("the appointment begins in less than {CANCEL_UNTIL_MINUTES} minutes")]
    TooLate,
    /// Its diary is not kept here.
    #[error("the appointment can be changed by telephone only")]
    ByPhone,
    /// It is over or cancelled already.
    #[error("the appointment is over or cancelled")]
    Over,
    /// The note is too long.
    #[error("the note has more than {NOTE_LIMIT} characters")]
    NoteTooLong,
    /// There is nothing to send.
    #[error("the note is empty")]
    NoteEmpty,
    /// More days than one search may span.
    #[error("a search spans {DAYS_A_SEARCH} days at most")]
    RangeTooLong,
    /// No surgery is recorded, or it offers nothing here.
    #[error("the surgery has no diary here")]
    NoSurgery,
    /// Own referrals and hospital appointments are shown from the age of 16.
    #[error("the reader is under 16")]
    Under16,
}

/// A time somebody wants.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// Whether it is free now.
    pub free: bool,
    /// When it begins.
    pub start: Timestamp,
    /// What the patient wrote.
    pub note: &'a str,
}

/// Whether a time may be booked by somebody with so many appointments ahead.
pub(super) fn may_book(wanted: &Wanted<'_>, ahead: usize, now: Timestamp) -> Result<(), Refusal> {
    note(wanted.note)?;
    if ahead >= BOOKINGS_LIMIT {
        return Err(Refusal::LimitReached);
    }
    if wanted.free && can_be_booked(wanted.start, now) { Ok(()) } else { Err(Refusal::SlotGone) }
}

/// Whether a time lies ahead, and not further ahead than can be booked.
pub(super) fn can_be_booked(start: Timestamp, now: Timestamp) -> bool {
    let last = day(now).checked_add(Span::new().days(HORIZON_DAYS)).unwrap_or(Date::MAX);
    start > now && day(start) <= last
}

/// Whether a note to the surgery is short enough.
pub(super) fn note(note: &str) -> Result<(), Refusal> {
    if note.chars().count() <= NOTE_LIMIT { Ok(()) } else { Err(Refusal::NoteTooLong) }
}

/// Whether a question to the surgery can be sent.
pub(super) fn question(text: &str) -> Result<(), Refusal> {
    match text.trim().chars().count() {
        0 => Err(Refusal::NoteEmpty),
        length if length > ASK_LIMIT => Err(Refusal::NoteTooLong),
        _ => Ok(()),
    }
}

/// Whether an appointment can be changed or cancelled here. `kept_here` says that its slot is in a diary of this record.
pub(super) fn change(
    (setting, state): (Setting, BookingState),
    kept_here: bool,
    start: Timestamp,
    now: Timestamp,
) -> Change {
    if !matches!(state, BookingState::Booked | BookingState::Requested) || start <= now {
        return Change::Over;
    }
    if setting != Setting::Surgery || !kept_here {
        return Change::ByPhone;
    }
    let last = start.checked_sub(Span::new().minutes(CANCEL_UNTIL_MINUTES)).unwrap_or(start);
    if now <= last { Change::Here } else { Change::TooLate }
}

/// Whether an appointment may be changed or cancelled, and if not why.
pub(super) fn may_change(change: Change) -> Result<(), Refusal> {
    match change {
        Change::Here => Ok(()),
        Change::TooLate => Err(Refusal::TooLate),
        Change::ByPhone => Err(Refusal::ByPhone),
        Change::Over => Err(Refusal::Over),
    }
}

/// Whether a search may span these days, the last included.
pub(super) fn span((first, last): (Date, Date)) -> Result<(), Refusal> {
    let days = first.until(last).map_or(i32::MAX, |span| span.get_days());
    if (0..DAYS_A_SEARCH).contains(&days) { Ok(()) } else { Err(Refusal::RangeTooLong) }
}

/// Whether somebody is too young to read their own referrals and hospital appointments. A birth date that is not known
/// to the day closes nothing.
pub(super) fn too_young(age: Option<u16>) -> bool {
    age.is_some_and(|years| years < 16)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn booking() {
        let now = at("2026-11-22T09:00:00Z");
        let (soon, past) = ("2026-11-22T09:00:01Z", "2026-11-22T09:00:00Z");
        let long = "é".repeat(NOTE_LIMIT);
        let longer = "é".repeat(NOTE_LIMIT + 1);
        for (free, start, note, ahead, expected) in [
            (true, soon, "", 0, Ok(())),
            (true, soon, long.as_str(), BOOKINGS_LIMIT - 1, Ok(())),
            (false, soon, "", 0, Err(Refusal::SlotGone)),
            (true, past, "", 0, Err(Refusal::SlotGone)),
            (true, "2027-01-17T23:59:59Z", "", 0, Ok(())),
            (true, "2027-01-18T00:00:00Z", "", 0, Err(Refusal::SlotGone)),
            (true, soon, "", BOOKINGS_LIMIT, Err(Refusal::LimitReached)),
            (false, soon, "", BOOKINGS_LIMIT, Err(Refusal::LimitReached)),
            (true, soon, longer.as_str(), 0, Err(Refusal::NoteTooLong)),
        ] {
            let wanted = Wanted { free, start: at(start), note };
            assert_eq!(may_book(&wanted, ahead, now), expected, "{free} {start} {ahead}");
        }
    }

    #[test]
    fn changing() {
        use BookingState::{Attended, Booked, Cancelled, Requested};
        use Setting::{Hospital, Other, Surgery};
        let start = at("2026-11-22T10:00:00Z");
        for (setting, state, kept_here, now, expected) in [
            (Surgery, Booked, true, "2026-11-22T09:00:00Z", Change::Here),
            (Surgery, Booked, true, "2026-11-22T09:00:01Z", Change::TooLate),
            (Surgery, Booked, true, "2026-11-22T10:00:00Z", Change::Over),
            (Surgery, Booked, false, "2026-11-20T09:00:00Z", Change::ByPhone),
            (Hospital, Booked, true, "2026-11-20T09:00:00Z", Change::ByPhone),
            (Other, Requested, true, "2026-11-20T09:00:00Z", Change::ByPhone),
            (Surgery, Cancelled, true, "2026-11-20T09:00:00Z", Change::Over),
            (Surgery, Attended, true, "2026-11-20T09:00:00Z", Change::Over),
        ] {
            assert_eq!(
                change((setting, state), kept_here, start, at(now)),
                expected,
                "{setting:?} {state:?} {now}"
            );
        }
        assert_eq!(may_change(Change::TooLate), Err(Refusal::TooLate));
        assert_eq!(may_change(Change::ByPhone), Err(Refusal::ByPhone));
    }

    #[test]
    fn a_search_spans_a_fortnight_at_most() {
        let first = date(2026, 11, 22);
        for (last, expected) in [
            (date(2026, 11, 22), Ok(())),
            (date(2026, 12, 5), Ok(())),
            (date(2026, 12, 6), Err(Refusal::RangeTooLong)),
            (date(2026, 11, 21), Err(Refusal::RangeTooLong)),
        ] {
            assert_eq!(span((first, last)), expected, "{last}");
        }
    }

    #[test]
    fn sixteen_is_old_enough() {
        assert!(too_young(Some(15)) && !too_young(Some(16)) && !too_young(None));
    }

    #[test]
    fn a_question_needs_words() {
        assert_eq!(question(" \n"), Err(Refusal::NoteEmpty));
        assert_eq!(question("a"), Ok(()));
        assert_eq!(question(&"a".repeat(ASK_LIMIT + 1)), Err(Refusal::NoteTooLong));
    }
}
