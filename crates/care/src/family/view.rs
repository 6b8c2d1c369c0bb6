//! What the pages about family and carers show.

use super::decide::Refusal;
use super::relationship::{Basis, Category, Kin, Relationship};
use super::standing::Standing;
use crate::assisted::InPlace;
use crate::view::{Unseen, When};
use jiff::Timestamp;
use store::Role;

/// Somebody at work for another person: what one request may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acting {
    /// Id of the relationship.
    pub relationship: String,
    /// Id of the Patient cared for.
    pub patient: String,
    /// Their name, to call them by.
    pub name: String,
    /// The role of the carer, with what is withheld.
    pub role: Role,
    /// What is open.
    pub categories: Vec<Category>,
    /// Set when it is staff who do it in the person's place.
    pub in_place: Option<InPlace>,
}

/// Everything a person's family page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family {
    /// When it was read.
    pub read_at: Timestamp,
    /// Those whom this person acts for, or applied to.
    pub caring: Vec<CaredFor>,
    /// Those who act for this person, or applied to.
    pub helpers: Vec<Helper>,
}

/// Somebody whom the reader acts for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaredFor {
    /// Id of the relationship.
    pub id: String,
    /// Their name.
    pub name: String,
    /// What the reader is to them; unknown while the surgery has not answered.
    pub kin: Option<Kin>,
    /// How it stands.
    pub standing: Standing,
    /// What it opens.
    pub categories: Vec<Category>,
    /// When it was applied for.
    pub applied_at: Timestamp,
    /// When the surgery answered.
    pub decided_at: Option<Timestamp>,
}

/// Somebody who acts for the reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Helper {
    /// Id of the relationship.
    pub id: String,
    /// Their name.
    pub name: String,
    /// What they are to the reader.
    pub kin: Kin,
    /// By what right.
    pub basis: Basis,
    /// How it stands, hiding apart.
    pub standing: Standing,
    /// Whether the reader hides their record from them at present.
    pub hidden: bool,
    /// What it opens.
    pub categories: Vec<Category>,
}

/// One line of the surgery's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Id of the relationship.
    pub id: String,
    /// Name of the person it is about.
    pub patient_name: String,
    /// Name of whoever applied.
    pub carer_name: String,
    /// What they are to each other.
    pub kin: Kin,
    /// By what right.
    pub basis: Basis,
    /// When it was applied for.
    pub applied_at: Timestamp,
    /// How it stands.
    pub standing: Standing,
}

/// One relationship as the surgery sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The relationship.
    pub relationship: Relationship,
    /// Name of the person it is about.
    pub patient_name: String,
    /// Their date of birth.
    pub born: Option<When>,
    /// Their age in years.
    pub age: Option<u16>,
    /// NHS number of the person.
    pub nhs_number: Option<String>,
    /// How it stands.
    pub standing: Standing,
    /// When it was read.
    pub read_at: Timestamp,
}

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Undone {
    /// A rule says no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The record says no.
    #[error(transparent)]
    Unseen(#[from] Unseen),
}
