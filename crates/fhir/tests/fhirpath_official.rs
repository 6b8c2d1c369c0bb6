//! The official FHIRPath suite for R4: 935 tests, each of which must pass unless it is listed as an exception
//! with its reason. A test that starts to pass must leave the list.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

#[path = "../../../tests/located.rs"]
mod data;

use fhir::definitions::{TypeDef, definitions};
use fhir::fhirpath::{Collection, Context, Error, Item, compile};
use fhir::json::{Limits, Value, parse};
use rust_decimal::Decimal;
use std::collections::HashMap;
use std::fs;
use std::path::Path;

/// Tests that do not pass, each with its reason.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("testFHIRPathIsFunction8", WITHOUT_EXTENSION),
    ("testFHIRPathIsFunction9", WITHOUT_EXTENSION),
    ("testFHIRPathIsFunction10", WITHOUT_EXTENSION),
];

/// The same three expressions are tested on a document with the extension in [`age_is_a_quantity`].
const WITHOUT_EXTENSION: &str = "the JSON input lacks the patient-age extension that its XML sibling has";

struct Test<'x> {
    name: &'x str,
    input: Option<&'x str>,
    expression: &'x str,
    invalid: Option<&'x str>,
    predicate: bool,
    check_order: bool,
    ordered: bool,
    /// Type and text.
    outputs: Vec<(Option<&'x str>, &'x str)>,
}

#[test]
fn the_official_suite() {
    let Some(directory) = data::located("the_official_suite", "fhir/fhirpath") else { return };
    let text = fs::read_to_string(directory.join("tests-fhir-r4.xml")).unwrap();
    let document = roxmltree::Document::parse(&text).unwrap();
    let tests: Vec<Test<'_>> = document.descendants().filter(|n| n.has_tag_name("test")).map(read).collect();
    assert_eq!(tests.len(), 935);

    let mut inputs: HashMap<&str, Value> = HashMap::new();
    for name in tests.iter().filter_map(|t| t.input) {
        inputs.entry(name).or_insert_with(|| document_of(&directory, name));
    }
    let mut faults = Vec::new();
    let mut seen = Vec::new();
    let mut passed = 0;
    for test in &tests {
        let outcome = run(test, test.input.map_or(&Value::Null, |name| &inputs[name]));
        let exception = EXCEPTIONS.iter().find(|(name, _)| *name == test.name);
        passed += usize::from(outcome.is_ok());
        match (outcome, exception) {
            (Ok(()), Some(_)) => faults.push(format!("{} passes: take it off the list", test.name)),
            (Err(reason), None) => {
                faults.push(format!("{}: {}: {reason}", test.name, test.expression.trim()))
            }
            (Err(_), Some((name, _))) => seen.push(*name),
            (Ok(()), None) => {}
        }
    }
    println!("official FHIRPath R4 suite: {passed} of {} pass, {} exceptions", tests.len(), EXCEPTIONS.len());
    for (name, _) in EXCEPTIONS {
        assert!(seen.contains(name), "{name} is listed but does not fail");
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

fn read<'x>(node: roxmltree::Node<'x, 'x>) -> Test<'x> {
    let expression = node.children().find(|n| n.has_tag_name("expression")).unwrap();
    let outputs = node.children().filter(|n| n.has_tag_name("output"));
    Test {
        name: node.attribute("name").unwrap(),
        input: node.attribute("inputfile"),
        expression: expression.text().unwrap_or_default(),
        invalid: expression.attribute("invalid"),
        predicate: node.attribute("predicate") == Some("true"),
        check_order: node.attribute("checkOrderedFunctions") == Some("true"),
        ordered: node.attribute("ordered") != Some("false"),
        outputs: outputs.map(|o| (o.attribute("type"), o.text().unwrap_or_default())).collect(),
    }
}

/// The JSON beside the XML that the suite names.
fn document_of(directory: &Path, name: &str) -> Value {
    let path = directory.join("input").join(name).with_extension("json");
    parse(&fs::read(&path).unwrap(), &Limits::default()).unwrap()
}

fn run(test: &Test<'_>, input: &Value) -> Result<(), String> {
    let outcome = evaluate(test, input);
    match (outcome, test.invalid) {
        (Err(_), Some(_)) => Ok(()),
        (Ok(found), Some(kind)) => Err(format!("expected a {kind} error, found {found:?}")),
        (Err(error), None) => Err(error.to_string()),
        (Ok(found), None) => compare(test, found),
    }
}

fn evaluate<'a>(test: &Test<'_>, input: &'a Value) -> Result<Collection<'a>, Error> {
    let expression = compile(test.expression)?;
    let resource = input.get("resourceType").and_then(Value::as_str);
    if let Some(type_) = resource.and_then(|name| -> Option<&'static TypeDef> { definitions().type_(name) }) {
        if test.check_order { expression.check_ordered(type_)? } else { expression.check(type_)? }
    }
    let context = Context::new().at("2026-03-01T12:34:56.789Z".parse().unwrap());
    expression.evaluate(&context, input)
}

fn compare(test: &Test<'_>, found: Collection<'_>) -> Result<(), String> {
    let mut found: Vec<(String, String)> = match test.predicate {
        true => vec![("boolean".into(), (!found.is_empty()).to_string())],
        false => found.iter().map(shown).collect(),
    };
    let mut expected: Vec<(Option<&str>, String)> = test
        .outputs
        .iter()
        .map(|(kind, text)| (*kind, text.trim_start_matches('@').trim_start_matches('T').to_owned()))
        .collect();
    if !test.ordered {
        found.sort_by(|a, b| a.1.cmp(&b.1));
        expected.sort_by(|a, b| a.1.cmp(&b.1));
    }
    let same = found.len() == expected.len()
        && found.iter().zip(&expected).all(|((kind, text), (wanted, value))| {
            (text == value || same_number(text, value))
                && wanted.is_none_or(|w| w == kind || (w == "date" && kind == "dateTime"))
        });
    if same { Ok(()) } else { Err(format!("expected {expected:?}, found {found:?}")) }
}

/// The same decimal to the same number of places: zero has no sign.
fn same_number(a: &str, b: &str) -> bool {
    let read = |text: &str| Decimal::from_str_exact(text).ok();
    read(a).zip(read(b)).is_some_and(|(a, b)| a == b && a.scale() == b.scale())
}

#[test]
fn age_is_a_quantity() {
    let text =
        br#"{"resourceType":"Observation","extension":[{"url":"u","valueAge":{"value":4,"code":"a"}}]}"#;
    let observation = parse(text, &Limits::default()).unwrap();
    for (type_, expected) in [("Age", true), ("Quantity", true), ("Duration", false)] {
        let expression = compile(&format!("Observation.extension('u').value is {type_}")).unwrap();
        let found = expression.evaluate(&Context::new(), &observation).unwrap();
        assert_eq!(found, [Item::Boolean(expected)], "{type_}");
    }
}

/// The type as the suite names it, and the text.
fn shown(item: &Item<'_>) -> (String, String) {
    let info = item.type_info();
    let mut name = info.name.to_string();
    if info.namespace == "System" && name != "Quantity" {
        name = format!("{}{}", name[..1].to_lowercase(), &name[1..]);
    }
    (name, item.written().map_or_else(|| format!("{item:?}"), |text| text.into_owned()))
}
