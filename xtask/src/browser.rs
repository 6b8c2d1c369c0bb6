//! `cargo xtask browser`: the journeys in Chromium, against a demo world of their own, with axe on every page.

use crate::{setup, shell};
use anyhow::Result;
use std::path::Path;

pub fn run(root: &Path) -> Result<()> {
    let journeys = journeys(root)?;
    let words: Vec<&str> = ["--test"].into_iter().chain(journeys.iter().map(String::as_str)).collect();
    with_binary(root, &words)
}

/// Every journey, in the order of their names.
fn journeys(root: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root.join("tests/browser"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".test.mjs") {
            found.push(format!("tests/browser/{name}"));
        }
    }
    found.sort();
    anyhow::ensure!(!found.is_empty(), "no journey in tests/browser");
    Ok(found)
}

/// Runs Node on a script that drives the release binary in Chromium; the script finds it under `UNDER_TEST`.
pub fn with_binary(root: &Path, words: &[&str]) -> Result<()> {
    setup::browser(root)?;
    shell::run(
        root,
        "npm",
        &["ci", "--prefix", "tests/browser", "--no-audit", "--no-fund", "--loglevel=error"],
    )?;
    shell::run(root, "cargo", &["build", "--release", "--quiet", "--package", "bevan"])?;
    let binary = shell::release_binary(root);
    shell::run_with(root, "node", words, &[("UNDER_TEST", &binary.display().to_string())])
}
