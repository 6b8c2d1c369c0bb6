//! How long `bevan audit verify` takes: a log of so many rows, each of an audited read, verified from end to end.
//!
//! `cargo bench -p store --bench audit -- 1000000`. The directory is `BEVAN_BENCH_DIR` or a temporary one.

mod machine;

use fhir::json::{Limits, Text, parse};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;
use store::{IfMatch, Options, Prepared, Store};

/// Reads that share a snapshot, and with it a commit of their rows.
const TOGETHER: usize = 500;
/// People whose records are read.
const PEOPLE: usize = 1_000;

#[expect(clippy::disallowed_methods, reason = "a benchmark measures the machine's time")]
fn now() -> Instant {
    Instant::now()
}

fn fill(directory: &Path, rows: usize) -> Result<(), String> {
    let store = Store::open(directory, Options::default(), machine::environment())
        .map_err(|error| error.to_string())?;
    let actor = machine::actor();
    for number in 0..PEOPLE {
        let text = format!(r#"{{"resourceType":"Patient","id":"p{number}","name":[{{"family":"Bench"}}]}}"#);
        let document = parse(text.as_bytes(), &Limits::default()).map_err(|error| error.to_string())?;
        let patient = Prepared::new(document).map_err(|issues| format!("{issues:?}"))?;
        let put = store.write_blocking(Arc::clone(&actor), move |t| t.update(&patient, IfMatch::Any));
        put.map_err(|error| error.to_string())?;
    }
    for first in (PEOPLE..rows).step_by(TOGETHER) {
        let until = rows.min(first + TOGETHER);
        let read = store.read_blocking(Arc::clone(&actor), move |snapshot| {
            (first..until).try_for_each(|at| {
                snapshot.read("Patient", &Text::from(format!("p{}", at % PEOPLE))).map(drop)
            })
        });
        read.map_err(|error| error.to_string())?;
    }
    Ok(())
}

fn main() {
    let temporary = tempfile::tempdir().ok();
    #[expect(clippy::disallowed_methods, reason = "a benchmark is told where the disk is")]
    let given = std::env::var_os("BEVAN_BENCH_DIR").map(PathBuf::from);
    let rows = std::env::args().filter_map(|word| word.parse().ok()).next().unwrap_or(1_000_000);
    let Some(directory) = given.or_else(|| temporary.as_ref().map(|dir| dir.path().to_path_buf())) else {
        return;
    };
    let begin = now();
    if let Err(error) = fill(&directory, rows) {
        return println!("{error}");
    }
    println!("{rows} audit rows written in {:.1?}; {}", begin.elapsed(), directory.display());
    let begin = now();
    match store::audit::verify(&directory) {
        Ok(report) => println!(
            "audit verify: {} rows and {} heads in {:.2?}, {:.0} rows/s, {} faults",
            report.rows,
            report.heads,
            begin.elapsed(),
            report.rows as f64 / begin.elapsed().as_secs_f64(),
            report.findings.len()
        ),
        Err(error) => println!("{error}"),
    }
}
