//! The note to the surgery, and the pharmacy of an order.

use super::list::Link;
use super::{DRAFT, NOTE, worded};
use crate::component::{Button, ErrorLine, ErrorSummary, Label, Size, Textarea, back_link};
use crate::form;
use crate::layout::Document;
use crate::state::State;
use crate::visit::{Answer, Outcome, Visit};
use crate::words::{fill, say};
use care::prescriptions::{NOTE_MAX, Place};
use maud::{Markup, html};

/// The page for a note.
pub async fn ask(state: &State, visit: &Visit) -> Outcome {
    let draft = visit.draft(state, DRAFT).await?;
    let fields = form::fields(visit);
    Answer::page(note_page((draft.answers.text(NOTE), false), &fields, &|path| visit.link(path)))
}

/// Takes the note.
pub async fn take(state: &State, visit: &Visit) -> Outcome {
    let mut draft = visit.draft(state, DRAFT).await?;
    draft.take(&visit.form, &[NOTE]);
    draft.keep(state).await?;
    if too_long(draft.answers.text(NOTE)) {
        let fields = form::fields(visit);
        return Answer::refused(note_page((draft.answers.text(NOTE), true), &fields, &|path| {
            visit.link(path)
        }));
    }
    Answer::see(visit.link("/prescriptions/request/pharmacy"))
}

/// Whether a note is longer than the surgery takes. A line break counts once, however the browser sends it.
pub fn too_long(note: &str) -> bool {
    note.replace("\r\n", "\n").chars().count() > NOTE_MAX
}

fn limit() -> i64 {
    i64::try_from(NOTE_MAX).unwrap_or(i64::MAX)
}

/// Prints the page for a note, and whether it is too long.
pub fn note_page((note, wrong): (&str, bool), fields: &Markup, link: Link<'_>) -> Document {
    let error = fill("prescriptions-note-error", &[("count", limit().into())]);
    let heading = say("prescriptions-note");
    let area = Textarea {
        label: Label { size: Some(Size::L), page_heading: true, ..Label::new(heading) },
        hint: Some(fill("prescriptions-note-hint", &[("count", limit().into())]).into()),
        error: wrong.then(|| error.as_str().into()),
        name: NOTE.to_owned(),
        value: note.to_owned(),
        ..Textarea::default()
    };
    let body = html! {
        (back_link(say("prescriptions-back"), &link("/prescriptions/request/medicines")))
        @if wrong { (ErrorSummary::new(vec![ErrorLine::new(&error, NOTE)])) }
        form method="post" action=(link("/prescriptions/request/note")) novalidate {
            (fields)
            (area)
            (Button::new(say("prescriptions-continue")))
        }
    };
    Document { refused: wrong, ..Document::new(heading, body) }
}

/// The page that shows where the prescription will go.
pub async fn pharmacy(state: &State, visit: &Visit) -> Outcome {
    let patient = visit.patient_id()?.to_owned();
    let all = state.care.prescriptions(&visit.actor_for(&patient)?, &patient).await?;
    Answer::page(where_page(all.pharmacy.as_ref(), &|path| visit.link(path)))
}

/// Prints the page that shows where the prescription will go.
pub fn where_page(place: Option<&Place>, link: Link<'_>) -> Document {
    let heading = say("prescriptions-where");
    let body = html! {
        (back_link(say("prescriptions-back"), &link("/prescriptions/request/note")))
        h1 { (heading) }
        @match place {
            Some(place) => {
                p { (say("prescriptions-where-here")) }
                (worded::place(place))
            },
            None => p { (say("prescriptions-pharmacy-none")) },
        }
        p { a href=(link("/pharmacy?from=request")) { (say("prescriptions-pharmacy-change")) } }
        (Button { href: Some(link("/prescriptions/request/check")), ..Button::new(say("prescriptions-continue")) })
    };
    Document::new(heading, body)
}
