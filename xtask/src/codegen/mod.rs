//! `cargo xtask codegen`: the tables under `crates/fhir/src/r4`, made from HL7's definitions of FHIR R4.
//!
//! The tables hold facts only (names, types, cardinalities, codes, expressions) and no prose. They are text, one
//! record a line, fields parted by tabs, so that a change of source reads as a diff. Nobody edits them.
//! It must never write a table from anything but the package and version named in [`npm`].

mod compartments;
mod npm;
mod package;
mod search_parameters;
mod structures;
mod value_sets;

use anyhow::{Context, Result, bail};
use package::Package;
use std::path::{Path, PathBuf};

/// A generated file: its name and its whole text.
type Table = (&'static str, String);

/// Writes the tables; with `--check` compares them instead, with `--fetch` only brings the package.
pub fn run(root: &Path, arguments: &[String]) -> Result<()> {
    let package = npm::fetch(root)?;
    match arguments.first().map(String::as_str) {
        None => write(root, &tables(&package)?),
        Some("--check") => match stale(root, &tables(&package)?)? {
            None => Ok(()),
            Some(name) => bail!("{name} is stale: run `cargo xtask codegen`"),
        },
        Some("--fetch") => Ok(()),
        Some(other) => bail!("codegen does not know {other}"),
    }
}

/// Brings the package, so that tests find the official examples.
pub fn fetch(root: &Path) -> Result<()> {
    npm::fetch(root).map(|_| ())
}

/// Every table, made in memory from the package's folder.
fn tables(folder: &Path) -> Result<Vec<Table>> {
    let package = Package::read(folder)?;
    let value_sets = value_sets::table(&package)?;
    Ok(vec![
        ("structures.tsv", structures::table(&package)?),
        ("search-parameters.tsv", search_parameters::table(&package)?),
        ("compartments.tsv", compartments::table(&package)?),
        ("value-sets.tsv", value_sets),
    ])
}

/// The name of the first table that differs from the committed one.
fn stale(root: &Path, tables: &[Table]) -> Result<Option<&'static str>> {
    for (name, text) in tables {
        let path = target(root).join(name);
        let committed = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        if committed != *text {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

fn write(root: &Path, tables: &[Table]) -> Result<()> {
    std::fs::create_dir_all(target(root))?;
    for (name, text) in tables {
        let path = target(root).join(name);
        std::fs::write(&path, text).with_context(|| path.display().to_string())?;
        println!("{name}: {} lines, {} bytes", text.lines().count(), text.len());
    }
    Ok(())
}

/// The first lines of a table: what it is and where it comes from.
fn header(content: &str) -> String {
    format!(
        "# {content}\n# Made by `cargo xtask codegen` from npm {} {} (HL7 International, {}). Do not edit.\n",
        npm::NAME,
        npm::VERSION,
        npm::LICENCE
    )
}

fn target(root: &Path) -> PathBuf {
    root.join("crates/fhir/src/r4")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the test must know whether it runs in CI")]
    fn committed_tables_are_what_the_package_gives() {
        let root = crate::shell::root().unwrap();
        let folder = match npm::cached(&root) {
            Some(folder) => folder,
            None if std::env::var("CI").as_deref() == Ok("true") => npm::fetch(&root).unwrap(),
            None => {
                eprintln!(
                    "skipped: committed_tables_are_what_the_package_gives: run `cargo xtask codegen --fetch`"
                );
                return;
            }
        };
        assert_eq!(stale(&root, &tables(&folder).unwrap()).unwrap(), None, "run `cargo xtask codegen`");
    }
}
