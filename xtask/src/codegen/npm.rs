//! Brings the package of definitions through the `npm` client into a folder of its own under `.build/npm`
//! (npm removes what it does not know from a folder that it installs into).
//!
//! It must never take another version than the one named here, and never trust a folder without looking at
//! its `package.json`.

use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The package's name.
pub const NAME: &str = "hl7.fhir.r4.examples";
/// The package's exact version.
pub const VERSION: &str = "4.0.1";
/// The package's licence, as its `package.json` states it.
pub const LICENCE: &str = "CC0-1.0";

/// Where npm installs it, below the repository's root.
const PREFIX: &str = ".build/npm/fhir-r4";

/// The package's folder, when it has been brought before.
pub fn cached(root: &Path) -> Option<PathBuf> {
    let folder = root.join(PREFIX).join("node_modules").join(NAME);
    let manifest = std::fs::read(folder.join("package.json")).ok()?;
    let manifest: Value = serde_json::from_slice(&manifest).ok()?;
    let same = |member: &str, expected: &str| manifest.get(member).and_then(Value::as_str) == Some(expected);
    (same("name", NAME) && same("version", VERSION) && same("license", LICENCE)).then_some(folder)
}

/// The package's folder, brought now when it is not there.
pub fn fetch(root: &Path) -> Result<PathBuf> {
    if let Some(folder) = cached(root) {
        return Ok(folder);
    }
    let prefix = root.join(PREFIX);
    std::fs::create_dir_all(&prefix)?;
    let status = Command::new("npm")
        .args(["install", "--no-audit", "--no-fund", "--no-package-lock", "--no-save", "--ignore-scripts"])
        .arg("--prefix")
        .arg(&prefix)
        .arg(format!("{NAME}@{VERSION}"))
        .status()
        .context("npm is needed to bring the FHIR definitions")?;
    if !status.success() {
        bail!("npm could not bring {NAME} {VERSION}");
    }
    cached(root).with_context(|| format!("{NAME} is not version {VERSION} under licence {LICENCE}"))
}
