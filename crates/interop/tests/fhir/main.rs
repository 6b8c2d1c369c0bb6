//! The FHIR door in front of a real store in a temporary folder, called without a socket.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it is surprised"
)]

mod bad_input;
mod bars;
mod bundles;
mod capability;
mod house;
mod negotiation;
mod prescriptions;
mod reading;
mod searching;
#[path = "../../../../tests/located.rs"]
mod shared;
mod synthea;
mod writing;
