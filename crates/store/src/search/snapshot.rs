//! Search as a snapshot offers it: with the audit rows that its answer owes.

use super::{Limits, SearchPage, search};
use crate::audit::Draft;
use crate::{Error, Interaction, Snapshot};
use fhir::search::Query;
use std::borrow::Cow;

impl Snapshot {
    /// The query as the index is asked: references to our own address are as good as relative ones.
    pub(crate) fn asked<'q>(&self, query: &'q Query) -> Cow<'q, Query> {
        self.shared.base.as_ref().map_or(Cow::Borrowed(query), |base| base.asked(query))
    }

    /// Searches a type, as far as the actor may see it.
    ///
    /// # Errors
    /// [`Error::Forbidden`] when the type is closed to the role, [`Error::Invalid`] for a value or cursor that cannot be
    /// used, [`Error::TooCostly`] beyond a limit.
    pub fn search(&mut self, query: &Query) -> Result<SearchPage, Error> {
        self.may(Interaction::Search, query.resource_type)?;
        let asked = self.asked(query);
        if query.resource_type == "AuditEvent" {
            return self.search_events(query, &asked);
        }
        let page = search(&self.conn, &self.actor, &asked, &Limits::default())?;
        let rids: Vec<i64> = page.entries.iter().map(|entry| entry.rid).collect();
        let raw: Vec<String> =
            query.to_pairs().into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        let draft = Draft::query("search", Some(query.resource_type), raw.join("&"));
        self.record_many(draft, &rids)?;
        Ok(page)
    }

    /// How many resources fulfil a query, as far as the actor may see them.
    ///
    /// # Errors
    /// As [`Snapshot::search`].
    pub fn count_matches(&mut self, query: &Query) -> Result<u64, Error> {
        self.may(Interaction::Search, query.resource_type)?;
        let found = super::count(&self.conn, &self.actor, &self.asked(query))?;
        self.record(Draft::query("search", Some(query.resource_type), String::from("_summary=count")));
        Ok(found)
    }
}
