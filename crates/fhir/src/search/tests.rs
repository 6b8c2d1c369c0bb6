//! The grammar against tables, and against arbitrary text.

use super::*;
use proptest::prelude::*;

fn pairs(query: &str) -> Vec<(String, String)> {
    query
        .split('&')
        .filter(|p| !p.is_empty())
        .map(|p| p.split_once('=').unwrap_or((p, "")))
        .map(|(n, v)| (n.to_owned(), v.to_owned()))
        .collect()
}

fn strict(base: &str, query: &str) -> Result<Query, Vec<crate::issue::Issue>> {
    Query::parse(base, &pairs(query), Handling::Strict).map(|p| p.query)
}

fn printed(query: &Query) -> String {
    query.to_pairs().iter().map(|(n, v)| format!("{n}={v}")).collect::<Vec<_>>().join("&")
}

#[test]
fn reads_and_prints_the_same() {
    let table = [
        ("Patient", "family=Okoro"),
        ("Patient", r"name:exact=A\,B,C\$D,E\|F,G\\H"),
        ("Patient", "name:contains=ann&birthdate=ge1970&birthdate=lt1980-05"),
        ("Patient", "identifier=https://fhir.nhs.uk/Id/nhs-number|9990000018,|x,https://x|"),
        ("Patient", "_id=a,b-1.2&_lastUpdated=gt2024-01-01T00:00:00Z&_tag=x|y&_profile=http://example.org/p"),
        ("Patient", "organization:Organization.name:missing=true"),
        ("Patient", "_has:Observation:patient:code=http://loinc.org|8867-4"),
        ("Patient", "_has:Observation:subject:encounter:Encounter.status:not=finished"),
        (
            "Observation",
            "subject:Patient.family=x&code:not=a,b&date=sa2020,eb2021&value-quantity=ap5.4|http://unitsofmeasure.org|mg,5||kg,7",
        ),
        (
            "Observation",
            "subject=Patient/1&subject:Patient=2&subject=Patient/3/_history/2&subject=http://x/Patient/1",
        ),
        ("Observation", "subject:identifier=http://x|1"),
        ("RiskAssessment", "probability=gt0.8,5.40e-3"),
        ("ValueSet", "url:below=http://hl7.org/fhir&url:above=http://hl7.org/fhir/a/b"),
        (
            "Observation",
            "_include=Observation:subject:Patient&_include:iterate=Patient:organization&_include=Observation:*&_revinclude=Provenance:target&_sort=-date,_id,code&_total=accurate&_summary=data&_elements=code,value&_count=7&_page=xyz",
        ),
    ];
    for (base, text) in table {
        let query = strict(base, text).unwrap_or_else(|i| panic!("{text}: {i:?}"));
        assert_eq!(printed(&query), text);
        assert_eq!(strict(base, &printed(&query)).unwrap(), query);
    }
}

#[test]
fn fills_in_what_is_meant() {
    let query =
        strict("Observation", "patient.identifier=1&_count=99999999999&date=eq2024&_format=json&_include=*");
    assert_eq!(
        printed(&query.unwrap()),
        "patient:Patient.identifier=1&date=2024&_include=Observation:*&_count=1000"
    );
}

