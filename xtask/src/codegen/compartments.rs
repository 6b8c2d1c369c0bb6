//! Compartments: `compartments.tsv`.
//!
//! `C compartment resource-type codes`: the search parameters whose reference puts a resource of that type into the
//! compartment. `{def}` is the standard's own mark for the resource that defines the compartment.

use super::header;
use super::package::{Package, items, text};
use anyhow::Result;
use serde_json::Value;
use std::fmt::Write;

/// The whole table.
pub fn table(package: &Package) -> Result<String> {
    let mut out = header("FHIR R4 compartments.");
    for definition in package.of("CompartmentDefinition").iter().filter(|d| text(d, "id") != "example") {
        for resource in items(definition, "resource") {
            let codes: Vec<&str> = items(resource, "param").iter().filter_map(Value::as_str).collect();
            if !codes.is_empty() {
                let (compartment, type_) = (text(definition, "code"), text(resource, "code"));
                writeln!(out, "C\t{compartment}\t{type_}\t{}", codes.join(" "))?;
            }
        }
    }
    Ok(out)
}
