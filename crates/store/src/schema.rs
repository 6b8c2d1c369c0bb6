//! The tables, as numbered migrations that only ever add (expand), so that the previous program still runs.
//!
//! `p` of every index row is `type * 65536 + search-parameter id`. Index tables are `WITHOUT ROWID`, clustered on
//! the search key; the rows of a superseded version are removed by extracting them again from its document.

use crate::OpenError;
use rusqlite::Connection;

mod backfill;

/// Derives what a migration needs from the documents that are there.
type Fill = fn(&Connection) -> Result<(), OpenError>;

/// One migration: everything it adds, run in one commit.
struct Migration {
    number: u32,
    sql: &'static str,
    /// What has to be derived from the documents that are there.
    fill: Option<Fill>,
}

const fn adds(number: u32, sql: &'static str) -> Migration {
    Migration { number, sql, fill: None }
}

const MIGRATIONS: &[Migration] = &[
    adds(1, include_str!("schema/0001_record.sql")),
    adds(2, include_str!("schema/0002_search.sql")),
    adds(3, include_str!("schema/0003_audit.sql")),
    adds(4, include_str!("schema/0004_kept.sql")),
    Migration { number: 5, sql: "", fill: Some(backfill::relationships) },
    adds(6, include_str!("schema/0006_emergency.sql")),
    Migration { number: 7, sql: include_str!("schema/0007_merged.sql"), fill: Some(backfill::merges) },
];

/// The newest schema number this program knows.
pub(crate) const NEWEST: u32 = 7;

/// Brings the database to the newest schema. Returns the numbers applied.
pub(crate) fn migrate(connection: &mut Connection, now_us: i64) -> Result<Vec<u32>, OpenError> {
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS migration(number INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT",
    )?;
    let found: u32 =
        connection.query_row("SELECT coalesce(max(number), 0) FROM migration", [], |row| row.get(0))?;
    if found > NEWEST {
        return Err(OpenError::SchemaTooNew { found, known: NEWEST });
    }
    let mut applied = Vec::new();
    for migration in MIGRATIONS.iter().filter(|migration| migration.number > found) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(migration.sql)?;
        if let Some(fill) = migration.fill {
            fill(&transaction)?;
        }
        transaction.execute("INSERT INTO migration VALUES (?1, ?2)", (migration.number, now_us))?;
        transaction.commit()?;
        applied.push(migration.number);
    }
    Ok(applied)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrates_once_and_refuses_the_future() {
        let mut connection = Connection::open_in_memory().unwrap();
        assert_eq!(migrate(&mut connection, 1).unwrap(), [1, 2, 3, 4, 5, 6, 7]);
        assert!(migrate(&mut connection, 2).unwrap().is_empty());
        connection.execute("INSERT INTO migration VALUES (99, 0)", []).unwrap();
        assert!(matches!(
            migrate(&mut connection, 3),
            Err(OpenError::SchemaTooNew { found: 99, known: NEWEST })
        ));
    }

    #[test]
    fn the_newest_number_is_the_last() {
        assert_eq!(MIGRATIONS.last().unwrap().number, NEWEST);
        assert!(MIGRATIONS.windows(2).all(|pair| pair[0].number + 1 == pair[1].number));
    }
}
