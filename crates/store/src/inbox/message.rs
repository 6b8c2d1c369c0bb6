//! A message as it arrives and as it is kept.

use crate::{Error, Role, Snapshot, Transaction};
use fhir::json::Text;
use rusqlite::OptionalExtension;
use sha2::Digest as _;
use std::rc::Rc;

/// A message as it came off the wire, with the key its sender gave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The connection or file it came by; messages are worked off in order within a source.
    pub source: Text,
    /// MSH-3, empty when it could not be read.
    pub application: Text,
    /// MSH-4.
    pub facility: Text,
    /// MSH-10.
    pub control_id: Text,
    /// The message, byte for byte.
    pub raw: Vec<u8>,
}

impl Arrival {
    pub(crate) fn sha256(&self) -> [u8; 32] {
        sha2::Sha256::digest(&self.raw).into()
    }
}

/// What became of an arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Number of the message; of the first one, for a duplicate.
    pub id: i64,
    /// The same sender, control id and bytes came before: there is nothing more to do.
    pub duplicate: bool,
    /// The same sender used this control id for other bytes before. The message is kept and flagged.
    pub control_id_reused: bool,
}

/// Where a message stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Durable, not worked off.
    Received,
    /// Its effect is in the record.
    Applied,
    /// It could not be applied; a person must look at it.
    Dead,
    /// It asks for nothing here.
    Ignored,
}

impl State {
    pub(crate) fn number(self) -> i64 {
        match self {
            Self::Received => 0,
            Self::Applied => 1,
            Self::Dead => 2,
            Self::Ignored => 3,
        }
    }

    pub(crate) fn of_number(number: i64) -> Self {
        match number {
            0 => Self::Received,
            1 => Self::Applied,
            2 => Self::Dead,
            _ => Self::Ignored,
        }
    }
}

/// A kept message with its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Number.
    pub id: i64,
    /// What arrived.
    pub arrival: Arrival,
    /// When, in microseconds since 1970, UTC.
    pub received_at: i64,
    /// Where it stands.
    pub state: State,
}

const COLUMNS: &str = "id, source, application, facility, control_id, raw, received_at, state";

impl Snapshot {
    /// Messages not worked off yet, oldest first, at most `limit`. Numbers grow in order of arrival, so the order of
    /// each source is kept.
    ///
    /// # Errors
    /// [`Error::Forbidden`] unless the actor is the system.
    pub fn inbox_pending(&self, limit: usize) -> Result<Vec<Message>, Error> {
        self.admit_feed()?;
        let sql = format!("SELECT {COLUMNS} FROM inbox WHERE state = 0 ORDER BY id LIMIT ?1");
        let mut statement = self.conn.prepare_cached(&sql)?;
        let rows = statement.query_map([i64::try_from(limit).unwrap_or(i64::MAX)], message)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One message with its bytes.
    ///
    /// # Errors
    /// [`Error::Forbidden`] unless the actor is the system: raw messages hold patients' records.
    pub fn inbox_message(&self, id: i64) -> Result<Message, Error> {
        self.admit_feed()?;
        let sql = format!("SELECT {COLUMNS} FROM inbox WHERE id = ?1");
        self.conn.prepare_cached(&sql)?.query_row([id], message).optional()?.ok_or(Error::NotFound)
    }

    fn admit_feed(&self) -> Result<(), Error> {
        if self.actor.role == Role::System { Ok(()) } else { Err(Error::Forbidden) }
    }
}

impl Transaction {
    /// Keeps a message, or finds it kept.
    pub(crate) fn receive(&mut self, arrival: &Arrival, sha256: &[u8; 32]) -> Result<Receipt, Error> {
        self.admit_feed()?;
        let conn = Rc::clone(&self.conn);
        let mut known = conn.prepare_cached(
            "SELECT id, sha256 FROM inbox WHERE application = ?1 AND facility = ?2 AND control_id = ?3 ORDER BY id",
        )?;
        let mut rows = known.query((
            arrival.application.as_str(),
            arrival.facility.as_str(),
            arrival.control_id.as_str(),
        ))?;
        let mut control_id_reused = false;
        while let Some(row) = rows.next()? {
            if row.get::<_, [u8; 32]>(1)? == *sha256 {
                let id = row.get(0)?;
                conn.prepare_cached("UPDATE inbox SET repeats = repeats + 1 WHERE id = ?1")?.execute([id])?;
                return Ok(Receipt { id, duplicate: true, control_id_reused: false });
            }
            control_id_reused = !arrival.control_id.is_empty();
        }
        drop(rows);
        conn.prepare_cached(
            "INSERT INTO inbox(source, application, facility, control_id, sha256, received_at, raw, reused) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute((
            arrival.source.as_str(),
            arrival.application.as_str(),
            arrival.facility.as_str(),
            arrival.control_id.as_str(),
            sha256.as_slice(),
            self.now_us(),
            &arrival.raw,
            control_id_reused,
        ))?;
        self.touch();
        Ok(Receipt { id: conn.last_insert_rowid(), duplicate: false, control_id_reused })
    }
}

fn message(row: &rusqlite::Row<'_>) -> rusqlite::Result<Message> {
    let text = |at: usize| -> rusqlite::Result<Text> { Ok(Text::from(row.get_ref(at)?.as_str()?)) };
    Ok(Message {
        id: row.get(0)?,
        arrival: Arrival {
            source: text(1)?,
            application: text(2)?,
            facility: text(3)?,
            control_id: text(4)?,
            raw: row.get(5)?,
        },
        received_at: row.get(6)?,
        state: State::of_number(row.get(7)?),
    })
}
