//! The closed lists of triage: outcome groups and how urgent each is, the five signs of the first screen, ages.
//! Patient-app rules, section 6.1.

use serde::Deserialize;

/// The group of an outcome: which part of the health service it leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// An ambulance; the outcome states a category from 1 to 4.
    #[serde(rename = "emergency-999")]
    Emergency999,
    /// An accident and emergency department.
    AAndE,
    /// Mental health crisis care.
    MentalHealthCrisis,
    /// 111, where a clinician may call back.
    ClinicianCallBack,
    /// Urgent treatment centre or another place of primary care today.
    PrimaryCare,
    /// General practice.
    Gp,
    /// Pharmacy.
    Pharmacy,
    /// A dentist within days.
    Dental,
    /// A dentist today.
    EmergencyDental,
    /// Optician.
    Optician,
    /// Midwife or maternity unit.
    Midwife,
    /// Sexual health clinic.
    SexualHealth,
    /// Looking after oneself.
    HomeCare,
    /// Nothing to do.
    NoFurtherAction,
    /// A service that people may go to of their own accord.
    ServiceFirst,
}

/// The three kinds of care card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Card {
    /// Life may be at stake.
    Emergency,
    /// Today.
    Urgent,
    /// It can wait for a day or more.
    NonUrgent,
}

impl Group {
    /// Every group.
    pub const ALL: [Self; 15] = [
        Self::Emergency999,
        Self::AAndE,
        Self::MentalHealthCrisis,
        Self::ClinicianCallBack,
        Self::PrimaryCare,
        Self::Gp,
        Self::Pharmacy,
        Self::Dental,
        Self::EmergencyDental,
        Self::Optician,
        Self::Midwife,
        Self::SexualHealth,
        Self::HomeCare,
        Self::NoFurtherAction,
        Self::ServiceFirst,
    ];

    /// How urgent: a higher number is never answered by a lower one. Groups of one number are different places, none above
    /// the other.
    #[must_use]
    pub fn urgency(self) -> u8 {
        match self {
            Self::Emergency999 => 10,
            Self::AAndE => 9,
            Self::MentalHealthCrisis => 8,
            Self::ClinicianCallBack => 7,
            Self::EmergencyDental => 6,
            Self::PrimaryCare | Self::Midwife => 5,
            Self::Gp => 4,
            Self::Dental | Self::Optician | Self::SexualHealth => 3,
            Self::Pharmacy | Self::ServiceFirst => 2,
            Self::HomeCare => 1,
            Self::NoFurtherAction => 0,
        }
    }

    /// The kind of card its outcomes are printed on.
    #[must_use]
    pub fn card(self) -> Card {
        match self.urgency() {
            8.. => Card::Emergency,
            5..=7 => Card::Urgent,
            _ => Card::NonUrgent,
        }
    }
}

/// The five signs that the first screen must ask for, before any other question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sign {
    /// Chest pain.
    ChestPain,
    /// Trouble breathing.
    Breathing,
    /// Face, arm or speech suddenly different.
    Stroke,
    /// Severe bleeding.
    Bleeding,
    /// Suicidal intent.
    Suicide,
}

impl Sign {
    /// Every sign.
    pub const ALL: [Self; 5] =
        [Self::ChestPain, Self::Breathing, Self::Stroke, Self::Bleeding, Self::Suicide];

    /// The code in addresses and in a set.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::ChestPain => "chest-pain",
            Self::Breathing => "breathing",
            Self::Stroke => "stroke",
            Self::Bleeding => "bleeding",
            Self::Suicide => "suicide",
        }
    }
}

/// How old the person is who needs help. No date of birth is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
pub enum Age {
    /// Under 3 months.
    #[serde(rename = "under-3-months")]
    Under3Months,
    /// 3 to 11 months.
    #[serde(rename = "3-to-11-months")]
    From3To11Months,
    /// 1 to 4 years.
    #[serde(rename = "1-to-4")]
    From1To4,
    /// 5 to 15 years.
    #[serde(rename = "5-to-15")]
    From5To15,
    /// 16 to 64 years.
    #[serde(rename = "16-to-64")]
    From16To64,
    /// 65 years or over.
    #[serde(rename = "65-or-over")]
    From65,
    /// Whoever answers is not sure. No set can say where that leads: [`super::Pathways::walk`] takes the more careful way.
    #[serde(skip)]
    Unsure,
}

impl Age {
    /// Every age that a set tells apart, youngest first.
    pub const ALL: [Self; 6] = [
        Self::Under3Months,
        Self::From3To11Months,
        Self::From1To4,
        Self::From5To15,
        Self::From16To64,
        Self::From65,
    ];

    /// The code in addresses and in a set.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Under3Months => "under-3-months",
            Self::From3To11Months => "3-to-11-months",
            Self::From1To4 => "1-to-4",
            Self::From5To15 => "5-to-15",
            Self::From16To64 => "16-to-64",
            Self::From65 => "65-or-over",
            Self::Unsure => "unsure",
        }
    }

    /// The age of a code.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().chain([Self::Unsure]).find(|age| age.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emergencies_are_above_everything() {
        let emergency = [Group::Emergency999, Group::AAndE, Group::MentalHealthCrisis];
        for group in Group::ALL {
            assert_eq!(group.card() == Card::Emergency, emergency.contains(&group), "{group:?}");
        }
        assert!(Group::ALL.iter().all(|group| group.urgency() <= Group::Emergency999.urgency()));
        assert_eq!(Group::NoFurtherAction.urgency(), 0);
    }

    #[test]
    fn codes_are_read_as_they_are_written() {
        for age in Age::ALL.into_iter().chain([Age::Unsure]) {
            assert_eq!(Age::of(age.code()), Some(age));
        }
        assert_eq!(Age::of("66"), None);
    }
}
