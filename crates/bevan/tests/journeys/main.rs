//! The whole house on real input, good and bad: the real binary as a process of its own, real HTTP and MLLP sockets, and
//! files of third parties read in place. Each test is named after the promise it proves.
#![expect(clippy::disallowed_methods, reason = "deadlines of a test run on the machine's clock")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

#[path = "../support/mod.rs"]
mod support;

mod appointments;
mod assisted;
mod browser;
mod command_line;
mod conversations;
mod corpus;
mod document;
mod examples;
mod family;
mod full_disk;
mod home;
mod hostile_bodies;
mod hostile_messages;
mod hostile_queries;
mod house;
mod import;
mod import_again;
mod marked;
mod matters;
mod messages;
mod metrics;
mod national;
mod prescriptions;
mod record;
mod script;
mod services;
mod upkeep;
