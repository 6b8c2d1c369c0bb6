//! MLLP accept with a durable store: messages sent, made durable and acknowledged, over loopback sockets, one message
//! outstanding on each connection. Prints messages per second and the slowest acknowledgements. The store runs with
//! `synchronous=FULL` and audit on, in a folder below the build's target directory. Run: `cargo bench -p interop`.

use hl7v2::build::MessageBuilder;
use hl7v2::mllp::{END, frame};
use interop::mllp::{Door, Options, Record, Stamps, serve};
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use store::{Actor, Clock, Entropy, Environment, Store};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

struct Machine(AtomicU64);

impl Clock for Machine {
    #[expect(clippy::disallowed_methods, reason = "a benchmark runs on the machine's clock")]
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::now()
    }
}

impl Entropy for Machine {
    fn fill(&self, bytes: &mut [u8]) {
        let number = self.0.fetch_add(1, Ordering::Relaxed);
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = (number >> (8 * (at % 8))) as u8;
        }
    }
}

#[tokio::main]
async fn main() -> Outcome<()> {
    for (connections, each) in [(1, 500), (8, 500), (64, 400)] {
        measure(connections, each).await?;
    }
    Ok(())
}

async fn measure(connections: usize, each: usize) -> Outcome<()> {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let machine = Arc::new(Machine(AtomicU64::new(1)));
    let environment = Environment { clock: Arc::clone(&machine) as Arc<dyn Clock>, entropy: machine.clone() };
    let store = Store::open(folder.path(), store::Options::default(), environment)?;
    let record = Record { store, actor: Arc::new(Actor::system("bench")) };
    let stamps = Stamps::new(Arc::new(move || machine.now()));
    let door = Arc::new(Door::new(record, Options::default(), stamps));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let (stop, stopped) = watch::channel(false);
    let serving = tokio::spawn(serve(listener, Arc::clone(&door), stopped));

    let started = now();
    let mut senders = Vec::new();
    for connection in 0..connections {
        senders.push(tokio::spawn(async move {
            let mut stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            let mut waits = Vec::with_capacity(each);
            let mut answer = Vec::new();
            for number in 0..each {
                let sent = now();
                stream.write_all(&frame(&message(connection, number))).await?;
                answer.clear();
                while !answer.contains(&END) {
                    if stream.read_buf(&mut answer).await? == 0 {
                        return Err("the listener closed the connection".into());
                    }
                }
                if !answer.windows(7).any(|window| window == b"MSA|AA|") {
                    return Err("not acknowledged".into());
                }
                waits.push(sent.elapsed());
            }
            Outcome::Ok(waits)
        }));
    }
    let mut waits: Vec<Duration> = Vec::new();
    for sender in senders {
        waits.extend(sender.await??);
    }
    let elapsed = started.elapsed().as_secs_f64();
    stop.send(true)?;
    serving.await??;
    waits.sort_unstable();
    let at = |share: usize| {
        waits.get((waits.len() * share / 100).min(waits.len() - 1)).copied().unwrap_or_default()
    };
    let rate = waits.len() as f64 / elapsed;
    println!(
        "{connections} connections: {rate:.0} messages/s durable and acknowledged, p50 {:.1?}, p99 {:.1?} (FULL, audit on)",
        at(50),
        at(99)
    );
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn now() -> Instant {
    Instant::now()
}

fn message(connection: usize, number: usize) -> Vec<u8> {
    let mut built = MessageBuilder::new();
    built
        .segment("MSH")
        .set(3, "PAS")
        .set(4, "RX1")
        .components(9, 1, &["ADT", "A02"])
        .set(10, &format!("{connection}-{number}"))
        .set(11, "P")
        .set(12, "2.4");
    built.segment("EVN").set(2, "20240501101500");
    built.segment("PID").components(3, 1, &["9990000018", "", "", "NHS"]).components(
        5,
        1,
        &["Example", "Person"],
    );
    built.segment("PV1").set(2, "I").components(3, 1, &["W1", "B2", "3"]).set(19, "V1");
    built.encode()
}
