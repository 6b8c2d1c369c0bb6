//! From Locations, Encounters and Patients to a ward board. Pure.
//!
//! Occupancy comes from the active entry of `Encounter.location` and from nothing else; two people in one bed are both
//! shown; a person whose bed no source has named is shown beside the beds.

use super::told::told;
use super::{BedState, Coming, Figures, Occupant, Score, Tile};
use crate::lookup::id;
use crate::places::{is_kind, parent};
use crate::view::When;
use crate::words::{age, instant, name, sex, when};
use fhir::json::Value;
use fhir::time::default_zone;
use fhir::views::{
    Encounter, EncounterLocation, Location, Observation, Patient, Period, Reference, Resource,
};
use jiff::{Timestamp, civil::Date};
use std::collections::HashMap;

/// What the board is made of.
pub struct Census<'a> {
    /// Id of the ward's Location.
    pub ward: &'a str,
    /// Bays and beds of the ward.
    pub places: &'a [Value],
    /// Encounters that have or expect somebody on the ward.
    pub stays: &'a [Value],
    /// Patients by id.
    pub people: HashMap<&'a str, &'a Value>,
    /// Matters of the stays that are open, as far as the reader may see them.
    pub matters: &'a [Value],
    /// The latest recorded NEWS2 totals by patient id; `None` when no source records any.
    pub scores: Option<HashMap<String, Score>>,
    /// When the snapshot was read.
    pub now: Timestamp,
}

/// The parts of a board that come from the census.
pub struct Assembled {
    /// The numbers.
    pub figures: Figures,
    /// Beds in bay order.
    pub tiles: Vec<Tile>,
    /// People whose bed is not named.
    pub without_bed: Vec<Occupant>,
    /// People expected.
    pub coming: Vec<Coming>,
}

/// An open stay, its entry at a place of the ward, and the id of that place.
type Entry<'a> = (Encounter<'a>, EncounterLocation<'a>, &'a str);

impl Census<'_> {
    /// The board.
    pub fn assemble(&self) -> Assembled {
        let mut in_bed: HashMap<&str, Vec<Occupant>> = HashMap::new();
        let mut without_bed = Vec::new();
        for (stay, entry, place) in self.entries("active") {
            let Some(occupant) = self.occupant(stay, entry) else { continue };
            match self.bed(place) {
                Some(bed) => in_bed.entry(bed).or_default().push(occupant),
                None => without_bed.push(occupant),
            }
        }
        let mut tiles: Vec<Tile> = self.beds().map(|bed| self.tile(bed, &mut in_bed)).collect();
        tiles.sort_by_cached_key(|tile| (tile.bay.as_deref().map(natural), natural(&tile.bed)));
        without_bed.sort_by(|a, b| a.name.cmp(&b.name));
        let coming = self.coming();
        let figures = self.figures(&tiles, &without_bed, coming.len());
        Assembled { figures, tiles, without_bed, coming }
    }

    /// Entries of open stays with that status at a place of this ward.
    fn entries<'b>(&'b self, status: &'b str) -> impl Iterator<Item = Entry<'b>> {
        self.stays.iter().map(Encounter).flat_map(move |stay| {
            stay.locations().filter_map(move |entry| {
                let place = entry.location_id()?;
                let here = place == self.ward || self.places.iter().any(|known| id(known) == place);
                (here && entry.status() == Some(status)).then_some((stay, entry, place))
            })
        })
    }

    fn beds(&self) -> impl Iterator<Item = &Value> {
        self.places.iter().filter(|place| is_kind(place, "bd"))
    }

    fn bed(&self, place: &str) -> Option<&str> {
        self.beds().map(id).find(|bed| *bed == place)
    }

    fn tile(&self, bed: &Value, in_bed: &mut HashMap<&str, Vec<Occupant>>) -> Tile {
        let mut people = in_bed.remove(id(bed)).unwrap_or_default();
        people.sort_by_key(|one| one.told.occurred_at);
        let state = match (people.len(), people.pop()) {
            (1, Some(one)) => BedState::Taken(Box::new(one)),
            (_, Some(last)) => {
                people.push(last);
                BedState::Conflict(people)
            }
            (_, None) => empty(bed),
        };
        let bay = parent(bed)
            .and_then(|bay| self.places.iter().find(|place| id(place) == bay && is_kind(place, "ro")));
        Tile {
            id: id(bed).to_owned(),
            bay: bay.map(|bay| place_name(bay).to_owned()),
            bed: place_name(bed).to_owned(),
            provisional: bed.is_tagged("provisional"),
            state,
        }
    }

    fn occupant(&self, stay: Encounter<'_>, entry: EncounterLocation<'_>) -> Option<Occupant> {
        let patient_id = stay.subject()?.id_of("Patient")?;
        let person = self.people.get(patient_id)?;
        let admitted_at = stay.period().and_then(Period::start).and_then(instant);
        let zone = default_zone();
        let days_in = admitted_at.and_then(|at| {
            let days = self
                .now
                .to_zoned(zone.clone())
                .date()
                .since(at.to_zoned(zone.clone()).date())
                .ok()?
                .get_days();
            u32::try_from(days).ok()
        });
        Some(Occupant {
            patient_id: patient_id.to_owned(),
            name: name(person),
            sex: sex(person),
            age: age(Patient(person).birth_date().and_then(when), self.now),
            news2: self.scores.as_ref().and_then(|scores| scores.get(patient_id)).copied(),
            admitted_at,
            days_in,
            expected_out: super::told::expected_out(stay),
            on_leave: stay.status() == Some("onleave"),
            pending: super::told::pending(stay),
            matters: self.matters_of(stay.id().unwrap_or_default()),
            told: told(stay, entry)?,
        })
    }

    /// What messages left open about a stay. A bed with two people is shown as that already.
    fn matters_of(&self, stay: &str) -> Vec<String> {
        let about = |issue: &&Value| {
            let mut implicated =
                issue.items("implicated").iter().filter_map(|one| one.text_at(&["reference"]));
            implicated.any(|one| one.strip_prefix("Encounter/") == Some(stay))
                && issue.get("patient").is_some()
        };
        let words = |issue: &Value| issue.text_at(&["code", "coding", "display"]).map(str::to_owned);
        self.matters.iter().filter(about).filter_map(words).collect()
    }

    fn coming(&self) -> Vec<Coming> {
        let mut coming: Vec<Coming> = self
            .entries("planned")
            .filter_map(|(stay, entry, place)| {
                let patient_id = stay.subject()?.id_of("Patient")?;
                let person = self.people.get(patient_id)?;
                let bed = self.beds().find(|bed| id(bed) == place);
                Some(Coming {
                    patient_id: patient_id.to_owned(),
                    name: name(person),
                    sex: sex(person),
                    age: age(Patient(person).birth_date().and_then(when), self.now),
                    from: from(stay),
                    expected_at: entry.period().and_then(Period::start).and_then(instant),
                    bed: bed.map(|bed| place_name(bed).to_owned()),
                    told: told(stay, entry)?,
                })
            })
            .collect();
        coming.sort_by(|a, b| (a.expected_at, &a.name).cmp(&(b.expected_at, &b.name)));
        coming
    }

    fn figures(&self, tiles: &[Tile], without_bed: &[Occupant], coming: usize) -> Figures {
        let today = self.now.to_zoned(default_zone().clone()).date();
        let mut figures = Figures { coming: count(coming), ..Figures::default() };
        let mut people: Vec<&Occupant> = without_bed.iter().collect();
        for tile in tiles {
            match &tile.state {
                BedState::Free => figures.free += 1,
                BedState::Closed { .. } => figures.closed += 1,
                BedState::Taken(one) => people.push(one),
                BedState::Conflict(several) => {
                    figures.conflicts += 1;
                    people.extend(several);
                }
            }
        }
        figures.beds = count(tiles.len()) - figures.closed;
        figures.taken = count(people.len());
        figures.occupancy_percent = crate::site_view::percent(figures.taken, figures.beds);
        figures.leaving_today = count(people.iter().filter(|one| leaves_on(one, today)).count());
        figures.high_scores = self.scores.as_ref().map(|_| {
            count(people.iter().filter(|one| one.news2.is_some_and(|score| score.total >= 7)).count())
        });
        figures
    }
}

