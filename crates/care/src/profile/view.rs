//! What the profile page shows.

use super::Refusal;
use crate::view::{Unseen, When};

/// How somebody wants to be reached first. What fails there goes on to the next channel, and at last to a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// A message on this site.
    App,
    /// An email that says that a message waits here.
    Email,
    /// A text message.
    Text,
    /// A letter.
    Letter,
}

/// In what shape somebody can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Format {
    /// As everybody.
    #[default]
    Standard,
    /// Large print.
    LargePrint,
    /// Braille.
    Braille,
    /// Spoken.
    Audio,
    /// Short sentences with pictures.
    EasyRead,
}

/// How somebody wants to be told things.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Preferences {
    /// The channel, where one was chosen.
    pub channel: Option<Channel>,
    /// The format.
    pub format: Format,
    /// The language in its English name; `None` is English.
    pub language: Option<String>,
    /// Whether they need an interpreter.
    pub interpreter: bool,
}

/// A person's details and choices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Their name.
    pub name: String,
    /// When they were born.
    pub born: Option<When>,
    /// Their NHS number, ten digits.
    pub nhs_number: Option<String>,
    /// The lines of their address.
    pub address: Vec<String>,
    /// Their phone numbers.
    pub phones: Vec<String>,
    /// Their email addresses.
    pub emails: Vec<String>,
    /// What they chose.
    pub preferences: Preferences,
}

/// Why a choice was not kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Undone {
    /// A rule says no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The record says no.
    #[error(transparent)]
    Unseen(#[from] Unseen),
}
