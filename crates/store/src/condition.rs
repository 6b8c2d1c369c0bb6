//! The condition of a conditional create, update, delete or reference: search parameters that name one resource.

use crate::{Error, Snapshot};
use fhir::json::Text;
use fhir::search::{Handling, Query};

/// So many are looked at to find what a conditional reference means; that many are never one person.
pub(crate) const MEANT: usize = 8;

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

    /// The ids that a conditional reference may mean: those that match, at most a few. Of the Patients that merges in force make
    /// one person, all of which keep the number that is asked for, it means the one that the others gave way to.
    ///
    /// # Errors
    /// As [`Snapshot::matches`].
    pub(crate) fn meant(&self, condition: &Condition) -> Result<Vec<Text>, Error> {
        self.survivor(condition, self.matches(condition, MEANT)?)
    }

    /// Of several Patients, the one that all others gave way to.
    pub(crate) fn survivor(&self, condition: &Condition, found: Vec<Text>) -> Result<Vec<Text>, Error> {
        if condition.resource_type != "Patient" || found.len() < 2 || found.len() == MEANT {
            return Ok(found);
        }
        for one in &found {
            let theirs = self.numbers(one)?;
            if found.iter().all(|id| theirs.iter().any(|(_, number)| number == id)) {
                return Ok(vec![one.clone()]);
            }
        }
        Ok(found)
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
