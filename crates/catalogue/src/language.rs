//! The language that this process speaks. It is chosen once, before anything is said.

use std::sync::OnceLock;

/// A language of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English as written in Britain.
    #[default]
    English,
    /// English with every message in [`MARKS`]: what a test reads outside of them is in no catalogue and cannot be translated.
    Marked,
}

/// What stands before and after each message of [`Language::Marked`].
pub const MARKS: (char, char) = ('⟦', '⟧');

static SPOKEN: OnceLock<Language> = OnceLock::new();

/// Chooses the language; `false` when something was said before, or another was chosen.
pub fn speak(language: Language) -> bool {
    *SPOKEN.get_or_init(|| language) == language
}

/// The language that was chosen, else English.
pub(crate) fn spoken() -> Language {
    *SPOKEN.get_or_init(Language::default)
}

impl Language {
    /// The language of a code.
    pub fn of(code: &str) -> Option<Self> {
        match code {
            "en-GB" => Some(Self::English),
            "marked" => Some(Self::Marked),
            _ => None,
        }
    }

    /// A message as this language says it.
    pub(crate) fn message(self, words: String) -> String {
        match self {
            Self::English => words,
            Self::Marked => format!("{}{words}{}", MARKS.0, MARKS.1),
        }
    }
}
