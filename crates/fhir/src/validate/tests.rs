//! Sound documents have no fault; each planted fault is found, at its place and with its code.

use super::*;
use crate::issue::Severity;
use crate::json::{Limits, Object, parse};
use proptest::prelude::*;

/// A patient that uses most shapes: lists, choices, gaps, siblings, contained resources and extensions.
const PATIENT: &str = r##"{
    "resourceType": "Patient", "id": "p-1", "_id": {"extension": [{"url": "urn:x", "valueBoolean": true}]},
    "meta": {"versionId": "1", "lastUpdated": "2024-01-01T00:00:00.000Z", "profile": ["http://example.org/p|1"]},
    "text": {"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"},
    "contained": [{"resourceType": "Organization", "id": "o", "name": "A"}],
    "extension": [{"url": "urn:x", "extension": [{"url": "y", "valueDecimal": 1.00}]}],
    "active": true,
    "name": [{"family": "B", "given": ["C", null, "D"], "_given": [null, {"extension": [{"url": "urn:x", "valueCode": "a"}]}, null]}],
    "gender": "female", "birthDate": "1970-02", "_birthDate": {"id": "b"},
    "deceasedDateTime": "2024-01-01T00:00:00Z",
    "maritalStatus": {"coding": [{"system": "urn:x", "code": "M"}]},
    "contact": [{"relationship": [{"text": "x"}], "name": {"family": "E"}}],
    "communication": [{"language": {"text": "x"}, "preferred": true}],
    "managingOrganization": {"reference": "#o"},
    "link": [{"other": {"reference": "Patient/2"}, "type": "seealso"}]
}"##;

fn read(text: &str) -> Value {
    parse(text.as_bytes(), &Limits::default()).unwrap_or_else(|e| panic!("{e}: {text}"))
}

/// Each fault as `code place`.
fn faults(text: &str) -> Vec<String> {
    let issues = structural(&read(text));
    issues.iter().map(|i| format!("{} {}", i.code.as_str(), i.expression.as_deref().unwrap_or(""))).collect()
}

#[test]
fn a_sound_patient_has_no_fault() {
    assert_eq!(structural(&read(PATIENT)), []);
}

