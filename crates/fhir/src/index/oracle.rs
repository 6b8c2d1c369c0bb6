//! The walkers against the engine: on every real document both find the same values for every parameter.

#[path = "../../../../tests/located.rs"]
mod shared;

use super::plan::{evaluate, filtering, is_extracted, valued};
use super::{Extractor, walk::Leaf};
use crate::definitions::{SearchParameter, definitions};
use crate::fhirpath::{Expr, Expression, Operator, compile};
use crate::json::{Limits, Value, parse, to_string};
use std::collections::{BTreeSet, HashMap};
use std::path::Path;

/// The whole published expression, unions and other types' branches included, for the engine.
fn whole(parameter: &SearchParameter) -> Expression {
    fn each(tree: Expr) -> Expr {
        match tree {
            Expr::Binary(Operator::Union, a, b) => {
                Expr::Binary(Operator::Union, Box::new(each(*a)), Box::new(each(*b)))
            }
            other => valued(other),
        }
    }
    Expression::of_tree(each(filtering(compile(parameter.expression).unwrap().tree().clone())))
}

/// Numbers without trailing zeros: the engine's unions drop `1.00` beside `1.0`.
fn comparable(value: &Value) -> Value {
    match value {
        Value::Number(number) => number.as_decimal().map_or_else(|| value.clone(), |d| d.normalize().into()),
        Value::Array(items) => Value::Array(items.iter().map(comparable).collect()),
        Value::Object(object) => Value::object(object.iter().map(|(name, value)| (name, comparable(value)))),
        other => other.clone(),
    }
}

struct Oracle {
    expressions: HashMap<u16, Expression>,
    resources: usize,
    values: usize,
}

impl Oracle {
    fn new() -> Self {
        Self { expressions: HashMap::new(), resources: 0, values: 0 }
    }

    fn compare(&mut self, resource: &Value, name: &str) {
        let Some(type_) = resource.text_at(&["resourceType"]) else { return };
        let Some(plan) = Extractor::r4().plans.get(type_) else { return };
        self.resources += 1;
        for parameter in definitions().search_parameters(type_).filter(|p| is_extracted(p)) {
            let shown = |leaf: Leaf<'_>| to_string(&comparable(leaf.value));
            let mut slow = BTreeSet::new();
            let expression = self.expressions.entry(parameter.id).or_insert_with(|| whole(parameter));
            evaluate(expression, resource, &mut |leaf| {
                slow.insert(shown(leaf));
            });
            let mut fast = BTreeSet::new();
            let rule = plan.rules.iter().find(|rule| rule.param == parameter.id).unwrap();
            rule.leaves(resource, &mut |leaf| {
                fast.insert(shown(leaf));
            });
            self.values += fast.len();
            assert_eq!(fast, slow, "{} on {name}", parameter.name);
        }
        let entries = Extractor::r4().extract(resource);
        assert!(entries.iter().all(|entry| plan.rules.iter().any(|rule| rule.param == entry.param)));
        let patients = Extractor::r4().compartment_patients(resource);
        assert!(patients.iter().all(|id| !id.is_empty()));
    }
}

fn read(path: &Path) -> Option<Value> {
    let limits = Limits { depth: 64, bytes: 8 << 20 };
    parse(&std::fs::read(path).unwrap(), &limits).ok()
}

fn json_files(folder: &Path) -> impl Iterator<Item = std::path::PathBuf> {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|e| e == "json"))
}

#[test]
fn walkers_find_what_the_engine_finds_in_synthea() {
    let Some(folder) = shared::located("walkers_find_what_the_engine_finds_in_synthea", "fhir/synthea")
    else {
        return;
    };
    let mut oracle = Oracle::new();
    for path in json_files(&folder) {
        let bundle = read(&path).unwrap();
        for resource in bundle.items("entry").iter().filter_map(|entry| entry.get("resource")) {
            oracle.compare(resource, &path.display().to_string());
        }
    }
    println!("Synthea: {} resources, {} values", oracle.resources, oracle.values);
    assert_eq!(oracle.resources, 8423);
}

#[test]
fn walkers_find_what_the_engine_finds_in_the_examples() {
    let folder = ".build/npm/fhir-r4/node_modules/hl7.fhir.r4.examples";
    let Some(folder) = shared::located("walkers_find_what_the_engine_finds_in_the_examples", folder) else {
        return;
    };
    let mut oracle = Oracle::new();
    for path in json_files(&folder) {
        if let Some(resource) = read(&path) {
            oracle.compare(&resource, &path.display().to_string());
        }
    }
    println!("examples: {} resources, {} values", oracle.resources, oracle.values);
    assert!(oracle.resources > 5000);
}
