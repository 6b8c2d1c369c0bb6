//! Who can sign in to a demonstration: staff of the made-up world, and people who lie in its beds at the start.

use crate::calendar::Day;
use crate::census::{Census, Placement};
use crate::record::family::bond;
use crate::record::{Detail, record};
use crate::stream::Stream;
use crate::world::{Practitioner, Role, WardKind, World};

/// What a demo person may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DemoRole {
    /// Runs a ward.
    WardManager,
    /// Books people in.
    Receptionist,
    /// Looks after the systems.
    Operator,
    /// A doctor of a general practice.
    Surgery,
    /// Reads their own record.
    Patient,
    /// Acts for somebody they live with.
    Carer,
    /// Reviews emergency accesses.
    Privacy,
}

/// Someone to sign in as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoPerson {
    /// What they may do.
    pub role: DemoRole,
    /// `Practitioner/…` or `Patient/…`.
    pub reference: String,
    /// Name as shown.
    pub name: String,
    /// One sentence: where they work, or why they are in hospital.
    pub about: String,
    /// ODS code of their organisation, or of the trust where they lie.
    pub organisation: String,
    /// Code of their ward; empty when they have none.
    pub ward: String,
    /// Name of that ward.
    pub ward_name: String,
    /// Ids of the Patients whom they act for.
    pub acts_for: Vec<String>,
}

/// The sign-in people of a world: a ward manager, a receptionist and an operator of the first acute trust, up to three
/// patients with a record, the first two in beds on the ward manager's ward, and before them a doctor of the practice
/// where the first of the patients is registered; those who act for others; last the trust's privacy officer. The stream must be played with the seed and start of the world's plan,
/// so that they are in bed there.
#[must_use]
pub fn demo_people(world: &World) -> Vec<DemoPerson> {
    let plan = world.plan();
    let census = Stream::new(world, plan.seed, plan.start).census();
    let Some(trust) = world.trusts().first() else { return Vec::new() };
    let Some(ward) = trust.wards.iter().find(|ward| ward.kind == WardKind::Medicine) else {
        return Vec::new();
    };
    let staff = |role: Role, ward: &str| {
        world
            .staff()
            .iter()
            .find(|one| one.role == role && one.organisation == trust.organisation && one.ward == ward)
    };
    let name = ward.name.as_str();
    let mut people = Vec::new();
    let posts = [
        (DemoRole::WardManager, staff(Role::WardManager, &ward.code), format!("Ward manager, {name}"), true),
        (DemoRole::Receptionist, staff(Role::Receptionist, ""), "Receptionist".to_owned(), false),
        (DemoRole::Operator, staff(Role::Operator, ""), "System operator".to_owned(), false),
    ];
    for (role, practitioner, about, on_ward) in posts {
        let Some(one) = practitioner else { continue };
        let ward = if on_ward { (ward.code.as_str(), name) } else { ("", "") };
        people.push(member(role, one, format!("{about}, {}", trust.name), (&trust.ods, ward)));
    }
    let mut patients = richest(world, &census, &trust.ods, &ward.code);
    let other = trust.wards.iter().find(|one| one.kind == WardKind::Surgery);
    patients.truncate(2);
    patients
        .extend(other.and_then(|ward| richest(world, &census, &trust.ods, &ward.code).into_iter().next()));
    people.extend(
        patients.first().and_then(|placement| doctor(world, world.person(placement.person).practice)),
    );
    people.extend(patients.iter().map(|placement| patient(world, placement)));
    people.extend(
        patients
            .first()
            .map(|placement| world.person(placement.person).practice)
            .into_iter()
            .flat_map(|practice| carers(world, practice)),
    );
    // Last, so that everybody else keeps their place.
    people.extend(staff(Role::PrivacyOfficer, "").map(|one| {
        member(DemoRole::Privacy, one, format!("Privacy officer, {}", trust.name), (&trust.ods, ("", "")))
    }));
    people
}

