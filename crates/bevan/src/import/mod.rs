//! `bevan import`: FHIR bundles, NDJSON (also .gz) and HL7 v2 files into the record, with progress, and going on where it
//! stopped.
//!
//! A file is cut into units; each unit is one commit that also holds a mark saying so. A second run passes over what is
//! marked, so a stop at any moment neither loses nor doubles anything. What is refused, a file that breaks off included,
//! goes to the report with its place and reason on every run, and never stops the rest.

mod crew;
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
use crew::Crew;
use files::Source;
use report::Report;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use store::{Actor, Store};

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
    let crew = Crew { store, actor: &actor, report: &report, bar: &bar };
    for together in sources.chunk_by(|one, next| one.is_document() && next.is_document()) {
        match together {
            [file] => crew.file(file)?,
            documents => crew.documents(documents)?,
        }
    }
    if sources.iter().any(Source::is_hl7) {
        bar.set_message("applying messages");
        inbox::apply_pending(store, &report)?;
    }
    bar.finish_and_clear();
    Ok(report.into_inner().unwrap_or_else(PoisonError::into_inner).close())
}
