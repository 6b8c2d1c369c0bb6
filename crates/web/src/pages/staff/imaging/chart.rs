//! Two or more lines over time as SVG, each named at its end, with bands where a simulation spreads. Says the same in its
//! description; the page has every value as a table. Presentation attributes only: the pages allow no inline style.

use crate::wording;
use maud::{Markup, html};

const WIDTH: f64 = 620.0;
const HEIGHT: f64 = 300.0;
const LEFT: f64 = 44.0;
const RIGHT: f64 = 116.0;
const TOP: f64 = 24.0;
const BOTTOM: f64 = 34.0;

const INK: &str = "#102a33";
const GREY: &str = "#4b5b61";
const LINE: &str = "#c9d4d3";
/// Colours of the lines, and of their bands.
const COLOURS: [(&str, &str); 2] = [("#4b5b61", "#dde3e3"), ("#0e6b52", "#d3efe4")];

/// One line.
pub(super) struct Line {
    /// Its name, which stands at its end.
    pub name: &'static str,
    /// Low, value and high at each place, from left to right.
    pub points: Vec<(f64, f64, f64)>,
    /// Whether it is drawn in dashes, so that it is told from others without its colour.
    pub dashed: bool,
}

/// What stands around the lines.
pub(super) struct Frame<'a> {
    /// The title.
    pub title: &'a str,
    /// The whole in a sentence or two.
    pub words: &'a str,
    /// What is counted.
    pub unit: &'a str,
    /// What stands under the first and the last place.
    pub ends: (String, String),
}

/// The chart, when every line has two places or more.
pub(super) fn chart(frame: &Frame<'_>, lines: &[Line]) -> Markup {
    let places = lines.iter().map(|line| line.points.len()).min().unwrap_or_default();
    if places < 2 {
        return html! {};
    }
    let most = lines.iter().flat_map(|line| &line.points).map(|(.., high)| *high).fold(1.0, f64::max);
    let step = step(most);
    let top = (most / step).ceil() * step;
    let y = |value: f64| HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM);
    let marks = (0..=6).map(|n| f64::from(n) * step).take_while(|value| *value <= top);
    let names = apart(lines.iter().map(|line| y(line.points.last().map_or(0.0, |(_, value, _)| *value))));
    html! {
        figure class="bevan-chart" {
            svg viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-labelledby="chart-title chart-words" fill=(INK) {
                title id="chart-title" { (frame.title) }
                desc id="chart-words" { (frame.words) }
                text x="2" y="14" fill=(GREY) { (frame.unit) }
                @for value in marks {
                    line x1=(LEFT) x2=(WIDTH - RIGHT) y1=(one(y(value))) y2=(one(y(value))) stroke=(LINE) {}
                    text x=(LEFT - 6.0) y=(one(y(value) + 5.0)) text-anchor="end" fill=(GREY) { (whole(value)) }
                }
                @for (line, (_, band)) in lines.iter().zip(COLOURS) {
                    @if line.points.iter().any(|(low, _, high)| low < high) {
                        path d=(area(line, &y)) fill=(band) fill-opacity="0.8" {}
                    }
                }
                @for ((line, (colour, _)), name) in lines.iter().zip(COLOURS).zip(names) {
                    path d=(path(line, &y)) fill="none" stroke=(colour) stroke-width="2.5" stroke-linejoin="round"
                        stroke-dasharray=[line.dashed.then_some("7 5")] {}
                    text x=(WIDTH - RIGHT + 8.0) y=(one(name + 5.0)) fill=(colour) font-weight="700" { (line.name) }
                }
                text x=(LEFT) y=(HEIGHT - 10.0) { (frame.ends.0) }
                text x=(WIDTH - RIGHT) y=(HEIGHT - 10.0) text-anchor="end" { (frame.ends.1) }
            }
            figcaption class="bevan-small" { (frame.words) }
        }
    }
}

/// A round distance of the marks, so that there are two to six.
fn step(most: f64) -> f64 {
    let mut step = 1.0;
    for factor in [2.0, 2.5, 2.0].into_iter().cycle() {
        if most / step <= 5.0 {
            break;
        }
        step *= factor;
    }
    step
}

