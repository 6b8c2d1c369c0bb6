//! What the door is given: the record, who authenticates, and limits. At the bottom of the door; knows no handler.

use std::sync::Arc;
use store::{Actor, Store};

/// Tells who is behind a bearer token.
pub trait Authenticate: Send + Sync + 'static {
    /// The actor of that token; `None` when there is no token or it is not known.
    fn actor(&self, bearer: Option<&str>) -> Option<Actor>;
}

/// The limits of the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a request's body; more is 413.
    pub body_bytes: usize,
    /// A body that stops arriving for so long is given up: 408.
    pub silence_ms: u64,
    /// Nesting of a JSON document; deeper is 400.
    pub depth: usize,
    /// Entries on a page of history when the request does not say.
    pub page: u32,
    /// Entries on a page of history at most.
    pub longest_page: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { body_bytes: 64 << 20, silence_ms: 30_000, depth: 64, page: 50, longest_page: 1_000 }
    }
}

/// What every request needs.
#[derive(Clone)]
pub struct State {
    /// The record.
    pub store: Store,
    /// Who authenticates.
    pub authenticate: Arc<dyn Authenticate>,
    /// The address of the FHIR base as others reach it, without a slash at the end; when absent it is made from each
    /// request's `Host`.
    pub base: Option<String>,
    /// The limits.
    pub limits: Limits,
}
