//! `cargo xtask clients`: FHIR clients that others wrote, unchanged, against a running Bevan.

use crate::shell;
use anyhow::Result;
use std::path::{Path, PathBuf};

pub fn run(root: &Path) -> Result<()> {
    shell::run(
        root,
        "npm",
        &["ci", "--prefix", "tests/clients", "--no-audit", "--no-fund", "--loglevel=error"],
    )?;
    shell::run(root, "cargo", &["build", "--release", "--quiet", "--package", "bevan"])?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let binary = target.join("release/bevan");
    shell::run_with(
        root,
        "node",
        &["--test", "tests/clients/"],
        &[("UNDER_TEST", &binary.display().to_string())],
    )
}
