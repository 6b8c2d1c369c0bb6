//! `bevan serve`: opens the record, attaches the doors, runs until told to stop, and stops in order: no new requests,
//! requests in flight are answered, the listener drains, the record is closed.

mod diary;
mod live;
mod metrics;
mod national_login;
mod pace;
mod paths;
mod routes;
mod stop;
mod under_way;
mod worded;

pub use live::{Live, start};
pub use stop::Stop;

use crate::config::{Config, ConfigError};
use crate::exit::Exit;
use crate::post::Post;
use crate::{cli, elsewhere, environment, guidance};
use anyhow::{Context, Result};

/// Runs the command.
pub fn run(arguments: &cli::Serve) -> Result<Exit> {
    let config = match configure(arguments) {
        Ok(config) => config,
        Err(error) => {
            eprintln!("bevan: {error}");
            return Ok(Exit::Configuration);
        }
    };
    if arguments.check_config {
        tell!("{}", config.print().trim_end());
        return Ok(Exit::Done);
    }
    log(&config.log.level);
    runtime()?.block_on(async {
        let mut stop = Stop::listen()?;
        let live = tokio::select! {
            live = start(&config) => live?,
            () = stop.asked() => return Ok(Exit::Done),
        };
        eprintln!("Bevan is ready: http://{} (FHIR at /fhir), HL7 v2 at {}", live.http, live.mllp);
        stop.asked().await;
        eprintln!("stopping: answering what is in flight");
        live.stop().await;
        Ok(Exit::Done)
    })
}

/// File, environment and command line laid over one another, and checked.
fn configure(arguments: &cli::Serve) -> Result<Config, ConfigError> {
    let mut config = Config::load(arguments.config.as_deref(), &environment::variables())?;
    let server = &mut config.server;
    if let Some(data) = &arguments.data {
        server.data.clone_from(data);
    }
    server.http = arguments.http.unwrap_or(server.http);
    server.mllp = arguments.mllp.unwrap_or(server.mllp);
    server.demo |= arguments.demo;
    server.demo_on_public_address |= arguments.demo_on_public_address;
    config.check()?;
    openable(&config)?;
    Ok(config)
}

/// Settles the language and opens, before anything starts, every file that the configuration names, as the start will: what `--check-config` finds in
/// order is what can be started.
///
/// # Errors
/// [`ConfigError`] with the key.
pub fn openable(config: &Config) -> Result<(), ConfigError> {
    // First of all: the first word that is said settles the language, and what is opened here has words.
    if let Some(language) = catalogue::Language::of(&config.server.language) {
        catalogue::speak(language);
    }
    guidance::load(&config.triage)?;
    national_login::party(config)?;
    elsewhere::sources(&config.referrals.sources)?;
    Post::new(&config.messages, (&config.server.data, &config.server.public_url))?;
    Ok(())
}

/// Logs go to stderr, one line each, without personal values by the rules of the code that logs.
pub fn log(level: &str) {
    let filter = format!("warn,bevan={level},interop={level},web={level},care={level},store={level}");
    let started = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
    // A second call in one process (the demo serves and plays) keeps the first.
    drop(started);
}

/// The runtime of the doors.
pub fn runtime() -> Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start the runtime")
}
