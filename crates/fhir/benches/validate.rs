//! How many resources one core reads and judges in a second, on Synthea's bundles:
//! `cargo bench -p fhir --bench validate`. Prints figures and judges nothing.
#![expect(
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock and finds its data by the environment"
)]

use fhir::json::{Limits, Value, parse, to_vec};
use fhir::validate::structural;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Instant;

const ROUNDS: usize = 5;

fn main() {
    let start = Instant::now();
    black_box(fhir::definitions::definitions());
    println!("definitions read in {:.1} ms", 1e3 * start.elapsed().as_secs_f64());
    let resources = resources();
    if resources.is_empty() {
        println!("skipped: shared test data not found");
        return;
    }
    let bytes: usize = resources.iter().map(Vec::len).sum();
    println!("{} resources, {bytes} bytes, best of {ROUNDS} rounds on one core", resources.len());
    let limits = Limits::default();
    let parsed: Vec<Value> = resources.iter().filter_map(|r| parse(r, &limits).ok()).collect();
    measure("parse", resources.len(), || {
        resources.iter().filter(|r| parse(black_box(r), &limits).is_ok()).count()
    });
    measure("validate", resources.len(), || {
        parsed.iter().filter(|r| structural(black_box(r)).is_empty()).count()
    });
    measure("parse and validate", resources.len(), || {
        let judged = resources.iter().filter_map(|r| parse(black_box(r), &limits).ok());
        judged.filter(|r| structural(r).is_empty()).count()
    });
    measure("write", resources.len(), || parsed.iter().filter(|r| !to_vec(black_box(r)).is_empty()).count());
}

/// Runs the work and prints the best round. Every resource must come through sound.
fn measure(name: &str, count: usize, work: impl Fn() -> usize) {
    let mut best = f64::INFINITY;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let sound = work();
        best = best.min(start.elapsed().as_secs_f64());
        if sound != count {
            println!("{name}: only {sound} of {count} are sound");
        }
    }
    let each = 1e6 * best / f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    println!("{name:20} {:>9.0} resources/s  {each:>6.1} us each", 1e6 / each);
}

/// The resources of every bundle, each as its own text.
fn resources() -> Vec<Vec<u8>> {
    let shared = std::env::var_os("BEVAN_SHARED").map(PathBuf::from).or_else(|| {
        let mut above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|a| a.join("shared"));
        above.find(|s| s.join("data").is_dir())
    });
    let folder = shared.unwrap_or_default().join("data/fhir/synthea");
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let files = entries.flatten().filter_map(|e| std::fs::read(e.path()).ok());
    let bundles = files.filter_map(|bytes| parse(&bytes, &Limits::default()).ok());
    bundles
        .flat_map(|b| {
            b.items("entry").iter().filter_map(|e| e.get("resource").map(to_vec)).collect::<Vec<_>>()
        })
        .collect()
}
