//! What went wrong, and how much was asked.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Collected over a run; shared by its tasks.
#[derive(Default)]
pub struct Findings {
    found: Mutex<Vec<String>>,
    cells: AtomicU64,
    requests: AtomicU64,
    /// Stop at the first.
    one_is_enough: bool,
}

impl Findings {
    /// For a control, which is done as soon as something was found.
    pub fn until_found() -> Self {
        Self { one_is_enough: true, ..Self::default() }
    }

    /// Whether to stop asking.
    pub fn enough(&self) -> bool {
        self.one_is_enough && !self.all().is_empty()
    }

    /// One square of the matrix: route × actor × target.
    pub fn cell(&self) {
        self.cells.fetch_add(1, Ordering::Relaxed);
    }

    pub fn request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    pub fn add(&self, what: String) {
        self.found.lock().expect("no task panicked").push(what);
    }

    pub fn cells(&self) -> u64 {
        self.cells.load(Ordering::Relaxed)
    }

    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    pub fn all(&self) -> Vec<String> {
        self.found.lock().expect("no task panicked").clone()
    }

    /// Prints the closing summary past the harness's capture, and fails on any finding.
    pub fn close(&self, what: &str) {
        let all = self.all();
        let line =
            format!("{what}, {} cells, {} requests: {} findings\n", self.cells(), self.requests(), all.len());
        std::io::stderr().write_all(line.as_bytes()).ok();
        let mut kinds: BTreeMap<String, (usize, &String)> = BTreeMap::new();
        for one in &all {
            let kind = one.split(" | ").take(2).collect::<Vec<_>>().join(" | ");
            kinds.entry(kind).or_insert((0, one)).0 += 1;
        }
        for (count, first) in kinds.values() {
            eprintln!("{count} ×, first: {first}");
        }
        assert!(all.is_empty(), "{what}: {} findings", all.len());
        assert!(self.cells() > 0 && self.requests() > 0, "{what}: nothing was asked");
    }
}
