//! Whatever the text and the document: an answer or an error, never a panic, never without bound.

#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use fhir::definitions::definitions;
use fhir::fhirpath::{Context, Error, compile};
use fhir::json::{Limits, Value, parse};
use proptest::prelude::*;

fn document() -> Value {
    let text = br#"{"resourceType":"Patient","id":"p","name":[{"family":"F","given":["A",null],"_given":[null,{"id":"x"}]}],
        "birthDate":"1974-12","_birthDate":{"extension":[{"url":"u","valueQuantity":{"value":1e3,"code":"mg"}}]},
        "contained":[{"resourceType":"Nope","a":[1.50,"9999-12-31"]}],"multipleBirthInteger":2147483647}"#;
    parse(text, &Limits::default()).unwrap()
}

/// Small expressions that are mostly well formed and mostly nonsense.
fn expressions() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        "(name|birthDate|given|family|Patient|contained|multipleBirth|extension|value|id|a)",
        "(\\{\\}|true|1|0|2147483647|0\\.5|79228162514264337593543950335|'a'|''|'[0-9]'|'mg'|'hex')",
        "(@2024|@2024-02-29T23:59:60Z|@9999-12-31|@0001-01-01|@T12|4 days|1 'mg'|1000000 years|5 '%')",
        "(\\$this|\\$index|\\$total|%resource|%ucum|%x)",
    ];
    leaf.prop_recursive(5, 40, 3, |inner| {
        let operator = "( and | or | implies | div | mod | in | contains |\\*|/|\\+|-|&|\\||<=|>|=|~|!~)";
        let none = "(first|last|tail|count|distinct|not|children|descendants|toQuantity|toDate|toTime|toString|abs|exp|ln|sqrt\
            |round|type|resolve|lowBoundary|highBoundary|precision|sort|trim|toChars|length|single|allTrue|hasValue|now)";
        let one = "(where|select|repeat|all|exists|aggregate|skip|take|union|combine|exclude|log|power|round|split|join|matches\
            |indexOf|startsWith|encode|decode|escape|sort|trace|defineVariable|lowBoundary|comparable|extension|memberOf|conformsTo)";
        prop_oneof![
            (inner.clone(), operator, inner.clone()).prop_map(|(a, o, b)| format!("({a}{o}{b})")),
            (inner.clone(), none).prop_map(|(a, f)| format!("{a}.{f}()")),
            (inner.clone(), one, inner.clone()).prop_map(|(a, f, b)| format!("{a}.{f}({b})")),
            (inner.clone(), "(substring|replace|replaceMatches|iif)", inner.clone(), inner.clone())
                .prop_map(|(a, f, b, c)| format!("{a}.{f}({b},{c})")),
            (inner.clone(), "(is|as|ofType)", "(string|Quantity|System\\.Date|HumanName)")
                .prop_map(|(a, f, t)| format!("{a}.{f}({t})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a}[{b}]")),
            inner.prop_map(|a| format!("-{a}")),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_compiles_or_is_refused(text in "\\PC{0,60}") {
        let _ = compile(&text);
    }

    #[test]
    fn any_symbols_compile_or_are_refused(text in "[a-z0-9 '`@%$.()\\[\\]{}+*/|&<=>!~,:TZ\\\\-]{0,40}") {
        let _ = compile(&text);
    }

    #[test]
    fn any_expression_evaluates_or_fails(text in expressions()) {
        let document = document();
        if let Ok(expression) = compile(&text) {
            let now = "2026-03-29T00:59:59Z".parse().unwrap();
            let _ = expression.evaluate(&Context::new().at(now).limited(20_000), &document);
            let _ = expression.check(definitions().type_("Patient").unwrap());
        }
    }
}

#[test]
fn costly_expressions_end_with_an_error() {
    let document = document();
    let doubling = format!("'ab'{}", ".select($this & $this)".repeat(60));
    let growing = format!("(1|2){}", ".select((1|2).combine(3|4)).combine($this)".repeat(40));
    let endless = "1.repeat($this + 1)".to_owned();
    let texts = format!("'aaaaaaaaaaaaaaaa'{}", ".replace('a', 'aaaaaaaaaaaaaaaa')".repeat(20));
    let patterns = "(1|2).repeat($this + 1).where($this.toString().matches($this.toString()))".to_owned();
    for text in [doubling, growing, endless, texts, patterns] {
        let outcome = compile(&text).unwrap().evaluate(&Context::new(), &document);
        assert!(outcome == Err(Error::TooCostly), "{text}");
    }
}

#[test]
fn the_deepest_expression_fits_the_stack() {
    let document = document();
    let deep = format!("{}name{}", "iif(true, ".repeat(62), ")".repeat(62));
    assert!(compile(&deep).unwrap().evaluate(&Context::new(), &document).is_ok());
    let wide = format!("1{}", "+1".repeat(128));
    assert!(compile(&wide).unwrap().evaluate(&Context::new(), &document).is_ok());
}

/// `name` is no element of ChargeItemDefinition: an error of the standard.
const FAULTY_INVARIANTS: [&str; 1] = ["cid-0"];

#[test]
fn every_invariant_of_the_definitions_compiles_and_checks() {
    let mut faults = Vec::new();
    let mut count = 0;
    for type_ in definitions().types() {
        let own = type_.invariants.iter().map(|i| (type_, i));
        let of_elements = type_.elements().iter().filter(|e| e.types.len() == 1).flat_map(|e| {
            let nested = definitions().type_(e.path).or_else(|| definitions().type_(e.types[0].name));
            nested.into_iter().flat_map(|t| e.invariants.iter().map(move |i| (t, i)))
        });
        for (on, invariant) in own.chain(of_elements) {
            count += 1;
            let checked = compile(invariant.expression).and_then(|e| e.check(on));
            if checked.is_err() != FAULTY_INVARIANTS.contains(&invariant.key) {
                faults.push(format!("{} {}: {checked:?}: {}", on.name, invariant.key, invariant.expression));
            }
        }
    }
    assert!(count > 200, "{count} invariants");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
