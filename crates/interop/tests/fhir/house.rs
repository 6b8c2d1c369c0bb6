//! A door, a store and a caller.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use fhir::json::{Limits as JsonLimits, Value, parse};
use interop::fhir::{Authenticate, Limits, State, mounted};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use store::{Actor, Capability, Clock, Entropy, Environment, Purpose, Role, Scopes, Store};
use tower::ServiceExt as _;

/// A clock that moves on by a second whenever it is read.
struct Stepping(AtomicI64);

impl Clock for Stepping {
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::from_second(1_714_558_500 + self.0.fetch_add(1, Ordering::Relaxed)).unwrap()
    }
}

struct Counting(AtomicU64);

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        let number = self.0.fetch_add(1, Ordering::Relaxed).to_le_bytes();
        for (byte, digit) in bytes.iter_mut().zip(number.iter().cycle()) {
            *byte = *digit;
        }
    }
}

/// A capability that an authenticator has no business to hand out.
static EVERYTHING: Capability =
    Capability { name: "everything", writes: &["Patient", "Appointment"], shared: &["Slot"] };

struct Tokens;

impl Authenticate for Tokens {
    fn actor(&self, bearer: Option<&str>) -> Option<Actor> {
        let role = match bearer? {
            "system" => Role::Backend { scopes: Scopes::everything() },
            "reader" => Role::Backend { scopes: Scopes::parse("system/Patient.rs") },
            "patient" | "patient-with-capability" => Role::Patient { patient: "p1".into() },
            _ => return None,
        };
        Some(Actor {
            id: "client/test".into(),
            name: String::from("Test"),
            role,
            organisation: "RX1".into(),
            purpose: Purpose::Treat,
            trace: "".into(),
            via: (bearer == Some("patient-with-capability")).then_some(&EVERYTHING),
            behalf: None,
        })
    }
}

/// The door mounted where it belongs.
pub struct House {
    router: Router,
    _folder: tempfile::TempDir,
}

/// An answer, body read.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

pub fn house() -> House {
    with_limits(Limits::default())
}

pub fn with_limits(limits: Limits) -> House {
    let folder = tempfile::tempdir().unwrap();
    let environment = Environment {
        clock: Arc::new(Stepping(AtomicI64::new(0))),
        entropy: Arc::new(Counting(AtomicU64::new(1))),
    };
    let store = Store::open(folder.path(), store::Options::default(), environment).unwrap();
    let state = State { store, authenticate: Arc::new(Tokens), base: None, limits };
    House { router: mounted(state), _folder: folder }
}

/// A request under construction.
pub struct Ask<'h> {
    house: &'h House,
    request: axum::http::request::Builder,
    token: Option<&'h str>,
    body: Vec<u8>,
}

impl House {
    /// A request by the all-powerful client.
    pub fn ask(&self, method: &str, path: &str) -> Ask<'_> {
        let request =
            Request::builder().method(method).uri(format!("/fhir{path}")).header("host", "bevan.test");
        Ask { house: self, request, token: Some("system"), body: Vec::new() }
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.ask("GET", path).send().await
    }

    /// Puts a resource and asserts that it was taken.
    pub async fn put(&self, path: &str, json: &str) -> Reply {
        let reply = self.ask("PUT", path).json(json).send().await;
        assert!(reply.status.is_success(), "{path}: {reply:?}");
        reply
    }
}

impl<'h> Ask<'h> {
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    pub fn token(mut self, token: Option<&'h str>) -> Self {
        self.token = token;
        self
    }

    pub fn json(self, json: &str) -> Self {
        self.body(json.as_bytes()).header("content-type", "application/fhir+json")
    }

    pub fn body(mut self, body: &[u8]) -> Self {
        self.body = body.to_vec();
        self
    }

    pub async fn send(mut self) -> Reply {
        if let Some(token) = self.token {
            self.request = self.request.header("authorization", format!("Bearer {token}"));
        }
        let request = self.request.body(Body::from(self.body)).unwrap();
        let response = self.house.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Reply { status: parts.status, headers: parts.headers, bytes }
    }
}

impl Reply {
    pub fn json(&self) -> Value {
        parse(&self.bytes, &JsonLimits::default()).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Status, code and expression of the first issue.
    pub fn issue(&self) -> (u16, String, String) {
        let outcome = self.json();
        assert_eq!(outcome.text_at(&["resourceType"]), Some("OperationOutcome"), "{self:?}");
        assert_eq!(self.header("x-request-id"), outcome.text_at(&["id"]).unwrap());
        let text = |path: &[&str]| outcome.text_at(path).unwrap_or_default().to_owned();
        let expression = outcome.items("issue")[0].items("expression").first().and_then(Value::as_str);
        (self.status.as_u16(), text(&["issue", "code"]), expression.unwrap_or_default().to_owned())
    }
}

pub fn issue(status: u16, code: &str, expression: &str) -> (u16, String, String) {
    (status, code.to_owned(), expression.to_owned())
}
