//! Choosing: how, on which day, at which time. Ten dates stand on a page.

use super::worded;
use super::{refused, under_list};
use crate::component::{
    Button, CardHeading, CareCard, Choice, ChoiceLine, Choices, ErrorLine, ErrorSummary, Fieldset, Legend,
    Size, Urgency, back_link,
};
use crate::form;
use crate::layout::Document;
use crate::pages::address;
use crate::routes::exists;
use crate::state::State;
use crate::visit::{Answer, Outcome, Visit};
use crate::wording;
use crate::words::{fill, say, weave};
use care::appointments::{Answered, Channel, Dates, SlotChoice, Times};
use jiff::civil::Date;
use maud::{Markup, html};

/// The channel that an address or a form names.
pub fn channel_of(value: &str) -> Option<Channel> {
    Channel::ALL.into_iter().find(|one| word(*one) == value)
}

/// The channel in an address.
pub fn word(channel: Channel) -> &'static str {
    match channel {
        Channel::InPerson => "in-person",
        Channel::Telephone => "telephone",
        Channel::Video => "video",
    }
}

/// The first page.
pub fn start(visit: &Visit) -> Outcome {
    let next = visit.link("/appointments/book/type");
    let ask = visit.link("/appointments/ask-gp");
    let number = |text: &'static str, tel: &str| html! { a href={ "tel:" (tel) } { (text) } };
    let body = html! {
        h1 { (say("appointments-book-heading")) }
        p { (say("appointments-book-intro")) }
        (CareCard {
            urgency: Urgency::Urgent,
            heading: CardHeading::new(say("appointments-urgent-heading"), Some(Size::M)),
            inside: html! {
                p {
                    (weave("appointments-urgent", &[
                        ("urgent", number("111", "111")),
                        ("emergency", number("999", "999")),
                    ]))
                }
            },
        })
        (Button { href: Some(next), ..Button::new(say("appointments-start")) })
        p { (say("appointments-book-other")) }
        ul class="bevan-links" { li { a href=(ask) { (say("appointments-ask-heading")) } } }
    };
    Answer::page(under_list(visit, Document::new(say("appointments-book-heading"), body)))
}

/// How the appointment is held.
pub fn kind(visit: &Visit) -> Outcome {
    Answer::page(kind_page(visit, channel_of(visit.query.text("type")), false))
}

/// Leads on, or says that something must be chosen.
pub fn kind_chosen(visit: &Visit) -> Outcome {
    match channel_of(visit.form.text("type")) {
        Some(channel) => Answer::see(visit.link(&format!("/appointments/book/when?type={}", word(channel)))),
        None => Answer::refused(kind_page(visit, None, true)),
    }
}

fn kind_page(visit: &Visit, chosen: Option<Channel>, wrong: bool) -> Document {
    let heading = say("appointments-type-heading");
    let error = say("appointments-type-error");
    let choice = |channel: Channel, hint: &'static str| {
        let one = Choice::new(word(channel), worded::channel(channel)).hint(Some(hint));
        ChoiceLine::Choice(one.checked(chosen == Some(channel)))
    };
    let choices = Choices {
        name: "type".to_owned(),
        fieldset: Some(Fieldset {
            legend: Legend { text: heading.into(), size: Some(Size::L), page_heading: true, id: None },
        }),
        error: wrong.then(|| error.into()),
        lines: vec![
            choice(Channel::InPerson, say("appointments-in-person-hint")),
            choice(Channel::Telephone, say("appointments-by-phone-hint")),
            choice(Channel::Video, say("appointments-by-video-hint")),
        ],
        ..Choices::default()
    };
    let body = html! {
        (back_link(say("appointments-back"), &visit.link("/appointments/book")))
        @if wrong { (ErrorSummary::new(vec![ErrorLine::new(error, "type")])) }
        form method="post" action=(visit.link("/appointments/book/type")) novalidate {
            (form::fields(visit))
            (choices)
            (Button::new(say("appointments-continue")))
        }
    };
    Document { refused: wrong, ..Document::new(heading, body) }
}

/// On which day.
pub async fn when(state: &State, visit: &Visit) -> Outcome {
    let Some(channel) = channel_of(visit.query.text("type")) else {
        return Answer::see(visit.link("/appointments/book/type"));
    };
    let from = visit.query.text("from").parse::<Date>().ok();
    let patient = visit.patient_id()?.to_owned();
    let actor = visit.actor_for(&patient)?;
    match state.care.free_dates(&actor, &patient, (channel, from)).await? {
        Answered::Done(dates) => Answer::page(dates_page(visit, &dates, &Step::booking(channel))),
        Answered::Refused { why, phone, .. } => refused::shown(visit, why, phone.as_deref()),
    }
}

/// Where the pages of dates and times lead: a booking, or moving an appointment.
pub struct Step {
    /// How the appointment is held.
    pub channel: Channel,
    /// Path of the dates with the query so far; more pairs follow with `&`.
    pub dates: String,
    /// Path of the times, likewise.
    pub times: String,
    /// Path that a time leads to, likewise.
    pub slot: String,
    /// The page before the dates.
    pub back: String,
}

