//! From FHIR resources to the lines of a record. Pure: one file per kind of line, each a function from one resource
//! to `Option` of a line, `None` where the entry must not be shown (mistaken, refuted, cancelled before it began).

mod allergy;
mod attachment;
mod measurement;
mod medicine;
mod modality;
mod narrative;
mod paper;
mod plain;
mod problem;
mod report;
mod scan;
mod stands;
mod vaccination;
mod visit;

pub use allergy::{allergy, is_no_known_allergy};
pub use attachment::sheet_body;
pub use measurement::measurement;
pub use medicine::medicine;
pub use paper::paper;
pub use plain::plain;
pub use problem::problem;
pub use report::report;
pub use scan::{is_ours, scan};
pub use vaccination::vaccination;
pub use visit::{is_stay, place_now, visit};

#[cfg(test)]
fn read(text: &str) -> fhir::json::Value {
    fhir::json::parse(text.as_bytes(), &fhir::json::Limits::default()).expect("a test's own JSON")
}
