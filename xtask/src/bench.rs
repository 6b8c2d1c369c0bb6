//! `cargo xtask bench`: every benchmark, each printing the machine and the settings it was measured under.

use crate::shell;
use crate::test::{Size, size};
use anyhow::Result;
use std::path::Path;

pub fn run(root: &Path, arguments: &[String]) -> Result<()> {
    let (people, seconds) = match size(arguments)? {
        Size::Quick => ("1000", "2"),
        Size::Usual => ("1000,10000", "10"),
        Size::Full => ("1000,10000,100000", "20"),
    };
    let version = shell::output(root, "rustc", &["--version"]).unwrap_or_default();
    let date = shell::output(root, "date", &["-u", "+%Y-%m-%d"]).unwrap_or_default();
    println!("date: {}  compiler: {}", date.trim(), version.trim());
    for (package, bench) in
        [("hl7v2", "tokenise"), ("fhir", "validate"), ("fhir", "index"), ("store", "store")]
    {
        shell::run(root, "cargo", &["bench", "--quiet", "--package", package, "--bench", bench])?;
    }
    let platform = [
        "bench",
        "--quiet",
        "--package",
        "bevan",
        "--bench",
        "platform",
        "--",
        "--people",
        people,
        "--seconds",
        seconds,
    ];
    shell::run(root, "cargo", &platform)
}
