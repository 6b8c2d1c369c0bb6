//! What becomes of the waiting list in half a year: with scans as they are booked now, and with shorter ones. Simulated.

use super::asked::Asked;
use super::chart::{Frame, Line, chart};
use super::form::{assumptions, errors};
use super::{WAITING, simulated, tabs, tenths, too_little};
use crate::component::{Caption, Cell, Column, Details, Table};
use crate::layout::Document;
use crate::state::State;
use crate::visit::{Answer, Outcome, Visit};
use crate::wording;
use crate::words::{fill, say};
use care::Role;
use care::imaging::{Band, Course, Outlook, RUNS, WEEKS};
use maud::{Markup, Render, html};

/// The page.
pub async fn waiting(state: &State, visit: &Visit) -> Outcome {
    let asked = Asked::read(&visit.query);
    let view = state.care.scan_outlook(&visit.actor()?, &asked.wish).await?;
    let page = waiting_page(&view, &visit.session()?.person.role, &asked);
    if asked.wrong.is_empty() { Answer::page(page) } else { Answer::refused(page) }
}

fn waiting_page(view: &Outlook, role: &Role, asked: &Asked) -> Document {
    let heading = say("imaging-waiting");
    let body = html! {
        (errors(asked))
        h1 { (heading) }
        (tabs(WAITING, role, asked))
        p class="bevan-lede" { (simulated()) " " (fill("imaging-waiting-lede", &[("organisation", view.organisation.as_str().into())])) }
        @if view.told.is_enough() {
            (figures(view))
            (drawing(view))
            (ends(view))
            (Details::new(say("imaging-each-week"), by_week(view)))
            (sure(view))
        } @else {
            (too_little(view.told))
        }
        (assumptions(WAITING, &view.assumed, view.told, asked))
    };
    Document::wide(heading, body).under(&[("My work", "/staff/home")])
}

fn people(number: u32) -> String {
    wording::grouped(i64::from(number))
}

fn last(course: &Course) -> Band {
    course.size.last().copied().unwrap_or_default()
}

fn figures(view: &Outlook) -> Markup {
    let wait = |course: &Course| {
        course.half.map_or_else(|| say("imaging-nobody").to_owned(), |band| weeks(band.middle))
    };
    html! {
        dl class="bevan-figures" {
            div { dt { (say("imaging-waiting-now")) } dd { (wording::grouped(super::count(view.waiting))) } }
            div { dt { (say("imaging-waiting-full")) } dd { (people(last(&view.full).middle)) } }
            div { dt { (say("imaging-waiting-faster")) } dd { (people(last(&view.faster).middle)) } }
            div { dt { (say("imaging-half-full")) } dd { (wait(&view.full)) } }
            div { dt { (say("imaging-half-faster")) } dd { (wait(&view.faster)) } }
        }
    }
}

fn weeks(tenths_of_weeks: u32) -> String {
    fill("imaging-weeks", &[("weeks", tenths(tenths_of_weeks).into())])
}

fn drawing(view: &Outlook) -> Markup {
    let (full, faster) = (last(&view.full), last(&view.faster));
    let words = fill(
        "imaging-waiting-words",
        &[
            ("now", super::count(view.waiting).into()),
            ("full", i64::from(full.middle).into()),
            ("faster", i64::from(faster.middle).into()),
            ("weeks", super::count(WEEKS).into()),
        ],
    );
    let line = |name: &'static str, course: &Course, dashed: bool| Line {
        name,
        points: course
            .size
            .iter()
            .map(|band| (f64::from(band.low), f64::from(band.middle), f64::from(band.high)))
            .collect(),
        dashed,
    };
    let frame = Frame {
        title: say("imaging-waiting-chart"),
        words: &words,
        unit: say("imaging-waiting-unit"),
        ends: (
            say("imaging-now").to_owned(),
            fill("imaging-in-weeks", &[("weeks", super::count(WEEKS).into())]),
        ),
    };
    let full = line(say("imaging-line-full"), &view.full, true);
    chart(&frame, &[full, line(say("imaging-line-faster"), &view.faster, false)])
}

