//! Fills one ward's board from the store. Only the reader's own organisation's wards have a board: a ward whose patients
//! the reader may not see would look empty, and that would be a lie.

use super::WardBoard;
use super::assemble::{Census, scores};
use crate::lookup::{all, id, present, unseen};
use crate::places;
use crate::view::Unseen;
use fhir::json::Value;
use fhir::views::Resource;
use std::collections::HashMap;
use store::{Actor, Error, Snapshot, Store, Viewing};

/// One ward, bed by bed.
pub(crate) async fn read(
    store: &Store,
    actor: &Actor,
    ward: &str,
    viewing: &Viewing,
) -> Result<WardBoard, Unseen> {
    if !places::works_on_wards(actor) {
        return Err(Unseen::NoAccess);
    }
    let now = store.environment().clock.now();
    let freshness = places::freshness(store, actor, now).await.map_err(|error| unseen(&error))?;
    let ward = ward.to_owned();
    let read = store.view(std::sync::Arc::new(actor.clone()), viewing, move |snapshot| {
        let document = own_ward(snapshot, &ward)?;
        let beds = places::of_ward(snapshot, &ward)?;
        let (stays, people, matters) = stays(snapshot, &ward, &beds)?;
        let people: HashMap<&str, &Value> = people.iter().map(|person| (id(person), person)).collect();
        let patients: Vec<&str> = people.keys().copied().collect();
        let recorded = places::recorded_scores(snapshot, &patients, now)?;
        let scores = scores(&recorded);
        let (stays, matters) = (&stays, &matters);
        let board = Census { ward: &ward, places: &beds, stays, people, matters, scores, now }.assemble();
        Ok(WardBoard {
            ward: places::heading(snapshot, &document),
            read_at: now,
            position: snapshot.position()?.0,
            freshness,
            figures: board.figures,
            tiles: board.tiles,
            without_bed: board.without_bed,
            coming: board.coming,
        })
    });
    read.await.map_err(|error| unseen(&error))
}

/// More changes than this at once are taken to touch everything.
const CHANGES_MAX: usize = 500;

/// Whether a change after a position is of one of these types, and the position up to which that is known. It tells
/// nothing about anybody, so the system asks.
pub(crate) async fn touched(
    store: &Store,
    actor: &Actor,
    (after, types): (u64, &'static [&'static str]),
    viewing: &Viewing,
) -> Result<(u64, bool), Unseen> {
    let system = std::sync::Arc::new(Actor::system(actor.trace.clone()));
    let read = store.view(system, viewing, move |snapshot| {
        let changes = snapshot.changes_since(store::Position(after), CHANGES_MAX)?;
        let newest = changes.last().map_or(after, |change| change.position.0);
        let touched = changes.iter().any(|change| types.contains(&change.type_.as_str()));
        Ok((newest, touched || changes.len() == CHANGES_MAX))
    });
    read.await.map_err(|error| unseen(&error))
}

/// The ward's Location, when it is a ward of the actor's organisation.
fn own_ward(snapshot: &mut Snapshot, ward: &str) -> Result<Value, Error> {
    let document = present(snapshot, "Location", ward)?;
    let own = fhir::identity::organization(&snapshot.actor().organisation);
    let runs = document.managing_organization().and_then(|runs| runs.id_of("Organization"));
    if places::is_kind(&document, "wa") && runs == Some(own.as_str()) {
        Ok(document)
    } else {
        Err(Error::NotFound)
    }
}

/// Open encounters, their patients, and their matters that are open.
type Stays = (Vec<Value>, Vec<Value>, Vec<Value>);

/// The open encounters that name the ward or a place in it.
fn stays(snapshot: &mut Snapshot, ward: &str, beds: &[Value]) -> Result<Stays, Error> {
    let ids: Vec<&str> = std::iter::once(ward).chain(beds.iter().map(id)).collect();
    let (mut stays, mut people) = (Vec::new(), Vec::new());
    // Values of one parameter are limited, and a ward may have more beds than that.
    for some in ids.chunks(40) {
        let words = [("location", some.join(",")), ("status", places::OPEN.to_owned())];
        let words = [
            ("location", words[0].1.as_str()),
            ("status", words[1].1.as_str()),
            ("_include", "Encounter:patient"),
            ("_revinclude", "DetectedIssue:implicated"),
        ];
        let found = all(snapshot, "Encounter", &words)?;
        stays.extend(found.items);
        people.extend(found.included);
    }
    let mut seen = std::collections::HashSet::new();
    stays.retain(|stay| seen.insert(id(stay).to_owned()));
    let (matters, people): (Vec<Value>, Vec<Value>) =
        people.into_iter().partition(|one| one.text_at(&["resourceType"]) == Some("DetectedIssue"));
    Ok((stays, people, matters.into_iter().filter(crate::patient_flow::is_open).collect()))
}
