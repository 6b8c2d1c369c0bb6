//! Examining a record: the file, the hash of every version, the search rows of every resource against what its document
//! says, who is linked with whom, rows that belong to nothing, the audit log. Reads only; an open store may go on working.

mod merges;

use crate::audit::{self, Report as AuditReport};
use crate::extract::Row;
use crate::snapshot::Stored;
use crate::{Error, OpenError, index, open};
use fhir::json::Text;
use merges::Merges;
use rusqlite::{Connection, OpenFlags};
use std::collections::HashSet;
use std::path::Path;

/// Findings of one kind a report names at most; all are counted.
const NAMED: usize = 20;

/// One thing that is wrong, without values of the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// SQLite says so.
    File(String),
    /// A version's bytes are not those of its hash.
    Hash {
        /// Its place in the change feed.
        position: u64,
    },
    /// A resource row and its version rows disagree, or versions are missing.
    Version {
        /// Type and id.
        reference: String,
    },
    /// Search rows are missing, or there are some too many.
    Index {
        /// Type and id.
        reference: String,
        /// Rows that are missing.
        missing: usize,
        /// Rows that nothing in the document explains.
        extra: usize,
    },
    /// The compartments are not those of the document.
    Compartment {
        /// Type and id.
        reference: String,
    },
    /// What is kept of a Patient's merges is not what it says.
    Merge {
        /// Type and id.
        reference: String,
    },
    /// A Patient gave way, over others perhaps, to itself.
    Circle {
        /// Type and id.
        reference: String,
    },
    /// A Patient gave way to two who are not one in the end: both reach its record.
    Parted {
        /// Type and id.
        reference: String,
    },
    /// Rows of a table belong to no resource.
    Orphans {
        /// The table.
        table: &'static str,
        /// How many.
        rows: u64,
    },
}

/// What opens nothing and breaks nothing, and somebody should know of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remark {
    /// A Patient speaks of a merge, and the other one does not.
    OneSided {
        /// Who says so, as type and id.
        reference: String,
        /// Who does not.
        other: String,
    },
    /// A Patient speaks of a merge with one that is not here.
    Nobody {
        /// Who says so, as type and id.
        reference: String,
        /// Who is not here.
        other: String,
    },
}

/// The result of an examination.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Resources examined, deleted ones included.
    pub resources: u64,
    /// Versions examined.
    pub versions: u64,
    /// How many things are wrong with the record.
    pub faults: u64,
    /// The first of them.
    pub findings: Vec<Finding>,
    /// How many things are worth a look and no fault.
    pub remarked: u64,
    /// The first of them.
    pub remarks: Vec<Remark>,
    /// The audit log.
    pub audit: AuditReport,
}

impl Report {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.faults == 0 && self.audit.is_sound()
    }

    fn find(&mut self, finding: Finding) {
        self.faults += 1;
        if self.findings.len() < NAMED {
            self.findings.push(finding);
        }
    }

    fn remark(&mut self, remark: Remark) {
        self.remarked += 1;
        if self.remarks.len() < NAMED {
            self.remarks.push(remark);
        }
    }
}

/// Examines the record in a directory.
///
/// # Errors
/// [`OpenError`] when it cannot be read at all.
pub fn examine(directory: &Path) -> Result<Report, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(directory.join(open::DATABASE), flags)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    connection.set_prepared_statement_cache_capacity(64);
    let mut report = Report::default();
    file(&connection, &mut report)?;
    connection.execute_batch("BEGIN")?;
    versions(&connection, &mut report)?;
    resources(&connection, &mut report)
        .map_err(|error| OpenError::Damaged(format!("the examination stopped: {error}")))?;
    orphans(&connection, &mut report)?;
    drop(connection);
    report.audit = audit::verify(directory)?;
    Ok(report)
}

fn file(connection: &Connection, report: &mut Report) -> Result<(), OpenError> {
    let mut statement = connection.prepare("PRAGMA integrity_check(20)")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let finding: String = row.get(0)?;
        if finding != "ok" {
            report.find(Finding::File(finding));
        }
    }
    Ok(())
}

