//! One request to a door, and its answer in one piece: to a router in this process, or over HTTP to a served one.

use super::expect::Who;
use super::served::Served;
use super::world::actor;
use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::Request;
use interop::fhir::Authenticate;
use std::io::Read as _;
use std::pin::Pin;
use std::sync::Arc;
use store::{Actor, Store};
use tower::ServiceExt as _;

/// A request.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: &'static str,
    /// Path and query.
    pub path: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

impl Call {
    pub fn new(method: &'static str, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), headers: Vec::new(), body: String::new() }
    }

    pub fn get(path: impl Into<String>) -> Self {
        Self::new("GET", path)
    }

    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// With a FHIR document.
    pub fn fhir(self, body: &serde_json::Value) -> Self {
        Self { body: body.to_string(), ..self.with("content-type", "application/fhir+json") }
    }

    /// With a form.
    pub fn form(self, body: impl Into<String>) -> Self {
        Self { body: body.into(), ..self.with("content-type", "application/x-www-form-urlencoded") }
    }

    /// As one line, for findings and for what the caller already knows.
    pub fn text(&self) -> String {
        let headers: Vec<String> =
            self.headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        format!("{} {} {} {}", self.method, self.path, headers.join(" "), self.body)
    }

    /// The same with one word in place of another, everywhere.
    pub fn replacing(&self, from: &str, to: &str) -> Self {
        Self {
            method: self.method,
            path: self.path.replace(from, to),
            headers: self.headers.iter().map(|(name, value)| (*name, value.replace(from, to))).collect(),
            body: self.body.replace(from, to),
        }
    }
}

/// An answer, body decompressed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    /// With the body as it came, perhaps compressed.
    pub fn of(status: u16, headers: Vec<(String, String)>, bytes: &[u8]) -> Self {
        let gzip = headers.iter().any(|(name, value)| name == "content-encoding" && value == "gzip");
        let mut body = Vec::new();
        if gzip && !bytes.is_empty() {
            flate2::read::GzDecoder::new(bytes).read_to_end(&mut body).expect("gzip");
        } else {
            body = bytes.to_vec();
        }
        let text = headers.iter().all(|(name, value)| name != "content-type" || !value.starts_with("font/"));
        let body = match text {
            true => String::from_utf8(body).expect("UTF-8"),
            false => String::from_utf8_lossy(&body).into_owned(),
        };
        Self { status, headers, body }
    }

    /// Status, headers and body as one text.
    pub fn text(&self) -> String {
        let headers: Vec<String> =
            self.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
        format!("{}\n{}\n{}", self.status, headers.concat(), self.body)
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }
}

/// Where requests go.
#[derive(Clone)]
pub enum Door {
    /// A router in this process.
    Here(Router),
    /// A process of its own, over real sockets.
    There(Arc<Served>),
}

impl Door {
    /// The host that requests name.
    pub fn host(&self) -> String {
        match self {
            Self::Here(_) => "bevan.test".into(),
            Self::There(served) => served.address.to_string(),
        }
    }

    fn token(&self, who: Who) -> Option<String> {
        match self {
            Self::Here(_) => (who != Who::Anonymous).then(|| format!("{who:?}")),
            Self::There(_) => Served::token(who).map(str::to_owned),
        }
    }
}

/// Tokens are the names of [`Who`].
pub struct Names;

impl Authenticate for Names {
    fn actor(&self, bearer: Option<&str>) -> Option<Actor> {
        let name = bearer?;
        actor(Who::ALL.into_iter().find(|who| format!("{who:?}") == name)?)
    }
}

/// The FHIR door over a store.
pub fn fhir_door(store: &Store) -> Door {
    Door::Here(interop::fhir::mounted(interop::fhir::State {
        store: store.clone(),
        authenticate: Arc::new(Names),
        base: Some("http://bevan.test/fhir".into()),
        limits: interop::fhir::Limits::default(),
    }))
}

/// Sends a request to the FHIR door as somebody. The request id is always the same, so that answers can be compared.
pub async fn ask(door: &Door, who: Who, call: &Call) -> Answer {
    let mut call = call.clone().with("x-request-id", "the-same");
    if let Some(token) = door.token(who) {
        call = call.with("authorization", format!("Bearer {token}"));
    }
    call.path = format!("/fhir{}", call.path);
    send(door, &call).await
}

/// Sends a request.
pub async fn send(door: &Door, call: &Call) -> Answer {
    match door {
        Door::Here(router) => here(router, call).await,
        Door::There(served) => {
            let (served, call) = (Arc::clone(served), call.clone());
            tokio::task::spawn_blocking(move || served.send(&call)).await.expect("an answer")
        }
    }
}

async fn here(door: &Router, call: &Call) -> Answer {
    let mut request = Request::builder().method(call.method).uri(&call.path).header("host", "bevan.test");
    for (name, value) in &call.headers {
        request = request.header(*name, value);
    }
    let request = request.body(Body::from(call.body.clone())).expect("a request");
    let response = door.clone().oneshot(request).await.expect("routers do not fail");
    let status = response.status().as_u16();
    let headers: Vec<(String, String)> = response
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let live = headers.iter().any(|(name, value)| name == "content-type" && value == "text/event-stream");
    let bytes = if live { first(response.into_body()).await } else { whole(response.into_body()).await };
    Answer::of(status, headers, &bytes)
}

async fn whole(body: Body) -> Bytes {
    axum::body::to_bytes(body, usize::MAX).await.expect("a body")
}

/// The first piece of a stream that never ends.
async fn first(mut body: Body) -> Bytes {
    let frame = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await;
    frame.and_then(Result::ok).and_then(|frame| frame.into_data().ok()).unwrap_or_default()
}
