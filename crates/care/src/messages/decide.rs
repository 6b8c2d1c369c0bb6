//! The rules of a message: what is too much, what is too little, and what cannot wait for an answer. Pure.

use crate::triage::{Heard, Pathways};
use std::sync::OnceLock;

/// Characters of a message at most.
pub const TEXT_MAX: usize = 2_000;
/// Characters of a subject at most.
pub const SUBJECT_MAX: usize = 80;
/// Messages that one person sends in a day at most.
pub const DAY_MAX: usize = 10;

/// What somebody wants to send.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Draft {
    /// To whom: `surgery` or the id of a referral.
    pub to: String,
    /// What it is about; answers have none of their own.
    pub subject: Option<String>,
    /// What it says.
    pub text: String,
    /// Whether they have read where to go with what cannot wait, and want to send it all the same.
    pub sure: bool,
}

/// Why a message is not sent, in words that a person could be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Nobody was chosen.
    #[error("nobody was chosen")]
    Nobody,
    /// It says nothing about what it is about.
    #[error("the subject is missing")]
    NoSubject,
    /// The subject is too long.
    #[error("the subject has more than {SUBJECT_MAX} characters")]
    LongSubject,
    /// It says nothing.
    #[error("the message is empty")]
    NoText,
    /// It is too long.
    #[error("the message has more than {TEXT_MAX} characters")]
    LongText,
    /// The words sound as if this could not wait for an answer. Nobody is refused who says that it can.
    #[error("this may need help now")]
    Urgent,
    /// Too many in one day.
    #[error("more than {DAY_MAX} messages in a day")]
    TooMany,
    /// Nobody reads answers to this.
    #[error("this cannot be answered")]
    Closed,
}

/// Decides about a message of a patient; `today` is how many they have sent in the last 24 hours.
pub fn decide(draft: &Draft, urgent: bool, today: usize) -> Result<(), Refusal> {
    written(draft)?;
    if urgent && !draft.sure {
        return Err(Refusal::Urgent);
    }
    if today >= DAY_MAX {
        return Err(Refusal::TooMany);
    }
    Ok(())
}

/// What holds for messages of staff, too.
pub fn written(draft: &Draft) -> Result<(), Refusal> {
    let count = |text: &str| text.trim().chars().count();
    match draft.subject.as_deref().map(count) {
        Some(0) => return Err(Refusal::NoSubject),
        Some(some) if some > SUBJECT_MAX => return Err(Refusal::LongSubject),
        _ => {}
    }
    match count(&draft.text) {
        0 => Err(Refusal::NoText),
        some if some > TEXT_MAX => Err(Refusal::LongText),
        _ => Ok(()),
    }
}

/// Whether the words name a sign of an emergency, as the first screen of the guidance does. The guidance reads a
/// thousand characters at once; all of the text is read.
pub fn sounds_urgent(text: &str) -> bool {
    static PATHWAYS: OnceLock<Option<Pathways>> = OnceLock::new();
    let Some(pathways) = PATHWAYS.get_or_init(|| Pathways::demonstration().ok()) else { return false };
    let letters: Vec<char> = text.chars().collect();
    // Windows overlap, so that no words are cut in two for both.
    (0..letters.len()).step_by(800).any(|from| {
        let part: String = letters.iter().skip(from).take(950).collect();
        matches!(pathways.hear(&part), Heard::Sign(_))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(subject: &str, text: &str, sure: bool) -> Draft {
        Draft { to: "surgery".into(), subject: Some(subject.into()), text: text.into(), sure }
    }

    #[test]
    fn limits_are_named_one_by_one() {
        for (one, today, expected) in [
            (draft("Test", "Hello", false), 0, Ok(())),
            (draft(" ", "Hello", false), 0, Err(Refusal::NoSubject)),
            (draft(&"s".repeat(81), "Hello", false), 0, Err(Refusal::LongSubject)),
            (draft("Test", " \n ", false), 0, Err(Refusal::NoText)),
            (draft("Test", &"x".repeat(2000), false), 0, Ok(())),
            (draft("Test", &"x".repeat(2001), false), 0, Err(Refusal::LongText)),
            (draft("Test", "Hello", false), 9, Ok(())),
            (draft("Test", "Hello", false), 10, Err(Refusal::TooMany)),
            (Draft { subject: None, ..draft("", "An answer", false) }, 0, Ok(())),
        ] {
            assert_eq!(decide(&one, sounds_urgent(&one.text), today), expected, "{one:?}");
        }
    }

    #[test]
    fn what_cannot_wait_is_pointed_elsewhere_and_can_still_be_sent() {
        for text in ["I have chest pain since this morning", "i cant breathe", "I want to die"] {
            assert!(sounds_urgent(text), "{text}");
            assert_eq!(decide(&draft("Help", text, false), true, 0), Err(Refusal::Urgent));
            assert_eq!(decide(&draft("Help", text, true), true, 0), Ok(()));
        }
        assert!(!sounds_urgent("When will my appointment letter come?"));
        let late = format!("{} chest pain", "word ".repeat(300));
        assert!(sounds_urgent(&late), "the end of a long message is read, too");
    }
}
