//! Search parameters: `search-parameters.tsv`.
//!
//! `P index id code type bases targets expression`; then for a composite `C definition-id expression` each.
//! The index numbers the parameters in the order of their ids; rows of a stored index carry it, so it must never
//! change for a given package version. Parameters that only illustrate the format, or name no base, are left out.

use super::header;
use super::package::{Package, items, tail, text};
use anyhow::Result;
use serde_json::Value;
use std::fmt::Write;

/// The whole table.
pub fn table(package: &Package) -> Result<String> {
    let mut out = header("FHIR R4 search parameters.");
    let mut parameters: Vec<&Value> =
        package.of("SearchParameter").iter().filter(|p| is_of_the_standard(p)).collect();
    parameters.sort_by_key(|p| text(p, "id"));
    for (index, parameter) in parameters.iter().enumerate() {
        writeln!(
            out,
            "P\t{index}\t{}\t{}\t{}\t{}\t{}\t{}",
            text(parameter, "id"),
            text(parameter, "code"),
            text(parameter, "type"),
            names(parameter, "base"),
            names(parameter, "target"),
            one_line(text(parameter, "expression")),
        )?;
        for component in items(parameter, "component") {
            writeln!(
                out,
                "C\t{}\t{}",
                tail(text(component, "definition")),
                one_line(text(component, "expression"))
            )?;
        }
    }
    Ok(out)
}

fn is_of_the_standard(parameter: &Value) -> bool {
    let example = text(parameter, "id") == "example" || text(parameter, "id").starts_with("example-");
    !example && !items(parameter, "base").is_empty()
}

fn names(parameter: &Value, member: &str) -> String {
    let names: Vec<&str> = items(parameter, member).iter().filter_map(Value::as_str).collect();
    names.join(" ")
}

fn one_line(expression: &str) -> String {
    expression.split_whitespace().collect::<Vec<_>>().join(" ")
}
