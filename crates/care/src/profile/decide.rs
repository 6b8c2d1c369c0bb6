//! Whether a choice can be kept, and the Patient resource with it. Pure.

use super::contacts::{email, mobile};
use super::preferences::{set_channel, set_format, set_language};
use super::{Channel, Format};
use fhir::json::Value;

/// The longest name of a language.
const LONGEST: usize = 60;

/// What somebody chooses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// How to reach them first.
    Channel(Channel),
    /// In what format.
    Format(Format),
    /// In which language, and whether with an interpreter.
    Language {
        /// The language in its English name.
        language: String,
        /// Whether they need an interpreter.
        interpreter: bool,
    },
}

/// Why a choice cannot be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Email was chosen, and no email address is recorded.
    #[error("no email address is recorded")]
    NoEmail,
    /// Text messages were chosen, and no mobile number is recorded.
    #[error("no mobile number is recorded")]
    NoMobile,
    /// No language was named.
    #[error("no language was named")]
    NoLanguage,
    /// What was named is too long for a language.
    #[error("a language has at most {LONGEST} letters")]
    LanguageTooLong,
}

/// The Patient with the choice in it, as they can be reached on a day (`2026-11-22`).
///
/// # Errors
/// [`Refusal`], in words of a rule that a patient can read.
pub(super) fn decide(patient: &Value, change: &Change, today: &str) -> Result<Value, Refusal> {
    match change {
        Change::Channel(Channel::Email) if email(patient, today).is_none() => {
            return Err(Refusal::NoEmail);
        }
        Change::Channel(Channel::Text) if mobile(patient, today).is_none() => return Err(Refusal::NoMobile),
        Change::Language { language, .. } => match language.trim().chars().count() {
            0 => return Err(Refusal::NoLanguage),
            length if length > LONGEST => return Err(Refusal::LanguageTooLong),
            _ => {}
        },
        Change::Channel(_) | Change::Format(_) => {}
    }
    let mut next = patient.clone();
    if let Some(object) = next.as_object_mut() {
        match change {
            Change::Channel(channel) => set_channel(object, *channel),
            Change::Format(format) => set_format(object, *format),
            Change::Language { language, interpreter } => {
                set_language(object, language.trim(), *interpreter);
            }
        }
    }
    Ok(next)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::{Preferences, preferences};
    use fhir::json::{Limits, parse};

    fn patient(more: &str) -> Value {
        let text = format!(r#"{{"resourceType":"Patient","id":"a","birthDate":"1958-03-01"{more}}}"#);
        parse(text.as_bytes(), &Limits::default()).unwrap()
    }

    const TODAY: &str = "2026-11-22";
    const REACHABLE: &str = r#","telecom":[{"system":"phone","value":"07700 900123","use":"mobile"},
        {"system":"email","value":"a@example.org"}]"#;

    #[test]
    fn what_is_chosen_is_read_back_and_nothing_else_changes() {
        let before = patient(REACHABLE);
        let changes = [
            (
                Change::Channel(Channel::App),
                Preferences { channel: Some(Channel::App), ..Preferences::default() },
            ),
            (
                Change::Channel(Channel::Email),
                Preferences { channel: Some(Channel::Email), ..Preferences::default() },
            ),
            (
                Change::Channel(Channel::Text),
                Preferences { channel: Some(Channel::Text), ..Preferences::default() },
            ),
            (
                Change::Channel(Channel::Letter),
                Preferences { channel: Some(Channel::Letter), ..Preferences::default() },
            ),
            (
                Change::Format(Format::LargePrint),
                Preferences { format: Format::LargePrint, ..Preferences::default() },
            ),
            (
                Change::Format(Format::Braille),
                Preferences { format: Format::Braille, ..Preferences::default() },
            ),
            (Change::Format(Format::Audio), Preferences { format: Format::Audio, ..Preferences::default() }),
            (
                Change::Format(Format::EasyRead),
                Preferences { format: Format::EasyRead, ..Preferences::default() },
            ),
            (
                Change::Language { language: " polish ".into(), interpreter: true },
                Preferences { language: Some("Polish".into()), interpreter: true, ..Preferences::default() },
            ),
            (
                Change::Language { language: "Tigrinya".into(), interpreter: false },
                Preferences { language: Some("Tigrinya".into()), ..Preferences::default() },
            ),
            (Change::Language { language: "English".into(), interpreter: false }, Preferences::default()),
        ];
        for (change, expected) in changes {
            let after = decide(&before, &change, TODAY).unwrap();
            assert_eq!(preferences(&after), expected, "{change:?}");
            assert_eq!(after.get("telecom"), before.get("telecom"));
            assert_eq!(fhir::validate::structural(&after).iter().filter(|one| one.is_error()).count(), 0);
        }
    }

    #[test]
    fn choices_stand_beside_each_other_and_can_be_taken_back() {
        let steps = [
            Change::Channel(Channel::Letter),
            Change::Format(Format::Braille),
            Change::Language { language: "Welsh".into(), interpreter: true },
        ];
        let mut one = patient(REACHABLE);
        for step in &steps {
            one = decide(&one, step, TODAY).unwrap();
        }
        let all = Preferences {
            channel: Some(Channel::Letter),
            format: Format::Braille,
            language: Some("Welsh".into()),
            interpreter: true,
        };
        assert_eq!(preferences(&one), all);
        let back = decide(&one, &Change::Format(Format::Standard), TODAY).unwrap();
        assert_eq!(preferences(&back), Preferences { format: Format::Standard, ..all });
        assert_eq!(decide(&patient(""), &Change::Format(Format::Standard), TODAY).unwrap(), patient(""));
    }

    #[test]
    fn what_others_wrote_stays() {
        let others = patient(
            r#","extension":[{"url":"urn:other","valueString":"x"},
            {"url":"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-ContactPreference","extension":[
            {"url":"PreferredContactTimes","valueString":"Not after 7pm"}]}],
            "communication":[{"language":{"coding":[{"system":"urn:ietf:bcp:47","code":"fr"}]},"preferred":true}]"#,
        );
        let after = decide(&others, &Change::Channel(Channel::Letter), TODAY).unwrap();
        let text = String::from_utf8(fhir::json::to_vec(&after)).unwrap();
        assert!(text.contains("urn:other") && text.contains("Not after 7pm"), "{text}");
        let after =
            decide(&after, &Change::Language { language: "Polish".into(), interpreter: false }, TODAY)
                .unwrap();
        assert_eq!(after.items("communication").len(), 2, "French is spoken still");
        assert_eq!(preferences(&after).language.as_deref(), Some("Polish"));
    }

    #[test]
    fn nobody_chooses_what_cannot_reach_them() {
        let cases = [
            (Change::Channel(Channel::Email), Refusal::NoEmail),
            (Change::Channel(Channel::Text), Refusal::NoMobile),
            (Change::Language { language: "  ".into(), interpreter: true }, Refusal::NoLanguage),
            (Change::Language { language: "x".repeat(61), interpreter: true }, Refusal::LanguageTooLong),
        ];
        for (change, refusal) in cases {
            assert_eq!(decide(&patient(""), &change, TODAY), Err(refusal), "{change:?}");
        }
    }
}
