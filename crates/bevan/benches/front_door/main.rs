//! Patients at the front door, as they come: so many sign-ins a second whatever the server does, each through a national
//! login and followed by twenty page views. Prints the times of each kind of page, errors and memory over time.
//!
//! `cargo bench -p bevan --bench front_door -- --people 10000 --sign-ins-a-second 22 --seconds 60`
//!
//! A session's first request is timed from the moment it was due, so that a queue before the server counts. Views follow one
//! another without pause. The login service is a small one inside this process; its time is on the same cores.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test outside the test harness: it measures and fails loudly"
)]

mod browser;
mod login;
#[expect(dead_code, reason = "each benchmark uses its own part")]
#[path = "../platform/machine.rs"]
mod machine;
mod people;
#[expect(dead_code, reason = "each test binary uses its own part")]
#[path = "../../tests/support/mod.rs"]
mod support;
mod times;
mod views;

use login::Login;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use support::process::Bevan;
use times::Times;

/// People at once: more than can be waiting when the server keeps up.
const BROWSERS: usize = 64;

struct Settings {
    people: u64,
    a_second: f64,
    seconds: u64,
    data: Option<PathBuf>,
}

fn main() {
    let settings = settings();
    println!("machine: {}, load average {} before", machine::describe(), machine::load_average());
    println!("date: {}", jiff::Timestamp::now().strftime("%Y-%m-%d %H:%M UTC"));
    println!(
        "settings: one process with 4 readers; SQLite WAL, synchronous=FULL; audit on, committed before the first byte; gzip; {} \
         sign-ins a second for {} s, each with {} page views",
        settings.a_second,
        settings.seconds,
        views::VIEWS.len()
    );
    let folder = tempfile::tempdir().expect("a folder");
    let data = settings.data.clone().unwrap_or_else(|| people::make(folder.path(), settings.people));
    let login = Login::open();
    let key = folder.path().join("key.pem");
    std::fs::write(&key, login.client_key()).expect("a key file");
    let key_text = key.display().to_string();
    let variables = [
        ("BEVAN_SIGN_IN_ISSUER", login.issuer.as_str()),
        ("BEVAN_SIGN_IN_CLIENT", "bevan"),
        ("BEVAN_SIGN_IN_KEY", &key_text),
    ];
    let bevan = Bevan::start_with(&data, &["--demo"], &variables);
    let people = people::adults(&mut bevan.system());
    println!("people who sign in: {} of {}", people.len(), settings.people);
    login.know(&people);
    let times = run(&settings, &bevan, &login, people.len());
    times.print();
    let (resident, highest) = machine::resident_mb(bevan.pid());
    println!("memory: {resident:.0} MB resident at the end, {highest:.0} MB at the highest");
    println!("machine: {} load average after", machine::load_average());
}

/// Sends people to the door when they are due, and collects what they saw.
fn run(settings: &Settings, bevan: &Bevan, login: &Login, people: usize) -> Times {
    let arrivals = (settings.a_second * settings.seconds as f64) as usize;
    let next = AtomicUsize::new(0);
    let started = Instant::now();
    let cpu_before = machine::cpu_s(bevan.pid());
    let all = std::thread::scope(|scope| {
        let browsers: Vec<_> = (0..BROWSERS)
            .map(|_| {
                scope.spawn(|| {
                    let mut seen = Times::default();
                    loop {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        if number >= arrivals {
                            return seen;
                        }
                        let due = Duration::from_secs_f64(number as f64 / settings.a_second);
                        while started.elapsed() < due {
                            std::thread::park_timeout(due.saturating_sub(started.elapsed()));
                        }
                        views::visit(bevan.http, login, number * 7919 % people, (started + due, &mut seen));
                    }
                })
            })
            .collect();
        let watching = scope.spawn(|| memory(settings, bevan.pid(), started));
        let mut all = Times::default();
        for browser in browsers {
            all.add(browser.join().expect("a browser"));
        }
        watching.join().expect("the watch");
        all
    });
    let took = started.elapsed().as_secs_f64();
    let cpu = machine::cpu_s(bevan.pid()) - cpu_before;
    println!(
        "{} requests in {took:.0} s, {:.0} /s; {:.2} cores of the server; {} late starts over 100 ms",
        all.count(),
        all.count() as f64 / took,
        cpu / took,
        all.late
    );
    all
}

/// Prints the memory ten times on the way.
fn memory(settings: &Settings, pid: u32, started: Instant) {
    for tenth in 1..=10 {
        let at = Duration::from_secs_f64(settings.seconds as f64 * f64::from(tenth) / 10.0);
        while started.elapsed() < at {
            std::thread::park_timeout(at.saturating_sub(started.elapsed()));
        }
        println!("  after {:>4.0} s: {:.0} MB resident", at.as_secs_f64(), machine::resident_mb(pid).0);
    }
}

/// Unknown words are passed over: cargo adds its own.
fn settings() -> Settings {
    let mut settings = Settings { people: 1_000, a_second: 22.0, seconds: 10, data: None };
    let words: Vec<String> = std::env::args().skip(1).collect();
    for pair in words.windows(2) {
        let number = || pair[1].parse().unwrap_or_else(|_| panic!("{} needs a number", pair[0]));
        match pair[0].as_str() {
            "--people" => settings.people = number() as u64,
            "--sign-ins-a-second" => settings.a_second = number(),
            "--seconds" => settings.seconds = number() as u64,
            "--data" => settings.data = Some(PathBuf::from(&pair[1])),
            _ => {}
        }
    }
    settings
}
