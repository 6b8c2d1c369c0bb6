//! What the same durability costs without a platform: Python's own SQLite, one row a commit, one client, no index, no
//! audit, no HTTP, on the same disk. A figure to hold ours against, not a competitor.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

const SCRIPT: &str = r#"
import sqlite3, sys, time
path, seconds = sys.argv[1], float(sys.argv[2])
db = sqlite3.connect(path, isolation_level=None)
db.execute("PRAGMA page_size=8192"); db.execute("PRAGMA journal_mode=WAL"); db.execute("PRAGMA synchronous=FULL")
db.execute("CREATE TABLE one(id INTEGER PRIMARY KEY, json TEXT NOT NULL)")
json, count, end = "x" * 600, 0, time.monotonic() + seconds
while time.monotonic() < end:
    db.execute("BEGIN"); db.execute("INSERT INTO one(json) VALUES (?)", (json,)); db.execute("COMMIT")
    count += 1
print(sqlite3.sqlite_version, count / seconds)
"#;

/// Version of SQLite and commits a second; `None` without Python.
pub fn commits_per_second(folder: &Path, seconds: Duration) -> Option<(String, f64)> {
    let path = folder.join("floor.sqlite");
    let out = Command::new("python3")
        .args(["-c", SCRIPT, &path.display().to_string(), &seconds.as_secs_f64().to_string()])
        .output()
        .ok()
        .filter(|out| out.status.success())?;
    let text = String::from_utf8(out.stdout).ok()?;
    let (version, rate) = text.trim().split_once(' ')?;
    Some((version.to_owned(), rate.parse().ok()?))
}
