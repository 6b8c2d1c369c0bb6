//! Table tests: small resources with every entry of a parameter.

use super::*;
use crate::definitions::definitions;
use crate::json::{Limits, parse};
use rust_decimal::Decimal;

/// The entries of one parameter of a resource, written short.
fn entries(code: &str, resource: &str) -> Vec<String> {
    let resource = parse(resource.as_bytes(), &Limits::default()).unwrap();
    let type_ = resource.text_at(&["resourceType"]).unwrap();
    let param = definitions().search_parameter(type_, code).unwrap().id;
    let all = Extractor::r4().extract(&resource);
    all.iter().filter(|entry| entry.param == param).map(|entry| short(&entry.value)).collect()
}

fn short(value: &IndexValue) -> String {
    let or = |text: &Option<Text>| text.as_deref().unwrap_or("-").to_owned();
    let bound = |number: &Decimal| match *number {
        n if n == Decimal::MIN => "-∞".to_owned(),
        n if n == Decimal::MAX => "∞".to_owned(),
        n => n.to_string(),
    };
    let moment = |micros: &i64| match *micros {
        i64::MIN => "-∞".to_owned(),
        i64::MAX => "∞".to_owned(),
        n => jiff::Timestamp::from_microsecond(n).unwrap().to_string(),
    };
    match value {
        IndexValue::String { folded, exact } => format!("{folded}={exact}"),
        IndexValue::Token { system, code, text } => {
            format!("{}|{}|{}", or(system), or(code), text.as_deref().unwrap_or("-"))
        }
        IndexValue::Reference { type_, id, version, url, identifier } => {
            let identifier = identifier.as_ref().map(|(system, value)| format!(" {}|{value}", or(system)));
            format!("{}/{id} v{} {}{}", or(type_), or(version), or(url), identifier.unwrap_or_default())
        }
        IndexValue::Date { lo, hi } => format!("{}..{}", moment(lo), moment(hi)),
        IndexValue::Number { lo, hi, value } => format!("{value} {}..{}", bound(lo), bound(hi)),
        IndexValue::Quantity { lo, hi, value, system, code, unit } => {
            format!("{value} {}..{} {}|{}|{}", bound(lo), bound(hi), or(system), or(code), or(unit))
        }
        IndexValue::Uri(uri) => uri.to_string(),
    }
}

#[test]
fn names_and_addresses_in_parts() {
    let patient = r#"{"resourceType":"Patient","name":[{"family":"Óg","given":["A","B"],"prefix":["Dr"],"text":"x Y"}],
        "address":[{"line":["1 High St"],"city":"Leeds","postalCode":"LS1 1AA"}]}"#;
    assert_eq!(entries("name", patient), ["og=Óg", "a=A", "b=B", "dr=Dr", "x y=x Y"]);
    assert_eq!(entries("family", patient), ["og=Óg"]);
    assert_eq!(entries("phonetic", patient).len(), 5);
    assert_eq!(entries("address", patient), ["1 high st=1 High St", "leeds=Leeds", "ls1 1aa=LS1 1AA"]);
    assert_eq!(entries("address-postalcode", patient), ["ls1 1aa=LS1 1AA"]);
}

