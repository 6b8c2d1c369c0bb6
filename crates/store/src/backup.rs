//! Online backup and restore. A backup is a directory: the database as of one instant, the key and the heads of the
//! audit log, and a manifest of hashes. Every backup is restored into a scratch place and compared before it counts.

use crate::audit::head::{FILE as HEADS, Head, hex};
use crate::{OpenError, Position, open};
use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, backup};
use sha2::{Digest as _, Sha256};
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The manifest: one line for each file, then the position of the change feed.
const MANIFEST: &str = "manifest.txt";
/// The files of a backup.
const FILES: [&str; 3] = [open::DATABASE, open::HEAD_KEY, HEADS];
/// Pages copied before other work has its turn.
const PAGES: i32 = 1_000;
/// In the directory of a record: when its last backup that was compared and found equal was begun. It is of that directory
/// alone, so that no backup holds it and a restored record begins without.
const NOTE: &str = "bevan.backed-up";

/// Why a backup or a restore was not made.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The target holds something already.
    #[error("{0} is not empty")]
    NotEmpty(String),
    /// A file is not the one the manifest names.
    #[error("{0} is not what the manifest says; the backup is damaged")]
    Mismatch(String),
    /// The restored copy is not equal to the backup.
    #[error("the restored copy differs: {0}")]
    Differs(String),
    /// The manifest cannot be read.
    #[error("the manifest is missing or malformed")]
    Manifest,
    /// The file system refused.
    #[error("cannot use {path}: {source}")]
    Io {
        /// What was being used.
        path: String,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The database refused.
    #[error(transparent)]
    Open(#[from] OpenError),
}

impl From<rusqlite::Error> for BackupError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Open(error.into())
    }
}

/// What a backup or a restore holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The newest change in it.
    pub position: Position,
    /// Bytes of its database.
    pub bytes: u64,
    /// Rows of its audit log.
    pub audit_rows: u64,
}

/// Copies the record of `directory`, open or not, into the empty or absent directory `target`; restores the copy into a
/// scratch directory below it, compares, and takes the scratch away.
///
/// # Errors
/// [`BackupError`]; a target that was begun is not a backup as it has no manifest.
pub fn backup(directory: &Path, target: &Path) -> Result<Summary, BackupError> {
    make_empty(target)?;
    let key = target.join(open::HEAD_KEY);
    fs::copy(directory.join(open::HEAD_KEY), &key).map_err(io(key))?;
    let from = read_only(&directory.join(open::DATABASE))?;
    let mut to = Connection::open(target.join(open::DATABASE))?;
    backup::Backup::new(&from, &mut to)?.run_to_completion(PAGES, Duration::from_millis(1), None)?;
    to.pragma_update(None, "journal_mode", "DELETE")?;
    to.close().map_err(|(_, error)| error)?;
    heads(directory, target)?;
    for name in present(target) {
        sync(&target.join(name))?;
    }
    let position = position(&target.join(open::DATABASE))?;
    let mut manifest = String::new();
    for name in present(target) {
        manifest.push_str(&format!("sha256 {} {name}\n", hex(&hash(&target.join(name))?)));
    }
    manifest.push_str(&format!("position {}\n", position.0));
    let scratch = target.join("restored");
    fs::write(target.join(MANIFEST), manifest).map_err(io(target.join(MANIFEST)))?;
    let tried = restore(target, &scratch);
    fs::remove_dir_all(&scratch).map_err(io(scratch))?;
    if tried.is_err() {
        fs::remove_file(target.join(MANIFEST)).map_err(io(target.join(MANIFEST)))?;
    }
    sync(&target.join(MANIFEST)).and(tried)
}

/// Notes beside the record of `directory` that a backup begun at that instant is whole.
///
/// # Errors
/// [`BackupError::Io`] when the note cannot be written; the backup is good all the same.
pub fn note(directory: &Path, begun: Timestamp) -> Result<(), BackupError> {
    let (note, partial) = (directory.join(NOTE), directory.join(format!("{NOTE}.partial")));
    fs::write(&partial, format!("{begun}\n")).map_err(io(partial.clone()))?;
    sync(&partial)?;
    fs::rename(&partial, &note).map_err(io(note))?;
    sync_directory(directory)
}

/// When the last whole backup of the record of `directory` was begun; `None` when there was none, or its note cannot be read.
#[must_use]
pub fn last(directory: &Path) -> Option<Timestamp> {
    fs::read_to_string(directory.join(NOTE)).ok()?.trim().parse().ok()
}

