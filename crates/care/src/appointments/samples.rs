//! Samples of this slice's views, for page tests and the gallery. Nobody in them exists.

use super::rules::Refusal;
use super::view::{
    Answered, Booked, Booking, BookingState, Change, Channel, Dates, Diary, Referral, ReferralState, Setting,
    SlotChoice, Surgery, Times, Waiting, WaitingState, Waits,
};
use crate::view::{SAMPLE_NOW, When};
use jiff::{Span, Timestamp, civil::date};

fn after(hours: i64) -> Timestamp {
    SAMPLE_NOW.checked_add(Span::new().hours(hours)).unwrap_or(SAMPLE_NOW)
}

impl Surgery {
    /// A surgery.
    pub fn sample() -> Self {
        Self {
            name: "Sample Surgery".into(),
            phone: Some("01632 960001".into()),
            address: vec!["1 Sample Street".into(), "Sampleton".into(), "QB1 1AA".into()],
        }
    }
}

impl Booking {
    /// An appointment with a surgery.
    pub fn sample() -> Self {
        let Surgery { name, phone, address } = Surgery::sample();
        Self {
            id: "sample-1".into(),
            setting: Setting::Surgery,
            state: BookingState::Booked,
            start: after(67),
            end: Some(after(68)),
            channel: Some(Channel::InPerson),
            service: "GP appointment".into(),
            with: Some("Dr Sam Sample".into()),
            place: Some(name),
            address,
            phone,
            note: Some("A cough that does not go away".into()),
            change: Change::Here,
            moved_from: None,
            by_patient: false,
            version: 1,
            referral: None,
            referral_for: None,
            source: None,
        }
    }
}

impl Referral {
    /// A referral to a hospital.
    pub fn sample() -> Self {
        Self {
            id: "sample-1".into(),
            specialty: "Cardiology".into(),
            organisation: Some("Sample Hospitals Trust".into()),
            phone: Some("01632 960100".into()),
            by: Some("Dr Sam Sample".into()),
            on: Some(When::Day(date(2026, 9, 14))),
            urgent: false,
            ubrn: Some("000123456789".into()),
            state: ReferralState::Accepted,
            told_at: None,
            waiting: Some("sample-1".into()),
            booking: None,
            source: None,
        }
    }
}

impl Waiting {
    /// A place on a waiting list.
    pub fn sample() -> Self {
        Self {
            id: "sample-1".into(),
            specialty: "Cardiology".into(),
            organisation: Some("Sample Hospitals Trust".into()),
            phone: Some("01632 960100".into()),
            since: Some(date(2026, 9, 14)),
            weeks: Some(9),
            state: WaitingState::Waiting,
            waits: Waits::Known { eight_in_ten_weeks: 14, mean_weeks: 11, measured_at: SAMPLE_NOW },
            referral: Some("sample-1".into()),
            booking: None,
            source: None,
        }
    }
}

impl Diary {
    /// A list with something of each kind.
    pub fn sample() -> Self {
        let clinic = Booking {
            id: "sample-2".into(),
            setting: Setting::Hospital,
            start: after(300),
            service: "Cardiology outpatients".into(),
            place: Some("Sample Hospitals Trust".into()),
            phone: Some("01632 960100".into()),
            note: None,
            change: Change::ByPhone,
            moved_from: Some(after(276)),
            referral: Some("sample-1".into()),
            ..Booking::sample()
        };
        let soon =
            Booking { id: "sample-3".into(), start: after(0), change: Change::TooLate, ..Booking::sample() };
        let states =
            [BookingState::Attended, BookingState::Missed, BookingState::Cancelled, BookingState::Past];
        let past = states.into_iter().zip(1..).map(|(state, number)| Booking {
            id: format!("sample-past-{number}"),
            state,
            start: after(-400 * number),
            change: Change::Over,
            channel: Some(Channel::Telephone),
            ..Booking::sample()
        });
        let other = Referral {
            id: "0~sample-2".into(),
            specialty: "Dermatology".into(),
            state: ReferralState::Sent,
            waiting: None,
            source: Some("Sample referrals".into()),
            ..Referral::sample()
        };
        Self {
            read_at: SAMPLE_NOW,
            upcoming: vec![soon, Booking::sample(), clinic],
            past: past.collect(),
            referrals: vec![Referral::sample(), other],
            waiting: vec![Waiting::sample()],
            surgery: Some(Surgery::sample()),
            too_young: false,
            no_access: false,
            silent: vec!["Another hospital".into()],
        }
    }

    /// A list with nothing in it, read by somebody under 16.
    pub fn sample_empty() -> Self {
        Self {
            read_at: SAMPLE_NOW,
            upcoming: Vec::new(),
            past: Vec::new(),
            referrals: Vec::new(),
            waiting: Vec::new(),
            surgery: None,
            too_young: true,
            no_access: false,
            silent: Vec::new(),
        }
    }
}

impl Diary {
    /// A list that this reader may not see.
    pub fn sample_refused() -> Self {
        Self { no_access: true, too_young: false, ..Self::sample_empty() }
    }
}

impl Dates {
    /// A page of dates.
    pub fn sample() -> Self {
        let days = [(23, 6), (24, 3), (25, 1), (26, 8)].map(|(day, free)| (date(2026, 11, day), free));
        Self {
            surgery: Surgery::sample(),
            asked: (date(2026, 11, 20), date(2026, 12, 3)),
            days: days.to_vec(),
            earlier: None,
            later: Some(date(2026, 12, 4)),
            next: Vec::new(),
        }
    }

    /// A fortnight without anything free.
    pub fn sample_empty() -> Self {
        let next = vec![(Channel::Telephone, date(2026, 11, 23)), (Channel::InPerson, date(2026, 12, 8))];
        Self { days: Vec::new(), next, ..Self::sample() }
    }
}

fn slots() -> Vec<SlotChoice> {
    let one = |number: i64| SlotChoice {
        id: format!("sample-{number}"),
        start: after(66 + number),
        end: after(66 + number),
        channel: Channel::InPerson,
        with: Some("Dr Sam Sample".into()),
    };
    (1..5).map(one).collect()
}

impl Times {
    /// Free times of a day.
    pub fn sample() -> Self {
        Self { surgery: Surgery::sample(), slots: slots() }
    }

    /// A day without any.
    pub fn sample_empty() -> Self {
        Self { slots: Vec::new(), ..Self::sample() }
    }

    /// A time that is gone.
    pub fn sample_gone() -> Answered<Self> {
        Answered::Refused { why: Refusal::SlotGone, phone: Surgery::sample().phone, alternatives: slots() }
    }
}

impl Booked {
    /// Done.
    pub fn sample() -> Answered<Self> {
        Answered::Done(Self { id: "sample-1".into() })
    }
}
