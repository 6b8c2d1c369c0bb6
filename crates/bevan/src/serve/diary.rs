//! What comes round again while the house runs: in a demonstration the surgeries' diaries are kept some weeks ahead of the
//! clock, whenever it is started; and everywhere the waits of waiting lists are computed and published.

use crate::demo;
use crate::world::Written;
use anyhow::{Result, anyhow};
use fhir::json::Value;
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;
use store::{Actor, Found, IfMatch, Prepared, Store};
use synth::World;
use synth::calendar::Day;
use tokio::sync::watch;

/// Days ahead that a demonstration's diaries reach.
const AHEAD: i32 = 28;
/// Both are looked at this often.
const EVERY: Duration = Duration::from_secs(3_600);

/// Keeps diaries ahead and waits published until told to stop. `demo` names the directory of a demonstration.
pub async fn keep(store: Store, demo: Option<std::path::PathBuf>, mut stop: watch::Receiver<bool>) {
    loop {
        if let Some(directory) = demo.clone() {
            let into = store.clone();
            let rolled = tokio::task::spawn_blocking(move || roll(&into, &directory)).await;
            match rolled {
                Ok(Ok(made)) if made > 0 => tracing::info!(made, "the diaries reach {AHEAD} days ahead"),
                Ok(Ok(_)) => {}
                Ok(Err(error)) => tracing::warn!(%error, "the diaries could not be kept ahead"),
                Err(error) => tracing::warn!(%error, "the diaries could not be kept ahead"),
            }
        }
        match care::appointments::measure(&store).await {
            Ok(measured) => tracing::debug!(?measured, "waits were published"),
            Err(error) => tracing::warn!(%error, "waits could not be published"),
        }
        if tokio::time::timeout(EVERY, stop.wait_for(|stopped| *stopped)).await.is_ok() {
            return;
        }
    }
}

/// Puts the bookable times of the coming days into the record, where they are not there yet. Made-up people who can sign
/// in have theirs first; the other surgeries follow where the whole population is in the record.
fn roll(store: &Store, directory: &Path) -> Result<usize> {
    let Some(written) = Written::read(directory)? else { return Ok(0) };
    let world = written.world();
    let now = store.environment().clock.now();
    let whole = directory.join(demo::FOLDER).is_dir();
    let diaries = (!whole).then(|| diaries_of_demo_people(&world));
    let mut made = 0;
    for ahead in 0..AHEAD {
        made += fill(store, &slots(&world, day(now).plus(ahead), diaries.as_ref()))?;
    }
    Ok(made)
}

fn day(now: Timestamp) -> Day {
    Day::holding(now.as_second())
}

fn slots(world: &World, day: Day, diaries: Option<&BTreeSet<String>>) -> Vec<Value> {
    let mut slots = synth::slots(world, day);
    if let Some(diaries) = diaries {
        let of = |slot: &Value| slot.text_at(&["schedule", "reference"]).unwrap_or_default().to_owned();
        slots.retain(|slot| diaries.contains(&of(slot)));
    }
    slots
}

/// References of the diaries of the surgeries where the people who can sign in are registered.
fn diaries_of_demo_people(world: &World) -> BTreeSet<String> {
    let wanted: BTreeSet<String> = synth::demo_people(world).into_iter().map(|one| one.reference).collect();
    let patients = world.people().filter(|person| wanted.contains(&format!("Patient/{}", person.patient_id)));
    let surgeries: BTreeSet<usize> = patients.map(|person| person.practice).collect();
    surgeries
        .iter()
        .flat_map(|surgery| synth::diaries(world, *surgery))
        .map(|id| format!("Schedule/{id}"))
        .collect()
}

/// Puts a day's times into the record, unless it holds the first of them.
fn fill(store: &Store, slots: &[Value]) -> Result<usize> {
    let worker = Actor::system("diary");
    let Some(first) = slots.first().and_then(|slot| slot.text_at(&["id"])).map(str::to_owned) else {
        return Ok(0);
    };
    let known = store.read_blocking(worker.clone(), move |snapshot| snapshot.read("Slot", &first))?;
    if !matches!(known, Found::Absent) {
        return Ok(0);
    }
    let prepared: Result<Vec<Prepared>, _> = slots.iter().cloned().map(Prepared::new).collect();
    let prepared = prepared.map_err(|issues| anyhow!("a time in a diary is not valid: {issues:?}"))?;
    let made = prepared.len();
    store.write_blocking(worker, move |transaction| {
        for slot in &prepared {
            transaction.update(slot, IfMatch::Any)?;
        }
        Ok(())
    })?;
    Ok(made)
}
