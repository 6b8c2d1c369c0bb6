//! The listener over real sockets on loopback, and (where time matters) over an in-memory pipe with a paused clock.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops where it is surprised"
)]

mod shared;

use hl7v2::Message;
use hl7v2::admission::Admission;
use hl7v2::mllp::{Decoder, Frame, frame};
use interop::mllp::{
    Door, Envelope, Inbox, Kept, NotKept, Options, Sender, Senders, Stamps, converse, serve,
};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::timeout;

const ADMIT: &[u8] = b"MSH|^~\\&|PAS|RX1|BEVAN|RX1|20240501101500||ADT^A01|42|P|2.4\rPID|1||1\r";

/// An inbox in memory that is late, full or broken as told.
struct FakeInbox {
    kept: Mutex<Vec<Arc<Envelope>>>,
    refusals: Mutex<Vec<NotKept>>,
    gate: Semaphore,
}

impl FakeInbox {
    fn new(refusals: &[NotKept]) -> Self {
        let refusals = Mutex::new(refusals.to_vec());
        Self { kept: Mutex::default(), refusals, gate: Semaphore::new(Semaphore::MAX_PERMITS) }
    }

    fn shut() -> Self {
        Self { gate: Semaphore::new(0), ..Self::new(&[]) }
    }
}

impl Inbox for FakeInbox {
    async fn receive(&self, envelope: Arc<Envelope>) -> Result<Kept, NotKept> {
        self.gate.acquire().await.unwrap().forget();
        if let Some(refusal) = self.refusals.lock().unwrap().pop() {
            return Err(refusal);
        }
        let mut kept = self.kept.lock().unwrap();
        let mut same = kept.iter().filter(|other| {
            (&other.application, &other.facility, &other.control_id)
                == (&envelope.application, &envelope.facility, &envelope.control_id)
        });
        let control_id_seen = same.clone().next().is_some();
        if same.any(|other| other.raw == envelope.raw) {
            return Ok(Kept { duplicate: true, control_id_reused: false });
        }
        kept.push(envelope);
        Ok(Kept { duplicate: false, control_id_reused: control_id_seen })
    }
}

fn door(inbox: FakeInbox, options: Options) -> Arc<Door<FakeInbox>> {
    let clock = Arc::new(|| jiff::Timestamp::from_second(1_714_558_500).unwrap());
    Arc::new(Door::new(inbox, options, Stamps::new(clock)))
}

/// A listener on a free port of loopback.
struct Listening {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    served: tokio::task::JoinHandle<std::io::Result<()>>,
}

async fn listen(door: &Arc<Door<FakeInbox>>) -> Listening {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = watch::channel(false);
    let served = tokio::spawn(serve(listener, Arc::clone(door), stopped));
    Listening { address, stop, served }
}

impl Listening {
    async fn finish(self) {
        self.stop.send(true).unwrap();
        self.served.await.unwrap().unwrap();
    }
}

/// The sending side of a feed.
struct Client<S> {
    stream: S,
    decoder: Decoder,
    pending: Vec<u8>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    fn of(stream: S) -> Self {
        Self { stream, decoder: Decoder::new(1 << 20), pending: Vec::new() }
    }

    async fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
    }

    /// The next acknowledgement; `None` when the other side closed.
    async fn answer(&mut self) -> Option<Vec<u8>> {
        loop {
            let pending = std::mem::take(&mut self.pending);
            let mut input = pending.as_slice();
            let frame = self.decoder.decode(&mut input);
            self.pending = input.to_vec();
            match frame {
                Some(Frame::Payload { bytes, .. }) => return Some(bytes),
                Some(Frame::Oversize { .. }) => panic!("an acknowledgement cannot be oversize"),
                None => {}
            }
            let mut read = vec![0; 4096];
            let count = self.stream.read(&mut read).await.unwrap_or(0);
            if count == 0 {
                return None;
            }
            self.pending.extend_from_slice(&read[..count]);
        }
    }

    async fn exchange(&mut self, message: &[u8]) -> (String, String) {
        self.send(&frame(message)).await;
        summary(&self.answer().await.unwrap())
    }
}

