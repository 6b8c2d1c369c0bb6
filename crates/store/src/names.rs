//! Interned names: resource types, systems and patients as small numbers.
//!
//! The tables are the truth; the caches hold only names of finished commits, so a rolled-back write leaves none behind.

use crate::Error;
use fhir::json::Text;
use rusqlite::{Connection, OptionalExtension};
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

/// Entries one cache keeps before it starts anew.
const CACHE: usize = 1 << 16;

/// One kind of name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Resource type.
    Type,
    /// Identifier or code system.
    System,
    /// Logical id of a Patient.
    Patient,
}

impl Kind {
    fn select(self) -> &'static str {
        match self {
            Self::Type => "SELECT id FROM type WHERE name = ?1",
            Self::System => "SELECT id FROM system WHERE uri = ?1",
            Self::Patient => "SELECT id FROM patient WHERE fhir_id = ?1",
        }
    }

    fn insert(self) -> &'static str {
        match self {
            Self::Type => "INSERT INTO type(name) VALUES (?1)",
            Self::System => "INSERT INTO system(uri) VALUES (?1)",
            Self::Patient => "INSERT INTO patient(fhir_id) VALUES (?1)",
        }
    }
}

/// The caches.
#[derive(Default)]
pub(crate) struct Names {
    types: RwLock<HashMap<Text, i64>>,
    systems: RwLock<HashMap<Text, i64>>,
    patients: RwLock<HashMap<Text, i64>>,
    type_names: RwLock<HashMap<i64, Text>>,
}

impl Names {
    fn cache(&self, kind: Kind) -> &RwLock<HashMap<Text, i64>> {
        match kind {
            Kind::Type => &self.types,
            Kind::System => &self.systems,
            Kind::Patient => &self.patients,
        }
    }

    fn cached(&self, kind: Kind, name: &str) -> Option<i64> {
        self.cache(kind).read().unwrap_or_else(PoisonError::into_inner).get(name).copied()
    }

    /// Remembers a name of a finished commit.
    pub(crate) fn remember(&self, kind: Kind, name: Text, id: i64) {
        let mut cache = self.cache(kind).write().unwrap_or_else(PoisonError::into_inner);
        if cache.len() >= CACHE {
            cache.clear();
        }
        cache.insert(name, id);
    }

    /// The number of a name, when it has one.
    pub(crate) fn find(&self, conn: &Connection, kind: Kind, name: &str) -> Result<Option<i64>, Error> {
        if let Some(id) = self.cached(kind, name) {
            return Ok(Some(id));
        }
        Ok(conn.prepare_cached(kind.select())?.query_row([name], |row| row.get(0)).optional()?)
    }

    /// The number of a name, given to it now when it had none. For the writer only.
    pub(crate) fn intern(&self, conn: &Connection, kind: Kind, name: &str) -> Result<(i64, bool), Error> {
        if let Some(id) = self.cached(kind, name) {
            return Ok((id, false));
        }
        if let Some(id) = self.find(conn, kind, name)? {
            return Ok((id, true));
        }
        conn.prepare_cached(kind.insert())?.execute([name])?;
        Ok((conn.last_insert_rowid(), true))
    }

    /// The name of a resource type.
    pub(crate) fn type_name(&self, conn: &Connection, id: i64) -> Result<Text, Error> {
        if let Some(name) = self.type_names.read().unwrap_or_else(PoisonError::into_inner).get(&id) {
            return Ok(name.clone());
        }
        let name: String =
            conn.prepare_cached("SELECT name FROM type WHERE id = ?1")?.query_row([id], |row| row.get(0))?;
        let name = Text::from(name);
        Ok(name)
    }

    /// Reads the types of an opened database.
    pub(crate) fn load(&self, conn: &Connection) -> Result<(), rusqlite::Error> {
        let mut statement = conn.prepare("SELECT id, name FROM type")?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))?;
        for row in rows {
            let (id, name) = row?;
            self.remember_type(Text::from(name), id);
        }
        Ok(())
    }

    /// Remembers a type of a finished commit, in both directions.
    pub(crate) fn remember_type(&self, name: Text, id: i64) {
        self.type_names.write().unwrap_or_else(PoisonError::into_inner).insert(id, name.clone());
        self.remember(Kind::Type, name, id);
    }
}