#[test]
fn tokens_of_each_type() {
    let patient = r#"{"resourceType":"Patient","id":"p","active":true,"gender":"female","deceasedDateTime":"2020",
        "meta":{"tag":[{"system":"s","code":"t"}]},"identifier":[{"system":"s","value":"1","type":{"text":"MRN"}},{"value":"1"}],
        "telecom":[{"system":"phone","use":"home","value":"01"},{"system":"email","value":"a@b"}]}"#;
    assert_eq!(entries("_id", patient), ["-|p|-"]);
    assert_eq!(entries("_tag", patient), ["s|t|-"]);
    assert_eq!(entries("active", patient), ["-|true|-"]);
    assert_eq!(entries("gender", patient), ["http://hl7.org/fhir/administrative-gender|female|-"]);
    assert_eq!(entries("deceased", patient), ["-|true|-"]);
    assert_eq!(entries("deceased", r#"{"resourceType":"Patient"}"#), ["-|false|-"]);
    assert_eq!(entries("identifier", patient), ["s|1|MRN", "-|1|-"]);
    assert_eq!(entries("telecom", patient), ["home|01|-", "-|a@b|-"]);
    assert_eq!(entries("phone", patient), ["home|01|-"]);
    let condition = r#"{"resourceType":"Condition","code":{"coding":[{"system":"s","code":"c","display":"d"},{"code":"e"}],"text":"t"}}"#;
    assert_eq!(entries("code", condition), ["s|c|d", "-|e|-", "-|-|t"]);
}

#[test]
fn references_of_each_form() {
    let observation = |subject: &str| {
        let text = format!(
            r#"{{"resourceType":"Observation","contained":[{{"resourceType":"Patient","id":"c"}}],"subject":{subject}}}"#
        );
        (entries("subject", &text), entries("patient", &text).len())
    };
    let table = [
        (r#"{"reference":"Patient/1"}"#, "Patient/1 v- -", 1),
        (r#"{"reference":"Group/1"}"#, "Group/1 v- -", 0),
        (r#"{"reference":"Patient/1/_history/2"}"#, "Patient/1 v2 -", 1),
        (r#"{"reference":"https://a.b/Patient/1"}"#, "Patient/1 v- https://a.b/Patient/1", 1),
        (r##"{"reference":"#c"}"##, "Patient/#c v- -", 1),
        (r#"{"reference":"urn:uuid:9"}"#, "-/urn:uuid:9 v- urn:uuid:9", 0),
        (r#"{"reference":"urn:uuid:9","type":"Patient"}"#, "Patient/urn:uuid:9 v- urn:uuid:9", 1),
        (r#"{"type":"Patient","identifier":{"system":"s","value":"v"}}"#, "Patient/ v- - s|v", 1),
    ];
    for (subject, expected, patients) in table {
        assert_eq!(observation(subject), (vec![expected.to_owned()], patients), "{subject}");
    }
    assert_eq!(observation(r#"{"display":"x"}"#), (vec![], 0));
    let response =
        r#"{"resourceType":"QuestionnaireResponse","questionnaire":"http://a.b/Questionnaire/q|2"}"#;
    assert_eq!(
        entries("questionnaire", response),
        ["-/http://a.b/Questionnaire/q v2 http://a.b/Questionnaire/q"]
    );
    let bundle =
        r#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Composition","id":"k"}}]}"#;
    assert_eq!(entries("composition", bundle), ["Composition/k v- -"]);
}

#[test]
fn dates_as_ranges() {
    let table = [
        (r#""effectiveDateTime":"2024-07-01""#, "2024-06-30T23:00:00Z..2024-07-01T23:00:00Z"),
        (r#""effectiveInstant":"2024-07-01T10:00:00.5Z""#, "2024-07-01T10:00:00.5Z..2024-07-01T10:00:00.6Z"),
        (r#""effectivePeriod":{"start":"2024-01-01T00:00:00Z"}"#, "2024-01-01T00:00:00Z..∞"),
        (r#""effectivePeriod":{"end":"2024-01-01T00:00:00Z"}"#, "-∞..2024-01-01T00:00:01Z"),
        (
            r#""effectiveTiming":{"event":["2024-01-02T00:00:00Z","2024-01-01T00:00:00Z"]}"#,
            "2024-01-01T00:00:00Z..2024-01-02T00:00:01Z",
        ),
    ];
    for (element, expected) in table {
        assert_eq!(entries("date", &format!(r#"{{"resourceType":"Observation",{element}}}"#)), [expected]);
    }
    assert!(entries("date", r#"{"resourceType":"Observation","effectiveDateTime":"soon"}"#).is_empty());
}

#[test]
fn numbers_and_quantities_as_points_or_ranges() {
    let quantity =
        |value: &str| entries("value-quantity", &format!(r#"{{"resourceType":"Observation",{value}}}"#));
    assert_eq!(
        quantity(r#""valueQuantity":{"value":5.40,"unit":"mmol","system":"u","code":"mmol/L"}"#),
        ["5.40 5.40..5.40 u|mmol/L|mmol"]
    );
    assert_eq!(quantity(r#""valueQuantity":{"value":5,"comparator":"<"}"#), ["5 -∞..5 -|-|-"]);
    assert_eq!(quantity(r#""valueSampledData":{"origin":{"value":1,"unit":"m"}}"#), ["1 1..1 -|-|m"]);
    let invoice = r#"{"resourceType":"Invoice","totalNet":{"value":12.50,"currency":"GBP"}}"#;
    assert_eq!(entries("totalnet", invoice), ["12.50 12.50..12.50 urn:iso:std:iso:4217|GBP|-"]);
    let risk = r#"{"resourceType":"RiskAssessment","prediction":[{"probabilityDecimal":0.02}]}"#;
    assert_eq!(entries("probability", risk), ["0.02 0.02..0.02"]);
    let condition = r#"{"resourceType":"Condition","onsetRange":{"low":{"value":3,"code":"a"},"high":{"value":5,"code":"a"}}}"#;
    assert_eq!(entries("onset-age", condition), ["3 3..5 -|a|-"]);
}

#[test]
fn uris_and_duplicates() {
    let set = r#"{"resourceType":"ValueSet","url":"http://a.b/x"}"#;
    assert_eq!(entries("url", set), ["http://a.b/x"]);
    let twice = r#"{"resourceType":"Patient","name":[{"family":"A"},{"family":"A"}]}"#;
    assert_eq!(entries("family", twice), ["a=A"]);
}

#[test]
fn compartments_hold_local_patients_only() {
    let patients = |text: &str| {
        Extractor::r4().compartment_patients(&parse(text.as_bytes(), &Limits::default()).unwrap())
    };
    assert_eq!(
        patients(r#"{"resourceType":"Patient","id":"p","link":[{"other":{"reference":"Patient/q"}}]}"#),
        ["p", "q"]
    );
    assert_eq!(
        patients(
            r#"{"resourceType":"Observation","subject":{"reference":"Patient/p"},"performer":[{"reference":"Patient/p"}]}"#
        ),
        ["p"]
    );
    assert!(
        patients(r#"{"resourceType":"Observation","subject":{"reference":"http://a.b/Patient/p"}}"#)
            .is_empty()
    );
    assert!(patients(r#"{"resourceType":"Organization","id":"o"}"#).is_empty());
    assert!(patients(r#"{"resourceType":"Nope"}"#).is_empty());
}

#[test]
fn extensions_by_their_value() {
    let url = "http://hl7.org/fhir/StructureDefinition/patient-extensions-Patient-mothersMaidenName";
    let patient = format!(
        r#"{{"resourceType":"Patient","extension":[{{"url":"{url}","valueString":"Óg"}},{{"url":"x","valueString":"no"}}]}}"#
    );
    assert_eq!(entries("mothersMaidenName", &patient), ["og=Óg"]);
}

/// The parameters that only the engine can evaluate.
const BY_ENGINE: [&str; 2] =
    ["Patient-deceased", "questionnaireresponse-extensions-QuestionnaireResponse-item-subject"];

#[test]
fn every_search_parameter_compiles_to_rules() {
    let extractor = Extractor::r4();
    let mut engines = Vec::new();
    for type_ in definitions().resource_types() {
        let plan = &extractor.plans[type_];
        for parameter in definitions().search_parameters(type_).filter(|p| plan::is_extracted(p)) {
            crate::fhirpath::compile(parameter.expression).unwrap();
            let rule = plan.rules.iter().find(|rule| rule.param == parameter.id);
            let rule = rule.unwrap_or_else(|| panic!("{} has no rule on {type_}", parameter.name));
            if rule.sources.iter().any(|source| matches!(source, plan::Source::Engine(_))) {
                engines.push(parameter.name);
            }
        }
    }
    assert_eq!(engines, BY_ENGINE);
}
