//! The house's own reading of the stream: every message is mapped, and the stays that `care` folds from them stand
//! where the census says, conflicts and all imperfections included.

#![expect(clippy::unwrap_used, reason = "a test may stop at what it did not expect")]

use care::patient_flow::{Event, Placement, conflicts, fold};
use hl7v2::Message;
use std::collections::{BTreeMap, BTreeSet};
use synth::{Imperfections, Plan, Stream, World};

#[test]
fn the_folded_board_is_the_census() {
    compare(42, "2026-11-02T08:00:00Z", Imperfections::default());
}

/// Over the night in which an hour comes twice, from a feed ten times worse.
#[test]
fn a_bad_feed_in_the_night_of_the_clock_change_ends_in_the_census() {
    let rates = Imperfections { late: 0.05, duplicate: 0.05, control_id_reused: 0.01, out_of_order: 0.1 };
    compare(7, "2026-10-23T12:00:00Z", rates);
}

fn compare(seed: u64, start: &str, rates: Imperfections) {
    let plan = Plan { seed, people: 2_000, start: start.parse().unwrap() };
    let world = World::new(plan);
    let end = plan.start + jiff::SignedDuration::from_hours(4 * 24);
    let mut stream = Stream::with_imperfections(&world, plan.seed, plan.start, rates).ending_at(end);
    let mut events: Vec<Event> = Vec::new();
    let mut refused: BTreeMap<String, u32> = BTreeMap::new();
    let mut messages = 0;
    for timed in stream.by_ref() {
        messages += 1;
        let parsed = Message::parse(&timed.bytes).unwrap();
        match interop::mapping::events(&parsed.message) {
            Ok(mut told) => {
                for event in &mut told {
                    event.times.received_at = Some(timed.at.as_microsecond());
                    assert!(event.warnings.is_empty(), "{:?}", event.warnings);
                }
                events.extend(told);
            }
            Err(reason) => *refused.entry(reason.to_string()).or_default() += 1,
        }
    }
    assert!(refused.is_empty(), "{refused:?}");
    let state = fold(&events);
    let census = stream.census();

    let here = |placement: &&Placement| placement.to.is_none();
    let told: BTreeSet<_> = state
        .stays
        .values()
        .filter_map(|stay| stay.placements.last().filter(here).map(|placement| (stay, &placement.place)))
        .map(|(stay, place)| {
            (
                stay.key.visit.clone(),
                place.facility.clone(),
                place.ward.clone(),
                place.bay.clone(),
                place.bed.clone(),
            )
        })
        .collect();
    let truth: BTreeSet<_> = census
        .placements
        .iter()
        .map(|one| {
            (one.visit.clone(), one.facility.clone(), one.ward.clone(), one.bay.clone(), one.bed.clone())
        })
        .collect();
    let differ: Vec<_> = told.symmetric_difference(&truth).collect();
    println!(
        "{messages} messages, {} events, {} in place, {} differ",
        events.len(),
        truth.len(),
        differ.len()
    );
    for (visit, ..) in differ.iter().take(8) {
        println!("{visit}: {:?}", state.stays.iter().find(|(key, _)| key.visit == *visit));
    }
    assert!(differ.is_empty(), "{differ:?}");
    let now = i64::MAX;
    assert_eq!(conflicts(state.stays.values(), now).len(), 0);
}
