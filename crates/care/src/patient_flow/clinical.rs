//! Results, orders, allergies and diagnoses as a source states them, before they become resources.
//!
//! It must never change a value: numbers keep their digits, units and codes keep the source's own words.

use super::moment::Moment;
use super::person::{Clinician, Coded};
use serde::{Deserialize, Serialize};

/// The key of a report or order at its source.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct OrderKey {
    /// The sending facility.
    pub facility: String,
    /// Filler number, otherwise placer number, otherwise a key made of message and position.
    pub number: String,
}

/// A value of one observation.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Reading {
    /// A number with its digits as written.
    Number(String),
    /// A comparator with a number, such as `>` and `100`.
    Bounded {
        /// `<`, `<=`, `>=` or `>`.
        comparator: String,
        /// The number.
        number: String,
    },
    /// Two numbers, low and high.
    Range(String, String),
    /// A ratio such as `1:128`.
    Ratio(String, String),
    /// A code.
    Coded(Coded),
    /// Text.
    Text(String),
    /// A date or time.
    When(Moment),
    /// A time of day, `HH:MM:SS`.
    TimeOfDay(String),
    /// A pointer to something kept elsewhere.
    Pointer(String),
}

/// One observation of a report.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Finding {
    /// What was observed.
    pub code: Coded,
    /// Sub-identifier, and position when the same code comes twice without one.
    pub sub_id: String,
    /// The values in the order given; empty when none.
    pub readings: Vec<Reading>,
    /// Unit.
    pub unit: Coded,
    /// Reference range as written.
    pub range: String,
    /// Abnormal flags as written.
    pub flags: Vec<String>,
    /// FHIR observation status.
    pub status: String,
    /// When observed.
    pub observed_at: Option<Moment>,
    /// How observed.
    pub method: Coded,
    /// Comments that follow.
    pub notes: Vec<String>,
}

/// A result report: one order's group of observations.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Report {
    /// Key at the source.
    pub key: OrderKey,
    /// Placer number; empty when not given.
    pub placer: String,
    /// Filler number; empty when not given.
    pub filler: String,
    /// What was ordered.
    pub code: Coded,
    /// FHIR diagnostic-report status.
    pub status: String,
    /// Diagnostic service section (`HM`, `RAD`); empty when not given.
    pub section: String,
    /// When the specimen was taken or the observation made.
    pub observed_at: Option<Moment>,
    /// When this version of the report was issued.
    pub issued_at: Option<Moment>,
    /// Who interpreted it.
    pub interpreter: Clinician,
    /// Specimen as text or code.
    pub specimen: Coded,
    /// Observations.
    pub findings: Vec<Finding>,
    /// Comments on the whole.
    pub notes: Vec<String>,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Asked {
    /// An investigation, procedure or diet.
    Service,
    /// A medicine.
    Medicine,
}

/// An order.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Order {
    /// Key at the source.
    pub key: OrderKey,
    /// Placer number; empty when not given.
    pub placer: String,
    /// Filler number; empty when not given.
    pub filler: String,
    /// What kind of thing is asked for.
    pub asked: Asked,
    /// What is asked for.
    pub code: Coded,
    /// FHIR request status.
    pub status: String,
    /// FHIR request priority; empty when not given.
    pub priority: String,
    /// Who asks.
    pub requester: Clinician,
    /// When it was asked.
    pub authored_at: Option<Moment>,
    /// When it is wanted.
    pub wanted_at: Option<Moment>,
    /// Why.
    pub reason: Coded,
    /// Comments.
    pub notes: Vec<String>,
}

/// What a message does to an allergy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum AllergyAction {
    /// The allergy is stated, added or changed.
    State,
    /// The allergy is withdrawn.
    Withdraw,
}

/// An allergy or intolerance.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Allergy {
    /// What the message does.
    pub action: AllergyAction,
    /// To what.
    pub substance: Coded,
    /// FHIR category (`food`, `medication`, `environment`, `biologic`); empty when not known.
    pub category: String,
    /// FHIR criticality; empty when not known.
    pub criticality: String,
    /// Reactions as given.
    pub reactions: Vec<String>,
    /// FHIR reaction severity; empty when not known.
    pub severity: String,
    /// When first noticed.
    pub onset: Option<Moment>,
    /// Verified, as FHIR verification status; empty when not known.
    pub verification: String,
}

/// A diagnosis of a stay.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Diagnosis {
    /// Which.
    pub code: Coded,
    /// When made.
    pub made_at: Option<Moment>,
    /// Whether the source withdraws it.
    pub withdrawn: bool,
}
