//! The machine's clock and entropy, as the store is given them.
//!
//! The store never reads either by itself, so that a seed and a clock reproduce a run.

use std::sync::Arc;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> jiff::Timestamp;
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