/// `4.2 weeks (3.8 to 4.9)`.
fn band(band: Option<Band>, say_it: impl Fn(u32) -> String, bare: impl Fn(u32) -> String) -> String {
    band.map_or_else(
        || say("imaging-nobody").to_owned(),
        |one| {
            fill(
                "imaging-band",
                &[
                    ("middle", say_it(one.middle).into()),
                    ("low", bare(one.low).into()),
                    ("high", bare(one.high).into()),
                ],
            )
        },
    )
}

fn ends(view: &Outlook) -> Markup {
    let now = |days: Option<u32>| match days {
        // Days of the calendar, as weeks to a tenth.
        Some(days) => weeks((days * 20 + 7) / 14),
        None => say("imaging-not-known").to_owned(),
    };
    let list = |course: &Course| band(course.size.last().copied(), people, people);
    let wait = |one: Option<Band>| band(one, weeks, tenths);
    let rows = vec![
        (
            "imaging-row-list",
            people(u32::try_from(view.waiting).unwrap_or(u32::MAX)),
            list(&view.full),
            list(&view.faster),
        ),
        ("imaging-row-half", now(view.waited.map(|one| one.0)), wait(view.full.half), wait(view.faster.half)),
        (
            "imaging-row-eight",
            now(view.waited.map(|one| one.1)),
            wait(view.full.eight_in_ten),
            wait(view.faster.eight_in_ten),
        ),
        (
            "imaging-row-scanned",
            String::from("–"),
            tenths(view.full.scanned_tenths),
            tenths(view.faster.scanned_tenths),
        ),
    ];
    let rows = rows.into_iter().map(|(id, now, full, faster)| {
        vec![Cell::from(say(id)), Cell::from(now), Cell::from(full), Cell::from(faster)]
    });
    let columns = vec![
        Column::new(say("imaging-figure")),
        Column::new(say("imaging-column-now")),
        Column::new(say("imaging-column-half-year-full")),
        Column::new(say("imaging-column-half-year-faster")),
    ];
    let caption = Caption::hidden(say("imaging-half-year"));
    html! {
        h2 class="nhsuk-heading-m" { (say("imaging-half-year")) }
        (Table::stacking(caption, columns, rows.collect()))
    }
}

fn by_week(view: &Outlook) -> Markup {
    let rows = view.full.size.iter().zip(&view.faster.size).enumerate().map(|(week, (full, faster))| {
        let cell = |one: &Band| Cell::from(band(Some(*one), people, people));
        let named = if week == 0 { say("imaging-now").to_owned() } else { week.to_string() };
        vec![Cell::from(named), cell(full), cell(faster)]
    });
    let columns = vec![
        Column::new(say("imaging-week")),
        Column::new(say("imaging-line-full")),
        Column::new(say("imaging-line-faster")),
    ];
    Table::stacking(Caption::hidden(say("imaging-each-week")), columns, rows.collect()).render()
}

/// How sure the figures are, and what they leave out.
fn sure(view: &Outlook) -> Markup {
    let grows = view.orders_tenths > view.faster.scanned_tenths
        && last(&view.faster).middle > view.faster.size.first().map_or(0, |one| one.middle);
    html! {
        h2 class="nhsuk-heading-m" { (say("imaging-sure")) }
        p {
            (fill("imaging-sure-runs", &[
                ("runs", super::count(RUNS).into()),
                ("shorter", super::count(view.shorter).into()),
                ("days", super::count(view.told.days).into()),
            ]))
        }
        p {
            (fill("imaging-sure-flow", &[
                ("orders", tenths(view.orders_tenths).into()),
                ("full", tenths(view.full.scanned_tenths).into()),
                ("faster", tenths(view.faster.scanned_tenths).into()),
            ]))
            @if grows { " " strong { (say("imaging-sure-grows")) } }
        }
        ul class="nhsuk-list nhsuk-list--bullet" {
            @for id in ["imaging-sure-spread", "imaging-sure-left-out", "imaging-sure-demand", "imaging-reads-people", "imaging-reads-image"] {
                li { (say(id)) }
            }
        }
    }
}
