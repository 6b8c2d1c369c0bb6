//! The services of the made-up county as anybody may find them: HealthcareService and its Location, and the places that
//! people know by name. UKCore-HealthcareService, UKCore-Location.
//!
//! The county lies in the North Sea, where nobody lives. Everything is drawn from streams of its own: no other part of a
//! world changes when this does.

mod opening;
mod premises;
mod settlement;

use crate::compose::{
    coding, decimal, identifier, list, named_reference, object, one, postal_address, reference, resource,
    telecom, text,
};
use crate::place::Address;
use crate::world::World;
use fhir::identity;
use fhir::json::Value;
use opening::Opening;

/// The code system of `HealthcareService.type`, which says of which kind a listed service is.
const KINDS: &str = "https://bevan.example/fhir/CodeSystem/service-kind";

/// Places and services, each Location before the services in it.
#[must_use]
pub fn directory(world: &World) -> Vec<Value> {
    let mut out = settlement::all();
    for listed in premises::all(world) {
        let location = listed.location_id();
        if listed.has_own_place {
            out.push(location_resource(world, &listed, &location));
        }
        out.push(service_resource(world, &listed, &location));
    }
    out
}

/// A service as it is listed.
struct Listed {
    /// Its kind.
    kind: &'static str,
    /// The kind in words.
    called: &'static str,
    /// Unique in the county.
    key: String,
    /// Its name.
    name: String,
    /// What it offers.
    about: &'static str,
    /// The place, by the key of the service that has it for its own.
    place: String,
    /// Whether the place is its own, and not that of a service before it.
    has_own_place: bool,
    /// Where.
    address: Address,
    /// Telephone.
    telephone: String,
    /// When.
    opening: Opening,
    /// Whether one must have an appointment.
    appointment: bool,
    /// Place of the organisation in the world's list.
    organisation: Option<usize>,
}

impl Listed {
    fn location_id(&self) -> String {
        identity::resource_id("location", "directory", &[&self.place])
    }
}

fn location_resource(world: &World, listed: &Listed, id: &str) -> Value {
    let (latitude, longitude) = settlement::point(&listed.address.postcode, &listed.place);
    let position = object([("longitude", Some(decimal(&longitude))), ("latitude", Some(decimal(&latitude)))]);
    resource(
        "Location",
        id,
        [
            ("identifier", one(identifier("https://bevan.example/id/place", &listed.place))),
            ("status", text("active")),
            ("name", text(&listed.name)),
            ("mode", text("instance")),
            ("telecom", one(telecom("phone", &listed.telephone, "work"))),
            ("address", Some(postal_address(&listed.address, "work"))),
            ("position", Some(position)),
            ("managingOrganization", organisation(world, listed)),
        ],
    )
}

fn service_resource(world: &World, listed: &Listed, location: &str) -> Value {
    let kind = Value::object([
        ("coding", list([coding(KINDS, listed.kind, listed.called)])),
        ("text", Value::from(listed.called)),
    ]);
    resource(
        "HealthcareService",
        &identity::resource_id("healthcare-service", "directory", &[&listed.key]),
        [
            ("extension", listed.opening.extensions(world)),
            ("identifier", one(identifier("https://bevan.example/id/listed-service", &listed.key))),
            ("active", Some(Value::from(true))),
            ("providedBy", organisation(world, listed)),
            ("type", one(kind)),
            ("location", one(reference("Location", location))),
            ("name", text(&listed.name)),
            ("comment", text(listed.about)),
            ("telecom", one(telecom("phone", &listed.telephone, "work"))),
            ("appointmentRequired", Some(Value::from(listed.appointment))),
            ("availableTime", listed.opening.available()),
            ("notAvailable", listed.opening.not_available(world)),
            ("availabilityExceptions", listed.opening.words().map(Value::from)),
        ],
    )
}

fn organisation(world: &World, listed: &Listed) -> Option<Value> {
    let organisation = world.organisations().get(listed.organisation?)?;
    Some(named_reference("Organization", &organisation.id, &organisation.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Plan;
    use std::collections::{BTreeMap, HashSet};

    fn world(seed: u64) -> World {
        World::new(Plan { seed, people: 100, start: "2026-11-02T08:00:00Z".parse().unwrap() })
    }

    #[test]
    fn the_county_has_services_of_every_kind() {
        let all = directory(&world(7));
        let mut ids = HashSet::new();
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        for resource in &all {
            let issues = fhir::validate::structural(resource);
            assert!(issues.is_empty(), "{issues:?}\n{}", fhir::json::to_string(resource));
            assert!(ids.insert(resource.text_at(&["id"]).unwrap().to_owned()), "an id twice");
            if resource.text_at(&["resourceType"]) == Some("HealthcareService") {
                let place = resource.text_at(&["location", "reference"]).unwrap();
                assert!(
                    ids.contains(place.strip_prefix("Location/").unwrap()),
                    "{place} comes before its service"
                );
                let kind = resource.text_at(&["type", "coding", "code"]).unwrap();
                *kinds.entry(kind.to_owned()).or_default() += 1;
            }
        }
        assert_eq!(kinds.len(), 14, "{kinds:?}");
        assert!(kinds["pharmacy"] >= 10 && kinds["neighbourhood-health-centre"] == 4, "{kinds:?}");
    }

    #[test]
    fn a_seed_fixes_it_and_nothing_else_changes() {
        assert_eq!(directory(&world(7)), directory(&world(7)));
        assert_ne!(directory(&world(7)), directory(&world(8)));
    }
}
