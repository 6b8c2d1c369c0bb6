//! The note to the surgery, the check, and the confirmation. The time is asked for again when it is booked.

use super::choose::{channel_of, word};
use super::{refused, under_list, worded};
use crate::component::{
    Action, Button, ErrorLine, ErrorSummary, Label, Size, SummaryList, SummaryRow, Textarea, back_link, panel,
};
use crate::form;
use crate::layout::Document;
use crate::pages::address;
use crate::state::State;
use crate::visit::{Answer, Outcome, Visit};
use crate::wording;
use crate::words::{fill, say};
use care::appointments::{Answered, BookingState, Channel, NOTE_LIMIT, Refusal, SlotChoice, Surgery};
use maud::html;

/// The draft that keeps the note.
const DRAFT: &str = "appointments";

/// What is in the address: how and when.
fn chosen(visit: &Visit) -> (Channel, &str) {
    (channel_of(visit.query.text("type")).unwrap_or(Channel::InPerson), visit.query.text("slot"))
}

fn query(visit: &Visit) -> String {
    let (channel, slot) = chosen(visit);
    format!("type={}&slot={}", word(channel), address(slot))
}

/// The time in the address while it is free; else what to show instead.
async fn slot(
    state: &State,
    visit: &Visit,
) -> Result<Result<(SlotChoice, Surgery), Answer>, crate::visit::Problem> {
    let (_, slot) = chosen(visit);
    if slot.is_empty() {
        return Ok(Err(Answer::SeeOther(visit.link("/appointments/book/type"))));
    }
    let patient = visit.patient_id()?.to_owned();
    Ok(match state.care.free_time(&visit.actor_for(&patient)?, &patient, slot).await? {
        Answered::Done(times) => match times.slots.into_iter().next() {
            Some(slot) => Ok((slot, times.surgery)),
            None => Err(Answer::SeeOther(visit.link("/appointments/book/type"))),
        },
        Answered::Refused { why: Refusal::SlotGone, phone, alternatives } => {
            let page = refused::gone(visit, &alternatives, phone.as_deref(), refused::BOOKING);
            Err(Answer::Page(Box::new(page)))
        }
        Answered::Refused { why, phone, .. } => Err(refused::shown(visit, why, phone.as_deref())?),
    })
}

/// The note.
pub async fn details(state: &State, visit: &Visit) -> Outcome {
    match slot(state, visit).await? {
        Err(instead) => Ok(instead),
        Ok((slot, _)) => {
            let draft = visit.draft(state, DRAFT).await?;
            Answer::page(details_page(visit, &slot, draft.answers.text("note"), None))
        }
    }
}

/// Keeps the note and leads on.
pub async fn details_sent(state: &State, visit: &Visit) -> Outcome {
    let note = visit.form.text("note");
    let length = note.chars().count();
    let mut draft = visit.draft(state, DRAFT).await?;
    draft.take(&visit.form, &["note"]);
    draft.keep(state).await?;
    if length > NOTE_LIMIT {
        let error = fill("appointments-note-error", &[("over", (length - NOTE_LIMIT).into())]);
        return match slot(state, visit).await? {
            Err(instead) => Ok(instead),
            Ok((slot, _)) => Answer::refused(details_page(visit, &slot, note, Some(&error))),
        };
    }
    Answer::see(visit.link(&format!("/appointments/book/check?{}", query(visit))))
}

fn details_page(visit: &Visit, slot: &SlotChoice, note: &str, wrong: Option<&str>) -> Document {
    let heading = say("appointments-note-heading");
    let back =
        format!("/appointments/book/slot?type={}&date={}", word(slot.channel), worded::date(slot.start));
    let field = Textarea {
        label: Label { size: Some(Size::L), page_heading: true, ..Label::new(heading) },
        hint: Some(say("appointments-note-hint").into()),
        error: wrong.map(Into::into),
        name: "note".to_owned(),
        value: note.to_owned(),
        rows: Some(5),
        ..Textarea::default()
    };
    let body = html! {
        (back_link(say("appointments-back"), &visit.link(&back)))
        @if let Some(words) = wrong { (ErrorSummary::new(vec![ErrorLine::new(words, "note")])) }
        form method="post" action=(visit.link(&format!("/appointments/book/details?{}", query(visit)))) novalidate {
            (form::fields(visit))
            (field)
            (Button::new(say("appointments-continue")))
        }
    };
    Document { refused: wrong.is_some(), ..Document::new(heading, body) }
}

