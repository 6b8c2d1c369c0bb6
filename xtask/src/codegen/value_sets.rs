//! Codes of the value sets that a required binding names: `value-sets.tsv`.
//!
//! `V url`, then for each code system in it `S system codes`. A value set that the package cannot enumerate (units,
//! media types, currencies, LOINC answers) is left out: the validator then does not check membership.

use super::header;
use super::package::{Package, items, text};
use anyhow::Result;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Codes by code system, in the order of the definitions.
type Codes<'a> = BTreeMap<&'a str, Vec<&'a str>>;

/// The whole table.
pub fn table(package: &Package) -> Result<String> {
    let mut out = header("Codes of FHIR R4 value sets with required bindings.");
    for url in required(package) {
        let Some(codes) = enumerate(package, url) else { continue };
        writeln!(out, "V\t{url}")?;
        for (system, codes) in codes {
            writeln!(out, "S\t{system}\t{}", codes.join(" "))?;
        }
    }
    Ok(out)
}

/// URLs of every value set with a required binding in a base definition.
fn required(package: &Package) -> BTreeSet<&str> {
    let mut urls = BTreeSet::new();
    for definition in package.base_definitions() {
        for element in definition.get("snapshot").map(|s| items(s, "element")).unwrap_or_default() {
            let Some(binding) = element.get("binding").filter(|b| text(b, "strength") == "required") else {
                continue;
            };
            urls.insert(text(binding, "valueSet").split('|').next().unwrap_or_default());
        }
    }
    urls
}

/// The codes of a value set, or `None` when some part of it cannot be enumerated from the package.
fn enumerate<'a>(package: &'a Package, url: &str) -> Option<Codes<'a>> {
    let value_set = package.of("ValueSet").iter().find(|v| text(v, "url") == url)?;
    let compose = value_set.get("compose")?;
    if !items(compose, "exclude").is_empty() {
        return None;
    }
    let mut codes = Codes::new();
    for include in items(compose, "include") {
        if !items(include, "filter").is_empty() || !items(include, "valueSet").is_empty() {
            return None;
        }
        let system = text(include, "system");
        let listed = items(include, "concept");
        let into = codes.entry(system).or_default();
        if listed.is_empty() {
            let definition = package.of("CodeSystem").iter().find(|c| text(c, "url") == system)?;
            if text(definition, "content") != "complete" {
                return None;
            }
            collect(items(definition, "concept"), into);
        } else {
            into.extend(listed.iter().map(|c| text(c, "code")));
        }
    }
    let blank = codes.values().flatten().any(|code| code.contains(char::is_whitespace));
    (!blank).then_some(codes)
}

fn collect<'a>(concepts: &'a [Value], into: &mut Vec<&'a str>) {
    for concept in concepts {
        into.push(text(concept, "code"));
        collect(items(concept, "concept"), into);
    }
}
