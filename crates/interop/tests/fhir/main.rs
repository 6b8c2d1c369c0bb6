//! The FHIR door in front of a real store in a temporary folder, called without a socket.

mod bad_input;
mod capability;
mod house;
mod negotiation;
mod reading;
mod searching;
mod writing;
