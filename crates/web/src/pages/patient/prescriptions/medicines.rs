//! Choosing the medicines of an order. What cannot be ordered stands below with its reason, so that nobody has to guess.

use super::list::Link;
use super::{DRAFT, MEDICINE, worded};
use crate::component::{
    Button, Choice, ChoiceLine, Choices, ErrorLine, ErrorSummary, Fieldset, Legend, Pick, Size, back_link,
};
use crate::form;
use crate::layout::Document;
use crate::pages::section::{Reader, section};
use crate::state::State;
use crate::visit::{Answer, Outcome, Visit};
use crate::wording;
use crate::words::{fill, say};
use care::prescriptions::{Prescriptions, Repeat};
use maud::{Markup, html};

/// The page.
pub async fn ask(state: &State, visit: &Visit) -> Outcome {
    let draft = visit.draft(state, DRAFT).await?;
    let chosen: Vec<&str> = draft.answers.all(MEDICINE).collect();
    let all = read(state, visit).await?;
    Answer::page(medicines_page(&all, (&chosen, false), &form::fields(visit), &|path| visit.link(path)))
}

/// Takes the choice.
pub async fn take(state: &State, visit: &Visit) -> Outcome {
    let mut draft = visit.draft(state, DRAFT).await?;
    draft.take(&visit.form, &[MEDICINE]);
    draft.keep(state).await?;
    if draft.answers.all(MEDICINE).next().is_none() {
        let all = read(state, visit).await?;
        let fields = form::fields(visit);
        return Answer::refused(medicines_page(&all, (&[], true), &fields, &|path| visit.link(path)));
    }
    Answer::see(visit.link("/prescriptions/request/note"))
}

async fn read(state: &State, visit: &Visit) -> Result<Prescriptions, crate::visit::Problem> {
    let patient = visit.patient_id()?.to_owned();
    Ok(state.care.prescriptions(&visit.actor_for(&patient)?, &patient).await?)
}

/// Prints the page with what is chosen, and whether that was nothing.
pub fn medicines_page(
    all: &Prescriptions,
    (chosen, nothing): (&[&str], bool),
    fields: &Markup,
    link: Link<'_>,
) -> Document {
    let (now, later): (Vec<&Repeat>, Vec<&Repeat>) =
        all.repeats.items().iter().partition(|one| one.not_now.is_none());
    let error = say("prescriptions-choose-error");
    let choice = |one: &&Repeat| {
        let last = one.issued_on.map(|on| fill("prescriptions-last", &[("day", wording::day(on).into())]));
        let words: Vec<String> = one.dose.clone().map(|dose| dose + ".").into_iter().chain(last).collect();
        let words = words.join(" ");
        let choice =
            Choice::new(&one.id, &one.name).hint(Some(words.as_str()).filter(|words| !words.is_empty()));
        ChoiceLine::Choice(choice.checked(chosen.contains(&one.id.as_str())))
    };
    let choices = Choices {
        pick: Pick::Any,
        name: MEDICINE.to_owned(),
        fieldset: Some(Fieldset {
            legend: Legend {
                text: say("prescriptions-choose").into(),
                size: Some(Size::L),
                page_heading: true,
                id: None,
            },
        }),
        hint: Some(say("prescriptions-choose-hint").into()),
        error: nothing.then(|| error.into()),
        lines: now.iter().map(choice).collect(),
        ..Choices::default()
    };
    let body = html! {
        (back_link(say("prescriptions-back"), &link("/prescriptions/request")))
        @if nothing { (ErrorSummary::new(vec![ErrorLine::new(error, MEDICINE)])) }
        @if now.is_empty() {
            h1 { (say("prescriptions-choose")) }
            (section(Reader::Patient, &all.repeats, say("prescriptions-repeats-empty"), |_| html! {
                p { (say("prescriptions-choose-none")) }
            }))
        } @else {
            form method="post" action=(link("/prescriptions/request/medicines")) novalidate {
                (fields)
                (choices)
                (Button::new(say("prescriptions-continue")))
            }
        }
        @if !later.is_empty() {
            h2 class="nhsuk-heading-m" { (say("prescriptions-cannot")) }
            ul class="bevan-scripts" {
                @for one in &later {
                    li class="bevan-scripts__stopped" {
                        h3 { (one.name) }
                        @if let Some(reason) = &one.not_now { p { (worded::why(reason)) } }
                    }
                }
            }
        }
        p { (say("prescriptions-missing")) }
    };
    Document { refused: nothing, ..Document::new(say("prescriptions-choose"), body) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use care::view::Section;

    #[test]
    fn nothing_to_order_nothing_recorded_no_access_and_failed_are_four_texts() {
        let page = |repeats: Section<Repeat>| {
            let all = Prescriptions { repeats, ..Prescriptions::sample_empty() };
            let document = medicines_page(&all, (&[], false), &html! {}, &|path: &str| path.to_owned());
            document.body.into_string()
        };
        let not_now: Vec<Repeat> = Prescriptions::sample().repeats.items().to_vec();
        let not_now = not_now.into_iter().filter(|one| one.not_now.is_some()).collect();
        for (repeats, words) in [
            (Section::whole(not_now), say("prescriptions-choose-none")),
            (Section::whole(Vec::new()), say("prescriptions-repeats-empty")),
            (Section::NoAccess, say("section-no-access")),
            (Section::Failed, say("section-failed")),
        ] {
            let page = page(repeats);
            assert!(page.contains(words), "no {words} in {page}");
            assert_eq!(
                page.contains(say("prescriptions-choose-none")),
                words == say("prescriptions-choose-none")
            );
        }
    }
}