/// Everything once more before it is booked.
pub async fn check(state: &State, visit: &Visit) -> Outcome {
    match slot(state, visit).await? {
        Err(instead) => Ok(instead),
        Ok((slot, surgery)) => {
            let draft = visit.draft(state, DRAFT).await?;
            Answer::page(check_page(visit, &slot, &surgery, draft.answers.text("note")))
        }
    }
}

fn check_page(visit: &Visit, slot: &SlotChoice, surgery: &Surgery, note: &str) -> Document {
    let heading = say("appointments-check-heading");
    let kind = word(slot.channel);
    let change = |path: String, what: &'static str| {
        vec![Action {
            text: say("appointments-change").to_owned(),
            href: visit.link(&path),
            hidden: Some(say(what).to_lowercase()),
        }]
    };
    let row = |name: &'static str, value: String, path: String| SummaryRow {
        actions: change(path, name),
        ..SummaryRow::new(say(name), value)
    };
    let date = worded::date(slot.start);
    let note = if note.is_empty() { say("appointments-note-none") } else { note };
    let mut rows = vec![
        row(
            "appointments-row-type",
            worded::channel(slot.channel).to_owned(),
            format!("/appointments/book/type?type={kind}"),
        ),
        row("appointments-row-day", wording::weekday(date), format!("/appointments/book/when?type={kind}")),
        row(
            "appointments-row-time",
            wording::clock(slot.start),
            format!("/appointments/book/slot?type={kind}&date={date}"),
        ),
    ];
    rows.extend(slot.with.as_ref().map(|with| SummaryRow::new(say("appointments-row-with"), with.as_str())));
    rows.push(SummaryRow::new(say("appointments-row-place"), surgery.name.as_str()));
    rows.push(row(
        "appointments-row-note",
        note.to_owned(),
        format!("/appointments/book/details?{}", query(visit)),
    ));
    let body = html! {
        (back_link(say("appointments-back"), &visit.link(&format!("/appointments/book/details?{}", query(visit)))))
        h1 { (heading) }
        (SummaryList::new(rows))
        form method="post" action=(visit.link(&format!("/appointments/book/check?{}", query(visit)))) {
            (form::fields(visit))
            (Button::new(say("appointments-confirm")))
        }
    };
    Document::new(heading, body)
}

/// Books.
pub async fn book(state: &State, visit: &Visit) -> Outcome {
    let (_, slot) = chosen(visit);
    let patient = visit.patient_id()?.to_owned();
    let actor = visit.actor_for(&patient)?;
    let draft = visit.draft(state, DRAFT).await?;
    let note = draft.answers.text("note").to_owned();
    match state.care.book(&actor, &patient, (slot, &note), visit.once()?).await? {
        Answered::Done(booked) => {
            draft.forget(state).await?;
            Answer::see(visit.link(&format!("/appointments/book/done?id={}", address(&booked.id))))
        }
        Answered::Refused { why: Refusal::SlotGone, phone, alternatives } => {
            refused::gone_sent(visit, &alternatives, phone.as_deref(), refused::BOOKING)
        }
        Answered::Refused { why: Refusal::NoteTooLong, .. } => {
            Answer::see(visit.link(&format!("/appointments/book/details?{}", query(visit))))
        }
        Answered::Refused { why, phone, .. } => refused::sent(visit, why, phone.as_deref()),
    }
}

/// It is booked, and what happens next.
pub async fn done(state: &State, visit: &Visit) -> Outcome {
    let id = visit.query.text("id");
    if id.is_empty() {
        return Answer::see(visit.link("/appointments"));
    }
    let patient = visit.patient_id()?.to_owned();
    let booking = state.care.appointment(&visit.actor_for(&patient)?, &patient, id).await?;
    let heading = say("appointments-done-heading");
    let here = format!("/appointments/{}", address(&booking.id));
    // The address is kept, and the appointment may have been cancelled or be over when it is opened again.
    if booking.state != BookingState::Booked {
        return Answer::see(visit.link(&here));
    }
    let next = match booking.channel {
        Some(Channel::Telephone) => say("appointments-done-phone"),
        Some(Channel::Video) => say("appointments-done-video"),
        _ => say("appointments-done-person"),
    };
    let body = html! {
        (panel(heading, &html! {
            (wording::weekday(worded::date(booking.start))) br; (wording::clock(booking.start))
        }.into()))
        h2 class="nhsuk-heading-m" { (say("appointments-next-heading")) }
        p { (next) }
        p { (say("appointments-done-change")) }
        ul class="bevan-links" {
            li { a href=(visit.link(&format!("{here}/calendar.ics"))) { (say("appointments-calendar")) } }
            li { a href=(visit.link(&here)) { (worded::title(&booking)) } }
        }
    };
    Answer::page(under_list(visit, Document::new(heading, body)))
}
