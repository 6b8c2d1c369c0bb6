//! Who cares for whom: relationship rows of an Encounter, written in the commit that writes the Encounter.

use super::Transaction;
use crate::audit::Subject;
use crate::{Error, Prepared};
use fhir::json::{Limits, Text, Value};
use rusqlite::OptionalExtension;
use std::rc::Rc;

impl Transaction {
    /// Replaces the relationships that an Encounter causes. One that was ended keeps its end.
    pub(super) fn relate(
        &mut self,
        rid: i64,
        resource: &Prepared,
        subjects: &[Subject],
    ) -> Result<(), Error> {
        if resource.type_ != "Encounter" {
            return Ok(());
        }
        let conn = Rc::clone(&self.conn);
        let earlier: Option<(i64, Option<i64>)> = conn
            .prepare_cached(
                "SELECT min(started), max(ended) FROM relationship WHERE cause = ?1 HAVING count(*) > 0",
            )?
            .query_row([rid], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        conn.prepare_cached("DELETE FROM relationship WHERE cause = ?1")?.execute([rid])?;
        let Some(stated) = &resource.derived.relationship else { return Ok(()) };
        let organisation = match (&stated.ods, &stated.organisation) {
            (Some(ods), _) => ods.clone(),
            (None, Some(id)) => self.ods_of(id)?.unwrap_or_else(|| id.clone()),
            (None, None) => return Ok(()),
        };
        let now = self.now_us();
        let started = earlier.map_or(now, |(started, _)| started);
        let ended = (!stated.open).then(|| earlier.and_then(|(_, ended)| ended).unwrap_or(now));
        let mut insert =
            conn.prepare_cached("INSERT OR REPLACE INTO relationship VALUES (?1, ?2, ?3, ?4, ?5)")?;
        for subject in subjects {
            insert.execute((subject.key, organisation.as_str(), rid, started, ended))?;
        }
        Ok(())
    }

    /// The ODS code of a stored Organization.
    fn ods_of(&self, id: &str) -> Result<Option<Text>, Error> {
        let json: Option<Vec<u8>> = self
            .conn
            .prepare_cached(
                "SELECT v.json FROM resource r JOIN type t ON t.id = r.type JOIN version v ON v.position = r.position \
                 WHERE t.name = 'Organization' AND r.id = ?1 AND r.deleted = 0",
            )?
            .query_row([id], |row| row.get(0))
            .optional()?;
        let Some(Ok(organisation)) = json.map(|json| fhir::json::parse(&json, &Limits::default())) else {
            return Ok(None);
        };
        let is_ods = |identifier: &&Value| identifier.text_at(&["system"]) == Some(fhir::systems::ODS);
        let code = organisation.items("identifier").iter().find(is_ods);
        Ok(code.and_then(|identifier| identifier.text_at(&["value"])).map(Text::from))
    }
}
