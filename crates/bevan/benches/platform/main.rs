//! The whole house under load, over real sockets: import, audited reads, family-name searches, durable creates, HL7 v2
//! accept, and message-in to board-out; reads and searches as a backend client, whom nothing is hidden from, and as staff of
//! a ward, whose every statement asks which patients are theirs. Every figure is printed with its role and the settings it was
//! measured under; processor time for each answer is the figure to compare when other work shares the machine.
//!
//! `cargo bench -p bevan --bench platform -- --people 1000,10000 --seconds 10`; `--data DIR` measures the doors on a
//! record that is there already, and writes to it.
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

mod board;
mod floor;
mod load;
mod machine;
mod message;
mod wire;
mod world;

use load::{Report, clients};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use support::process::Bevan;
use wire::Wire;

fn main() {
    let settings = Settings::of(std::env::args().skip(1));
    println!("machine: {}, load average {} before", machine::describe(), machine::load_average());
    println!("date: {}", jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M UTC"));
    println!(
        "settings: one process; SQLite WAL, 8 KiB pages, synchronous=FULL, group commit; audit on, committed before the \
         first byte; {} s a figure; load from blocking sockets on the same machine",
        settings.seconds.as_secs()
    );
    for role in [Role::Backend, Role::Ward, Role::Manager, Role::Sender] {
        println!("role: {:<14} {}", role.name(), role.means());
    }
    let folder = tempfile::tempdir().expect("a folder");
    let floor = floor::commits_per_second(folder.path(), settings.seconds.min(Duration::from_secs(5)));
    match &floor {
        Some((version, rate)) => println!(
            "floor: python3 with SQLite {version}, one 600-byte row a commit, no index, no audit, no HTTP: {rate:.0} commits/s"
        ),
        None => println!("floor: not measured, python3 with sqlite3 is not installed"),
    }
    let floor = floor.as_ref().map(|(_, rate)| *rate);
    if let Some(data) = &settings.data {
        println!("\n== the record in {}", data.display());
        doors(data, settings.seconds, floor);
        return;
    }
    for people in &settings.people {
        measure(*people, settings.seconds, floor);
    }
}

/// Messages made beforehand for each second of sending: more than can be taken.
const MESSAGES_A_SECOND: usize = 6_000;

struct Settings {
    people: Vec<u64>,
    seconds: Duration,
    /// A data directory to measure on; it is written to.
    data: Option<PathBuf>,
}

impl Settings {
    /// Unknown words are passed over: cargo adds its own.
    fn of(arguments: impl Iterator<Item = String>) -> Self {
        let mut settings = Self { people: vec![1000], seconds: Duration::from_secs(5), data: None };
        let words: Vec<String> = arguments.collect();
        for pair in words.windows(2) {
            match pair {
                [flag, value] if flag == "--people" => {
                    settings.people = value.split(',').filter_map(|number| number.parse().ok()).collect();
                }
                [flag, value] if flag == "--seconds" => {
                    settings.seconds = Duration::from_secs(value.parse().unwrap_or(5));
                }
                [flag, value] if flag == "--data" => settings.data = Some(PathBuf::from(value)),
                _ => {}
            }
        }
        settings
    }
}

fn measure(people: u64, seconds: Duration, floor: Option<f64>) {
    let folder = tempfile::tempdir().expect("a folder");
    let world = world::World::make(folder.path(), people);
    let detail = if people >= world::LEAN_FROM { "lean" } else { "full" };
    println!("\n== {people} people, {} resources ({detail} records)", world.ndjson.resources);
    print_import("import, NDJSON", &world.ndjson);
    print_import(&format!("import, {} bundles", world.bundle_count), &world.bundles);
    doors(&world.data, seconds, floor);
    // A large world is not left for the end of the run.
    std::fs::remove_dir_all(folder.path()).ok();
}

/// Everything that a running platform is asked for.
fn doors(data: &Path, seconds: Duration, floor: Option<f64>) {
    let bevan = Bevan::start(data);
    let targets = Targets::of(&bevan, Role::Backend);
    targets.measure(&bevan, seconds);
    let creates = targets.creates(&bevan, 8, seconds);
    print("create", Role::Backend, 8, &creates);
    if let Some(floor) = floor {
        println!("  that is {:.2} times the floor", creates.per_second / floor);
    }
    print("HL7 v2 accept", Role::Sender, 16, &accepts(&bevan, 16, seconds));
    settle(&bevan);
    // Only now are there patients on the wards: the hospitals' messages have just brought them.
    let ward = Targets::of(&bevan, Role::Ward);
    println!("{} patients are in reach of the staff of the demo's ward", ward.ids.len());
    if ward.ids.is_empty() {
        println!("  so that nothing could be measured as ward staff");
    } else {
        ward.measure(&bevan, seconds);
    }
    print("ward board page", Role::Manager, 8, &boards(&bevan, 8, seconds));
    let (admitted, discharged) = board::measure(&bevan, seconds);
    print_board("A01 to board", admitted);
    print_board("A03 to board", discharged);
    let (resident, highest) = machine::resident_mb(bevan.pid());
    println!("{:<20} {resident:>9.0} MB resident, {highest:.0} MB at the highest", "memory");
    println!("{:<20} {:>9} load average", "machine", machine::load_average());
}

/// As whom the doors are asked.
#[derive(Clone, Copy)]
enum Role {
    Backend,
    Ward,
    Manager,
    Sender,
}

impl Role {
    fn name(self) -> &'static str {
        match self {
            Self::Backend => "backend client",
            Self::Ward => "ward staff",
            Self::Manager => "ward manager",
            Self::Sender => "HL7 v2 sender",
        }
    }

    /// What the role may do, as far as it matters for a figure.
    fn means(self) -> &'static str {
        match self {
            Self::Backend => "FHIR with the token demo-system: every scope, every patient",
            Self::Ward => {
                "FHIR with the token demo-ward: patients with an open encounter in the organisation, no other"
            }
            Self::Manager => {
                "pages with a session, signed in as the demo's ward manager, one session a client"
            }
            Self::Sender => "MLLP, no sign-in",
        }
    }

    /// The token at the FHIR door.
    fn token(self) -> &'static str {
        if matches!(self, Self::Ward) { "demo-ward" } else { "demo-system" }
    }
}

