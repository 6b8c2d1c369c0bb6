//! The services that can be booked or referred to, and the doctors' diaries: HealthcareService and Schedule.
//! UKCore-HealthcareService, UKCore-Schedule.

use crate::compose::{UK_CODES, coded, list, named_reference, one, resource, telecom, text};
use crate::world::{Organisation, OrganisationKind, Practitioner, Role, World};
use fhir::identity;
use fhir::json::Value;

/// A specialty that general practitioners refer to.
pub(super) struct Specialty {
    /// Code of the main specialty or treatment function.
    pub(super) code: &'static str,
    /// Its name.
    pub(super) name: &'static str,
    /// Weeks that people wait on average in this made-up county.
    pub(super) weeks: f64,
    /// How often it is asked for.
    pub(super) weight: u32,
}

const fn specialty(code: &'static str, name: &'static str, weeks: f64, weight: u32) -> Specialty {
    Specialty { code, name, weeks, weight }
}

/// Adults' specialties.
pub(super) const SPECIALTIES: &[Specialty] = &[
    specialty("110", "Trauma and Orthopaedics", 19.0, 34),
    specialty("130", "Ophthalmology", 14.0, 30),
    specialty("330", "Dermatology", 12.0, 20),
    specialty("320", "Cardiology", 10.0, 16),
];

/// The children's one.
pub(super) const CHILDREN: Specialty = specialty("420", "Paediatrics", 11.0, 0);

/// The id of a surgery's service that appointments are booked with.
pub(super) fn surgery_service(ods: &str) -> String {
    identity::resource_id("healthcare-service", ods, &["appointments"])
}

/// The id of a trust's outpatient service of a specialty.
pub(super) fn clinic(ods: &str, specialty: &str) -> String {
    identity::resource_id("healthcare-service", ods, &[specialty])
}

/// The name of an outpatient service.
pub(super) fn clinic_name(specialty: &str) -> String {
    format!("{specialty} outpatients")
}

/// The id of a doctor's diary.
pub(super) fn schedule(doctor: &Practitioner) -> String {
    identity::resource_id("schedule", &doctor.sds, &[])
}

/// The surgeries' doctors, each with the surgery.
pub(super) fn doctors(world: &World) -> impl Iterator<Item = (&Practitioner, &Organisation)> {
    let staff = world.staff().iter().filter(|one| one.role == Role::GeneralPractitioner);
    staff.filter_map(|one| Some((one, world.organisations().get(one.organisation)?)))
}

/// The ids of the diaries of the surgery at that place among the organisations.
pub fn diaries(world: &World, surgery: usize) -> impl Iterator<Item = String> {
    doctors(world)
        .filter(move |(doctor, _)| doctor.organisation == surgery)
        .map(|(doctor, _)| schedule(doctor))
}

/// The services of surgeries and outpatient departments, and the diaries of the surgeries' doctors.
#[must_use]
pub fn services(world: &World) -> Vec<Value> {
    let mut out = Vec::new();
    for organisation in world.organisations() {
        match organisation.kind {
            OrganisationKind::Practice => {
                let id = surgery_service(&organisation.ods);
                out.push(service(organisation, &id, "GP appointments", None));
            }
            OrganisationKind::AcuteTrust => {
                out.extend(SPECIALTIES.iter().chain([&CHILDREN]).map(|one| {
                    let id = clinic(&organisation.ods, one.code);
                    service(organisation, &id, &clinic_name(one.name), Some(one))
                }));
            }
            _ => {}
        }
    }
    out.extend(doctors(world).map(|(doctor, surgery)| diary(doctor, surgery)));
    out
}

fn service(organisation: &Organisation, id: &str, name: &str, specialty: Option<&Specialty>) -> Value {
    let specialty =
        specialty.map(|one| coded(&format!("{UK_CODES}UKCore-PracticeSettingCode"), one.code, one.name));
    resource(
        "HealthcareService",
        id,
        [
            ("active", Some(Value::from(true))),
            ("providedBy", Some(named_reference("Organization", &organisation.id, &organisation.name))),
            ("specialty", specialty.and_then(one)),
            ("name", text(name)),
            ("telecom", one(telecom("phone", &organisation.telephone, "work"))),
        ],
    )
}

fn diary(doctor: &Practitioner, surgery: &Organisation) -> Value {
    let service = named_reference("HealthcareService", &surgery_service(&surgery.ods), "GP appointments");
    resource(
        "Schedule",
        &schedule(doctor),
        [
            ("active", Some(Value::from(true))),
            ("actor", Some(list([named_reference("Practitioner", &doctor.id, &doctor.name()), service]))),
        ],
    )
}
