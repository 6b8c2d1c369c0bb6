//! Table tests of what the official suite leaves out: contained resources, bundles, variables, value sets, choices.

use super::*;
use crate::json::{Limits, parse};

fn read(text: &str) -> Value {
    parse(text.as_bytes(), &Limits::default()).unwrap()
}

/// The result as text, items separated by a comma; errors by their kind.
fn result(context: &Context<'_>, expression: &str, resource: &Value) -> String {
    match compile(expression).and_then(|e| e.evaluate(context, resource)) {
        Ok(items) => {
            let shown = |item: &Item<'_>| {
                item.written().map_or_else(|| item.type_info().name.to_string(), |t| t.into())
            };
            items.iter().map(shown).collect::<Vec<String>>().join(",")
        }
        Err(Error::Syntax { .. }) => "syntax".into(),
        Err(Error::Semantic(_)) => "semantic".into(),
        Err(Error::Execution(_)) => "execution".into(),
        Err(Error::TooCostly) => "costly".into(),
    }
}

fn check(resource: &str, table: &[(&str, &str)]) {
    let resource = read(resource);
    let context = Context::new().at("2026-07-01T09:08:07.006Z".parse().unwrap());
    for (expression, expected) in table {
        assert_eq!(result(&context, expression, &resource), *expected, "{expression}");
    }
}

const OBSERVATION: &str = r##"{"resourceType":"Observation","id":"o","status":"final",
    "contained":[{"resourceType":"Patient","id":"p","gender":"female"},{"resourceType":"Mystery","id":"m","a":{"valueCode":"x"}}],
    "subject":{"reference":"#p"},"performer":[{"reference":"Practitioner/1"},{"reference":"#nobody"}],
    "code":{"coding":[{"system":"http://loinc.org","code":"1-1"}],"text":"T"},
    "valueQuantity":{"value":5.40,"unit":"mmol/L","system":"http://unitsofmeasure.org","code":"mmol/L"},
    "component":[{"valueString":"a"},{"valueBoolean":true},{"_valueString":{"id":"s"}}]}"##;

#[test]
fn navigates_choices_contained_resources_and_siblings() {
    check(
        OBSERVATION,
        &[
            ("value", "5.40 'mmol/L'"),
            ("value.value", "5.40"),
            ("valueQuantity.value", ""),
            ("component.value.count()", "3"),
            ("component.value.ofType(string).hasValue()", "false"),
            ("component.value.ofType(string).where(hasValue())", "a"),
            ("component.value.id", "s"),
            ("contained.ofType(Patient).gender", "female"),
            ("contained.where(id = 'm').a.value", "x"),
            ("subject.resolve().gender", "female"),
            ("subject.resolve() is Patient", "true"),
            ("performer.resolve().count()", "0"),
            ("children().count() > 5", "true"),
            ("descendants().ofType(Coding).code", "1-1"),
            ("code.memberOf('http://hl7.org/fhir/ValueSet/observation-status')", "false"),
            ("status.memberOf('http://hl7.org/fhir/ValueSet/observation-status')", "true"),
            ("status.memberOf('http://example.org/unknown')", ""),
            ("%resource.id & '/' & %rootResource.id", "o/o"),
            ("%unknown", "execution"),
            ("code.coding.system = %loinc", "true"),
        ],
    );
}

#[test]
fn typed_references_stand_for_what_they_name() {
    let observation = read(OBSERVATION);
    let context = Context::new().with_typed_references();
    assert_eq!(
        result(&context, "performer.where(resolve() is Practitioner).reference", &observation),
        "Practitioner/1"
    );
    assert_eq!(result(&context, "performer.resolve().name", &observation), "");
}

#[test]
fn resolves_inside_a_bundle() {
    let bundle = read(
        r#"{"resourceType":"Bundle","entry":[{"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient","id":"1"}},
            {"fullUrl":"http://a.b/Group/2","resource":{"resourceType":"Group","id":"2"}},
            {"resource":{"resourceType":"Observation","id":"o","subject":{"reference":"urn:uuid:1"},"focus":[{"reference":"Group/2"}]}}]}"#,
    );
    let context = Context::new();
    let path = "Bundle.entry.resource.ofType(Observation)";
    assert_eq!(result(&context, &format!("{path}.subject.resolve().id"), &bundle), "1");
    assert_eq!(result(&context, &format!("{path}.focus.resolve().id"), &bundle), "2");
    let observation = &bundle.items("entry")[2].get("resource").unwrap();
    let inside = Context::new().inside(&bundle);
    assert_eq!(result(&inside, "subject.resolve().id & %rootResource.type().name", observation), "1Bundle");
}

#[test]
fn variables_have_scopes() {
    check(
        OBSERVATION,
        &[
            ("defineVariable('a', 1).select(%a + 1)", "2"),
            ("component.defineVariable('c').count() + %c.count()", "execution"),
            ("(1 | 2).select(defineVariable('x', $this * 10).select(%x + $this))", "11,22"),
            ("defineVariable('a').defineVariable('a')", "execution"),
            ("defineVariable('sct', 1)", "execution"),
            ("(1 | 2 | 3).aggregate($total + $this * $index, 0)", "8"),
        ],
    );
    let observation = read(OBSERVATION);
    let context =
        Context::new().with("given", vec![Item::Integer(7)]).with_element("it", Node::resource(&observation));
    assert_eq!(result(&context, "%given + 1", &observation), "8");
    assert_eq!(result(&context, "%it.status", &observation), "final");
}

#[test]
fn reads_only_the_clock_it_is_given() {
    check(
        OBSERVATION,
        &[
            ("now()", "2026-07-01T10:08:07.006+01:00"),
            ("today()", "2026-07-01"),
            ("timeOfDay()", "10:08:07.006"),
            ("now() = now()", "true"),
        ],
    );
    assert_eq!(result(&Context::new(), "now()", &read(OBSERVATION)), "execution");
}

#[test]
fn converts_and_calculates() {
    check(
        OBSERVATION,
        &[
            ("value.toQuantity('umol/L').value", "5400"),
            ("value.toQuantity('umol/L')", "5400 'umol/L'"),
            ("2147483647 + 1", ""),
            ("'2024-02-30'.toDate()", ""),
            ("'2024-02-29T10:00:00Z'.toDate()", "2024-02-29"),
            ("@2024-02-29T10:00:00Z.toTime()", "10:00:00"),
            ("(3 'mg' + 2 'g').toString()", "2003 'mg'"),
            ("2 * 3 'mg'", "6 'mg'"),
            ("'a,b'.split(',').join('-')", "a-b"),
            ("'äö'.length() = 2 and 'äö'.substring(1) = 'ö'", "true"),
            ("'abc'.lastIndexOf('c')", "2"),
            ("10.power(10)", ""),
            ("(1|2|3).skip(1).take(1)", "2"),
            ("'<div>one=1 on = 2</div>'.htmlChecks()", "true"),
            ("'<p OnClick=x>'.htmlChecks() or '<script>'.htmlChecks()", "false"),
        ],
    );
}

#[test]
fn a_strict_context_refuses_unknown_elements() {
    let observation = read(OBSERVATION);
    assert_eq!(result(&Context::new().strict(), "nope", &observation), "semantic");
    assert_eq!(result(&Context::new(), "nope", &observation), "");
    assert_eq!(result(&Context::new().limited(3), "code.coding.code.count()", &observation), "costly");
}
