//! Opening the directory of a record: one process at a time, a safe SQLite, a local file system, a sound database.

use crate::base::{self, Base};
use crate::{Environment, OpenError, Options, Position, schema};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The database file.
pub(crate) const DATABASE: &str = "bevan.sqlite";
/// Held for as long as the store is open.
const LOCK: &str = "bevan.lock";
/// There while the store is open and until a look-over that was due has ended; found at the next start, it means the process was killed.
const RUNNING: &str = "bevan.running";
/// There while a backup is being brought back and until the copy is checked: such a record is not opened.
pub(crate) const RESTORING: &str = "bevan.restoring";
/// Space kept for audit rows on a full disk.
pub(crate) const RESERVE: &str = "bevan.reserve";
/// Key of the codes of audit tree heads; keep a copy on another machine.
pub(crate) const HEAD_KEY: &str = "audit.key";
/// First SQLite without the WAL-reset fault (<https://sqlite.org/wal.html#walresetbug>).
const SQLITE_MIN: i32 = 3_051_003;
/// File systems whose locks or syncs reach another machine.
const NETWORK: &[&str] =
    &["nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "fuse.sshfs", "afs", "glusterfs"];

/// Whether a directory holds a record already; opening makes one where there is none.
#[must_use]
pub fn is_record(directory: &Path) -> bool {
    directory.join(DATABASE).exists()
}

/// The lock of the directory.
pub(crate) struct Claim {
    lock: File,
    running: PathBuf,
}

/// An opened database, ready for the writer.
pub(crate) struct Opened {
    pub connection: Connection,
    pub position: Position,
    /// Our own address, as the rows that are there took it.
    pub base: Option<Base>,
    pub audit_key: [u8; 32],
    pub head_key: [u8; 32],
    pub claim: Claim,
    /// Whether the last stop was a kill or a crash: the database is then looked over while it is served.
    pub unclean: bool,
}

impl Claim {
    /// Gives the directory back; a clean stop also takes away the mark of an unclean one.
    pub(crate) fn release(self, clean: bool) {
        if clean && let Err(error) = std::fs::remove_file(&self.running) {
            tracing::warn!(%error, "the next start will check the database");
        }
        if let Err(error) = self.lock.unlock() {
            tracing::warn!(%error, "the lock ends with the process");
        }
    }
}

pub(crate) fn open(
    directory: &Path,
    options: &Options,
    environment: &Environment,
) -> Result<Opened, OpenError> {
    if rusqlite::version_number() < SQLITE_MIN {
        return Err(OpenError::SqliteTooOld(String::from(rusqlite::version())));
    }
    std::fs::create_dir_all(directory).map_err(|source| io(directory, source))?;
    if directory.join(RESTORING).exists() {
        return Err(OpenError::HalfRestored(directory.display().to_string()));
    }
    let claim = claim(directory)?;
    if !options.allow_network_file_system {
        refuse_network(directory)?;
    }
    let unclean = claim.running.exists();
    let mut connection = writer(directory, options)?;
    File::create(&claim.running).map_err(|source| io(&claim.running, source))?;
    schema::migrate(&mut connection, environment.now_us())?;
    let position =
        connection.query_row("SELECT coalesce(max(position), 0) FROM version", [], |row| row.get(0))?;
    let base = base::recorded(&connection)?;
    let audit_key = setting(&connection, "audit-key", environment)?;
    setting(&connection, "cursor-secret", environment)?;
    let head_key = key(&directory.join(HEAD_KEY), environment)?;
    reserve(directory, options.reserve_bytes, 0).map_err(|source| io(&directory.join(RESERVE), source))?;
    Ok(Opened { connection, position: Position(position), base, audit_key, head_key, claim, unclean })
}

/// Takes the single-instance lock.
pub(crate) fn claim(directory: &Path) -> Result<Claim, OpenError> {
    let path = directory.join(LOCK);
    let lock = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|source| io(&path, source))?;
    match lock.try_lock() {
        Ok(()) => Ok(Claim { lock, running: directory.join(RUNNING) }),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse(directory.display().to_string())),
        Err(TryLockError::Error(source)) => Err(io(&path, source)),
    }
}

