//! Acting for somebody else: parents for their children, carers and attorneys for adults (patient-app rules, section 6).
//!
//! A relationship is one RelatedPerson and one Consent of the same id in the record of the person cared for. Whether it
//! opens anything is asked again at every request, from the date of birth and the clock ([`standing()`]); nothing that
//! was decided yesterday is trusted. Rules are pure; what they decide is written in one commit. Competence is what a
//! clinician records, and is never computed.

mod decide;
mod document;
mod door;
mod matters;
mod notices;
mod read;
mod relationship;
#[cfg(any(test, feature = "samples"))]
mod samples;
mod standing;
mod view;
mod withheld;
mod write;

pub use decide::{Application, Refusal};
pub use fhir::nhs_number::NhsNumberError;
pub use matters::{Matter, What};
pub use notices::tell;
pub(crate) use read::{asker, askers, called, died};
pub use relationship::{Basis, Category, EndedBy, Kin, Relationship, Review, Stage};
pub use standing::{Ages, Cared, Standing, Why, standing};
pub use view::{Acting, CaredFor, Case, Family, Helper, Undone, Waiting};
pub use write::{FAMILY, Order};
