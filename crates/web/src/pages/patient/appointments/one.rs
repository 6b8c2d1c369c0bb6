//! One appointment: when, where, with whom, how to change it, and a calendar entry.

use super::{calendar, under_list, worded};
use crate::component::{Button, Content, SummaryList, SummaryRow, inset_text};
use crate::layout::Document;
use crate::pages::address;
use crate::state::State;
use crate::visit::{Answer, File, Outcome, Visit};
use crate::wording;
use crate::words::{fill, say};
use care::appointments::{Booking, BookingState, Change, Setting};
use maud::{Markup, html};

/// The page.
pub async fn one(state: &State, visit: &Visit) -> Outcome {
    let booking = read(state, visit).await?;
    Answer::page(under_list(visit, page(visit, &booking)))
}

/// The appointment in the address.
pub async fn read(state: &State, visit: &Visit) -> Result<Booking, crate::visit::Problem> {
    let patient = visit.patient_id()?.to_owned();
    Ok(state.care.appointment(&visit.actor_for(&patient)?, &patient, visit.id()).await?)
}

/// The calendar entry.
pub async fn calendar(state: &State, visit: &Visit) -> Outcome {
    let booking = read(state, visit).await?;
    let body = calendar::file(&booking, visit.now).into_bytes();
    Ok(Answer::File(File::kept("text/calendar; charset=utf-8", "appointment.ics", body)))
}

/// What was chosen is told by the page that it leads to, as far as the appointment says the same.
fn changed(visit: &Visit, booking: &Booking) -> Option<&'static str> {
    match (visit.query.text("now"), booking.state) {
        ("changed", BookingState::Booked) => Some(say("appointments-was-changed")),
        ("cancelled", BookingState::Cancelled) => Some(say("appointments-was-cancelled")),
        _ => None,
    }
}

/// The facts of an appointment.
pub fn facts(booking: &Booking) -> SummaryList {
    let time = wording::clock(booking.start);
    let time = match booking.end.filter(|end| *end > booking.start) {
        Some(end) => {
            fill("appointments-from-to", &[("from", time.into()), ("to", wording::clock(end).into())])
        }
        None => time,
    };
    let address = html! {
        @if let Some(place) = &booking.place { (place) }
        @for line in &booking.address { br; (line) }
    };
    let mut rows = vec![
        SummaryRow::new(say("appointments-row-day"), wording::weekday(worded::date(booking.start))),
        SummaryRow::new(say("appointments-row-time"), time),
    ];
    let text = |name: &'static str, value: &Option<String>| {
        value.as_ref().map(|value| SummaryRow::new(say(name), value.as_str()))
    };
    rows.extend(
        booking.channel.map(|one| SummaryRow::new(say("appointments-row-type"), worded::channel(one))),
    );
    rows.extend(text("appointments-row-with", &booking.with));
    if booking.place.is_some() || !booking.address.is_empty() {
        rows.push(SummaryRow::new(say("appointments-row-place"), address));
    }
    rows.extend(
        booking
            .phone
            .as_deref()
            .map(|one| SummaryRow::new(say("appointments-row-phone"), worded::phone(one))),
    );
    rows.extend(text("appointments-row-note", &booking.note));
    rows.extend(text("appointments-row-source", &booking.source));
    SummaryList::new(rows)
}

fn page(visit: &Visit, booking: &Booking) -> Document {
    let heading = worded::title(booking);
    let here = visit.link(&format!("/appointments/{}", address(&booking.id)));
    let to_come = matches!(booking.state, BookingState::Booked | BookingState::Requested);
    let body = html! {
        h1 { (heading) }
        p class="bevan-tags" {
            (worded::setting(booking.setting))
            @if let Some(tag) = worded::state(booking.state) { " " (tag) }
        }
        @if let Some(words) = changed(visit, booking) { (inset_text(&words.into())) }
        @if let Some(words) = worded::moved(booking) {
            (inset_text(&Content::Html(html! { p { strong { (say("appointments-matter-moved")) } " " (words) } })))
        }
        (facts(booking))
        @if to_come { ul class="bevan-links" { li { a href={ (here) "/calendar.ics" } { (say("appointments-calendar")) } } } }
        (change(booking, &here))
        @if let (Some(referral), Some(specialty)) = (&booking.referral, &booking.referral_for) {
            ul class="bevan-links" {
                li {
                    a href=(visit.link(&format!("/referrals/{}", address(referral)))) { (worded::referral_to(specialty)) }
                }
            }
        }
    };
    Document::new(&heading, body)
}

fn change(booking: &Booking, here: &str) -> Markup {
    let phone = booking.phone.as_deref();
    let who = match (&booking.place, phone, booking.setting) {
        // The place may be a room: nobody calls a scanner.
        (_, None, Setting::Hospital) => say("appointments-the-hospital"),
        (Some(place), ..) => place,
        (None, ..) => say("appointments-your-surgery"),
    };
    match booking.change {
        Change::Here => html! {
            h2 class="nhsuk-heading-m" { (say("appointments-cannot-go")) }
            p { (say("appointments-cannot-go-words")) }
            div class="bevan-actions" {
                (Button { href: Some(format!("{here}/change")), ..Button::secondary(say("appointments-change-heading")) })
                (Button { href: Some(format!("{here}/cancel")), ..Button::secondary(say("appointments-cancel-heading")) })
            }
        },
        Change::TooLate => html! {
            h2 class="nhsuk-heading-m" { (say("appointments-cannot-go")) }
            p { (say("appointments-too-late-words")) }
            (worded::call(phone, who))
        },
        Change::ByPhone => html! {
            h2 class="nhsuk-heading-m" { (say("appointments-cannot-go")) }
            (worded::call(phone, who))
        },
        Change::Over => html! {},
    }
}
