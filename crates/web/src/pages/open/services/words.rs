//! The kinds of service in words: one of them, many of them, and its name on a label.

use crate::words::say;
use care::services::Kind;

/// `a pharmacy`.
pub fn one(kind: Kind) -> &'static str {
    match kind {
        Kind::Pharmacy => say("services-one-pharmacy"),
        Kind::Gp => say("services-one-gp"),
        Kind::UrgentTreatmentCentre => say("services-one-urgent-treatment-centre"),
        Kind::EmergencyDepartment => say("services-one-emergency-department"),
        Kind::Dentist => say("services-one-dentist"),
        Kind::Optician => say("services-one-optician"),
        Kind::MentalHealthCrisis => say("services-one-mental-health-crisis"),
        Kind::NeighbourhoodHealthCentre => say("services-one-neighbourhood-health-centre"),
        Kind::SexualHealth => say("services-one-sexual-health"),
        Kind::Midwife => say("services-one-midwife"),
        Kind::Physiotherapy => say("services-one-physiotherapy"),
        Kind::TalkingTherapies => say("services-one-talking-therapies"),
        Kind::BloodTests => say("services-one-blood-tests"),
        Kind::SocialSupport => say("services-one-social-support"),
        Kind::Other => say("services-one-other"),
    }
}

/// `Pharmacies`.
pub fn many(kind: Option<Kind>) -> &'static str {
    match kind {
        None => say("services-many-all"),
        Some(Kind::Pharmacy) => say("services-many-pharmacy"),
        Some(Kind::Gp) => say("services-many-gp"),
        Some(Kind::UrgentTreatmentCentre) => say("services-many-urgent-treatment-centre"),
        Some(Kind::EmergencyDepartment) => say("services-many-emergency-department"),
        Some(Kind::Dentist) => say("services-many-dentist"),
        Some(Kind::Optician) => say("services-many-optician"),
        Some(Kind::MentalHealthCrisis) => say("services-many-mental-health-crisis"),
        Some(Kind::NeighbourhoodHealthCentre) => say("services-many-neighbourhood-health-centre"),
        Some(Kind::SexualHealth) => say("services-many-sexual-health"),
        Some(Kind::Midwife) => say("services-many-midwife"),
        Some(Kind::Physiotherapy) => say("services-many-physiotherapy"),
        Some(Kind::TalkingTherapies) => say("services-many-talking-therapies"),
        Some(Kind::BloodTests) => say("services-many-blood-tests"),
        Some(Kind::SocialSupport) => say("services-many-social-support"),
        Some(Kind::Other) => say("services-many-other"),
    }
}
