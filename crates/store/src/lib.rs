//! The record: versions, search, transactions, access, audit, inbox and change feed. The only crate that knows a database.
