//! How many resources one core indexes in a second, and how many FHIRPath expressions it evaluates, on Synthea's
//! bundles: `cargo bench -p fhir --bench index`. Prints figures and judges nothing.
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

#[path = "../../../tests/located.rs"]
mod shared;

use fhir::fhirpath::{Context, compile};
use fhir::index::Extractor;
use fhir::json::{Limits, Value, parse};
use std::hint::black_box;
use std::time::Instant;

const ROUNDS: usize = 5;

/// Expressions of rising cost, each evaluated on every Observation.
const EXPRESSIONS: [&str; 5] = [
    "status",
    "Observation.code.coding.code",
    "Observation.value.ofType(Quantity).value",
    "Observation.code.coding.where(system = %loinc).code.exists()",
    "(dataAbsentReason.exists() and value.exists()).not()",
];

fn main() {
    let start = Instant::now();
    black_box(Extractor::r4());
    println!("search parameters compiled in {:.1} ms", 1e3 * start.elapsed().as_secs_f64());
    let resources = resources();
    if resources.is_empty() {
        return;
    }
    println!("{} resources, best of {ROUNDS} rounds on one core", resources.len());
    let mut entries = 0;
    measure("extract", resources.len(), || {
        entries = resources.iter().map(|r| Extractor::r4().extract(black_box(r)).len()).sum();
    });
    println!("{entries} entries");
    measure("compartment", resources.len(), || {
        let patients = resources.iter().map(|r| Extractor::r4().compartment_patients(black_box(r)).len());
        black_box(patients.sum::<usize>());
    });
    let of_type = |r: &&Value| r.text_at(&["resourceType"]) == Some("Observation");
    let observations: Vec<&Value> = resources.iter().filter(of_type).collect();
    let context = Context::new();
    for text in EXPRESSIONS {
        let Ok(expression) = compile(text) else { continue };
        measure(text, observations.len(), || {
            let found = observations
                .iter()
                .map(|o| expression.evaluate(&context, black_box(o)).map_or(0, |c| c.len()));
            black_box(found.sum::<usize>());
        });
    }
}

/// Runs the work and prints the best round.
fn measure(name: &str, count: usize, mut work: impl FnMut()) {
    let mut best = f64::INFINITY;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        work();
        best = best.min(start.elapsed().as_secs_f64());
    }
    let each = 1e6 * best / f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    println!("{name:64} {:>10.0}/s {each:>7.2} us each", 1e6 / each);
}

/// The resources of every bundle.
fn resources() -> Vec<Value> {
    let Some(folder) = shared::located("the benchmark of the index", "fhir/synthea") else {
        return Vec::new();
    };
    let files = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .filter_map(|entry| std::fs::read(entry.ok()?.path()).ok());
    let bundles = files.filter_map(|bytes| parse(&bytes, &Limits::default()).ok());
    let resources = |bundle: Value| {
        let entries = bundle.items("entry").iter().filter_map(|entry| entry.get("resource").cloned());
        entries.collect::<Vec<_>>()
    };
    bundles.flat_map(resources).collect()
}
