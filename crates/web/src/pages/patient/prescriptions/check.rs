//! Checking an order, sending it, and the confirmation: what was ordered, what was not and why, and what happens next.

use super::list::Link;
use super::{DRAFT, MEDICINE, NOTE, worded};
use crate::component::{Action, Button, ErrorLine, ErrorSummary, SummaryList, SummaryRow, back_link, panel};
use crate::form;
use crate::layout::Document;
use crate::pages::address;
use crate::pages::section::{Reader, section};
use crate::state::State;
use crate::visit::{Answer, Outcome, Problem, Visit};
use crate::words::{fill, say, weave};
use care::prescriptions::{Ask, One, Prescriptions, Refusal, Request, RequestAnswer, Unasked, Why};
use maud::{Markup, html};

/// What is wrong with an order as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// A medicine is no longer one that can be chosen.
    Unknown,
    /// Nothing of it can be ordered: each medicine and why.
    Nothing(Vec<(String, Why)>),
}

/// The page.
pub async fn check(state: &State, visit: &Visit) -> Outcome {
    let draft = visit.draft(state, DRAFT).await?;
    let chosen: Vec<String> = draft.answers.all(MEDICINE).map(str::to_owned).collect();
    if chosen.is_empty() {
        return Answer::see(visit.link("/prescriptions/request/medicines"));
    }
    let document = print(state, visit, (&chosen, draft.answers.text(NOTE)), None).await?;
    Answer::page(document)
}

/// Sends the order.
pub async fn send(state: &State, visit: &Visit) -> Outcome {
    let draft = visit.draft(state, DRAFT).await?;
    let patient = visit.patient_id()?.to_owned();
    let chosen: Vec<String> = draft.answers.all(MEDICINE).map(str::to_owned).collect();
    let note = draft.answers.text(NOTE).replace("\r\n", "\n");
    let ask = Ask { medicines: chosen.clone(), note: note.clone() };
    let actor = visit.actor_for(&patient)?;
    let wrong = match state.care.request_repeats(&actor, (&patient, visit.once()?), ask).await {
        Ok(request) => {
            draft.forget(state).await?;
            let place = format!("/prescriptions/request/done?request={}", address(&request));
            return Answer::see(visit.link(&place));
        }
        Err(Unasked::Unseen(unseen)) => return Err(Problem::from(unseen)),
        Err(Unasked::Refused(Refusal::NothingSelected)) => {
            return Answer::see(visit.link("/prescriptions/request/medicines"));
        }
        Err(Unasked::Refused(Refusal::NoteTooLong)) => {
            return Answer::see(visit.link("/prescriptions/request/note"));
        }
        Err(Unasked::Refused(Refusal::UnknownMedicine)) => Wrong::Unknown,
        Err(Unasked::Refused(Refusal::NothingOrdered(medicines))) => Wrong::Nothing(medicines),
    };
    Answer::refused(print(state, visit, (&chosen, &note), Some(wrong)).await?)
}

async fn print(
    state: &State,
    visit: &Visit,
    answers: (&[String], &str),
    wrong: Option<Wrong>,
) -> Result<Document, Problem> {
    let patient = visit.patient_id()?.to_owned();
    let all = state.care.prescriptions(&visit.actor_for(&patient)?, &patient).await?;
    let fields = form::fields(visit);
    Ok(check_page(&all, (answers, wrong.as_ref()), &fields, &|path| visit.link(path)))
}

/// Prints the page.
pub fn check_page(
    all: &Prescriptions,
    ((chosen, note), wrong): ((&[String], &str), Option<&Wrong>),
    fields: &Markup,
    link: Link<'_>,
) -> Document {
    let heading = say("prescriptions-check");
    let change = |to: &str, about: &str| {
        vec![Action {
            text: say("prescriptions-change").to_owned(),
            href: link(to),
            hidden: Some(about.to_owned()),
        }]
    };
    let medicines = all.repeats.items().iter().filter(|one| chosen.contains(&one.id));
    let medicines = html! { ul class="nhsuk-list" { @for one in medicines { li { (one.name) } } } };
    let note = html! {
        @if note.trim().is_empty() { (say("prescriptions-check-note-none")) } @else { (lines(note)) }
    };
    let place = html! {
        @match &all.pharmacy {
            Some(place) => (worded::place(place)),
            None => (say("prescriptions-check-pharmacy-none")),
        }
    };
    let rows = vec![
        SummaryRow {
            actions: change("/prescriptions/request/medicines", say("prescriptions-change-medicines")),
            ..SummaryRow::new(say("prescriptions-check-medicines"), medicines)
        },
        SummaryRow {
            actions: change("/prescriptions/request/note", say("prescriptions-change-note")),
            ..SummaryRow::new(say("prescriptions-check-note"), note)
        },
        SummaryRow {
            actions: change("/pharmacy?from=check", say("prescriptions-change-pharmacy")),
            ..SummaryRow::new(say("prescriptions-check-pharmacy"), place)
        },
    ];
    let body = html! {
        (back_link(say("prescriptions-back"), &link("/prescriptions/request/pharmacy")))
        @if let Some(wrong) = wrong { (problem(wrong)) }
        h1 { (heading) }
        // What is ordered must be seen before it is sent.
        (section(Reader::Patient, &all.repeats, say("prescriptions-repeats-empty"), |_| html! {
            (SummaryList::new(rows))
            form method="post" action=(link("/prescriptions/request/check")) novalidate {
                (fields)
                (Button { prevent_double_click: Some(true), ..Button::new(say("prescriptions-send")) })
            }
        }))
    };
    Document { refused: wrong.is_some(), ..Document::new(heading, body) }
}

