//! Given: a house that runs, or a command that ran to its end. Waiting is polling against a deadline.

use crate::support::process::Bevan;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A running server on a directory of its own.
pub struct House {
    pub bevan: Bevan,
    pub folder: TempDir,
}

/// A server in demo mode.
pub fn running() -> House {
    running_with(&[])
}

/// A server in demo mode with these settings.
pub fn running_with(variables: &[(&str, &str)]) -> House {
    let folder = tempfile::tempdir().unwrap();
    House { bevan: Bevan::start_with(folder.path(), &["--demo"], variables), folder }
}

impl House {
    /// A number of `/metrics`.
    pub fn metric(&self, name: &str) -> u64 {
        let page = self.bevan.client().get("/metrics").expect("metrics").text();
        let line = page.lines().find(|line| line.split(' ').next() == Some(name));
        let value =
            line.and_then(|line| line.split(' ').nth(1)).unwrap_or_else(|| panic!("no {name} in {page}"));
        value.parse().expect("a number")
    }

    /// How many versions there are, apart from what the house writes by itself: diaries, waits and notices.
    pub fn position(&self) -> u64 {
        let sql = "SELECT count(*) FROM version v JOIN resource r USING (rid) JOIN type t ON t.id = r.type \
                   WHERE t.name NOT IN ('Schedule', 'Slot', 'MeasureReport', 'Communication')";
        self.database().query_row(sql, [], |row| row.get(0)).expect("a count")
    }

    /// Waits until every message that arrived is applied, ignored or dead.
    pub fn settled(&self) {
        until("the inbox is worked off", 120, || self.metric("bevan_inbox_waiting") == 0);
    }

    /// The database, for reading with plain SQL.
    pub fn database(&self) -> rusqlite::Connection {
        database(&self.bevan.data)
    }

    /// How many resources match a search.
    pub fn count(&self, search: &str) -> u64 {
        let separator = if search.contains('?') { '&' } else { '?' };
        let path = format!("/fhir/{search}{separator}_summary=count");
        let answer = self.bevan.system().get(&path).expect("an answer");
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        let total =
            crate::document::read(&answer.body).get("total").and_then(|total| total.as_number()?.as_i64());
        total.and_then(|total| total.try_into().ok()).expect("a total")
    }
}

/// The database of a directory.
pub fn database(data: &Path) -> rusqlite::Connection {
    rusqlite::Connection::open(data.join("bevan.sqlite")).expect("the database opens")
}

/// What a command said and how it ended.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// Runs `bevan` with these words to its end.
pub fn run(words: &[&str]) -> Ran {
    run_with(words, &[])
}

/// Runs `bevan` with these words and variables to its end.
pub fn run_with(words: &[&str], variables: &[(&str, &str)]) -> Ran {
    let output = command(words).envs(variables.iter().copied()).output().expect("bevan runs");
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// `bevan` with these words, not yet started.
pub fn command(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bevan"));
    command.args(words).stdin(Stdio::null());
    command
}

/// Waits until a condition holds, and fails when it does not in time.
pub fn until(what: &str, seconds: u64, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(seconds);
    while !holds() {
        assert!(Instant::now() < deadline, "not within {seconds} s: {what}");
        std::thread::park_timeout(Duration::from_millis(20));
    }
}

/// A path as an argument.
pub fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}