/// Up to three people who act for somebody of that practice: the parent of a young child, somebody whose access to a
/// teenager's record is suspended, and somebody who cares for an old person.
fn carers(world: &World, practice: usize) -> Vec<DemoPerson> {
    let today = world.today();
    let kinds =
        [("Parent of", 3..=9), ("Parent, access suspended, of", 13..=14), ("Carer for", 70..=i32::MAX)];
    let mut found: Vec<DemoPerson> = Vec::new();
    for (words, ages) in kinds {
        let cared =
            world.people().filter(|one| one.practice == practice && ages.contains(&one.age_on(today)));
        let mut bonds = cared.filter_map(|one| Some((bond(world, &one).filter(|bond| bond.approved)?, one)));
        let Some((bond, one)) = bonds.next() else { continue };
        let carer = world.person(bond.carer);
        let about = format!("{words} {} {} ({})", one.given, one.family, one.age_on(today));
        let reference = format!("Patient/{}", carer.patient_id);
        if let Some(known) = found.iter_mut().find(|known| known.reference == reference) {
            known.about = format!("{}. {about}", known.about);
            known.acts_for.push(one.patient_id);
            continue;
        }
        found.push(DemoPerson {
            role: DemoRole::Carer,
            reference,
            name: format!("{} {} {}", carer.title, carer.given, carer.family),
            about,
            organisation: world.organisations().get(practice).map(|one| one.ods.clone()).unwrap_or_default(),
            ward: String::new(),
            ward_name: String::new(),
            acts_for: vec![one.patient_id],
        });
    }
    found
}

/// A doctor of a practice.
fn doctor(world: &World, practice: usize) -> Option<DemoPerson> {
    let surgery = world.organisations().get(practice)?;
    let works_there =
        |one: &&Practitioner| one.role == Role::GeneralPractitioner && one.organisation == practice;
    let one = world.staff().iter().find(works_there)?;
    Some(member(DemoRole::Surgery, one, format!("GP, {}", surgery.name), (&surgery.ods, ("", ""))))
}

fn member(role: DemoRole, one: &Practitioner, about: String, place: (&str, (&str, &str))) -> DemoPerson {
    let (organisation, (ward, ward_name)) = place;
    DemoPerson {
        role,
        reference: format!("Practitioner/{}", one.id),
        name: one.name(),
        about,
        organisation: organisation.to_owned(),
        ward: ward.to_owned(),
        ward_name: ward_name.to_owned(),
        acts_for: Vec::new(),
    }
}

/// People on a ward who have a record and can sign in (adults), the longest record first.
fn richest(world: &World, census: &Census, facility: &str, ward: &str) -> Vec<Placement> {
    let today = Day::holding(world.start());
    let mut ranked: Vec<(usize, &Placement)> = census
        .on_ward(facility, ward)
        .filter(|one| one.person < world.plan().people && !one.bed.is_empty())
        .filter_map(|one| {
            let person = world.person(one.person);
            let adult = person.age_on(today) >= 18 && person.patient_id == one.patient_id;
            adult.then(|| (record(world, &person, Detail::Full).len(), one))
        })
        .collect();
    ranked.sort_by_key(|(length, one)| (std::cmp::Reverse(*length), one.person));
    ranked.into_iter().map(|(_, one)| one.clone()).collect()
}

fn patient(world: &World, placement: &Placement) -> DemoPerson {
    let person = world.person(placement.person);
    let trust = world.trusts().iter().find(|trust| trust.ods == placement.facility);
    let ward = trust.and_then(|trust| trust.wards.iter().find(|ward| ward.code == placement.ward));
    let ward_name = ward.map(|ward| ward.name.clone()).unwrap_or_default();
    DemoPerson {
        role: DemoRole::Patient,
        reference: format!("Patient/{}", person.patient_id),
        name: format!("{} {} {}", person.title, person.given, person.family),
        about: format!("Patient in bed {} on {ward_name}", placement.bed),
        organisation: placement.facility.clone(),
        ward: placement.ward.clone(),
        ward_name,
        acts_for: Vec::new(),
    }
}