fn problem(wrong: &Wrong) -> Markup {
    let line = |text: String| ErrorLine { text: text.into(), href: None };
    let summary = match wrong {
        Wrong::Unknown => ErrorSummary::new(vec![line(say("prescriptions-unknown").to_owned())]),
        Wrong::Nothing(medicines) => ErrorSummary {
            description: Some(say("prescriptions-nothing-ordered").into()),
            ..ErrorSummary::new(
                medicines.iter().map(|(name, why)| line(format!("{name}: {}", worded::why(why)))).collect(),
            )
        },
    };
    html! { (summary) }
}

/// The confirmation of a request that was sent.
pub async fn done(state: &State, visit: &Visit) -> Outcome {
    let patient = visit.patient_id()?.to_owned();
    let request = visit.query.text("request");
    match state.care.prescription(&visit.actor_for(&patient)?, &patient, request).await? {
        One::Request(request) => Answer::page(done_page(&request, &|path| visit.link(path))),
        One::Prescription(_) => Answer::see(visit.link("/prescriptions")),
    }
}

/// Prints the confirmation.
pub fn done_page(request: &Request, link: Link<'_>) -> Document {
    let refused = |line: &&care::prescriptions::RequestLine| matches!(line.answer, RequestAnswer::Refused(_));
    let (not, ordered): (Vec<_>, Vec<_>) = request.lines.iter().partition(refused);
    let heading = if not.is_empty() { say("prescriptions-sent") } else { say("prescriptions-sent-part") };
    let count = i64::try_from(ordered.len()).unwrap_or(i64::MAX);
    let body = html! {
        (panel(heading, &fill("prescriptions-sent-to", &[("count", count.into())]).into()))
        h2 class="nhsuk-heading-m" { (say("prescriptions-ordered")) }
        ul class="nhsuk-list nhsuk-list--bullet" { @for line in &ordered { li { (line.name) } } }
        @if !not.is_empty() {
            h2 class="nhsuk-heading-m" { (say("prescriptions-not-ordered")) }
            ul class="bevan-scripts" {
                @for line in &not {
                    li class="bevan-scripts__stopped" {
                        h3 { (line.name) }
                        @if let RequestAnswer::Refused(why) = &line.answer { (worded::why_all(why)) }
                    }
                }
            }
        }
        h2 class="nhsuk-heading-m" { (say("prescriptions-next")) }
        p { (say("prescriptions-next-check")) }
        p {
            @match &request.pharmacy {
                Some(name) => (fill("prescriptions-next-send", &[("pharmacy", name.as_str().into())])),
                None => (say("prescriptions-next-code")),
            }
        }
        p { (say("prescriptions-next-out")) }
        p {
            (weave("prescriptions-follow", &[
                ("prescriptions", html! { a href=(link("/prescriptions")) { (say("prescriptions-heading")) } }),
            ]))
        }
    };
    Document::new(heading, body)
}

/// Text with its line breaks.
pub fn lines(text: &str) -> Markup {
    html! { @for (at, line) in text.lines().enumerate() { @if at > 0 { br; } (line) } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use care::view::Section;

    #[test]
    fn what_cannot_be_seen_is_not_sent() {
        let page = |repeats| {
            let all = Prescriptions { repeats, ..Prescriptions::sample() };
            let chosen = [String::from("any")];
            let document = check_page(&all, ((&chosen, ""), None), &html! {}, &|path: &str| path.to_owned());
            document.body.into_string()
        };
        assert!(page(Prescriptions::sample().repeats).contains("<form"));
        for repeats in [Section::NoAccess, Section::Failed] {
            assert!(!page(repeats).contains("<form"));
        }
    }
}