/// Restores a backup into the empty or absent directory `target`: checks every hash, copies, and checks the copy, its
/// database and its audit log. A record that was not restored and checked to the end is not opened.
///
/// # Errors
/// [`BackupError`]; nothing in a target that is not empty is touched.
pub fn restore(from: &Path, target: &Path) -> Result<Summary, BackupError> {
    let (hashes, position) = manifest(from)?;
    for (name, expected) in &hashes {
        if hex(&hash(&from.join(name))?) != *expected {
            return Err(BackupError::Mismatch(name.clone()));
        }
    }
    make_empty(target)?;
    // Until the copy is checked, nobody opens it: this process may be killed in the middle.
    let unchecked = target.join(open::RESTORING);
    fs::write(&unchecked, "").map_err(io(unchecked.clone()))?;
    sync_directory(target)?;
    for (name, expected) in &hashes {
        fs::copy(from.join(name), target.join(name)).map_err(io(target.join(name)))?;
        sync(&target.join(name))?;
        if hex(&hash(&target.join(name))?) != *expected {
            return Err(BackupError::Differs(name.clone()));
        }
    }
    let database = target.join(open::DATABASE);
    let finding: String =
        read_only(&database)?.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if finding != "ok" {
        return Err(BackupError::Differs(finding));
    }
    if self::position(&database)? != position {
        return Err(BackupError::Differs(String::from("it ends at another change")));
    }
    let audit = crate::audit::verify(target)?;
    if let Some(row) = audit.first_bad_row() {
        return Err(BackupError::Differs(format!("row {row} of the audit log")));
    }
    let bytes = fs::metadata(&database).map_err(io(database))?.len();
    sync_directory(target)?;
    fs::remove_file(&unchecked).map_err(io(unchecked))?;
    sync_directory(target)?;
    Ok(Summary { position, bytes, audit_rows: audit.rows })
}

/// Copies the heads that the copied database knows; the log has gone on meanwhile.
fn heads(directory: &Path, target: &Path) -> Result<(), BackupError> {
    let from = directory.join(HEADS);
    if !from.exists() {
        return Ok(());
    }
    let newest: u64 = read_only(&target.join(open::DATABASE))?.query_row(
        "SELECT coalesce(max(size), 0) FROM audit_head",
        [],
        |row| row.get(0),
    )?;
    let text = fs::read_to_string(&from).map_err(io(from))?;
    // A line that cannot be read is kept: the check of the log must see it.
    let kept = text.lines().filter(|line| Head::of_line(line).is_none_or(|head| head.size <= newest));
    let kept: String = kept.flat_map(|line| [line, "\n"]).collect();
    fs::write(target.join(HEADS), kept).map_err(io(target.join(HEADS)))
}

fn manifest(from: &Path) -> Result<(Vec<(String, String)>, Position), BackupError> {
    let text = fs::read_to_string(from.join(MANIFEST)).map_err(|_| BackupError::Manifest)?;
    let (mut hashes, mut position) = (Vec::new(), None);
    for line in text.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        match words.as_slice() {
            ["sha256", hash, name] if FILES.contains(name) => {
                hashes.push(((*name).to_owned(), (*hash).to_owned()));
            }
            ["position", number] => position = number.parse().ok().map(Position),
            _ => return Err(BackupError::Manifest),
        }
    }
    let whole = [open::DATABASE, open::HEAD_KEY].iter().all(|name| hashes.iter().any(|(n, _)| n == name));
    position.filter(|_| whole).map(|position| (hashes, position)).ok_or(BackupError::Manifest)
}

fn present(directory: &Path) -> impl Iterator<Item = &'static str> {
    FILES.into_iter().filter(move |name| directory.join(name).exists())
}

fn make_empty(directory: &Path) -> Result<(), BackupError> {
    fs::create_dir_all(directory).map_err(io(directory.to_path_buf()))?;
    let mut entries = fs::read_dir(directory).map_err(io(directory.to_path_buf()))?;
    if entries.next().is_some() {
        return Err(BackupError::NotEmpty(directory.display().to_string()));
    }
    Ok(())
}

fn read_only(database: &Path) -> Result<Connection, rusqlite::Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(database, flags)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    Ok(connection)
}

fn position(database: &Path) -> Result<Position, BackupError> {
    let newest =
        read_only(database)?
            .query_row("SELECT coalesce(max(position), 0) FROM version", [], |row| row.get(0))?;
    Ok(Position(newest))
}

fn hash(path: &Path) -> Result<[u8; 32], BackupError> {
    let mut file = fs::File::open(path).map_err(io(path.to_path_buf()))?;
    let (mut hasher, mut block) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        let count = file.read(&mut block).map_err(io(path.to_path_buf()))?;
        if count == 0 {
            return Ok(hasher.finalize().into());
        }
        hasher.update(block.get(..count).unwrap_or_default());
    }
}

fn sync(path: &Path) -> Result<(), BackupError> {
    fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open(path)
        .and_then(|file| file.sync_all())
        .map_err(io(path.to_path_buf()))
}

/// Makes the names in a directory durable.
fn sync_directory(path: &Path) -> Result<(), BackupError> {
    fs::File::open(path).and_then(|directory| directory.sync_all()).map_err(io(path.to_path_buf()))
}

fn io(path: PathBuf) -> impl FnOnce(std::io::Error) -> BackupError {
    move |source| BackupError::Io { path: path.display().to_string(), source }
}
