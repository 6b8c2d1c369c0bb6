//! Where the third-party sample messages stand. Read in place, never copied.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its data must fail")]

use std::path::{Path, PathBuf};

/// The sample messages by file name, in order. `None` (with a note naming the test) when the data is not on this machine;
/// under `CI=true` that is a failure.
pub fn samples(test: &str) -> Option<Vec<(String, Vec<u8>)>> {
    let Some(folder) = folder() else {
        assert_ne!(environment("CI").as_deref(), Some("true"), "{test}: shared test data not found");
        eprintln!("skipped: {test}: shared test data not found");
        return None;
    };
    let mut samples: Vec<_> = std::fs::read_dir(folder.join("hl7v2/samples"))
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap()))
        .filter(|(name, _)| name.ends_with(".hl7"))
        .collect();
    samples.sort();
    Some(samples)
}

fn folder() -> Option<PathBuf> {
    if let Some(folder) = environment("BEVAN_SHARED") {
        let folder = PathBuf::from(folder);
        return [folder.join("data"), folder]
            .into_iter()
            .find(|folder| folder.join("hl7v2/samples").is_dir());
    }
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|ancestor| ancestor.join("shared/data"))
        .find(|folder| folder.join("hl7v2/samples").is_dir())
}

#[expect(clippy::disallowed_methods, reason = "tests find their data through the environment")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
