//! `cargo xtask clients`: FHIR clients that others wrote, unchanged, against a running Bevan.

use crate::shell;
use anyhow::Result;
use std::path::Path;

pub fn run(root: &Path) -> Result<()> {
    shell::run(
        root,
        "npm",
        &["ci", "--prefix", "tests/clients", "--no-audit", "--no-fund", "--loglevel=error"],
    )?;
    shell::run(root, "cargo", &["build", "--release", "--quiet", "--package", "bevan"])?;
    let binary = shell::release_binary(root);
    shell::run_with(
        root,
        "node",
        &["--test", "tests/clients/"],
        &[("UNDER_TEST", &binary.display().to_string())],
    )
}
