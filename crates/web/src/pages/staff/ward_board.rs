//! The ward board: big figures first, then every bed in bay order, as tiles or as a table. The part that changes is sent
//! again by the live view; without scripts the page is refreshed by a link.

use super::tile;
use crate::component::{Caption, Cell, Column, Content, Table};
use crate::layout::Document;
use crate::pages::address;
use crate::state::State;
use crate::visit::{Answer, Outcome, Visit};
use crate::wording;
use care::view::Freshness;
use care::ward_board::{BedState, Figures, Occupant, WardBoard};
use jiff::Timestamp;
use maud::{Markup, html};

/// Tiles or a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A tile a bed.
    Tiles,
    /// A row a person, in bay order.
    Table,
    /// A row a person, the highest recorded NEWS2 first.
    TableByScore,
}

impl Shape {
    /// The shape that a query asks for.
    pub fn of(visit: &Visit) -> Self {
        match (visit.query.get("view"), visit.query.get("sort")) {
            (Some("table"), Some("news2")) => Shape::TableByScore,
            (Some("table"), _) => Shape::Table,
            _ => Shape::Tiles,
        }
    }

    fn query(self) -> &'static str {
        match self {
            Shape::Tiles => "",
            Shape::Table => "?view=table",
            Shape::TableByScore => "?view=table&sort=news2",
        }
    }
}

/// The page.
pub async fn ward_board(state: &State, visit: &Visit) -> Outcome {
    let board = state.care.ward_board(&visit.actor()?, visit.id(), &care::Viewing::default()).await?;
    Ok(Answer::Page(Box::new(ward_board_page(&board, Shape::of(visit)))))
}

/// Prints the page.
pub fn ward_board_page(board: &WardBoard, shape: Shape) -> Document {
    let heading = match &board.ward.specialty {
        Some(specialty) => format!("{}, {specialty}", board.ward.name),
        None => board.ward.name.clone(),
    };
    let here = format!("/staff/wards/{}", address(&board.ward.id));
    let others: &[(&str, Shape)] = match shape {
        Shape::Tiles => &[("Show as a table", Shape::Table)],
        Shape::Table => &[("Show as tiles", Shape::Tiles), ("Sort by NEWS2", Shape::TableByScore)],
        Shape::TableByScore => &[("Show as tiles", Shape::Tiles), ("Sort by bed", Shape::Table)],
    };
    // Sorting by a score that no source records would change nothing.
    let scored = board.figures.high_scores.is_some();
    let others = others.iter().filter(|(_, other)| scored || *other != Shape::TableByScore);
    let body = html! {
        div class="bevan-board" {
            h1 { (heading) }
            div class="bevan-live" {
                span id="live-state" role="status" { "Shows " (wording::clock24(board.read_at)) "." }
                span class="bevan-live__links" {
                    button id="live-pause" type="button" hidden { "Pause" }
                    a href={ (here) (shape.query()) } { "Refresh" }
                    @for (words, other) in others { a href={ (here) (other.query()) } { (words) } }
                }
            }
            div data-module="bevan-live" data-events={ (here) "/events" (shape.query()) } { (live_part(board, shape)) }
        }
    };
    Document::wide(&heading, body).under(&[("Wards", "/staff/wards")])
}

/// The part of the page that changes.
pub fn live_part(board: &WardBoard, shape: Shape) -> Markup {
    let now = board.read_at;
    html! {
        (freshness(&board.freshness, now))
        (figures(&board.figures, tile::is_dated(board)))
        @match shape {
            Shape::Tiles => { (tiles(board)) },
            Shape::Table | Shape::TableByScore => { (table(board, shape)) },
        }
    }
}

/// How old the newest fact is.
pub fn freshness(freshness: &Freshness, now: Timestamp) -> Markup {
    let class = if freshness.stale { "bevan-live bevan-live--stale" } else { "bevan-live" };
    html! {
        p class=(class) {
            @match freshness.last_message_at {
                Some(at) => {
                    span {
                        @if freshness.stale { "This board may be out of date. " }
                        "Last message from " (freshness.source) " "
                        (age(at, now))
                        ", at " (wording::short_moment(at, now)) "."
                    }
                },
                None => { span { "No message has come from " (freshness.source) " yet." } },
            }
        }
    }
}

/// An age that the script counts on.
pub fn age(at: Timestamp, now: Timestamp) -> Markup {
    html! {
        time class="bevan-age" datetime=(at.to_string()) data-now=(now.to_string()) { (wording::ago(at, now)) }
    }
}

