//! The matrix over real HTTP, on the binary as it is served: pages, FHIR, and the addresses for whoever runs it. The same
//! made-up people are written into the demo's hospital through the FHIR door, and one more comes by an HL7 v2 message.

use super::door::{Answer, Call, Door, send};
use super::expect::{Owner, Who};
use super::findings::Findings;
use super::letters;
use super::pages::{looks, visitors::House, visitors::Visitor};
use super::reads;
use super::records::{HOSPITAL_A, Record, canary, patient, ward_of};
use super::scan::canaries;
use super::support::http::Client;
use super::support::mllp::{Sender, code};
use super::support::process::Bevan;
use super::world::{Known, records};
use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;
use synth::{DemoRole, Plan, World};

#[path = "../../src/serve/paths.rs"]
mod paths;

/// A process that serves.
pub struct Served {
    pub address: SocketAddr,
}

impl Served {
    /// The demo tokens.
    pub fn token(who: Who) -> Option<&'static str> {
        match who {
            Who::Patient => Some("demo-patient"),
            Who::Ward => Some("demo-ward"),
            Who::Full => Some("demo-system"),
            _ => None,
        }
    }

    /// Sends a request and waits for the answer; of a stream, for its first event.
    pub fn send(&self, call: &Call) -> Answer {
        let headers: Vec<(&str, &str)> =
            call.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        if call.path.split('?').next().is_some_and(|path| path.ends_with("/events")) {
            return self.first(call);
        }
        let answer = Client::new(self.address).send(call.method, &call.path, &headers, call.body.as_bytes());
        let answer = answer.unwrap_or_else(|error| panic!("{}: {error}", call.text()));
        Answer::of(answer.status, comparable(answer.headers), &answer.body)
    }

    /// Reads until the answer ends or its first event is whole.
    fn first(&self, call: &Call) -> Answer {
        let mut request = format!("{} {} HTTP/1.1\r\nHost: {}\r\n", call.method, call.path, self.address);
        for (name, value) in call.headers.iter().filter(|(name, _)| *name != "accept-encoding") {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str(&format!(
            "Content-Length: {}\r\nConnection: close\r\n\r\n{}",
            call.body.len(),
            call.body
        ));
        let mut stream = TcpStream::connect(self.address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a time limit");
        stream.write_all(request.as_bytes()).expect("sent");
        let (mut bytes, mut piece) = (Vec::new(), [0; 4096]);
        loop {
            let read = stream.read(&mut piece).expect("an answer");
            bytes.extend_from_slice(&piece[..read]);
            let text = String::from_utf8_lossy(&bytes);
            let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
            let live = head.contains("text/event-stream");
            if read == 0 || live && body.contains("\n\n") {
                let mut lines = head.lines();
                let status = lines.next().and_then(|line| line.split(' ').nth(1)?.parse().ok());
                let pairs = lines.filter_map(|line| line.split_once(": "));
                let headers = pairs.map(|(n, v)| (n.to_ascii_lowercase(), v.to_owned())).collect();
                let headers = comparable(headers);
                return Answer { status: status.expect("a status"), headers, body: body.to_owned() };
            }
        }
    }
}

/// Without the time, and without the length: ids of different length stand in pages that are otherwise the same.
fn comparable(headers: Vec<(String, String)>) -> Vec<(String, String)> {
    headers.into_iter().filter(|(name, _)| !matches!(name.as_str(), "date" | "content-length")).collect()
}

/// A demo that runs, with the matrix's people in it.
pub struct Place {
    pub bevan: Bevan,
    pub door: Door,
    pub known: Arc<Known>,
    /// ODS code of the hospital where Ann is.
    pub hospital: String,
    keys: Vec<(Who, String)>,
    _folder: tempfile::TempDir,
}

impl Place {
    /// Starts it and writes everybody into it.
    pub fn open() -> Self {
        let folder = tempfile::tempdir().expect("a directory");
        let bevan = Bevan::start(folder.path());
        let people = synth::demo_people(&world(folder.path()));
        let of = |role: DemoRole| people.iter().position(|one| one.role == role).expect("one of each");
        let ward = &people[of(DemoRole::WardManager)];
        let ann = people[of(DemoRole::Patient)].reference.trim_start_matches("Patient/").to_owned();
        let hospital = ward.organisation.clone();
        let key = |word: &str, role: DemoRole| format!("{word}-{}", of(role) + 1);
        let keys = vec![
            (Who::Ward, key("ward-manager", DemoRole::WardManager)),
            (Who::Receptionist, key("receptionist", DemoRole::Receptionist)),
            (Who::Operator, key("operator", DemoRole::Operator)),
            (Who::Patient, key("patient", DemoRole::Patient)),
        ];
        let moved: Vec<Record> = records().iter().map(|one| settle(one, &ann, &hospital)).collect();
        write(&bevan, &moved);
        let mut known = Known::of(moved);
        known.canaries.insert(letters::DEAD, None);
        let door = Door::There(Arc::new(Served { address: bevan.http }));
        Self { bevan, door, known: Arc::new(known), hospital, keys, _folder: folder }
    }
}

/// The world that the demo was made from.
fn world(data: &std::path::Path) -> World {
    let text = std::fs::read_to_string(data.join("world.toml")).expect("the plan of the demo");
    let table: toml::Table = text.parse().expect("TOML");
    let number = |key: &str| u64::try_from(table[key].as_integer().expect("a number")).expect("a count");
    let start = table["start"].as_str().expect("a time").parse().expect("a time");
    World::new(Plan { seed: number("seed"), people: number("people"), start })
}

/// The same record, with Ann as the demo's patient and hospital A as the demo's.
fn settle(record: &Record, ann: &str, hospital: &str) -> Record {
    let places = [
        (patient(Owner::Ann), ann.to_owned()),
        (ward_of(HOSPITAL_A), ward_of(hospital)),
        (
            fhir::identity::organization(HOSPITAL_A).to_string(),
            fhir::identity::organization(hospital).to_string(),
        ),
        (HOSPITAL_A.to_owned(), hospital.to_owned()),
    ];
    let mut record = record.clone();
    for version in &mut record.versions {
        let mut text = version.to_string();
        for (from, to) in &places {
            text = text.replace(from, to);
        }
        *version = serde_json::from_str(&text).expect("JSON");
    }
    record
}

fn write(bevan: &Bevan, records: &[Record]) {
    let mut system = bevan.system();
    for record in records {
        let path = format!("/fhir/{}/{}", record.type_, record.id());
        for version in &record.versions {
            let answer = system.put_fhir(&path, version.to_string().as_bytes()).expect("an answer");
            assert!(matches!(answer.status, 200 | 201), "{path}: {}", answer.text());
        }
        if record.deleted {
            let gone = system.send("DELETE", &path, &[], b"").expect("an answer");
            assert!(matches!(gone.status, 200 | 204), "{path}: {}", gone.text());
        }
    }
}

/// Pages, by everybody whom the demo has.
pub async fn people(place: &Place, findings: &Arc<Findings>) {
    for visitor in Visitor::SERVED {
        let house = House::there(place.door.clone(), place.keys.clone());
        looks::visit(&house, &place.known, (visitor, &place.hospital), findings).await;
    }
}

/// FHIR reads, by those who have a token, and by nobody.
pub async fn machines(place: &Place, findings: &Arc<Findings>) {
    // A part of the records: those of people, and of two types.
    let some = |record: &&Record| matches!(record.type_, "Patient" | "Condition" | "Encounter");
    let records: Vec<Record> = place.known.records.iter().filter(some).cloned().collect();
    let mut part = Known { records, canaries: place.known.canaries.clone() };
    for (at, record) in part.records.iter().enumerate() {
        part.canaries.insert(record.number, Some(at));
    }
    for record in place.known.records.iter().filter(|record| !some(record)) {
        part.canaries.remove(&record.number);
    }
    reads::walk_at(place.door.clone(), &Arc::new(part), &[Who::Anonymous, Who::Patient, Who::Ward], findings)
        .await;
}

/// Messages and the addresses for whoever runs it: nothing of anybody, whoever asks and however.
pub async fn operations(place: &Place, findings: &Arc<Findings>) {
    let complain = |kind: &str, call: &Call, what: &str| {
        findings.add(format!("{kind} | {} | {what}", call.text()));
    };
    // A message about a patient that cannot be applied. Its acknowledgement says nothing of its content.
    let (address, hospital) = (place.bevan.mllp, place.hospital.clone());
    let ack = tokio::task::spawn_blocking(move || {
        let mut sender = Sender::connect(address).expect("a connection");
        sender.send(letters::message(letters::DEAD, &hospital).as_bytes()).expect("an acknowledgement")
    });
    let ack = ack.await.expect("an acknowledgement");
    findings.request();
    if code(&ack).as_deref() != Some("AA") || !canaries(&String::from_utf8_lossy(&ack)).is_empty() {
        let call = Call::new("MLLP", "/");
        complain("leak", &call, &String::from_utf8_lossy(&ack));
    }
    settled(place).await;
    let everybody = [None, Some("demo-system"), Some("demo-ward"), Some("demo-patient"), Some("nonsense")];
    for path in paths::ROUTES {
        for token in everybody {
            for method in ["GET", "HEAD", "POST", "PUT", "DELETE"] {
                findings.cell();
                findings.request();
                let mut call = Call::new(method, format!("{path}?patient={}", patient(Owner::Cas)));
                if let Some(token) = token {
                    call = call.with("authorization", format!("Bearer {token}"));
                }
                let answer = send(&place.door, &call).await;
                let expected = if matches!(method, "GET" | "HEAD") { 200 } else { 405 };
                if answer.status != expected {
                    complain("status", &call, &format!("{} instead of {expected}", answer.status));
                }
                if !canaries(&answer.text()).is_empty() || names_somebody(place, &answer) {
                    complain("leak", &call, &answer.text());
                }
                if method == "GET" && !is_plain(&answer.body) {
                    complain("values", &call, &answer.body);
                }
            }
        }
    }
    operator(place, findings).await;
}

/// Waits until the message is a dead letter: `/metrics` counts them.
async fn settled(place: &Place) {
    for _ in 0..5_000 {
        let page = send(&place.door, &Call::get("/metrics")).await;
        if page.body.lines().any(|line| line == "bevan_inbox_dead 1") {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("the message is no dead letter");
}

/// The operator sees that there is a dead letter, and nothing of what it says.
async fn operator(place: &Place, findings: &Findings) {
    let house = House::there(place.door.clone(), place.keys.clone());
    let mut browser = house.visitor(Visitor::Operator).await;
    let call = Call::get("/staff/operations");
    let page = browser.send(&call).await;
    findings.request();
    let control_id = format!("C{}", letters::DEAD);
    if !page.body.contains(&control_id) || page.body.contains(&canary(letters::DEAD)) {
        findings.add(format!("leak | Operator | {} | {}", call.text(), page.text()));
    }
}

/// Whether an answer holds an id of any record.
fn names_somebody(place: &Place, answer: &Answer) -> bool {
    place.known.records.iter().any(|record| answer.text().contains(&record.id()))
}

/// Words that are the same for every record, or names with numbers, by addresses as the route tables have them.
fn is_plain(body: &str) -> bool {
    let word = |name: &str| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    let templates = templates();
    let label = |pair: &str| match pair.split_once("=\"") {
        Some(("route", value)) => value.strip_suffix('"').is_some_and(|route| templates.contains(route)),
        Some(("method", value)) => matches!(value, "GET\"" | "POST\"" | "PUT\"" | "DELETE\"" | "other\""),
        Some(("status", value)) => matches!(value, "1xx\"" | "2xx\"" | "3xx\"" | "4xx\"" | "5xx\""),
        Some(("le", value)) => value.strip_suffix('"').is_some_and(|bound| bound.parse::<f64>().is_ok()),
        _ => false,
    };
    body.lines().all(|line| match line.rsplit_once(' ') {
        _ if matches!(line, "live" | "ready") => true,
        _ if line.starts_with("# TYPE ") || line.starts_with("# HELP ") => true,
        Some((name, value)) => {
            let (name, labels) = name.split_once('{').unwrap_or((name, ""));
            let labels = labels.strip_suffix('}').unwrap_or(labels);
            let known = labels.is_empty() || labels.split(',').all(label);
            word(name) && known && value.parse::<f64>().is_ok()
        }
        None => false,
    })
}

/// Every address that a request may be counted under.
fn templates() -> BTreeSet<String> {
    let pages = web::routes().flat_map(|route| [Some(route.path.to_owned()), route.mirror()]).flatten();
    let fhir = interop::fhir::ROUTES.iter().map(|route| format!("/fhir{}", route.path.trim_end_matches('/')));
    let own = paths::ROUTES.iter().copied().chain(["/assets/{file}", "other"]).map(str::to_owned);
    pages.chain(fhir).chain(own).collect()
}
