//! A request, taken apart: who, which resource, which query, which body. Interactions see this and no HTTP machinery.

use super::body;
use super::content;
use super::links;
use super::prefer::Prefer;
use super::refusal::{Refusal, in_request};
use super::routes::{Access, Interaction, Route};
use super::state::State;
use super::trace;
use axum::body::Body;
use axum::extract::{FromRequestParts as _, RawPathParams};
use axum::http::{HeaderMap, Request, StatusCode, header, request::Parts};
use fhir::definitions::definitions;
use fhir::issue::{Issue, IssueCode};
use fhir::json::{Limits, ParseError, ParseErrorKind, Text, Value, parse};
use std::sync::Arc;
use store::{Actor, Store};

/// Bodies beyond this are parsed on a thread of their own, so that other requests go on.
const PARSE_HERE: usize = 64 << 10;

/// A request that has been authenticated and whose path, query and body were read.
pub(super) struct Call {
    pub state: Arc<State>,
    pub actor: Arc<Actor>,
    /// Absolute address of the FHIR base.
    pub base: String,
    /// Resource type of the path; empty at system level.
    pub resource_type: Text,
    /// Logical id of the path; empty above instance level.
    pub id: Text,
    /// Version of the path.
    pub version: Option<u64>,
    /// The query, without `_format` and `_pretty`; a form's pairs follow those of the address.
    pub query: Vec<(String, String)>,
    pub headers: HeaderMap,
    pub prefer: Prefer,
    /// The body's document, for interactions that have one.
    pub body: Option<Value>,
}

/// What must be known before anything can fail, because a failure is written with it.
pub(super) struct Wishes {
    pub trace: Text,
    pub pretty: bool,
    pairs: Result<Vec<(String, String)>, Refusal>,
}

impl Wishes {
    /// Reads the request's id and `_pretty`.
    pub fn of(state: &State, parts: &Parts) -> Self {
        let pairs = links::pairs(parts.uri.query().unwrap_or_default())
            .map_err(|parameter| badly_encoded("the query", &parameter));
        let pretty = pairs
            .as_ref()
            .is_ok_and(|pairs| pairs.iter().any(|(name, value)| name == "_pretty" && value == "true"));
        Self { trace: trace::of(&parts.headers, &state.store), pretty, pairs }
    }
}

impl Call {
    /// Checks and reads a request for a route.
    pub async fn read(
        state: Arc<State>,
        route: &'static Route,
        request: Request<Body>,
        wishes: &Wishes,
    ) -> Result<Self, Refusal> {
        let (mut parts, body) = request.into_parts();
        let mut query = wishes.pairs.clone()?;
        let format = query.iter().find(|(name, _)| name == "_format").map(|(_, value)| value.as_str());
        content::acceptable(&parts.headers, format)?;
        query.retain(|(name, _)| name != "_format" && name != "_pretty");
        let actor = authenticate(&state, route, &parts.headers, &wishes.trace)?;
        let path = RawPathParams::from_request_parts(&mut parts, &()).await;
        let path = path.map_err(|_| Refusal::not_found())?;
        let segment =
            |wanted: &str| path.iter().find(|(name, _)| *name == wanted).map(|(_, value)| Text::from(value));
        let resource_type = segment("type").unwrap_or_default();
        if !resource_type.is_empty() && !definitions().is_resource(&resource_type) {
            let issue = Issue::error(IssueCode::NotSupported, "no such resource type in FHIR R4");
            return Err(Refusal::new(StatusCode::NOT_FOUND, issue));
        }
        let id = segment("id").unwrap_or_default();
        if !id.is_empty() && !trace::is_id(&id) {
            return Err(match route.interaction {
                // Nothing has such an id, and nothing can be given it.
                Interaction::Update => {
                    let text = "an id is 1 to 64 letters, digits, '-' and '.'";
                    Refusal::bad_request(
                        Issue::error(IssueCode::Value, text).at(format!("{resource_type}.id")),
                    )
                }
                _ => Refusal::not_found(),
            });
        }
        let version = match segment("version") {
            None => None,
            Some(version) => Some(version.parse().map_err(|_| Refusal::not_found())?),
        };
        let document = match route.interaction {
            Interaction::SearchType if route.path.ends_with("_search") => {
                content::is_form_body(&parts.headers)?;
                let bytes = body::read(&state.limits, &parts.headers, body).await?;
                let form = String::from_utf8_lossy(&bytes);
                let form = links::pairs(&form).map_err(|parameter| badly_encoded("the form", &parameter))?;
                query.extend(form.into_iter().filter(|(name, _)| name != "_format" && name != "_pretty"));
                None
            }
            interaction if interaction.has_body() => {
                content::is_fhir_body(&parts.headers)?;
                let bytes = body::read(&state.limits, &parts.headers, body).await?;
                Some(document(&state, bytes).await?)
            }
            _ => None,
        };
        Ok(Self {
            base: links::base(state.base.as_deref(), &parts.headers),
            prefer: Prefer::of(&parts.headers),
            headers: parts.headers,
            body: document,
            state,
            actor: Arc::new(actor),
            resource_type,
            id,
            version,
            query,
        })
    }

