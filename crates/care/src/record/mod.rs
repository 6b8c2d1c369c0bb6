//! One person's record as staff and the person read it: one view, worded twice by the door.
//! Never shows cancelled, refuted or mistaken entries as active, and never an unanswered section as an empty one.

mod detail;
mod door;
mod entry;
mod files;
pub(crate) mod from_fhir;
mod merged;
mod read;
#[cfg(any(test, feature = "samples"))]
pub(crate) mod samples;
mod scan;
mod studies;
mod view;

pub use detail::{Entry, Fact, Label, Line};
pub(crate) use from_fhir::{is_ours, measurement, place_now, report};
pub(crate) use merged::{Whom, known_now, numbers};
pub(crate) use read::{BEDSIDE_PANELS, Reader, home, read};
pub use scan::{Modality, Scan, ScanOrder, ScanState, Series};
pub use view::{
    Allergy, AllergyState, Attention, Banner, Flag, Home, Measurement, Medicine, MedicineState, Paper, Part,
    Passage, Problem, ProblemState, Reading, Record, ResultState, Sheet, SheetBody, SheetKind, Stands, Step,
    TestResult, Vaccination, Visit, VisitKind, VisitState,
};
