//! Rows with an end that are no part of the record: sessions, drafts, the state of a sign-in. They are as durable as a
//! resource, and never searched, never audited, never in an answer of the FHIR door. Whoever keeps one chooses what its
//! key is; a secret belongs into the key only as its hash.

use crate::{Actor, Error, Store, Transaction};
use fhir::json::Text;
use rusqlite::OptionalExtension;
use std::future::Future;
use std::rc::Rc;

/// Rows that one commit of a sweep takes away at most, so that nobody waits long behind it.
const SWEPT_AT_ONCE: u32 = 2_000;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// What it is, such as `session`.
    pub kind: Text,
    /// Its name within the kind.
    pub key: Text,
    /// Whom it is kept for, so that all of theirs can be forgotten at once; may be empty.
    pub owner: Text,
    /// What is kept.
    pub body: Vec<u8>,
    /// From this instant on it is gone.
    pub ends_at: jiff::Timestamp,
}

impl Store {
    /// Keeps a row, in place of the one of the same kind and key. Resolves when it is on the disk.
    ///
    /// # Errors
    /// [`Error::ReadOnly`], [`Error::Stopped`], [`Error::Busy`].
    pub fn keep(&self, kept: Kept) -> impl Future<Output = Result<(), Error>> + Send + use<> {
        self.write(keeper(), move |transaction| {
            transaction
                .conn
                .prepare_cached("INSERT OR REPLACE INTO kept VALUES (?1, ?2, ?3, ?4, ?5)")?
                .execute((
                    kept.kind.as_str(),
                    kept.key.as_str(),
                    kept.owner.as_str(),
                    &kept.body,
                    kept.ends_at.as_microsecond(),
                ))?;
            Ok(())
        })
    }

    /// The row of that kind and key, unless its end has come.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub fn kept(
        &self,
        kind: &str,
        key: &str,
    ) -> impl Future<Output = Result<Option<Kept>, Error>> + Send + use<> {
        let (kind, key) = (Text::from(kind), Text::from(key));
        self.read(keeper(), move |snapshot| {
            let conn = Rc::clone(&snapshot.conn);
            find(&conn, (kind, key), snapshot.shared.environment.now_us())
        })
    }

    /// Forgets a row and gives out what it was, so that of two who ask for it at once only one gets it.
    ///
    /// # Errors
    /// As [`Store::keep`].
    pub fn forget(
        &self,
        kind: &str,
        key: &str,
    ) -> impl Future<Output = Result<Option<Kept>, Error>> + Send + use<> {
        let (kind, key) = (Text::from(kind), Text::from(key));
        self.write(keeper(), move |transaction| {
            let conn = Rc::clone(&transaction.conn);
            let found = find(&conn, (kind.clone(), key.clone()), transaction.now_us())?;
            conn.prepare_cached("DELETE FROM kept WHERE kind = ?1 AND key = ?2")?
                .execute((kind.as_str(), key.as_str()))?;
            Ok(found)
        })
    }

    /// Forgets every row of a kind that is kept for an owner, and says how many there were.
    ///
    /// # Errors
    /// As [`Store::keep`].
    pub fn forget_all(
        &self,
        kind: &str,
        owner: &str,
    ) -> impl Future<Output = Result<usize, Error>> + Send + use<> {
        let (kind, owner) = (Text::from(kind), Text::from(owner));
        self.write(keeper(), move |transaction| {
            let sql = "DELETE FROM kept WHERE owner = ?1 AND kind = ?2";
            Ok(transaction.conn.prepare_cached(sql)?.execute((owner.as_str(), kind.as_str()))?)
        })
    }

    /// Takes away the rows whose end has come, of [`Transaction::once`] too, and says how many.
    ///
    /// # Errors
    /// As [`Store::keep`].
    pub async fn sweep(&self) -> Result<usize, Error> {
        let mut swept = 0;
        loop {
            let gone = self.write(keeper(), sweep_some).await?;
            swept += gone;
            if gone == 0 {
                return Ok(swept);
            }
        }
    }
}

fn keeper() -> Actor {
    Actor::system("kept")
}

fn sweep_some(transaction: &mut Transaction) -> Result<usize, Error> {
    let now = transaction.now_us();
    let mut gone = 0;
    for (table, key) in [("kept", "(kind, key)"), ("done", "(agent, capability, key)")] {
        let columns = key.trim_matches(['(', ')']);
        let sql = format!(
            "DELETE FROM {table} WHERE {key} IN \
             (SELECT {columns} FROM {table} WHERE ends_at <= ?1 ORDER BY ends_at LIMIT {SWEPT_AT_ONCE})"
        );
        gone += transaction.conn.prepare_cached(&sql)?.execute([now])?;
    }
    Ok(gone)
}

fn find(conn: &rusqlite::Connection, (kind, key): (Text, Text), now_us: i64) -> Result<Option<Kept>, Error> {
    let row: Option<(String, Vec<u8>, i64)> = conn
        .prepare_cached(
            "SELECT owner, body, ends_at FROM kept WHERE kind = ?1 AND key = ?2 AND ends_at > ?3",
        )?
        .query_row((kind.as_str(), key.as_str(), now_us), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((owner, body, ends_at)) = row else { return Ok(None) };
    let ends_at = jiff::Timestamp::from_microsecond(ends_at).unwrap_or(jiff::Timestamp::MAX);
    Ok(Some(Kept { kind, key, owner: owner.into(), body, ends_at }))
}
