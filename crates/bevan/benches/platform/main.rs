//! The whole house under load, over real sockets: durable creates, audited reads, family-name searches, import,
//! HL7 v2 accept, and message-in to board-out. Every figure is printed with the settings it was measured under.
//!
//! `cargo bench -p bevan --bench platform -- --people 1000,10000 --seconds 10`
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test outside the test harness: it measures and fails loudly"
)]

#[expect(dead_code, reason = "each test binary uses its own part")]
#[path = "../../tests/support/mod.rs"]
mod support;

mod load;
mod world;

use load::{Report, clients};
use std::time::Duration;
use support::process::Bevan;

fn main() {
    let settings = Settings::of(std::env::args().skip(1));
    println!("machine: {}", world::machine());
    println!(
        "settings: one process, SQLite WAL, synchronous=FULL, group commit, audit on, {} s a figure, load from the same machine",
        settings.seconds.as_secs()
    );
    for people in &settings.people {
        measure(*people, settings.seconds);
    }
}

struct Settings {
    people: Vec<u64>,
    seconds: Duration,
}

impl Settings {
    /// Unknown words are passed over: cargo adds its own.
    fn of(arguments: impl Iterator<Item = String>) -> Self {
        let mut settings = Self { people: vec![1000], seconds: Duration::from_secs(5) };
        let words: Vec<String> = arguments.collect();
        for pair in words.windows(2) {
            match pair {
                [flag, value] if flag == "--people" => {
                    settings.people = value.split(',').filter_map(|number| number.parse().ok()).collect();
                }
                [flag, value] if flag == "--seconds" => {
                    settings.seconds = Duration::from_secs(value.parse().unwrap_or(5));
                }
                _ => {}
            }
        }
        settings
    }
}

fn measure(people: u64, seconds: Duration) {
    let folder = tempfile::tempdir().expect("a folder");
    let world = world::World::make(folder.path(), people);
    println!("\n== {people} people, {} resources", world.resources);
    println!(
        "import            {:>9.0} resources/s  ({} resources in {:.1} s, {:.1} kB on disk each)",
        world.resources as f64 / world.import_s,
        world.resources,
        world.import_s,
        world.bytes_on_disk as f64 / world.resources as f64 / 1000.0
    );
    let bevan = Bevan::start(&world.data);
    let http = bevan.http;
    let ids = world.patient_ids(&mut bevan.system());
    let families = world.families(&mut bevan.system());

    print(
        "read",
        32,
        clients(32, seconds, move |number| {
            let ids = ids.clone();
            let mut client = support::http::Client::new(http).bearer("demo-system");
            let mut at = number * 7919;
            move || {
                at += 1;
                let answer = client.get(&format!("/fhir/Patient/{}", ids[at % ids.len()]))?;
                load::expect(answer.status == 200)
            }
        }),
    );
    print(
        "family search",
        32,
        clients(32, seconds, move |number| {
            let families = families.clone();
            let mut client = support::http::Client::new(http).bearer("demo-system");
            let mut at = number * 7919;
            move || {
                at += 1;
                let answer = client
                    .get(&format!("/fhir/Patient?family={}&_count=10", families[at % families.len()]))?;
                load::expect(answer.status == 200)
            }
        }),
    );
    print(
        "create",
        8,
        clients(8, seconds, move |number| {
            let mut client = support::http::Client::new(http).bearer("demo-system");
            let mut at = 0u64;
            move || {
                at += 1;
                let body = world::observation(number, at);
                let answer = client.post_fhir("/fhir/Observation", body.as_bytes())?;
                load::expect(answer.status == 201)
            }
        }),
    );
    let mllp = bevan.mllp;
    print(
        "HL7 v2 accept",
        16,
        clients(16, seconds, move |number| {
            let mut sender = support::mllp::Sender::connect(mllp).expect("the listener");
            let mut at = 0u64;
            move || {
                at += 1;
                let answer = sender.send(world::update(number, at).as_bytes())?;
                load::expect(support::mllp::code(&answer).as_deref() == Some("AA"))
            }
        }),
    );
    println!("memory            {:>9.0} MB resident", world::resident_mb(bevan.pid()));
}

fn print(name: &str, clients: usize, report: Report) {
    println!(
        "{name:<17} {:>9.0} /s  p50 {:.2} ms  p99 {:.2} ms  ({clients} clients, {} errors)",
        report.per_second, report.p50_ms, report.p99_ms, report.errors
    );
}
