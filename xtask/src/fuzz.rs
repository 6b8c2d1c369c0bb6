//! `cargo xtask fuzz`: every fuzz target from the committed corpus, for a bounded time.
//!
//! The compiler of this project is stable, so the targets run with libFuzzer's coverage and without a sanitizer: the
//! product forbids `unsafe`, and what is looked for is a panic, a hang or a broken property.

use crate::test::{Size, size};
use crate::{setup, shell};
use anyhow::Result;
use std::path::Path;

const VERSION: &str = "0.13.2";
const TARGETS: &[&str] =
    &["fhir_json", "fhirpath", "search", "hl7", "mrd_file", "mrd_stream", "cfl", "dicom_answer", "weights"];

pub fn run(root: &Path, arguments: &[String]) -> Result<()> {
    let seconds = match size(arguments)? {
        Size::Quick => 5,
        Size::Usual => 20,
        Size::Full => 3600,
    };
    setup::cargo_tool(root, "fuzz", VERSION)?;
    let limits = [
        format!("-max_total_time={seconds}"),
        "-timeout=5".into(),
        "-rss_limit_mb=512".into(),
        "-print_final_stats=0".into(),
        "-verbosity=0".into(),
    ];
    for target in TARGETS {
        // New inputs go to a folder that git ignores; the committed corpus is only read.
        let found = format!("fuzz/target/found/{target}");
        std::fs::create_dir_all(root.join(&found))?;
        let corpus = format!("fuzz/corpus/{target}");
        let mut words = vec![
            "fuzz",
            "run",
            "--sanitizer",
            "none",
            "--target-dir",
            "fuzz/target",
            target,
            &found,
            &corpus,
            "--",
        ];
        words.extend(limits.iter().map(String::as_str));
        shell::run(root, "cargo", &words)?;
        println!("fuzz {target}: {seconds} s without a finding");
    }
    Ok(())
}
