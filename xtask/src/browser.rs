//! `cargo xtask browser`: the journeys in Chromium, against demo worlds of their own, and the gate over every page that they
//! visited (tests/browser/README.md).

use crate::{setup, shell};
use anyhow::Result;
use std::path::Path;

pub fn run(root: &Path) -> Result<()> {
    with_binary(root, &["tests/browser/run.mjs"])
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
