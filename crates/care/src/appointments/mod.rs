//! Appointments with the GP surgery and in hospital, referrals, and waits: one list, whoever keeps the diary.
//!
//! Rules (`rules`) are pure and follow GP Connect's appointment management: a fortnight at most in one search, only times
//! to come, a note of at most 500 characters, one person for a time. `book` is the thin shell: it reads, decides, and
//! decides again inside the commit, so that of two people who want one time exactly one gets it. Referrals are
//! ServiceRequests; a place on a waiting list is a CarePlan; waits are published MeasureReports.
//! `message` applies what other settings send (booking and referral messages). Never sees HTTP or HTML.

mod ask;
mod book;
mod change;
mod door;
pub mod elsewhere;
mod from_fhir;
mod matters;
mod measure;
pub mod message;
mod read;
mod resources;
mod rules;
#[cfg(any(test, feature = "samples"))]
mod samples;
mod slots;
mod view;
mod waits;

pub use elsewhere::Elsewhere;
pub use matters::Matter;
pub use measure::{Measured, measure};
pub use rules::{
    ASK_LIMIT, BOOKINGS_LIMIT, CANCEL_UNTIL_MINUTES, DAYS_A_SEARCH, HORIZON_DAYS, NOTE_LIMIT, Refusal,
};
pub use slots::window;
pub use view::{
    Ahead, Answered, Booked, Booking, BookingState, Change, Channel, Dates, Diary, Referral, ReferralState,
    Setting, SlotChoice, Surgery, Times, Waiting, WaitingState, Waits,
};

use store::Capability;

/// What a patient may change through this slice.
pub const CAPABILITY: Capability =
    Capability { name: "appointments", writes: &["Appointment", "Communication"], shared: &["Slot"] };
