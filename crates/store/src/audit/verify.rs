//! Checking the audit log: every row against its leaf, the tree against every head, the heads in the database against
//! those outside it. Reads only; may run beside an open store.

use super::head::{FILE, Head};
use super::record::{AuditRecord, columns};
use super::tree::{Hash, Tree, leaf};
use crate::{OpenError, open};
use rusqlite::{Connection, OpenFlags};
use std::collections::BTreeMap;
use std::path::Path;

/// Findings a report holds at most; the first bad row is always among them.
const FINDINGS: usize = 100;

/// What is wrong with the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// A row is not what was recorded: its content, its number or its hash was changed, or it stands elsewhere.
    Altered {
        /// Number of the row.
        seq: u64,
    },
    /// Rows are missing from this number on.
    Missing {
        /// Number of the first missing row.
        seq: u64,
    },
    /// The end of the log was cut off.
    CutOff {
        /// Number of the first missing row.
        seq: u64,
    },
    /// Some row in the range was changed together with its hash: the tree is not that of the head.
    Rewritten {
        /// First row that may be bad.
        from: u64,
        /// Last row that may be bad.
        to: u64,
    },
    /// A head was not made with the key, or the database and the file disagree about it.
    Head {
        /// Rows the head covers.
        size: u64,
    },
}

impl Finding {
    /// Number of the first row that is or may be bad.
    #[must_use]
    pub fn first_row(&self) -> u64 {
        match *self {
            Self::Altered { seq } | Self::Missing { seq } | Self::CutOff { seq } => seq,
            Self::Rewritten { from, .. } => from,
            Self::Head { size } => size,
        }
    }
}

/// The result of a check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Rows checked.
    pub rows: u64,
    /// Heads checked, those in the database and those outside counted once.
    pub heads: u64,
    /// What is wrong, first rows first, a hundred at most.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.findings.is_empty()
    }

    /// Number of the first row that is or may be bad.
    #[must_use]
    pub fn first_bad_row(&self) -> Option<u64> {
        self.findings.iter().map(Finding::first_row).min()
    }
}

/// Checks the audit log of the store in a directory.
///
/// # Errors
/// [`OpenError`] when the database, the key or the file of heads cannot be read.
pub fn verify(directory: &Path) -> Result<Report, OpenError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(directory.join(open::DATABASE), flags)?;
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    // Heads outside are read first: the log may grow meanwhile, but never shrinks.
    let outside = outside(directory)?;
    connection.execute_batch("BEGIN")?;
    let mut check = Check::new(directory, &connection, outside)?;
    check.rows(&connection)?;
    check.end(&connection)?;
    let mut report = check.report;
    report.findings.sort_by_key(Finding::first_row);
    Ok(report)
}

fn outside(directory: &Path) -> Result<Vec<Option<Head>>, OpenError> {
    let path = directory.join(FILE);
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(text.lines().map(Head::of_line).collect()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(source) => Err(OpenError::Io { path: path.display().to_string(), source }),
    }
}

struct Check {
    report: Report,
    tree: Tree,
    /// Roots by size.
    heads: BTreeMap<u64, Hash>,
    /// Rows up to the last head that fits.
    sound: u64,
    last_at: i64,
    content: Vec<u8>,
}

