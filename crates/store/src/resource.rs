//! One version of a resource as it is stored and served.

use crate::search::project;
use crate::{Error, feed::Position};
use fhir::json::{Limits, Text, Value, to_vec};
use fhir::search::Query;
use std::sync::Arc;

/// One version of a resource. The bytes are the served form, with `meta.versionId` and `meta.lastUpdated`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// Resource type.
    pub type_: Text,
    /// Logical id.
    pub id: Text,
    /// Version number, from 1.
    pub version: u64,
    /// When the version was recorded.
    pub last_updated: jiff::Timestamp,
    /// The JSON bytes.
    pub json: Arc<[u8]>,
}

impl Resource {
    /// The document of the bytes.
    ///
    /// # Errors
    /// [`Error::Internal`] when the stored bytes are not JSON, which the version's hash should have caught.
    pub fn value(&self) -> Result<Value, Error> {
        let limits = Limits { depth: 256, bytes: usize::MAX };
        fhir::json::parse(&self.json, &limits)
            .map_err(|fault| Error::internal(format!("stored {} is not JSON: {}", self.type_, fault.kind)))
    }

    /// What of it a query wants by `_summary` and `_elements`; what is left out is marked, and mandatory elements stay.
    ///
    /// # Errors
    /// As [`Resource::value`].
    pub fn part(mut self, query: &Query) -> Result<Self, Error> {
        if project::projects(query) {
            self.json = Arc::from(to_vec(&project::project(query, &self.value()?)));
        }
        Ok(self)
    }
}

/// What a read finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// The resource.
    Present(Box<Resource>),
    /// It was deleted.
    Gone {
        /// The version that records the deletion.
        version: u64,
        /// When it was deleted.
        at: jiff::Timestamp,
    },
    /// There is none, or the actor may not know.
    Absent,
}

impl Found {
    /// The resource, or the error a door answers with.
    ///
    /// # Errors
    /// [`Error::Gone`] or [`Error::NotFound`].
    pub fn present(self) -> Result<Resource, Error> {
        match self {
            Self::Present(resource) => Ok(*resource),
            Self::Gone { version, .. } => Err(Error::Gone { version }),
            Self::Absent => Err(Error::NotFound),
        }
    }
}

/// What a write left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// The version now current.
    pub resource: Resource,
    /// Place of that version in the change feed.
    pub position: Position,
    /// Whether the resource did not exist (or was deleted) before.
    pub created: bool,
    /// Whether a version was written: an update without change keeps the version.
    pub changed: bool,
}

/// What a delete left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deleted {
    /// The version that records the deletion; `None` when there was nothing to delete.
    pub version: Option<u64>,
}

/// The precondition of an update or a delete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfMatch {
    /// No precondition.
    Any,
    /// `If-Match: W/"n"`: the current version must be this one.
    Version(u64),
    /// `If-None-Match: *`: there must be no current version.
    NoneExists,
}
