//! Which made-up world a data directory holds: seed, size and start, kept in `world.toml` beside the database, so that
//! pages, tokens and the message stream mean the same people.

use anyhow::{Context, Result};
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};
use std::path::Path;
use synth::{Plan, World};

const FILE: &str = "world.toml";

/// The plan of a world, as it is written down.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    /// Fixes everything.
    pub seed: u64,
    /// People with a record.
    pub people: u64,
    /// The moment the message stream begins.
    pub start: Timestamp,
}

impl Written {
    /// A world that begins a day before now, so that its stream has a day to catch up on.
    pub fn new(seed: u64, people: u64, now: Timestamp) -> Self {
        let start = now.checked_sub(24.hours()).unwrap_or(now);
        let start =
            Timestamp::from_second(start.as_second() - start.as_second().rem_euclid(60)).unwrap_or(start);
        Self { seed, people, start }
    }

    /// The world in a data directory, when it holds one.
    pub fn read(data: &Path) -> Result<Option<Self>> {
        let path = data.join(FILE);
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                Ok(Some(toml::from_str(&text).with_context(|| format!("cannot read {}", path.display()))?))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }

    /// Writes it into a data directory.
    pub fn write(&self, data: &Path) -> Result<()> {
        let path = data.join(FILE);
        std::fs::write(&path, toml::to_string(self)?)
            .with_context(|| format!("cannot write {}", path.display()))
    }

    /// The world itself.
    pub fn world(&self) -> World {
        World::new(Plan { seed: self.seed, people: self.people, start: self.start })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Written::read(folder.path()).unwrap(), None);
        let written = Written::new(7, 100, "2026-11-22T10:30:45Z".parse().unwrap());
        assert_eq!(written.start.to_string(), "2026-11-21T10:30:00Z");
        written.write(folder.path()).unwrap();
        assert_eq!(Written::read(folder.path()).unwrap(), Some(written));
    }
}
