//! From a resource to the entries that searches look up (<https://hl7.org/fhir/R4/search.html>).
//!
//! Every R4 search parameter is compiled once: plain member paths to walkers over the document, the rest to FHIRPath.
//! Extraction never fails: a value that cannot be read yields no entry, and stays in the document. It knows no
//! database, follows no reference and reads no clock. Composite and special parameters have no entries of their own.

mod date;
mod entry;
mod number;
mod plan;
mod reference;
mod string;
mod token;
mod walk;

pub use entry::{Entry, IndexValue};

use crate::definitions::SearchKind;
use crate::json::{Text, Value};
use entry::Entries;
use plan::{Plan, Rule};
use std::collections::HashMap;
use std::sync::LazyLock;
use walk::Leaf;

/// The compiled search parameters of every resource type.
#[derive(Debug)]
pub struct Extractor {
    plans: HashMap<&'static str, Plan>,
}

impl Extractor {
    /// The search parameters of R4, compiled at the first call.
    #[must_use]
    pub fn r4() -> &'static Self {
        static R4: LazyLock<Extractor> = LazyLock::new(|| Extractor { plans: plan::plans() });
        &R4
    }

    /// The entries of a resource, grouped by parameter and without duplicates; none for an unknown type.
    #[must_use]
    pub fn extract(&self, resource: &Value) -> Vec<Entry> {
        let mut entries = Entries::default();
        for rule in self.plan(resource).map(|plan| plan.rules.as_slice()).unwrap_or_default() {
            entries.begin(rule.param);
            rule.leaves(resource, &mut |leaf| append(rule, &leaf, resource, &mut entries));
        }
        entries.finish()
    }

    /// The ids of the patients whose compartment holds the resource, as this server knows them: relative
    /// references only. A patient is in its own compartment.
    #[must_use]
    pub fn compartment_patients(&self, resource: &Value) -> Vec<Text> {
        let mut ids: Vec<Text> = Vec::new();
        let Some(plan) = self.plan(resource) else { return ids };
        let mut add = |id: &str| {
            if !ids.iter().any(|known| known == id) {
                ids.push(Text::new(id));
            }
        };
        if plan.is_patient
            && let Some(id) = resource.get("id").and_then(Value::as_str)
        {
            add(id);
        }
        for rule in plan.rules.iter().filter(|rule| rule.compartment) {
            rule.leaves(resource, &mut |leaf| {
                if let Some(id) = reference::local_patient(&leaf) {
                    add(id);
                }
            });
        }
        ids
    }

    fn plan(&self, resource: &Value) -> Option<&Plan> {
        self.plans.get(resource.get("resourceType")?.as_str()?)
    }
}

fn append(rule: &Rule, leaf: &Leaf<'_>, resource: &Value, entries: &mut Entries) {
    match rule.kind {
        SearchKind::String => string::append(leaf, entries),
        SearchKind::Token => token::append(leaf, entries),
        SearchKind::Reference => reference::append(leaf, resource, entries),
        SearchKind::Date => date::append(leaf, entries),
        SearchKind::Number => number::append_number(leaf, entries),
        SearchKind::Quantity => number::append_quantity(leaf, entries),
        SearchKind::Uri => string::append_uri(leaf, entries),
        SearchKind::Composite | SearchKind::Special => {}
    }
}

#[cfg(test)]
mod oracle;
#[cfg(test)]
mod tests;
