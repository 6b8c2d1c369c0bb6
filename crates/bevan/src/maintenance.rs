//! `backup`, `restore`, `doctor`, `migrate` and `audit verify`: thin over the store, which knows how; here are the words
//! and the exit codes.

use crate::data;
use crate::exit::Exit;
use anyhow::Result;
use std::path::Path;
use store::audit::Finding;

/// Brings the schema up to date, which opening does.
pub fn migrate(directory: &Path) -> Result<Exit> {
    drop(data::open(directory)?);
    eprintln!("the database in {} has this version's schema", directory.display());
    Ok(Exit::Done)
}

/// Recomputes the audit tree.
pub fn verify_audit(directory: &Path) -> Result<Exit> {
    let report = store::audit::verify(directory)?;
    println!("{} audit rows and {} tree heads checked", report.rows, report.heads);
    for finding in &report.findings {
        println!("  {}", words(finding));
    }
    Ok(if report.is_sound() { Exit::Done } else { Exit::Fault })
}

fn words(finding: &Finding) -> String {
    match finding {
        Finding::Altered { seq } => format!("row {seq} is not what was recorded"),
        Finding::Missing { seq } => format!("rows are missing from number {seq} on"),
        Finding::CutOff { seq } => format!("the end of the log was cut off, from number {seq} on"),
        Finding::Rewritten { from, to } => {
            format!("a row between {from} and {to} was changed together with its hash")
        }
        Finding::Head { size } => {
            format!("the tree head over {size} rows is not ours, or the copies of it differ")
        }
    }
}
