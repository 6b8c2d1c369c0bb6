//! The order in which a stay's events are folded, whatever order they arrived in.
//!
//! Two orders exist. *Valid order* says what was true when: by occurred-at, ties by rank (admit, transfer,
//! discharge, then the cancels of each), then by the source's own order. *Source order* says what the source
//! knew when: by recorded-at, then sent-at; a cancel can only cancel what its source already knew. Neither may
//! ever depend on the order of arrival. Ties inside one recorded time are broken by the sender's sequence number,
//! then rank, then control id read as people read numbers (`9` before `10`), then the body's hash.

use super::event::{Action, Event, Kind, MessageKey};
use super::moment::{HOUR, Moment, Precision};
use std::collections::HashMap;

/// An event with its times settled.
#[derive(Clone, Debug)]
pub struct Settled<'a> {
    /// The event.
    pub event: &'a Event,
    /// When it happened, as the source wrote it.
    pub occurred_at: Moment,
    /// When the source came to know it.
    pub recorded_at: Moment,
    /// Where it stands in valid time, in microseconds UTC.
    pub valid: i64,
}

/// The key of source order; see the module.
pub type SourceKey = (i64, i64, i64, u8, (String, u128, String), String);

/// The two orders. A value, so that a test can break them and see the permutation tests fail.
#[derive(Clone, Copy, Debug)]
pub struct Orders {
    /// What was true when.
    pub valid: fn(&Settled<'_>) -> (i64, u8, SourceKey),
    /// What the source knew when.
    pub source: fn(&Settled<'_>) -> SourceKey,
}

/// The orders of the module's description.
pub const ORDERS: Orders = Orders { valid: valid_order, source: source_order };

/// Events once each, their repeated autumn hours settled, sorted by valid order. Of a message received twice the
/// first receipt counts.
#[must_use]
pub fn settle<'a>(events: impl IntoIterator<Item = &'a Event>, orders: &Orders) -> Vec<Settled<'a>> {
    let mut place_of: HashMap<String, usize> = HashMap::new();
    let mut settled: Vec<Settled<'a>> = Vec::new();
    for event in events {
        let at = *place_of.entry(event.key()).or_insert(settled.len());
        match settled.get_mut(at) {
            None => settled.push(plain(event)),
            Some(known) if receipt(event) < receipt(known.event) => *known = plain(event),
            Some(_) => {}
        }
    }
    settle_repeated_hour(&mut settled);
    for one in &mut settled {
        one.valid = instant_of(one);
    }
    settled.sort_by_cached_key(orders.valid);
    settled
}

fn receipt(event: &Event) -> (Option<i64>, Option<i64>) {
    (event.times.received_at, event.inbox)
}

/// The key of valid order.
#[must_use]
pub fn valid_order(one: &Settled<'_>) -> (i64, u8, SourceKey) {
    (one.valid, rank(one.event), source_order(one))
}

/// The key of source order.
#[must_use]
pub fn source_order(one: &Settled<'_>) -> SourceKey {
    let message = &one.event.message;
    let sent = one.event.times.sent.as_ref().filter(|sent| one.event.times.trusts(sent));
    (
        one.recorded_at.from,
        sent.map_or(one.recorded_at.from, |sent| sent.from),
        message.sequence.unwrap_or_default(),
        rank(one.event),
        natural(&message.control_id),
        format!("{}|{}", message.sha256, one.event.part),
    )
}

/// The key of source order of an event that stands by itself, outside the repeated autumn hour.
#[must_use]
pub fn source_key(event: &Event) -> SourceKey {
    source_order(&plain(event))
}

fn plain(event: &Event) -> Settled<'_> {
    let occurred_at = event.times.occurred_at();
    let valid = occurred_at.from;
    Settled { event, recorded_at: event.times.recorded_at(), occurred_at, valid }
}

