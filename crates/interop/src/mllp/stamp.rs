//! Control ids and times of the acknowledgements this side writes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Tells the time; given by whoever starts the listener.
pub type Clock = Arc<dyn Fn() -> jiff::Timestamp + Send + Sync>;

/// Makes control ids that no other acknowledgement of this process has.
pub struct Stamps {
    clock: Clock,
    count: AtomicU32,
}

impl Stamps {
    /// Stamps by that clock.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self { clock, count: AtomicU32::new(0) }
    }

    /// A new control id (at most 20 characters, as HL7 v2.4 allows) and the present time in UTC.
    #[must_use]
    pub fn next(&self) -> (String, String) {
        let now = (self.clock)();
        let number = self.count.fetch_add(1, Ordering::Relaxed) & 0x00ff_ffff;
        let id = format!("{:x}.{number:06x}", now.as_microsecond().unsigned_abs() & 0xf_ffff_ffff_ffff);
        (id, now.strftime("%Y%m%d%H%M%S+0000").to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_differ_and_fit() {
        let stamps = Stamps::new(Arc::new(|| jiff::Timestamp::from_second(1_714_558_500).unwrap()));
        let (first, time) = stamps.next();
        let (second, _) = stamps.next();
        assert_ne!(first, second);
        assert!(first.len() <= 20, "{first}");
        assert_eq!(time, "20240501101500+0000");
    }
}
