//! The list: what is to come, referrals and waits, what is over. A source that did not answer is named at the top.

use super::worded;
use crate::component::{Button, Card, CardHeading, Colour, Details, Size, Tag, warning_callout};
use crate::layout::Document;
use crate::pages::address;
use crate::pages::section::{Reader, section};
use crate::state::State;
use crate::visit::{Answer, Outcome, Visit};
use crate::wording;
use crate::words::{fill, say};
use care::appointments::{Booking, Diary, Referral, ReferralState, Waiting, WaitingState};
use care::view::Section;
use maud::{Markup, html};

/// Past appointments that are shown.
const PAST: usize = 20;

/// The page.
pub async fn list(state: &State, visit: &Visit) -> Outcome {
    let patient = visit.patient_id()?.to_owned();
    let diary = state.care.appointments(&visit.actor_for(&patient)?, &patient).await?;
    let home = visit.link("/home");
    let link = |path: &str| visit.link(path);
    Answer::page(page(&diary, &link).under(&[(say("appointments-home"), &home)]))
}

type Link<'a> = &'a (dyn Fn(&str) -> String + 'a);

/// Prints the page.
pub fn page(diary: &Diary, link: Link<'_>) -> Document {
    if diary.no_access {
        let body = html! {
            h1 { (say("appointments-heading")) }
            (section::<Booking>(Reader::Patient, &Section::NoAccess, "", |_| html! {}))
        };
        return Document::new(say("appointments-heading"), body);
    }
    let body = html! {
        h1 { (say("appointments-heading")) }
        (silent(&diary.silent))
        div class="bevan-actions" {
            (Button { href: Some(link("/appointments/book")), ..Button::new(say("appointments-book-heading")) })
            (Button { href: Some(link("/appointments/ask-gp")), ..Button::secondary(say("appointments-ask-heading")) })
        }
        h2 class="nhsuk-heading-m" { (say("appointments-upcoming")) }
        @if diary.upcoming.is_empty() {
            div class="bevan-answer" { p { (say("appointments-none-upcoming")) } }
        } @else {
            ul class="bevan-bookings" { @for one in &diary.upcoming { li { (booking(one, link)) } } }
        }
        (hospital(diary, link))
        @if !diary.past.is_empty() {
            (Details::new(say("appointments-past"), html! {
                ul class="bevan-bookings" { @for one in diary.past.iter().take(PAST) { li { (booking(one, link)) } } }
                @if diary.past.len() > PAST { p { (fill("appointments-past-more", &[("count", PAST.into())])) } }
            }))
        }
    };
    Document::new(say("appointments-heading"), body)
}

/// Names the sources that did not answer.
pub fn silent(names: &[String]) -> Markup {
    html! {
        @for name in names {
            (warning_callout(&fill("appointments-silent", &[("name", name.as_str().into())]), html! {
                p { (say("appointments-silent-what")) }
                p { (say("appointments-silent-next")) }
            }.into()))
        }
    }
}

fn booking(one: &Booking, link: Link<'_>) -> Markup {
    let title = worded::title(one);
    let card = Card {
        heading: Some(CardHeading::new(&title, Some(Size::S))),
        ..Card::link(
            &title,
            &link(&format!("/appointments/{}", address(&one.id))),
            html! {
                p class="nhsuk-card__description" {
                    (worded::place(one))
                    @if let Some(with) = &one.with { br; (with) }
                }
                p class="bevan-tags" {
                    (worded::setting(one.setting))
                    @if let Some(tag) = worded::state(one.state) { " " (tag) }
                    @if one.moved_from.is_some() { " " (Tag::new(say("appointments-state-moved"), Colour::Orange)) }
                    @if let Some(source) = &one.source { " " span class="bevan-source" { (told_by(source)) } }
                }
            }
            .into(),
        )
    };
    html! { (card) }
}

fn told_by(source: &str) -> String {
    fill("appointments-told-by", &[("name", source.into())])
}

fn hospital(diary: &Diary, link: Link<'_>) -> Markup {
    if diary.too_young {
        return html! {
            h2 class="nhsuk-heading-m" { (say("appointments-waiting-heading")) }
            div class="bevan-answer" { p { (say("appointments-under-16")) } }
        };
    }
    let is_open = |one: &&Referral| !matches!(one.state, ReferralState::Completed | ReferralState::Cancelled);
    let open: Vec<&Referral> = diary.referrals.iter().filter(is_open).collect();
    let closed: Vec<&Referral> = diary.referrals.iter().filter(|one| !is_open(one)).collect();
    let of =
        |referral: &Referral| diary.waiting.iter().find(|one| Some(&one.id) == referral.waiting.as_ref());
    let listed = |place: &&Waiting| {
        place.state == WaitingState::Waiting
            && !diary.referrals.iter().any(|one| one.waiting.as_ref() == Some(&place.id))
    };
    let alone: Vec<&Waiting> = diary.waiting.iter().filter(listed).collect();
    html! {
        h2 class="nhsuk-heading-m" { (say("appointments-waiting-heading")) }
        @if open.is_empty() && alone.is_empty() {
            div class="bevan-answer" { p { (say("appointments-none-waiting")) } }
        } @else {
            ul class="bevan-bookings" {
                @for one in open { li { (referral(one, of(one), link)) } }
                @for one in alone { li { (place(one, link)) } }
            }
        }
        @if !closed.is_empty() {
            (Details::new(say("appointments-referrals-closed"), html! {
                ul class="bevan-bookings" { @for one in closed { li { (referral(one, None, link)) } } }
            }))
        }
    }
}

fn referral(one: &Referral, waiting: Option<&Waiting>, link: Link<'_>) -> Markup {
    let title = worded::referral_title(one);
    let (tag, _) = worded::referral_state(one);
    let card = Card {
        heading: Some(CardHeading::new(&title, Some(Size::S))),
        ..Card::link(
            &title,
            &link(&format!("/referrals/{}", address(&one.id))),
            html! {
                p class="nhsuk-card__description" {
                    @if let Some(organisation) = &one.organisation { (organisation) }
                    @if let Some(waits) = waiting.and_then(worded::waits) { br; (waits) }
                }
                p class="bevan-tags" {
                    (tag)
                    @if let Some(source) = &one.source { " " span class="bevan-source" { (told_by(source)) } }
                }
            }
            .into(),
        )
    };
    html! { (card) }
}

fn place(one: &Waiting, link: Link<'_>) -> Markup {
    let title = worded::waiting_title(one);
    let card = Card {
        heading: Some(CardHeading::new(&title, Some(Size::S))),
        ..Card::link(
            &title,
            &link(&format!("/waiting-lists/{}", address(&one.id))),
            html! {
                p class="nhsuk-card__description" {
                    @if let Some(organisation) = &one.organisation { (organisation) }
                    @if let Some(since) = one.since {
                        br; (fill("appointments-waiting-since", &[("day", wording::day(since).into())]))
                    }
                    @if let Some(waits) = worded::waits(one) { br; (waits) }
                }
            }
            .into(),
        )
    };
    html! { (card) }
}
