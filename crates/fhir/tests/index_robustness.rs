//! Whatever the document: extraction ends without panic, and only with entries of the type's own parameters.
#![expect(clippy::unwrap_used, reason = "a test stops at what it does not expect")]

use fhir::definitions::definitions;
use fhir::index::Extractor;
use fhir::json::{Limits, Object, Value, parse};
use proptest::prelude::*;

/// Values of every shape, with the member names and texts that extraction looks for.
fn values() -> impl Strategy<Value = Value> {
    let texts = prop_oneof![
        "(Patient/1|#p|#|urn:uuid:1|http://a\\.b/Patient/1/_history/2|Patient/|/|x\\|1)",
        "(2024|2024-02-30|9999-12-31|0001-01-01T00:00:00\\+14:00|2016-12-31T23:59:60Z|24:00)",
        "\\PC{0,8}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        texts.prop_map(|text: String| Value::from(text)),
        "-?[1-9][0-9]{0,30}(\\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?".prop_map(|digits| parse(
            digits.as_bytes(),
            &Limits::default()
        )
        .unwrap()),
    ];
    leaf.prop_recursive(5, 60, 5, |inner| {
        let name = "(reference|identifier|coding|code|system|value|start|end|low|high|event|repeat|boundsPeriod|extension|url\
            |comparator|origin|type|text|family|given|line|resourceType|id|display|currency|unit)";
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec((name, inner), 0..5).prop_map(|members| Value::Object(Object::of(members))),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_document_is_extracted(which in any::<prop::sample::Index>(), parts in prop::collection::vec(values(), 1..6)) {
        let types: Vec<&str> = definitions().resource_types().collect();
        let type_ = types[which.index(types.len())];
        let members = definitions().type_(type_).unwrap().members();
        let mut resource = Object::of([("resourceType", Value::from(type_))]);
        for (at, member) in members.iter().enumerate() {
            resource.insert(member.name.as_str(), parts[at % parts.len()].clone());
        }
        let resource = Value::Object(resource);
        for entry in Extractor::r4().extract(&resource) {
            let parameter = definitions().search_parameter_at(entry.param).unwrap();
            prop_assert!(definitions().search_parameters(type_).any(|p| p.id == parameter.id));
        }
        let patients = Extractor::r4().compartment_patients(&resource);
        prop_assert!(patients.iter().all(|id| !id.is_empty()));
    }
}
