//! What the store counts of its own work, for a metrics page: how long commits take and how much shares one. Numbers only;
//! nothing here names a record, and the store itself never looks at them.

use std::sync::atomic::{AtomicU64, Ordering};

/// Upper bounds of the ranges of a commit's duration, in microseconds.
const COMMIT_US: [u64; 12] =
    [250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 1_000_000, 5_000_000];
/// Upper bounds of the ranges of what shares a commit.
const SHARED: [u64; 9] = [0, 1, 2, 4, 8, 16, 32, 64, 128];

/// How often a value fell into each range, counted without a lock. A reader that looks meanwhile may see a value in its
/// range and not yet in the sum.
#[derive(Debug)]
pub struct Histogram {
    bounds: &'static [u64],
    /// One more than there are bounds: the last is for what is beyond them.
    ranges: Box<[AtomicU64]>,
    sum: AtomicU64,
}

/// A histogram at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Each upper bound, and how many values were at most that.
    pub at_most: Vec<(u64, u64)>,
    /// How many values there were.
    pub count: u64,
    /// All values together.
    pub sum: u64,
}

impl Histogram {
    /// Ranges up to and with each bound, which ascend, and one beyond the last.
    #[must_use]
    pub fn new(bounds: &'static [u64]) -> Self {
        let ranges = (0..=bounds.len()).map(|_| AtomicU64::new(0)).collect();
        Self { bounds, ranges, sum: AtomicU64::new(0) }
    }

    /// Counts a value.
    pub fn add(&self, value: u64) {
        let range = self.bounds.partition_point(|bound| *bound < value);
        if let Some(range) = self.ranges.get(range) {
            range.fetch_add(1, Ordering::Relaxed);
        }
        self.sum.fetch_add(value, Ordering::Relaxed);
    }

    /// The present numbers.
    #[must_use]
    pub fn read(&self) -> Reading {
        let mut count = 0;
        let mut up_to = self.ranges.iter().map(|range| {
            count += range.load(Ordering::Relaxed);
            count
        });
        let at_most = self.bounds.iter().copied().zip(up_to.by_ref()).collect();
        let _beyond = up_to.next();
        Reading { at_most, count, sum: self.sum.load(Ordering::Relaxed) }
    }
}

/// The work of one store since it was opened.
#[derive(Debug)]
pub struct Effort {
    /// Microseconds that a `COMMIT` took: writing the log and its sync, and now and then the log's folding into the database.
    pub commits: Histogram,
    /// Writes that shared a commit.
    pub writes: Histogram,
    /// Reads whose audit rows shared a commit.
    pub reads: Histogram,
    failed: AtomicU64,
}

impl Default for Effort {
    fn default() -> Self {
        let (commits, writes, reads) =
            (Histogram::new(&COMMIT_US), Histogram::new(&SHARED), Histogram::new(&SHARED));
        Self { commits, writes, reads, failed: AtomicU64::new(0) }
    }
}

impl Effort {
    /// Commits that failed.
    #[must_use]
    pub fn failed(&self) -> u64 {
        self.failed.load(Ordering::Relaxed)
    }

    pub(crate) fn fail(&self) {
        self.failed.fetch_add(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_counted_in_its_range_and_all_above() {
        let histogram = Histogram::new(&[1, 10]);
        for value in [0, 1, 2, 10, 11, 1_000] {
            histogram.add(value);
        }
        assert_eq!(histogram.read(), Reading { at_most: vec![(1, 2), (10, 4)], count: 6, sum: 1_024 });
    }

    #[test]
    fn bounds_ascend() {
        for bounds in [&COMMIT_US[..], &SHARED] {
            assert!(bounds.is_sorted_by(|one, next| one < next), "{bounds:?}");
        }
    }
}
