//! Where the third-party test data stands. Read in place, never copied.

use std::path::{Path, PathBuf};

/// A folder of the shared data; `None` (with a note naming the test) when it is not on this machine;
/// under `CI=true` that is a failure.
pub fn folder_for(test: &str, path: &str) -> Option<PathBuf> {
    let candidates: Vec<PathBuf> = match environment("BEVAN_SHARED") {
        Some(folder) => vec![Path::new(&folder).join("data"), PathBuf::from(folder)],
        None => Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|a| a.join("shared/data")).collect(),
    };
    let found = candidates.into_iter().map(|folder| folder.join(path)).find(|folder| folder.is_dir());
    if found.is_none() {
        assert_ne!(environment("CI").as_deref(), Some("true"), "{test}: shared test data not found");
        eprintln!("skipped: {test}: shared test data not found");
    }
    found
}

#[expect(clippy::disallowed_methods, reason = "tests find their data through the environment")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
