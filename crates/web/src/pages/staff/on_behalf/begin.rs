//! Is it they who ask? Two things they say must fit the record; how they asked is written down; and whether a letter may go to
//! where they live is asked before anything is done, because somebody else may open it.

use super::{HEADING, PLACE};
use crate::component::{
    Button, Choice, ChoiceLine, Choices, ErrorLine, ErrorSummary, Fieldset, Legend, Pick, Size,
};
use crate::form;
use crate::layout::Document;
use crate::pages::address;
use crate::pages::patient::family::say::kin;
use crate::session::{Assisting, Session};
use crate::state::State;
use crate::visit::{Answer, Outcome, SessionChange, Visit};
use crate::wording;
use care::assisted::{Asked, Identifier, NEEDED, PREFIX, Person, Started, identified};
use maud::{Markup, html};

const GIVEN: &str = "given";
const ASKED: &str = "asked";
const POST: &str = "post";
/// Before the id of the relationship of whoever asked for the patient.
const CARER: &str = "carer-";

/// What was chosen.
#[derive(Debug, Default)]
pub struct Typed {
    given: Vec<Identifier>,
    asked: String,
    post: String,
}

impl Typed {
    fn of(visit: &Visit) -> Self {
        Self {
            given: visit.form.all(GIVEN).filter_map(Identifier::of_code).collect(),
            asked: visit.form.text(ASKED).to_owned(),
            post: visit.form.text(POST).to_owned(),
        }
    }

    /// How it was asked, when that is among what the page offers.
    fn asked(&self, person: &Person) -> Option<Asked> {
        let all = [Asked::Phone, Asked::InPerson, Asked::Writing];
        if let Some(id) = self.asked.strip_prefix(CARER) {
            let known = person.askers.iter().any(|one| one.relationship == id);
            return known.then(|| Asked::Carer(id.into()));
        }
        all.into_iter().find(|one| one.code() == self.asked)
    }

    /// Whether a letter may be sent. Without an address there is nothing to choose.
    fn post(&self, person: &Person) -> Option<bool> {
        match self.post.as_str() {
            _ if person.address.is_empty() => Some(false),
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        }
    }

    /// What is wrong, field by field.
    fn wrong(&self, person: &Person) -> Vec<(&'static str, &'static str)> {
        let mut wrong = Vec::new();
        if !identified(person, &self.given) {
            wrong.push((GIVEN, "Select at least 2 things that they said rightly"));
        }
        if self.asked(person).is_none() {
            wrong.push((ASKED, "Select how they asked"));
        }
        if self.post(person).is_none() {
            wrong.push((POST, "Select whether a letter may go to where they live"));
        }
        wrong
    }
}

/// The page.
pub async fn page(state: &State, visit: &Visit) -> Outcome {
    let person = state.care.to_assist(&visit.actor()?, visit.id()).await?;
    Answer::page(begin_page(&person, &Typed::default(), (&[], &form::fields(visit))))
}

/// Begins, and leads to the patient's own pages. What was done for somebody else before is ended with it.
pub async fn begin(state: &State, visit: &Visit) -> Outcome {
    let actor = visit.actor()?;
    let person = state.care.to_assist(&actor, visit.id()).await?;
    let typed = Typed::of(visit);
    let wrong = typed.wrong(&person);
    let (Some(asked), Some(post), true, false) =
        (typed.asked(&person), typed.post(&person), wrong.is_empty(), person.closed)
    else {
        return Answer::refused(begin_page(&person, &typed, (&wrong, &form::fields(visit))));
    };
    let session = visit.session()?;
    if let Some(before) = &session.assisting {
        state.care.finish_assisting(&actor, &before.started).await?;
    }
    let started = Started { patient: person.patient, asked, post };
    let place = format!("/as/{PREFIX}{}/home", address(&started.patient));
    let assisting = Some(Assisting { started, since: visit.now });
    let session = Session { assisting, search: None, ..session.clone() };
    Ok(Answer::Session(Box::new(SessionChange::Keep(session)), place))
}

/// Prints the page.
pub fn begin_page(
    person: &Person,
    typed: &Typed,
    (wrong, fields): (&[(&'static str, &'static str)], &Markup),
) -> Document {
    let heading = format!("Is it {} who asks?", person.name);
    let lines = wrong.iter().map(|(field, words)| ErrorLine::new(words, field)).collect();
    let can = person.identifiers().len() >= NEEDED && !person.closed;
    let body = html! {
        @if !wrong.is_empty() { (ErrorSummary::new(lines)) }
        h1 { (heading) }
        @if person.closed {
            div class="bevan-answer" {
                p { "Nothing can be done in this record any more: they have died, or another record has taken its place." }
            }
        } @else if !can {
            div class="bevan-answer" {
                p {
                    "Too little is recorded to tell who they are: at least 2 of date of birth, address, NHS number and "
                    "telephone number are needed. Have their details put right first."
                }
            }
        } @else {
            form method="post" action={ "/staff/patients/" (address(&person.patient)) "/on-behalf" } novalidate {
                (fields)
                (given(person, typed, wrong))
                (asked(person, typed, wrong))
                (post(person, typed, wrong))
                (Button { prevent_double_click: Some(true), ..Button::new("Start") })
            }
        }
        p { a href=(PLACE) { (HEADING) } }
    };
    Document { refused: !wrong.is_empty(), ..Document::new(&heading, body) }
        .under(&[("My work", "/staff/home"), (HEADING, PLACE)])
}

