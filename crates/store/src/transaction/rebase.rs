//! Search rows, compartments and relationships of present documents, derived again because our own address is another one.

use super::Transaction;
use crate::base::{self, Base};
use crate::{Error, Prepared, index};
use fhir::json::Text;
use rusqlite::OptionalExtension;
use std::rc::Rc;

impl Transaction {
    /// The rows of the resources that may refer to us by the present address or by an earlier one. An absolute reference
    /// has a search row of its own, so only an earlier address asks for a look into every document.
    pub(crate) fn concerned_by_base(&self, earlier: Option<&Base>) -> Result<Vec<i64>, Error> {
        let Some(present) = self.shared.base.as_ref() else { return Ok(Vec::new()) };
        let (present, earlier) = (present.as_str(), earlier.map(Base::as_str));
        let sql = match earlier {
            None => {
                "SELECT DISTINCT rid FROM idx_reference WHERE target = 0 AND instr(id, ?1) > 0 AND ?2 IS NULL"
            }
            Some(_) => {
                "SELECT r.rid FROM resource r JOIN version v ON v.position = r.position \
                 WHERE instr(v.json, CAST(?1 AS BLOB)) > 0 OR instr(v.json, CAST(?2 AS BLOB)) > 0"
            }
        };
        let mut statement = self.conn.prepare(sql)?;
        let rows = statement.query_map((present, earlier), |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Derives from the present document of a row what the present address makes of it.
    pub(crate) fn derive_again(&mut self, rid: i64) -> Result<(), Error> {
        let conn = Rc::clone(&self.conn);
        let found: Option<(i64, String, String, Vec<u8>)> = conn
            .prepare_cached(
                "SELECT r.type, t.name, r.id, v.json FROM resource r JOIN type t ON t.id = r.type \
                 JOIN version v ON v.position = r.position WHERE r.rid = ?1 AND r.deleted = 0",
            )?
            .query_row([rid], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
            .optional()?;
        let Some((type_id, name, id, json)) = found else { return Ok(()) };
        let derived = index::derived(&json, self.shared.base.as_ref())?;
        index::replace(self, rid, type_id, false, &derived)?;
        let resource = Prepared {
            type_: Text::from(name),
            id: Some(Text::from(id.as_str())),
            meta: Vec::new(),
            tail: Vec::new(),
            derived,
            is_part: false,
        };
        let subjects = self.subjects(&resource, &id)?;
        if !self.belongs_to(rid, &subjects)? {
            self.move_to((rid, false), type_id, &subjects)?;
            conn.prepare_cached("UPDATE resource SET settled = version WHERE rid = ?1")?.execute([rid])?;
        }
        self.relate(rid, &resource, &subjects)?;
        self.link(&resource, &id)
    }

    /// Keeps the present address with the rows that were derived with it.
    pub(crate) fn record_base(&self) -> Result<(), Error> {
        if let Some(present) = &self.shared.base {
            base::record(&self.conn, present)?;
        }
        Ok(())
    }
}
