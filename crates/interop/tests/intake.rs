//! From the socket through the record's inbox to the settled message, with a real store.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where it is surprised")]

mod shared;

use hl7v2::mllp::frame;
use interop::intake::{Apply, Attempt, Intake, Retry};
use interop::mllp::{Door, Options, Record, Stamps, serve};
use std::sync::{Arc, Mutex};
use store::inbox::{Arrival, Message, Settlement, State, receive};
use store::{Actor, Clock, Entropy, Environment, Error, Store};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::from_second(1_714_558_500).unwrap()
    }
}

impl Entropy for Fixed {
    fn fill(&self, bytes: &mut [u8]) {
        static COUNT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
        let number = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = number.to_le_bytes()[at % 8] ^ u8::try_from(at % 251).unwrap();
        }
    }
}

fn open(folder: &tempfile::TempDir) -> Store {
    let environment = Environment { clock: Arc::new(Fixed), entropy: Arc::new(Fixed) };
    Store::open(folder.path(), store::Options::default(), environment).unwrap()
}

fn system() -> Arc<Actor> {
    Arc::new(Actor::system("test"))
}

/// Applies every message by settling it, except those it is told to treat otherwise by their control id.
struct ByControlId {
    store: Store,
    failures: Mutex<Vec<Error>>,
    order: Mutex<Vec<String>>,
}

impl Apply for ByControlId {
    async fn apply(&self, message: &Message) -> Attempt {
        let control_id = message.arrival.control_id.to_string();
        if control_id.starts_with("slow")
            && let Some(error) = self.failures.lock().unwrap().pop()
        {
            return Attempt::Failed(error);
        }
        self.order.lock().unwrap().push(control_id.clone());
        match control_id.as_str() {
            "odd" => return Attempt::Refused { reason: String::from("no mapping for this event") },
            "idle" => return Attempt::Ignored { reason: String::from("nothing to do") },
            _ => {}
        }
        let id = message.id;
        let settled = self.store.write(system(), move |t| t.settle_inbox(id, &Settlement::Applied)).await;
        settled.map_or_else(Attempt::Failed, |()| Attempt::Applied)
    }
}

fn intake(store: &Store, failures: &[Error]) -> Intake<ByControlId> {
    let failures = Mutex::new(failures.to_vec());
    Intake {
        store: store.clone(),
        actor: system(),
        apply: ByControlId { store: store.clone(), failures, order: Mutex::default() },
        retry: Retry { first_ms: 1, longest_ms: 2, ..Retry::new("test 1") },
        lanes: 4,
    }
}

async fn put(store: &Store, control_id: &str, patient: &str) {
    let raw = format!("MSH|^~\\&|PAS|RX1|||1||ADT^A01|{control_id}|P|2.4\rPID|1||{patient}\r").into_bytes();
    let arrival = Arrival {
        source: "test".into(),
        application: "PAS".into(),
        facility: "RX1".into(),
        control_id: control_id.into(),
        raw,
    };
    receive(store, system(), arrival).await.unwrap();
}

async fn in_state(store: &Store, state: State) -> Vec<(String, Option<String>)> {
    let listed = store.read(system(), move |s| s.inbox_list(state, None, 1_000)).await.unwrap();
    let mut listed: Vec<_> = listed.into_iter().map(|m| (m.control_id.to_string(), m.reason)).collect();
    listed.sort();
    listed
}

fn plain(control_id: &str) -> (String, Option<String>) {
    (control_id.to_owned(), None)
}

#[tokio::test]
async fn every_message_ends_somewhere() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    for control_id in ["1", "odd", "idle", "slow"] {
        put(&store, control_id, "A").await;
    }
    let busy = [Error::Busy, Error::ReadOnly, Error::Conflict("two at once"), Error::Busy];
    let intake = intake(&store, &busy);
    assert_eq!(intake.catch_up().await, Ok(4));
    assert_eq!(in_state(&store, State::Applied).await, [plain("1"), plain("slow")]);
    let reason = |control_id: &str, reason: &str| vec![(control_id.to_owned(), Some(reason.to_owned()))];
    assert_eq!(in_state(&store, State::Dead).await, reason("odd", "no mapping for this event"));
    assert_eq!(in_state(&store, State::Ignored).await, reason("idle", "nothing to do"));
    assert_eq!(*intake.apply.order.lock().unwrap(), ["1", "odd", "idle", "slow"], "one patient, in order");
    assert_eq!(intake.catch_up().await, Ok(0));
}

#[tokio::test]
async fn a_replayed_dead_letter_is_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    put(&store, "odd", "A").await;
    let intake = intake(&store, &[]);
    intake.catch_up().await.unwrap();
    let dead = store.read(system(), |s| s.inbox_list(State::Dead, None, 1)).await.unwrap();
    let id = dead[0].id;
    store.write(system(), move |t| t.replay_inbox(id)).await.unwrap();
    assert_eq!(intake.catch_up().await, Ok(1));
    assert_eq!(intake.apply.order.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn samples_travel_from_the_socket_to_their_settlement() {
    let Some(samples) = shared::samples("samples_travel_from_the_socket_to_their_settlement") else { return };
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder);
    let record = Record { store: store.clone(), actor: system() };
    let stamps = Stamps::new(Arc::new(|| jiff::Timestamp::from_second(1_714_558_500).unwrap()));
    // Some samples are training messages.
    let options = Options { admission: hl7v2::admission::Admission::any(), ..Options::default() };
    let door = Arc::new(Door::new(record, options, stamps));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = watch::channel(false);
    let serving = tokio::spawn(serve(listener, Arc::clone(&door), stopped.clone()));
    let working = Arc::new(intake(&store, &[]));
    let worker = tokio::spawn({
        let working = Arc::clone(&working);
        async move { working.run(stopped).await }
    });

    // Sent twice over two connections: the second round is all duplicates.
    for _ in 0..2 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let (mut reader, mut writer) = stream.split();
        let sending = async {
            for (_, bytes) in &samples {
                writer.write_all(&frame(bytes)).await.unwrap();
            }
            writer.shutdown().await.unwrap();
        };
        let mut answers = Vec::new();
        let (_, read) = tokio::join!(sending, reader.read_to_end(&mut answers));
        read.unwrap();
        assert_eq!(
            answers.iter().filter(|byte| **byte == hl7v2::mllp::START).count(),
            70,
            "69 answers, one of them double"
        );
    }
    let mut changes = store.changes();
    while !in_state(&store, State::Received).await.is_empty() {
        changes.changed().await.unwrap();
    }
    stop.send(true).unwrap();
    serving.await.unwrap().unwrap();
    worker.await.unwrap();
    let counts = door.counters.counts();
    assert_eq!((counts.accepted, counts.duplicates), (140, 70));
    assert_eq!(in_state(&store, State::Applied).await.len(), 70);
    assert_eq!(working.apply.order.lock().unwrap().len(), 70, "one effect each");
}