fn error(name: &str, wrong: &[(&'static str, &'static str)]) -> Option<&'static str> {
    wrong.iter().find(|(field, _)| *field == name).map(|(_, words)| *words)
}

fn choices(
    (pick, name): (Pick, &'static str),
    (legend, hint): (&str, &str),
    lines: Vec<Choice>,
    wrong: &[(&'static str, &'static str)],
) -> Markup {
    let legend = Legend { text: legend.into(), size: Some(Size::M), page_heading: false, id: None };
    let choices = Choices {
        pick,
        name: name.to_owned(),
        fieldset: Some(Fieldset { legend }),
        hint: Some(hint.into()),
        error: error(name, wrong).map(Into::into),
        lines: lines.into_iter().map(ChoiceLine::Choice).collect(),
        ..Choices::default()
    };
    html! { (choices) }
}

fn given(person: &Person, typed: &Typed, wrong: &[(&'static str, &'static str)]) -> Markup {
    let line = |one: Identifier| {
        let words = match one {
            Identifier::Born => {
                let age = person.age.map(|age| format!(" ({age})")).unwrap_or_default();
                format!("Date of birth: {}{age}", person.born.map(wording::when_day).unwrap_or_default())
            }
            Identifier::Address => format!("Address: {}", person.address.join(", ")),
            Identifier::NhsNumber => {
                let digits = person.nhs_number.as_deref().unwrap_or_default();
                let grouped: Vec<String> =
                    [0..3, 3..6, 6..10].map(|part| digits.get(part).unwrap_or_default().to_owned()).to_vec();
                format!("NHS number: {}", grouped.join(" "))
            }
            Identifier::Phone => format!("Telephone: {}", person.phone.as_deref().unwrap_or_default()),
        };
        Choice::new(one.code(), &words).checked(typed.given.contains(&one))
    };
    let lines = person.identifiers().into_iter().map(line).collect();
    let words = (
        "What did they say that fits?",
        "Let them say it; do not read it out. At least 2 must fit. When somebody asks for them, the patient’s details must fit all the same.",
    );
    choices((Pick::Any, GIVEN), words, lines, wrong)
}

fn asked(person: &Person, typed: &Typed, wrong: &[(&'static str, &'static str)]) -> Markup {
    let choice = |code: &str, words: &str| Choice::new(code, words).checked(typed.asked == code);
    let mut lines = vec![
        choice(Asked::Phone.code(), "They called")
            .hint(Some("By text relay or through an interpreter as well")),
        choice(Asked::InPerson.code(), "They are with me"),
        choice(Asked::Writing.code(), "They wrote"),
    ];
    lines.extend(person.askers.iter().map(|one| {
        let words = format!("{} asked for them", one.name);
        let hint = format!("{}. You will see what {} may see", kin(one.kin), one.name);
        choice(&format!("{CARER}{}", one.relationship), &words).hint(Some(&hint))
    }));
    let hint =
        "It is written down, and they can see it. Nobody but the patient, or somebody named here, may ask.";
    choices((Pick::One, ASKED), ("How did they ask?", hint), lines, wrong)
}

fn post(person: &Person, typed: &Typed, wrong: &[(&'static str, &'static str)]) -> Markup {
    if person.address.is_empty() {
        return html! {
            p { "No address is recorded: no letter can be sent. What you do is kept among their messages." }
        };
    }
    let choice = |code: &str, words: &str| Choice::new(code, words).checked(typed.post == code);
    let lines = vec![
        choice("yes", &format!("Yes, to {}", person.address.join(", "))),
        choice("no", "No, keep it among their messages"),
    ];
    let hint = "It says what you did. Somebody they live with may open it: ask them.";
    choices((Pick::One, POST), ("May a letter go to where they live?", hint), lines, wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(given: &[Identifier], asked: &str, post: &str) -> Typed {
        Typed { given: given.to_vec(), asked: asked.into(), post: post.into() }
    }

    #[test]
    fn nothing_begins_without_two_things_that_fit_how_they_asked_and_where_to_write() {
        use Identifier::{Address, Born};
        let person = Person::sample();
        let fields =
            |typed: &Typed| typed.wrong(&person).into_iter().map(|(field, _)| field).collect::<Vec<_>>();
        assert_eq!(fields(&typed(&[], "", "")), [GIVEN, ASKED, POST]);
        assert_eq!(fields(&typed(&[Born], "phone", "yes")), [GIVEN]);
        assert_eq!(fields(&typed(&[Born, Address], "carer-unknown", "yes")), [ASKED]);
        assert_eq!(fields(&typed(&[Born, Address], "carer-sample-4", "no")), Vec::<&str>::new());
        let bare = Person { address: Vec::new(), ..Person::sample() };
        assert_eq!(typed(&[Born, Identifier::Phone], "phone", "").wrong(&bare), []);
        assert_eq!(typed(&[], "", "yes").post(&bare), Some(false));
    }

    #[test]
    fn a_closed_record_and_one_that_tells_nobody_apart_have_no_form() {
        let fields = html! {};
        let page = |person: &Person| begin_page(person, &Typed::default(), (&[], &fields)).body.into_string();
        assert!(page(&Person::sample()).contains("<form"));
        assert!(!page(&Person { closed: true, ..Person::sample() }).contains("<form"));
        assert!(!page(&Person::sample_bare()).contains("<form"));
    }
}
