//! Messages and letters: one inbox across senders and care settings, threads that the patient, the surgery and the
//! hospital team on a referral see alike, and how each message reaches the person: inbox, email, text message, letter.
//!
//! A message is a FHIR Communication in the patient's record. Rules are pure: [`decide`] for what may be sent, [`rules`]
//! for who waits and who can answer, [`next`] for how it is brought. Nothing here sends anything: a worker asks [`due`]
//! and tells [`tried`]. An email or a text message must never carry anything of what a message says.

mod cascade;
mod decide;
mod delivery;
mod document;
mod door;
mod lists;
mod reach;
mod read;
mod rules;
#[cfg(any(test, feature = "samples"))]
mod samples;
mod view;
mod work;
mod write;

pub use cascade::{Case, Next, Patience, State, Step, fragments, next, plan};
pub use decide::{DAY_MAX, Draft, Refusal, SUBJECT_MAX, TEXT_MAX, decide, sounds_urgent, written};
pub use delivery::{Parcel, Round, due, settle, tried};
pub use document::{New, communication, due_tag};
pub use reach::Reach;
pub use rules::{ANSWER_DAYS, Standing};
pub use view::{Addressee, Attachment, Desk, Inbox, Kind, Letter, Line, Message, News, Party, Thread};
pub use write::{MESSAGES, Unsent};
