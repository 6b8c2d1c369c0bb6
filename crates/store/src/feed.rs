//! The change feed: every version in the order of its commit, resumable by position.

use fhir::json::Text;

/// A place in the change feed. Positions grow with every version written and are never reused after a commit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position(pub u64);

/// How a version came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Created, the id given by the server.
    Post,
    /// Created or updated under an id the client gave.
    Put,
    /// Deleted.
    Delete,
}

impl Method {
    /// The HTTP method, as `Bundle.entry.request.method` writes it.
    #[must_use]
    pub fn http(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }

    pub(crate) fn number(self) -> i64 {
        match self {
            Self::Post => 0,
            Self::Put => 1,
            Self::Delete => 2,
        }
    }

    pub(crate) fn of_number(number: i64) -> Self {
        match number {
            0 => Self::Post,
            2 => Self::Delete,
            _ => Self::Put,
        }
    }
}

/// One entry of the feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its place.
    pub position: Position,
    /// Resource type.
    pub type_: Text,
    /// Logical id.
    pub id: Text,
    /// The version written.
    pub version: u64,
    /// How.
    pub method: Method,
    /// When.
    pub recorded_at: jiff::Timestamp,
}
