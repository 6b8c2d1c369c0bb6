//! Wards and their beds. An ordinary ward has 28: four bays of six and four side rooms. Specialties are treatment
//! function codes of the NHS Data Dictionary.

use fhir::identity;

/// What a ward is for; the stream admits and moves people by it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum WardKind {
    /// Emergency department.
    #[default]
    Emergency,
    /// Acute medical unit: the first ward after the emergency department.
    Assessment,
    /// General medicine.
    Medicine,
    /// Medicine for older people.
    Elderly,
    /// Heart.
    Cardiology,
    /// Lungs.
    Respiratory,
    /// Stroke.
    Stroke,
    /// General surgery.
    Surgery,
    /// Bones and joints.
    Orthopaedics,
    /// Children.
    Children,
    /// Critical care.
    CriticalCare,
    /// Adult mental health.
    AdultMentalHealth,
    /// Mental health of older people.
    OlderMentalHealth,
}

/// One bed (or cubicle).
#[derive(Clone, Debug)]
pub struct Bed {
    /// Code of its bay.
    pub bay: &'static str,
    /// Code of the bed within its ward.
    pub code: String,
    /// The FHIR id of its Location.
    pub id: String,
}

/// One ward.
#[derive(Clone, Debug)]
pub struct Ward {
    /// Its code in messages (PL.1).
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub kind: WardKind,
    /// Code of the building it is in.
    pub building: &'static str,
    /// The FHIR id of its Location.
    pub id: String,
    /// Its beds, bay by bay.
    pub beds: Vec<Bed>,
}

impl WardKind {
    /// Treatment function code and name.
    #[must_use]
    pub fn specialty(self) -> (&'static str, &'static str) {
        match self {
            Self::Emergency => ("180", "Emergency Medicine"),
            Self::Assessment => ("326", "Acute Internal Medicine"),
            Self::Medicine => ("300", "General Internal Medicine"),
            Self::Elderly => ("430", "Geriatric Medicine"),
            Self::Cardiology => ("320", "Cardiology"),
            Self::Respiratory => ("340", "Respiratory Medicine"),
            Self::Stroke => ("300", "General Internal Medicine"),
            Self::Surgery => ("100", "General Surgery"),
            Self::Orthopaedics => ("110", "Trauma and Orthopaedics"),
            Self::Children => ("420", "Paediatrics"),
            Self::CriticalCare => ("192", "Intensive Care Medicine"),
            Self::AdultMentalHealth => ("710", "Adult Mental Illness"),
            Self::OlderMentalHealth => ("715", "Old Age Psychiatry"),
        }
    }
}

const SMALL: &[WardKind] =
    &[WardKind::Assessment, WardKind::Medicine, WardKind::Elderly, WardKind::Surgery, WardKind::Orthopaedics];
const MORE: &[WardKind] =
    &[WardKind::Respiratory, WardKind::Cardiology, WardKind::Children, WardKind::CriticalCare];
const LARGE: &[WardKind] = &[
    WardKind::Stroke,
    WardKind::Medicine,
    WardKind::Elderly,
    WardKind::Surgery,
    WardKind::Orthopaedics,
    WardKind::Medicine,
    WardKind::Elderly,
    WardKind::Respiratory,
];
const MENTAL: &[WardKind] =
    &[WardKind::AdultMentalHealth, WardKind::OlderMentalHealth, WardKind::AdultMentalHealth];
const NAMES: &[&str] = &[
    "Heron",
    "Lapwing",
    "Kestrel",
    "Curlew",
    "Avocet",
    "Plover",
    "Dunlin",
    "Merlin",
    "Wren",
    "Sandpiper",
    "Linnet",
    "Osprey",
    "Fieldfare",
    "Redshank",
    "Siskin",
    "Whimbrel",
    "Bittern",
    "Goldcrest",
    "Turnstone",
    "Nuthatch",
];

/// The wards of a trust: more of them where more people live.
pub(super) fn all(ods: &str, mental_health: bool, people: u64) -> Vec<Ward> {
    if mental_health {
        return MENTAL.iter().enumerate().map(|(at, kind)| ward(ods, at + 40, *kind)).collect();
    }
    let mut kinds = SMALL.to_vec();
    if people >= 20_000 {
        kinds.extend(MORE);
    }
    if people >= 100_000 {
        kinds.extend(LARGE);
    }
    let first = if ods.ends_with('1') { 1 } else { 21 };
    let bedded = kinds.iter().enumerate().map(|(at, kind)| ward(ods, at + first, *kind));
    std::iter::once(emergency(ods)).chain(bedded).collect()
}

fn emergency(ods: &str) -> Ward {
    let beds = cubicles(ods, "ED", "RES", "R", 4)
        .chain(cubicles(ods, "ED", "MAJ", "M", 16))
        .chain(cubicles(ods, "ED", "MIN", "N", 10))
        .collect();
    Ward {
        code: "ED".to_owned(),
        name: "Emergency department".to_owned(),
        kind: WardKind::Emergency,
        building: "EAST",
        id: identity::location(ods, "ED", "", ""),
        beds,
    }
}

fn ward(ods: &str, number: usize, kind: WardKind) -> Ward {
    let code = if kind == WardKind::Assessment { "AMU".to_owned() } else { format!("W{number:02}") };
    let bird = NAMES.get(number % NAMES.len()).copied().unwrap_or_default();
    let name = match kind {
        WardKind::Assessment => "Acute medical unit".to_owned(),
        WardKind::CriticalCare => "Critical care unit".to_owned(),
        _ => format!("{bird} ward"),
    };
    let (bays, single): (&[&'static str], usize) = match kind {
        WardKind::CriticalCare => (&["A", "B"], 2),
        WardKind::Children => (&["A", "B", "C"], 6),
        WardKind::AdultMentalHealth | WardKind::OlderMentalHealth => (&[], 20),
        _ => (&["A", "B", "C", "D"], 4),
    };
    let beds = bays
        .iter()
        .flat_map(|bay| cubicles(ods, &code, bay, bay, 6))
        .chain(cubicles(ods, &code, "SR", "S", single))
        .collect();
    Ward {
        id: identity::location(ods, &code, "", ""),
        building: if number.is_multiple_of(2) { "WEST" } else { "EAST" },
        code,
        name,
        kind,
        beds,
    }
}

fn cubicles(
    ods: &str,
    ward: &str,
    bay: &'static str,
    prefix: &'static str,
    count: usize,
) -> impl Iterator<Item = Bed> {
    (1..=count).map(move |number| {
        let code = format!("{prefix}{number}");
        Bed { bay, id: identity::location(ods, ward, bay, &code), code }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn an_ordinary_ward_has_28_beds_and_every_bed_its_own_id() {
        let wards = all("ZZ1", false, 500_000);
        let mut ids = HashSet::new();
        let mut codes = HashSet::new();
        for ward in &wards {
            assert!(codes.insert(ward.code.clone()), "{}", ward.code);
            for bed in &ward.beds {
                assert!(ids.insert(bed.id.clone()), "{} {}", ward.code, bed.code);
            }
        }
        let medicine = wards.iter().find(|ward| ward.kind == WardKind::Medicine).unwrap();
        assert_eq!(medicine.beds.len(), 28);
        assert_eq!(wards[0].kind, WardKind::Emergency);
    }
}
