//! The house rules that a compiler cannot see. Each rule is one file with a pure `check` over the sources, and
//! a test that plants the fault it looks for.

mod access;
mod arrows;
mod clocks;
mod docs;
mod fixtures;
mod hazards;
mod links;
mod sizes;
mod source;
mod sql;

use anyhow::{Result, bail};
use source::Sources;
use std::path::Path;

type Rule = (&'static str, fn(&Sources) -> Vec<String>);

const RULES: &[Rule] = &[
    ("crate arrows", arrows::check),
    ("file sizes", sizes::check),
    ("module docs", docs::check),
    ("SQL outside store", sql::check),
    ("clocks and entropy", clocks::check),
    ("routes and access rows", access::check),
    ("unused fixtures", fixtures::check),
    ("dead links", links::check),
    ("hazard log", hazards::check),
];

/// Reads the repository and prints every breach; fails when there is one.
pub fn run(root: &Path) -> Result<()> {
    let sources = Sources::read(root)?;
    let mut breaches = 0;
    for (name, check) in RULES {
        for breach in check(&sources) {
            println!("tidy: {name}: {breach}");
            breaches += 1;
        }
    }
    if breaches > 0 {
        bail!("tidy found {breaches} breaches");
    }
    println!("tidy: {} rules hold over {} files", RULES.len(), sources.files.len());
    Ok(())
}
