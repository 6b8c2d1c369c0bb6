//! What every benchmark of the store needs of the machine: its time, some chance, and somebody who asks.

use fhir::json::Text;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use store::{Actor, Clock, Entropy, Environment, Purpose, Role, Scopes};

struct MachineClock;

impl Clock for MachineClock {
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures the machine's time")]
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::now()
    }
}

struct Counter(AtomicU64);

impl Entropy for Counter {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let mut z = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            let drawn = (z ^ (z >> 31)).to_le_bytes();
            for (to, from) in chunk.iter_mut().zip(drawn) {
                *to = from;
            }
        }
    }
}

/// The machine's time and chance that is the same on every run.
pub fn environment() -> Environment {
    Environment { clock: Arc::new(MachineClock), entropy: Arc::new(Counter(AtomicU64::new(1))) }
}

/// A client with every system scope.
pub fn actor() -> Arc<Actor> {
    Arc::new(Actor {
        id: Text::from("client/bench"),
        name: String::from("Benchmark"),
        role: Role::Backend { scopes: Scopes::everything() },
        organisation: Text::default(),
        purpose: Purpose::Treat,
        trace: Text::from("bench"),
        via: None,
        behalf: None,
    })
}