/// Each case changes one place of the sound patient and names the one fault that must be found.
#[test]
fn every_planted_fault_is_found() {
    for (from, to, expected) in [
        (r#""resourceType": "Patient", "#, "", "required Resource"),
        (r#""Patient", "id""#, r#""Person2", "id""#, "not-supported Resource"),
        (r#""Patient", "id""#, r#""DomainResource", "id""#, "not-supported DomainResource"),
        (r#""active": true"#, r#""activ": true"#, "structure Patient"),
        (r#""active": true"#, r#""active": "true""#, "value Patient.active"),
        (r#""active": true"#, r#""active": [true]"#, "structure Patient.active"),
        (r#""active": true"#, r#""active": null"#, "value Patient.active"),
        (r#""active": true"#, r#""active": {"value": true}"#, "value Patient.active"),
        (r#""active": true"#, r#""_name": [{"id": "x"}], "active": true"#, "structure Patient"),
        (r#""id": "p-1""#, r#""id": "p_1""#, "value Patient.id"),
        (r#""family": "B""#, r#""family": """#, "value Patient.name[0].family"),
        (r#""family": "B""#, r#""family": 5"#, "value Patient.name[0].family"),
        (r#""family": "B""#, r#""resourceType": "HumanName", "family": "B""#, "structure Patient.name[0]"),
        (r#"["C", null, "D"]"#, r#"["C", "", "D"]"#, "value Patient.name[0].given[1]"),
        (r#"["C", null, "D"]"#, r#"["C", null]"#, "structure Patient.name[0].given"),
        (r#"[null, {"ext"#, r#"[{"id": "i"}, {"ext"#, ""),
        (
            r#""_given": [null, {"extension": [{"url": "urn:x", "valueCode": "a"}]}, null]"#,
            r#""use": "old""#,
            "structure Patient.name[0].given[1]",
        ),
        (r#""given": ["C", null, "D"]"#, r#""given": "C""#, "structure Patient.name[0].given"),
        (r#""gender": "female""#, r#""gender": "F""#, "code-invalid Patient.gender"),
        (r#""gender": "female""#, r#""gender": " female""#, "value Patient.gender"),
        (r#""birthDate": "1970-02""#, r#""birthDate": "1970-02-30""#, "value Patient.birthDate"),
        (r#""birthDate": "1970-02", "_b"#, r#""_b"#, "structure Patient.birthDate"),
        (r#"{"id": "b"}"#, "{}", "structure Patient.birthDate"),
        (r#"{"id": "b"}"#, r#"{"value": "b", "id": "b"}"#, "structure Patient.birthDate"),
        (
            r#""deceasedDateTime": "2024-01-01T00:00:00Z""#,
            r#""deceasedDateTime": "2024-01-01T00:00""#,
            "value Patient.deceased",
        ),
        (
            r#""deceasedDateTime""#,
            r#""deceasedBoolean": false, "deceasedDateTime""#,
            "structure Patient.deceased",
        ),
        (r#""deceasedDateTime""#, r#""deceasedPeriod""#, "structure Patient"),
        (
            r#""lastUpdated": "2024-01-01T00:00:00.000Z""#,
            r#""lastUpdated": "2024-01-01""#,
            "value Patient.meta.lastUpdated",
        ),
        (
            r#""profile": ["http://example.org/p|1"]"#,
            r#""profile": ["a b"]"#,
            "value Patient.meta.profile[0]",
        ),
        (r#""profile": ["http://example.org/p|1"]"#, r#""profile": []"#, "structure Patient.meta.profile"),
        (r#""div": "<div xmlns"#, r#""div": "<p xmlns"#, "value Patient.text.div"),
        (r#""status": "generated", "#, "", "required Patient.text.status"),
        (r#""resourceType": "Organization", "#, "", "required Patient.contained[0]"),
        (r#""name": "A"}"#, r#""nam": "A"}"#, "structure Patient.contained[0]"),
        (
            r#""name": "A"}"#,
            r#""contained": [{"resourceType": "Basic", "code": {"text": "x"}}]}"#,
            "structure Patient.contained[0].contained[0]",
        ),
        (r#"{"url": "y", "#, "{", "required Patient.extension[0].extension[0].url"),
        (r#", "valueDecimal": 1.00"#, "", "structure Patient.extension[0].extension[0]"),
        (
            r#""valueDecimal": 1.00"#,
            r#""valueDecimal": "1.00""#,
            "value Patient.extension[0].extension[0].value",
        ),
        (
            r#""valueDecimal": 1.00"#,
            r#""valueDecimal": 1.00, "valueCode": "a""#,
            "structure Patient.extension[0].extension[0].value",
        ),
        (
            r#""valueDecimal": 1.00"#,
            r#""valueInteger": 1.00"#,
            "value Patient.extension[0].extension[0].value",
        ),
        (r#""valueDecimal": 1.00"#, r#""valuePatient": 1"#, "structure Patient.extension[0].extension[0]"),
        (
            r#"{"text": "x"}, "preferred""#,
            r#"{"id": "x"}, "preferred""#,
            "structure Patient.communication[0].language",
        ),
        (r#""language": {"text": "x"}, "#, "", "required Patient.communication[0].language"),
        (
            r#""relationship": [{"text": "x"}]"#,
            r#""relationship": {"text": "x"}"#,
            "structure Patient.contact[0].relationship",
        ),
        (r#"[{"text": "x"}]"#, r#"[null]"#, "structure Patient.contact[0].relationship[0]"),
        (r#""name": {"family": "E"}"#, r#""name": {}"#, "structure Patient.contact[0].name"),
        (r#""name": {"family": "E"}"#, r#""name": "E""#, "structure Patient.contact[0].name"),
        (
            r##""reference": "#o""##,
            r#""reference": "Organisation/1""#,
            "value Patient.managingOrganization.reference",
        ),
        (
            r##""reference": "#o""##,
            r#""reference": "Organization/""#,
            "value Patient.managingOrganization.reference",
        ),
        (
            r##""reference": "#o""##,
            r#""reference": "urn:uuid:1""#,
            "value Patient.managingOrganization.reference",
        ),
        (r##""reference": "#o""##, r#""referenc": "x""#, "structure Patient.managingOrganization"),
        (r#""type": "seealso""#, r#""type": "see-also""#, "code-invalid Patient.link[0].type"),
        (r#", "type": "seealso""#, "", "required Patient.link[0].type"),
        (r#""other": {"reference": "Patient/2"}, "#, "", "required Patient.link[0].other"),
    ] {
        let changed = PATIENT.replacen(from, to, 1);
        assert_ne!(changed, PATIENT, "{from} is not there");
        let found = faults(&changed);
        if expected.is_empty() {
            assert!(found.is_empty(), "{to}: {found:?}");
        } else {
            assert!(found.contains(&expected.to_owned()), "{to}: expected {expected}, found {found:?}");
            assert!(found.len() <= 2, "{to}: {found:?}");
        }
    }
}

#[test]
fn required_concepts_need_one_coding_of_the_set() {
    let allergy = |status: &str| {
        faults(&format!(
            r#"{{"resourceType": "AllergyIntolerance", "patient": {{"reference": "Patient/1"}}, "clinicalStatus": {status}}}"#
        ))
    };
    let system = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical";
    let sound = format!(
        r#"{{"coding": [{{"system": "urn:x", "code": "y"}}, {{"system": "{system}", "code": "active"}}]}}"#
    );
    assert!(allergy(&sound).is_empty());
    for wrong in [
        r#"{"text": "active"}"#,
        r#"{"coding": [{"system": "urn:x", "code": "active"}]}"#,
        r#"{"coding": [{"code": "active"}]}"#,
    ] {
        assert_eq!(allergy(wrong), ["code-invalid AllergyIntolerance.clinicalStatus"], "{wrong}");
    }
}

#[test]
fn bundles_and_parameters_are_followed_inside() {
    let bundle = r#"{"resourceType": "Bundle", "type": "collection", "entry": [
        {"resource": {"resourceType": "Patient"}},
        {"resource": {"resourceType": "Patient", "gendre": "x"}},
        {"link": [{"relation": "self"}]}]}"#;
    let expected = ["structure Bundle.entry[1].resource", "required Bundle.entry[2].link[0].url"];
    assert_eq!(faults(bundle), expected);
    let parameters = r#"{"resourceType": "Parameters", "parameter": [{"name": "a", "part": [{"name": "b", "resource": 5}]}]}"#;
    assert_eq!(faults(parameters), ["structure Parameters.parameter[0].part[0].resource"]);
}

#[test]
fn a_bundle_inside_contained_may_contain_again() {
    let text = r##"{"resourceType": "List", "status": "current", "mode": "working", "contained": [
        {"resourceType": "Bundle", "type": "collection", "entry": [{"resource":
            {"resourceType": "Patient", "contained": [{"resourceType": "Organization", "id": "o"}],
             "managingOrganization": {"reference": "#o"}}}]}]}"##;
    assert!(faults(text).is_empty());
    let outside =
        text.replace("\"status\": \"current\"", r##""status": "current", "subject": {"reference": "#o"}"##);
    assert_eq!(faults(&outside), ["not-found List.subject.reference"]);
}

#[test]
fn a_reference_to_another_type_is_only_a_warning() {
    let issues = structural(&read(
        r#"{"resourceType": "Patient", "managingOrganization": {"reference": "Patient/1"}}"#,
    ));
    assert_eq!(issues.len(), 1);
    assert_eq!(issues[0].severity, Severity::Warning);
}

#[test]
fn the_expected_type_is_checked() {
    let patient = read(r#"{"resourceType": "Patient"}"#);
    assert!(structural_as(&patient, "Patient").is_empty());
    assert!(structural_as(&patient, "DomainResource").is_empty());
    assert_eq!(structural_as(&patient, "Group").len(), 1);
    assert!(structural_as(&read(r#"{"family": "A"}"#), "HumanName").is_empty());
    assert!(structural_as(&read(r##"{"reference": "#o"}"##), "Reference").is_empty());
    assert_eq!(structural_as(&read(r#"{"families": "A"}"#), "HumanName").len(), 1);
    assert_eq!(structural_as(&patient, "Nothing").len(), 1);
    assert_eq!(structural(&read("[]")).len(), 1);
    assert_eq!(structural(&read("null")).len(), 1);
}

#[test]
fn values_are_never_repeated() {
    let canary = "canary4711";
    let text = PATIENT
        .replace("\"female\"", "\"canary4711\"")
        .replace("1970-02", "canary4711")
        .replace("\"Patient/2\"", "\"canary4711/1 2\"")
        .replace("\"family\": \"B\"", "\"canary4711 name: Jane\": 1")
        .replace("\"Organization\"", "\"canary4711\"");
    let issues = structural(&read(&text));
    assert!(issues.len() >= 5);
    for issue in issues {
        let shown = format!("{} {}", issue.diagnostics, issue.expression.unwrap_or_default());
        assert!(!shown.contains(canary), "{shown}");
    }
}

#[test]
fn the_list_of_faults_is_cut_and_says_so() {
    let names = vec![r#"{"families": "A"}"#; 200].join(",");
    let issues = structural(&read(&format!(r#"{{"resourceType": "Patient", "name": [{names}]}}"#)));
    assert_eq!(issues.len(), MAX_ISSUES + 1);
    assert_eq!(issues.last().unwrap().severity, Severity::Information);
}

#[test]
fn deep_nesting_is_refused_without_harm() {
    let mut extension = Value::object([("url", Value::from("x")), ("valueBoolean", Value::from(true))]);
    for _ in 0..5_000 {
        extension = Value::object([("url", Value::from("x")), ("extension", Value::Array(vec![extension]))]);
    }
    let patient = Value::object([
        ("resourceType", Value::from("Patient")),
        ("extension", Value::Array(vec![extension])),
    ]);
    let issues = structural(&patient);
    assert_eq!(issues.iter().map(|i| i.code).collect::<Vec<_>>(), [IssueCode::TooLong]);
}

/// Any JSON under the names that occur in resources.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        prop::sample::select(vec![
            "",
            "Patient",
            "Bundle",
            "a b",
            "2024-02-30",
            "#",
            "urn:uuid:",
            "é",
            "Patient/1?"
        ])
        .prop_map(Value::from),
    ];
    let names = vec![
        "resourceType",
        "id",
        "_id",
        "entry",
        "resource",
        "contained",
        "name",
        "given",
        "_given",
        "extension",
        "url",
        "valueString",
        "_valueString",
        "valueCode",
        "reference",
        "subject",
        "coding",
        "gender",
        "birthDate",
        "text",
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
            prop::collection::vec((prop::sample::select(names.clone()), inner), 0..6).prop_map(Value::object),
        ]
    })
}

proptest! {
    #[test]
    fn nothing_breaks_the_validator(value in anything()) {
        prop_assert!(structural(&value).len() <= MAX_ISSUES + 1);
        for type_name in ["Patient", "Bundle", "Extension", "HumanName", "string"] {
            let mut typed = value.clone();
            if let Some(object) = typed.as_object_mut() {
                object.insert("resourceType", Value::from(type_name));
            }
            prop_assert!(structural_as(&typed, type_name).len() <= MAX_ISSUES + 1);
        }
    }
}

#[test]
fn hostile_lists_cost_no_more_than_their_length() {
    let mut object = Object::of([
        ("resourceType", Value::from("HumanName")),
        ("given", Value::Array(vec![Value::Null; 100_000])),
    ]);
    for index in 0..1_000 {
        object.insert(format!("unknown{index}"), Value::Null);
    }
    let issues = structural_as(&Value::Object(object), "HumanName");
    assert_eq!(issues.len(), MAX_ISSUES + 1);
}
