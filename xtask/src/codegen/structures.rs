//! Types and elements: `structures.tsv`.
//!
//! `T name kind base abstract`; then for each own element (inherited ones stay with the type that declares them)
//! `E path min max types flags strength value-set`; `I key severity expression` belongs to the line above it.
//! Types are parted by spaces, targets stand as `Reference(Patient|Group)`, a content reference as `#Bundle.link`.

use super::header;
use super::package::{Package, items, tail, text};
use anyhow::{Context, Result};
use serde_json::Value;
use std::fmt::Write;

/// The whole table.
pub fn table(package: &Package) -> Result<String> {
    let mut out = header("FHIR R4 types, elements and invariants.");
    for definition in package.base_definitions() {
        let name = text(definition, "type");
        let abstract_ = definition.get("abstract").and_then(Value::as_bool) == Some(true);
        let kind = match text(definition, "kind") {
            "resource" => "R",
            "primitive-type" => "P",
            _ => "C",
        };
        let base = tail(text(definition, "baseDefinition"));
        writeln!(out, "T\t{name}\t{kind}\t{base}\t{}", if abstract_ { "a" } else { "" })?;
        let elements = items(definition.get("snapshot").context("no snapshot")?, "element");
        for element in elements {
            let path = text(element, "path");
            let own = text(element.get("base").context("no base")?, "path") == path;
            let value = kind == "P" && path.ends_with(".value");
            if path != name && own && !value {
                write_element(&mut out, element)?;
            }
            if path == name || own {
                write_invariants(&mut out, element, text(definition, "url"))?;
            }
        }
    }
    Ok(out)
}

fn write_element(out: &mut String, element: &Value) -> Result<()> {
    let truth = |member: &str| element.get(member).and_then(Value::as_bool) == Some(true);
    let mut flags = String::new();
    if truth("isSummary") {
        flags.push('s');
    }
    if truth("isModifier") {
        flags.push('m');
    }
    let binding = element.get("binding").unwrap_or(&Value::Null);
    let value_set = text(binding, "valueSet").split('|').next().unwrap_or_default();
    writeln!(
        out,
        "E\t{}\t{}\t{}\t{}\t{flags}\t{}\t{value_set}",
        text(element, "path"),
        element.get("min").and_then(Value::as_u64).context("no min")?,
        text(element, "max"),
        types(element),
        text(binding, "strength"),
    )?;
    Ok(())
}

fn types(element: &Value) -> String {
    if let Some(reference) = element.get("contentReference").and_then(Value::as_str) {
        return reference.to_owned();
    }
    let names: Vec<String> = items(element, "type").iter().map(|t| type_name(element, t)).collect();
    names.join(" ")
}

/// The name of a type with its reference targets. `id` members carry a system type in the definitions; the
/// extension beside it says which FHIR type is meant, except that a resource's own id is an `id`.
fn type_name(element: &Value, type_: &Value) -> String {
    let code = text(type_, "code");
    if code.starts_with("http://hl7.org/fhirpath/") {
        if text(element, "path") == "Resource.id" {
            return "id".to_owned();
        }
        let meant = items(type_, "extension")
            .iter()
            .find(|e| text(e, "url").ends_with("/structuredefinition-fhir-type"))
            .map_or("string", |e| text(e, "valueUrl"));
        return meant.to_owned();
    }
    let targets: Vec<&str> =
        items(type_, "targetProfile").iter().filter_map(Value::as_str).map(tail).collect();
    if targets.is_empty() { code.to_owned() } else { format!("{code}({})", targets.join("|")) }
}

/// Invariants that this definition itself states; the others are those of the element's type.
fn write_invariants(out: &mut String, element: &Value, url: &str) -> Result<()> {
    for invariant in items(element, "constraint") {
        let source = text(invariant, "source");
        let expression = text(invariant, "expression");
        if (source.is_empty() || source == url) && !expression.is_empty() {
            let expression: Vec<&str> = expression.split_whitespace().collect();
            writeln!(
                out,
                "I\t{}\t{}\t{}",
                text(invariant, "key"),
                text(invariant, "severity"),
                expression.join(" ")
            )?;
        }
    }
    Ok(())
}
