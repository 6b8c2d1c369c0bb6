//! People who do not use this site: staff do for them, at their request, what they would do themselves (patient-app rules, P14).
//! The pages are the patient's own and so are the rules; who looked shows it, a Provenance in the same commit says by whose
//! hand it was done (the store writes it), and the patient gets a letter that says what was done.
//!
//! Only staff of wards, reception desks and surgeries stand in for a patient, and only for one whom their organisation cares
//! for now: that is asked again at every request, and so is the right of a carer who asked. Must never open more than the person who asked
//! could see, and never who looked at the record: that is for the patient alone.

mod deed;
mod door;
mod identity;
mod letter;
mod read;
#[cfg(any(test, feature = "samples"))]
mod samples;
mod view;

pub use deed::Deed;
pub use identity::{Identifier, NEEDED, identified};
pub use letter::confirm;
pub use store::{Asked, Behalf};
pub use view::{Asker, Finished, InPlace, Letter, Person, Started};

/// What stands before a patient's id in the addresses of the pages that staff use in that patient's place.
pub const PREFIX: &str = "for-";

/// The patient whose pages an address opens to staff.
pub fn patient_of(relationship: &str) -> Option<&str> {
    relationship.strip_prefix(PREFIX).filter(|patient| !patient.is_empty())
}

#[cfg(test)]
mod tests {
    use super::patient_of;

    #[test]
    fn only_addresses_of_this_kind_name_a_patient() {
        assert_eq!(patient_of("for-p1"), Some("p1"));
        for other in ["for-", "p1", "fo-p1", "", "FOR-p1"] {
            assert_eq!(patient_of(other), None, "{other}");
        }
    }
}