    /// The record.
    pub fn store(&self) -> &Store {
        &self.state.store
    }

    /// Takes the body's document.
    pub fn document(&mut self) -> Result<Value, Refusal> {
        let missing = || Refusal::bad_request(Issue::error(IssueCode::Required, "the body is missing"));
        self.body.take().ok_or_else(missing)
    }

    /// The absolute address of a resource.
    pub fn url_of(&self, resource_type: &str, id: &str) -> String {
        format!("{}/{resource_type}/{id}", self.base)
    }

    /// Refuses query parameters that the interaction does not know, by name.
    pub fn only(&self, known: &[&str]) -> Result<(), Refusal> {
        let unknown = self.query.iter().filter(|(name, _)| !known.contains(&name.as_str()));
        let issues: Vec<Issue> = unknown
            .map(|(name, _)| {
                Issue::error(IssueCode::NotSupported, "this interaction has no such parameter")
                    .at(in_request(name))
            })
            .collect();
        if issues.is_empty() { Ok(()) } else { Err(Refusal::listed(StatusCode::BAD_REQUEST, issues)) }
    }
}

/// A parameter that is no percent-encoded UTF-8, by its name as it was sent.
fn badly_encoded(what: &str, parameter: &str) -> Refusal {
    let text = format!("{what} is not percent-encoded UTF-8 at this parameter");
    let shown: String = parameter.chars().filter(|c| !c.is_control()).take(64).collect();
    Refusal::bad_request(Issue::error(IssueCode::Invalid, text).at(in_request(&shown)))
}

fn authenticate(state: &State, route: &Route, headers: &HeaderMap, trace: &Text) -> Result<Actor, Refusal> {
    let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let bearer = header
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let actor = match route.access {
        // What everybody may see is made without the record; the actor is never used.
        Access::Everybody => Actor::system(trace.clone()),
        Access::SignedIn => {
            let bearer = bearer.map(|(_, token)| token.trim());
            state.authenticate.actor(bearer).ok_or_else(Refusal::unauthenticated)?
        }
    };
    // A program reads and writes by its own right: the capabilities of the house are for the slices of `care`.
    Ok(Actor { trace: trace.clone(), via: None, behalf: None, ..actor })
}

async fn document(state: &State, bytes: Vec<u8>) -> Result<Value, Refusal> {
    let limits = Limits { depth: state.limits.depth, bytes: state.limits.body_bytes };
    let parsed = if bytes.len() <= PARSE_HERE {
        parse(&bytes, &limits)
    } else {
        let parsing = tokio::task::spawn_blocking(move || parse(&bytes, &limits));
        parsing.await.map_err(|_| store::Error::Internal(String::from("the parser stopped")))?
    };
    parsed.map_err(|error| malformed(&error))
}

fn malformed(error: &ParseError) -> Refusal {
    let status = match error.kind {
        ParseErrorKind::Size(_) => StatusCode::PAYLOAD_TOO_LARGE,
        _ => StatusCode::BAD_REQUEST,
    };
    let code = match error.kind {
        ParseErrorKind::Depth(_) | ParseErrorKind::Size(_) => IssueCode::TooLong,
        _ => IssueCode::Structure,
    };
    Refusal::new(status, Issue::error(code, error.to_string()))
}
