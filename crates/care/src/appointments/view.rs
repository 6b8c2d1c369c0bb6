//! What the pages on appointments, referrals and waits print.

use super::rules::Refusal;
use crate::view::When;
use jiff::{Timestamp, civil::Date};

/// Who keeps the diary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// The GP surgery.
    Surgery,
    /// A hospital's clinic.
    Hospital,
    /// Any other service, such as an urgent treatment centre.
    Other,
}

/// How an appointment is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Channel {
    /// Face to face.
    InPerson,
    /// By telephone.
    Telephone,
    /// By video call.
    Video,
}

impl Channel {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::InPerson, Self::Telephone, Self::Video];

    /// The code of UKCore-DeliveryChannel.
    pub fn code(self) -> &'static str {
        match self {
            Self::InPerson => "In-person",
            Self::Telephone => "Telephone",
            Self::Video => "Video",
        }
    }

    /// The way of that code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.code() == code)
    }
}

/// What has become of an appointment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BookingState {
    /// It will take place.
    Booked,
    /// Asked for, and not confirmed.
    Requested,
    /// Cancelled.
    Cancelled,
    /// It took place.
    Attended,
    /// Nobody came.
    Missed,
    /// It should have taken place; what became of it is not recorded.
    Past,
}

/// Whether the patient can change or cancel it here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Yes.
    Here,
    /// It begins too soon: by telephone.
    TooLate,
    /// Its diary is not kept here: by telephone.
    ByPhone,
    /// It is over or cancelled.
    Over,
}

/// One appointment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// Its id. One of another source begins with the source's number and `~`.
    pub id: String,
    /// Who keeps the diary.
    pub setting: Setting,
    /// What has become of it.
    pub state: BookingState,
    /// When it begins.
    pub start: Timestamp,
    /// When it ends.
    pub end: Option<Timestamp>,
    /// How it is held, when that is recorded.
    pub channel: Option<Channel>,
    /// What it is: `GP appointment`, `Cardiology outpatients`.
    pub service: String,
    /// With whom, when a person is named.
    pub with: Option<String>,
    /// The organisation.
    pub place: Option<String>,
    /// Its address, line by line.
    pub address: Vec<String>,
    /// Its telephone.
    pub phone: Option<String>,
    /// What the patient wrote.
    pub note: Option<String>,
    /// Whether it can be changed here.
    pub change: Change,
    /// The time it had before, when somebody else moved it lately.
    pub moved_from: Option<Timestamp>,
    /// Whether the patient cancelled it.
    pub by_patient: bool,
    /// How often it was written: the sequence of a calendar entry.
    pub version: u64,
    /// The referral it belongs to.
    pub referral: Option<String>,
    /// What that referral is for, where this reader is shown it.
    pub referral_for: Option<String>,
    /// The other system that told of it; `None` for this record.
    pub source: Option<String>,
}

/// The appointment of a referral: enough to name it, and to lead to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ahead {
    /// As [`Booking::id`].
    pub id: String,
    /// As [`Booking::service`].
    pub service: String,
    /// When it begins.
    pub start: Timestamp,
}

/// Where a referral stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReferralState {
    /// Sent, and not looked at yet.
    Sent,
    /// Accepted: on the waiting list.
    Accepted,
    /// An appointment was given out.
    Appointed,
    /// Seen.
    Completed,
    /// Sent back, with the hospital's words.
    Returned(String),
    /// Withdrawn.
    Cancelled,
    /// Put off for a while.
    OnHold,
}

/// One referral.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referral {
    /// Its id, as [`Booking::id`].
    pub id: String,
    /// What for.
    pub specialty: String,
    /// To whom.
    pub organisation: Option<String>,
    /// Their telephone.
    pub phone: Option<String>,
    /// Who wrote it.
    pub by: Option<String>,
    /// When.
    pub on: Option<When>,
    /// Whether it is marked urgent.
    pub urgent: bool,
    /// The unique booking reference number.
    pub ubrn: Option<String>,
    /// Where it stands.
    pub state: ReferralState,
    /// When anything was last told of it.
    pub told_at: Option<Timestamp>,
    /// The place on the waiting list.
    pub waiting: Option<String>,
    /// The appointment.
    pub booking: Option<Ahead>,
    /// As [`Booking::source`].
    pub source: Option<String>,
}

