//! `bevan import`: FHIR bundles, NDJSON (also .gz) and HL7 v2 files into the record, with progress, and going on where it
//! stopped.
//!
//! A file is cut into units; each unit is one commit that also holds a mark saying so. A second run passes over what is
//! marked, so a stop at any moment neither loses nor doubles anything. What is refused, a file that breaks off included,
//! goes to the report with its place and reason on every run, and never stops the rest.

mod cut;
mod files;
mod hl7;
mod inbox;
mod item;
mod mark;
mod ndjson;
mod progress;
mod report;
mod unit;

use crate::cli;
use crate::exit::Exit;
use anyhow::Result;
use files::Source;
use report::Report;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use store::{Actor, Store};

/// Units being worked on at once: one core prepares while the writer commits.
const WORKERS: usize = 4;

/// Runs the command.
pub fn run(arguments: &cli::Import) -> Result<Exit> {
    let store = crate::data::open_with(&arguments.data, store::Options::bulk())?;
    let report = Report::open(arguments.report.as_deref())?;
    let sources = files::find(&arguments.paths)?;
    anyhow::ensure!(
        !sources.is_empty(),
        "no .json, .ndjson, .ndjson.gz or .hl7 file in {:?}",
        arguments.paths
    );
    let summary = import(&store, &sources, report)?;
    eprintln!("{summary}");
    Ok(if summary.refused > 0 { Exit::Refused } else { Exit::Done })
}

/// Imports a directory into a store that is already open, as the demo does.
pub fn folder(store: &Store, path: &Path) -> Result<report::Summary> {
    import(store, &files::find(&[path.to_path_buf()])?, Report::open(None)?)
}

fn import(store: &Store, sources: &[Source], report: Report) -> Result<report::Summary> {
    let bar = progress::bar(sources);
    let actor = Arc::new(Actor::system("import"));
    let report = Mutex::new(report);
    for source in sources {
        bar.set_message(source.name());
        let done = mark::done(store, &actor, source)?;
        let units = match source.units() {
            Ok(units) => Mutex::new(units),
            Err(error) => {
                let unreadable = report::Outcome::refused("file", format!("cannot be read: {error}"));
                report.lock().unwrap_or_else(PoisonError::into_inner).add(source, unreadable)?;
                continue;
            }
        };
        let task = unit::Task { store, actor: &actor, source, done: &done };
        let job = Job { task, report: &report, bar: &bar };
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(|| job.work(&units))).collect();
            workers.into_iter().try_for_each(|worker| {
                worker.join().unwrap_or_else(|_| Err(anyhow::anyhow!("an import thread stopped")))
            })
        })?;
    }
    if sources.iter().any(Source::is_hl7) {
        bar.set_message("applying messages");
        inbox::apply_pending(store, &report)?;
    }
    bar.finish_and_clear();
    Ok(report.into_inner().unwrap_or_else(PoisonError::into_inner).close())
}

/// What the workers of one file share.
struct Job<'a> {
    task: unit::Task<'a>,
    report: &'a Mutex<Report>,
    bar: &'a indicatif::ProgressBar,
}

impl Job<'_> {
    fn work(&self, units: &Mutex<cut::Units>) -> Result<()> {
        loop {
            let next = units.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some(unit) = next else { return Ok(()) };
            let bytes = unit.bytes_read;
            let outcome = self.task.import(unit)?;
            self.report.lock().unwrap_or_else(PoisonError::into_inner).add(self.task.source, outcome)?;
            self.bar.inc(bytes);
        }
    }
}
