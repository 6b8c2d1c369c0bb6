//! One bed as a tile: where, who, how they are, how long, and who said so. Colour repeats words and never replaces them.

use crate::pages::address;
use crate::wording;
use care::view::Told;
use care::ward_board::{BedState, Coming, Occupant, Tile, WardBoard};
use jiff::Timestamp;
use maud::{Markup, html};

/// What all tiles of a board share.
pub struct Scene<'a> {
    /// When the board was read.
    pub now: Timestamp,
    /// The source that is named once above the tiles; tiles name only others.
    usual: &'a str,
    /// Whether any source of this ward says when people are expected to leave.
    dated: bool,
}

impl<'a> Scene<'a> {
    /// The scene of a board.
    pub fn of(board: &'a WardBoard) -> Self {
        Self { now: board.read_at, usual: &board.freshness.source, dated: is_dated(board) }
    }
}

/// Whether anybody on the ward has a day to leave. Where no source tells one, saying so on each tile is noise.
pub fn is_dated(board: &WardBoard) -> bool {
    let leaves = |one: &Occupant| one.expected_out.is_some();
    board.without_bed.iter().any(leaves)
        || board.tiles.iter().any(|tile| match &tile.state {
            BedState::Taken(one) => leaves(one),
            BedState::Conflict(all) => all.iter().any(leaves),
            BedState::Free | BedState::Closed { .. } => false,
        })
}

/// Prints a bed.
pub fn tile(tile: &Tile, scene: &Scene<'_>) -> Markup {
    let now = scene.now;
    let kind = match &tile.state {
        BedState::Free => "bevan-tile--free",
        BedState::Closed { .. } => "bevan-tile--closed",
        BedState::Conflict(_) => "bevan-tile--conflict",
        BedState::Taken(one) => urgency(one),
    };
    html! {
        li class={ "bevan-tile " (kind) } {
            @match &tile.state {
                BedState::Free => {
                    p class="bevan-tile__place" { span { (place(tile)) } }
                    p class="bevan-tile__line" { "Free" }
                },
                BedState::Closed { reason, since } => {
                    p class="bevan-tile__place" { span { (place(tile)) } }
                    p class="bevan-tile__line" {
                        (reason)
                        @if let Some(since) = since { ", since " (wording::short_moment(*since, now)) }
                    }
                },
                BedState::Taken(one) => { (occupant(one, &place(tile), &tile.id, scene)) },
                BedState::Conflict(all) => {
                    p class="bevan-tile__place" { span { (place(tile)) } }
                    ul class="bevan-chips" {
                        li class="bevan-chip bevan-chip--alarm" {
                            "Conflict: " (wording::plural(i64::try_from(all.len()).unwrap_or(2), "patient"))
                        }
                    }
                    @for (n, one) in all.iter().enumerate() {
                        div class=[(n > 0).then_some("bevan-tile__more")] {
                            (occupant(one, &format!("Patient {} of {}", n + 1, all.len()), &format!("{}-{n}", tile.id), scene))
                        }
                    }
                },
            }
        }
    }
}

/// A person on the ward without a bed.
pub fn bedless(one: &Occupant, n: usize, scene: &Scene<'_>) -> Markup {
    html! { li class={ "bevan-tile " (urgency(one)) } { (occupant(one, "No bed named", &format!("none-{n}"), scene)) } }
}

/// A person who is expected.
pub fn coming(one: &Coming, scene: &Scene<'_>) -> Markup {
    let now = scene.now;
    html! {
        li class="bevan-tile bevan-tile--free" {
            p class="bevan-tile__place" {
                span { (one.bed.as_deref().unwrap_or("No bed yet")) }
                span class="bevan-nowrap" { (wording::sex_age(one.sex, one.age)) }
            }
            p class="bevan-tile__name" { a href=(record(&one.patient_id)) id={ "coming-" (one.patient_id) } { (one.name) } }
            p class="bevan-tile__line" {
                "From " (one.from.as_deref().unwrap_or("a place not named"))
                @if let Some(at) = one.expected_at { ", expected " (wording::short_moment(at, now)) }
            }
            (told(&one.told, "Told of at", scene))
        }
    }
}

