//! The made-up system as FHIR: Organization, the Location tree (si, bu, wa, ro, bd by `partOf`), Practitioner and
//! PractitionerRole. <https://hl7.org/fhir/R4/location.html>, UK Core STU2.

use super::{Organisation, OrganisationKind, Practitioner, Role, Trust, Ward, World};
use crate::compose::{
    HL7_CODES, ODS, ODS_SITE, SDS_USER, UK_CODES, coded, concept, hl7_coded, identifier, list,
    named_reference, one, postal_address, reference, resource, telecom, text, uk_coded,
};
use crate::names::Sex;
use fhir::identity;
use fhir::json::Value;
use fhir::systems::prescription::ORGANISATION_ROLE;

pub(super) fn all(world: &World) -> Vec<Value> {
    let board = world.organisations().first().map(|board| board.id.as_str()).unwrap_or_default();
    let mut out: Vec<Value> = world.organisations().iter().map(|o| organization(o, board)).collect();
    for trust in world.trusts() {
        locations(world, trust, &mut out);
    }
    for practitioner in world.staff() {
        out.push(practitioner_resource(practitioner));
        if let Some(organisation) = world.organisations().get(practitioner.organisation) {
            out.push(practitioner_role(practitioner, organisation));
        }
    }
    out
}

fn organization(organisation: &Organisation, board: &str) -> Value {
    let (code, display) = match organisation.kind {
        OrganisationKind::Board => ("pay", "Payer"),
        _ => ("prov", "Healthcare Provider"),
    };
    let role = match organisation.kind {
        OrganisationKind::Pharmacy => Some(coded(ORGANISATION_ROLE, "182", "PHARMACY")),
        OrganisationKind::Practice => Some(coded(ORGANISATION_ROLE, "76", "GP PRACTICE")),
        _ => None,
    };
    let general = hl7_coded("organization-type", code, display);
    let under =
        matches!(organisation.kind, OrganisationKind::AcuteTrust | OrganisationKind::MentalHealthTrust);
    resource(
        "Organization",
        &organisation.id,
        [
            ("identifier", one(identifier(ODS, &organisation.ods))),
            ("active", Some(Value::from(true))),
            ("type", Some(list([general, in_words(organisation.kind)].into_iter().chain(role)))),
            ("name", text(&organisation.name)),
            ("telecom", one(telecom("phone", &organisation.telephone, "work"))),
            ("address", one(postal_address(&organisation.address, "work"))),
            ("partOf", under.then(|| reference("Organization", board))),
        ],
    )
}

/// What patients call such an organisation.
fn in_words(kind: OrganisationKind) -> Value {
    let words = match kind {
        OrganisationKind::Board => "Integrated care board",
        OrganisationKind::AcuteTrust => "Acute hospital trust",
        OrganisationKind::MentalHealthTrust => "Mental health trust",
        OrganisationKind::Practice => "GP surgery",
        OrganisationKind::CareHome => "Care home",
        OrganisationKind::Pharmacy => "Community pharmacy",
    };
    Value::object([("text", Value::from(words))])
}

struct Place<'a> {
    id: &'a str,
    name: &'a str,
    physical: (&'a str, &'a str),
    parent: Option<&'a str>,
    code: &'a str,
}

fn locations(world: &World, trust: &Trust, out: &mut Vec<Value>) {
    let site = identity::location(&trust.ods, "", "", "");
    let name = world.organisations().get(trust.organisation).map_or("", |o| o.address.town);
    let name = format!("{name} Hospital");
    out.push(location(
        trust,
        &Place { id: &site, name: &name, physical: ("si", "Site"), parent: None, code: "" },
    ));
    for (code, name) in [("EAST", "East building"), ("WEST", "West building")] {
        let id = building(trust, code);
        out.push(location(
            trust,
            &Place { id: &id, name, physical: ("bu", "Building"), parent: Some(&site), code },
        ));
    }
    for number in 1..=trust.theatres {
        let (code, name) = (format!("TH{number}"), format!("Theatre {number}"));
        let id = identity::location(&trust.ods, &code, "", "");
        let parent = building(trust, "EAST");
        let place =
            Place { id: &id, name: &name, physical: ("ro", "Room"), parent: Some(&parent), code: &code };
        out.push(location(trust, &place));
    }
    for ward in &trust.wards {
        ward_locations(trust, ward, out);
    }
}

