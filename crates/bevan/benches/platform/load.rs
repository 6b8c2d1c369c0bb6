//! Closed-loop clients: each sends its next request when the last one was answered.

use std::io::{Error, Result};
use std::sync::Barrier;
use std::time::{Duration, Instant};

/// What the clients saw together.
pub struct Report {
    /// Answers a second over all clients.
    pub per_second: f64,
    /// Median time to an answer.
    pub p50_ms: f64,
    /// 99th percentile.
    pub p99_ms: f64,
    /// Requests that failed.
    pub errors: usize,
}

/// Runs so many clients for so long. `make` gives each its request; the first tenth of the time warms up.
pub fn clients<F, R>(count: usize, seconds: Duration, make: F) -> Report
where
    F: Fn(usize) -> R + Sync,
    R: FnMut() -> Result<()> + Send,
{
    let barrier = Barrier::new(count);
    let (barrier, make) = (&barrier, &make);
    let results: Vec<(Vec<f64>, usize)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..count)
            .map(|number| {
                let mut request = make(number);
                scope.spawn(move || {
                    barrier.wait();
                    let started = Instant::now();
                    let (mut times, mut errors) = (Vec::new(), 0);
                    let warm = seconds / 10;
                    while started.elapsed() < seconds + warm {
                        let sent = Instant::now();
                        let outcome = request();
                        if started.elapsed() < warm {
                            continue;
                        }
                        match outcome {
                            Ok(()) => times.push(sent.elapsed().as_secs_f64() * 1000.0),
                            Err(_) => errors += 1,
                        }
                    }
                    (times, errors)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("a client")).collect()
    });
    let errors = results.iter().map(|(_, errors)| errors).sum();
    let mut times: Vec<f64> = results.into_iter().flat_map(|(times, _)| times).collect();
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times.get((times.len() as f64 * share) as usize).copied().unwrap_or(f64::NAN);
    Report {
        per_second: times.len() as f64 / seconds.as_secs_f64(),
        p50_ms: at(0.5),
        p99_ms: at(0.99),
        errors,
    }
}

/// An error when the answer was not the expected one.
pub fn expect(right: bool) -> Result<()> {
    if right { Ok(()) } else { Err(Error::other("unexpected answer")) }
}
