//! One question about how somebody wants to be told things: asked, answered, refused with what is wrong.

use super::overview::{channel, format};
use crate::component::{
    Button, Choice, ChoiceLine, Choices, ErrorLine, ErrorSummary, Fieldset, Input, Label, Legend, Pick, Size,
};
use crate::form;
use crate::form::Fields;
use crate::layout::Document;
use crate::session::Session;
use crate::state::State;
use crate::visit::{Answer, Outcome, Problem, SessionChange, Visit};
use crate::words::say;
use care::profile::{Change, Channel, Format, Profile, Refusal, Undone};
use maud::{Markup, html};

/// Which question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// How to reach them first.
    Channel,
    /// In what format.
    Format,
    /// In which language, and whether with an interpreter.
    Language,
}

const CHANNELS: [(Channel, &str); 4] =
    [(Channel::App, "app"), (Channel::Email, "email"), (Channel::Text, "text"), (Channel::Letter, "letter")];

const FORMATS: [(Format, &str); 5] = [
    (Format::Standard, "standard"),
    (Format::LargePrint, "large-print"),
    (Format::Braille, "braille"),
    (Format::Audio, "audio"),
    (Format::EasyRead, "easy-read"),
];

impl Question {
    fn place(self) -> &'static str {
        match self {
            Question::Channel => "/profile/contact",
            Question::Format => "/profile/format",
            Question::Language => "/profile/language",
        }
    }

    fn heading(self) -> &'static str {
        match self {
            Question::Channel => say("profile-channel"),
            Question::Format => say("profile-format-question"),
            Question::Language => say("profile-language-question"),
        }
    }

    /// What was answered, or what is missing and where.
    fn change(self, sent: &Fields) -> Result<Change, Wrong> {
        let missing = || Wrong { field: "choice", words: say("profile-wrong-choice") };
        match self {
            Question::Channel => {
                let found = CHANNELS.iter().find(|(_, code)| *code == sent.text("choice"));
                found.map(|(one, _)| Change::Channel(*one)).ok_or_else(missing)
            }
            Question::Format => {
                let found = FORMATS.iter().find(|(_, code)| *code == sent.text("choice"));
                found.map(|(one, _)| Change::Format(*one)).ok_or_else(missing)
            }
            Question::Language => {
                let interpreter = match sent.text("interpreter") {
                    "yes" => true,
                    "no" => false,
                    _ => return Err(Wrong { field: "interpreter", words: say("profile-wrong-interpreter") }),
                };
                Ok(Change::Language { language: sent.text("language").to_owned(), interpreter })
            }
        }
    }

    /// The answers that are recorded now, as a form would send them.
    fn recorded(self, profile: &Profile) -> Fields {
        let chosen = &profile.preferences;
        let mut fields = Fields::default();
        match self {
            Question::Channel => {
                let code =
                    CHANNELS.iter().find(|(one, _)| Some(*one) == chosen.channel).map(|(_, code)| *code);
                fields.put("choice", code);
            }
            Question::Format => {
                let code = FORMATS.iter().find(|(one, _)| *one == chosen.format).map(|(_, code)| *code);
                fields.put("choice", code);
            }
            Question::Language => {
                let language = chosen.language.as_deref().unwrap_or(say("profile-language-english"));
                fields.put("language", [language]);
                fields.put("interpreter", [if chosen.interpreter { "yes" } else { "no" }]);
            }
        }
        fields
    }
}

/// What is wrong, and with which field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wrong {
    field: &'static str,
    words: &'static str,
}

impl From<Refusal> for Wrong {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NoEmail => Wrong { field: "choice", words: say("profile-wrong-email") },
            Refusal::NoMobile => Wrong { field: "choice", words: say("profile-wrong-mobile") },
            Refusal::NoLanguage => Wrong { field: "language", words: say("profile-wrong-language") },
            Refusal::LanguageTooLong => {
                Wrong { field: "language", words: say("profile-wrong-language-long") }
            }
        }
    }
}

/// Asks the question, with what is recorded; answers of a form that came too late stand in their place.
pub async fn ask(state: &State, visit: &Visit, question: Question) -> Outcome {
    let profile = state.care.profile(&visit.actor()?, visit.patient_id()?).await?;
    let mut answers = question.recorded(&profile);
    answers.lay_over(&visit.restored);
    Answer::page(question_page(question, &answers, None, visit))
}

