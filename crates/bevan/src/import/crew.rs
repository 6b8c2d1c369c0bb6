//! The threads that bring units in: over the units of one file, or over many files that are one document each, so that
//! small documents share a commit as the lines of a big file do.

use super::files::Source;
use super::report::{Outcome, Report};
use super::{mark, unit};
use anyhow::Result;
use std::sync::{Arc, Mutex, PoisonError};
use store::{Actor, Store};

/// Units being worked on at once: one core prepares while the writer commits.
const WORKERS: usize = 4;

/// What the threads share.
pub struct Crew<'a> {
    /// The record.
    pub store: &'a Store,
    /// Who imports.
    pub actor: &'a Arc<Actor>,
    /// What was done and refused.
    pub report: &'a Mutex<Report>,
    /// How far the files are read.
    pub bar: &'a indicatif::ProgressBar,
}

impl Crew<'_> {
    /// One file, several of its units at once.
    pub fn file(&self, source: &Source) -> Result<()> {
        self.bar.set_message(source.name());
        let done = mark::done(self.store, self.actor, source)?;
        let units = match source.units() {
            Ok(units) => Mutex::new(units),
            Err(error) => return self.tell(source, unreadable(&error)),
        };
        let task = unit::Task { store: self.store, actor: self.actor, source, done: &done };
        work(|| {
            while let Some(unit) = next(&units) {
                let bytes = unit.bytes_read;
                self.tell(source, task.import(unit)?)?;
                self.bar.inc(bytes);
            }
            Ok(())
        })
    }

    /// Files that are one document each, several at once. What is refused is tried again after the others for as long as
    /// that brings something in, because it may refer to what another of them holds.
    pub fn documents(&self, sources: &[Source]) -> Result<()> {
        let (waiting, refused) = (Mutex::new(sources.iter()), Mutex::new(Vec::new()));
        work(|| {
            while let Some(source) = next(&waiting) {
                self.bar.set_message(source.name());
                let outcome = self.document(source)?;
                self.bar.inc(source.bytes);
                if outcome.is_refused_whole() {
                    lock(&refused).push((source, outcome));
                } else {
                    self.tell(source, outcome)?;
                }
            }
            Ok(())
        })?;
        let mut refused = refused.into_inner().unwrap_or_else(PoisonError::into_inner);
        refused.sort_by(|(one, _), (other, _)| one.path.cmp(&other.path));
        loop {
            let (before, mut still) = (refused.len(), Vec::new());
            for (source, _) in refused {
                let outcome = self.document(source)?;
                if outcome.is_refused_whole() {
                    still.push((source, outcome));
                } else {
                    self.tell(source, outcome)?;
                }
            }
            refused = still;
            if refused.is_empty() || refused.len() == before {
                break;
            }
        }
        refused.into_iter().try_for_each(|(source, outcome)| self.tell(source, outcome))
    }

    fn document(&self, source: &Source) -> Result<Outcome> {
        let done = mark::done(self.store, self.actor, source)?;
        match source.units() {
            Ok(mut units) => units.next().map_or_else(
                || Ok(Outcome::default()),
                |unit| unit::Task { store: self.store, actor: self.actor, source, done: &done }.import(unit),
            ),
            Err(error) => Ok(unreadable(&error)),
        }
    }

    fn tell(&self, source: &Source, outcome: Outcome) -> Result<()> {
        lock(self.report).add(source, outcome)
    }
}

/// The same work on every thread, until each is done or one fails.
fn work(task: impl Fn() -> Result<()> + Sync) -> Result<()> {
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(&task)).collect();
        workers.into_iter().try_for_each(|worker| {
            worker.join().unwrap_or_else(|_| Err(anyhow::anyhow!("an import thread stopped")))
        })
    })
}

fn unreadable(error: &impl std::fmt::Display) -> Outcome {
    Outcome::refused("file", format!("cannot be read: {error}"))
}

fn next<I: Iterator>(items: &Mutex<I>) -> Option<I::Item> {
    lock(items).next()
}

fn lock<T>(shared: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
