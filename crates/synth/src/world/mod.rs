//! The made-up integrated care system: its organisations, buildings, wards, beds and staff, from one seed.
//!
//! Every code of an organisation begins with `ZZ`, which to our knowledge no published ODS code does: trusts
//! `ZZ1` to `ZZ3`, practices `ZZ4…`, care homes `ZZ5…`, pharmacies `ZZ6…`. Nothing here depends on a clock: the
//! day that ages are counted to is given.

mod organisation;
mod resources;
mod staff;
mod ward;

pub use organisation::{Organisation, OrganisationKind};
pub use staff::{Practitioner, Role};
pub use ward::{Bed, Ward, WardKind};

use crate::calendar::{Day, Seconds};
use crate::person::{Pattern, Person};
use jiff::Timestamp;

/// What a world is made from.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Fixes everything.
    pub seed: u64,
    /// How many people have a record.
    pub people: u64,
    /// The moment that the world is in: nothing in a record lies after it, message streams begin at it.
    pub start: Timestamp,
}

/// A hospital trust and what stands in it.
#[derive(Clone, Debug)]
pub struct Trust {
    /// Index of its [`Organisation`].
    pub organisation: usize,
    /// Its ODS code, which is also the facility of its messages and the assigning authority of its numbers.
    pub ods: String,
    /// Its name.
    pub name: String,
    /// The FHIR id of its Organization.
    pub id: String,
    /// The ODS code of its site.
    pub site: String,
    /// Whether it is the mental-health trust.
    pub mental_health: bool,
    /// Its wards; an acute trust's first is the emergency department.
    pub wards: Vec<Ward>,
    /// How many operating theatres it has.
    pub theatres: u32,
}

/// The whole of it.
#[derive(Clone, Debug)]
pub struct World {
    plan: Plan,
    pub(crate) pattern: Pattern,
    organisations: Vec<Organisation>,
    trusts: Vec<Trust>,
    staff: Vec<Practitioner>,
    /// Where each kind lies in `organisations`.
    pub(crate) practices: std::ops::Range<usize>,
    pub(crate) care_homes: std::ops::Range<usize>,
}

impl World {
    /// The world of a plan.
    #[must_use]
    pub fn new(plan: Plan) -> Self {
        let organisations = organisation::all(plan);
        let range = |kind: OrganisationKind| {
            let from = organisations.iter().position(|o| o.kind == kind).unwrap_or_default();
            from..from + organisations.iter().filter(|o| o.kind == kind).count()
        };
        let (practices, care_homes) = (range(OrganisationKind::Practice), range(OrganisationKind::CareHome));
        let trusts: Vec<Trust> = organisations
            .iter()
            .enumerate()
            .filter(|(_, o)| {
                matches!(o.kind, OrganisationKind::AcuteTrust | OrganisationKind::MentalHealthTrust)
            })
            .map(|(at, o)| trust(plan, at, o))
            .collect();
        let staff = staff::all(plan.seed, &organisations, &trusts);
        Self { plan, pattern: Pattern::new(plan.seed), organisations, trusts, staff, practices, care_homes }
    }

    /// What the world is made from.
    #[must_use]
    pub fn plan(&self) -> Plan {
        self.plan
    }

    /// The moment the world is in, in seconds of UTC.
    #[must_use]
    pub fn start(&self) -> Seconds {
        self.plan.start.as_second()
    }

    /// The day the world is in.
    #[must_use]
    pub fn today(&self) -> Day {
        Day::holding(self.start())
    }

    /// Every organisation: the board, trusts, practices, care homes, pharmacies.
    #[must_use]
    pub fn organisations(&self) -> &[Organisation] {
        &self.organisations
    }

    /// The trusts: two acute, then mental health.
    #[must_use]
    pub fn trusts(&self) -> &[Trust] {
        &self.trusts
    }

    /// Everyone who works there.
    #[must_use]
    pub fn staff(&self) -> &[Practitioner] {
        &self.staff
    }

    /// The people with a record, one after the other; nobody is kept in memory.
    pub fn people(&self) -> impl Iterator<Item = Person> {
        (0..self.plan.people).map(|index| self.person(index))
    }

    /// One person. People beyond [`Plan::people`] live outside the area: they have no record here, but may come to
    /// a hospital.
    #[must_use]
    pub fn person(&self, index: u64) -> Person {
        Person::new(self, index)
    }

    /// Organization, Location, Practitioner and PractitionerRole resources, each before those that refer to it.
    #[must_use]
    pub fn resources(&self) -> Vec<fhir::json::Value> {
        resources::all(self)
    }
}

fn trust(plan: Plan, at: usize, organisation: &Organisation) -> Trust {
    let mental_health = organisation.kind == OrganisationKind::MentalHealthTrust;
    Trust {
        organisation: at,
        ods: organisation.ods.clone(),
        name: organisation.name.clone(),
        id: organisation.id.clone(),
        site: format!("{}01", organisation.ods),
        mental_health,
        wards: ward::all(&organisation.ods, mental_health, plan.people),
        theatres: if mental_health { 0 } else { 6 },
    }
}
