//! The condition of a conditional create, update, delete or reference: search parameters that name one resource.

use crate::{Error, Snapshot};
use fhir::json::Text;
use fhir::search::{Handling, Query};

/// Search parameters on one type, as in `If-None-Exist` or `Practitioner?identifier=…`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Condition {
    /// The type searched.
    pub resource_type: Text,
    /// Names (with modifiers) and values, already percent-decoded.
    pub parameters: Vec<(String, String)>,
}

impl Snapshot {
    /// The logical ids that the actor may see and the condition matches, at most `limit`.
    ///
    /// # Errors
    /// [`Error::PreconditionFailed`] without criteria; [`Error::Invalid`] for what search does not know.
    pub fn matches(&self, condition: &Condition, limit: usize) -> Result<Vec<Text>, Error> {
        if condition.parameters.is_empty() {
            return Err(Error::PreconditionFailed("the condition has no criteria"));
        }
        self.may(crate::Interaction::Search, &condition.resource_type)?;
        self.matching(condition, limit)
    }

    fn matching(&self, condition: &Condition, limit: usize) -> Result<Vec<Text>, Error> {
        let parsed = Query::parse(&condition.resource_type, &condition.parameters, Handling::Strict);
        let query = parsed.map_err(Error::Invalid)?.query;
        if query.filters.is_empty() {
            return Err(Error::PreconditionFailed("the condition has no criteria"));
        }
        let found = crate::search::matching_rids(&self.conn, &self.actor, &self.asked(&query), limit)?;
        Ok(found.into_iter().map(|(_, id)| id).collect())
    }
}

impl Condition {
    /// The condition as a query string, for the audit row.
    pub(crate) fn query(&self) -> String {
        let pairs: Vec<String> =
            self.parameters.iter().map(|(name, value)| format!("{name}={value}")).collect();
        pairs.join("&")
    }
}