/// The writer's connection.
fn writer(directory: &Path, options: &Options) -> Result<Connection, OpenError> {
    let connection = Connection::open_with_flags(
        directory.join(DATABASE),
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    settings(&connection, options.writer_cache_kib)?;
    connection.pragma_update(None, "wal_autocheckpoint", options.log_pages)?;
    connection.pragma_update(None, "journal_size_limit", i64::from(options.log_pages) * 2 * 8192)?;
    Ok(connection)
}

/// A reader's connection, which cannot write.
pub(crate) fn reader(directory: &Path, options: &Options) -> Result<Connection, OpenError> {
    let connection = Connection::open_with_flags(
        directory.join(DATABASE),
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    settings(&connection, options.reader_cache_kib)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

/// What every connection is set to; `synchronous=FULL` syncs the log at each commit.
fn settings(connection: &Connection, cache_kib: u32) -> Result<(), OpenError> {
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "page_size", 8192)?;
    let mode: String = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if mode != "wal" {
        return Err(OpenError::Damaged(format!("journal mode is {mode}")));
    }
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "mmap_size", 0)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", -i64::from(cache_kib))?;
    // Plans never depend on bound values: otherwise statements that a partial index could serve are compiled again at
    // each binding.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(256);
    Ok(())
}

/// A random key made at the first start.
fn setting(connection: &Connection, name: &str, environment: &Environment) -> Result<[u8; 32], OpenError> {
    let fresh: [u8; 32] = environment.random();
    connection
        .execute("INSERT INTO setting VALUES (?1, ?2) ON CONFLICT DO NOTHING", (name, fresh.as_slice()))?;
    Ok(connection.query_row("SELECT value FROM setting WHERE name = ?1", [name], |row| row.get(0))?)
}

/// A random key in a file only its owner may read, made at the first start.
fn key(path: &Path, environment: &Environment) -> Result<[u8; 32], OpenError> {
    use std::io::Write as _;
    match std::fs::read(path) {
        Ok(found) => found
            .try_into()
            .map_err(|_| OpenError::Damaged(format!("{} is not 32 bytes long", path.display()))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let fresh: [u8; 32] = environment.random();
            let mut create = OpenOptions::new();
            create.create_new(true).write(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut create, 0o600);
            let written = create.open(path).and_then(|mut file| {
                file.write_all(&fresh)?;
                file.sync_all()
            });
            written.map_err(|source| io(path, source))?;
            Ok(fresh)
        }
        Err(source) => Err(io(path, source)),
    }
}

/// Makes the reserve file, when it is not there in full, and only if there is so much space beyond it.
pub(crate) fn reserve(directory: &Path, bytes: u64, beyond: u64) -> std::io::Result<()> {
    let path = directory.join(RESERVE);
    if std::fs::metadata(&path).is_ok_and(|found| found.len() == bytes) {
        return Ok(());
    }
    let made = File::create(&path).and_then(|mut file| {
        take(&mut file, bytes.saturating_add(beyond))?;
        file.sync_all()?;
        file.set_len(bytes)?;
        file.sync_all()
    });
    if made.is_err() {
        let _ = std::fs::remove_file(&path);
    }
    made
}

/// Takes space for a new file: at once where the file system can, otherwise by writing.
fn take(file: &mut File, bytes: u64) -> std::io::Result<()> {
    use std::io::Write as _;
    #[cfg(target_os = "linux")]
    match rustix::fs::fallocate(&*file, rustix::fs::FallocateFlags::empty(), 0, bytes) {
        Err(rustix::io::Errno::OPNOTSUPP | rustix::io::Errno::NOSYS) => {}
        taken => return Ok(taken?),
    }
    let block = vec![0_u8; 1 << 16];
    let mut left = bytes;
    while left > 0 {
        let part = block.get(..usize::try_from(left).unwrap_or(usize::MAX)).unwrap_or(&block);
        file.write_all(part)?;
        left = left.saturating_sub(part.len() as u64);
    }
    Ok(())
}

/// Refuses a directory whose mount is of a network file system, as far as the system tells (Linux).
fn refuse_network(directory: &Path) -> Result<(), OpenError> {
    let Ok(directory) = directory.canonicalize() else { return Ok(()) };
    let Ok(mounts) = std::fs::read_to_string("/proc/self/mounts") else { return Ok(()) };
    match file_system(&mounts, &directory) {
        Some(kind) if NETWORK.contains(&kind) => {
            Err(OpenError::NetworkFileSystem(directory.display().to_string(), String::from(kind)))
        }
        _ => Ok(()),
    }
}

/// The type of the file system a path lies on: that of the longest mount point above it.
fn file_system<'a>(mounts: &'a str, path: &Path) -> Option<&'a str> {
    mounts
        .lines()
        .filter_map(|line| {
            let mut fields = line.split(' ').skip(1);
            let (point, kind) = (fields.next()?, fields.next()?);
            path.starts_with(point.replace("\\040", " ")).then_some((point.len(), kind))
        })
        .max_by_key(|(length, _)| *length)
        .map(|(_, kind)| kind)
}

fn io(path: &Path, source: std::io::Error) -> OpenError {
    OpenError::Io { path: path.display().to_string(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A killed process cannot show it, as the kernel still holds what was not synced: so the setting itself is looked at.
    #[test]
    fn every_commit_is_synced() {
        let directory = tempfile::tempdir().unwrap();
        let options = Options::default();
        let made = writer(directory.path(), &options).unwrap();
        for connection in [&made, &reader(directory.path(), &options).unwrap()] {
            let number = |name: &str| -> i64 {
                connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0)).unwrap()
            };
            assert_eq!(number("synchronous"), 2, "FULL");
            let journal: String = connection.query_row("PRAGMA journal_mode", [], |row| row.get(0)).unwrap();
            assert_eq!(journal, "wal");
        }
    }

    #[test]
    fn the_longest_mount_point_decides() {
        let mounts = "/dev/vda / ext4 rw 0 0\nserver:/x /srv nfs4 rw 0 0\n/dev/vdb /srv/local xfs rw 0 0\n";
        let kind = |path: &str| file_system(mounts, Path::new(path));
        assert_eq!(kind("/home/a"), Some("ext4"));
        assert_eq!(kind("/srv/bevan"), Some("nfs4"));
        assert_eq!(kind("/srv/local/bevan"), Some("xfs"));
        assert_eq!(kind("/srvx"), Some("ext4"));
    }
}
