//! Kills the process with -9 at random moments under mixed load and compares the record with a ledger kept outside it:
//! no acknowledged write lost, no half transaction, no served read without an audit row, no message with two effects.
//!
//! `cargo test --release -p bevan --test crash -- --cycles 500 --seed 1`. The ledger is this process; what the record
//! holds is read through FHIR after each restart and with plain SQL at the end.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test outside the test harness: it measures and fails loudly"
)]

#[expect(dead_code, reason = "each test binary uses its own part")]
#[path = "../support/mod.rs"]
mod support;

mod ledger;
mod load;
mod verdict;

use ledger::Ledger;
use std::time::{Duration, Instant};
use support::process::Bevan;

fn main() {
    let settings = Settings::of(std::env::args().skip(1));
    println!("crash: {} cycles, seed {}", settings.cycles, settings.seed);
    let folder = tempfile::tempdir().expect("a folder");
    let mut ledger = Ledger::default();
    let mut chance = load::Chance(settings.seed);
    let mut recoveries_ms: Vec<f64> = Vec::new();
    for cycle in 0..settings.cycles {
        let started = Instant::now();
        let bevan = Bevan::start(folder.path());
        recoveries_ms.push(started.elapsed().as_secs_f64() * 1000.0);
        verdict::after_restart(&bevan, &mut ledger);
        let life = Duration::from_millis(100 + chance.below(700));
        load::run(bevan, life, cycle, &mut ledger);
    }
    let bevan = Bevan::start(folder.path());
    verdict::after_restart(&bevan, &mut ledger);
    assert!(bevan.stop(), "the last process stops in order");
    verdict::at_the_end(folder.path(), &ledger);
    verdict::controls(folder.path(), &ledger);
    recoveries_ms.sort_by(f64::total_cmp);
    let at = |share: f64| {
        recoveries_ms.get((recoveries_ms.len() as f64 * share) as usize).copied().unwrap_or_default()
    };
    println!(
        "crash: {} creates, {} transactions, {} messages acknowledged and {} reads served across {} kills; ready again p50 {:.0} ms, p99 {:.0} ms",
        ledger.creates.len(),
        ledger.transactions.iter().filter(|one| one.acknowledged).count(),
        ledger.messages.len(),
        ledger.reads.len(),
        settings.cycles,
        at(0.5),
        at(0.99)
    );
    println!("{} passed, 0 failed", settings.cycles);
}

struct Settings {
    cycles: u64,
    seed: u64,
}

impl Settings {
    /// Few cycles when run among all tests; unknown words are cargo's own.
    fn of(arguments: impl Iterator<Item = String>) -> Self {
        let mut settings = Self { cycles: 3, seed: 1 };
        let words: Vec<String> = arguments.collect();
        for pair in words.windows(2) {
            match (pair[0].as_str(), pair[1].parse()) {
                ("--cycles", Ok(cycles)) => settings.cycles = cycles,
                ("--seed", Ok(seed)) => settings.seed = seed,
                _ => {}
            }
        }
        settings
    }
}
