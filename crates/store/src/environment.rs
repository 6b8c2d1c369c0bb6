//! The machine's clock and entropy, as the store is given them.
//!
//! The store never reads either by itself, so that a seed and a clock reproduce a run.

use std::sync::Arc;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> jiff::Timestamp;

    /// Microseconds since a moment that stays the same, which never go back: they say how long something took, and are no part
    /// of the record. A clock that is made up need not tell them.
    fn elapsed_us(&self) -> u64 {
        0
    }
}

/// Gives unpredictable bytes.
pub trait Entropy: Send + Sync {
    /// Fills the whole buffer.
    fn fill(&self, bytes: &mut [u8]);
}

/// What the store needs from the machine.
#[derive(Clone)]
pub struct Environment {
    /// The clock of every `recorded_at` and `lastUpdated`.
    pub clock: Arc<dyn Clock>,
    /// The source of ids and audit salts.
    pub entropy: Arc<dyn Entropy>,
}

impl Environment {
    /// The present instant in microseconds since 1970, UTC.
    pub(crate) fn now_us(&self) -> i64 {
        self.clock.now().as_microsecond()
    }

    /// Bytes nobody can guess.
    pub(crate) fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.entropy.fill(&mut bytes);
        bytes
    }

    /// A random resource id: 128 bits in the form of a version 4 UUID.
    pub(crate) fn resource_id(&self) -> fhir::json::Text {
        let id = uuid::Builder::from_random_bytes(self.random()).into_uuid();
        let mut buffer = uuid::Uuid::encode_buffer();
        fhir::json::Text::from(&*id.hyphenated().encode_lower(&mut buffer))
    }
}

/// A world whose time and chance are known.
#[cfg(test)]
pub(crate) mod known {
    use super::{Arc, Clock, Entropy, Environment};
    use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

    struct Steps {
        now_us: AtomicI64,
        step_us: i64,
    }

    impl Clock for Steps {
        fn now(&self) -> jiff::Timestamp {
            jiff::Timestamp::from_microsecond(self.now_us.fetch_add(self.step_us, Ordering::Relaxed)).unwrap()
        }
    }

    /// Chance from a seed.
    pub(crate) struct Drawn(AtomicU64);

    impl Drawn {
        pub(crate) fn new(seed: u64) -> Self {
            Self(AtomicU64::new(seed))
        }

        pub(crate) fn next(&self) -> u64 {
            let mut z = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        }
    }

    impl Entropy for Drawn {
        fn fill(&self, bytes: &mut [u8]) {
            for byte in bytes {
                *byte = self.next().to_le_bytes()[0];
            }
        }
    }

    /// A world whose clock steps at each look.
    pub(crate) fn known(step_us: i64) -> Environment {
        let clock = Steps { now_us: AtomicI64::new(1_767_225_600_000_000), step_us };
        Environment { clock: Arc::new(clock), entropy: Arc::new(Drawn::new(3)) }
    }
}
