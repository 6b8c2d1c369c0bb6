//! What an interaction leaves for the audit log before it has a number, a time and an agent.

use fhir::json::Text;

/// Codes of audit-event-action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Action {
    /// `C`
    Create,
    /// `R`
    Read,
    /// `U`
    Update,
    /// `D`
    Delete,
    /// `E`: a query.
    Query,
}

impl Action {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Create => "C",
            Self::Read => "R",
            Self::Update => "U",
            Self::Delete => "D",
            Self::Query => "E",
        }
    }
}

/// A patient an interaction is about: the number of the id, and the id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Subject {
    pub key: i64,
    pub id: Text,
}

/// One row to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Draft {
    pub action: Action,
    /// FHIR interaction: `read`, `vread`, `search`, …
    pub interaction: &'static str,
    pub resource_type: Option<Text>,
    pub id: Option<Text>,
    pub version: Option<u64>,
    pub patient: Option<Subject>,
    /// The raw query string.
    pub query: Option<String>,
    /// Code of audit-event-outcome: 0 success, 4 minor failure.
    pub outcome: u8,
}

impl Draft {
    /// An interaction with one resource.
    pub(crate) fn entity(action: Action, interaction: &'static str, resource_type: &str, id: &str) -> Self {
        Self {
            action,
            interaction,
            resource_type: Some(Text::from(resource_type)),
            id: Some(Text::from(id)),
            version: None,
            patient: None,
            query: None,
            outcome: 0,
        }
    }

    /// A search, a history above the instance, the change feed.
    pub(crate) fn query(interaction: &'static str, resource_type: Option<&str>, query: String) -> Self {
        Self {
            action: Action::Query,
            interaction,
            resource_type: resource_type.map(Text::from),
            id: None,
            version: None,
            patient: None,
            query: Some(query),
            outcome: 0,
        }
    }

    /// The same with another action.
    pub(crate) fn doing(self, action: Action) -> Self {
        Self { action, ..self }
    }

    /// The same, found nothing.
    pub(crate) fn failed(self) -> Self {
        Self { outcome: 4, ..self }
    }
}
