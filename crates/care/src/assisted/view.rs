//! What the pages show where staff act in a patient's place.

use super::deed::Deed;
use super::identity::Identifier;
use crate::family::Kin;
use crate::view::When;
use store::{Asked, Behalf};

/// What a member of staff said when they began to do something for a patient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// Id of the Patient.
    pub patient: String,
    /// How they asked.
    pub asked: Asked,
    /// Whether a letter may be sent to where they live.
    pub post: bool,
}

/// Staff in a patient's place, for one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InPlace {
    /// For whom, how it was asked, and what is kept back.
    pub behalf: Behalf,
    /// Date of birth.
    pub born: Option<When>,
    /// NHS number, ten digits.
    pub nhs_number: Option<String>,
    /// Who asked for the patient, where it was somebody else.
    pub asker: Option<String>,
    /// Where a letter goes, in one line.
    pub address: Option<String>,
}

/// A person whom somebody at work is about to do something for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Id of the Patient.
    pub patient: String,
    /// Their name as it stands in lists, family name first.
    pub name: String,
    /// Date of birth.
    pub born: Option<When>,
    /// Age in whole years.
    pub age: Option<u16>,
    /// NHS number, ten digits.
    pub nhs_number: Option<String>,
    /// Where they live, line by line.
    pub address: Vec<String>,
    /// Their telephone number.
    pub phone: Option<String>,
    /// Who may ask for them at this moment.
    pub askers: Vec<Asker>,
    /// Whether they have died, or their record was replaced by another: nothing is done in this one any more.
    pub closed: bool,
}

impl Person {
    /// By what they can be told from others.
    pub fn identifiers(&self) -> Vec<Identifier> {
        let held = [
            (Identifier::Born, matches!(self.born, Some(When::Day(_)))),
            (Identifier::Address, !self.address.is_empty()),
            (Identifier::NhsNumber, self.nhs_number.is_some()),
            (Identifier::Phone, self.phone.is_some()),
        ];
        held.into_iter().filter(|(_, held)| *held).map(|(one, _)| one).collect()
    }
}

/// Somebody who may ask for a patient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asker {
    /// Id of the relationship.
    pub relationship: String,
    /// Their name.
    pub name: String,
    /// What they are to the patient.
    pub kin: Kin,
}

/// What was done in a patient's place, at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// The patient's name.
    pub name: String,
    /// What was done.
    pub deeds: Vec<Deed>,
    /// How they are told.
    pub letter: Letter,
}

/// How a patient is told what was done in their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Letter {
    /// Nothing was done.
    Nothing,
    /// By a letter to this address; `None` where no address is recorded.
    Sent(Option<String>),
    /// Nothing is sent to where they live: it is kept among their messages.
    Kept,
}
