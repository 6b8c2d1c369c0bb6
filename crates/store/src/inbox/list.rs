//! The inbox as the operator sees it: keys, states and reasons, never the content of a message.

use super::State;
use crate::{Error, Role, Snapshot};
use fhir::json::Text;

/// One message without its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Number.
    pub id: i64,
    /// Connection or file it came by.
    pub source: Text,
    /// MSH-3.
    pub application: Text,
    /// MSH-4.
    pub facility: Text,
    /// MSH-10.
    pub control_id: Text,
    /// When it arrived, in microseconds since 1970, UTC.
    pub received_at: i64,
    /// Where it stands.
    pub state: State,
    /// The control id had been used for another message.
    pub control_id_reused: bool,
    /// How often the same message came again.
    pub repeats: u64,
    /// Why it is dead or ignored.
    pub reason: Option<String>,
    /// Version of the mapping that failed.
    pub mapper: Option<String>,
    /// First try, in microseconds since 1970, UTC.
    pub first_tried_at: Option<i64>,
    /// Last try.
    pub last_tried_at: Option<i64>,
    /// How often it was tried.
    pub tries: u64,
}

/// How many messages of a source stand where, and when the last one came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Connection or file.
    pub source: Text,
    /// Where they stand.
    pub state: State,
    /// How many.
    pub count: u64,
    /// How often messages among them came again.
    pub repeats: u64,
    /// How many of them came under a used control id.
    pub reused: u64,
    /// When the newest arrived, in microseconds since 1970, UTC.
    pub newest_at: i64,
    /// When the oldest arrived.
    pub oldest_at: i64,
}

impl Snapshot {
    /// Messages in a state, newest first, at most `limit`, with numbers below `before`.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for other roles than operator and system.
    pub fn inbox_list(&self, state: State, before: Option<i64>, limit: usize) -> Result<Vec<Listed>, Error> {
        self.admit_operator()?;
        let mut statement = self.conn.prepare_cached(
            "SELECT id, source, application, facility, control_id, received_at, state, reused, repeats, reason, mapper, \
             first_tried_at, last_tried_at, tries FROM inbox WHERE state = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = statement.query_map((state.number(), before.unwrap_or(i64::MAX), limit), listed)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many messages stand where, by source.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for other roles than operator and system.
    pub fn inbox_counts(&self) -> Result<Vec<Counts>, Error> {
        self.admit_operator()?;
        let mut statement = self.conn.prepare_cached(
            "SELECT source, state, count(*), max(received_at), min(received_at), sum(repeats), sum(reused) FROM inbox GROUP BY source, state",
        )?;
        let rows = statement.query_map([], |row| {
            Ok(Counts {
                source: Text::from(row.get_ref(0)?.as_str()?),
                state: State::of_number(row.get(1)?),
                count: row.get(2)?,
                newest_at: row.get(3)?,
                oldest_at: row.get(4)?,
                repeats: row.get(5)?,
                reused: row.get(6)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn admit_operator(&self) -> Result<(), Error> {
        if matches!(self.actor.role, Role::System | Role::Operator) { Ok(()) } else { Err(Error::Forbidden) }
    }
}

fn listed(row: &rusqlite::Row<'_>) -> rusqlite::Result<Listed> {
    let text = |at: usize| -> rusqlite::Result<Text> { Ok(Text::from(row.get_ref(at)?.as_str()?)) };
    Ok(Listed {
        id: row.get(0)?,
        source: text(1)?,
        application: text(2)?,
        facility: text(3)?,
        control_id: text(4)?,
        received_at: row.get(5)?,
        state: State::of_number(row.get(6)?),
        control_id_reused: row.get(7)?,
        repeats: row.get(8)?,
        reason: row.get(9)?,
        mapper: row.get(10)?,
        first_tried_at: row.get(11)?,
        last_tried_at: row.get(12)?,
        tries: row.get(13)?,
    })
}