/// Bay and bed in words.
pub fn place(tile: &Tile) -> String {
    let bay = tile.bay.as_deref().map(|bay| format!("{bay} · ")).unwrap_or_default();
    let provisional = if tile.provisional { " (not in the bed list)" } else { "" };
    format!("{bay}{}{provisional}", tile.bed)
}

/// The address of a person's record.
pub fn record(patient: &str) -> String {
    format!("/staff/patients/{}", address(patient))
}

/// The class of a tile by what is most urgent about the person.
fn urgency(one: &Occupant) -> &'static str {
    match one.news2.map(|score| score.total) {
        Some(7..) => "bevan-tile--alarm",
        Some(5..=6) => "bevan-tile--warn",
        _ if one.pending.is_some() => "bevan-tile--leaving",
        _ => "",
    }
}

fn occupant(one: &Occupant, place: &str, id: &str, scene: &Scene<'_>) -> Markup {
    let now = scene.now;
    html! {
        p class="bevan-tile__place" {
            span { (place) }
            span class="bevan-nowrap" { (wording::sex_age(one.sex, one.age)) }
        }
        p class="bevan-tile__name" { a href=(record(&one.patient_id)) id={ "bed-" (id) } { (one.name) } }
        (chips(one, now))
        p class="bevan-tile__line" { (stay(one, scene)) }
        (told(&one.told, "Here since", scene))
    }
}

/// What is special about a person, as words with a ground.
pub fn chips(one: &Occupant, now: Timestamp) -> Markup {
    let any = one.news2.is_some() || one.on_leave || one.pending.is_some() || !one.matters.is_empty();
    html! {
        @if any {
            ul class="bevan-chips" {
                @if let Some(score) = one.news2 {
                    @let kind = match score.total { 7.. => "bevan-chip bevan-chip--alarm", 5..=6 => "bevan-chip bevan-chip--warn", _ => "bevan-chip" };
                    li class=(kind) { "NEWS2 " (score.total) }
                    li class="bevan-chip" { "Obs " (wording::recent(score.at, now)) }
                }
                @if one.on_leave { li class="bevan-chip bevan-chip--warn" { "On leave" } }
                @if let Some(pending) = &one.pending { li class="bevan-chip bevan-chip--leaving" { (pending) } }
                @for matter in &one.matters { li class="bevan-chip bevan-chip--warn" { (matter) } }
            }
        }
    }
}

/// How long the person has been there and when they are expected to leave.
pub fn stay(one: &Occupant, scene: &Scene<'_>) -> String {
    let inside = match one.days_in {
        Some(0) => "In since today".to_owned(),
        Some(days) => format!("In {}", wording::plural(i64::from(days), "day")),
        None => "Admission time not known".to_owned(),
    };
    match one.expected_out {
        Some(date) => format!("{inside} · out {}", wording::expected(date, scene.now)),
        None if !scene.dated => inside,
        None => format!("{inside} · no date to leave"),
    }
}

/// When it happened, and from which source when it is not the usual one. The table names the message.
pub fn told(told: &Told, words: &str, scene: &Scene<'_>) -> Markup {
    html! {
        p class="bevan-tile__told" {
            (words) " "
            time datetime=(told.occurred_at.to_string()) { (wording::recent(told.occurred_at, scene.now)) }
            @if told.source != scene.usual { ", from " (told.source) }
        }
    }
}

/// Source, message and time of a fact, for the table.
pub fn source(told: &Told, scene: &Scene<'_>) -> Markup {
    html! {
        p class="bevan-tile__told" {
            time datetime=(told.occurred_at.to_string()) { (wording::recent(told.occurred_at, scene.now)) }
            br;
            (told.message)
            @if told.source != scene.usual { ", from " (told.source) }
        }
    }
}
