//! The kinds of service that people look for, and their codes in `HealthcareService.type`.

use serde::Deserialize;

/// A kind of service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Pharmacy.
    Pharmacy,
    /// GP surgery.
    Gp,
    /// Urgent treatment centre.
    UrgentTreatmentCentre,
    /// Accident and emergency department.
    EmergencyDepartment,
    /// Dentist.
    Dentist,
    /// Optician.
    Optician,
    /// Mental health crisis team.
    MentalHealthCrisis,
    /// Neighbourhood health centre: several services under one roof.
    NeighbourhoodHealthCentre,
    /// Sexual health clinic.
    SexualHealth,
    /// Midwives and maternity unit.
    Midwife,
    /// Physiotherapy.
    Physiotherapy,
    /// Talking therapies.
    TalkingTherapies,
    /// Blood tests.
    BloodTests,
    /// Help with housing, money, loneliness and the like.
    SocialSupport,
    /// Anything else; its own name says what.
    Other,
}

/// The code system of [`Kind::code`].
pub const SYSTEM: &str = "https://bevan.example/fhir/CodeSystem/service-kind";

impl Kind {
    /// Every kind, in the order in which a list offers them.
    pub const ALL: [Self; 15] = [
        Self::Pharmacy,
        Self::Gp,
        Self::UrgentTreatmentCentre,
        Self::EmergencyDepartment,
        Self::Dentist,
        Self::Optician,
        Self::NeighbourhoodHealthCentre,
        Self::MentalHealthCrisis,
        Self::TalkingTherapies,
        Self::SexualHealth,
        Self::Midwife,
        Self::Physiotherapy,
        Self::BloodTests,
        Self::SocialSupport,
        Self::Other,
    ];

    /// The code in addresses, in sets of pathways and in FHIR.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Pharmacy => "pharmacy",
            Self::Gp => "gp",
            Self::UrgentTreatmentCentre => "urgent-treatment-centre",
            Self::EmergencyDepartment => "emergency-department",
            Self::Dentist => "dentist",
            Self::Optician => "optician",
            Self::MentalHealthCrisis => "mental-health-crisis",
            Self::NeighbourhoodHealthCentre => "neighbourhood-health-centre",
            Self::SexualHealth => "sexual-health",
            Self::Midwife => "midwife",
            Self::Physiotherapy => "physiotherapy",
            Self::TalkingTherapies => "talking-therapies",
            Self::BloodTests => "blood-tests",
            Self::SocialSupport => "social-support",
            Self::Other => "other",
        }
    }

    /// The kind of a code.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_read_as_written() {
        for kind in Kind::ALL {
            assert_eq!(Kind::of(kind.code()), Some(kind));
            assert_eq!(Kind::ALL.iter().filter(|one| **one == kind).count(), 1);
        }
        assert_eq!(Kind::of("hospital"), None);
    }
}
