//! Append-only streams of facts: what a source said, when it happened and when we learnt it.
//!
//! A stream belongs to a slice of `care` (`stay:<source>:<visit>`); the store keeps order and idempotence and never
//! reads a body. Facts are working memory of the system's rules: they are open to staff roles and the system's own
//! workers, never to patients, and a slice opens only streams of a record its actor may read.

use crate::{Error, Role, Snapshot, Transaction};
use fhir::json::Text;
use rusqlite::OptionalExtension;
use std::rc::Rc;

/// A fact to put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The stream it belongs to.
    pub stream: Text,
    /// Unique in the stream. The same key and body again has no effect; another body replaces the fact.
    pub key: Text,
    /// When it happened, in microseconds since 1970, UTC.
    pub occurred_at: i64,
    /// The words of the slice.
    pub body: Vec<u8>,
    /// The inbox message that said so.
    pub message: Option<i64>,
}

/// A fact as it stands in its stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedFact {
    /// What was put.
    pub fact: Fact,
    /// When we learnt it, in microseconds since 1970, UTC.
    pub recorded_at: i64,
    /// When another fact under the same key replaced it.
    pub ended_at: Option<i64>,
}

/// What putting a fact did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// It is new.
    Added,
    /// The same fact was there.
    Known,
    /// It replaced a fact with the same key.
    Replaced,
}

const COLUMNS: &str = "stream, key, occurred_at, body, message, recorded_at, ended_at";

impl Snapshot {
    /// The facts of a stream that hold now, by `occurred_at`, then in the order they were learnt.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for patients, carers, surgeries and operators.
    pub fn facts(&self, stream: &str) -> Result<Vec<RecordedFact>, Error> {
        self.facts_where(stream, "AND ended_at IS NULL ORDER BY occurred_at, id")
    }

    /// Every fact a stream ever had, in the order they were learnt.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for patients, carers, surgeries and operators.
    pub fn fact_history(&self, stream: &str) -> Result<Vec<RecordedFact>, Error> {
        self.facts_where(stream, "ORDER BY id")
    }

    /// A mark of a stream that is another one as soon as the stream is: what was decided on the stream's facts holds
    /// while its mark is the same.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for patients and operators.
    pub fn stream_mark(&self, stream: &str) -> Result<i64, Error> {
        self.admit_facts()?;
        let newest = "SELECT coalesce(max(id), 0) FROM fact INDEXED BY fact_stream WHERE stream = ?1";
        Ok(self.conn.prepare_cached(newest)?.query_row([stream], |row| row.get(0))?)
    }

    fn facts_where(&self, stream: &str, rest: &str) -> Result<Vec<RecordedFact>, Error> {
        self.admit_facts()?;
        let index = if rest.starts_with("AND") { "INDEXED BY fact_current" } else { "" };
        let sql = format!("SELECT {COLUMNS} FROM fact {index} WHERE stream = ?1 {rest}");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let rows = statement.query_map([stream], recorded)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn admit_facts(&self) -> Result<(), Error> {
        match self.actor.role {
            _ if self.actor.is_on_behalf() && self.actor.role != Role::System => Err(Error::Forbidden),
            Role::WardStaff { .. } | Role::Receptionist | Role::Backend { .. } | Role::System => Ok(()),
            _ => Err(Error::Forbidden),
        }
    }
}

impl Transaction {
    /// Puts a fact into its stream.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for patients, carers, surgeries and operators.
    pub fn put_fact(&mut self, fact: &Fact) -> Result<Put, Error> {
        self.admit_facts()?;
        let conn = Rc::clone(&self.conn);
        let known: Option<(i64, i64, Vec<u8>)> = conn
            .prepare_cached(
                "SELECT id, occurred_at, body FROM fact WHERE stream = ?1 AND key = ?2 AND ended_at IS NULL",
            )?
            .query_row((fact.stream.as_str(), fact.key.as_str()), |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })
            .optional()?;
        let put = match known {
            Some((_, at, body)) if at == fact.occurred_at && body == fact.body => return Ok(Put::Known),
            Some((id, ..)) => {
                conn.prepare_cached("UPDATE fact SET ended_at = ?2 WHERE id = ?1")?
                    .execute((id, self.now_us()))?;
                Put::Replaced
            }
            None => Put::Added,
        };
        conn.prepare_cached(
            "INSERT INTO fact(stream, key, occurred_at, recorded_at, message, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute((
            fact.stream.as_str(),
            fact.key.as_str(),
            fact.occurred_at,
            self.now_us(),
            fact.message,
            &fact.body,
        ))?;
        self.touch();
        Ok(put)
    }

    /// Ends a fact that another fact of the stream, put by this write, makes superfluous. It stays in the stream's history.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for patients and operators.
    pub fn end_fact(&mut self, stream: &str, key: &str) -> Result<(), Error> {
        self.admit_facts()?;
        self.conn
            .prepare_cached(
                "UPDATE fact SET ended_at = ?3 WHERE stream = ?1 AND key = ?2 AND ended_at IS NULL",
            )?
            .execute((stream, key, self.now_us()))?;
        Ok(())
    }
}

fn recorded(row: &rusqlite::Row<'_>) -> rusqlite::Result<RecordedFact> {
    let text = |at: usize| -> rusqlite::Result<Text> { Ok(Text::from(row.get_ref(at)?.as_str()?)) };
    Ok(RecordedFact {
        fact: Fact {
            stream: text(0)?,
            key: text(1)?,
            occurred_at: row.get(2)?,
            body: row.get(3)?,
            message: row.get(4)?,
        },
        recorded_at: row.get(5)?,
        ended_at: row.get(6)?,
    })
}
