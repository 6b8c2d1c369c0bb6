//! Finding the repository and running other programs, loudly: a chore stops at the first failure.

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The repository's root: the parent of this crate's folder.
pub fn root() -> Result<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    Ok(here.parent().context("xtask stands in the repository")?.to_path_buf())
}

/// Runs a program in the repository's root and fails when it fails.
pub fn run(root: &Path, program: &str, arguments: &[&str]) -> Result<()> {
    run_with(root, program, arguments, &[])
}

/// As [`run`], with environment variables added.
pub fn run_with(root: &Path, program: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Result<()> {
    eprintln!("+ {program} {}", arguments.join(" "));
    let status = Command::new(program)
        .args(arguments)
        .envs(variables.iter().copied())
        .current_dir(root)
        .status()
        .with_context(|| format!("cannot start {program}"))?;
    if !status.success() {
        bail!("{program} {} failed: {status}", arguments.join(" "));
    }
    Ok(())
}

/// What a program prints, or `None` when it is missing or fails.
pub fn output(root: &Path, program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).current_dir(root).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The product as a release build leaves it.
#[expect(clippy::disallowed_methods, reason = "cargo's own variable says where it builds")]
pub fn release_binary(root: &Path) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    target.join("release/bevan")
}

/// The files git tracks or would track, relative to the root.
pub fn tracked(root: &Path) -> Result<Vec<String>> {
    let listing = output(root, "git", &["ls-files", "--cached", "--others", "--exclude-standard"])
        .context("cannot list the repository's files: is git installed?")?;
    Ok(listing.lines().filter(|path| root.join(path).is_file()).map(str::to_owned).collect())
}