/// MSA-1 and MSA-2.
fn summary(answer: &[u8]) -> (String, String) {
    let message = Message::parse(answer).unwrap().message;
    let text = |path| message.text(path).unwrap_or_default().into_owned();
    (text("MSA-1"), text("MSA-2"))
}

fn pair(code: &str, control_id: &str) -> (String, String) {
    (code.to_owned(), control_id.to_owned())
}

#[tokio::test]
async fn all_samples_are_accepted() {
    let Some(samples) = shared::samples("all_samples_are_accepted") else { return };
    // Four of them are training messages.
    let options = Options { admission: Admission::any(), ..Options::default() };
    let door = door(FakeInbox::new(&[]), options);
    let listening = listen(&door).await;
    let mut client = Client::of(TcpStream::connect(listening.address).await.unwrap());
    for (name, bytes) in &samples {
        let message = Message::parse(bytes).unwrap().message;
        client.send(&frame(bytes)).await;
        let asked = [15, 16].map(|field| message.header(field).text().unwrap_or_default().trim().to_owned());
        let wanted: &[&str] = match asked.each_ref().map(String::as_str) {
            ["NE", "NE"] => &[],
            ["AL", "AL"] => &["CA", "AA"],
            ["AL", ""] => &["CA"],
            _ => &["AA"],
        };
        for code in wanted {
            let answer = client.answer().await.unwrap();
            assert_eq!(summary(&answer), pair(code, &message.control_id().unwrap()), "{name}");
        }
    }
    drop(client);
    listening.finish().await;
    let counts = door.counters.counts();
    assert_eq!((counts.accepted, counts.duplicates, counts.rejected, counts.failed), (70, 0, 0, 0));
    assert!(counts.reused >= 28, "29 samples share a control id");
    let kept = door.inbox.kept.lock().unwrap();
    assert!(
        kept.iter().zip(&samples).all(|(kept, (_, bytes))| kept.raw == *bytes),
        "bytes are kept as they came"
    );
}

#[tokio::test]
async fn split_and_glued_frames() {
    let door = door(FakeInbox::new(&[]), Options::default());
    let listening = listen(&door).await;
    let mut client = Client::of(TcpStream::connect(listening.address).await.unwrap());
    client.stream.set_nodelay(true).unwrap();
    for byte in frame(ADMIT) {
        client.send(&[byte]).await;
    }
    assert_eq!(summary(&client.answer().await.unwrap()), pair("AA", "42"));
    let second = String::from_utf8_lossy(ADMIT).replace("|42|", "|43|");
    let mut glued = b"junk\r\n".to_vec();
    glued.extend(frame(second.as_bytes()));
    glued.extend(b"\x0b".iter().chain(second.replace("|43|", "|44|").as_bytes()).chain(b"\x1c"));
    client.send(&glued).await;
    assert_eq!(summary(&client.answer().await.unwrap()), pair("AA", "43"));
    assert_eq!(summary(&client.answer().await.unwrap()), pair("AA", "44"));
    drop(client);
    listening.finish().await;
    assert_eq!(door.counters.counts().junk_bytes, 6);
}

