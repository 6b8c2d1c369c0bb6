//! `bevan demo`: a made-up world in one file, one process, and live traffic over real sockets; prints where to look and
//! whom to sign in as.

use crate::cli;
use crate::config::{Config, ConfigError};
use crate::exit::Exit;
use crate::play::{Play, Speed};
use crate::world::Written;
use crate::{data, environment, import, serve, synthesise};
use anyhow::{Context, Result};
use fhir::json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use store::{Actor, IfMatch, Prepared, Store};
use synth::Detail;

/// Seed of a demo world that nobody chose.
pub const SEED: u64 = 7;
/// Its people.
pub const PEOPLE: u64 = 2_000;
/// Where the files of its people are, in the data directory. `people` may be somebody's own, made by `bevan synth`.
pub const FOLDER: &str = "demo-people";

/// Runs the command.
pub fn run(arguments: &cli::Demo) -> Result<Exit> {
    let config = match configure(arguments) {
        Ok(config) => config,
        Err(error) => {
            eprintln!("bevan: {error}");
            return Ok(Exit::Configuration);
        }
    };
    // What a demo prints is for people; whoever gives it a file says there what is logged.
    serve::log(if arguments.config.is_some() { &config.log.level } else { "warn" });
    let written = prepare(arguments)?;
    let stop = Arc::new(AtomicBool::new(false));
    serve::runtime()?.block_on(async {
        let mut wish = serve::Stop::listen()?;
        let live = tokio::select! {
            live = serve::start(&config) => live?,
            () = wish.asked() => return Ok(Exit::Done),
        };
        let (to, speed, stopping) = (live.mllp, Speed::Times(arguments.speed), Arc::clone(&stop));
        let bookmark = Some(arguments.data.join("played"));
        let player = std::thread::spawn(move || {
            Play { written: &written, to, speed, limit: None, bookmark }.run(&stopping)
        });
        tell!("{}", card(&live));
        wish.asked().await;
        stop.store(true, Ordering::Relaxed);
        eprintln!("stopping");
        live.stop().await;
        match player.join() {
            Ok(Ok(sent)) => eprintln!("{sent} messages were played"),
            Ok(Err(error)) => eprintln!("the traffic stopped early: {error:#}"),
            Err(_) => eprintln!("the traffic stopped early"),
        }
        Ok(Exit::Done)
    })
}

/// File and environment, and over them the directory and the addresses of the command line.
fn configure(arguments: &cli::Demo) -> Result<Config, ConfigError> {
    let mut config = Config::load(arguments.config.as_deref(), &environment::variables())?;
    config.server.data.clone_from(&arguments.data);
    config.server.http = arguments.http;
    config.server.mllp = arguments.mllp;
    config.server.demo = true;
    config.server.demo_on_public_address |= arguments.demo_on_public_address;
    config.check()?;
    serve::openable(&config)?;
    Ok(config)
}

/// The world in the data directory, made when it is not there.
fn prepare(arguments: &cli::Demo) -> Result<Written> {
    std::fs::create_dir_all(&arguments.data)
        .with_context(|| format!("cannot make {}", arguments.data.display()))?;
    let store = data::open(&arguments.data)?;
    if let Some(written) = Written::read(&arguments.data)? {
        eprintln!(
            "the demo world in {} is used again; delete the directory for a fresh one",
            arguments.data.display()
        );
        return Ok(written);
    }
    let written = Written::new(arguments.seed, arguments.people, store.environment().clock.now());
    let folder = arguments.data.join(FOLDER);
    eprintln!("making a world of {} people", written.people);
    synthesise::write(
        &written,
        &folder,
        synthesise::Form { detail: Detail::Full, gzip: false, replace: true },
    )?;
    let summary = import::folder(&store, &folder)?;
    eprintln!("{summary}");
    anyhow::ensure!(summary.refused == 0, "the demo world is not valid, which is a fault of this program");
    put(&store, synth::demo_messages(&written.world()))?;
    put(&store, synth::demo_scans(&written.world()))?;
    written.write(&arguments.data)?;
    Ok(written)
}

/// Puts a world's places and staff, and the people who can sign in, into a record.
pub fn seat(store: &Store, written: &Written) -> Result<()> {
    let world = written.world();
    let mut resources = world.resources();
    resources.extend(synth::directory(&world));
    resources.extend(synth::services(&world));
    let wanted: Vec<String> = synth::demo_people(&world)
        .into_iter()
        .flat_map(|one| {
            let own = one.reference.strip_prefix("Patient/").map(str::to_owned);
            own.into_iter().chain(one.acts_for)
        })
        .collect();
    for person in world.people().filter(|person| wanted.contains(&person.patient_id)) {
        resources.extend(synth::record(&world, &person, Detail::Full));
        resources.extend(synth::bookings(&world, &person));
    }
    put(store, resources)
}

fn put(store: &Store, resources: Vec<Value>) -> Result<()> {
    let prepared: Result<Vec<Prepared>, _> = resources.into_iter().map(Prepared::new).collect();
    let prepared = prepared.map_err(|issues| anyhow::anyhow!("a demo resource is not valid: {issues:?}"))?;
    store.write_blocking(Actor::system("demo"), move |transaction| {
        for one in prepared {
            transaction.update(&one, IfMatch::Any)?;
        }
        Ok(())
    })?;
    Ok(())
}

/// What is printed when everything runs.
fn card(live: &serve::Live) -> String {
    let mut text = format!(
        "\n  Bevan is running.\n\n  Pages      http://{http}\n  FHIR       http://{http}/fhir   (Authorization: Bearer demo-system, demo-ward or demo-patient)\n  HL7 v2     {mllp} (MLLP)\n\n  Sign in at http://{http}/sign-in as\n",
        http = live.http,
        mllp = live.mllp
    );
    for person in live.demo.iter().flat_map(crate::demo_people::Demo::people) {
        text.push_str(&format!("    {:<28} {}\n", person.name, person.title));
    }
    text.push_str(
        "\n  Everyone here is made up. Ctrl-C stops it; the same command goes on where it stopped.\n",
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_keeps_where_the_demo_is_started_stays_theirs() {
        let folder = tempfile::tempdir().unwrap();
        let own = folder.path().join("people").join("people-0000.ndjson");
        std::fs::create_dir(folder.path().join("people")).unwrap();
        std::fs::write(&own, "a population of 1,000,000").unwrap();
        let arguments = cli::Demo {
            data: folder.path().to_path_buf(),
            http: ([127, 0, 0, 1], 0).into(),
            mllp: ([127, 0, 0, 1], 0).into(),
            seed: SEED,
            people: 3,
            speed: 1.0,
            demo_on_public_address: false,
            config: None,
        };
        prepare(&arguments).unwrap();
        assert_eq!(std::fs::read(&own).unwrap(), b"a population of 1,000,000");
        assert!(folder.path().join(FOLDER).join("people-0000.ndjson").is_file());
    }
}
