//! `backup`, `restore`, `doctor`, `migrate` and `audit verify`: thin over the store, which knows how; here are the words
//! and the exit codes.

use crate::exit::Exit;
use crate::{cli, data, environment};
use anyhow::Result;
use std::path::Path;
use store::audit::Finding as AuditFinding;
use store::backup::{BackupError, Summary};
use store::doctor::{Finding, Remark};

/// Copies the record, running or not, and proves the copy.
pub fn backup(arguments: &cli::Backup) -> Result<Exit> {
    is_there(&arguments.data)?;
    let begun = environment::now();
    let made = store::backup::backup(&arguments.data, &arguments.to);
    if made.is_ok()
        && let Err(error) = store::backup::note(&arguments.data, begun)
    {
        eprintln!("bevan: the backup is whole, but /metrics will not know of it: {error}");
    }
    told(made, "backed up, restored and compared")
}

/// Brings a backup back.
pub fn restore(arguments: &cli::Restore) -> Result<Exit> {
    told(store::backup::restore(&arguments.from, &arguments.data), "restored and compared")
}

fn told(made: Result<Summary, BackupError>, what: &str) -> Result<Exit> {
    match made {
        Ok(summary) => {
            tell!(
                "{what}: {} bytes, change {}, {} audit rows",
                summary.bytes,
                summary.position.0,
                summary.audit_rows
            );
            Ok(Exit::Done)
        }
        Err(fault @ (BackupError::Mismatch(_) | BackupError::Differs(_) | BackupError::Manifest)) => {
            eprintln!("bevan: {fault}");
            Ok(Exit::Fault)
        }
        Err(other) => Err(other.into()),
    }
}

/// Refuses a directory without a record in words, before anything is made.
fn is_there(directory: &Path) -> Result<()> {
    anyhow::ensure!(store::is_record(directory), "there is no database in {}", directory.display());
    Ok(())
}

/// Examines the record.
pub fn doctor(directory: &Path) -> Result<Exit> {
    is_there(directory)?;
    let report = store::doctor::examine(directory)?;
    tell!(
        "{} resources and {} versions examined: {} faults",
        report.resources,
        report.versions,
        report.faults
    );
    for finding in &report.findings {
        tell!("  {}", fault(finding));
    }
    if report.remarked > 0 {
        tell!("{} links between patients open nothing:", report.remarked);
    }
    for remark in &report.remarks {
        tell!("  {}", remarked(remark));
    }
    say_audit(&report.audit);
    Ok(if report.is_sound() { Exit::Done } else { Exit::Fault })
}

fn remarked(remark: &Remark) -> String {
    match remark {
        Remark::OneSided { reference, other } => {
            format!("{reference} says that it was merged with {other}, which does not say so")
        }
        Remark::Nobody { reference, other } => {
            format!("{reference} says that it was merged with {other}, which is not here")
        }
    }
}

fn fault(finding: &Finding) -> String {
    match finding {
        Finding::File(says) => format!("the database file: {says}"),
        Finding::Hash { position } => format!("the version at change {position} is not what was written"),
        Finding::Version { reference } => format!("{reference}: versions are missing or disagree"),
        Finding::Index { reference, missing, extra } => {
            format!("{reference}: {missing} search rows are missing and {extra} are too many")
        }
        Finding::Compartment { reference } => {
            format!("{reference}: stands in the wrong patients' compartments")
        }
        Finding::Merge { reference } => {
            format!("{reference}: what is kept of its merges is not what it says")
        }
        Finding::Circle { reference } => format!("{reference}: was merged, in the end, into itself"),
        Finding::Parted { reference } => {
            format!("{reference}: was merged into two patients, who both reach its record")
        }
        Finding::Orphans { table, rows } => format!("{rows} rows of {table} belong to nothing"),
    }
}

/// Brings the schema up to date, which opening does. Opening would also make a record where there is none, which is not
/// what somebody who mistyped the directory wants.
pub fn migrate(directory: &Path) -> Result<Exit> {
    is_there(directory)?;
    drop(data::open(directory)?);
    tell!("the database in {} has this version's schema", directory.display());
    Ok(Exit::Done)
}

/// Recomputes the audit tree.
pub fn verify_audit(directory: &Path) -> Result<Exit> {
    is_there(directory)?;
    let report = store::audit::verify(directory)?;
    say_audit(&report);
    Ok(if report.is_sound() { Exit::Done } else { Exit::Fault })
}

fn say_audit(report: &store::audit::Report) {
    tell!(
        "{} audit rows and {} tree heads checked: {} faults",
        report.rows,
        report.heads,
        report.findings.len()
    );
    for finding in &report.findings {
        tell!("  {}", audit_fault(finding));
    }
}

fn audit_fault(finding: &AuditFinding) -> String {
    match finding {
        AuditFinding::Altered { seq } => format!("audit row {seq} is not what was recorded"),
        AuditFinding::Missing { seq } => format!("audit rows are missing from number {seq} on"),
        AuditFinding::CutOff { seq } => format!("the end of the audit log was cut off, from number {seq} on"),
        AuditFinding::Rewritten { from, to } => {
            format!("an audit row between {from} and {to} was changed together with its hash")
        }
        AuditFinding::Head { size } => {
            format!("the tree head over {size} rows is not ours, or the copies of it differ")
        }
    }
}
