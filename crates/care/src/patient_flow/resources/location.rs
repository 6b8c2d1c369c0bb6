//! The Location tree (site, ward, bay, bed) and the Organization of a facility, as far as messages reveal them.
//!
//! What a message reveals is provisional and says so with a tag; it must never overwrite what someone configured,
//! except whether a bed is occupied (HL7 table 0116).

use super::super::event::Place;
use super::{Draft, coding, concept_of, identifier, list, own_system, reference};
use fhir::json::Value;
use fhir::ods::OdsCode;
use fhir::{identity, systems};

const BED_STATUS: &str = "http://terminology.hl7.org/CodeSystem/v2-0116";

/// The id of the Location of a place, at its deepest level.
#[must_use]
pub fn location_id(place: &Place) -> String {
    identity::location(&place.facility, &place.ward, &place.bay, &place.bed)
}

/// The ids of the Locations from the site down to the place.
#[must_use]
pub fn location_ids(place: &Place) -> Vec<String> {
    locations(place).iter().filter_map(|one| one.text_at(&["id"]).map(str::to_owned)).collect()
}

/// The place in a few words.
#[must_use]
pub fn label(place: &Place) -> String {
    let parts = [&place.ward, &place.bay, &place.bed].map(|part| part.trim());
    let told: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    if told.is_empty() { place.facility.clone() } else { told.join(" ") }
}

/// A reference to the organisation with its code, so that access can be decided from either.
#[must_use]
pub fn provider(facility: &str) -> Value {
    Value::object([
        ("reference", Value::from(format!("Organization/{}", identity::organization(facility)))),
        ("identifier", code_of(facility)),
    ])
}

fn code_of(facility: &str) -> Value {
    match OdsCode::parse(facility) {
        Some(code) => identifier(systems::ODS, code.as_str()),
        None => identifier(&own_system("", "facility"), facility),
    }
}

/// The Organization of a facility, by its code alone.
#[must_use]
pub fn organization(facility: &str) -> Value {
    let mut organization = provisional("Organization", &identity::organization(facility), None);
    organization
        .set("identifier", list([code_of(facility)]))
        .set("active", true)
        .set("name", facility.trim());
    organization.done()
}

fn provisional(type_name: &str, id: &str, profile: Option<&str>) -> Draft {
    let mut draft = Draft::resource(type_name, id, profile);
    let tag = coding(
        &format!("{}/code-system/tag", super::OWN),
        "provisional",
        "Seen in a message, not configured",
    );
    let mut meta = draft.0.get("meta").and_then(Value::as_object).cloned().unwrap_or_default();
    meta.insert("tag", list([tag]));
    draft.set("meta", Value::Object(meta));
    draft
}

/// The Locations from the site down to the place, each part of the one before.
#[must_use]
pub fn locations(place: &Place) -> Vec<Value> {
    let levels = [
        (Place { facility: place.facility.clone(), ..Place::default() }, "si", "Site", true),
        (
            Place { bay: String::new(), bed: String::new(), ..place.clone() },
            "wa",
            "Ward",
            !place.ward.is_empty(),
        ),
        (Place { bed: String::new(), ..place.clone() }, "ro", "Room", !place.bay.is_empty()),
        (place.clone(), "bd", "Bed", !place.bed.is_empty()),
    ];
    let mut parent: Option<String> = None;
    let mut tree = Vec::new();
    for (at, code, display, told) in levels {
        if !told {
            continue;
        }
        let id = location_id(&at);
        let mut location = provisional("Location", &id, Some("UKCore-Location"));
        let own_name = [&at.bed, &at.bay, &at.ward].into_iter().find(|part| !part.trim().is_empty());
        location
            .set("identifier", list([identifier(&own_system(&at.facility, "location"), &label(&at))]))
            .set("status", "active")
            .set("name", own_name.unwrap_or(&at.facility).trim())
            .set("mode", "instance")
            .set("physicalType", concept_of(systems::LOCATION_PHYSICAL_TYPE, code, display))
            .set("managingOrganization", provider(&at.facility))
            .maybe("partOf", parent.as_ref().map(|parent| reference("Location", parent)));
        tree.push(location.done());
        parent = Some(id);
    }
    tree
}

/// Whether a bed's status is only about occupancy: free, occupied or not told. Closed, being cleaned, contaminated
/// or isolated are other people's to change.
#[must_use]
pub fn is_free_or_occupied(location: &Value) -> bool {
    matches!(location.text_at(&["operationalStatus", "code"]), None | Some("O" | "U"))
}

/// The Location with its bed occupied or not.
#[must_use]
pub fn with_status(location: &Value, occupied: bool) -> Value {
    let (code, display) = if occupied { ("O", "Occupied") } else { ("U", "Unoccupied") };
    let mut location = location.clone();
    if let Some(object) = location.as_object_mut() {
        object.insert("operationalStatus", coding(BED_STATUS, code, display));
    }
    location
}