/// The big numbers.
pub fn figures(figures: &Figures, dated: bool) -> Markup {
    let one = |value: String, words: &str, alarm: bool| {
        html! { div class=[alarm.then_some("bevan-figures__alarm")] { dt { (words) } dd { (value) } } }
    };
    let count = |count: u32| wording::grouped(i64::from(count));
    let percent = figures.occupancy_percent.map_or_else(|| "–".to_owned(), |percent| format!("{percent}%"));
    let taken = match figures.beds {
        0 => format!("{} taken, no beds listed", count(figures.taken)),
        beds => format!("{} of {} taken", count(figures.taken), wording::plural(i64::from(beds), "bed")),
    };
    html! {
        dl class="bevan-figures" {
            (one(percent, &taken, false))
            (one(count(figures.free), "free", false))
            @if figures.closed > 0 { (one(count(figures.closed), "closed", false)) }
            (one(count(figures.coming), "coming", false))
            // No date from any source is not the same as nobody leaving.
            @if dated { (one(count(figures.leaving_today), "expected out today", false)) }
            @if let Some(high) = figures.high_scores { (one(count(high), "NEWS2 7 or more", high > 0)) }
            (one(count(figures.conflicts), if figures.conflicts == 1 { "bed conflict" } else { "bed conflicts" }, figures.conflicts > 0))
        }
    }
}

fn tiles(board: &WardBoard) -> Markup {
    let scene = tile::Scene::of(board);
    html! {
        h2 class="nhsuk-u-visually-hidden" { "Beds" }
        @if board.tiles.is_empty() {
            div class="bevan-answer" { p { "No bed of this ward is known yet." } }
        }
        ul class="bevan-tiles" { @for one in &board.tiles { (tile::tile(one, &scene)) } }
        @if !board.without_bed.is_empty() {
            h2 class="nhsuk-heading-m" { "On the ward without a bed" }
            ul class="bevan-tiles" {
                @for (n, one) in board.without_bed.iter().enumerate() { (tile::bedless(one, n, &scene)) }
            }
        }
        @if !board.coming.is_empty() {
            h2 class="nhsuk-heading-m" { "Coming" }
            ul class="bevan-tiles" { @for one in &board.coming { (tile::coming(one, &scene)) } }
        }
    }
}

fn table(board: &WardBoard, shape: Shape) -> Markup {
    let now = board.read_at;
    let scene = tile::Scene::of(board);
    let mut rows: Vec<(Option<u16>, Vec<Cell>)> = Vec::new();
    for tile in &board.tiles {
        let place = tile::place(tile);
        match &tile.state {
            BedState::Free => rows.push((None, empty_row(&place, "Free".to_owned()))),
            BedState::Closed { reason, since } => {
                let since = since.map(|at| format!(", since {}", wording::short_moment(at, now)));
                rows.push((None, empty_row(&place, format!("{reason}{}", since.unwrap_or_default()))));
            }
            BedState::Taken(one) => rows.push((score(one), row(&place, one, false, &scene))),
            BedState::Conflict(all) => {
                rows.extend(all.iter().map(|one| (score(one), row(&place, one, true, &scene))))
            }
        }
    }
    rows.extend(board.without_bed.iter().map(|one| (score(one), row("No bed named", one, false, &scene))));
    rows.extend(board.coming.iter().map(|one| {
        let expected =
            one.expected_at.map(|at| format!(" {}", wording::short_moment(at, now))).unwrap_or_default();
        let cells = vec![
            Cell::from(one.bed.as_deref().unwrap_or("No bed yet")),
            Cell::from(html! { a href=(tile::record(&one.patient_id)) { (one.name) } }),
            Cell::from(wording::sex_age(one.sex, one.age)),
            Cell::from("–"),
            Cell::from(format!("Expected{expected}")),
            Cell::from(tile::source(&one.told, &scene)),
        ];
        (None, cells)
    }));
    if shape == Shape::TableByScore {
        rows.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    }
    let rows = rows.into_iter().map(|(_, row)| row).collect();
    let columns = ["Bed", "Patient", "Sex, age", "State", "Stay", "Source"].map(Column::new);
    html! { (Table::stacking(Caption::hidden("Beds of this ward"), columns.to_vec(), rows)) }
}

fn score(one: &Occupant) -> Option<u16> {
    one.news2.map(|score| score.total)
}

fn empty_row(place: &str, words: String) -> Vec<Cell> {
    let dash = || Cell::from("–");
    vec![Cell::from(place), Cell::from(words), dash(), dash(), dash(), dash()]
}

fn row(place: &str, one: &Occupant, conflict: bool, scene: &tile::Scene<'_>) -> Vec<Cell> {
    let now = scene.now;
    let state: Content = html! {
        @if conflict { span class="bevan-chip bevan-chip--alarm" { "Conflict" } " " }
        (tile::chips(one, now))
    }
    .into();
    vec![
        Cell::from(place),
        Cell::from(html! { a href=(tile::record(&one.patient_id)) { (one.name) } }),
        Cell::from(wording::sex_age(one.sex, one.age)),
        Cell::from(state),
        Cell::from(tile::stay(one, scene)),
        Cell::from(tile::source(&one.told, scene)),
    ]
}
