//! Moves an appointment to another time, or cancels it: the same dates and times as for booking, then one question.

use super::choose::{Step, dates_page, times_page};
use super::one::{facts, read};
use super::{refused, worded};
use crate::component::{Button, Look, back_link};
use crate::form;
use crate::layout::Document;
use crate::pages::address;
use crate::state::State;
use crate::visit::{Answer, Outcome, Visit};
use crate::wording;
use crate::words::{fill, say};
use care::appointments::{Answered, Booking, Change, Channel, Refusal};
use jiff::civil::Date;
use maud::html;

fn place(visit: &Visit) -> String {
    format!("/appointments/{}", address(visit.id()))
}

/// Why an appointment cannot be moved here.
fn closed(visit: &Visit, booking: &Booking) -> Option<Outcome> {
    let why = match booking.change {
        Change::Here => return None,
        Change::TooLate => Refusal::TooLate,
        Change::ByPhone => Refusal::ByPhone,
        Change::Over => Refusal::Over,
    };
    Some(refused::shown(visit, why, booking.phone.as_deref()))
}

/// Another day, another time, or the question whether to move.
pub async fn change(state: &State, visit: &Visit) -> Outcome {
    let booking = read(state, visit).await?;
    if let Some(refused) = closed(visit, &booking) {
        return refused;
    }
    let patient = visit.patient_id()?.to_owned();
    let actor = visit.actor_for(&patient)?;
    let base = format!("{}/change", place(visit));
    let step = Step {
        channel: booking.channel.unwrap_or(Channel::InPerson),
        dates: format!("{base}?"),
        times: format!("{base}?"),
        slot: format!("{base}?"),
        back: place(visit),
    };
    let slot = visit.query.text("slot");
    let answered = if !slot.is_empty() {
        state.care.free_time(&actor, &patient, slot).await?
    } else if let Ok(date) = visit.query.text("date").parse::<Date>() {
        return match state.care.free_times(&actor, &patient, (step.channel, date)).await? {
            Answered::Done(times) => Answer::page(times_page(visit, (&times, date), &step)),
            Answered::Refused { why, phone, .. } => refused::shown(visit, why, phone.as_deref()),
        };
    } else {
        let from = visit.query.text("from").parse::<Date>().ok();
        return match state.care.free_dates(&actor, &patient, (step.channel, from)).await? {
            Answered::Done(dates) => Answer::page(dates_page(visit, &dates, &step)),
            Answered::Refused { why, phone, .. } => refused::shown(visit, why, phone.as_deref()),
        };
    };
    match answered {
        Answered::Done(times) => match times.slots.first() {
            Some(slot) => {
                Answer::page(question(visit, &booking, (slot.start, &slot.id), slot.with.as_deref()))
            }
            None => Answer::see(visit.link(&place(visit))),
        },
        Answered::Refused { why: Refusal::SlotGone, phone, alternatives } => {
            Answer::page(refused::gone(visit, &alternatives, phone.as_deref(), &format!("{base}?")))
        }
        Answered::Refused { why, phone, .. } => refused::shown(visit, why, phone.as_deref()),
    }
}

fn question(
    visit: &Visit,
    booking: &Booking,
    (start, slot): (jiff::Timestamp, &str),
    with: Option<&str>,
) -> Document {
    let heading = say("appointments-change-heading");
    let date = worded::date(start);
    let moment =
        |at: jiff::Timestamp| format!("{}, {}", wording::weekday(worded::date(at)), wording::clock(at));
    let body = html! {
        (back_link(say("appointments-back"), &visit.link(&format!("{}/change?date={date}", place(visit)))))
        h1 { (heading) }
        p { (fill("appointments-change-from", &[("moment", moment(booking.start).into())])) }
        p { strong { (fill("appointments-change-to", &[("moment", moment(start).into())])) } }
        @if let Some(with) = with { p { (fill("appointments-with", &[("name", with.into())])) } }
        form method="post" action=(visit.link(&format!("{}/change", place(visit)))) {
            (form::fields(visit))
            input type="hidden" name="slot" value=(slot);
            (Button::new(say("appointments-change-confirm")))
        }
        (Button { href: Some(visit.link(&place(visit))), ..Button::secondary(say("appointments-keep")) })
    };
    Document::new(heading, body)
}

/// Moves it.
pub async fn move_it(state: &State, visit: &Visit) -> Outcome {
    let slot = visit.form.text("slot");
    if slot.is_empty() {
        return Answer::see(visit.link(&format!("{}/change", place(visit))));
    }
    done(state, visit, (Some(slot), "changed")).await
}

/// Whether to cancel.
pub async fn cancel(state: &State, visit: &Visit) -> Outcome {
    let booking = read(state, visit).await?;
    if let Some(refused) = closed(visit, &booking) {
        return refused;
    }
    let heading = say("appointments-cancel-heading");
    let body = html! {
        (back_link(say("appointments-back"), &visit.link(&place(visit))))
        h1 { (heading) }
        (facts(&booking))
        p { (say("appointments-cancel-words")) }
        form method="post" action=(visit.link(&format!("{}/cancel", place(visit)))) {
            (form::fields(visit))
            (Button { look: Look::Warning, ..Button::new(say("appointments-cancel-confirm")) })
        }
        (Button { href: Some(visit.link(&place(visit))), ..Button::secondary(say("appointments-keep")) })
    };
    Answer::page(Document::new(heading, body))
}

/// Cancels it.
pub async fn cancel_it(state: &State, visit: &Visit) -> Outcome {
    done(state, visit, (None, "cancelled")).await
}

async fn done(state: &State, visit: &Visit, (slot, what): (Option<&str>, &str)) -> Outcome {
    let patient = visit.patient_id()?.to_owned();
    let actor = visit.actor_for(&patient)?;
    match state.care.change_appointment(&actor, &patient, (visit.id(), slot), visit.once()?).await? {
        Answered::Done(_) => Answer::see(visit.link(&format!("{}?now={what}", place(visit)))),
        Answered::Refused { why: Refusal::SlotGone, phone, alternatives } => {
            refused::gone_sent(visit, &alternatives, phone.as_deref(), &format!("{}/change?", place(visit)))
        }
        Answered::Refused { why, phone, .. } => refused::sent(visit, why, phone.as_deref()),
    }
}