/// Admit before transfer before discharge before the cancels of each; what is only implied comes first of all, so
/// that anything stated outweighs it.
#[must_use]
pub fn rank(event: &Event) -> u8 {
    match &event.kind {
        Kind::Flow(flow) | Kind::Swap(flow, _) => match flow.action {
            Action::Imply => 0,
            Action::PreAdmit | Action::PlanAdmit => 1,
            Action::Register => 2,
            Action::Admit => 3,
            Action::ToInpatient | Action::ToOutpatient => 4,
            Action::Update => 5,
            Action::PlanTransfer | Action::PlanDischarge => 6,
            Action::Transfer | Action::Swap => 7,
            Action::Depart => 8,
            Action::Arrive => 9,
            Action::LeaveOut => 10,
            Action::LeaveBack => 11,
            Action::Discharge => 12,
            Action::CancelPlanAdmit | Action::CancelPlanTransfer | Action::CancelPlanDischarge => 13,
            Action::CancelAdmit => 14,
            Action::CancelTransfer => 15,
            Action::CancelDischarge => 16,
        },
        Kind::Mention => 0,
        Kind::Person => 1,
        Kind::Deactivate => 2,
        Kind::Merge { .. } | Kind::Renumber { .. } => 3,
        Kind::Unmerge { .. } => 4,
        Kind::MoveVisit { .. } => 17,
        Kind::Order(..) => 1,
        Kind::Report(report, _) => match report.status.as_str() {
            "registered" => 1,
            "preliminary" | "partial" => 2,
            "final" => 3,
            _ => 4,
        },
    }
}

/// A control id as (words, number at its end, itself): `MSG9` before `MSG10`.
fn natural(control_id: &str) -> (String, u128, String) {
    let words = control_id.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let number = control_id.get(words.len()..).unwrap_or_default().parse().unwrap_or_default();
    (words.to_owned(), number, control_id.to_owned())
}

/// Where an event stands in valid time. A coarse time (a day) is placed by the first finer time of the same
/// message inside it; a discharge known only to the day, with nothing finer, stands at that day's end.
fn instant_of(one: &Settled<'_>) -> i64 {
    let coarse = &one.occurred_at;
    if coarse.precision >= Precision::Minute {
        return coarse.from;
    }
    let finer = [&one.event.times.occurred, &one.event.times.recorded, &one.event.times.sent];
    let inside = finer.into_iter().flatten().find(|moment| coarse.holds(moment));
    match (inside, &one.event.kind) {
        (Some(finer), _) => finer.from,
        (None, Kind::Flow(flow)) if flow.action == Action::Discharge => coarse.until - 1,
        (None, _) => coarse.from,
    }
}

/// Reads local times of the repeated autumn hour. Messages are walked in their senders' order: once the clock
/// goes backwards, the rest of that hour is its second reading.
fn settle_repeated_hour(settled: &mut [Settled<'_>]) {
    let mut doubtful: Vec<&mut Settled<'_>> =
        settled.iter_mut().filter(|one| one.occurred_at.repeated || one.recorded_at.repeated).collect();
    doubtful.sort_by_cached_key(|one| {
        let MessageKey { control_id, sequence, .. } = &one.event.message;
        (one.event.source.clone(), sequence.unwrap_or_default(), natural(control_id), one.event.key())
    });
    let (mut before, mut second, mut source) = (i64::MIN, false, None);
    for one in doubtful {
        if source != Some(&one.event.source) {
            (before, second, source) = (i64::MIN, false, Some(&one.event.source));
        }
        let clock = if one.recorded_at.repeated { one.recorded_at.from } else { one.occurred_at.from };
        second |= clock < before;
        before = clock;
        if second && !sent_in_first_hour(one) {
            let limit = clock + HOUR;
            for moment in [&mut one.occurred_at, &mut one.recorded_at] {
                if moment.repeated && moment.from + HOUR <= limit {
                    *moment = moment.second_reading();
                }
            }
        }
    }
}

/// Whether the message says with an offset that it was sent before the second reading began.
fn sent_in_first_hour(one: &Settled<'_>) -> bool {
    let sent = one.event.times.sent.as_ref().filter(|sent| !sent.repeated);
    sent.is_some_and(|sent| sent.from < one.occurred_at.from + HOUR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_ids_read_as_numbers() {
        let mut ids = vec!["MSG10", "MSG9", "A1", "MSG009"];
        ids.sort_by_key(|id| natural(id));
        assert_eq!(ids, ["A1", "MSG009", "MSG9", "MSG10"]);
    }
}
