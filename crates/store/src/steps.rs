//! What the questions of one write may cost. A write that asks (a condition, a conditional reference, a search in a bundle)
//! holds up everybody who waits for the writer, the audit rows of reads among them; a read is limited by its reader.
//!
//! Only questions are counted: to interrupt a statement that changes something would undo more than the one write.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// SQLite asks after so many steps whether to go on.
pub(crate) const STRIDE: i32 = 1_000;

/// The steps of the SQLite machine that are left for the questions of the present write.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    /// In strides.
    left: AtomicU64,
    counts: AtomicBool,
}

impl Steps {
    /// A new write may take so many.
    pub(crate) fn begin(&self, steps: u64) {
        self.left.store((steps / u64::from(STRIDE.unsigned_abs())).max(1), Ordering::Relaxed);
    }

    /// Asks, and counts what it costs.
    pub(crate) fn counted<T>(&self, question: impl FnOnce() -> T) -> T {
        let _counting = Counting::begin(&self.counts);
        question()
    }

    /// Whether to stop, after another stride.
    pub(crate) fn spent(&self) -> bool {
        self.counts.load(Ordering::Relaxed)
            && self
                .left
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1))
                .is_err()
    }
}

/// Counting ends with it, whatever becomes of the question.
struct Counting<'s>(&'s AtomicBool);

impl<'s> Counting<'s> {
    fn begin(counts: &'s AtomicBool) -> Self {
        counts.store(true, Ordering::Relaxed);
        Self(counts)
    }
}

impl Drop for Counting<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_of_one_write_share_what_they_may_cost_and_nothing_else_is_counted() {
        let steps = Steps::default();
        steps.begin(2_000);
        assert!(!(0..10).any(|_| steps.spent()), "nothing is asked");
        assert!(!steps.counted(|| steps.spent()));
        assert!(!steps.counted(|| steps.spent()));
        assert!(steps.counted(|| steps.spent()));
        assert!(!steps.spent(), "what writes goes on");
        steps.begin(2_000);
        assert!(!steps.counted(|| steps.spent()));
    }
}
