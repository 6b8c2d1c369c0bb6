//! Who acts for whom, by what right, for what, and what became of it.

use crate::view::When;
use fhir::json::Text;
use jiff::Timestamp;
use jiff::civil::Date;

/// Words with a code, as they stand in documents and forms.
macro_rules! coded {
    ($(#[$about:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$each])* $variant),+ }

        impl $name {
            /// All of them, in the order in which they are offered.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Its code.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The one of that code.
            pub fn of_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }
        }
    };
}

coded! {
    /// What somebody is to the person they act for.
    Kin {
        /// Mother or father.
        Parent = "parent",
        /// Guardian, special guardian or foster carer.
        Guardian = "guardian",
        /// Husband, wife or partner.
        Partner = "partner",
        /// Daughter or son.
        Child = "child",
        /// Another relative.
        Relative = "relative",
        /// A friend or neighbour.
        Friend = "friend",
        /// Somebody paid to care.
        Worker = "worker",
    }
}

coded! {
    /// By what right somebody acts: the legal basis that is recorded with the consent.
    Basis {
        /// Parental responsibility for a child.
        Parental = "parental-responsibility",
        /// The person agreed.
        Agreement = "agreement",
        /// A lasting power of attorney for health and welfare.
        Attorney = "power-of-attorney",
        /// A deputy of the Court of Protection.
        Deputy = "court-deputy",
    }
}

coded! {
    /// What a relationship opens.
    Category {
        /// Appointments and referrals.
        Appointments = "appointments",
        /// Medicines and prescriptions.
        Medicines = "medicines",
        /// Conditions, allergies, vaccinations, visits and documents.
        Record = "record",
        /// Test results.
        Results = "results",
        /// Messages and letters.
        Messages = "messages",
    }
}

coded! {
    /// How far a relationship has come.
    Stage {
        /// Somebody applied; the surgery has not answered.
        Applied = "proposed",
        /// The surgery approved it.
        Approved = "active",
        /// The surgery refused it.
        Refused = "rejected",
        /// It was ended.
        Ended = "inactive",
    }
}

coded! {
    /// Who ended a relationship.
    EndedBy {
        /// The person it was about.
        Person = "person",
        /// The one who acted.
        Helper = "helper",
        /// The surgery.
        Surgery = "surgery",
    }
}

/// A clinician's review of a young person's wish and competence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// The day, in London.
    pub on: Date,
    /// Whether the clinician found the young person competent to decide for themselves (Gillick competence).
    pub competent: bool,
    /// Whether the young person wants the access to go on.
    pub agrees: bool,
    /// The clinician.
    pub by: String,
}

impl Review {
    /// Whether the access may go on: a competent young person decides; for another the parent goes on deciding.
    pub fn goes_on(&self) -> bool {
        !self.competent || self.agrees
    }
}

/// One person who acts, or wants to act, for another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relationship {
    /// Id of its RelatedPerson and of its Consent.
    pub id: Text,
    /// Id of the Patient who is cared for.
    pub patient: Text,
    /// Id of the carer's own Patient.
    pub carer: Text,
    /// The carer's name.
    pub carer_name: String,
    /// What the carer is to them.
    pub kin: Kin,
    /// By what right.
    pub basis: Basis,
    /// What it opens.
    pub categories: Vec<Category>,
    /// How far it has come.
    pub stage: Stage,
    /// When it was applied for.
    pub applied_at: Timestamp,
    /// When the surgery answered, and who there.
    pub decided: Option<(Timestamp, String)>,
    /// ODS code of the surgery: the patient's at first, then that which answered.
    pub organisation: Text,
    /// The last review.
    pub review: Option<Review>,
    /// Since when the person hides their record from the carer.
    pub hidden_at: Option<Timestamp>,
    /// From when on it holds, where its documents name a beginning after the decision.
    pub begins: Option<When>,
    /// Until when it holds, where its documents name an end; a day, a month or a year to its last moment.
    pub lapses: Option<When>,
    /// When it ended, and by whom.
    pub ended: Option<(Timestamp, EndedBy)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_lead_back() {
        assert!(Kin::ALL.iter().all(|one| Kin::of_code(one.code()) == Some(*one)));
        assert!(Basis::ALL.iter().all(|one| Basis::of_code(one.code()) == Some(*one)));
        assert!(Category::ALL.iter().all(|one| Category::of_code(one.code()) == Some(*one)));
        assert!(Stage::ALL.iter().all(|one| Stage::of_code(one.code()) == Some(*one)));
        assert_eq!(Kin::of_code("emperor"), None);
    }

    #[test]
    fn a_competent_young_person_decides() {
        let review = |competent, agrees| {
            Review { on: jiff::civil::date(2026, 1, 1), competent, agrees, by: String::new() }.goes_on()
        };
        assert!(review(true, true) && review(false, true) && review(false, false));
        assert!(!review(true, false));
    }
}
