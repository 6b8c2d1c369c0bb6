//! What happened to a prescription, in words that no source owns: the facts of its stream, and what one message says.
//!
//! A fact never changes. Each says when it was true; when it became known is the store's to keep.

use super::ItemStatus;
use fhir::json::Value;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A fact about one item of a prescription, or about all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Unique in the prescription: the message's id and the item.
    pub key: String,
    /// The number of the item; `None` is every item.
    pub item: Option<String>,
    /// When it happened, in microseconds since 1970, UTC.
    pub occurred_at: i64,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum What {
    /// It was prescribed; the text is the MedicationRequest.
    Ordered(String),
    /// A pharmacy took the prescription.
    Released(Pharmacy),
    /// The pharmacy gave the prescription back.
    Returned,
    /// The pharmacy said how far it is.
    Tracked(ItemStatus, Option<Pharmacy>),
    /// The pharmacy said what it handed out; the text is the MedicationDispense, empty when only the outcome is known.
    Dispensed(Outcome, String),
    /// The prescriber asked to cancel it, for this reason.
    Cancelled(Option<String>),
}

/// A pharmacy as a message names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pharmacy {
    /// ODS code.
    pub ods: String,
    /// Name; empty when the message has none.
    pub name: String,
}

/// What a dispense notification says about an item (`https://fhir.nhs.uk/CodeSystem/medicationdispense-type`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// `0001`: all of it was handed out.
    Fully,
    /// `0002`: it was not and will not be.
    NotDispensed,
    /// `0003`: a part of it was.
    Partly,
    /// `0004`: nothing yet; it is owed.
    Owing,
    /// `0005`: the item was cancelled.
    Cancelled,
    /// `0006`: the prescription ran out.
    Expired,
    /// `0007`, `0008`: it is with the dispenser.
    WithDispenser,
}

impl Outcome {
    /// The outcome of a code.
    pub fn of_code(code: &str) -> Option<Self> {
        Some(match code {
            "0001" => Self::Fully,
            "0002" => Self::NotDispensed,
            "0003" => Self::Partly,
            "0004" => Self::Owing,
            "0005" => Self::Cancelled,
            "0006" => Self::Expired,
            "0007" | "0008" => Self::WithDispenser,
            _ => return None,
        })
    }
}

/// One message about prescriptions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its id: the same again has no effect.
    pub id: String,
    /// When what it says happened, where it says nothing nearer.
    pub occurred_at: Timestamp,
    /// What it says.
    pub says: Says,
}

/// What a message says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Says {
    /// A new prescription.
    Order(Order),
    /// Items to cancel: prescription, item, why.
    Cancel(Vec<(ItemRef, Option<String>)>),
    /// Items handed out or not.
    Dispense(Vec<Dispensed>),
    /// A pharmacy takes a prescription.
    Release(String, Pharmacy),
    /// A pharmacy gives a prescription back.
    Return(String, Option<Pharmacy>),
    /// A pharmacy says how far items are.
    Track(Vec<Tracked>),
}

/// An item of a prescription.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ItemRef {
    /// Short-form id of the prescription.
    pub order_number: String,
    /// Number of the item.
    pub item_number: String,
}

/// A new prescription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Short-form id.
    pub order_number: String,
    /// Who it is for, as the message says.
    pub patient: Identity,
    /// Whether it carries a signature. Bevan does not verify it.
    pub signed: bool,
    /// Item numbers and their MedicationRequests, without references to other parts of the message.
    pub items: Vec<(String, Value)>,
}

/// Who a message says the patient is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identity {
    /// NHS number.
    pub nhs_number: String,
    /// Date of birth.
    pub born: Option<String>,
    /// Family and given names.
    pub names: Vec<String>,
}

/// What was handed out of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispensed {
    /// The item.
    pub item: ItemRef,
    /// What came of it.
    pub outcome: Outcome,
    /// When, where said.
    pub at: Option<Timestamp>,
    /// The MedicationDispense.
    pub dispense: Value,
}

/// How far an item is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tracked {
    /// The item.
    pub item: ItemRef,
    /// How far.
    pub status: ItemStatus,
    /// Since when.
    pub at: Option<Timestamp>,
    /// Who says so.
    pub pharmacy: Option<Pharmacy>,
}

/// What became of a request to cancel (`https://fhir.nhs.uk/CodeSystem/medicationrequest-status-history`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cancellation {
    /// It is cancelled.
    Done,
    /// It will be when the pharmacy gives it back.
    WithDispenser,
    /// The pharmacy has begun to hand it out.
    WithDispenserActive,
    /// It was handed out.
    Dispensed,
    /// It was cancelled before.
    Before,
    /// No such item is known; the request is kept in case its order comes late.
    Unknown,
    /// The pharmacy did not dispense it.
    NotDispensed,
}

impl Cancellation {
    /// Code and words of the national list.
    pub fn coding(self) -> (&'static str, &'static str) {
        match self {
            Self::Done => ("R-0001", "Prescription/item was cancelled"),
            Self::WithDispenser => ("R-0002", "Prescription/item was not cancelled – With dispenser"),
            Self::WithDispenserActive => {
                ("R-0003", "Prescription item was not cancelled – With dispenser active")
            }
            Self::Dispensed => ("R-0004", "Prescription/item was not cancelled – Has been dispensed"),
            Self::Before => ("R-0006", "Prescription/item had already been cancelled"),
            Self::Unknown => ("R-0008", "Prescription/item not found"),
            Self::NotDispensed => ("R-0010", "Prescription item was not dispensed"),
        }
    }
}
