//! Closed-loop clients: each sends its next request when the last one was answered.

use crate::machine;
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
    /// The slowest answer.
    pub max_ms: f64,
    /// Requests that failed.
    pub errors: usize,
    /// Processor time of the server for each answer.
    pub server_us: f64,
    /// Processor time of the client for each answer: it is taken from the same cores.
    pub client_us: f64,
}

/// What one client saw.
#[derive(Default)]
struct Seen {
    times_ms: Vec<f64>,
    errors: usize,
    answers: usize,
    cpu_s: f64,
}

/// Runs so many clients against the process for so long. `make` gives each its request; the first tenth of the time
/// warms up and is not counted, except for processor time, which is shared out over all answers.
pub fn clients<F, R>(count: usize, seconds: Duration, server: u32, make: F) -> Report
where
    F: Fn(usize) -> R + Sync,
    R: FnMut() -> Result<()> + Send,
{
    let barrier = Barrier::new(count);
    let (barrier, make) = (&barrier, &make);
    let server_before = machine::cpu_s(server);
    let results: Vec<Seen> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..count)
            .map(|number| {
                scope.spawn(move || {
                    let mut request = make(number);
                    barrier.wait();
                    client(seconds, &mut request)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().expect("a client")).collect()
    });
    let server_s = machine::cpu_s(server) - server_before;
    let answers = results.iter().map(|seen| seen.answers).sum::<usize>().max(1) as f64;
    let errors = results.iter().map(|seen| seen.errors).sum();
    let client_s: f64 = results.iter().map(|seen| seen.cpu_s).sum();
    let times: Vec<f64> = results.into_iter().flat_map(|seen| seen.times_ms).collect();
    let per_second = times.len() as f64 / seconds.as_secs_f64();
    let [p50_ms, p99_ms, max_ms] = quantiles(times, [0.5, 0.99, 1.0]);
    Report {
        per_second,
        p50_ms,
        p99_ms,
        max_ms,
        errors,
        server_us: server_s * 1e6 / answers,
        client_us: client_s * 1e6 / answers,
    }
}

fn client(seconds: Duration, request: &mut impl FnMut() -> Result<()>) -> Seen {
    let (started, warm) = (Instant::now(), seconds / 10);
    let cpu_before = machine::thread_cpu_s();
    let mut seen = Seen::default();
    while started.elapsed() < seconds + warm {
        let sent = Instant::now();
        let outcome = request();
        seen.answers += 1;
        if started.elapsed() < warm {
            continue;
        }
        match outcome {
            Ok(()) => seen.times_ms.push(sent.elapsed().as_secs_f64() * 1000.0),
            Err(_) => seen.errors += 1,
        }
    }
    seen.cpu_s = machine::thread_cpu_s() - cpu_before;
    seen
}

/// The times at these shares of the way from the quickest to the slowest.
pub fn quantiles<const N: usize>(mut times: Vec<f64>, shares: [f64; N]) -> [f64; N] {
    times.sort_by(f64::total_cmp);
    let last = times.len().saturating_sub(1);
    shares.map(|share| times.get((last as f64 * share).round() as usize).copied().unwrap_or(f64::NAN))
}

/// An error when the answer was not the expected one.
pub fn expect(right: bool) -> Result<()> {
    if right { Ok(()) } else { Err(Error::other("unexpected answer")) }
}
