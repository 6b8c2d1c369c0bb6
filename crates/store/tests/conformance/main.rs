//! The store's conformance suite, on real files with a stepping clock and seeded entropy.

mod audit;
mod bundles;
mod facts;
mod inbox;
mod search;
mod shared;
mod synthea;
mod upkeep;
mod versions;
mod world;
