//! What happens to patients: one slice per capability, rules pure, one façade. Never sees HTTP, HL7 or HTML.

pub mod access_log;
pub mod advice;
pub mod appointments;
pub mod assisted;
pub mod copy;
pub mod emergency_review;
mod facade;
pub mod family;
pub mod imaging;
pub mod kept;
mod labels;
mod lookup;
pub mod messages;
pub mod operations;
pub mod patient_flow;
pub mod patient_search;
mod places;
pub mod planted;
pub mod prescriptions;
pub mod profile;
pub mod record;
pub mod results;
pub mod services;
pub mod sign_in;
pub mod site_view;
pub mod timeline;
pub mod triage;
pub mod view;
pub mod ward_board;
mod words;

pub use facade::Care;
pub use fhir::json::Text;
pub use store::{Actor, BreakGlass, Capability, Clock, Entropy, Position, Purpose, Role, Viewing, Withheld};
