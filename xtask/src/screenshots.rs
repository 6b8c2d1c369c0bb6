//! `cargo xtask screenshots`: the main pages of a seeded demo, wide and narrow, into `docs/screenshots`, for the README.
//! Run by hand when pages change; the pictures are committed.

use crate::browser;
use anyhow::Result;
use std::path::Path;

pub fn run(root: &Path) -> Result<()> {
    browser::with_binary(root, &["tests/browser/screenshots.mjs", "docs/screenshots"])
}
