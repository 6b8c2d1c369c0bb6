//! Where the third-party sample messages stand. Read in place, never copied.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its data must fail")]

use std::path::{Path, PathBuf};

/// The sample messages by file name, in order. `None` (with a note naming the test) when the data is not on this machine;
/// under `CI=true` that is a failure.
pub fn samples(test: &str) -> Option<Vec<(String, Vec<u8>)>> {
    let mut samples: Vec<_> = std::fs::read_dir(folder_for(test, "hl7v2/samples")?)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap()))
        .filter(|(name, _)| name.ends_with(".hl7"))
        .collect();
    samples.sort();
    Some(samples)
}

/// A folder of the shared data; as [`samples`] when it is not there.
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
