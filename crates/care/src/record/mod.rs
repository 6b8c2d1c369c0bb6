//! One person's record as staff and the person read it: one view, worded twice by the door.
//! Never shows cancelled, refuted or mistaken entries as active, and never an unanswered section as an empty one.

mod from_fhir;
mod merged;
mod read;
mod samples;
mod view;

pub(crate) use from_fhir::place_now;
pub(crate) use read::{home, read};
pub use view::{
    Allergy, AllergyState, Attention, Banner, Flag, Home, Measurement, Medicine, MedicineState, Part,
    Problem, ProblemState, Reading, Record, ResultState, Step, TestResult, Visit, VisitKind, VisitState,
};