#[test]
fn refuses_and_names_the_parameter() {
    let table = [
        ("Patient", "famly=x", "famly", "not-supported"),
        ("Patient", "birthdate=13/05/1970", "birthdate", "value"),
        ("Patient", "birthdate=2024-02-30", "birthdate", "value"),
        ("Patient", "family:phonetic=x", "family:phonetic", "not-supported"),
        ("Patient", "gender:text=x", "gender:text", "not-supported"),
        ("Patient", "gender:exact=x", "gender:exact", "not-supported"),
        ("Patient", "family=", "family", "value"),
        ("Patient", "family=%", "family", "value"),
        ("Patient", "name:contains=a,-", "name:contains", "value"),
        ("Patient", "family:missing=maybe", "family:missing", "value"),
        ("Patient", r"family=a\b", "family", "value"),
        ("Patient", "_id=Patient/1", "_id", "value"),
        ("Patient", "_text=x", "_text", "not-supported"),
        ("Patient", "_filter=x", "_filter", "not-supported"),
        ("Patient", "_sort=nonsense", "_sort", "not-supported"),
        ("Patient", "_count=-1", "_count", "value"),
        ("Patient", "_count=1&_count=2", "_count", "value"),
        ("Patient", "_total=maybe", "_total", "value"),
        ("Patient", "_summary=maybe", "_summary", "value"),
        ("Patient", "_elements=nonsense", "_elements", "not-supported"),
        ("Patient", "_include=Observation:subject", "_include", "not-supported"),
        ("Patient", "_include=Patient:name", "_include", "not-supported"),
        ("Patient", "_include=Patient", "_include", "value"),
        ("Patient", "_revinclude=Observation:encounter", "_revinclude", "not-supported"),
        ("Patient", "_include:recurse=Patient:link", "_include:recurse", "not-supported"),
        ("Patient", "name.family=x", "name.family", "not-supported"),
        ("Patient", "_has:Observation:encounter:code=x", "_has:Observation:encounter:code", "not-supported"),
        ("Patient", "_has:Observation:code=x", "_has:Observation:code", "value"),
        ("Observation", "subject.identifier=x", "subject.identifier", "value"),
        ("Observation", "subject:Practitioner=1", "subject:Practitioner", "not-supported"),
        ("Observation", "subject=Nonsense/1", "subject", "value"),
        ("Observation", "subject:Patient=Group/1", "subject:Patient", "value"),
        ("Observation", "code-value-quantity=a$5", "code-value-quantity", "not-supported"),
        ("Observation", "value-quantity=5|mg", "value-quantity", "value"),
        ("Observation", "code=|", "code", "value"),
        ("Observation", "code=a|b|c", "code", "value"),
    ];
    for (base, text, name, code) in table {
        let issues = strict(base, text).expect_err(text);
        assert_eq!(issues.len(), 1, "{text}");
        assert!(issues[0].diagnostics.contains(&format!("'{name}'")), "{text}: {}", issues[0].diagnostics);
        assert_eq!(issues[0].code.as_str(), code, "{text}");
        let lenient = Query::parse(base, &pairs(text), Handling::Lenient).unwrap();
        assert_eq!(lenient.ignored.len(), 1, "{text}");
        assert!(lenient.query.filters.is_empty());
    }
}

#[test]
fn limits_hold_however_lenient() {
    let many = vec![(String::from("family"), String::from("x")); FILTERS_MAX + 1];
    let values = vec![(String::from("family"), vec!["x"; VALUES_MAX + 1].join(","))];
    let long = vec![(String::from("family"), "x".repeat(VALUE_LENGTH_MAX + 1))];
    let deep =
        vec![(String::from("link:Patient.link:Patient.link:Patient.link:Patient.family"), String::from("x"))];
    for pairs in [many, values, long, deep] {
        let issues = Query::parse("Patient", &pairs, Handling::Lenient).unwrap_err();
        assert!(issues.iter().any(|i| i.code.as_str() == "too-costly"));
    }
    assert!(Query::parse("Nonsense", &[], Handling::Lenient).is_err());
}

#[test]
fn never_repeats_a_value_in_an_issue() {
    for text in ["famly=SECRET", "birthdate=SECRET", "_sort=SECRET", "_include=SECRET", "_elements=SECRET"] {
        for issue in strict("Patient", text).unwrap_err() {
            assert!(!issue.diagnostics.contains("SECRET"), "{}", issue.diagnostics);
        }
    }
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z_:.A-Z]{0,20}",
        ".{0,12}",
        proptest::sample::select(vec![
            "family",
            "name:exact",
            "birthdate",
            "identifier",
            "_id",
            "_sort",
            "_include",
            "_has:Observation:patient:code",
            "general-practitioner:Organization.name",
            "_lastUpdated",
            "organization:missing",
            "_count",
            "_elements",
        ])
        .prop_map(str::to_owned),
    ]
}

fn raw() -> impl Strategy<Value = String> {
    prop_oneof![".{0,20}", r"[a-z0-9,|$\\:/.\-]{0,24}", "(ge|lt|ap|)[0-9]{4}(-[01][0-9])?(-[0-3][0-9])?"]
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics_and_what_is_read_prints_back(list in proptest::collection::vec((name(), raw()), 0..5)) {
        for handling in [Handling::Strict, Handling::Lenient] {
            if let Ok(parsed) = Query::parse("Patient", &list, handling) {
                let again = Query::parse("Patient", &parsed.query.to_pairs(), Handling::Strict).unwrap().query;
                prop_assert_eq!(again, parsed.query);
            }
        }
    }
}
