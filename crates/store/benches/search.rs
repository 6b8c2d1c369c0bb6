//! How fast searches are, and whether they stay so as people are added: the same searches over 1,000, 10,000 and
//! 100,000 people, each answer audited before it is released.
//!
//! `cargo bench -p store --bench search` prints rates with the settings they were measured under. The directory is
//! `BEVAN_BENCH_DIR` or a temporary one; `BEVAN_BENCH_PEOPLE` (such as `1000,10000`) chooses other sizes.

use fhir::json::{Limits, Text, parse};
use fhir::search::{Handling, Query};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use store::{Actor, Clock, Entropy, Environment, IfMatch, Options, Prepared, Purpose, Role, Scopes, Store};

struct MachineClock;

impl Clock for MachineClock {
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures the machine's time")]
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::now()
    }
}

struct Counter(AtomicU64);

impl Entropy for Counter {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let drawn = mixed(self.0.fetch_add(1, Ordering::Relaxed)).to_le_bytes();
            for (to, from) in chunk.iter_mut().zip(drawn) {
                *to = from;
            }
        }
    }
}

/// SplitMix64.
fn mixed(number: u64) -> u64 {
    let z = number.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A family name of three syllables: 27,000 of them, so that a name has a few bearers at any size.
fn family(number: u64) -> String {
    const SYLLABLES: [&str; 30] = [
        "ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "qui", "ro", "su", "ta",
        "ve", "wi", "xo", "yu", "za", "bre", "cli", "dro", "flu", "gra", "kle", "pri", "sto", "tru",
    ];
    let drawn = mixed(number) as usize;
    [1, 30, 900].map(|step| SYLLABLES.get(drawn / step % 30).copied().unwrap_or_default()).concat()
}

fn resource(text: &str) -> Option<Prepared> {
    Prepared::new(parse(text.as_bytes(), &Limits::default()).ok()?).ok()
}

/// A person, an encounter and three observations.
fn person(number: u64) -> Vec<Prepared> {
    let (name, nhs) = (family(number), 9_990_000_000 + number);
    let (year, month, day) = (1930 + number % 90, number % 12 + 1, number % 28 + 1);
    let mut texts = vec![
        format!(
            r#"{{"resourceType":"Patient","id":"p{number}","identifier":[{{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"{nhs}"}}],
            "name":[{{"family":"{name}","given":["Sam"]}}],"gender":"other","birthDate":"{year}-{month:02}-{day:02}"}}"#
        ),
        format!(
            r#"{{"resourceType":"Encounter","id":"e{number}","status":"finished","class":{{"code":"IMP"}},
            "subject":{{"reference":"Patient/p{number}"}},"period":{{"start":"2026-01-{day:02}T10:00:00Z"}}}}"#
        ),
    ];
    for (at, code) in ["8867-4", "8310-5", "9279-1"].iter().enumerate() {
        texts.push(format!(
            r#"{{"resourceType":"Observation","id":"o{number}-{at}","status":"final","code":{{"coding":[{{"system":"http://loinc.org","code":"{code}"}}]}},
            "subject":{{"reference":"Patient/p{number}"}},"effectiveDateTime":"2026-01-{day:02}T1{at}:00:00Z",
            "valueQuantity":{{"value":{},"unit":"/min","system":"http://unitsofmeasure.org","code":"/min"}}}}"#,
            number % 100
        ));
    }
    texts.iter().filter_map(|text| resource(text)).collect()
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures the machine's time")]
fn now() -> Instant {
    Instant::now()
}

fn actor(role: Role) -> Arc<Actor> {
    Arc::new(Actor {
        id: Text::from("client/bench"),
        name: String::from("Benchmark"),
        role,
        organisation: Text::default(),
        purpose: Purpose::Treat,
        trace: Text::from("bench"),
        via: None,
        behalf: None,
    })
}

/// Runs clients for two seconds and prints the rate, the latencies and the matches of a search.
fn measure(store: &Store, actor: &Arc<Actor>, what: &str, search: &(dyn Fn(u64) -> Option<Query> + Sync)) {
    const CLIENTS: u64 = 8;
    let begin = now();
    let until = begin + Duration::from_secs(2);
    let (mut latencies, mut found) = (Vec::new(), 0);
    std::thread::scope(|scope| {
        let work = move |client: u64| {
            let (mut latencies, mut found, mut turn) = (Vec::new(), 0, client);
            while now() < until {
                let Some(query) = search(mixed(turn)) else { break };
                let start = now();
                match store.read_blocking(Arc::clone(actor), move |s| s.search(&query)) {
                    Ok(page) => found += page.entries.len(),
                    Err(error) => {
                        println!("{what}: {error}");
                        break;
                    }
                }
                latencies.push(start.elapsed());
                turn += CLIENTS;
            }
            (latencies, found)
        };
        let threads: Vec<_> = (0..CLIENTS).map(|client| scope.spawn(move || work(client))).collect();
        for thread in threads {
            if let Ok((mut own, count)) = thread.join() {
                latencies.append(&mut own);
                found += count;
            }
        }
    });
    let (all, seconds) = (latencies.len().max(1), begin.elapsed().as_secs_f64());
    latencies.sort_unstable();
    let at = |share: usize| latencies.get(all * share / 100).copied().unwrap_or_default();
    let matches = found as f64 / all as f64;
    let rate = all as f64 / seconds;
    println!(
        "  {what:<34} {rate:>8.0}/s   p50 {:>9.3?}   p99 {:>9.3?}   {matches:>5.1} found",
        at(50),
        at(99)
    );
}