/// How long people waited lately.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waits {
    /// 8 in 10 people waited up to so many weeks; on average so many.
    Known {
        /// The 80th percentile, in begun weeks.
        eight_in_ten_weeks: u32,
        /// The mean, in weeks.
        mean_weeks: u32,
        /// When it was computed.
        measured_at: Timestamp,
    },
    /// Too few people to say.
    TooFew,
}

/// Whether somebody still waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitingState {
    /// Still.
    Waiting,
    /// No longer: seen, or taken off.
    Over,
}

/// One place on a waiting list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Its id, as [`Booking::id`].
    pub id: String,
    /// What for.
    pub specialty: String,
    /// Whose list.
    pub organisation: Option<String>,
    /// Their telephone.
    pub phone: Option<String>,
    /// Since when.
    pub since: Option<Date>,
    /// Whole weeks since then.
    pub weeks: Option<u32>,
    /// Whether it goes on.
    pub state: WaitingState,
    /// How long others waited.
    pub waits: Waits,
    /// The referral.
    pub referral: Option<String>,
    /// The appointment that was given out.
    pub booking: Option<Ahead>,
    /// As [`Booking::source`].
    pub source: Option<String>,
}

/// The surgery that somebody is registered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surgery {
    /// Its name.
    pub name: String,
    /// Its telephone.
    pub phone: Option<String>,
    /// Its address, line by line.
    pub address: Vec<String>,
}

/// Everything in one list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diary {
    /// When it was read.
    pub read_at: Timestamp,
    /// What is to come, soonest first.
    pub upcoming: Vec<Booking>,
    /// What is over or cancelled, newest first.
    pub past: Vec<Booking>,
    /// Referrals, newest first.
    pub referrals: Vec<Referral>,
    /// Places on waiting lists.
    pub waiting: Vec<Waiting>,
    /// The surgery, when one is recorded.
    pub surgery: Option<Surgery>,
    /// Whether hospital care is left out because the reader is under 16 and reads their own.
    pub too_young: bool,
    /// Whether the reader may not see appointments here: none are listed then, which does not mean that there are none.
    pub no_access: bool,
    /// The other sources that did not answer, by name.
    pub silent: Vec<String>,
}

/// One time that can be booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlotChoice {
    /// Its id.
    pub id: String,
    /// When it begins.
    pub start: Timestamp,
    /// When it ends.
    pub end: Timestamp,
    /// How it is held.
    pub channel: Channel,
    /// With whom.
    pub with: Option<String>,
}

/// Days on which something is free.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dates {
    /// The surgery.
    pub surgery: Surgery,
    /// The first day asked for, and the last.
    pub asked: (Date, Date),
    /// Each day with how many times are free, at most ten.
    pub days: Vec<(Date, usize)>,
    /// The first day of the page before.
    pub earlier: Option<Date>,
    /// The first day of the next page.
    pub later: Option<Date>,
    /// When no day is free: the first day on which something of each kind is, of those that can be booked at all.
    pub next: Vec<(Channel, Date)>,
}

/// The free times of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Times {
    /// The surgery.
    pub surgery: Surgery,
    /// The times, in order.
    pub slots: Vec<SlotChoice>,
}

/// What was booked, changed or cancelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booked {
    /// The appointment's id.
    pub id: String,
}

/// The answer of an action: done, or why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answered<T> {
    /// Done.
    Done(T),
    /// Not done, and why.
    Refused {
        /// Why.
        why: Refusal,
        /// Where to telephone instead.
        phone: Option<String>,
        /// Other times that are free now.
        alternatives: Vec<SlotChoice>,
    },
}
