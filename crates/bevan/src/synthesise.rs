//! `bevan synth`: a population as NDJSON files, streamed: memory does not grow with the number of people.

use crate::cli;
use crate::exit::Exit;
use crate::world::Written;
use anyhow::{Context, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use synth::{Detail, World};

/// Files of a population, without their number and what follows the first point.
const PLACES: &str = "0-places-and-staff";
const SCANS: &str = "scans";
const PEOPLE: &str = "people-";

/// People in one file.
const PEOPLE_A_FILE: u64 = 10_000;

/// How much is told of each life, and how it is written.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// How much of a life.
    pub detail: Detail,
    /// Whether the files are compressed.
    pub gzip: bool,
    /// Whether the files take the place of an earlier run's. Otherwise those are a reason to stop: left beside the new ones,
    /// they would be imported with them as one population.
    pub replace: bool,
}

/// Runs the command.
pub fn run(arguments: &cli::Synth) -> Result<Exit> {
    let written = Written { seed: arguments.seed, people: arguments.people, start: arguments.start };
    let detail = if arguments.lean { Detail::Lean } else { Detail::Full };
    write(&written, &arguments.out, Form { detail, gzip: arguments.gzip, replace: arguments.replace })?;
    Ok(Exit::Done)
}

/// Writes a world's places, staff and people into a folder.
pub fn write(written: &Written, folder: &Path, form: Form) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let earlier = earlier(folder, form.replace)?;
    let mut files = Files { folder, gzip: form.gzip, made: Vec::new() };
    let world = written.world();
    let mut resources = 0;
    files.write(PLACES, |out| {
        let mut all = world.resources();
        all.extend(synth::directory(&world));
        all.extend(synth::services(&world));
        resources += all.len() as u64;
        synth::output::write_ndjson(&mut &mut *out, &all)
    })?;
    if form.detail == Detail::Full {
        files.write(SCANS, |out| {
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
        files.write(&format!("{PEOPLE}{number:04}"), |out| {
            for index in people {
                resources += person(&world, (index, form.detail), out)?;
                bar.inc(1);
            }
            Ok(())
        })?;
    }
    bar.finish_and_clear();
    files.put_in_place(&earlier)?;
    eprintln!("{} people, {resources} resources in {}", written.people, folder.display());
    Ok(())
}

/// What an earlier run has written; refused where nothing was said of it.
fn earlier(folder: &Path, replace: bool) -> Result<Vec<PathBuf>> {
    let unreadable = || format!("cannot read {}", folder.display());
    let mut earlier: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(unreadable)? {
        let entry = entry.with_context(unreadable)?;
        if entry.file_name().to_str().is_some_and(is_ours) {
            earlier.push(entry.path());
        }
    }
    if let (Some(first), false) = (earlier.iter().min(), replace) {
        bail!(
            "{} holds {} of an earlier run, {} first: name another directory, or say --replace",
            folder.display(),
            if earlier.len() == 1 { "a file".to_owned() } else { format!("{} files", earlier.len()) },
            first.file_name().unwrap_or_default().display()
        );
    }
    Ok(earlier)
}

/// Whether a run writes files of that name.
fn is_ours(name: &str) -> bool {
    let Some((stem, kind)) = name.split_once('.') else { return false };
    let numbered = stem.strip_prefix(PEOPLE);
    let numbered =
        numbered.is_some_and(|rest| rest.len() >= 4 && rest.bytes().all(|byte| byte.is_ascii_digit()));
    (numbered || matches!(stem, PLACES | SCANS)) && matches!(kind, "ndjson" | "ndjson.gz" | "partial")
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

/// The files of one run. All are written under other names first: a run that stops half-way leaves nothing to import, and
/// whatever an earlier one has written as it was.
struct Files<'a> {
    folder: &'a Path,
    gzip: bool,
    /// Where each lies, and where it belongs.
    made: Vec<(PathBuf, PathBuf)>,
}

impl Files<'_> {
    fn write(&mut self, name: &str, fill: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Result<()> {
        let path = self.folder.join(format!("{name}.ndjson{}", if self.gzip { ".gz" } else { "" }));
        let partial = self.folder.join(format!("{name}.partial"));
        let write = || -> std::io::Result<()> {
            let mut file = BufWriter::with_capacity(1 << 20, File::create(&partial)?);
            if self.gzip {
                let mut zipped = synth::output::gzip(&mut file);
                fill(&mut zipped)?;
                zipped.finish()?;
            } else {
                fill(&mut file)?;
            }
            file.flush()
        };
        write().with_context(|| format!("cannot write {}", path.display()))?;
        self.made.push((partial, path));
        Ok(())
    }

    /// Gives them their names, and takes away what is left of an earlier run. Files of others are never touched.
    fn put_in_place(self, earlier: &[PathBuf]) -> Result<()> {
        for (partial, path) in &self.made {
            std::fs::rename(partial, path).with_context(|| format!("cannot write {}", path.display()))?;
        }
        for path in earlier {
            if self.made.iter().any(|(partial, made)| [partial, made].contains(&path)) {
                continue;
            }
            std::fs::remove_file(path).with_context(|| format!("cannot remove {}", path.display()))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_files_are_known() {
        for ours in
            ["0-places-and-staff.ndjson", "scans.ndjson.gz", "people-0000.ndjson", "people-12345.partial"]
        {
            assert!(is_ours(ours), "{ours}");
        }
        for other in [
            "people.ndjson",
            "people-x.ndjson",
            "people-0000.ndjson.bak",
            "scans",
            "README.md",
            "people-0000.csv",
        ] {
            assert!(!is_ours(other), "{other}");
        }
    }
}
