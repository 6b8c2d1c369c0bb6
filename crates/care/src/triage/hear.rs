//! What somebody writes in their own words. It may raise a sign of the first screen or suggest topics; it is never an
//! answer, so it cannot lower an outcome, and it is neither kept nor put into an address.

use super::answers::{Answers, Heard, Urgent};
use super::pathways::Pathways;

/// Longer texts are read up to here.
const LIMIT_CHARS: usize = 1_000;
/// More topics are never suggested.
const TOPICS_MAX: usize = 4;

impl Pathways {
    /// What is heard in a text. A sign wins over everything: also where the words say that it is absent, because to
    /// understand a negation wrongly would be worse than to show a card too often.
    #[must_use]
    pub fn hear(&self, text: &str) -> Heard {
        let said = plain(text);
        let mentions = |words: &[String]| {
            words.iter().filter(|words| said.contains(&plain(words))).map(String::len).max()
        };
        if let Some(flag) = self.flags().iter().find(|flag| mentions(&flag.words).is_some()) {
            return Heard::Sign(flag.sign.code().to_owned());
        }
        let mut fits: Vec<(usize, &str)> = self
            .topics()
            .iter()
            .filter_map(|topic| Some((mentions(&topic.words)?, topic.id.as_str())))
            .collect();
        fits.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
        Heard::Topics(fits.into_iter().take(TOPICS_MAX).map(|(_, id)| id.to_owned()).collect())
    }

    /// Answers after a text was heard: a sign is added where it leads higher, nothing else changes.
    #[must_use]
    pub fn raised(&self, answers: Answers, text: &str) -> Answers {
        let Heard::Sign(code) = self.hear(text) else { return answers };
        let with = Answers { urgent: Some(Urgent::Sign(code)), ..answers.clone() };
        if self.walk(&with).urgency() > self.walk(&answers).urgency() { with } else { answers }
    }
}

/// Lower case, apostrophes gone, everything else that is no letter or digit a blank, with a blank at both ends, so that
/// whole words are compared.
fn plain(text: &str) -> String {
    let mut out = String::from(" ");
    for letter in text.chars().take(LIMIT_CHARS) {
        if letter.is_alphanumeric() {
            out.extend(letter.to_lowercase());
        } else if !matches!(letter, '\'' | '’' | '‘' | '`') && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    if !out.ends_with(' ') {
        out.push(' ');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::triage::{Age, Whom};
    use proptest::prelude::*;

    #[test]
    fn signs_are_heard_in_plain_words() {
        let set = Pathways::demonstration().unwrap();
        let cases = [
            ("My dad has CHEST PAIN!", "chest-pain"),
            ("i can’t breathe", "breathing"),
            ("cant breathe", "breathing"),
            ("her face has dropped on one side", "stroke"),
            ("it won't stop bleeding", "bleeding"),
            ("I don't want to live any more", "suicide"),
            ("no chest pain, just a cough", "chest-pain"),
        ];
        for (text, code) in cases {
            assert_eq!(set.hear(text), Heard::Sign(code.into()), "{text}");
        }
    }

    #[test]
    fn other_words_suggest_topics_or_nothing() {
        let set = Pathways::demonstration().unwrap();
        assert_eq!(set.hear("bad toothache since monday"), Heard::Topics(vec!["tooth".into()]));
        assert_eq!(set.hear("sore throat"), Heard::Topics(vec!["cough".into()]));
        assert_eq!(set.hear(""), Heard::Topics(vec![]));
        assert_eq!(set.hear("seesaw"), Heard::Topics(vec![]), "only whole words count");
    }

    proptest! {
        #[test]
        fn free_text_cannot_lower(
            text in prop_oneof![any::<String>(), "(chest pain|cant breathe|no|not|fine|i want to die|cough| ){0,6}"],
            sign in proptest::option::of(0..5_usize),
            first in prop_oneof![Just("none"), Just("swelling"), Just("blood"), Just("unsure")],
            days in prop_oneof![Just("few"), Just("some"), Just("many")],
        ) {
            let set = Pathways::demonstration().unwrap();
            let urgent = sign.map_or(Urgent::None, |at| Urgent::Sign(set.flags()[at].sign.code().into()));
            let answers = Answers {
                urgent: Some(urgent),
                whom: Some(Whom::Me),
                age: Some(Age::From16To64),
                topic: Some("cough".into()),
                steps: Vec::new(),
            };
            let answers = answers.with("signs", &[first]).with("days", &[days]);
            let before = set.walk(&answers).urgency();
            let after = set.walk(&set.raised(answers.clone(), &text)).urgency();
            prop_assert!(after >= before, "{text:?}: {before:?} then {after:?}");
        }
    }
}
