//! What happens to patients: one slice per capability, rules pure, one façade. Never sees HTTP, HL7 or HTML.

pub mod access_log;
pub mod operations;
pub mod patient_flow;
pub mod patient_search;
pub mod record;
pub mod site_view;
pub mod view;
pub mod ward_board;
mod words;
