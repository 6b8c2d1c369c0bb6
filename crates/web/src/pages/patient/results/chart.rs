//! A line of values over time as SVG: the usual range as a band with its name, values outside it as diamonds with their number,
//! the newest value with its number. Says the same in its description, and the page has every value as a table, so that
//! nothing depends on seeing it. Presentation attributes only: the pages allow no inline style.

use crate::wording;
use crate::words::{fill, say};
use care::results::{Point, Trend};
use jiff::Timestamp;
use maud::{Markup, html};

const WIDTH: f64 = 420.0;
const HEIGHT: f64 = 270.0;
const LEFT: f64 = 50.0;
const RIGHT: f64 = 54.0;
const TOP: f64 = 34.0;
const BOTTOM: f64 = 34.0;

const INK: &str = "#102a33";
const GREY: &str = "#4b5b61";
const LINE: &str = "#0b5c73";
const BAND: &str = "#d3efe4";
const BAND_WORDS: &str = "#0e6b52";
const WARN: &str = "#8a5300";

/// Where values and times stand in the picture.
struct Scale {
    first: f64,
    last: f64,
    low: f64,
    high: f64,
}

impl Scale {
    fn x(&self, at: Timestamp) -> f64 {
        let span = (self.last - self.first).max(1.0);
        LEFT + (seconds(at) - self.first) / span * (WIDTH - LEFT - RIGHT)
    }

    fn y(&self, value: f64) -> f64 {
        HEIGHT - BOTTOM - (value - self.low) / (self.high - self.low) * (HEIGHT - TOP - BOTTOM)
    }
}

/// The chart of a trend with at least two values.
pub fn chart(trend: &Trend) -> Markup {
    let points = trend.charted();
    let (Some((first, ..)), Some((last, newest, _))) = (points.first(), points.last()) else {
        return html! {};
    };
    let ends = points.iter().rev().map(|(.., one)| one.ends).find(|ends| *ends != (None, None));
    let ends = ends.unwrap_or((None, None));
    let scale = scale(&points, ends);
    let path: Vec<String> = points
        .iter()
        .enumerate()
        .map(|(n, (at, value, _))| {
            format!("{}{:.1} {:.1}", if n == 0 { "M" } else { "L" }, scale.x(*at), scale.y(*value))
        })
        .collect();
    let day = |at: Timestamp| wording::month_and_year(at);
    html! {
        figure class="bevan-chart" {
            svg viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-labelledby="chart-title chart-words"
                fill=(INK) {
                title id="chart-title" { (fill("results-over-time", &[("name", trend.name.as_str().into())])) }
                desc id="chart-words" { (description(trend, &points)) }
                (band(&scale, ends))
                line x1=(LEFT) x2=(WIDTH - RIGHT) y1=(HEIGHT - BOTTOM) y2=(HEIGHT - BOTTOM) stroke=(GREY) {}
                path d=(path.join(" ")) fill="none" stroke=(LINE) stroke-width="2.5" stroke-linejoin="round" {}
                @for (n, (at, value, one)) in points.iter().enumerate() {
                    (mark(&scale, (*at, *value), one, n + 1 == points.len()))
                }
                text x=(LEFT) y=(HEIGHT - 12.0) { (day(*first)) }
                text x=(WIDTH - RIGHT) y=(HEIGHT - 12.0) text-anchor="end" { (day(*last)) }
                @if let Some(unit) = trend.unit.as_deref().filter(|unit| !unit.is_empty()) {
                    text x="2" y="14" fill=(GREY) { (unit) }
                }
                text x=(scale.x(*last) + 9.0) y=(scale.y(*newest) + 5.0) font-weight="700" { (number(*newest)) }
            }
            figcaption class="bevan-small" { (description(trend, &points)) }
        }
    }
}

