//! The conformance resources of the package, read once and kept by type.

use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// The resources that the tables are made of.
pub struct Package {
    by_type: BTreeMap<String, Vec<Value>>,
}

const WANTED: [&str; 5] =
    ["StructureDefinition", "SearchParameter", "CompartmentDefinition", "ValueSet", "CodeSystem"];

impl Package {
    /// Reads the wanted files of the package's folder, in the order of their names.
    pub fn read(folder: &Path) -> Result<Self> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        let mut by_type: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for name in names {
            let Some(type_) = name.split('-').next().filter(|t| WANTED.contains(t)) else { continue };
            let bytes = std::fs::read(folder.join(&name))?;
            let resource: Value = serde_json::from_slice(&bytes).with_context(|| name.clone())?;
            by_type.entry(type_.to_owned()).or_default().push(resource);
        }
        Ok(Self { by_type })
    }

    /// The resources of a type, in the order of their file names.
    pub fn of(&self, type_: &str) -> &[Value] {
        self.by_type.get(type_).map(Vec::as_slice).unwrap_or_default()
    }

    /// The base definitions: data types and resources that are not profiles.
    pub fn base_definitions(&self) -> impl Iterator<Item = &Value> {
        self.of("StructureDefinition")
            .iter()
            .filter(|d| text(d, "derivation") != "constraint" && text(d, "kind") != "logical")
    }
}

/// The text of a member; empty when it is absent.
pub fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value.get(member).and_then(Value::as_str).unwrap_or_default()
}

/// The items of an array member; empty when it is absent.
pub fn items<'a>(value: &'a Value, member: &str) -> &'a [Value] {
    value.get(member).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

/// The part of a URL after its last slash.
pub fn tail(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or(url)
}
