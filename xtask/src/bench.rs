//! `cargo xtask bench`: every benchmark, each printing the machine and the settings it was measured under.

use crate::shell;
use crate::test::{Size, size};
use anyhow::Result;
use std::path::Path;

pub fn run(root: &Path, arguments: &[String]) -> Result<()> {
    let size = size(arguments)?;
    let (people, seconds) = match size {
        Size::Quick => ("1000", "2"),
        Size::Usual => ("1000,10000", "10"),
        Size::Full => ("1000,10000,100000", "20"),
    };
    let version = shell::output(root, "rustc", &["--version"]).unwrap_or_default();
    let date = shell::output(root, "date", &["-u", "+%Y-%m-%d"]).unwrap_or_default();
    println!("date: {}  compiler: {}", date.trim(), version.trim());
    for (package, bench) in [
        ("hl7v2", "tokenise"),
        ("fhir", "validate"),
        ("fhir", "index"),
        ("store", "store"),
        ("store", "audit"),
        ("synth", "apply"),
    ] {
        shell::run(root, "cargo", &["bench", "--quiet", "--package", package, "--bench", bench])?;
    }
    bevan(root, "platform", &["--people", people, "--seconds", seconds])?;
    let (people, seconds) = match size {
        Size::Quick => ("1000", "10"),
        Size::Usual => ("10000", "60"),
        Size::Full => ("100000", "300"),
    };
    bevan(root, "front_door", &["--people", people, "--seconds", seconds])
}

/// A benchmark of the whole binary.
fn bevan(root: &Path, bench: &str, arguments: &[&str]) -> Result<()> {
    let words = [&["bench", "--quiet", "--package", "bevan", "--bench", bench, "--"], arguments].concat();
    shell::run(root, "cargo", &words)
}
