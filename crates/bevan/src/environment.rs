//! The machine's clock and entropy: the only place that reads them.

use std::sync::{Arc, OnceLock};
use std::time::Instant;
use store::{Clock, Entropy, Environment};

/// The wall clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::now()
    }

    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
    fn elapsed_us(&self) -> u64 {
        static BEGUN: OnceLock<Instant> = OnceLock::new();
        BEGUN.get_or_init(Instant::now).elapsed().as_micros().try_into().unwrap_or(u64::MAX)
    }
}

/// The present instant.
pub fn now() -> jiff::Timestamp {
    SystemClock.now()
}

/// The operating system's entropy.
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads entropy")]
    #[expect(
        clippy::expect_used,
        reason = "without entropy no id or session is safe, so the process must stop"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives entropy");
    }
}

/// The machine's clock and entropy.
pub fn machine() -> Environment {
    Environment { clock: Arc::new(SystemClock), entropy: Arc::new(SystemEntropy) }
}

/// Every `BEVAN_…` variable of the environment.
pub fn variables() -> Vec<(String, String)> {
    std::env::vars().filter(|(name, _)| name.starts_with("BEVAN_")).collect()
}
