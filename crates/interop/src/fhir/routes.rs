//! Every route of the door as data: method, path, interaction, access. The router, the CapabilityStatement and the
//! access matrix of the tests are made from these rows; there is no other way to attach a handler.

use super::answer::refuse;
use super::call::{Call, Wishes};
use super::interactions;
use super::links::MOUNT;
use super::refusal::Refusal;
use super::state::State;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode, request::Parts};
use axum::routing::{MethodFilter, MethodRouter, on};
use fhir::issue::{Issue, IssueCode};
use std::collections::BTreeMap;
use std::sync::Arc;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::{CompressionLayer, CompressionLevel};

/// A row of the route table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// The HTTP method. `HEAD` goes with `GET`.
    pub verb: Verb,
    /// The path below the FHIR base.
    pub path: &'static str,
    /// What it does.
    pub interaction: Interaction,
    /// Who may call it at all. What they see is the store's decision.
    pub access: Access,
}

/// The HTTP methods in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// `GET`, and `HEAD`
    Get,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `DELETE`
    Delete,
}

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Without a token: nothing of the record is in the answer.
    Everybody,
    /// With a token that names an actor; the store decides what that actor reaches.
    SignedIn,
}

/// The interactions of FHIR REST that are served (<https://hl7.org/fhir/R4/valueset-restful-interaction.html>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Interaction {
    /// The CapabilityStatement.
    Capabilities,
    /// Read the current version.
    Read,
    /// Read one version.
    Vread,
    /// Versions of a resource.
    HistoryInstance,
    /// Versions of all resources of a type.
    HistoryType,
    /// Versions of everything.
    HistorySystem,
    /// Search a type.
    SearchType,
    /// Create, also conditional by `If-None-Exist`.
    Create,
    /// Update or create under a given id.
    Update,
    /// Update what a query matches.
    ConditionalUpdate,
    /// Delete.
    Delete,
    /// Delete what a query matches.
    ConditionalDelete,
    /// A transaction or batch bundle.
    Bundle,
    /// `$process-message`: a message of another system.
    ProcessMessage,
    /// `Task/$release`: a pharmacy takes a prescription.
    Release,
}

const fn route(verb: Verb, path: &'static str, interaction: Interaction) -> Route {
    Route { verb, path, interaction, access: Access::SignedIn }
}

/// Every route of the door.
pub const ROUTES: &[Route] = &[
    Route { access: Access::Everybody, ..route(Verb::Get, "/metadata", Interaction::Capabilities) },
    route(Verb::Post, "/", Interaction::Bundle),
    route(Verb::Post, "/$process-message", Interaction::ProcessMessage),
    route(Verb::Post, "/{type}/$release", Interaction::Release),
    route(Verb::Get, "/_history", Interaction::HistorySystem),
    route(Verb::Get, "/{type}", Interaction::SearchType),
    route(Verb::Post, "/{type}/_search", Interaction::SearchType),
    route(Verb::Post, "/{type}", Interaction::Create),
    route(Verb::Put, "/{type}", Interaction::ConditionalUpdate),
    route(Verb::Delete, "/{type}", Interaction::ConditionalDelete),
    route(Verb::Get, "/{type}/_history", Interaction::HistoryType),
    route(Verb::Get, "/{type}/{id}", Interaction::Read),
    route(Verb::Put, "/{type}/{id}", Interaction::Update),
    route(Verb::Delete, "/{type}/{id}", Interaction::Delete),
    route(Verb::Get, "/{type}/{id}/_history", Interaction::HistoryInstance),
    route(Verb::Get, "/{type}/{id}/_history/{version}", Interaction::Vread),
];

impl Interaction {
    /// Whether the request carries a FHIR document.
    #[must_use]
    pub fn has_body(self) -> bool {
        matches!(
            self,
            Self::Create
                | Self::Update
                | Self::ConditionalUpdate
                | Self::Bundle
                | Self::ProcessMessage
                | Self::Release
        )
    }
}

impl Verb {
    /// The method's name; `GET` also stands for `HEAD`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }

    fn filter(self) -> MethodFilter {
        match self {
            Self::Get => MethodFilter::GET,
            Self::Post => MethodFilter::POST,
            Self::Put => MethodFilter::PUT,
            Self::Delete => MethodFilter::DELETE,
        }
    }
}

/// The door at its place: `/fhir` with and without a slash at the end, and everything below.
pub fn mounted(state: State) -> Router {
    // Nesting as a service also hands on `/fhir/`, which nesting as a router does not.
    Router::new().nest_service(MOUNT, router(state))
}

/// The router of the table, with paths as below the FHIR base.
pub fn router(state: State) -> Router {
    let state = Arc::new(state);
    let mut paths: BTreeMap<&str, MethodRouter> = BTreeMap::new();
    for route in ROUTES {
        let shared = Arc::clone(&state);
        let handler = move |request: Request<Body>| serve(Arc::clone(&shared), route, request);
        let added = on(route.verb.filter(), handler);
        let known = paths.remove(route.path).unwrap_or_default();
        paths.insert(route.path, known.merge(added));
    }
    let mut router = Router::new();
    for (path, methods) in paths {
        let shared = Arc::clone(&state);
        let refused = move |request: Request<Body>| std::future::ready(wrong_method(&shared, path, request));
        router = router.route(path, methods.fallback(refused));
    }
    let shared = Arc::clone(&state);
    router
        .fallback(move |request: Request<Body>| std::future::ready(wrong_path(&shared, request)))
        .layer(CatchPanicLayer::custom(|_| panicked()))
        .layer(CompressionLayer::new().gzip(true).quality(CompressionLevel::Fastest))
}

async fn serve(state: Arc<State>, route: &'static Route, request: Request<Body>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let wishes = Wishes::of(&state, &parts);
    let request = Request::from_parts(parts, body);
    let answered = match Call::read(state, route, request, &wishes).await {
        Ok(call) => interactions::perform(route.interaction, call).await,
        Err(refusal) => Err(refusal),
    };
    match answered {
        Ok(answer) => answer.respond(&wishes.trace, wishes.pretty),
        Err(refusal) => refuse(&refusal, &wishes.trace, wishes.pretty),
    }
}

fn wrong_method(state: &State, path: &str, request: Request<Body>) -> Response<Body> {
    let mut allow = Vec::new();
    for route in ROUTES.iter().filter(|route| route.path == path) {
        allow.push(route.verb.name());
        if route.verb == Verb::Get {
            allow.push("HEAD");
        }
    }
    let issue = Issue::error(IssueCode::NotSupported, "this address does not take that method");
    let refusal =
        Refusal { allow: Some(allow.join(", ")), ..Refusal::new(StatusCode::METHOD_NOT_ALLOWED, issue) };
    refused(state, &refusal, &request.into_parts().0)
}

fn wrong_path(state: &State, request: Request<Body>) -> Response<Body> {
    let issue = Issue::error(IssueCode::NotSupported, "no such address below the FHIR base");
    refused(state, &Refusal::new(StatusCode::NOT_FOUND, issue), &request.into_parts().0)
}

fn refused(state: &State, refusal: &Refusal, parts: &Parts) -> Response<Body> {
    let wishes = Wishes::of(state, parts);
    refuse(refusal, &wishes.trace, wishes.pretty)
}

/// A fault of ours that stopped a handler. Its message may hold values, so it is not shown.
fn panicked() -> Response<Body> {
    let error = store::Error::Internal(String::from("a handler stopped"));
    refuse(&Refusal::from(error), "unknown", false)
}