fn leaves_on(one: &Occupant, day: Date) -> bool {
    one.expected_out == Some(day)
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The place's own short name.
pub fn place_name(place: &Value) -> &str {
    place.name_text().unwrap_or("Not named")
}

/// A bed without a person: free, or not in use by its operational status (HL7 table 0116).
fn empty(bed: &Value) -> BedState {
    let bed = Location(bed);
    let reason = match bed.operational_status() {
        Some("C") => "Closed",
        Some("H") => "Cleaning",
        Some("K") => "Contaminated",
        Some("I") => "Isolated",
        _ if matches!(bed.status(), Some("suspended" | "inactive")) => "Closed",
        _ => return BedState::Free,
    };
    BedState::Closed { reason: reason.to_owned(), since: None }
}

/// Where an expected person is now, or why they come.
fn from(stay: Encounter<'_>) -> Option<String> {
    let now = stay.locations().find(|entry| entry.status() == Some("active"))?;
    now.location().and_then(Reference::display).map(str::to_owned)
}

/// Orders names as people do: `Bed 2` before `Bed 10`.
pub fn natural(text: &str) -> Vec<(u64, String)> {
    let mut parts = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let words = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let (word, after) = rest.split_at(words);
        let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        let (number, next) = after.split_at(digits);
        parts.push((0, word.to_lowercase()));
        parts.push((number.parse().unwrap_or(u64::MAX), String::new()));
        rest = next;
    }
    parts
}

/// The latest NEWS2 totals among Observations, by patient; `None` when there is none at all.
pub fn scores(observations: &[Value]) -> Option<HashMap<String, Score>> {
    let mut latest: HashMap<String, Score> = HashMap::new();
    for observation in observations {
        let score = || {
            let observation = Observation(observation);
            let patient = observation.subject()?.id_of("Patient")?;
            let total = u16::try_from(observation.observed()?.number()?.as_i64()?).ok()?;
            let When::Instant(at) = observation.effective().and_then(|at| at.start()).and_then(when)? else {
                return None;
            };
            Some((patient.to_owned(), Score { total, at }))
        };
        if let Some((patient, score)) = score() {
            let known = latest.entry(patient).or_insert(score);
            if known.at < score.at {
                *known = score;
            }
        }
    }
    (!latest.is_empty()).then_some(latest)
}
