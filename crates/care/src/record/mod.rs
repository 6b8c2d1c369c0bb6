//! One person's record as staff and the person read it: one view, worded twice by the door.
//! Never shows cancelled, refuted or mistaken entries as active, and never an unanswered section as an empty one.

mod from_fhir;
mod samples;
mod view;

pub use view::{
    Allergy, AllergyState, Attention, Banner, Flag, Home, Measurement, Medicine, MedicineState, Problem,
    ProblemState, Reading, Record, ResultState, Step, TestResult, Visit, VisitKind, VisitState,
};