/// Keeps the answer, or says what is wrong with it.
pub async fn answer(state: &State, visit: &Visit, question: Question) -> Outcome {
    let refused = |wrong| Answer::refused(question_page(question, &visit.form, Some(wrong), visit));
    let change = match question.change(&visit.form) {
        Ok(change) => change,
        Err(wrong) => return refused(wrong),
    };
    let whose = (visit.patient_id()?, visit.once()?);
    match state.care.change_profile(&visit.actor()?, whose, change).await {
        Ok(()) => {
            let notice = Some(say("profile-saved").to_owned());
            let session = Session { notice, ..visit.session()?.clone() };
            Ok(Answer::Session(Box::new(SessionChange::Keep(session)), visit.link("/profile")))
        }
        Err(Undone::Refused(refusal)) => refused(refusal.into()),
        Err(Undone::Unseen(unseen)) => Err(Problem::from(unseen)),
    }
}

/// Prints the page.
pub fn question_page(question: Question, answers: &Fields, wrong: Option<Wrong>, visit: &Visit) -> Document {
    let heading = question.heading();
    let body = html! {
        @if let Some(wrong) = wrong { (ErrorSummary::new(vec![ErrorLine::new(wrong.words, wrong.field)])) }
        @if question == Question::Language { h1 { (heading) } }
        form method="post" action=(visit.link(question.place())) novalidate {
            (form::fields(visit))
            @match question {
                Question::Channel => {
                    (radios("choice", heading, channels(answers.text("choice")), wrong))
                    p class="bevan-small" { (say("profile-channel-hint")) }
                },
                Question::Format => { (radios("choice", heading, formats(answers.text("choice")), wrong)) },
                Question::Language => { (language(answers, wrong)) },
            }
            (Button::new(say("profile-save")))
        }
    };
    Document::new(heading, body).after(&visit.link("/profile"))
}

fn channels(chosen: &str) -> Vec<Choice> {
    let one = |(one, code): &(Channel, &str)| {
        let hint = (*one == Channel::Email).then(|| say("profile-channel-email-hint"));
        Choice::new(code, channel(Some(*one))).hint(hint).checked(chosen == *code)
    };
    CHANNELS.iter().map(one).collect()
}

fn formats(chosen: &str) -> Vec<Choice> {
    FORMATS.iter().map(|(one, code)| Choice::new(code, format(*one)).checked(chosen == *code)).collect()
}

/// A question that is the page's heading.
fn radios(name: &str, heading: &'static str, choices: Vec<Choice>, wrong: Option<Wrong>) -> Choices {
    Choices {
        pick: Pick::One,
        name: name.to_owned(),
        fieldset: Some(Fieldset {
            legend: Legend { text: heading.into(), size: Some(Size::L), page_heading: true, id: None },
        }),
        error: wrong.filter(|wrong| wrong.field == name).map(|wrong| wrong.words.into()),
        lines: choices.into_iter().map(ChoiceLine::Choice).collect(),
        ..Choices::default()
    }
}

fn language(answers: &Fields, wrong: Option<Wrong>) -> Markup {
    let error = |field: &str| wrong.filter(|wrong| wrong.field == field).map(|wrong| wrong.words.into());
    let chosen = answers.text("interpreter");
    let choice = |code: &str, words: &'static str| {
        ChoiceLine::Choice(Choice::new(code, words).checked(chosen == code))
    };
    html! {
        (Input {
            label: Label { size: Some(Size::S), ..Label::new(say("profile-language-box")) },
            hint: Some(say("profile-language-hint").into()),
            error: error("language"),
            name: "language".to_owned(),
            value: Some(answers.text("language").to_owned()),
            width: Some(20),
            spellcheck: Some(false),
            ..Input::default()
        })
        (Choices {
            pick: Pick::One,
            name: "interpreter".to_owned(),
            fieldset: Some(Fieldset {
                legend: Legend {
                    text: say("profile-interpreter-question").into(),
                    size: Some(Size::S),
                    page_heading: false,
                    id: None,
                },
            }),
            hint: Some(say("profile-interpreter-hint").into()),
            error: error("interpreter"),
            inline: true,
            lines: vec![choice("yes", say("profile-yes")), choice("no", say("profile-no"))],
            ..Choices::default()
        })
    }
}
