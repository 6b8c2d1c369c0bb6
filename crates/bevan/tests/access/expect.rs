//! Who may see what, written by hand from the access rules and from nothing in the program: the first oracle.

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Who {
    /// Nobody signed in.
    Anonymous,
    /// Signed in, and nobody knows who they are.
    Unproven,
    /// The patient Ann.
    Patient,
    /// Somebody who acts for Ann, without reports and what is labelled as about sexual health.
    Carer,
    /// Staff of the practice where Ann is registered.
    Surgery,
    /// Staff of a practice where nobody of these is registered; at the people's door only.
    SurgeryElsewhere,
    /// Somebody who acts for the child Eve, without results and without what is labelled; at the people's door only.
    CarerEve,
    /// Staff in Ann's place, at her request: what she reads, less who looked; at the people's door only.
    Helped,
    /// The privacy officer of the hospital from where Cas was opened in an emergency; at the people's door only.
    Privacy,
    /// The patient Cas, at the people's door only: to the machines' door she is as Ann.
    PatientCas,
    /// Ward staff of the hospital where Ann is and Ben was.
    Ward,
    /// Ward staff of the hospital where Cas and Dee are, and where Ann stayed under her earlier number.
    WardBefore,
    /// Ward staff of a hospital where nobody of these is or was.
    WardElsewhere,
    /// The same, with emergency access to Cas.
    WardGlass,
    /// A receptionist of the hospital where Ann is and Ben was.
    Receptionist,
    /// Runs the platform.
    Operator,
    /// A program with `system/Patient.rs`.
    Narrow,
    /// A program with `system/Observation.cud`.
    Writer,
    /// A program with every scope.
    Full,
}

impl Who {
    /// Everybody at the machines' door.
    pub const ALL: [Self; 14] = [
        Self::Anonymous,
        Self::Unproven,
        Self::Patient,
        Self::Carer,
        Self::Surgery,
        Self::Ward,
        Self::WardBefore,
        Self::WardElsewhere,
        Self::WardGlass,
        Self::Receptionist,
        Self::Operator,
        Self::Narrow,
        Self::Writer,
        Self::Full,
    ];
}

/// What somebody is to a patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// The same person.
    Own,
    /// In the care of their organisation now.
    Current,
    /// Was in the care of their organisation.
    Past,
    /// Opened by emergency access.
    Glass,
    /// Nothing.
    Stranger,
}

/// Groups of types that one rule treats alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Organisations, places, staff.
    Reference,
    /// Who a patient is and when they come.
    Administrative,
    /// What is wrong and what was done.
    Clinical,
    /// Who looked at what.
    Audit,
    /// Of no single patient: closed to people.
    Other,
}

/// Ann is in hospital A; Ben was; Cas and Dee are in hospital B.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    Ann,
    Ben,
    Cas,
    Dee,
    /// Ann again, under the number that gave way to hers; of hospital B.
    AnnBefore,
    /// Eight years old, of Ann's practice; these and the next are only where people act for others (`family`).
    Eve = 900,
    /// Thirteen.
    Fay,
    /// Sixteen.
    Gus,
    /// Acts for them, or did, or was refused.
    Hal,
    /// Eve again, under the number that gave way to hers.
    EveBefore,
}

impl Owner {
    /// Everybody at the machines' door.
    pub const ALL: [Self; 5] = [Self::Ann, Self::Ben, Self::Cas, Self::Dee, Self::AnnBefore];

    /// The number that gave way to somebody's, where there is one: what lies under it is theirs.
    pub fn earlier(self) -> Option<Self> {
        match self {
            Self::Ann => Some(Self::AnnBefore),
            Self::Eve => Some(Self::EveBefore),
            _ => None,
        }
    }
}

use Class::{Administrative, Audit, Clinical, Reference};
use Relation::{Current, Glass, Own, Past, Stranger};

/// What each of them is to each patient.
pub fn relation(who: Who, owner: Owner) -> Relation {
    match (who, owner) {
        (Who::Patient | Who::Carer | Who::Helped, Owner::Ann | Owner::AnnBefore) => Own,
        (Who::PatientCas, Owner::Cas) => Own,
        (Who::Ward | Who::Receptionist | Who::Surgery, Owner::Ann) => Current,
        // Whoever registers somebody registers all their numbers; a hospital has what it was told under one.
        (Who::Surgery, Owner::AnnBefore | Owner::EveBefore) => Current,
        (Who::WardBefore, Owner::Cas | Owner::Dee | Owner::AnnBefore) => Current,
        (Who::WardBefore, Owner::Eve | Owner::EveBefore) => Current,
        (Who::Surgery, Owner::Eve | Owner::Fay | Owner::Gus | Owner::Hal) => Current,
        (Who::Ward | Who::Receptionist, Owner::Ben) => Past,
        (Who::WardGlass, Owner::Cas) => Glass,
        _ => Stranger,
    }
}

