//! Fills the site view from the store. It hands out numbers and no person, so the numbers are counted by the system for
//! staff of the organisation: aggregates leave, records do not.

use super::{SiteView, WardLine};
use crate::lookup::{all, id, unseen};
use crate::places;
use crate::view::Unseen;
use crate::ward_board::{Census, Figures, natural};
use fhir::json::Value;
use jiff::Timestamp;
use std::collections::HashMap;
use store::{Actor, Error, Role, Snapshot, Store};

/// All wards of the actor's organisation.
pub(crate) async fn read(store: &Store, actor: &Actor) -> Result<SiteView, Unseen> {
    if !places::works_on_wards(actor) && actor.role != Role::Operator {
        return Err(Unseen::NoAccess);
    }
    let now = store.environment().clock.now();
    let freshness = places::freshness(store, actor, now).await.map_err(|error| unseen(&error))?;
    let counter = Actor { organisation: actor.organisation.clone(), ..Actor::system(actor.trace.clone()) };
    let read = store.read(counter, move |snapshot| {
        let census = organisation_census(snapshot)?;
        let actor = snapshot.actor().clone();
        let mut wards = Vec::new();
        for ward in census.places.iter().filter(|place| places::is_kind(place, "wa")) {
            let heading = places::heading(snapshot, ward);
            let figures = census.figures(id(ward), now);
            wards.push(WardLine {
                id: heading.id,
                name: heading.name,
                specialty: heading.specialty,
                site: heading.site,
                figures,
                freshness: freshness.clone(),
            });
        }
        wards.sort_by_cached_key(|ward| (ward.site.clone(), natural(&ward.name)));
        let total = total(wards.iter().map(|ward| &ward.figures));
        let organisation = places::organisation(snapshot, &actor);
        Ok(SiteView { organisation, read_at: now, position: snapshot.position()?.0, total, wards })
    });
    read.await.map_err(|error| unseen(&error))
}

/// Every place and every open stay of an organisation.
struct Everything {
    places: Vec<Value>,
    stays: Vec<Value>,
    people: Vec<Value>,
}

fn organisation_census(snapshot: &mut Snapshot) -> Result<Everything, Error> {
    let own = format!("Organization/{}", fhir::identity::organization(&snapshot.actor().organisation));
    let places = all(snapshot, "Location", &[("organization", &own)])?.items;
    let words =
        [("service-provider", own.as_str()), ("status", places::OPEN), ("_include", "Encounter:patient")];
    let found = all(snapshot, "Encounter", &words)?;
    Ok(Everything { places, stays: found.items, people: found.included })
}

impl Everything {
    /// One ward's numbers.
    fn figures(&self, ward: &str, now: Timestamp) -> Figures {
        let mut inside = self.within(&[ward]);
        let bays: Vec<&str> = inside.iter().copied().map(id).collect();
        inside.extend(self.within(&bays));
        let inside: Vec<Value> = inside.into_iter().cloned().collect();
        let people: HashMap<&str, &Value> = self.people.iter().map(|person| (id(person), person)).collect();
        Census { ward, places: &inside, stays: &self.stays, people, matters: &[], scores: None, now }
            .assemble()
            .figures
    }

    fn within<'a>(&'a self, parents: &[&str]) -> Vec<&'a Value> {
        let inside = |place: &&Value| places::parent(place).is_some_and(|parent| parents.contains(&parent));
        self.places.iter().filter(inside).collect()
    }
}

/// The sum of all wards.
fn total<'a>(wards: impl Iterator<Item = &'a Figures>) -> Figures {
    let mut sum = Figures::default();
    for ward in wards {
        sum.beds += ward.beds;
        sum.taken += ward.taken;
        sum.free += ward.free;
        sum.closed += ward.closed;
        sum.coming += ward.coming;
        sum.leaving_today += ward.leaving_today;
        sum.conflicts += ward.conflicts;
    }
    sum.occupancy_percent = percent(sum.taken, sum.beds);
    sum
}

/// Whole per cent, rounded, never capped at 100; `None` of nothing.
pub(crate) fn percent(taken: u32, beds: u32) -> Option<u32> {
    let rounded = (u64::from(taken) * 100 + u64::from(beds) / 2).checked_div(u64::from(beds))?;
    u32::try_from(rounded).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn occupancy_is_rounded_and_never_capped() {
        assert_eq!(percent(25, 28), Some(89));
        assert_eq!(percent(30, 28), Some(107));
        assert_eq!(percent(0, 0), None);
    }

    #[test]
    fn the_total_is_over_all_beds_and_not_a_mean_of_means() {
        let ward = |beds, taken| Figures { beds, taken, ..Figures::default() };
        let sum = total([ward(10, 10), ward(30, 0)].iter());
        assert_eq!((sum.beds, sum.taken, sum.occupancy_percent), (40, 10, Some(25)));
    }
}
