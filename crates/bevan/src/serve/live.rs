//! The running platform: sockets, workers and the record, started and stopped together.

use super::diary;
use super::national_login;
use super::routes::{Doors, router};
use super::under_way::{self, UnderWay};
use super::worded::Worded;
use crate::config::Config;
use crate::demo_people::Demo;
use crate::post::{self, Post};
use crate::tokens::Tokens;
use crate::world::Written;
use crate::{data, demo, elsewhere, feed, guidance};
use anyhow::{Context, Result};
use axum::Router;
use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::from_fn;
use axum::response::Response;
use futures_util::StreamExt as _;
use interop::mllp;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;
use store::{Actor, Options, Store};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tower::util::MapResponseLayer;

/// What runs.
pub struct Live {
    /// Where pages and FHIR are.
    pub http: SocketAddr,
    /// Where the HL7 v2 listener is.
    pub mllp: SocketAddr,
    /// The record.
    pub store: Store,
    /// The demo people, in demo mode.
    pub demo: Option<Demo>,
    stop: watch::Sender<bool>,
    ready: Arc<AtomicBool>,
    tasks: Vec<JoinHandle<()>>,
}

/// Requests in flight are answered within this time after a stop; what is not yet a request is not waited for.
const DRAIN: Duration = Duration::from_secs(30);
/// People who act for others, and those they act for, are told this often what a birthday will change.
const TELL: Duration = Duration::from_secs(3600);
/// What staff did for patients and did not finish is confirmed by letter this often.
const CONFIRM: Duration = Duration::from_secs(600);
/// Sessions, drafts and keys that ended are forgotten this often.
const SWEEP: Duration = Duration::from_secs(60);

/// Starts everything.
pub async fn start(config: &Config) -> Result<Live> {
    let options = Options { base: config.fhir_base(), readers: config.store.readers, ..Options::default() };
    let directory = config.server.data.clone();
    let store = tokio::task::spawn_blocking(move || data::open_with(&directory, options)).await??;
    let demo = if config.server.demo { Some(demo_people(&store, config).await?) } else { None };
    let http = listen(config.server.http, "pages and FHIR").await?;
    let hl7 = listen(config.server.mllp, "HL7 v2").await?;
    let guidance = guidance::load(&config.triage)?;
    if !config.server.demo {
        for (what, setting) in guidance.demonstrations() {
            tracing::warn!(
                setting,
                "{what} are a demonstration that nobody approved for care: name an approved set"
            );
        }
    }
    let ready = Arc::new(AtomicBool::new(true));
    // Whatever else is allowed on a public address, tokens that anybody can read in a manual are not.
    let tokens = demo.clone().filter(|_| config.server.http.ip().is_loopback());
    let door = Arc::new(hl7_door(&store, config));
    let doors = Doors {
        store: &store,
        config,
        tokens: Tokens::new(tokens),
        demo: demo.as_ref(),
        openid: national_login::party(config)?,
        hl7: Arc::clone(&door),
        ready: Arc::clone(&ready),
        guidance,
        elsewhere: elsewhere::sources(&config.referrals.sources)?,
    };
    let (stop, stopped) = watch::channel(false);
    let (app, sessions) = router(doors);
    let app = ending(app, stopped.clone())
        .layer(from_fn(under_way::known))
        .into_make_service_with_connect_info::<UnderWay>();
    let (http_address, mllp_address) = (http.local_addr()?, hl7.local_addr()?);
    let clock = Arc::clone(&store.environment().clock);
    let mut tasks = Vec::new();
    let door_http = Worded { listener: http, stopped: stopped.clone() };
    let mut stopping = stopped.clone();
    tasks.push(tokio::spawn(async move {
        let until = async move {
            let _ = stopping.wait_for(|stopped| *stopped).await;
        };
        if let Err(error) = axum::serve(door_http, app).with_graceful_shutdown(until).await {
            tracing::error!(%error, "the HTTP door closed");
        }
    }));
    let stopping = stopped.clone();
    tasks.push(tokio::spawn(async move {
        if let Err(error) = mllp::serve(hl7, door, stopping).await {
            tracing::error!(%error, "the HL7 v2 listener closed");
        }
    }));
    let (intake, stopping) = (feed::intake(&store), stopped.clone());
    tasks.push(tokio::spawn(async move { intake.run(stopping).await }));
    let directory = config.server.demo.then(|| config.server.data.clone());
    tasks.push(tokio::spawn(diary::keep(store.clone(), directory, stopped.clone())));
    let site = match config.server.public_url.as_str() {
        "" => format!("http://{http_address}"),
        url => url.trim_end_matches('/').to_owned(),
    };
    let post = Post::new(&config.messages, (&config.server.data, &site))?;
    tasks.push(tokio::spawn(post::keep(store.clone(), post, stopped.clone())));
    let (mut stopping, telling) = (stopped.clone(), store.clone());
    tasks.push(tokio::spawn(async move {
        loop {
            if let Err(error) = care::family::tell(&telling).await {
                tracing::warn!(%error, "those who act for others could not be told what changes");
            }
            if tokio::time::timeout(TELL, stopping.wait_for(|stopped| *stopped)).await.is_ok() {
                break;
            }
        }
    }));
    let (mut stopping, confirming) = (stopped.clone(), store.clone());
    tasks.push(tokio::spawn(async move {
        while tokio::time::timeout(CONFIRM, stopping.wait_for(|stopped| *stopped)).await.is_err() {
            if let Err(error) = care::assisted::confirm(&confirming).await {
                tracing::warn!(%error, "patients could not be told what was done for them");
            }
        }
    }));
    let (mut stopping, sweeping) = (stopped, store.clone());
    tasks.push(tokio::spawn(async move {
        while tokio::time::timeout(SWEEP, stopping.wait_for(|stopped| *stopped)).await.is_err() {
            sessions.sweep(clock.now()).await;
            if let Err(error) = sweeping.sweep().await {
                tracing::warn!(%error, "what has ended could not be swept away");
            }
        }
    }));
    Ok(Live { http: http_address, mllp: mllp_address, store, demo, stop, ready, tasks })
}

