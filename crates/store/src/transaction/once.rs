//! One effect for a request that comes twice: a form sent again, a button pressed again, a page loaded again.

use super::Transaction;
use crate::Error;
use rusqlite::OptionalExtension;

/// How long a repeat is known, in microseconds: seven days.
const REMEMBERED_US: i64 = 7 * 24 * 60 * 60 * 1_000_000;

impl Transaction {
    /// What came of this key when the same actor, through the same capability, brought it before; `None` the first time.
    /// Whoever gets `None` does the work and calls [`Transaction::settle_once`] in the same transaction.
    ///
    /// # Errors
    /// [`Error::Internal`] when the database fails.
    pub fn once(&mut self, key: &str) -> Result<Option<String>, Error> {
        let (agent, capability) = self.doer();
        let sql =
            "SELECT outcome FROM done WHERE agent = ?1 AND capability = ?2 AND key = ?3 AND ends_at > ?4";
        let now = self.now_us();
        let mut statement = self.conn.prepare_cached(sql)?;
        Ok(statement.query_row((agent, capability, key, now), |row| row.get(0)).optional()?)
    }

    /// Notes what came of a key. It holds only if this transaction does.
    ///
    /// # Errors
    /// [`Error::Conflict`] when the key is settled already.
    pub fn settle_once(&mut self, key: &str, outcome: &str) -> Result<(), Error> {
        let (agent, capability) = self.doer();
        let now = self.now_us();
        let sql = "INSERT INTO done VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (agent, capability, key) \
                   DO UPDATE SET outcome = excluded.outcome, ends_at = excluded.ends_at WHERE done.ends_at <= ?6";
        let settled = self.conn.prepare_cached(sql)?.execute((
            agent,
            capability,
            key,
            outcome,
            now.saturating_add(REMEMBERED_US),
            now,
        ))?;
        if settled == 1 { Ok(()) } else { Err(Error::Conflict("it was done before")) }
    }

    fn doer(&self) -> (String, &'static str) {
        (self.actor.id.to_string(), self.actor.via.map_or("", |via| via.name))
    }
}
