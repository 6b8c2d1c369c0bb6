//! The people who work in the made-up system. SDS user ids begin with 999 and GMC numbers with 99, which are not
//! in use to our knowledge.

use super::{Organisation, OrganisationKind, Trust, WardKind};
use crate::names::{self, Sex, Tradition};
use crate::rng::Rng;

/// What someone does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// General practitioner.
    GeneralPractitioner,
    /// Consultant of a ward's specialty.
    Consultant,
    /// Runs a ward.
    WardManager,
    /// Books people in.
    Receptionist,
    /// Looks after the systems.
    Operator,
    /// Looks at every emergency access afterwards.
    PrivacyOfficer,
}

/// One member of staff.
#[derive(Clone, Debug)]
pub struct Practitioner {
    /// The FHIR id of the Practitioner.
    pub id: String,
    /// SDS user id, 12 digits.
    pub sds: String,
    /// GMC number, for doctors.
    pub gmc: Option<String>,
    /// Title.
    pub title: &'static str,
    /// Given name.
    pub given: &'static str,
    /// Family name.
    pub family: &'static str,
    /// Sex.
    pub sex: Sex,
    /// What they do.
    pub role: Role,
    /// Index of the organisation they work for.
    pub organisation: usize,
    /// Code of the ward they belong to; empty outside wards.
    pub ward: String,
    /// The kind of that ward.
    pub ward_kind: Option<WardKind>,
}

impl Practitioner {
    /// Title, given and family name.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {} {}", self.title, self.given, self.family)
    }
}

/// Everyone: practices' doctors first, then each trust's.
pub(super) fn all(seed: u64, organisations: &[Organisation], trusts: &[Trust]) -> Vec<Practitioner> {
    let mut out = Vec::new();
    for (at, organisation) in organisations.iter().enumerate() {
        if organisation.kind == OrganisationKind::Practice {
            for _ in 0..3 {
                add(&mut out, seed, at, Role::GeneralPractitioner, None);
            }
            add(&mut out, seed, at, Role::Receptionist, None);
        }
    }
    for trust in trusts {
        for ward in &trust.wards {
            for _ in 0..2 {
                add(&mut out, seed, trust.organisation, Role::Consultant, Some((&ward.code, ward.kind)));
            }
            add(&mut out, seed, trust.organisation, Role::WardManager, Some((&ward.code, ward.kind)));
        }
        add(&mut out, seed, trust.organisation, Role::Receptionist, None);
        add(&mut out, seed, trust.organisation, Role::Operator, None);
    }
    // After everybody else, so that nobody else becomes somebody else.
    for trust in trusts {
        add(&mut out, seed, trust.organisation, Role::PrivacyOfficer, None);
    }
    out
}

fn add(
    out: &mut Vec<Practitioner>,
    seed: u64,
    organisation: usize,
    role: Role,
    ward: Option<(&str, WardKind)>,
) {
    use Tradition::{African, British, Caribbean, EasternEuropean, Indian, SouthAsianMuslim};
    const TRADITIONS: &[(Tradition, u32)] = &[
        (British, 55),
        (Indian, 16),
        (African, 10),
        (SouthAsianMuslim, 9),
        (EasternEuropean, 6),
        (Caribbean, 4),
    ];
    let number = out.len() as u64;
    let mut rng = Rng::keyed(seed, "staff", number);
    let tradition = rng.weighted(TRADITIONS);
    let sex = if rng.chance(0.55) { Sex::Female } else { Sex::Male };
    let year = rng.between(1962, 1996) as i32;
    let sds = format!("999{:09}", 100_000_000 + number * 37 % 900_000_000);
    let doctor = matches!(role, Role::GeneralPractitioner | Role::Consultant);
    let title = match (doctor, sex) {
        (true, _) => "Dr",
        (false, Sex::Female) => "Ms",
        (false, Sex::Male) => "Mr",
    };
    out.push(Practitioner {
        id: fhir::identity::resource_id("practitioner", &sds, &[]),
        gmc: doctor.then(|| format!("99{number:05}")),
        sds,
        title,
        given: names::given(tradition, sex, year, &mut rng),
        family: names::family(tradition, &mut rng),
        sex,
        role,
        organisation,
        ward: ward.map(|(code, _)| code.to_owned()).unwrap_or_default(),
        ward_kind: ward.map(|(_, kind)| kind),
    });
}
