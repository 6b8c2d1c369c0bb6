//! Everything HTTP in one router: the FHIR door under `/fhir`, the pages, and three routes for whoever runs it.
//!
//! These three carry nothing of the record and need no sign-in; their access rows are [`super::paths::ROUTES`].

use super::metrics::{self, Requests};
use super::paths::ROUTES;
use crate::config::Config;
use crate::demo_people::Demo;
use crate::guidance::Loaded;
use crate::tokens::Tokens;
use axum::Router;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use care::Care;
use interop::{fhir, mllp};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use store::{Health, Store};
use web::{Sessions, Settings};

/// What the doors are made of.
pub struct Doors<'a> {
    /// The record.
    pub store: &'a Store,
    /// The settings.
    pub config: &'a Config,
    /// Who is behind a token.
    pub tokens: Tokens,
    /// Demo people, in demo mode.
    pub demo: Option<&'a Demo>,
    /// The national login, where we are registered with one.
    pub openid: Option<Arc<web::openid::Party>>,
    /// The listener, for its counters.
    pub hl7: Arc<mllp::Door<mllp::Record>>,
    /// Whether new work is welcome.
    pub ready: Arc<AtomicBool>,
    /// What public pages ask and advise.
    pub guidance: Loaded,
    /// Other systems of referrals.
    pub elsewhere: Vec<care::appointments::Elsewhere>,
}

/// The whole router, and the sessions behind it.
pub fn router(doors: Doors<'_>) -> (Router, Arc<Sessions>) {
    let Doors { store, config, tokens, demo, openid, hl7, ready, guidance, elsewhere } = doors;
    let care = Care::new(store.clone()).asking(elsewhere);
    let sessions = Arc::new(Sessions::new(care.clone()));
    let public =
        Some(config.server.public_url.trim_end_matches('/').to_owned()).filter(|url| !url.is_empty());
    let requests = Arc::new(Requests::default());
    let fhir_door = fhir::router(fhir::State {
        store: store.clone(),
        authenticate: Arc::new(tokens),
        base: public.as_ref().map(|url| format!("{url}/fhir")),
        limits: fhir::Limits { body_bytes: config.fhir.max_body_mib << 20, ..fhir::Limits::default() },
    });
    let pages = web::router(web::State {
        care,
        clock: Arc::clone(&store.environment().clock),
        entropy: Arc::clone(&store.environment().entropy),
        sessions: Arc::clone(&sessions),
        openid,
        settings: Arc::new(Settings {
            secure: public.is_some_and(|url| url.starts_with("https:")),
            demo: demo.map(Demo::people),
            help_phone: help_phone(config, demo.is_some()),
        }),
        pathways: guidance.pathways,
        advice: guidance.advice,
    });
    let [livez, readyz, metrics_path] = ROUTES;
    let (health, numbers, asked) = (store.clone(), store.clone(), Arc::clone(&requests));
    let watched = Router::new()
        .route(livez, get(|| async { "live\n" }))
        .route(readyz, get(move || async move { readiness(&health, &ready) }))
        .route(
            metrics_path,
            get(move || async move {
                ([(CONTENT_TYPE, metrics::TYPE)], metrics::text(&numbers, &hl7, &asked).await)
            }),
        );
    // Each is counted by itself, as only the router that found a route knows its template. What has no route is the pages'.
    let app = requests
        .counting(pages)
        .merge(requests.counting(watched))
        .nest_service(fhir::MOUNT, requests.counting(fhir_door));
    (app, sessions)
}

/// The help line. A demonstration names a number that is kept for drama (Ofcom) and rings nowhere.
fn help_phone(config: &Config, demo: bool) -> Option<String> {
    let set = config.server.help_phone.trim();
    match (set.is_empty(), demo) {
        (false, _) => Some(set.to_owned()),
        (true, true) => Some("0808 157 0100".to_owned()),
        (true, false) => None,
    }
}

/// Ready means: it writes, it audits, and it is not stopping.
fn readiness(store: &Store, ready: &AtomicBool) -> impl IntoResponse + use<> {
    if !ready.load(Ordering::Acquire) {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    match store.health() {
        Health::Ready => (StatusCode::OK, "ready\n"),
        Health::ReadOnly => (StatusCode::SERVICE_UNAVAILABLE, "read-only: the disk is full or failing\n"),
        Health::AuditUnavailable => {
            (StatusCode::SERVICE_UNAVAILABLE, "nothing is served: the audit log cannot be written\n")
        }
        Health::Stopped => (StatusCode::SERVICE_UNAVAILABLE, "the store has stopped\n"),
    }
}
