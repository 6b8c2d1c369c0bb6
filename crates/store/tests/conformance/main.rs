//! The store's conformance suite, on real files with a stepping clock and seeded entropy.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "the functions that tests share fail like tests"
)]

mod audit;
mod behalf;
mod bundles;
mod carers;
mod facts;
mod files;
mod inbox;
mod kept;
mod merges;
mod model;
mod own_base;
mod references;
mod relationships;
mod search;
#[path = "../../../../tests/located.rs"]
mod shared;
mod synthea;
mod upkeep;
mod versions;
mod world;
