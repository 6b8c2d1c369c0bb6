//! An answer, and what it looks like on the wire.

use super::content::FHIR_JSON;
use super::precondition::tag;
use super::pretty;
use super::refusal::Refusal;
use super::trace;
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};
use fhir::issue::outcome;
use fhir::json::Value;
use store::Resource;

/// An answer before it becomes bytes.
#[derive(Clone, Debug, Default)]
pub(super) struct Answer {
    pub status: StatusCode,
    /// Compact JSON; empty for no body.
    pub json: Vec<u8>,
    pub version: Option<u64>,
    pub last_modified: Option<jiff::Timestamp>,
    pub location: Option<String>,
}

impl Answer {
    /// A body without headers of its own.
    pub fn of(json: Vec<u8>) -> Self {
        Self { status: StatusCode::OK, json, ..Self::default() }
    }

    pub fn status(status: StatusCode) -> Self {
        Self { status, ..Self::default() }
    }

    /// A version of a resource, with `ETag` and `Last-Modified`.
    pub fn resource(resource: &Resource) -> Self {
        Self {
            version: Some(resource.version),
            last_modified: Some(resource.last_updated),
            ..Self::of(resource.json.to_vec())
        }
    }

    pub fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    pub fn without_body(self) -> Self {
        Self { json: Vec::new(), ..self }
    }

    pub fn with_body(self, body: &Value) -> Self {
        Self { json: fhir::json::to_vec(body), ..self }
    }

    /// The HTTP response.
    pub fn respond(self, trace: &str, pretty: bool) -> Response<Body> {
        let json = if pretty && !self.json.is_empty() { pretty::indent(&self.json) } else { self.json };
        let empty = json.is_empty();
        let mut response = Response::new(Body::from(json));
        *response.status_mut() = self.status;
        let mut set = |name: HeaderName, text: &str| {
            if let Ok(value) = HeaderValue::from_str(text) {
                response.headers_mut().insert(name, value);
            }
        };
        if !empty {
            set(header::CONTENT_TYPE, FHIR_JSON);
        }
        if let Some(version) = self.version {
            set(header::ETAG, &tag(version));
        }
        if let Some(instant) = self.last_modified {
            set(header::LAST_MODIFIED, &instant.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string());
        }
        if let Some(location) = &self.location {
            set(header::LOCATION, location);
        }
        set(header::CACHE_CONTROL, "no-store");
        set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        set(HeaderName::from_static(trace::HEADER), trace);
        response
    }
}

/// The response to a refused request. The OperationOutcome's id is the request's.
pub(super) fn refuse(refusal: &Refusal, trace: &str, pretty: bool) -> Response<Body> {
    if refusal.status.is_server_error() {
        tracing::error!(
            trace,
            status = refusal.status.as_u16(),
            fault = refusal.fault.as_deref(),
            "request failed"
        );
    }
    let mut body = outcome(&refusal.issues);
    if let Some(members) = body.as_object_mut() {
        members.insert("id", Value::from(trace));
    }
    let mut response = Answer::status(refusal.status).with_body(&body).respond(trace, pretty);
    let headers = response.headers_mut();
    if refusal.status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"fhir\""));
    }
    if let Some(seconds) = refusal.retry_after_s {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if let Some(allow) = refusal.allow.as_ref().and_then(|allow| HeaderValue::from_str(allow).ok()) {
        headers.insert(header::ALLOW, allow);
    }
    response
}
