//! The scan list of a day: who comes when, for what, how long as it is booked and with acceleration, and how far it has come.

use super::asked::Asked;
use super::{LIST, hours, simulated, tabs};
use crate::component::{Caption, Cell, Column, Table};
use crate::layout::Document;
use crate::pages::address;
use crate::state::State;
use crate::visit::{Answer, Outcome, Problem, Visit};
use crate::wording;
use crate::words::{fill, say};
use care::Role;
use care::imaging::{Row, ScanList, State as Progress, Unbooked};
use jiff::civil::Date;
use maud::{Markup, Render, html};

/// The page.
pub async fn list(state: &State, visit: &Visit) -> Outcome {
    let asked = Asked::read(&visit.query);
    let date = match visit.query.text("date") {
        "" => None,
        words => Some(words.parse::<Date>().map_err(|_| Problem::NotFound)?),
    };
    let view = state.care.scan_list(&visit.actor()?, date, &asked.wish).await?;
    Answer::page(list_page(&view, &visit.session()?.person.role, &asked))
}

fn list_page(view: &ScanList, role: &Role, asked: &Asked) -> Document {
    let heading = say("imaging-list");
    let body = html! {
        h1 { (heading) }
        (tabs(LIST, role, asked))
        @if view.scanners == 0 {
            div class="bevan-answer" { p { (fill("imaging-no-scanner", &[("organisation", view.organisation.as_str().into())])) } }
        } @else {
            (day(view, asked))
            (figures(view))
            p { (simulated()) " " (say("imaging-list-simulated")) }
            (booked(view))
            (waiting(view))
        }
    };
    Document::wide(heading, body).under(&[("My work", "/staff/home")])
}

/// The day, and the way to the days beside it.
fn day(view: &ScanList, asked: &Asked) -> Markup {
    let to = |date: Date| {
        let query = asked.query();
        if query.is_empty() { format!("{LIST}?date={date}") } else { format!("{LIST}{query}&date={date}") }
    };
    let (before, after) = (view.date.yesterday(), view.date.tomorrow());
    html! {
        h2 class="nhsuk-heading-m" {
            (wording::weekday(view.date))
            span class="bevan-small" { " " (view.organisation) }
        }
        div class="bevan-live" {
            span class="bevan-live__links" {
                @if let Ok(date) = before { a href=(to(date)) { (say("imaging-day-before")) } " " }
                @if view.date != view.today { a href=(to(view.today)) { (say("imaging-today")) } " " }
                @if let Ok(date) = after { a href=(to(date)) { (say("imaging-day-after")) } }
            }
        }
    }
}

fn figures(view: &ScanList) -> Markup {
    let grouped = |number: usize| wording::grouped(super::count(number));
    html! {
        dl class="bevan-figures" {
            div { dt { (say("imaging-figure-booked")) } dd { (grouped(view.booked)) } }
            div { dt { (say("imaging-figure-full")) } dd { (hours(view.full)) } }
            div { dt { (say("imaging-figure-faster")) } dd { (hours(view.faster)) } }
            div { dt { (say("imaging-figure-unbooked")) } dd { (grouped(view.unbooked_in_all)) } }
        }
    }
}

fn booked(view: &ScanList) -> Markup {
    let columns = vec![
        Column::new(say("imaging-time")),
        Column::new(say("imaging-patient")),
        Column::new(say("imaging-scan")),
        Column::numeric(say("imaging-as-booked")),
        Column::numeric(say("imaging-accelerated")),
        Column::new(say("imaging-state")),
    ];
    let closed = view.booked.saturating_sub(view.rows.len());
    html! {
        @if view.booked == 0 {
            div class="bevan-answer" { p { (say("imaging-none-booked")) } }
        }
        @if !view.rows.is_empty() {
            (Table::stacking(Caption::hidden(say("imaging-list")), columns, view.rows.iter().map(row).collect()))
        }
        @if closed > 0 {
            div class="bevan-answer" { p { (fill("imaging-closed", &[("count", super::count(closed).into())])) } }
        }
    }
}

fn row(row: &Row) -> Vec<Cell> {
    let time = html! { (wording::clock24(row.starts)) br; span class="bevan-small" { (row.scanner) } };
    let scan = html! {
        (row.protocol)
        @if let Some(number) = &row.accession { br; span class="bevan-small" { (number) } }
    };
    vec![
        Cell::from(time),
        Cell::from(patient(&row.patient, &row.name)),
        Cell::from(scan),
        Cell::from(minutes(row.full)),
        Cell::from(minutes(row.faster)),
        Cell::from(state(row)),
    ]
}

fn patient(id: &str, name: &str) -> Markup {
    html! { a href={ "/staff/patients/" (address(id)) } { (name) } }
}

fn minutes(minutes: u32) -> String {
    fill("imaging-in-minutes", &[("minutes", i64::from(minutes).into())])
}

fn state(row: &Row) -> Markup {
    match row.state {
        Progress::Booked => html! { (say("imaging-state-booked")) },
        Progress::Scanned => html! { (say("imaging-state-scanned")) },
        Progress::Missed => html! { (say("imaging-state-missed")) },
        Progress::Imaged { series, reconstructed } => html! {
            strong { (say("imaging-state-image")) }
            br;
            span class="bevan-small" {
                (fill("imaging-series", &[("count", i64::from(series).into())]))
                @if reconstructed { br; (say("imaging-reconstructed")) }
            }
        },
    }
}

fn waiting(view: &ScanList) -> Markup {
    let columns = vec![
        Column::new(say("imaging-ordered")),
        Column::new(say("imaging-patient")),
        Column::new(say("imaging-scan")),
        Column::numeric(say("imaging-as-booked")),
        Column::numeric(say("imaging-accelerated")),
    ];
    let row = |one: &Unbooked| {
        vec![
            Cell::from(wording::day(one.ordered)),
            Cell::from(patient(&one.patient, &one.name)),
            Cell::from(one.protocol.as_str()),
            Cell::from(minutes(one.full)),
            Cell::from(minutes(one.faster)),
        ]
    };
    html! {
        h2 class="nhsuk-heading-m" { (say("imaging-unbooked")) }
        @if view.unbooked_in_all == 0 {
            div class="bevan-answer" { p { (say("imaging-none-unbooked")) } }
        } @else {
            p {
                (fill("imaging-unbooked-shown", &[
                    ("shown", super::count(view.unbooked.len()).into()),
                    ("all", super::count(view.unbooked_in_all).into()),
                ]))
            }
            @if !view.unbooked.is_empty() {
                (Table::stacking(Caption::hidden(say("imaging-unbooked")), columns, view.unbooked.iter().map(row).collect()).render())
            }
        }
    }
}
