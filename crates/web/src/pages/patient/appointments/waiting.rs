//! One referral, and one place on a waiting list: where it stands, what happens next, how long others waited.

use super::{refused, under_list, worded};
use crate::component::{SummaryList, SummaryRow, inset_text};
use crate::layout::Document;
use crate::pages::address;
use crate::state::State;
use crate::visit::{Answer, Outcome, Visit};
use crate::wording;
use crate::words::{fill, say};
use care::appointments::{Answered, Referral, ReferralState, Waiting, WaitingState, Waits};
use maud::{Markup, html};

/// The page of a referral.
pub async fn referral(state: &State, visit: &Visit) -> Outcome {
    let patient = visit.patient_id()?.to_owned();
    match state.care.referral(&visit.actor_for(&patient)?, &patient, visit.id()).await? {
        Answered::Done(referral) => Answer::page(under_list(visit, referral_page(visit, &referral))),
        Answered::Refused { why, phone, .. } => refused::shown(visit, why, phone.as_deref()),
    }
}

fn referral_page(visit: &Visit, referral: &Referral) -> Document {
    let heading = worded::referral_title(referral);
    let (tag, next) = worded::referral_state(referral);
    let text = |name: &'static str, value: &Option<String>| {
        value.as_ref().map(|value| SummaryRow::new(say(name), value.as_str()))
    };
    let mut rows = Vec::new();
    rows.extend(text("appointments-row-place", &referral.organisation));
    rows.extend(text("appointments-row-by", &referral.by));
    rows.extend(referral.on.map(|on| SummaryRow::new(say("appointments-row-on"), wording::when_day(on))));
    if referral.urgent {
        rows.push(SummaryRow::new(say("appointments-row-priority"), say("appointments-urgent-priority")));
    }
    rows.extend(text("appointments-row-ubrn", &referral.ubrn));
    rows.extend(text("appointments-row-source", &referral.source));
    // Whoever takes part can be written to while it is open; another system's conversations are not kept here.
    let open =
        matches!(referral.state, ReferralState::Sent | ReferralState::OnHold) && referral.source.is_none();
    let who = referral.organisation.as_deref().unwrap_or_else(|| say("appointments-your-surgery"));
    let body = html! {
        h1 { (heading) }
        p class="bevan-tags" { (tag) }
        h2 class="nhsuk-heading-m" { (say("appointments-next-heading")) }
        (next)
        ul class="bevan-links" {
            @if let Some(booking) = &referral.booking {
                li { a href=(visit.link(&format!("/appointments/{}", address(&booking.id)))) { (worded::ahead(booking)) } }
            }
            @if let Some(waiting) = &referral.waiting {
                li { a href=(visit.link(&format!("/waiting-lists/{}", address(waiting)))) { (worded::list_for(&referral.specialty)) } }
            }
            @if open {
                li { a href=(visit.link(&format!("/messages/new?to={}", address(&referral.id)))) { (say("messages-write")) } }
            }
        }
        h2 class="nhsuk-heading-m" { (say("appointments-about-referral")) }
        (SummaryList::new(rows))
        (worse())
        (worded::call(referral.phone.as_deref(), who))
    };
    Document::new(&heading, body)
}

/// What to do when things get worse while waiting.
fn worse() -> Markup {
    inset_text(&say("appointments-worse").into())
}

/// The page of a place on a waiting list.
pub async fn place(state: &State, visit: &Visit) -> Outcome {
    let patient = visit.patient_id()?.to_owned();
    match state.care.waiting_list(&visit.actor_for(&patient)?, &patient, visit.id()).await? {
        Answered::Done(waiting) => Answer::page(under_list(visit, place_page(visit, &waiting))),
        Answered::Refused { why, phone, .. } => refused::shown(visit, why, phone.as_deref()),
    }
}

fn place_page(visit: &Visit, waiting: &Waiting) -> Document {
    let heading = worded::waiting_title(waiting);
    let who = waiting.organisation.as_deref().unwrap_or_else(|| say("appointments-the-hospital"));
    let mut rows = Vec::new();
    rows.extend(
        waiting.organisation.as_deref().map(|one| SummaryRow::new(say("appointments-row-place"), one)),
    );
    rows.extend(
        waiting.since.map(|since| SummaryRow::new(say("appointments-row-since"), wording::day(since))),
    );
    if waiting.state == WaitingState::Waiting {
        rows.extend(waiting.weeks.map(|weeks| {
            SummaryRow::new(
                say("appointments-row-waited"),
                fill("appointments-weeks", &[("weeks", i64::from(weeks).into())]),
            )
        }));
    }
    rows.extend(waiting.source.as_deref().map(|one| SummaryRow::new(say("appointments-row-source"), one)));
    let body = html! {
        h1 { (heading) }
        @if waiting.state == WaitingState::Over { (inset_text(&say("appointments-waiting-over").into())) }
        (SummaryList::new(rows))
        @if waiting.state == WaitingState::Waiting {
            h2 class="nhsuk-heading-m" { (say("appointments-waits-heading")) }
            (waits(waiting, who))
        }
        ul class="bevan-links" {
            @if let Some(booking) = &waiting.booking {
                li { a href=(visit.link(&format!("/appointments/{}", address(&booking.id)))) { (worded::ahead(booking)) } }
            }
            @if let Some(referral) = &waiting.referral {
                li { a href=(visit.link(&format!("/referrals/{}", address(referral)))) { (worded::referral_to(&waiting.specialty)) } }
            }
        }
        (worse())
        (worded::call(waiting.phone.as_deref(), who))
    };
    Document::new(&heading, body)
}

fn waits(waiting: &Waiting, who: &str) -> Markup {
    match waiting.waits {
        Waits::Known { eight_in_ten_weeks, mean_weeks, measured_at } => html! {
            p class="nhsuk-heading-s" {
                (fill("appointments-waits", &[("weeks", i64::from(eight_in_ten_weeks).into())]))
            }
            p { (fill("appointments-waits-mean", &[("weeks", i64::from(mean_weeks).into()), ("who", who.into())])) }
            p class="bevan-lede" {
                (fill("appointments-waits-when", &[("day", wording::day(worded::date(measured_at)).into())]))
            }
        },
        Waits::TooFew if waiting.source.is_some() => html! { p { (say("appointments-waits-elsewhere")) } },
        Waits::TooFew => html! { p { (say("appointments-waits-too-few")) } },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use care::view::SAMPLE_NOW;

    #[test]
    fn a_wait_of_no_whole_week_is_worded_and_not_counted() {
        let of = |weeks| Waiting {
            waits: Waits::Known { eight_in_ten_weeks: weeks, mean_weeks: weeks, measured_at: SAMPLE_NOW },
            ..Waiting::sample()
        };
        for (weeks, words) in [(0, "less than 1 week"), (1, "1 week"), (2, "2 weeks")] {
            let page = waits(&of(weeks), "Sample Hospital").into_string();
            let line = worded::waits(&of(weeks)).unwrap();
            for said in [&page, &line] {
                assert!(said.contains(words) && !said.contains("0 weeks"), "{weeks}: {said}");
            }
            assert_eq!(page.matches(words).count(), 2, "80th percentile and mean: {page}");
        }
    }
}