fn query(name: &str, pairs: &[(&str, String)]) -> Option<Query> {
    let pairs: Vec<_> = pairs.iter().map(|(n, v)| ((*n).to_owned(), v.clone())).collect();
    Query::parse(name, &pairs, Handling::Strict).ok().map(|parsed| parsed.query)
}

fn searches(store: &Store, people: u64) {
    let all = actor(Role::Backend { scopes: Scopes::everything() });
    let patient = actor(Role::Patient { patient: Text::from("p7") });
    let ten = || ("_count", String::from("10"));
    measure(store, &all, "Patient?family", &|n| query("Patient", &[("family", family(n % people)), ten()]));
    measure(store, &all, "Patient?family, first letters", &|n| {
        query("Patient", &[("family", family(n % people).chars().take(3).collect()), ten()])
    });
    measure(store, &all, "Patient?identifier", &|n| {
        let value = format!("https://fhir.nhs.uk/Id/nhs-number|{}", 9_990_000_000 + n % people);
        query("Patient", &[("identifier", value)])
    });
    measure(store, &all, "Patient?family&birthdate", &|n| {
        query(
            "Patient",
            &[("family", family(n % people)), ("birthdate", format!("gt{}", 1930 + n % 90)), ten()],
        )
    });
    measure(store, &all, "Observation?patient&_sort=-date", &|n| {
        query(
            "Observation",
            &[("patient", format!("p{}", n % people)), ("_sort", String::from("-date")), ten()],
        )
    });
    measure(store, &all, "Observation?code&status", &|_| {
        query(
            "Observation",
            &[("code", String::from("http://loinc.org|8867-4")), ("status", String::from("final")), ten()],
        )
    });
    measure(store, &all, "Observation?patient.family", &|n| {
        query("Observation", &[("patient.family", family(n % people)), ten()])
    });
    measure(store, &all, "Patient?_has:Observation:patient", &|n| {
        query(
            "Patient",
            &[
                ("family", family(n % people)),
                ("_has:Observation:patient:code", String::from("8867-4")),
                ten(),
            ],
        )
    });
    measure(store, &patient, "own Observation?code", &|_| {
        query("Observation", &[("code", String::from("http://loinc.org|8867-4")), ten()])
    });
}

fn main() {
    let temporary = tempfile::tempdir().ok();
    #[expect(clippy::disallowed_methods, reason = "a benchmark is told where the disk is and how much to do")]
    let told = |name: &str| std::env::var(name).ok();
    let given = told("BEVAN_BENCH_DIR").map(std::path::PathBuf::from);
    let Some(directory) = given.or_else(|| temporary.as_ref().map(|dir| dir.path().to_path_buf())) else {
        return;
    };
    let sizes = told("BEVAN_BENCH_PEOPLE").unwrap_or_else(|| String::from("1000,10000,100000"));
    let environment =
        Environment { clock: Arc::new(MachineClock), entropy: Arc::new(Counter(AtomicU64::new(1))) };
    let store = match Store::open(&directory, Options::default(), environment) {
        Ok(store) => store,
        Err(error) => return println!("{error}"),
    };
    println!(
        "SQLite {}, WAL, synchronous=FULL; audit on; 8 clients; {}",
        rusqlite::version(),
        directory.display()
    );
    let loader = Arc::new(Actor::system("bench"));
    let mut loaded = 0;
    for people in sizes.split(',').filter_map(|size| size.parse::<u64>().ok()) {
        let begin = now();
        let mut written = 0;
        while loaded < people {
            let until = (loaded + 100).min(people);
            let batch: Vec<Prepared> = (loaded..until).flat_map(person).collect();
            written += batch.len();
            let done = store.write_blocking(Arc::clone(&loader), move |t| {
                batch.iter().try_for_each(|resource| t.update(resource, IfMatch::Any).map(|_| ()))
            });
            if let Err(error) = done {
                return println!("loading: {error}");
            }
            loaded = until;
        }
        let seconds = begin.elapsed().as_secs_f64();
        println!(
            "{people} people, {} resources; loaded {:.0} resources/s by one thread",
            people * 5,
            written as f64 / seconds
        );
        searches(&store, people);
    }
}