impl Check {
    fn new(directory: &Path, connection: &Connection, outside: Vec<Option<Head>>) -> Result<Self, OpenError> {
        let key_path = directory.join(open::HEAD_KEY);
        let key: [u8; 32] = std::fs::read(&key_path)
            .map_err(|source| OpenError::Io { path: key_path.display().to_string(), source })?
            .try_into()
            .map_err(|_| OpenError::Damaged(format!("{} is not 32 bytes long", key_path.display())))?;
        let mut inside = BTreeMap::new();
        let mut statement =
            connection.prepare("SELECT size, root, recorded_at, mac FROM audit_head ORDER BY size")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let head =
                Head { size: row.get(0)?, root: row.get(1)?, recorded_at: row.get(2)?, mac: row.get(3)? };
            inside.insert(head.size, head);
        }
        let mut check = Self {
            report: Report::default(),
            tree: Tree::default(),
            heads: BTreeMap::new(),
            sound: 0,
            last_at: i64::MIN,
            content: Vec::with_capacity(512),
        };
        check.compare(inside, outside, &key);
        Ok(check)
    }

    /// Both sets of heads must be authentic and say the same. Only the newest may be missing outside: its process was
    /// killed between the commit and the file.
    fn compare(&mut self, inside: BTreeMap<u64, Head>, outside: Vec<Option<Head>>, key: &[u8; 32]) {
        let newest = inside.keys().next_back().copied();
        let mut found = BTreeMap::new();
        for head in outside {
            match head {
                Some(head) if head.authentic(key) => {
                    if inside.get(&head.size) != Some(&head) {
                        self.find(Finding::Head { size: head.size });
                    }
                    found.insert(head.size, head);
                }
                Some(head) => self.find(Finding::Head { size: head.size }),
                None => self.find(Finding::Head { size: 0 }),
            }
        }
        for (size, head) in inside {
            let known = found.contains_key(&size) || Some(size) == newest;
            if !known || !head.authentic(key) {
                self.find(Finding::Head { size });
            }
            found.entry(size).or_insert(head);
        }
        self.report.heads = found.len() as u64;
        self.heads = found.into_iter().map(|(size, head)| (size, head.root)).collect();
    }

    fn rows(&mut self, connection: &Connection) -> Result<(), OpenError> {
        let sql = format!(
            "SELECT {}, a.leaf, a.patient FROM audit a LEFT JOIN patient p ON p.id = a.patient ORDER BY a.seq",
            columns(connection)?
        );
        let mut statement = connection.prepare(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let seq: u64 = row.get(0)?;
            while self.tree.size() + 1 < seq && self.report.findings.len() < FINDINGS {
                self.find(Finding::Missing { seq: self.tree.size() + 1 });
                self.tree.append(Hash::default());
            }
            self.report.rows += 1;
            let hash = self.hash(row);
            let stored: Option<Hash> = row.get(20).ok();
            if hash.is_none() || hash != stored {
                self.find(Finding::Altered { seq });
            }
            self.tree.append(hash.unwrap_or_default());
            self.head_here();
        }
        Ok(())
    }

    /// The hash of what a row says now; `None` when it cannot be a row of the log.
    fn hash(&mut self, row: &rusqlite::Row<'_>) -> Option<Hash> {
        let record = AuditRecord::of(row).ok()?;
        let nameless = record.patient.is_none() && row.get::<_, Option<i64>>(21).ok()?.is_some();
        if nameless || record.recorded_at < self.last_at {
            return None;
        }
        self.last_at = record.recorded_at;
        record.content(&mut self.content);
        Some(leaf(&self.content))
    }

    /// Compares the tree with the head of its size, when there is one.
    fn head_here(&mut self) {
        let size = self.tree.size();
        let Some(root) = self.heads.get(&size) else { return };
        if *root != self.tree.root() && !self.explained(size) {
            self.find(Finding::Rewritten { from: self.sound + 1, to: size });
        }
        self.sound = size;
    }

    /// Whether a bad row was named already that makes every later root differ.
    fn explained(&self, size: u64) -> bool {
        self.report
            .findings
            .iter()
            .any(|finding| !matches!(finding, Finding::Head { .. }) && finding.first_row() <= size)
    }

    /// The end of the log: no head may cover more rows, and the tree must be the one the writer left.
    fn end(&mut self, connection: &Connection) -> Result<(), OpenError> {
        let size = self.tree.size();
        let (left, frontier): (u64, Vec<u8>) =
            connection.query_row("SELECT size, frontier FROM audit_tree", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        let covered = self.heads.keys().next_back().copied().unwrap_or(0).max(left);
        if covered > size {
            self.find(Finding::CutOff { seq: size + 1 });
        } else if Tree::of(left, &frontier).as_ref() != Some(&self.tree) && !self.explained(size) {
            self.find(Finding::Rewritten { from: self.sound + 1, to: size });
        }
        Ok(())
    }

    fn find(&mut self, finding: Finding) {
        if self.report.findings.len() < FINDINGS {
            self.report.findings.push(finding);
        }
    }
}