/// What is asked for, and as whom.
struct Targets {
    role: Role,
    ids: Vec<String>,
    families: Vec<String>,
}

impl Targets {
    /// Patients whom the role may see.
    fn of(bevan: &Bevan, role: Role) -> Self {
        let mut client = bevan.client().bearer(role.token());
        Self { role, ids: world::patient_ids(&mut client), families: world::families(&mut client) }
    }

    /// Reads and searches by family name, all audited.
    fn measure(&self, bevan: &Bevan, seconds: Duration) {
        print("read", self.role, 32, &self.reads(bevan, 32, seconds));
        print("read", self.role, 1, &self.reads(bevan, 1, seconds));
        // The same number of answers in every size of record, and a full page, which a small record seldom fills.
        for page in [1, 10] {
            let searches = self.searches(page);
            let requests: Vec<_> = searches.iter().map(|path| wire::get(self.role.token(), path)).collect();
            print("family search", self.role, 32, &asks(bevan, 32, seconds, &requests));
            let mut client = bevan.client().bearer(self.role.token());
            let held = world::patients_an_answer(&mut client, &searches);
            println!("  with _count={page}: {held:.1} patients an answer");
        }
    }

    fn reads(&self, bevan: &Bevan, count: usize, seconds: Duration) -> Report {
        let read = |id: &String| wire::get(self.role.token(), &format!("/fhir/Patient/{id}"));
        let requests: Vec<Vec<u8>> = self.ids.iter().map(read).collect();
        asks(bevan, count, seconds, &requests)
    }

    fn searches(&self, page: u32) -> Vec<String> {
        let path = |family: &String| format!("/fhir/Patient?family={family}&_count={page}");
        self.families.iter().map(path).collect()
    }

    fn creates(&self, bevan: &Bevan, count: usize, seconds: Duration) -> Report {
        clients(count, seconds, bevan.pid(), |number| {
            let mut wire = Wire::connect(bevan.http).expect("the FHIR door");
            let mut at = 0u64;
            move || {
                at += 1;
                let patient = &self.ids[(number * 7919 + at as usize) % self.ids.len()];
                let body = message::observation(patient, number, at);
                load::expect(wire.ask(&wire::post("/fhir/Observation", &body))?.status == 201)
            }
        })
    }
}

