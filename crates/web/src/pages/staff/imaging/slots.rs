//! The extra slots that shorter scans would have given, day by day, simulated from the bookings of the last weeks.

use super::asked::Asked;
use super::chart::{Frame, Line, chart};
use super::form::{assumptions, errors};
use super::{SLOTS, simulated, tabs, tenths, too_little};
use crate::component::{Caption, Cell, Column, Details, Table};
use crate::layout::Document;
use crate::state::State;
use crate::visit::{Answer, Outcome, Visit};
use crate::wording;
use crate::words::{fill, say};
use care::Role;
use care::imaging::{DayGain, Gain, Spread};
use maud::{Markup, Render, html};

/// The page.
pub async fn slots(state: &State, visit: &Visit) -> Outcome {
    let asked = Asked::read(&visit.query);
    let view = state.care.scans_won(&visit.actor()?, &asked.wish).await?;
    let page = slots_page(&view, &visit.session()?.person.role, &asked);
    if asked.wrong.is_empty() { Answer::page(page) } else { Answer::refused(page) }
}

fn slots_page(view: &Gain, role: &Role, asked: &Asked) -> Document {
    let heading = say("imaging-slots");
    let spread = view.spread.filter(|_| view.told.is_enough());
    let body = html! {
        (errors(asked))
        h1 { (heading) }
        (tabs(SLOTS, role, asked))
        p class="bevan-lede" { (simulated()) " " (fill("imaging-slots-lede", &[("organisation", view.organisation.as_str().into())])) }
        @match spread {
            None => { (too_little(view.told)) },
            Some(spread) => {
                (figures(spread))
                (drawing(&view.days))
                (scanners(view))
                (Details::new(say("imaging-each-day"), by_day(&view.days)))
                h2 class="nhsuk-heading-m" { (say("imaging-reads")) }
                ul class="nhsuk-list nhsuk-list--bullet" {
                    @for id in ["imaging-reads-gaps", "imaging-reads-people", "imaging-reads-image"] { li { (say(id)) } }
                }
            },
        }
        (assumptions(SLOTS, &view.assumed, view.told, asked))
    };
    Document::wide(heading, body).under(&[("My work", "/staff/home")])
}

fn figures(spread: Spread) -> Markup {
    html! {
        dl class="bevan-figures" {
            div { dt { (say("imaging-slots-middle")) } dd { (spread.middle) } }
            div { dt { (say("imaging-slots-low")) } dd { (spread.low) } }
            div { dt { (say("imaging-slots-high")) } dd { (spread.high) } }
            div { dt { (say("imaging-slots-mean")) } dd { (tenths(spread.mean_tenths)) } }
        }
    }
}

fn drawing(days: &[DayGain]) -> Markup {
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return html! {} };
    let sum = |value: fn(&DayGain) -> u32| days.iter().map(value).sum::<u32>();
    let words = fill(
        "imaging-slots-words",
        &[
            ("days", super::count(days.len()).into()),
            ("full", i64::from(sum(|one| one.full)).into()),
            ("faster", i64::from(sum(|one| one.faster)).into()),
        ],
    );
    let line = |name: &'static str, value: fn(&DayGain) -> u32, dashed: bool| Line {
        name,
        points: days.iter().map(|one| f64::from(value(one))).map(|one| (one, one, one)).collect(),
        dashed,
    };
    let frame = Frame {
        title: say("imaging-slots-chart"),
        words: &words,
        unit: say("imaging-slots-unit"),
        ends: (wording::day(first.date), wording::day(last.date)),
    };
    let full = line(say("imaging-line-full"), |one| one.full, true);
    chart(&frame, &[full, line(say("imaging-line-faster"), |one| one.faster, false)])
}

fn scanners(view: &Gain) -> Markup {
    let row = |one: &care::imaging::ScannerGain| {
        let spread = one.spread.unwrap_or_default();
        let numbers = [spread.least, spread.low, spread.middle, spread.high, spread.most];
        let numbers = numbers.map(|number| Cell::from(number.to_string()));
        let days = Cell::from(one.days.len().to_string());
        let mut row = vec![Cell::from(one.name.as_str()), days];
        row.extend(numbers);
        row.push(Cell::from(tenths(spread.mean_tenths)));
        row
    };
    let mut columns = vec![Column::new(say("imaging-scanner"))];
    let numbers = [
        "imaging-column-days",
        "imaging-column-least",
        "imaging-column-low",
        "imaging-column-middle",
        "imaging-column-high",
        "imaging-column-most",
        "imaging-column-mean",
    ];
    columns.extend(numbers.map(|id| Column::numeric(say(id))));
    let caption = Caption::hidden(say("imaging-slots-table"));
    html! {
        h2 class="nhsuk-heading-m" { (say("imaging-slots-table")) }
        (Table::stacking(caption, columns, view.scanners.iter().map(row).collect()))
    }
}

fn by_day(days: &[DayGain]) -> Markup {
    let row = |one: &DayGain| {
        let numbers = [one.booked, one.full, one.faster, one.gain()];
        let mut row = vec![Cell::from(wording::weekday(one.date))];
        row.extend(numbers.map(|number| Cell::from(number.to_string())));
        row
    };
    let columns = vec![
        Column::new(say("imaging-day")),
        Column::numeric(say("imaging-column-booked")),
        Column::numeric(say("imaging-column-full")),
        Column::numeric(say("imaging-column-faster")),
        Column::numeric(say("imaging-column-extra")),
    ];
    Table::stacking(Caption::hidden(say("imaging-each-day")), columns, days.iter().rev().map(row).collect())
        .render()
}
