//! Who may act for whom in a household: parents for some of the children, and for some of the old the person they live
//! with. Written as the house itself writes it: a RelatedPerson and a Consent of the same id, in the record of the person
//! cared for.

use super::Chart;
use crate::calendar::fhir_instant;
use crate::compose::{coding, concept, hl7_coded, identifier, list, object, one, reference, resource, text};
use crate::person::Person;
use crate::rng::Rng;
use crate::world::World;
use fhir::json::Value;

const KIN: &str = "https://bevan.example/CodeSystem/family-kin";
const KIND: &str = "https://bevan.example/CodeSystem/family";
const BASIS: &str = "https://bevan.example/CodeSystem/family-basis";
const CATEGORY: &str = "https://bevan.example/CodeSystem/family-category";
const CARER: &str = "https://bevan.example/id/carer";
const CATEGORIES: [(&str, &str); 5] = [
    ("appointments", "Appointments and referrals"),
    ("medicines", "Medicines and prescriptions"),
    ("record", "Record"),
    ("results", "Test results"),
    ("messages", "Messages and letters"),
];

/// Somebody who acts for a person, or asked to.
pub(crate) struct Bond {
    /// Place in the sequence of whoever acts.
    pub carer: u64,
    /// Whether they are a parent; otherwise the person agreed.
    pub parent: bool,
    /// Whether the surgery has approved it.
    pub approved: bool,
    /// Days ago it was applied for.
    days: i32,
}

/// Who acts for a person, if anybody.
pub(crate) fn bond(world: &World, person: &Person) -> Option<Bond> {
    let (_, position, size) = world.pattern.seat(person.index);
    let first = person.index.saturating_sub(position as u64);
    let age = person.age_on(world.today());
    let mut rng = Rng::keyed(world.plan().seed, "family", person.index);
    let (share, parent) = if age < 16 { (0.45, true) } else { (0.3, false) };
    let lives_with_somebody = size > 1 && person.death.is_none() && person.care_home.is_none();
    if !lives_with_somebody || (16..70).contains(&age) || !rng.chance(share) {
        return None;
    }
    let carer = if position == 0 { first + 1 } else { first };
    let other = world.person(carer);
    let grown = other.age_on(world.today()) >= 18 && other.death.is_none() && carer < world.plan().people;
    let approved = rng.chance(0.85);
    let days = if approved { rng.between(30, 300) } else { rng.between(1, 8) } as i32;
    let born = (age * 365).max(1);
    grown.then_some(Bond { carer, parent, approved, days: days.min(born) })
}

/// The relationship of a person with whoever acts for them.
pub(super) fn relationships(chart: &mut Chart<'_>) {
    let Some(bond) = bond(chart.world, chart.person) else { return };
    let carer = chart.world.person(bond.carer);
    let id = fhir::identity::resource_id("family", &chart.person.patient_id, &[&carer.patient_id]);
    let day = chart.world.today().plus(-bond.days);
    let applied = fhir_instant(day.at(34_200));
    let decided = fhir_instant(day.plus(3.min(bond.days)).at(37_800).min(chart.world.start()));
    chart.out.push(person(chart, (&id, &carer), (&bond, &decided)));
    let consent = consent(chart, &id, (&bond, &applied, &decided));
    chart.out.push(consent);
}

fn person(chart: &Chart<'_>, (id, carer): (&str, &Person), (bond, decided): (&Bond, &str)) -> Value {
    let (kin, words) =
        if bond.parent { ("parent", "Parent") } else { ("partner", "Husband, wife or partner") };
    let name = format!("{} {}", carer.given, carer.family);
    resource(
        "RelatedPerson",
        id,
        [
            ("identifier", one(identifier(CARER, &carer.patient_id))),
            ("active", Some(Value::from(bond.approved))),
            ("patient", Some(chart.subject())),
            ("relationship", one(object([("coding", one(coding(KIN, kin, words)))]))),
            ("name", one(object([("text", text(&name))]))),
            ("period", bond.approved.then(|| object([("start", text(decided))]))),
        ],
    )
}

fn consent(chart: &Chart<'_>, id: &str, (bond, applied, decided): (&Bond, &str, &str)) -> Value {
    let basis = match bond.parent {
        true => concept(BASIS, "parental-responsibility", "Parental responsibility"),
        false => concept(BASIS, "agreement", "The person agreed"),
    };
    let practice = chart.world.organisations().get(chart.person.practice);
    let practice = practice.filter(|_| bond.approved).and_then(|practice| {
        one(object([("identifier", Some(identifier(fhir::systems::ODS, &practice.ods)))]))
    });
    let by = chart.doctor.filter(|_| bond.approved).map(|doctor| {
        object([
            ("url", text("https://bevan.example/StructureDefinition/decided-by")),
            ("valueString", text(&doctor.name())),
        ])
    });
    let verified = object([("verified", Some(Value::from(true))), ("verificationDate", text(decided))]);
    let actor = object([
        ("role", Some(hl7_coded("v3-RoleClass", "AGNT", "agent"))),
        ("reference", Some(reference("RelatedPerson", id))),
    ]);
    let provision = object([
        ("type", text("permit")),
        ("actor", one(actor)),
        ("class", Some(list(CATEGORIES.map(|(code, words)| coding(CATEGORY, code, words))))),
    ]);
    resource(
        "Consent",
        id,
        [
            ("extension", by.and_then(one)),
            ("status", text(if bond.approved { "active" } else { "proposed" })),
            ("scope", Some(hl7_coded("consentscope", "patient-privacy", "Privacy Consent"))),
            ("category", one(concept(KIND, "family-access", "Acting for somebody"))),
            ("patient", Some(chart.subject())),
            ("dateTime", text(applied)),
            ("performer", one(reference("RelatedPerson", id))),
            ("organization", practice),
            ("policyRule", Some(basis)),
            ("verification", bond.approved.then(|| one(verified)).flatten()),
            ("provision", Some(provision)),
        ],
    )
}
