//! The FHIR REST door (<https://hl7.org/fhir/R4/http.html>): HTTP in, the record's words inside, HTTP out.
//!
//! It translates and holds no rules: who may see what is decided by the store, what a resource may look like by `fhir`.
//! Every route is a row of [`ROUTES`], from which the router, the CapabilityStatement and the access matrix come.
//! Answers never repeat values of a record in an error, a header or a log line.

mod answer;
mod body;
mod bundle;
mod call;
mod capability;
mod content;
mod interactions;
mod links;
mod precondition;
mod prefer;
mod pretty;
mod process_message;
mod refusal;
mod routes;
mod state;
mod trace;

pub use links::MOUNT;
pub use routes::{Access, Interaction, ROUTES, Route, Verb, mounted, router};
pub use state::{Authenticate, Limits, State};
