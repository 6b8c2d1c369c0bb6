//! Bundles of type `transaction` and `batch` (<https://hl7.org/fhir/R4/http.html#transaction>).

use crate::{Actor, Error, Store};
use fhir::json::Value;
use std::sync::Arc;

/// Does all entries of a transaction bundle, or none. The response has one entry for each, in their order.
///
/// # Errors
/// [`Error::Invalid`] for a bundle that cannot be understood, [`Error::Conflict`] when another write came between.
pub async fn transaction(store: &Store, actor: impl Into<Arc<Actor>>, bundle: Value) -> Result<Value, Error> {
    let _ = (store, actor.into(), bundle);
    Err(Error::internal("transaction bundles are not wired yet"))
}

/// Does each entry of a batch bundle by itself. The response has one entry for each, in their order.
///
/// # Errors
/// [`Error::Invalid`] for a bundle that cannot be understood.
pub async fn batch(store: &Store, actor: impl Into<Arc<Actor>>, bundle: Value) -> Result<Value, Error> {
    let _ = (store, actor.into(), bundle);
    Err(Error::internal("batch bundles are not wired yet"))
}