impl Live {
    /// Stops in order: not ready, no new requests, what is in flight is answered, the record is closed.
    pub async fn stop(self) {
        self.ready.store(false, std::sync::atomic::Ordering::Release);
        let _ = self.stop.send(true);
        let all = async {
            for task in self.tasks {
                let _ = task.await;
            }
        };
        if tokio::time::timeout(DRAIN, all).await.is_err() {
            tracing::warn!("some requests were still running after {} s", DRAIN.as_secs());
        }
        // Closing joins the store's threads, which may be inside an fsync.
        let store = self.store;
        let _ = tokio::task::spawn_blocking(move || drop(store)).await;
    }
}

/// Live views end when the process is told to stop: nothing is in flight on them, and the browser comes back by itself.
fn ending(app: Router, stopped: watch::Receiver<bool>) -> Router {
    app.layer(MapResponseLayer::new(move |response: Response| {
        let kind = response.headers().get(CONTENT_TYPE);
        if kind.is_none_or(|kind| !kind.as_bytes().starts_with(b"text/event-stream")) {
            return response;
        }
        let mut stopped = stopped.clone();
        let end = async move {
            let _ = stopped.wait_for(|stopped| *stopped).await;
        };
        response.map(|body| Body::from_stream(body.into_data_stream().take_until(end)))
    }))
}

async fn listen(address: SocketAddr, what: &str) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address} for {what}"))
}

fn hl7_door(store: &Store, config: &Config) -> mllp::Door<mllp::Record> {
    let inbox = mllp::Record { store: store.clone(), actor: Arc::new(Actor::system("hl7")) };
    let facilities = config.mllp.facilities.iter();
    let senders: Vec<_> = facilities
        .map(|facility| mllp::Sender { facility: facility.clone(), application: None, address: None })
        .collect();
    let options = mllp::Options {
        connections: config.mllp.max_connections,
        connections_of_one: config.mllp.max_connections_per_peer,
        frame_bytes: config.mllp.max_message_kib << 10,
        idle_timeout_ms: config.mllp.idle_timeout_s.saturating_mul(1000),
        admission: config.admission(),
        senders: if senders.is_empty() { mllp::Senders::Any } else { mllp::Senders::Only(senders) },
        ..mllp::Options::default()
    };
    let clock = Arc::clone(&store.environment().clock);
    mllp::Door::new(inbox, options, mllp::Stamps::new(Arc::new(move || clock.now())))
}

/// The demo people, who are put into the record when they are not there yet.
async fn demo_people(store: &Store, config: &Config) -> Result<Demo> {
    let (store, directory) = (store.clone(), config.server.data.clone());
    let made = tokio::task::spawn_blocking(move || -> Result<Demo> {
        let written = match Written::read(&directory)? {
            Some(written) => written,
            None => {
                let written = Written::new(demo::SEED, demo::PEOPLE, store.environment().clock.now());
                demo::seat(&store, &written)?;
                written.write(&directory)?;
                written
            }
        };
        Ok(Demo::of(&written))
    });
    made.await?
}