fn versions(connection: &Connection, report: &mut Report) -> Result<(), OpenError> {
    use sha2::Digest as _;
    let mut statement = connection.prepare("SELECT position, json, sha256 FROM version")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        report.versions += 1;
        let json = row.get_ref(1)?.as_blob_or_null().ok().flatten().unwrap_or_default();
        let hash: Option<[u8; 32]> = row.get(2).ok();
        if hash != Some(sha2::Sha256::digest(json).into()) {
            report.find(Finding::Hash { position: row.get(0)? });
        }
    }
    Ok(())
}

/// Every resource row against its versions, its search rows and its compartments.
fn resources(connection: &Connection, report: &mut Report) -> Result<(), Error> {
    let base = crate::base::recorded(connection)?;
    let mut statement = connection.prepare(
        "SELECT r.rid, r.type, t.name, r.id, r.version, r.updated, r.deleted, v.version, v.updated, v.json, v.sha256, \
         (SELECT count(*) FROM version w WHERE w.rid = r.rid) \
         FROM resource r LEFT JOIN type t ON t.id = r.type LEFT JOIN version v ON v.position = r.position AND v.rid = r.rid",
    )?;
    let mut merges = Merges::default();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        report.resources += 1;
        let (rid, type_id): (i64, i64) = (row.get(0)?, row.get(1)?);
        let (name, id): (Option<String>, String) = (row.get(2)?, row.get(3)?);
        let (name, reference) = (name.clone(), format!("{}/{id}", name.unwrap_or_default()));
        let (version, updated, deleted): (u64, i64, bool) = (row.get(4)?, row.get(5)?, row.get(6)?);
        let stored = Stored::of(row, 7).ok();
        let agrees = stored.as_ref().is_some_and(|stored| {
            stored.version == version && stored.updated == updated && stored.json.is_none() == deleted
        });
        if !agrees || name.is_none() || row.get::<_, u64>(11)? != version {
            report.find(Finding::Version { reference });
            continue;
        }
        let json = stored.and_then(|stored| stored.json);
        let derived = match &json {
            Some(json) => index::derived(json, base.as_ref())?,
            None => crate::extract::Derived::default(),
        };
        let wanted: HashSet<Row> = derived.rows.into_iter().collect();
        let present = index::stored(connection, type_id, rid)?;
        if wanted != present {
            let (missing, extra) = (wanted.difference(&present).count(), present.difference(&wanted).count());
            report.find(Finding::Index { reference: reference.clone(), missing, extra });
        }
        // A deleted resource keeps the compartments of its last content.
        if json.is_some() {
            let mut patients = derived.patients;
            if name.as_deref() == Some("Patient") {
                merges.hear(&id, &derived.stated.links);
                patients.push(Text::from(id));
            }
            if patients.into_iter().collect::<HashSet<_>>() != compartments(connection, rid)? {
                report.find(Finding::Compartment { reference });
            }
        }
    }
    merges.conclude(connection, report)
}

fn compartments(connection: &Connection, rid: i64) -> Result<HashSet<Text>, Error> {
    let mut statement = connection.prepare_cached(
        "SELECT p.fhir_id FROM compartment c JOIN patient p ON p.id = c.patient WHERE c.rid = ?1",
    )?;
    let rows = statement.query_map([rid], |row| Ok(Text::from(row.get_ref(0)?.as_str()?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn orphans(connection: &Connection, report: &mut Report) -> Result<(), OpenError> {
    for (table, column) in [
        ("version", "rid"),
        ("idx_string", "rid"),
        ("idx_token", "rid"),
        ("idx_reference", "rid"),
        ("idx_date", "rid"),
        ("idx_number", "rid"),
        ("idx_quantity", "rid"),
        ("idx_uri", "rid"),
        ("compartment", "rid"),
        ("relationship", "cause"),
    ] {
        let sql = format!(
            "SELECT count(*) FROM {table} x WHERE NOT EXISTS (SELECT 1 FROM resource r WHERE r.rid = x.{column})"
        );
        let rows: u64 = connection.query_row(&sql, [], |row| row.get(0))?;
        if rows > 0 {
            report.find(Finding::Orphans { table, rows });
        }
    }
    Ok(())
}
