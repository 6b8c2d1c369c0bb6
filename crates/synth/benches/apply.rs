//! How fast the record takes the message stream: tokenised, mapped, folded, written with audit and `synchronous=FULL`,
//! from the inbox on. Run: `cargo bench -p synth --bench apply [-- MESSAGES]`. Prints messages a second by the clock and by
//! the processor time of the whole process, in slices, so that growth of histories shows.

#![expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
#![expect(clippy::unwrap_used, reason = "a benchmark may stop at what it did not expect")]

use interop::apply::Feed;
use interop::intake::{Intake, Retry};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use store::inbox::{Arrival, State, receive};
use store::{Actor, Clock, Entropy, Environment, Store};
use synth::{Plan, Stream, Timed, World};

/// The stream's own time, so that nothing seems to come from the future.
struct Frozen;

impl Clock for Frozen {
    fn now(&self) -> jiff::Timestamp {
        "2026-12-24T08:00:00Z".parse().unwrap()
    }
}

struct Counter(AtomicU64);

impl Entropy for Counter {
    fn fill(&self, bytes: &mut [u8]) {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = (number >> (8 * (at % 8))) as u8;
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let wanted = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(5_000);
    let plan = Plan { seed: 42, people: 20_000, start: "2026-11-02T08:00:00Z".parse().unwrap() };
    let world = World::new(plan);
    let messages: Vec<Timed> = Stream::new(&world, 42, plan.start).take(wanted).collect();
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let environment = Environment { clock: Arc::new(Frozen), entropy: Arc::new(Counter(AtomicU64::new(1))) };
    let store = Store::open(folder.path(), store::Options::default(), environment).unwrap();
    let system = Arc::new(Actor::system("bench"));
    let apply = Feed { store: store.clone(), actor: Arc::clone(&system) };
    let retry = Retry::new(interop::mapping::VERSION);
    let intake = Intake { store: store.clone(), actor: Arc::clone(&system), apply, retry, lanes: 64 };
    for (number, slice) in messages.chunks(wanted.div_ceil(5)).enumerate() {
        for message in slice {
            receive(&store, Arc::clone(&system), arrival(message)).await.unwrap();
        }
        let (begun, spent) = (Instant::now(), processor_seconds());
        let settled = intake.catch_up().await.unwrap() as f64;
        let (clock, spent) = (begun.elapsed().as_secs_f64(), processor_seconds() - spent);
        println!(
            "slice {}: {settled} messages, {:.0}/s by the clock, {:.0}/s by processor time",
            number + 1,
            settled / clock,
            settled / spent
        );
    }
    let counts = store.read(system, |snapshot| snapshot.inbox_counts()).await.unwrap();
    let dead: u64 = counts.iter().filter(|one| one.state == State::Dead).map(|one| one.count).sum();
    println!("{dead} dead letters");
}

fn arrival(message: &Timed) -> Arrival {
    let parsed = hl7v2::Message::parse(&message.bytes).unwrap().message;
    let text = |number| parsed.header(number).component(1).text().unwrap_or_default().into_owned();
    Arrival {
        source: "bench".into(),
        application: text(3).into(),
        facility: text(4).into(),
        control_id: text(10).into(),
        raw: message.bytes.clone(),
    }
}

/// User and system time of this process, in seconds; not a number where the machine does not tell.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    let tick = |at: usize| after.split_whitespace().nth(at).and_then(|ticks| ticks.parse::<f64>().ok());
    match (tick(11), tick(12)) {
        (Some(user), Some(system)) => (user + system) / 100.0,
        _ => f64::NAN,
    }
}
