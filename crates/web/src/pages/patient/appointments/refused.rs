//! The refusals by name: gone, too many, too late, by telephone only, no surgery, too young. Each says what to do instead.

use super::choose::word;
use super::{under_list, worded};
use crate::layout::Document;
use crate::pages::address;
use crate::visit::{Answer, Outcome, Visit};
use crate::wording;
use crate::words::{fill, say};
use axum::http::StatusCode;
use care::appointments::{BOOKINGS_LIMIT, CANCEL_UNTIL_MINUTES, Refusal, SlotChoice};
use maud::html;

fn heading(why: Refusal) -> &'static str {
    match why {
        Refusal::SlotGone => say("appointments-gone-heading"),
        Refusal::LimitReached => say("appointments-limit-heading"),
        Refusal::TooLate => say("appointments-too-late-heading"),
        Refusal::ByPhone => say("appointments-by-phone-only-heading"),
        Refusal::Over => say("appointments-over-heading"),
        Refusal::NoSurgery | Refusal::RangeTooLong => say("appointments-no-surgery-heading"),
        Refusal::Under16 => say("appointments-under-16-heading"),
        Refusal::NoteTooLong | Refusal::NoteEmpty => say("appointments-note-too-long"),
    }
}

fn words(why: Refusal) -> String {
    match why {
        Refusal::SlotGone => say("appointments-gone").to_owned(),
        Refusal::LimitReached => fill("appointments-limit", &[("count", BOOKINGS_LIMIT.into())]),
        Refusal::TooLate => fill("appointments-too-late", &[("minutes", CANCEL_UNTIL_MINUTES.into())]),
        Refusal::ByPhone => say("appointments-by-phone-only").to_owned(),
        Refusal::Over => say("appointments-over").to_owned(),
        Refusal::NoSurgery | Refusal::RangeTooLong => say("appointments-no-surgery").to_owned(),
        Refusal::Under16 => say("appointments-under-16").to_owned(),
        Refusal::NoteTooLong | Refusal::NoteEmpty => say("appointments-note-too-long").to_owned(),
    }
}

fn page(visit: &Visit, why: Refusal, phone: Option<&str>) -> Document {
    let heading = heading(why);
    let body = html! {
        h1 { (heading) }
        p { (words(why)) }
        (worded::call(phone, say("appointments-your-surgery")))
    };
    under_list(visit, Document::new(heading, body))
}

/// A refusal that a page shows before anything was sent.
pub fn shown(visit: &Visit, why: Refusal, phone: Option<&str>) -> Outcome {
    match why {
        Refusal::Under16 => Ok(Answer::With(StatusCode::FORBIDDEN, Box::new(page(visit, why, phone)))),
        _ => Answer::page(page(visit, why, phone)),
    }
}

/// A refusal of something that was sent.
pub fn sent(visit: &Visit, why: Refusal, phone: Option<&str>) -> Outcome {
    let status = match why {
        Refusal::Under16 => StatusCode::FORBIDDEN,
        _ => StatusCode::CONFLICT,
    };
    Ok(Answer::With(status, Box::new(page(visit, why, phone))))
}

/// Where a time is chosen for a new appointment; for one that is moved, on pages of its own.
pub const BOOKING: &str = "/appointments/book/details?";

/// A time that somebody else took, with others. `base` is where each leads, with a query; more pairs follow with `&`.
pub fn gone(visit: &Visit, others: &[SlotChoice], phone: Option<&str>, base: &str) -> Document {
    let heading = say("appointments-gone-heading");
    let (words, (days, called)) = match base {
        BOOKING => {
            let first = ("/appointments/book", say("appointments-book-heading"));
            (say("appointments-gone"), first)
        }
        moving => (
            say("appointments-gone-moving"),
            (moving.trim_end_matches('?'), say("appointments-when-heading")),
        ),
    };
    let body = html! {
        h1 { (heading) }
        p { (words) }
        @if !others.is_empty() {
            h2 class="nhsuk-heading-m" { (say("appointments-alternatives")) }
            ul class="bevan-choices" {
                @for one in others {
                    li {
                        a href=(visit.link(&format!("{base}&type={}&slot={}", word(one.channel), address(&one.id)))) {
                            (wording::weekday(worded::date(one.start))) ", " (wording::clock(one.start))
                            @if let Some(with) = &one.with { " " (fill("appointments-with", &[("name", with.as_str().into())])) }
                        }
                        span { (worded::channel(one.channel)) }
                    }
                }
            }
        }
        ul class="bevan-links" {
            li { a href=(visit.link(days)) { (called) } }
        }
        (worded::call(phone, say("appointments-your-surgery")))
    };
    under_list(visit, Document::new(heading, body))
}

/// The answer when a time is gone.
pub fn gone_sent(visit: &Visit, others: &[SlotChoice], phone: Option<&str>, base: &str) -> Outcome {
    Ok(Answer::With(StatusCode::CONFLICT, Box::new(gone(visit, others, phone, base))))
}
