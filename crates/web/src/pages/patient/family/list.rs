//! The list: whom the reader acts for, with the way to their pages, and who acts for the reader.

use super::say::{category, kin, tag, why};
use crate::component::{Button, Card, CardHeading, Size};
use crate::layout::Document;
use crate::pages::address;
use crate::state::State;
use crate::visit::{Answer, Outcome, Visit};
use crate::wording;
use crate::words::{fill, say};
use care::family::{CaredFor, Category, Family, Helper, Standing, Why};
use care::view::When;
use maud::{Markup, html};

/// The page.
pub async fn family(state: &State, visit: &Visit) -> Outcome {
    let family = state.care.family(&visit.actor()?).await?;
    Answer::page(family_page(&family, visit))
}

/// Prints the page.
pub fn family_page(family: &Family, visit: &Visit) -> Document {
    let body = html! {
        h1 { (say("family-heading")) }
        p { (say("family-lede")) }
        h2 class="nhsuk-heading-m" { (say("family-caring")) }
        @if family.caring.is_empty() { div class="bevan-answer" { p { (say("family-caring-none")) } } }
        @for one in &family.caring { (cared(one, visit)) }
        p { (Button { href: Some(visit.link("/family/apply")), ..Button::new(say("family-apply")) }) }
        h2 class="nhsuk-heading-m" { (say("family-helpers")) }
        @if family.helpers.is_empty() { div class="bevan-answer" { p { (say("family-helpers-none")) } } }
        @for one in &family.helpers { (helper(one, visit)) }
    };
    Document::new(say("family-heading"), body).under(&[(say("shell-nav-home"), &visit.link("/home"))])
}

fn cared(one: &CaredFor, visit: &Visit) -> Markup {
    let open = matches!(one.standing, Standing::Open { .. });
    let running = open || matches!(one.standing, Standing::Suspended(_) | Standing::Later(_));
    let name = one.name.as_str();
    let until = match one.standing {
        Standing::Open { until: Some((day, Why::Sixteen)), .. } => {
            Some(fill("family-ends", &[("day", wording::day(day).into())]))
        }
        Standing::Open { until: Some((day, _)), .. } => {
            Some(fill("family-until", &[("day", wording::day(day).into())]))
        }
        Standing::Later(begins) => Some(from(begins)),
        _ => None,
    };
    boxed(
        name,
        html! {
            p { (tag(one.standing)) @if let Some(is) = one.kin { " " (kin(is)) } }
            @if let Some(words) = why(one.standing) { p { (words) } }
            @if open { (list(&one.categories)) }
            @if let Some(words) = &until { p class="bevan-small" { (words) } }
            @if !running { p class="bevan-small" { (fill("family-applied", &[("day", wording::moment(one.applied_at).into())])) } }
            @if open && visit.acting.is_none() {
                p { a href={ "/as/" (address(&one.id)) "/home" } { strong { (fill("family-switch", &[("name", name.into())])) } } }
            }
            @if running {
                p { a href=(visit.link(&format!("/family/{}", address(&one.id)))) { (fill("family-manage-caring", &[("name", name.into())])) } }
            }
        },
    )
}

fn from(begins: When) -> String {
    fill("family-from", &[("day", wording::when(begins).into())])
}

fn helper(one: &Helper, visit: &Visit) -> Markup {
    let name = one.name.as_str();
    let standing = if one.hidden { Standing::Hidden } else { one.standing };
    boxed(
        name,
        html! {
            p { (tag(standing)) " " (kin(one.kin)) }
            @if matches!(standing, Standing::Open { .. } | Standing::Later(_) | Standing::Waiting) { (list(&one.categories)) }
            @if let Standing::Later(begins) = standing { p class="bevan-small" { (from(begins)) } }
            p { a href=(visit.link(&format!("/family/{}", address(&one.id)))) { (fill("family-manage-helper", &[("name", name.into())])) } }
        },
    )
}

fn boxed(name: &str, inside: Markup) -> Markup {
    let heading = Some(CardHeading { level: 3, ..CardHeading::new(name, Some(Size::S)) });
    html! { (Card { heading, ..Card::boxed(name, inside) }) }
}

/// What somebody can see and do.
pub fn list(categories: &[Category]) -> Markup {
    html! {
        @if categories.is_empty() { p { (say("family-nothing")) } } @else {
            p { (say("family-can")) ":" }
            ul { @for one in categories { li { (category(*one)) } } }
        }
    }
}