fn scale(points: &[(Timestamp, f64, &Point)], (low, high): (Option<f64>, Option<f64>)) -> Scale {
    let values = || points.iter().map(|(_, value, _)| *value).chain(low).chain(high);
    let least = values().fold(f64::INFINITY, f64::min);
    let most = values().fold(f64::NEG_INFINITY, f64::max);
    let room = ((most - least) * 0.12).max(most.abs() * 0.02).max(0.01);
    let times = || points.iter().map(|(at, ..)| seconds(*at));
    Scale {
        first: times().fold(f64::INFINITY, f64::min),
        last: times().fold(f64::NEG_INFINITY, f64::max),
        low: if least >= 0.0 { (least - room).max(0.0) } else { least - room },
        high: most + room,
    }
}

/// The usual range: a band between its ends, or from its one end to the edge.
fn band(scale: &Scale, (low, high): (Option<f64>, Option<f64>)) -> Markup {
    if (low, high) == (None, None) {
        return html! {};
    }
    let top = high.map_or(TOP, |high| scale.y(high));
    let bottom = low.map_or(HEIGHT - BOTTOM, |low| scale.y(low));
    html! {
        rect x=(LEFT) y=(format!("{top:.1}")) width=(WIDTH - LEFT - RIGHT) height=(format!("{:.1}", (bottom - top).max(1.0))) fill=(BAND) {}
        text x=(LEFT + 6.0) y=(format!("{:.1}", top + 16.0)) fill=(BAND_WORDS) { (say("results-chart-usual")) }
        @for end in [low, high].into_iter().flatten() {
            text x=(LEFT - 6.0) y=(format!("{:.1}", scale.y(end) + 5.0)) text-anchor="end" fill=(GREY) { (number(end)) }
        }
    }
}

fn mark(scale: &Scale, (at, value): (Timestamp, f64), one: &Point, newest: bool) -> Markup {
    let (x, y) = (scale.x(at), scale.y(value));
    html! {
        @if one.stands.is_outside() {
            path d=(format!("M{x:.1} {:.1}l7 7l-7 7l-7 -7z", y - 7.0)) fill=(WARN) {}
            @if !newest {
                text x=(format!("{x:.1}")) y=(format!("{:.1}", y - 11.0)) text-anchor="middle" fill=(WARN) { (number(value)) }
            }
        } @else {
            circle cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r="4.5" fill=(LINE) {}
        }
    }
}

/// What the chart shows, in a sentence.
fn description(trend: &Trend, points: &[(Timestamp, f64, &Point)]) -> String {
    let least = points.iter().map(|(_, value, _)| *value).fold(f64::INFINITY, f64::min);
    let most = points.iter().map(|(_, value, _)| *value).fold(f64::NEG_INFINITY, f64::max);
    let ends = (points.first(), points.last());
    let (Some((first, ..)), Some((last, newest, _))) = ends else { return String::new() };
    fill(
        "results-chart-words",
        &[
            ("count", i64::try_from(points.len()).unwrap_or(i64::MAX).into()),
            ("from", wording::month_and_year(*first).into()),
            ("to", wording::month_and_year(*last).into()),
            ("least", number(least).into()),
            ("most", number(most).into()),
            ("newest", number(*newest).into()),
            ("unit", trend.unit.clone().unwrap_or_default().into()),
        ],
    )
}

/// The digits that were recorded, without noughts at the end: rounded, a small value would read as none.
fn number(value: f64) -> String {
    value.to_string()
}

#[expect(clippy::cast_precision_loss, reason = "seconds of our centuries fit a double")]
fn seconds(at: Timestamp) -> f64 {
    at.as_second() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn higher_values_stand_higher_and_all_stand_inside() {
        let scale = Scale { first: 0.0, last: 100.0, low: 3.0, high: 6.0 };
        assert!(scale.y(5.0) < scale.y(4.0));
        let at = |second| Timestamp::from_second(second).unwrap();
        assert!(scale.x(at(0)) >= LEFT && scale.x(at(100)) <= WIDTH - RIGHT);
        assert!(scale.y(6.0) >= TOP - 0.1 && scale.y(3.0) <= HEIGHT - BOTTOM + 0.1);
        assert_eq!((number(4.0), number(4.10), number(0.004)), ("4".into(), "4.1".into(), "0.004".into()));
    }
}
