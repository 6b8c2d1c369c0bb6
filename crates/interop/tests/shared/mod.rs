//! The third-party sample messages.

#![expect(clippy::unwrap_used, reason = "a test that cannot read its data must fail")]

#[path = "../../../../tests/located.rs"]
mod place;

use place::located;

/// The sample messages by file name, in order. See [`located`] for when they are missing.
pub fn samples(test: &str) -> Option<Vec<(String, Vec<u8>)>> {
    let mut samples: Vec<_> = std::fs::read_dir(located(test, "hl7v2/samples")?)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap()))
        .filter(|(name, _)| name.ends_with(".hl7"))
        .collect();
    samples.sort();
    Some(samples)
}