/// Each client asks in a circle, from a place of its own. An answer must hold a resource.
fn asks(bevan: &Bevan, count: usize, seconds: Duration, requests: &[Vec<u8>]) -> Report {
    clients(count, seconds, bevan.pid(), |number| {
        let mut wire = Wire::connect(bevan.http).expect("the FHIR door");
        let mut at = number * 7919;
        move || {
            at += 1;
            let glance = wire.ask(&requests[at % requests.len()])?;
            load::expect(glance.status == 200 && glance.length > 300)
        }
    })
}

/// Each client is a ward manager who opens the board of the ward again and again, as a browser without JavaScript does.
fn boards(bevan: &Bevan, count: usize, seconds: Duration) -> Report {
    let path = board::page();
    clients(count, seconds, bevan.pid(), |_| {
        let request = wire::page(&board::sign_in(bevan), &path);
        let mut wire = Wire::connect(bevan.http).expect("the pages");
        move || {
            let glance = wire.ask(&request)?;
            load::expect(glance.status == 200 && glance.length > 3_000)
        }
    })
}

/// The senders share one stream of a hospital's messages; each takes the next one that is not sent yet.
fn accepts(bevan: &Bevan, count: usize, seconds: Duration) -> Report {
    let messages = message::stream(MESSAGES_A_SECOND * seconds.as_secs() as usize);
    let next = AtomicUsize::new(0);
    clients(count, seconds, bevan.pid(), |_| {
        let mut sender = support::mllp::Sender::connect(bevan.mllp).expect("the listener");
        let (messages, next) = (&messages, &next);
        move || {
            let message = messages.get(next.fetch_add(1, Ordering::Relaxed));
            let answer = sender.send(message.expect("enough messages"))?;
            load::expect(support::mllp::code(&answer).as_deref() == Some("AA"))
        }
    })
}

/// Waits until the messages that were accepted are applied, and says how fast that went.
fn settle(bevan: &Bevan) {
    let began = std::time::Instant::now();
    let waiting = || {
        let page = bevan.client().get("/metrics").expect("metrics").text();
        let line = page.lines().find(|line| line.starts_with("bevan_inbox_waiting ")).map(str::to_owned);
        line.and_then(|line| line.split(' ').nth(1)?.parse::<u64>().ok()).expect("a count")
    };
    let first = waiting();
    let mut left = first;
    while left > 0 && began.elapsed() < Duration::from_secs(120) {
        std::thread::park_timeout(Duration::from_millis(100));
        left = waiting();
    }
    let took = began.elapsed().as_secs_f64();
    println!(
        "{:<20} {:>9.0} /s  ({first} were waiting when the senders stopped, {left} still are)",
        "HL7 v2 apply",
        (first - left) as f64 / took
    );
}

fn print(name: &str, role: Role, clients: usize, report: &Report) {
    println!(
        "{name:<20} {:<14} {:>9.0} /s  p50 {:.2} ms  p99 {:.2} ms  max {:.0} ms  (clients {clients}, errors {}; processor a request: server {:.0} µs, client {:.0} µs)",
        role.name(),
        report.per_second,
        report.p50_ms,
        report.p99_ms,
        report.max_ms,
        report.errors,
        report.server_us,
        report.client_us
    );
}

fn print_import(name: &str, import: &world::Import) {
    println!(
        "{name:<20} {:>9.0} resources/s  ({} in {:.1} s; {:.0} bytes of database each)",
        import.resources as f64 / import.seconds,
        import.resources,
        import.seconds,
        import.bytes as f64 / import.resources as f64
    );
}

fn print_board(name: &str, times: Vec<f64>) {
    let count = times.len();
    let [p50, p99, max] = load::quantiles(times, [0.5, 0.99, 1.0]);
    println!("{name:<20} {:>9} p50 {p50:.0} ms  p99 {p99:.0} ms  max {max:.0} ms  ({count} messages)", "");
}
