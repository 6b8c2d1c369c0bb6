//! The people's door: every address × everybody × whose record. The addresses come from the door's own table; what each
//! must answer is written by hand in [`expect`], and an address without a row there is a finding.

pub mod browser;
pub mod expect;
pub mod forms;
pub mod journeys;
pub mod judge;
pub mod live;
pub mod looks;
pub mod visitors;
