//! `cargo xtask check`: format, lints, house rules, licences and sources of dependencies.

use crate::{setup, shell, tidy};
use anyhow::Result;
use std::path::Path;

const DENY_VERSION: &str = "0.20.2";

pub fn run(root: &Path) -> Result<()> {
    shell::run(root, "cargo", &["fmt", "--all", "--check"])?;
    tidy::run(root)?;
    shell::run(
        root,
        "cargo",
        &["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"],
    )?;
    setup::cargo_tool(root, "deny", DENY_VERSION)?;
    // Advisories need a database from outside the package registries, so they are not part of this command.
    shell::run(root, "cargo", &["deny", "--log-level", "error", "check", "licenses", "bans", "sources"])
}
