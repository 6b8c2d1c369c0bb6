//! `bevan synth`: a population as NDJSON files, streamed: memory does not grow with the number of people.

use crate::cli;
use crate::exit::Exit;
use crate::world::Written;
use anyhow::{Context, Result};
use indicatif::{ProgressBar, ProgressStyle};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use synth::{Detail, World};

/// People in one file.
const PEOPLE_A_FILE: u64 = 10_000;

/// How much is told of each life, and how it is written.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// How much of a life.
    pub detail: Detail,
    /// Whether the files are compressed.
    pub gzip: bool,
}

/// Runs the command.
pub fn run(arguments: &cli::Synth) -> Result<Exit> {
    let written = Written { seed: arguments.seed, people: arguments.people, start: arguments.start };
    let detail = if arguments.lean { Detail::Lean } else { Detail::Full };
    write(&written, &arguments.out, Form { detail, gzip: arguments.gzip })?;
    Ok(Exit::Done)
}

/// Writes a world's places, staff and people into a folder.
pub fn write(written: &Written, folder: &Path, form: Form) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let world = written.world();
    let mut resources = 0;
    write_file(folder, "0-places-and-staff", form.gzip, |out| {
        let mut all = world.resources();
        all.extend(synth::directory(&world));
        all.extend(synth::services(&world));
        resources += all.len() as u64;
        synth::output::write_ndjson(&mut &mut *out, &all)
    })?;
    if form.detail == Detail::Full {
        write_file(folder, "scans", form.gzip, |out| {
            let all = synth::scans(&world);
            resources += all.len() as u64;
            synth::output::write_ndjson(&mut &mut *out, &all)
        })?;
    }
    let bar = ProgressBar::new(written.people);
    bar.set_style(
        ProgressStyle::with_template("{wide_bar} {pos} of {len} people {eta} left")
            .unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    for (number, first) in (0..written.people).step_by(PEOPLE_A_FILE as usize).enumerate() {
        let people = first..written.people.min(first + PEOPLE_A_FILE);
        write_file(folder, &format!("people-{number:04}"), form.gzip, |out| {
            for index in people {
                resources += person(&world, (index, form.detail), out)?;
                bar.inc(1);
            }
            Ok(())
        })?;
    }
    bar.finish_and_clear();
    eprintln!("{} people, {resources} resources in {}", written.people, folder.display());
    Ok(())
}

fn person(world: &World, (index, detail): (u64, Detail), out: &mut dyn Write) -> std::io::Result<u64> {
    let person = world.person(index);
    let mut record = synth::record(world, &person, detail);
    if detail == Detail::Full {
        record.extend(synth::bookings(world, &person));
    }
    synth::output::write_ndjson(&mut &mut *out, &record)?;
    Ok(record.len() as u64)
}

/// A file is written under another name first, so that a stopped run leaves no half file to import.
fn write_file(
    folder: &Path,
    name: &str,
    gzip: bool,
    fill: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
) -> Result<()> {
    let path = folder.join(format!("{name}.ndjson{}", if gzip { ".gz" } else { "" }));
    let partial = folder.join(format!("{name}.partial"));
    let write = || -> std::io::Result<()> {
        let mut file = BufWriter::with_capacity(1 << 20, File::create(&partial)?);
        if gzip {
            let mut zipped = synth::output::gzip(&mut file);
            fill(&mut zipped)?;
            zipped.finish()?;
        } else {
            fill(&mut file)?;
        }
        file.flush()?;
        std::fs::rename(&partial, &path)
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}