#[tokio::test]
async fn refuses_what_it_must() {
    let options = Options {
        admission: Admission::default(),
        senders: Senders::Only(vec![Sender { facility: "RX1".into(), application: None, address: None }]),
        ..Options::default()
    };
    let door = door(FakeInbox::new(&[NotKept::Failed]), options);
    let listening = listen(&door).await;
    let mut client = Client::of(TcpStream::connect(listening.address).await.unwrap());
    let admit = String::from_utf8_lossy(ADMIT);
    assert_eq!(client.exchange(b"no header at all").await, pair("AR", ""));
    assert_eq!(client.exchange(b"").await, pair("AR", ""));
    assert_eq!(client.exchange(admit.replace("|P|", "|T|").as_bytes()).await, pair("AR", "42"));
    assert_eq!(client.exchange(admit.replace("|2.4", "|banana").as_bytes()).await, pair("AR", "42"));
    assert_eq!(client.exchange(admit.replace("|PAS|RX1|", "|PAS|RX9|").as_bytes()).await, pair("AR", "42"));
    assert_eq!(client.exchange(ADMIT).await, pair("AE", "42"), "the inbox broke once");
    assert_eq!(client.exchange(ADMIT).await, pair("AA", "42"));
    drop(client);
    listening.finish().await;
    let counts = door.counters.counts();
    assert_eq!((counts.rejected, counts.disallowed, counts.failed, counts.accepted), (5, 1, 1, 1));
    assert_eq!(door.inbox.kept.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn an_oversize_frame_is_rejected_and_the_connection_closed() {
    let door = door(FakeInbox::new(&[]), Options { frame_bytes: 100, ..Options::default() });
    let listening = listen(&door).await;
    let mut client = Client::of(TcpStream::connect(listening.address).await.unwrap());
    let mut long = ADMIT.to_vec();
    long.extend([b'x'; 200]);
    client.send(&frame(&long)).await;
    assert_eq!(summary(&client.answer().await.unwrap()), pair("AR", "42"));
    assert_eq!(client.answer().await, None);
    listening.finish().await;
    assert_eq!(door.counters.counts().oversize, 1);
    assert!(door.inbox.kept.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_lost_answer_and_a_repeat_have_one_effect() {
    let door = door(FakeInbox::new(&[]), Options::default());
    let listening = listen(&door).await;
    let mut client = Client::of(TcpStream::connect(listening.address).await.unwrap());
    client.send(&frame(ADMIT)).await;
    drop(client);
    let mut again = Client::of(TcpStream::connect(listening.address).await.unwrap());
    assert_eq!(again.exchange(ADMIT).await, pair("AA", "42"));
    assert_eq!(again.exchange(ADMIT).await, pair("AA", "42"));
    let other = String::from_utf8_lossy(ADMIT).replace("PID|1", "PID|2");
    assert_eq!(again.exchange(other.as_bytes()).await, pair("AA", "42"), "same control id, other body");
    drop(again);
    listening.finish().await;
    let kept = door.inbox.kept.lock().unwrap();
    assert_eq!(kept.len(), 2, "the repeat had no effect, the other body was taken");
    let counts = door.counters.counts();
    assert!(counts.duplicates >= 1);
    assert_eq!(counts.reused, 1);
}

#[tokio::test]
async fn connections_are_bounded() {
    let door = door(FakeInbox::new(&[]), Options { connections: 1, ..Options::default() });
    let listening = listen(&door).await;
    let mut first = Client::of(TcpStream::connect(listening.address).await.unwrap());
    assert_eq!(first.exchange(ADMIT).await, pair("AA", "42"));
    let mut second = Client::of(TcpStream::connect(listening.address).await.unwrap());
    assert_eq!(second.answer().await, None);
    assert_eq!(first.exchange(ADMIT).await, pair("AA", "42"));
    listening.finish().await;
    assert_eq!(first.answer().await, None, "closed when the listener stops");
    assert_eq!(door.counters.counts().refused, 1);
}

/// Connects from one of this machine's own addresses.
async fn from(source: [u8; 4], to: SocketAddr) -> Client<TcpStream> {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::from((source, 0))).unwrap();
    Client::of(socket.connect(to).await.unwrap())
}

#[tokio::test]
async fn one_address_cannot_take_every_connection() {
    let options = Options { connections: 4, connections_of_one: 2, ..Options::default() };
    let door = door(FakeInbox::new(&[]), options);
    let listening = listen(&door).await;
    let mut first = from([127, 0, 0, 1], listening.address).await;
    let mut second = from([127, 0, 0, 1], listening.address).await;
    for client in [&mut first, &mut second] {
        assert_eq!(client.exchange(ADMIT).await, pair("AA", "42"));
    }
    assert_eq!(from([127, 0, 0, 1], listening.address).await.answer().await, None);
    let mut other = from([127, 0, 0, 2], listening.address).await;
    assert_eq!(other.exchange(ADMIT).await, pair("AA", "42"), "another address has its own share");
    assert_eq!(door.counters.counts().refused, 1);
    drop(first);
    while door.counters.counts().closed == 0 {
        tokio::task::yield_now().await;
    }
    // What has ended is noticed with the next connection.
    assert_eq!(from([127, 0, 0, 2], listening.address).await.exchange(ADMIT).await, pair("AA", "42"));
    let mut third = from([127, 0, 0, 1], listening.address).await;
    assert_eq!(third.exchange(ADMIT).await, pair("AA", "42"), "its place is free again");
}

/// A connection over a pipe in memory, for a paused clock.
fn pipe(door: &Arc<Door<FakeInbox>>) -> (Client<tokio::io::DuplexStream>, watch::Sender<bool>) {
    let (ours, theirs) = tokio::io::duplex(1 << 16);
    let (stop, stopped) = watch::channel(false);
    let door = Arc::clone(door);
    let peer = SocketAddr::from(([127, 0, 0, 1], 9));
    tokio::spawn(async move { converse(theirs, peer, &door, stopped).await });
    (Client::of(ours), stop)
}

#[tokio::test(start_paused = true)]
async fn dripping_bytes_do_not_buy_time() {
    let door = door(FakeInbox::new(&[]), Options { frame_timeout_ms: 1_000, ..Options::default() });
    let (mut client, _stop) = pipe(&door);
    client.send(b"\x0bMSH").await;
    let mut drips = 0;
    while timeout(Duration::from_millis(300), client.answer()).await.is_err() {
        let _ = client.stream.write_all(b"|").await;
        drips += 1;
    }
    assert!((2..=4).contains(&drips), "closed after a second, not after {drips} drips");
    assert_eq!(door.counters.counts().timed_out, 1);
}

#[tokio::test(start_paused = true)]
async fn silence_closes_the_connection() {
    let door = door(FakeInbox::new(&[]), Options { idle_timeout_ms: 5_000, ..Options::default() });
    let (mut client, _stop) = pipe(&door);
    assert_eq!(client.exchange(ADMIT).await, pair("AA", "42"));
    assert!(timeout(Duration::from_millis(4_000), client.answer()).await.is_err());
    assert_eq!(timeout(Duration::from_millis(2_000), client.answer()).await.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn no_answer_before_the_message_is_durable() {
    let door = door(FakeInbox::shut(), Options::default());
    let (mut client, _stop) = pipe(&door);
    client.send(&frame(ADMIT)).await;
    assert!(timeout(Duration::from_secs(30), client.answer()).await.is_err());
    door.inbox.gate.add_permits(1);
    assert_eq!(summary(&client.answer().await.unwrap()), pair("AA", "42"));
}

#[tokio::test(start_paused = true)]
async fn a_full_store_withholds_the_answer() {
    let door = door(FakeInbox::new(&[NotKept::Later; 5]), Options::default());
    let (mut client, _stop) = pipe(&door);
    assert_eq!(client.exchange(ADMIT).await, pair("AA", "42"), "stored at the sixth attempt");
    let counts = door.counters.counts();
    assert_eq!((counts.held, counts.accepted, counts.given_up), (1, 1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_store_that_stays_full_closes_without_an_answer() {
    let door = door(FakeInbox::new(&[NotKept::Later; 1_000]), Options::default());
    let (mut client, _stop) = pipe(&door);
    client.send(&frame(ADMIT)).await;
    assert_eq!(client.answer().await, None);
    assert_eq!(door.counters.counts().given_up, 1);
    assert!(door.inbox.kept.lock().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn stopping_lets_the_message_in_hand_finish() {
    let door = door(FakeInbox::shut(), Options::default());
    let (mut client, stop) = pipe(&door);
    client.send(&frame(ADMIT)).await;
    assert!(timeout(Duration::from_secs(1), client.answer()).await.is_err());
    stop.send(true).unwrap();
    assert!(timeout(Duration::from_secs(1), client.answer()).await.is_err());
    door.inbox.gate.add_permits(1);
    assert_eq!(summary(&client.answer().await.unwrap()), pair("AA", "42"));
    assert_eq!(client.answer().await, None);
}
