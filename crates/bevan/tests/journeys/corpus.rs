//! Where the third-party files are. They are read in place; without them a test says so, and in CI it fails.

use std::path::{Path, PathBuf};

#[path = "../../../../tests/located.rs"]
mod place;

pub use place::located;

/// Says that a test is skipped; where `CI` is true that is a failure.
#[expect(clippy::disallowed_methods, reason = "the test must know whether it runs in CI")]
pub fn skip(test: &str, why: &str) {
    assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "{test}: {why}");
    eprintln!("skipped: {test}: {why}");
}

/// The files of a folder with that ending, in the order of their names.
pub fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.to_string_lossy().ends_with(ending));
    found.sort();
    found
}

/// A file's name.
pub fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Compares lines with a committed table; the difference is printed line by line.
pub fn compare(found: &[String], table: &str, name: &str) {
    let expected: Vec<&str> = table.lines().filter(|line| !line.starts_with('#')).collect();
    for line in found.iter().filter(|line| !expected.contains(&line.as_str())) {
        eprintln!("found but not in {name}: {line}");
    }
    for line in expected.iter().filter(|line| !found.iter().any(|one| one == *line)) {
        eprintln!("in {name} but not found: {line}");
    }
    assert_eq!(found, expected, "{name} says otherwise");
}