/// Who reads what of whom. What is not here may not be read.
const READS: &[(Who, Class, &[Relation])] = &[
    (Who::Patient, Administrative, &[Own]),
    (Who::Patient, Clinical, &[Own]),
    (Who::Carer, Administrative, &[Own]),
    (Who::Carer, Clinical, &[Own]),
    (Who::Surgery, Administrative, &[Current, Glass]),
    (Who::Surgery, Clinical, &[Current, Glass]),
    (Who::Patient, Audit, &[Own]),
    (Who::Helped, Administrative, &[Own]),
    (Who::Helped, Clinical, &[Own]),
    (Who::PatientCas, Administrative, &[Own]),
    (Who::PatientCas, Clinical, &[Own]),
    (Who::PatientCas, Audit, &[Own]),
    (Who::Ward, Administrative, &[Current, Glass]),
    (Who::Ward, Clinical, &[Current, Glass]),
    (Who::WardBefore, Administrative, &[Current, Glass]),
    (Who::WardBefore, Clinical, &[Current, Glass]),
    (Who::WardElsewhere, Administrative, &[Current, Glass]),
    (Who::WardElsewhere, Clinical, &[Current, Glass]),
    (Who::WardGlass, Administrative, &[Current, Glass]),
    (Who::WardGlass, Clinical, &[Current, Glass]),
    (Who::Receptionist, Administrative, &[Current, Past]),
];

/// What Ann's carer is not shown: a type, and what carries a label.
pub const CLOSED_TO_CARER: &str = "DiagnosticReport";
pub const LABEL: &str = "SEX";

/// What Eve's carer may see of her: what the approved categories (appointments, medicines, record) name.
const OPEN_TO_CARER_OF_EVE: &[&str] = &[
    "Patient",
    "Appointment",
    "ServiceRequest",
    "EpisodeOfCare",
    "MedicationRequest",
    "MedicationStatement",
    "AllergyIntolerance",
    "Condition",
    "DocumentReference",
    "Encounter",
    "Immunization",
    "Procedure",
];

/// Those who read every organisation, place and member of staff.
const READ_REFERENCE: &[Who] = &[
    Who::Unproven,
    Who::Patient,
    Who::PatientCas,
    Who::Carer,
    Who::Surgery,
    Who::SurgeryElsewhere,
    Who::CarerEve,
    Who::Helped,
    Who::Privacy,
    Who::Ward,
    Who::WardBefore,
    Who::WardElsewhere,
    Who::WardGlass,
    Who::Receptionist,
    Who::Operator,
];

/// Who writes what of whom, for people.
const WRITES: &[(Who, Class, &[Relation])] = &[
    (Who::Surgery, Administrative, &[Current, Glass]),
    (Who::Surgery, Clinical, &[Current, Glass]),
    (Who::Ward, Administrative, &[Current, Glass]),
    (Who::Ward, Clinical, &[Current, Glass]),
    (Who::WardBefore, Administrative, &[Current, Glass]),
    (Who::WardBefore, Clinical, &[Current, Glass]),
    (Who::WardElsewhere, Administrative, &[Current, Glass]),
    (Who::WardElsewhere, Clinical, &[Current, Glass]),
    (Who::WardGlass, Administrative, &[Current, Glass]),
    (Who::WardGlass, Clinical, &[Current, Glass]),
];

/// Whether a resource of that type and class, belonging to those patients, may be read.
pub fn may_read(who: Who, (resource_type, class): (&str, Class), owners: &[Owner]) -> bool {
    match who {
        Who::Anonymous | Who::Writer => false,
        Who::Full => true,
        Who::Narrow => resource_type == "Patient",
        _ if class == Reference => READ_REFERENCE.contains(&who),
        Who::Carer if resource_type == CLOSED_TO_CARER => false,
        Who::CarerEve => {
            let hers = |owner: &Owner| matches!(owner, Owner::Eve | Owner::EveBefore);
            !owners.is_empty() && owners.iter().all(hers) && OPEN_TO_CARER_OF_EVE.contains(&resource_type)
        }
        // Whom it was that staff opened in an emergency, and nothing else of anybody.
        Who::Privacy => resource_type == "Patient" && owners == [Owner::Cas],
        // Operators see what was done that is about no patient.
        Who::Operator if class == Audit => owners.is_empty(),
        _ => owners.iter().any(|owner| granted(READS, who, class).contains(&relation(who, *owner))),
    }
}

/// Whether the type is open to be read at all: if not, every address of it answers 403.
pub fn may_read_type(who: Who, (resource_type, class): (&str, Class)) -> bool {
    match who {
        Who::Anonymous | Who::Writer => false,
        Who::Full => true,
        Who::Narrow => resource_type == "Patient",
        _ if class == Reference => READ_REFERENCE.contains(&who),
        Who::Carer if resource_type == CLOSED_TO_CARER => false,
        Who::Operator if class == Audit => true,
        _ => !granted(READS, who, class).is_empty(),
    }
}

/// Whether a resource may be changed: every patient it belongs to must be within reach, before and after.
pub fn may_write(who: Who, (resource_type, class): (&str, Class), owners: &[Owner]) -> bool {
    match who {
        // The log has one author.
        _ if class == Audit => false,
        Who::Full => true,
        Who::Writer => resource_type == "Observation",
        _ => {
            !owners.is_empty()
                && owners.iter().all(|owner| granted(WRITES, who, class).contains(&relation(who, *owner)))
        }
    }
}

/// Whether the type may be written at all.
pub fn may_write_type(who: Who, (resource_type, class): (&str, Class)) -> bool {
    match who {
        _ if class == Audit => false,
        Who::Full => true,
        Who::Writer => resource_type == "Observation",
        _ => !granted(WRITES, who, class).is_empty(),
    }
}

/// Only programs delete.
pub fn may_delete(who: Who, resource_type: &str) -> bool {
    who == Who::Full && resource_type != "AuditEvent" || who == Who::Writer && resource_type == "Observation"
}

fn granted(table: &[(Who, Class, &'static [Relation])], who: Who, class: Class) -> &'static [Relation] {
    table.iter().find(|row| row.0 == who && row.1 == class).map_or(&[], |row| row.2)
}