fn ward_locations(trust: &Trust, ward: &Ward, out: &mut Vec<Value>) {
    let parent = building(trust, ward.building);
    let place = Place {
        id: &ward.id,
        name: &ward.name,
        physical: ("wa", "Ward"),
        parent: Some(&parent),
        code: &ward.code,
    };
    let mut resource = location(trust, &place);
    let (code, specialty) = ward.kind.specialty();
    if let Some(object) = resource.as_object_mut() {
        let kind = concept(&format!("{UK_CODES}UKCore-PracticeSettingCode"), code, specialty);
        object.insert("type", list([kind]));
    }
    out.push(resource);
    let mut last = "";
    for bed in &ward.beds {
        let bay = identity::location(&trust.ods, &ward.code, bed.bay, "");
        if bed.bay != last {
            last = bed.bay;
            let name = if bed.bay == "SR" { "Side rooms".to_owned() } else { format!("Bay {}", bed.bay) };
            let code = format!("{} {}", ward.code, bed.bay);
            let place = Place {
                id: &bay,
                name: &name,
                physical: ("ro", "Room"),
                parent: Some(&ward.id),
                code: &code,
            };
            out.push(location(trust, &place));
        }
        let name = format!("Bed {}", bed.code);
        let code = format!("{} {} {}", ward.code, bed.bay, bed.code);
        let place =
            Place { id: &bed.id, name: &name, physical: ("bd", "Bed"), parent: Some(&bay), code: &code };
        out.push(location(trust, &place));
    }
}

fn building(trust: &Trust, code: &str) -> String {
    identity::resource_id("location", &trust.ods, &["building", code])
}

/// A Location. Its identifier is the codes of ward, bay and bed, as messages name it, in the trust's own namespace.
fn location(trust: &Trust, place: &Place<'_>) -> Value {
    let (code, display) = place.physical;
    let own = match code {
        "si" => identifier(ODS_SITE, &trust.site),
        _ => {
            identifier(&format!("https://bevan.example/id/{}/location", trust.ods.to_lowercase()), place.code)
        }
    };
    resource(
        "Location",
        place.id,
        [
            ("identifier", one(own)),
            ("status", text("active")),
            ("name", text(place.name)),
            ("mode", text("instance")),
            ("physicalType", Some(hl7_coded("location-physical-type", code, display))),
            ("managingOrganization", Some(named_reference("Organization", &trust.id, &trust.name))),
            ("partOf", place.parent.map(|parent| reference("Location", parent))),
        ],
    )
}

fn practitioner_resource(practitioner: &Practitioner) -> Value {
    let gmc = practitioner.gmc.as_deref().map(|gmc| identifier("https://fhir.hl7.org.uk/Id/gmc-number", gmc));
    let name = Value::object([
        ("use", Value::from("official")),
        ("family", Value::from(practitioner.family)),
        ("given", list([Value::from(practitioner.given)])),
        ("prefix", list([Value::from(practitioner.title)])),
    ]);
    resource(
        "Practitioner",
        &practitioner.id,
        [
            ("identifier", Some(list(std::iter::once(identifier(SDS_USER, &practitioner.sds)).chain(gmc)))),
            ("active", Some(Value::from(true))),
            ("name", one(name)),
            ("gender", text(if practitioner.sex == Sex::Female { "female" } else { "male" })),
        ],
    )
}

fn practitioner_role(practitioner: &Practitioner, organisation: &Organisation) -> Value {
    let (code, display) = match practitioner.role {
        Role::GeneralPractitioner | Role::Consultant => ("doctor", "Doctor"),
        Role::WardManager => ("nurse", "Nurse"),
        Role::Receptionist | Role::Operator | Role::PrivacyOfficer => ("ict", "ICT professional"),
    };
    let code = match practitioner.role {
        Role::Receptionist => Value::object([("text", Value::from("Receptionist"))]),
        Role::Operator => Value::object([("text", Value::from("System operator"))]),
        Role::PrivacyOfficer => Value::object([("text", Value::from("Privacy officer"))]),
        _ => coded(&format!("{HL7_CODES}practitioner-role"), code, display),
    };
    let specialty = practitioner.ward_kind.map(|kind| {
        let (code, name) = kind.specialty();
        uk_coded("UKCore-PracticeSettingCode", code, name)
    });
    resource(
        "PractitionerRole",
        &identity::resource_id("practitioner-role", &practitioner.sds, &[&organisation.ods]),
        [
            ("active", Some(Value::from(true))),
            ("practitioner", Some(named_reference("Practitioner", &practitioner.id, &practitioner.name()))),
            ("organization", Some(named_reference("Organization", &organisation.id, &organisation.name))),
            ("code", one(code)),
            ("specialty", specialty.and_then(one)),
        ],
    )
}
