//! The record: versions, search, transactions, access, audit, inbox and change feed. The only crate that knows a database.
//!
//! Every read takes a [`Snapshot`], every write a [`Transaction`], and both need an [`Actor`]. A write resolves only
//! after the commit is on the disk; what a read found is released only after its audit rows are.

pub mod access;
pub mod actor;
pub mod audit;
pub mod backup;
mod base;
pub mod bundle;
mod condition;
pub mod doctor;
mod effort;
mod environment;
mod error;
mod extract;
mod fact;
mod feed;
mod file;
pub mod history;
pub mod inbox;
mod index;
mod kept;
mod look_over;
mod names;
mod open;
mod options;
mod prepared;
mod reader;
mod relation;
mod resource;
mod schema;
pub mod search;
mod snapshot;
mod steps;
mod store;
mod transaction;
mod viewing;
mod writer;

pub use actor::{Actor, Asked, Behalf, BreakGlass, Capability, Interaction, Purpose, Role, Scopes, Withheld};
pub use condition::Condition;
pub use effort::{Effort, Histogram, Reading};
pub use environment::{Clock, Entropy, Environment};
pub use error::{Error, OpenError};
pub use fact::{Fact, Put, RecordedFact};
pub use feed::{Change, Method, Position};
pub use kept::Kept;
pub use open::is_record;
pub use options::Options;
pub use prepared::Prepared;
pub use resource::{Deleted, Found, IfMatch, Resource, Saved};
pub use snapshot::Snapshot;
pub use store::{Health, Store};
pub use transaction::{
    ASKED_SYSTEM, CONFIRM, CONFIRM_WITHOUT_POST, ConditionalCreate, PARTICIPANT, Transaction,
};
pub use viewing::Viewing;
