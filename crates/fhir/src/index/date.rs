//! Dates, periods and timings as ranges of instants (<https://hl7.org/fhir/R4/search.html#date>).

use super::entry::{Entries, IndexValue};
use super::walk::Leaf;
use crate::json::Value;
use crate::time::{DateTime, Kind, Period, default_zone};

/// Appends the range of a date, period or timing.
pub(super) fn append(leaf: &Leaf<'_>, entries: &mut Entries) {
    let range = match leaf.type_ {
        "Period" => period(leaf.value),
        "Timing" => timing(leaf.value),
        _ => moment(leaf.value),
    };
    if let Some((lo, hi)) = range {
        entries.push(IndexValue::Date { lo, hi });
    }
}

fn moment(value: &Value) -> Option<(i64, i64)> {
    DateTime::parse(Kind::Partial, value.as_str()?).map(|moment| moment.range(default_zone()))
}

fn period(value: &Value) -> Option<(i64, i64)> {
    Period::of(value).map(|period| period.range(default_zone()))
}

/// The outer limits of a timing: its bounds and all its events.
fn timing(value: &Value) -> Option<(i64, i64)> {
    let bounds = value.at(&["repeat", "boundsPeriod"]).and_then(period);
    let events = value.items("event").iter().filter_map(moment);
    bounds.into_iter().chain(events).reduce(|(lo, hi), (from, to)| (lo.min(from), hi.max(to)))
}
