//! The site view: every ward on a line, and the sum. Where is there room, who is coming, what contradicts.

use super::ward_board::{age, figures};
use crate::component::{Caption, Cell, Column, Table};
use crate::layout::Document;
use crate::pages::address;
use crate::state::State;
use crate::visit::{Answer, Outcome, Visit};
use crate::wording;
use care::site_view::{SiteView, WardLine};
use jiff::Timestamp;
use maud::{Markup, html};

/// The page.
pub async fn wards(state: &State, visit: &Visit) -> Outcome {
    let view = state.care.site_view(&visit.actor()?).await?;
    Ok(Answer::Page(Box::new(wards_page(&view))))
}

/// Prints the page.
pub fn wards_page(view: &SiteView) -> Document {
    let body = html! {
        div class="bevan-site" {
            h1 { "Wards" }
            div class="bevan-live" {
                span { (view.organisation) "." }
                span id="live-state" role="status" { "Shows " (wording::clock24(view.read_at)) "." }
                span class="bevan-live__links" {
                    button id="live-pause" type="button" hidden { "Pause" }
                    a href="/staff/wards" { "Refresh" }
                }
            }
            div data-module="bevan-live" data-events="/staff/wards/events" { (live_part(view)) }
        }
    };
    Document::wide("Wards", body)
}

/// The part of the page that changes.
pub fn live_part(view: &SiteView) -> Markup {
    let rows = view.wards.iter().map(|ward| row(ward, view.read_at)).collect();
    let columns = vec![
        Column::new("Ward"),
        Column::numeric("Occupancy"),
        Column::numeric("Free"),
        Column::numeric("Closed"),
        Column::numeric("Coming"),
        Column::numeric("Out today"),
        Column::new("Conflicts"),
        Column::new("Newest message"),
    ];
    html! {
        (figures(&view.total, view.total.leaving_today > 0))
        @if view.wards.is_empty() {
            div class="bevan-answer" {
                p { "No ward of your organisation is known yet. Wards appear with the first message that names them." }
            }
        } @else {
            (Table::stacking(Caption::hidden("Wards"), columns, rows))
        }
    }
}

fn row(ward: &WardLine, now: Timestamp) -> Vec<Cell> {
    let figures = &ward.figures;
    let count = |count: u32| Cell::from(wording::grouped(i64::from(count)));
    let occupancy = match figures.occupancy_percent {
        Some(percent) => html! {
            strong { (percent) "%" }
            " " span class="bevan-nowrap" { "(" (figures.taken) " of " (figures.beds) ")" }
        },
        None => html! { (figures.taken) ", no beds listed" },
    };
    let name = html! {
        a href={ "/staff/wards/" (address(&ward.id)) } id={ "ward-" (ward.id) } { (ward.name) }
        br;
        span class="bevan-small" {
            @if let Some(specialty) = &ward.specialty { (specialty) ", " }
            (ward.site)
        }
    };
    let conflicts = match figures.conflicts {
        0 => html! { "None" },
        some => {
            html! { span class="bevan-chip bevan-chip--alarm" { (wording::plural(i64::from(some), "conflict")) } }
        }
    };
    let newest = match ward.freshness.last_message_at {
        None => html! { "None yet" },
        Some(at) if ward.freshness.stale => {
            html! { span class="bevan-chip bevan-chip--warn" { "Old: " (age(at, now)) } }
        }
        Some(at) => age(at, now),
    };
    vec![
        Cell::from(name),
        Cell::from(occupancy),
        count(figures.free),
        count(figures.closed),
        count(figures.coming),
        count(figures.leaving_today),
        Cell::from(conflicts),
        Cell::from(newest),
    ]
}
