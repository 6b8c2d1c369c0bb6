//! How fast the store is when nothing is cut: every create synced before it is answered, every read audited first.
//!
//! `cargo bench -p store` prints rates and latencies with the settings they were measured under. The directory is
//! `BEVAN_BENCH_DIR` or a temporary one; use a real disk, as a memory file system makes syncs free.

mod machine;

use fhir::json::{Limits, Text, parse};
use std::sync::Arc;
use std::time::{Duration, Instant};
use store::{IfMatch, Options, Prepared, Store};

fn observation(number: usize) -> Prepared {
    let text = format!(
        r#"{{"resourceType":"Observation","status":"final","category":[{{"coding":[{{"system":
        "http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs","display":"Vital signs"}}]}}],
        "code":{{"coding":[{{"system":"http://loinc.org","code":"8867-4","display":"Heart rate"}}],"text":"Heart rate"}},
        "subject":{{"reference":"Patient/p{}"}},"encounter":{{"reference":"Encounter/e{}"}},
        "effectiveDateTime":"2026-01-0{}T10:00:00+00:00","issued":"2026-01-05T10:00:00.000+00:00",
        "valueQuantity":{{"value":{}.0,"unit":"/min","system":"http://unitsofmeasure.org","code":"/min"}}}}"#,
        number % 1000,
        number % 5000,
        number % 9 + 1,
        40 + number % 90
    );
    let value = parse(text.as_bytes(), &Limits::default()).unwrap_or_default();
    Prepared::new(value).unwrap_or_else(|issues| {
        println!("the sample is refused: {issues:?}");
        std::process::exit(1)
    })
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures the machine's time")]
fn now() -> Instant {
    Instant::now()
}

/// Runs `clients` threads for a while; prints the rate and the latencies.
fn measure(what: &str, clients: usize, seconds: u64, work: &(dyn Fn(usize, usize) -> usize + Sync)) {
    let begin = now();
    let until = begin + Duration::from_secs(seconds);
    let (mut latencies, mut items) = (Vec::new(), 0);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..clients)
            .map(|client| {
                scope.spawn(move || {
                    let (mut latencies, mut items, mut turn) = (Vec::with_capacity(1 << 16), 0, 0);
                    while now() < until {
                        let start = now();
                        items += work(client, turn);
                        latencies.push(start.elapsed());
                        turn += 1;
                    }
                    (latencies, items)
                })
            })
            .collect();
        for thread in threads {
            if let Ok((mut found, count)) = thread.join() {
                latencies.append(&mut found);
                items += count;
            }
        }
    });
    let rate = items as f64 / begin.elapsed().as_secs_f64();
    latencies.sort_unstable();
    let at =
        |share: f64| latencies.get((latencies.len() as f64 * share) as usize).copied().unwrap_or_default();
    println!(
        "{what:<34} {clients:>3} clients {rate:>9.0}/s   p50 {:>9.3?}   p99 {:>9.3?}",
        at(0.5),
        at(0.99)
    );
}

fn main() {
    let temporary = tempfile::tempdir().ok();
    #[expect(clippy::disallowed_methods, reason = "a benchmark is told where the disk is")]
    let given = std::env::var_os("BEVAN_BENCH_DIR").map(std::path::PathBuf::from);
    let Some(directory) = given.or_else(|| temporary.as_ref().map(|dir| dir.path().to_path_buf())) else {
        return;
    };
    let store = match Store::open(&directory, Options::default(), machine::environment()) {
        Ok(store) => store,
        Err(error) => return println!("{error}"),
    };
    println!(
        "SQLite {}, WAL, synchronous=FULL, group commit; audit on; {}",
        rusqlite::version(),
        directory.display()
    );
    let actor = machine::actor();
    let write = |client: usize, turn: usize| {
        let resource = observation(client * 31 + turn);
        usize::from(store.write_blocking(Arc::clone(&actor), move |t| t.create(&resource)).is_ok())
    };
    measure("durable create", 8, 5, &write);
    measure("durable create", 1, 2, &write);

    let ids: Vec<Text> = (0..1000).map(|n| Text::from(format!("r{n}"))).collect();
    for id in &ids {
        let text = format!(r#"{{"resourceType":"Patient","id":"{id}","name":[{{"family":"Bench"}}]}}"#);
        let Ok(Ok(patient)) = parse(text.as_bytes(), &Limits::default()).map(Prepared::new) else { return };
        if let Err(error) =
            store.write_blocking(Arc::clone(&actor), move |t| t.update(&patient, IfMatch::Any))
        {
            return println!("{error}");
        }
    }
    let read = |client: usize, turn: usize| {
        let id = ids.get((client * 7919 + turn * 31) % ids.len()).cloned().unwrap_or_default();
        usize::from(store.read_blocking(Arc::clone(&actor), move |s| s.read("Patient", &id)).is_ok())
    };
    measure("audited read", 32, 5, &read);
    measure("audited read", 1, 2, &read);

    let import = |client: usize, turn: usize| {
        let resources: Vec<Prepared> = (0..500).map(|n| observation(client * 77 + turn * 500 + n)).collect();
        let done = store.write_blocking(Arc::clone(&actor), move |t| {
            resources.iter().try_for_each(|resource| t.create(resource).map(|_| ()))
        });
        if done.is_ok() { 500 } else { 0 }
    };
    measure("import, 500 resources a write", 2, 5, &import);
}
