//! Organisations of the made-up county: an integrated care board, trusts, practices, care homes, pharmacies.

use super::Plan;
use crate::place::{self, Address, TOWNS, Town};
use crate::rng::Rng;

/// What an organisation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OrganisationKind {
    /// Plans and pays for care.
    Board,
    /// Runs acute hospitals.
    AcuteTrust,
    /// Runs mental-health wards.
    MentalHealthTrust,
    /// General practice.
    Practice,
    /// Care home.
    CareHome,
    /// Community pharmacy.
    Pharmacy,
}

/// One organisation.
#[derive(Clone, Debug)]
pub struct Organisation {
    /// Its kind.
    pub kind: OrganisationKind,
    /// Its (made-up) ODS code.
    pub ods: String,
    /// Its name.
    pub name: String,
    /// The FHIR id of its Organization.
    pub id: String,
    /// Where it is.
    pub address: Address,
    /// Index of its town in [`TOWNS`].
    pub town: usize,
    /// Its telephone.
    pub telephone: String,
}

const HOUSES: &[&str] =
    &["Lapwing House", "The Willows", "Orchard Court", "Beechfield", "Larkrise", "Tannery Lodge", "St Ann's"];
const SURGERIES: &[&str] = &[
    "Mill Lane Surgery",
    "Bridge Street Practice",
    "Meadow Medical Centre",
    "Priory Surgery",
    "Canal Side Practice",
];

/// The organisations of a plan, in a fixed order of kinds.
pub(super) fn all(plan: Plan) -> Vec<Organisation> {
    let mut rng = Rng::keyed(plan.seed, "organisations", 0);
    let practices = (plan.people / 8_000).clamp(10, 40) as usize;
    let mut out = vec![
        one(OrganisationKind::Board, "ZZ0", "Ostrelshire Integrated Care Board", 0, &mut rng),
        one(OrganisationKind::AcuteTrust, "ZZ1", "Pellinford Hospitals Trust", 0, &mut rng),
        one(OrganisationKind::AcuteTrust, "ZZ2", "Ostrelhythe and Coast Hospitals Trust", 1, &mut rng),
        one(OrganisationKind::MentalHealthTrust, "ZZ3", "Marlingate Mental Health Trust", 2, &mut rng),
    ];
    let mut group = |kind, digit: u32, width: usize, count: usize, names: &[&str]| {
        for at in 0..count {
            let town = at % TOWNS.len();
            let name = names.get(at % names.len()).copied().unwrap_or_default();
            let place = TOWNS.get(town).map_or("", |town| town.name);
            let name = format!("{name}, {place}");
            let ods = format!("ZZ{digit}{:0width$}", at + 1);
            out.push(one(kind, &ods, &name, town, &mut rng));
        }
    };
    group(OrganisationKind::Practice, 4, 3, practices, SURGERIES);
    group(OrganisationKind::CareHome, 5, 3, practices.div_ceil(2), HOUSES);
    group(
        OrganisationKind::Pharmacy,
        6,
        2,
        practices,
        &["Pestle Pharmacy", "Quayside Pharmacy", "Arcade Chemist"],
    );
    out
}

fn one(kind: OrganisationKind, ods: &str, name: &str, town: usize, rng: &mut Rng) -> Organisation {
    let place: Town = TOWNS.get(town).copied().unwrap_or_default();
    Organisation {
        kind,
        ods: ods.to_owned(),
        name: name.to_owned(),
        id: fhir::identity::organization(ods),
        address: place::address(place, rng),
        town,
        telephone: place::landline(rng),
    }
}
