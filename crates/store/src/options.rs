//! The limits of the store, all with defaults for a small machine.

/// How much the store may use. Every queue is bounded; a full one answers [`crate::Error::Busy`].
#[derive(Clone, Debug)]
pub struct Options {
    /// The address of our own FHIR base. A reference that begins with it is as good as a relative one. `None` is the one
    /// that the record was served under last.
    pub base: Option<String>,
    /// Threads that read, each with its own connection and snapshot.
    pub readers: usize,
    /// Reads that may wait.
    pub read_queue: usize,
    /// Writes that may wait.
    pub write_queue: usize,
    /// Writes that share one commit at most.
    pub batch: usize,
    /// Page cache of one reader, in KiB.
    pub reader_cache_kib: u32,
    /// Page cache of the writer, in KiB.
    pub writer_cache_kib: u32,
    /// Steps of the SQLite machine that one read may take (about 30 million a second).
    pub read_steps: u64,
    /// Steps that the questions of one write may take, while everybody else waits for the writer.
    pub write_steps: u64,
    /// Pages of 8 KiB that the write-ahead log may hold before it is folded into the database.
    pub log_pages: u32,
    /// Size of the reserve that keeps the audit log writable on a full disk, in bytes: more than the write-ahead log holds,
    /// so that the log can be folded into the database, and room for audit rows.
    pub reserve_bytes: u64,
    /// A tree head of the audit log is recorded at least this often, in milliseconds.
    pub head_interval_ms: u64,
    /// Accept a directory on a network file system. For tests of the refusal only.
    pub allow_network_file_system: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            base: None,
            readers: 4,
            read_queue: 1024,
            write_queue: 2048,
            batch: 256,
            reader_cache_kib: 20 << 10,
            writer_cache_kib: 32 << 10,
            read_steps: 100_000_000,
            write_steps: 30_000_000,
            log_pages: 4_000,
            reserve_bytes: 48 << 20,
            head_interval_ms: 10_000,
            allow_network_file_system: false,
        }
    }
}

impl Options {
    /// For a process that only loads: a page of an index that many resources share is written once for many of them,
    /// which a larger cache and log make possible. Durability is the same; it takes about 300 MiB of memory.
    #[must_use]
    pub fn bulk() -> Self {
        Self { writer_cache_kib: 256 << 10, log_pages: 32_000, reserve_bytes: 272 << 20, ..Self::default() }
    }
}
