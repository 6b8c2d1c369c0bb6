//! Who a message is about: identifiers and demographics as the source gave them.
//!
//! It must never merge people: a key is one source's own number, and an NHS number is never a key.

use super::moment::Moment;
use serde::{Deserialize, Serialize};

/// What a message says about one value. Silence and deletion are different, and both survive.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Field<T> {
    /// Nothing was said: no change.
    #[default]
    Absent,
    /// The source deleted the value.
    Delete,
    /// The source gave a value.
    Set(T),
}

impl<T> Field<T> {
    /// The value, when one was given.
    pub fn value(&self) -> Option<&T> {
        if let Field::Set(value) = self { Some(value) } else { None }
    }

    /// Applies what was said to what was known.
    pub fn apply(&self, known: &mut Option<T>)
    where
        T: Clone,
    {
        match self {
            Field::Absent => {}
            Field::Delete => *known = None,
            Field::Set(value) => *known = Some(value.clone()),
        }
    }
}

impl<T> From<Option<T>> for Field<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Field::Absent, Field::Set)
    }
}

/// NHS number verification statuses that say no more than that nobody has traced the number: present but not traced,
/// trace required.
pub const UNTRACED: [&str; 2] = ["02", "03"];

/// One source's key of a person: the assigning authority and its own number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PatientKey {
    /// Assigning authority, otherwise the sending facility.
    pub authority: String,
    /// The number it gave.
    pub number: String,
}

/// An identifier as given.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Identifier {
    /// The number.
    pub value: String,
    /// Assigning authority; empty when not given.
    pub authority: String,
    /// Type code (HL7 table 0203) when given; empty otherwise.
    pub kind: String,
}

/// A code with its text, as given.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Coded {
    /// The code; may be empty.
    pub code: String,
    /// What the code means, or free text.
    pub display: String,
    /// The code system's own name (`LN`, `SCT`, `HL70005`, a local name); may be empty.
    pub system: String,
}

/// A name of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Name {
    /// Family name.
    pub family: String,
    /// Given names in order.
    pub given: Vec<String>,
    /// Title.
    pub prefix: String,
    /// Suffix.
    pub suffix: String,
    /// Use, as a FHIR name-use code; empty when not known.
    pub usage: String,
}

/// A postal address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Address {
    /// Lines before the city.
    pub lines: Vec<String>,
    /// City.
    pub city: String,
    /// County.
    pub district: String,
    /// Postcode.
    pub postcode: String,
    /// Country as given.
    pub country: String,
    /// Use, as a FHIR address-use code; empty when not known.
    pub usage: String,
}

/// A telephone number or e-mail address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Contact {
    /// FHIR contact-point system: `phone`, `email`, `fax`, `pager` or `other`.
    pub system: String,
    /// The number or address.
    pub value: String,
    /// FHIR contact-point use; empty when not known.
    pub usage: String,
}

/// A professional, or an organisation, as a message names one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Clinician {
    /// The source's code; may be empty.
    pub code: String,
    /// The name as one line.
    pub name: String,
}

/// Demographics as far as a message speaks of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Demographics {
    /// Names.
    pub names: Field<Vec<Name>>,
    /// Date of birth.
    pub birth: Field<Moment>,
    /// FHIR administrative gender.
    pub gender: Field<String>,
    /// Addresses.
    pub addresses: Field<Vec<Address>>,
    /// Telephone numbers and e-mail addresses.
    pub contacts: Field<Vec<Contact>>,
    /// Language.
    pub language: Field<Coded>,
    /// Marital status (HL7 table 0002).
    pub marital: Field<Coded>,
    /// Ethnic category.
    pub ethnicity: Field<Coded>,
    /// Whether the person has died.
    pub deceased: Field<bool>,
    /// When the person died.
    pub died_at: Field<Moment>,
    /// Registered practice.
    pub practice: Field<Clinician>,
    /// NHS number verification status (`01` to `08`) when the source states it.
    pub nhs_number_status: Field<String>,
}

/// The person a message is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Subject {
    /// The source's key.
    pub key: PatientKey,
    /// Every identifier given.
    pub identifiers: Vec<Identifier>,
    /// Demographics.
    pub demographics: Demographics,
}
