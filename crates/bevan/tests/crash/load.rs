//! The mixed load of one life of the process.

use crate::ledger::{Ledger, PARTS, Transaction};
use crate::support::http::Client;
use crate::support::mllp::{Sender, code};
use crate::support::process::Bevan;
use std::net::SocketAddr;
use std::time::Duration;

/// A seeded sequence of numbers (SplitMix64).
pub struct Chance(pub u64);

impl Chance {
    /// A number below the bound.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound
    }
}

/// Loads the process until it is killed after `life`; everything the clients saw goes into the ledger.
pub fn run(bevan: Bevan, life: Duration, cycle: u64, ledger: &mut Ledger) {
    let (http, mllp) = (bevan.http, bevan.mllp);
    let known: Vec<String> = ledger.creates.iter().rev().take(50).cloned().collect();
    let known = &known;
    let seen: Vec<Ledger> = std::thread::scope(|scope| {
        let mut clients = Vec::new();
        for number in 0..3 {
            clients.push(scope.spawn(move || creates(http, cycle, number)));
        }
        for number in 0..2 {
            clients.push(scope.spawn(move || transactions(http, cycle, number)));
            clients.push(scope.spawn(move || messages(mllp, cycle, number)));
            clients.push(scope.spawn(move || reads(http, known)));
        }
        scope.spawn(move || {
            std::thread::park_timeout(life);
            bevan.kill();
        });
        clients.into_iter().map(|client| client.join().expect("a client")).collect()
    });
    for one in seen {
        ledger.add(one);
    }
}

/// Each client goes on until the process is gone.
fn creates(http: SocketAddr, cycle: u64, client: u64) -> Ledger {
    let (mut ledger, mut http) = (Ledger::default(), Client::new(http).bearer("demo-system"));
    for number in 0u64.. {
        let body = observation(&format!("{cycle}-{client}-{number}"), "urn:crash:create");
        match http.post_fhir("/fhir/Observation", body.as_bytes()) {
            Ok(answer) => {
                assert_eq!(answer.status, 201, "{}", answer.text());
                let location = answer.header("location").expect("a Location").to_owned();
                let id = location.split("/Observation/").nth(1).and_then(|rest| rest.split('/').next());
                ledger.creates.push(id.expect("an id").to_owned());
            }
            Err(_) => break,
        }
    }
    ledger
}

fn transactions(http: SocketAddr, cycle: u64, client: u64) -> Ledger {
    let (mut ledger, mut http) = (Ledger::default(), Client::new(http).bearer("demo-system"));
    for number in 0u64.. {
        let marker = format!("T{cycle}-{client}-{number}");
        let entries: Vec<String> = (0..PARTS)
            .map(|_| {
                let resource = observation(&marker, "urn:crash:transaction");
                format!(
                    "{{\"resource\":{resource},\"request\":{{\"method\":\"POST\",\"url\":\"Observation\"}}}}"
                )
            })
            .collect();
        let bundle = format!(
            "{{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[{}]}}",
            entries.join(",")
        );
        let answer = http.post_fhir("/fhir", bundle.as_bytes());
        let acknowledged = match &answer {
            Ok(answer) => {
                assert_eq!(answer.status, 200, "{}", answer.text());
                true
            }
            Err(_) => false,
        };
        ledger.transactions.push(Transaction { marker, acknowledged });
        if !acknowledged {
            break;
        }
    }
    ledger
}

fn messages(mllp: SocketAddr, cycle: u64, client: u64) -> Ledger {
    let mut ledger = Ledger::default();
    let Ok(mut sender) = Sender::connect(mllp) else { return ledger };
    for number in 0u64.. {
        let control_id = format!("C{cycle}-{client}-{number}");
        let message = admission(&control_id, &format!("V{cycle}-{client}-{number}"));
        match sender.send(message.as_bytes()) {
            Ok(answer) => {
                assert_eq!(code(&answer).as_deref(), Some("AA"), "{}", String::from_utf8_lossy(&answer));
                ledger.messages.push(control_id);
            }
            Err(_) => {
                ledger.unanswered.push(message.into_bytes());
                break;
            }
        }
    }
    ledger
}

fn reads(http: SocketAddr, known: &[String]) -> Ledger {
    let (mut ledger, mut http) = (Ledger::default(), Client::new(http).bearer("demo-system"));
    for id in known.iter().cycle() {
        match http.get(&format!("/fhir/Observation/{id}")) {
            Ok(answer) => {
                assert_eq!(answer.status, 200, "{}", answer.text());
                ledger.reads.push(answer.header("x-request-id").expect("a request id").to_owned());
            }
            Err(_) => break,
        }
    }
    ledger
}

fn observation(value: &str, system: &str) -> String {
    format!(
        "{{\"resourceType\":\"Observation\",\"status\":\"final\",\"identifier\":[{{\"system\":\"{system}\",\"value\":\"{value}\"}}],\
         \"code\":{{\"text\":\"Heart rate\"}},\"valueInteger\":60}}"
    )
}

fn admission(control_id: &str, visit: &str) -> String {
    format!(
        "MSH|^~\\&|CRASH|ZZ9|BEVAN|BEVAN|20261122090000||ADT^A01|{control_id}|P|2.4\rEVN||20261122090000\r\
         PID|1||{visit}^^^ZZ9||EXAMPLE^ALEX||19700101|M\r\
         PV1|1|I|W1^B1^01||||||||||||||||{visit}|||||||||||||||||||||||||20261122090000\r"
    )
}