/// Names that would stand on each other are moved apart.
fn apart(places: impl Iterator<Item = f64>) -> Vec<f64> {
    const ROOM: f64 = 22.0;
    let places: Vec<f64> = places.collect();
    match places.as_slice() {
        [first, second] if (first - second).abs() < ROOM => {
            let middle = ((first + second) / 2.0).min(HEIGHT - BOTTOM - ROOM / 2.0);
            let (up, down) = (middle - ROOM / 2.0, middle + ROOM / 2.0);
            if first <= second { vec![up, down] } else { vec![down, up] }
        }
        _ => places,
    }
}

fn x(at: usize, places: usize) -> f64 {
    LEFT + fraction(at, places.saturating_sub(1).max(1)) * (WIDTH - LEFT - RIGHT)
}

#[expect(clippy::cast_precision_loss, reason = "places of a chart fit a double")]
fn fraction(at: usize, of: usize) -> f64 {
    at as f64 / of as f64
}

fn path(line: &Line, y: &impl Fn(f64) -> f64) -> String {
    let places = line.points.len();
    let point = |(at, (_, value, _)): (usize, &(f64, f64, f64))| {
        format!("{}{:.1} {:.1}", if at == 0 { "M" } else { "L" }, x(at, places), y(*value))
    };
    line.points.iter().enumerate().map(point).collect::<Vec<_>>().join(" ")
}

/// The band: along its upper edge, and back along the lower.
fn area(line: &Line, y: &impl Fn(f64) -> f64) -> String {
    let places = line.points.len();
    let there = line.points.iter().enumerate().map(|(at, (.., high))| (at, *high));
    let back = line.points.iter().enumerate().rev().map(|(at, (low, ..))| (at, *low));
    let words: Vec<String> = there
        .chain(back)
        .enumerate()
        .map(|(nth, (at, value))| {
            format!("{}{:.1} {:.1}", if nth == 0 { "M" } else { "L" }, x(at, places), y(value))
        })
        .collect();
    format!("{} Z", words.join(" "))
}

fn one(value: f64) -> String {
    format!("{value:.1}")
}

#[expect(clippy::cast_possible_truncation, reason = "marks are whole and small")]
fn whole(value: f64) -> String {
    wording::grouped(value.round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(points: &[(f64, f64, f64)]) -> Line {
        Line { name: "a line", points: points.to_vec(), dashed: false }
    }

    fn drawn(lines: &[Line]) -> String {
        let frame = Frame { title: "T", words: "W", unit: "people", ends: ("now".into(), "then".into()) };
        chart(&frame, lines).into_string()
    }

    #[test]
    fn marks_are_round_and_few() {
        for most in [1.0, 4.0, 6.0, 17.0, 40.0, 99.0, 450.0, 12_345.0] {
            let step = step(most);
            let marks = (most / step).ceil();
            assert!((1.0..=6.0).contains(&marks), "{most}: {marks} marks of {step}");
        }
        assert_eq!((step(20.0), step(450.0)), (5.0, 100.0));
    }

    #[test]
    fn a_band_is_drawn_only_where_there_is_one() {
        let flat = drawn(&[line(&[(1.0, 1.0, 1.0), (2.0, 2.0, 2.0)])]);
        assert!(!flat.contains("fill-opacity") && flat.contains("M44.0"));
        assert!(drawn(&[line(&[(1.0, 1.0, 1.0), (1.0, 2.0, 3.0)])]).contains("fill-opacity"));
        assert_eq!(drawn(&[line(&[(1.0, 1.0, 1.0)])]), "");
    }

    #[test]
    fn names_do_not_stand_on_each_other() {
        for (first, second) in [(100.0, 100.0), (100.0, 110.0), (110.0, 100.0), (266.0, 266.0)] {
            let found = apart([first, second].into_iter());
            assert!((found[0] - found[1]).abs() >= 21.9, "{found:?}");
            assert!(found.iter().all(|place| *place <= HEIGHT - BOTTOM + 0.1));
            assert_eq!(first <= second, found[0] <= found[1]);
        }
    }
}
