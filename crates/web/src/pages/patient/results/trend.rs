//! One test over time: the chart, and every value of it as a table, whoever measured it.

use super::chart::chart;
use super::{flag, meaning, value};
use crate::component::{Caption, Cell, Column, Table};
use crate::layout::Document;
use crate::state::State;
use crate::visit::{Answer, Outcome as Answered, Visit};
use crate::wording;
use crate::words::{fill, say};
use care::results::{Point, Trend};
use maud::{Markup, Render, html};

/// The page.
pub async fn trend(state: &State, visit: &Visit) -> Answered {
    let patient = visit.patient_id()?.to_owned();
    let trend = state.care.trend(&visit.actor_for(&patient)?, &patient, visit.id()).await?;
    Answer::page(trend_page(&trend, visit))
}

fn trend_page(trend: &Trend, visit: &Visit) -> Document {
    let heading = fill("results-over-time", &[("name", trend.name.as_str().into())]);
    let charted = trend.charted().len();
    let body = html! {
        h1 { (heading) }
        (meaning::about(trend.topic))
        @if charted > 1 {
            (chart(trend))
            @if charted < trend.points.len() { p class="bevan-small" { (say("results-chart-some")) } }
        } @else {
            p { (say("results-chart-none")) }
        }
        h2 class="nhsuk-heading-m" { (say("results-every-value")) }
        (table(trend))
        p { (say("results-laboratories-differ")) }
    };
    let (home, all) = (visit.link("/home"), visit.link("/results"));
    Document::new(&heading, body).under(&[(say("results-home"), &home), (say("results-heading"), &all)])
}

fn table(trend: &Trend) -> Markup {
    let row = |one: &Point| {
        vec![
            Cell::from(one.at.map_or_else(|| say("results-no-date").to_owned(), wording::when_day).as_str()),
            Cell::from(html! { (value(&one.value)) @if let Some(flag) = flag(one.stands) { br; (flag) } }),
            Cell::from(one.range.as_deref().unwrap_or(say("results-range-not-given"))),
            Cell::from(one.by.as_deref().unwrap_or(say("results-from-unknown"))),
        ]
    };
    let columns =
        ["results-column-date", "results-column-value", "results-column-range", "results-column-by"];
    let columns = columns.map(|id| Column::new(say(id)));
    let caption = fill("results-table", &[("name", trend.name.as_str().into())]);
    Table::stacking(Caption::hidden(&caption), columns.into(), trend.points.iter().map(row).collect())
        .render()
}
