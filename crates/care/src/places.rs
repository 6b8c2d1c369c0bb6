//! An organisation's wards and what stands in them, and how fresh the facts about them are. Shared by the ward board and
//! the site view.

use crate::lookup::{all, id, page};
use crate::operations::feeds;
use crate::view::Freshness;
use crate::ward_board::{Ward, place_name};
use crate::words::concept;
use catalogue::say;
use fhir::json::Value;
use fhir::views::{Encounter, EncounterLocation, Location, Resource};
use jiff::Timestamp;
use std::collections::{BTreeSet, HashMap};
use store::{Actor, Error, Role, Snapshot, Store};

/// Statuses of an encounter that has, or expects, somebody.
pub(crate) const OPEN: &str = "planned,arrived,triaged,in-progress,onleave";

/// Whether the role works on wards.
pub(crate) fn works_on_wards(actor: &Actor) -> bool {
    matches!(actor.role, Role::WardStaff { .. } | Role::Receptionist | Role::System)
}

/// Whether a place is of that kind (`si`, `bu`, `wa`, `ro`, `bd`).
pub(crate) fn is_kind(place: &Value, kind: &str) -> bool {
    Location(place).physical_type() == Some(kind)
}

/// The id of the place that a place stands in.
pub(crate) fn parent(place: &Value) -> Option<&str> {
    Location(place).part_of()
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
    let specialty = Location(ward).types().find_map(concept);
    Ward {
        id: id(ward).to_owned(),
        name: place_name(ward).to_owned(),
        specialty,
        site: site(snapshot, ward).unwrap_or_else(|| say("record-unnamed-hospital").to_owned()),
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
    organisation_of(snapshot, &actor.organisation)
}

/// The name of the organisation with that ODS code; the code itself where its name cannot be read.
pub(crate) fn organisation_of(snapshot: &mut Snapshot, ods: &str) -> String {
    let id = fhir::identity::organization(ods);
    let read = snapshot.read("Organization", &id).and_then(store::Found::present).and_then(|one| one.value());
    read.ok().and_then(|one| one.name_text().map(str::to_owned)).unwrap_or_else(|| ods.to_owned())
}

/// Totals of NEWS2 that sources recorded lately for these patients.
pub(crate) fn recorded_scores(
    snapshot: &mut Snapshot,
    patients: &[&str],
    now: Timestamp,
) -> Result<Vec<Value>, Error> {
    if patients.is_empty() {
        return Ok(Vec::new());
    }
    let since = now.checked_sub(jiff::Span::new().hours(SCORES_HOURS)).unwrap_or(now);
    let since = format!("ge{since:.0}");
    let words = [("code", NEWS2), ("patient", &patients.join(",")), ("date", &since), ("_count", "1000")];
    Ok(page(snapshot, "Observation", &words)?.items)
}

/// A recorded total older than this is not shown; a younger one is shown with its time.
const SCORES_HOURS: i32 = 36;

/// SNOMED CT: Royal College of Physicians National Early Warning Score 2, total score.
const NEWS2: &str = "http://snomed.info/sct|1104051000000101";

/// What the source of movements is called on pages.
pub(crate) const SOURCE: &str = "the patient system";

/// Places in words by Location id: ward, bay and bed by the names people know them by.
#[derive(Default)]
pub(crate) struct Names(HashMap<String, String>);

impl Names {
    /// The place in words; what the entry itself displays when the Location is not known.
    pub fn of<'a>(&'a self, entry: EncounterLocation<'a>) -> Option<&'a str> {
        let known = entry.location_id().and_then(|id| self.0.get(id)).map(String::as_str);
        known.or_else(|| entry.location()?.display())
    }

    /// Reads the names of every place in these encounters.
    pub fn read(snapshot: &mut Snapshot, encounters: &[Value]) -> Result<Self, Error> {
        let entries = encounters.iter().flat_map(|encounter| Encounter(encounter).locations());
        let ids: BTreeSet<&str> = entries.filter_map(EncounterLocation::location_id).collect();
        let mut known: HashMap<String, Value> = HashMap::new();
        let ids: Vec<&str> = ids.into_iter().collect();
        for some in ids.chunks(40) {
            let words = [("_id", some.join(","))];
            let words = [("_id", words[0].1.as_str()), ("_include:iterate", "Location:partof")];
            let found = all(snapshot, "Location", &words)?;
            let places = found.items.into_iter().chain(found.included);
            known.extend(places.map(|place| (id(&place).to_owned(), place)));
        }
        let named = ids.iter().filter_map(|place| Some(((*place).to_owned(), words(place, &known)?)));
        Ok(Self(named.collect()))
    }
}

/// Ward, bay and bed, outermost first; a place above the ward by its own name.
fn words(place: &str, known: &HashMap<String, Value>) -> Option<String> {
    let mut names = Vec::new();
    let mut at = known.get(place);
    while let Some(one) = at.filter(|_| names.len() < 4) {
        let inside = is_kind(one, "bd") || is_kind(one, "ro") || is_kind(one, "wa");
        if inside || names.is_empty() {
            names.push(place_name(one));
        }
        at = parent(one).filter(|_| !is_kind(one, "wa")).and_then(|above| known.get(above));
    }
    names.reverse();
    (!names.is_empty()).then(|| names.join(", "))
}

/// How fresh the facts of the actor's organisation are: its own feed's newest message. Read by the system, because
/// it tells nothing about a patient.
pub(crate) async fn freshness(store: &Store, actor: &Actor, now: Timestamp) -> Result<Freshness, Error> {
    let counts = store.read(Actor::system(actor.trace.clone()), |snapshot| snapshot.inbox_counts()).await?;
    let own: Vec<_> =
        counts.into_iter().filter(|one| sender(&one.source) == Some(actor.organisation.as_str())).collect();
    let newest = feeds(&own, now).into_iter().max_by_key(|feed| feed.last_message_at);
    Ok(Freshness {
        source: String::from(SOURCE),
        last_message_at: newest.as_ref().and_then(|feed| feed.last_message_at),
        stale: newest.is_none_or(|feed| feed.stale),
    })
}

/// The facility behind a source of messages: `ZZ1` of `mllp PAS@ZZ1`, and the application where no facility is named.
fn sender(source: &str) -> Option<&str> {
    let (application, facility) = source.strip_prefix("mllp ")?.rsplit_once('@')?;
    Some(if facility.is_empty() { application } else { facility })
}
