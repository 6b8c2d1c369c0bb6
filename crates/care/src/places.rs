//! An organisation's wards and what stands in them, and how fresh the facts about them are. Shared by the ward board and
//! the site view.

use crate::lookup::{all, id, page};
use crate::operations::feeds;
use crate::view::Freshness;
use crate::ward_board::{Ward, place_name};
use crate::words::{concept, target};
use fhir::json::Value;
use jiff::Timestamp;
use store::{Actor, Error, Role, Snapshot, Store};

/// Statuses of an encounter that has, or expects, somebody.
pub(crate) const OPEN: &str = "planned,arrived,triaged,in-progress,onleave";

/// Whether the role works on wards.
pub(crate) fn works_on_wards(actor: &Actor) -> bool {
    matches!(actor.role, Role::WardStaff { .. } | Role::Receptionist | Role::System)
}

/// Whether a place is of that kind (`si`, `bu`, `wa`, `ro`, `bd`).
pub(crate) fn is_kind(place: &Value, kind: &str) -> bool {
    place.text_at(&["physicalType", "coding", "code"]) == Some(kind)
}

/// The id of the place that a place stands in.
pub(crate) fn parent(place: &Value) -> Option<&str> {
    place.get("partOf").and_then(target).map(|(_, parent)| parent)
}

/// The places directly inside the given ones.
pub(crate) fn inside(snapshot: &mut Snapshot, parents: &[String]) -> Result<Vec<Value>, Error> {
    if parents.is_empty() {
        return Ok(Vec::new());
    }
    let of: Vec<String> = parents.iter().map(|parent| format!("Location/{parent}")).collect();
    Ok(all(snapshot, "Location", &[("partof", &of.join(","))])?.items)
}

/// Bays and beds of a ward.
pub(crate) fn of_ward(snapshot: &mut Snapshot, ward: &str) -> Result<Vec<Value>, Error> {
    let mut places = inside(snapshot, &[ward.to_owned()])?;
    let bays: Vec<String> =
        places.iter().filter(|place| !is_kind(place, "bd")).map(|bay| id(bay).to_owned()).collect();
    places.extend(inside(snapshot, &bays)?);
    Ok(places)
}

/// A ward's heading: its name, what it is for, and the hospital it stands in.
pub(crate) fn heading(snapshot: &mut Snapshot, ward: &Value) -> Ward {
    let specialty = ward.items("type").iter().find_map(concept);
    Ward {
        id: id(ward).to_owned(),
        name: place_name(ward).to_owned(),
        specialty,
        site: site(snapshot, ward).unwrap_or_else(|| String::from("Hospital")),
    }
}

/// The name of the site a place stands in: at most four steps up.
fn site(snapshot: &mut Snapshot, place: &Value) -> Option<String> {
    let mut at = place.clone();
    for _ in 0..4 {
        let above = parent(&at)?.to_owned();
        at = snapshot.read("Location", &above).ok()?.present().ok()?.value().ok()?;
        if is_kind(&at, "si") {
            return Some(place_name(&at).to_owned());
        }
    }
    None
}

/// The name of the actor's organisation.
pub(crate) fn organisation(snapshot: &mut Snapshot, actor: &Actor) -> String {
    let id = fhir::identity::organization(&actor.organisation);
    let read = snapshot.read("Organization", &id).and_then(store::Found::present).and_then(|one| one.value());
    read.ok()
        .and_then(|one| one.text_at(&["name"]).map(str::to_owned))
        .unwrap_or_else(|| actor.organisation.to_string())
}

/// Totals of NEWS2 that sources recorded in the last day for these patients.
pub(crate) fn recorded_scores(
    snapshot: &mut Snapshot,
    patients: &[&str],
    now: Timestamp,
) -> Result<Vec<Value>, Error> {
    if patients.is_empty() {
        return Ok(Vec::new());
    }
    let since = now.checked_sub(jiff::Span::new().hours(24)).unwrap_or(now);
    let since = format!("ge{since:.0}");
    let words = [("code", NEWS2), ("patient", &patients.join(",")), ("date", &since), ("_count", "1000")];
    Ok(page(snapshot, "Observation", &words)?.items)
}

/// SNOMED CT: Royal College of Physicians National Early Warning Score 2, total score.
const NEWS2: &str = "http://snomed.info/sct|1104051000000101";

/// How fresh the facts of the actor's organisation are: its own feed's newest message. Read by the system, because
/// it tells nothing about a patient.
pub(crate) async fn freshness(store: &Store, actor: &Actor, now: Timestamp) -> Result<Freshness, Error> {
    let counts = store.read(Actor::system(actor.trace.clone()), |snapshot| snapshot.inbox_counts()).await?;
    let newest = feeds(&counts, now).into_iter().max_by_key(|feed| feed.last_message_at);
    Ok(Freshness {
        source: String::from("the patient system"),
        last_message_at: newest.as_ref().and_then(|feed| feed.last_message_at),
        stale: newest.is_none_or(|feed| feed.stale),
    })
}
