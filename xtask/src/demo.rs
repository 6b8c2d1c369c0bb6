//! `cargo xtask demo`: what `make demo` runs. Builds the product and hands over to `bevan demo`.

use crate::{setup, shell};
use anyhow::Result;
use std::path::Path;

pub fn run(root: &Path, arguments: &[String]) -> Result<()> {
    setup::build(root)?;
    eprintln!("building Bevan (the first time takes some minutes)");
    shell::run(root, "cargo", &["build", "--release", "--package", "bevan"])?;
    let mut words = vec!["run", "--quiet", "--release", "--package", "bevan", "--", "demo"];
    words.extend(arguments.iter().map(String::as_str));
    shell::run(root, "cargo", &words)
}