impl Step {
    fn booking(channel: Channel) -> Self {
        let kind = word(channel);
        Self {
            channel,
            dates: format!("/appointments/book/when?type={kind}"),
            times: format!("/appointments/book/slot?type={kind}"),
            slot: format!("/appointments/book/details?type={kind}"),
            back: format!("/appointments/book/type?type={kind}"),
        }
    }
}

/// Prints the dates.
pub fn dates_page(visit: &Visit, dates: &Dates, step: &Step) -> Document {
    let heading = say("appointments-when-heading");
    let shift = |day: Date| visit.link(&format!("{}&from={day}", step.dates));
    let body = html! {
        (back_link(say("appointments-back"), &visit.link(&step.back)))
        h1 { (heading) }
        p {
            (fill("appointments-when-intro", &[
                ("kind", worded::channel(step.channel).to_lowercase().into()),
                ("surgery", dates.surgery.name.as_str().into()),
                ("first", wording::weekday(dates.asked.0).into()),
                ("last", wording::weekday(dates.asked.1).into()),
            ]))
        }
        @if dates.days.is_empty() {
            (nothing_free(visit, dates, step))
        } @else {
            ul class="bevan-choices" {
                @for (day, count) in &dates.days {
                    li {
                        a href=(visit.link(&format!("{}&date={day}", step.times))) { (wording::weekday(*day)) }
                        span { (fill("appointments-free", &[("count", (*count).into())])) }
                    }
                }
            }
        }
        ul class="bevan-links" {
            @if let Some(day) = dates.earlier { li { a href=(shift(day)) { (say("appointments-earlier")) } } }
            @if let Some(day) = dates.later { li { a href=(shift(day)) { (say("appointments-later")) } } }
        }
    };
    Document::new(heading, body)
}

/// No time is free: what is said, the next that is, other ways, and the telephone.
fn nothing_free(visit: &Visit, dates: &Dates, step: &Step) -> Markup {
    let booking = step.dates.starts_with("/appointments/book/");
    let first = |(channel, date): &(Channel, Date)| {
        let place = format!("/appointments/book/when?type={}&from={date}", word(*channel));
        let words = [("kind", worded::channel(*channel).into()), ("day", wording::weekday(*date).into())];
        html! { li { a href=(visit.link(&place)) { (fill("appointments-next-free", &words)) } } }
    };
    html! {
        div class="bevan-answer" {
            p { strong { (say("appointments-no-slots")) } }
            p { (say("appointments-no-slots-released")) }
        }
        @if booking && dates.next.is_empty() {
            p { (say("appointments-no-slots-any")) }
        } @else if booking {
            h2 class="nhsuk-heading-m" { (say("appointments-no-slots-next")) }
            ul class="bevan-choices" { @for one in &dates.next { (first(one)) } }
        }
        h2 class="nhsuk-heading-m" { (say("appointments-no-slots-ways")) }
        ul class="bevan-links" {
            li { a href=(visit.link("/appointments/ask-gp")) { (say("appointments-ask-heading")) } }
            @if exists("/check") { li { a href="/check" { (say("front-check")) } } }
            @if exists("/services") { li { a href="/services" { (say("front-find")) } } }
        }
        (worded::call_surgery(Some(&dates.surgery)))
    }
}

/// At which time.
pub async fn slot(state: &State, visit: &Visit) -> Outcome {
    let (kind, date) = (channel_of(visit.query.text("type")), visit.query.text("date").parse::<Date>().ok());
    let (Some(channel), Some(date)) = (kind, date) else {
        return Answer::see(visit.link("/appointments/book/type"));
    };
    let patient = visit.patient_id()?.to_owned();
    let actor = visit.actor_for(&patient)?;
    match state.care.free_times(&actor, &patient, (channel, date)).await? {
        Answered::Done(times) => Answer::page(times_page(visit, (&times, date), &Step::booking(channel))),
        Answered::Refused { why, phone, .. } => refused::shown(visit, why, phone.as_deref()),
    }
}

/// Prints the times of a day.
pub fn times_page(visit: &Visit, (times, date): (&Times, Date), step: &Step) -> Document {
    let heading = wording::weekday(date);
    let (morning, afternoon): (Vec<&SlotChoice>, Vec<&SlotChoice>) =
        times.slots.iter().partition(|one| wording::clock24(one.start).as_str() < "12:00");
    let body = html! {
        (back_link(say("appointments-back"), &visit.link(&step.dates)))
        h1 { (heading) }
        @if times.slots.is_empty() {
            div class="bevan-answer" { p { (say("appointments-day-full")) } }
        }
        @for (words, slots) in [(say("appointments-morning"), morning), (say("appointments-afternoon"), afternoon)] {
            @if !slots.is_empty() {
                h2 class="nhsuk-heading-s" { (words) }
                (slot_list(visit, &slots, step))
            }
        }
    };
    Document::new(&heading, body)
}

/// Times to choose from.
pub fn slot_list(visit: &Visit, slots: &[&SlotChoice], step: &Step) -> Markup {
    html! {
        ul class="bevan-choices" {
            @for one in slots {
                li {
                    a href=(visit.link(&format!("{}&slot={}", step.slot, address(&one.id)))) {
                        (worded::time(one))
                        @if let Some(with) = &one.with { " " (fill("appointments-with", &[("name", with.as_str().into())])) }
                    }
                }
            }
        }
    }
}
