//! The CapabilityStatement, made from the route table and the search grammar: it lists exactly what works
//! (<https://hl7.org/fhir/R4/capabilitystatement.html>).

use super::answer::Answer;
use super::call::Call;
use super::refusal::Refusal;
use super::routes::{Interaction, ROUTES};
use fhir::definitions::{SearchKind, SearchParameter, definitions};
use fhir::json::Value;
use fhir::search::{Handling, Query};
use std::sync::OnceLock;

/// Types that the server writes itself and nobody else.
const READ_ONLY: &[&str] = &["AuditEvent"];

/// The statement for this base.
pub(super) fn capabilities(call: &Call) -> Result<Answer, Refusal> {
    call.only(&["mode"])?;
    let now = call.store().environment().clock.now();
    let members = [
        ("resourceType", Value::from("CapabilityStatement")),
        ("status", Value::from("active")),
        ("date", Value::from(now.strftime("%Y-%m-%d").to_string())),
        ("kind", Value::from("instance")),
        ("software", software()),
        (
            "implementation",
            Value::object([
                (
                    "description",
                    Value::from("Bevan FHIR base. Dates and times without a zone are read in Europe/London."),
                ),
                ("url", Value::from(call.base.as_str())),
            ]),
        ),
        ("fhirVersion", Value::from("4.0.1")),
        ("format", Value::Array(vec![Value::from("application/fhir+json"), Value::from("json")])),
        ("rest", Value::Array(vec![rest().clone()])),
    ];
    Ok(Answer::of(fhir::json::to_vec(&Value::object(members))))
}

fn software() -> Value {
    Value::object([("name", Value::from("Bevan")), ("version", Value::from(env!("CARGO_PKG_VERSION")))])
}

/// Made once: it does not depend on the request.
fn rest() -> &'static Value {
    static REST: OnceLock<Value> = OnceLock::new();
    REST.get_or_init(|| {
        let resources = definitions().resource_types().map(resource).collect();
        let codes = ROUTES.iter().flat_map(|route| system_codes(route.interaction)).copied();
        Value::object([
            ("mode", Value::from("server")),
            ("security", Value::object([("description", Value::from("OAuth 2.0 bearer token."))])),
            ("resource", Value::Array(resources)),
            ("interaction", interactions(codes)),
            ("operation", Value::Array(OPERATIONS.iter().map(operation).collect())),
        ])
    })
}

/// Operations at the level of the system, by name and definition.
const OPERATIONS: &[(&str, &str)] =
    &[("process-message", "http://hl7.org/fhir/OperationDefinition/MessageHeader-process-message")];

fn operation((name, definition): &(&str, &str)) -> Value {
    Value::object([("name", Value::from(*name)), ("definition", Value::from(*definition))])
}

fn resource(name: &'static str) -> Value {
    let writable = !READ_ONLY.contains(&name);
    let served = |wanted: Interaction| ROUTES.iter().any(|route| route.interaction == wanted);
    let codes = ROUTES.iter().filter(|route| writable || !writes(route.interaction));
    let codes = codes.filter(|route| !is_log(name) || !of_versions(route.interaction));
    let codes = codes.filter_map(|route| type_code(route.interaction));
    let truth = |interaction| Value::from(writable && served(interaction));
    let conditional_delete = writable && served(Interaction::ConditionalDelete);
    let mut members = vec![
        ("type", Value::from(name)),
        ("interaction", interactions(codes)),
        ("versioning", Value::from(if is_log(name) { "no-version" } else { "versioned" })),
        ("readHistory", Value::from(!is_log(name) && served(Interaction::Vread))),
        ("updateCreate", truth(Interaction::Update)),
        ("conditionalCreate", truth(Interaction::Create)),
        ("conditionalRead", Value::from("full-support")),
        ("conditionalUpdate", truth(Interaction::ConditionalUpdate)),
        ("conditionalDelete", Value::from(if conditional_delete { "single" } else { "not-supported" })),
    ];
    // FHIR has no empty arrays.
    let lists = [
        ("searchInclude", includes(name)),
        ("searchRevInclude", reverse_includes(name)),
        ("searchParam", search_parameters(name)),
    ];
    members.extend(
        lists
            .map(|(name, items)| (name, Value::Array(items)))
            .into_iter()
            .filter(|(_, items)| items.as_array().is_some_and(|items| !items.is_empty())),
    );
    Value::object(members)
}

/// What `_include` follows from a type.
fn includes(resource_type: &'static str) -> Vec<Value> {
    references(resource_type)
        .map(|(_, follow)| follow)
        .filter(|follow| takes(resource_type, "_include", follow))
        .map(Value::from)
        .collect()
}

/// What `_revinclude` follows to a type.
fn reverse_includes(resource_type: &'static str) -> Vec<Value> {
    let all = definitions().resource_types().filter(|source| !is_log(source)).flat_map(references);
    let all = all.filter(|(targets, _)| {
        targets.is_empty() || targets.iter().any(|t| [resource_type, "Resource"].contains(t))
    });
    all.map(|(_, follow)| follow)
        .filter(|follow| takes(resource_type, "_revinclude", follow))
        .map(Value::from)
        .collect()
}

/// The references of a type: what they may name, and how the values of includes call them.
fn references(resource_type: &'static str) -> impl Iterator<Item = (&'static [&'static str], String)> {
    let references =
        definitions().search_parameters(resource_type).filter(|p| p.kind == SearchKind::Reference);
    references.map(move |p| (p.targets.as_slice(), format!("{resource_type}:{}", p.code)))
}

/// Whether searches on a type take an include.
fn takes(resource_type: &str, name: &str, value: &str) -> bool {
    let pair = (String::from(name), String::from(value));
    !is_log(resource_type) && Query::parse(resource_type, &[pair], Handling::Strict).is_ok()
}

/// The audit log is no table of resources: the store searches it by a few parameters of its own, and an entry never
/// changes, so that there are no versions.
fn is_log(resource_type: &str) -> bool {
    resource_type == "AuditEvent"
}

/// The search parameters that the grammar takes on a type, found by asking it.
fn search_parameters(resource_type: &'static str) -> Vec<Value> {
    let takes = |parameter: &SearchParameter| {
        if is_log(resource_type) && !store::audit::SEARCHED_BY.contains(&parameter.code) {
            return false;
        }
        let sample = match parameter.kind {
            SearchKind::Date => "2020",
            SearchKind::Number | SearchKind::Quantity => "1",
            _ => "x",
        };
        let pair = (parameter.code.to_owned(), sample.to_owned());
        Query::parse(resource_type, &[pair], Handling::Strict).is_ok()
    };
    definitions()
        .search_parameters(resource_type)
        .filter(|parameter| takes(parameter))
        .map(described)
        .collect()
}

fn described(parameter: &SearchParameter) -> Value {
    let kind = match parameter.kind {
        SearchKind::String => "string",
        SearchKind::Token => "token",
        SearchKind::Reference => "reference",
        SearchKind::Date => "date",
        SearchKind::Number => "number",
        SearchKind::Quantity => "quantity",
        SearchKind::Uri => "uri",
        SearchKind::Composite => "composite",
        SearchKind::Special => "special",
    };
    Value::object([
        ("name", Value::from(parameter.code)),
        ("definition", Value::from(format!("http://hl7.org/fhir/SearchParameter/{}", parameter.name))),
        ("type", Value::from(kind)),
    ])
}

fn interactions(codes: impl Iterator<Item = &'static str>) -> Value {
    let mut listed: Vec<&str> = Vec::new();
    for code in codes {
        if !listed.contains(&code) {
            listed.push(code);
        }
    }
    Value::Array(listed.into_iter().map(|code| Value::object([("code", Value::from(code))])).collect())
}

fn writes(interaction: Interaction) -> bool {
    interaction.has_body() || matches!(interaction, Interaction::Delete | Interaction::ConditionalDelete)
}

fn of_versions(interaction: Interaction) -> bool {
    matches!(interaction, Interaction::Vread | Interaction::HistoryInstance | Interaction::HistoryType)
}

/// The code of a type or instance interaction; conditional ones are told by flags.
fn type_code(interaction: Interaction) -> Option<&'static str> {
    match interaction {
        Interaction::Read => Some("read"),
        Interaction::Vread => Some("vread"),
        Interaction::HistoryInstance => Some("history-instance"),
        Interaction::HistoryType => Some("history-type"),
        Interaction::SearchType => Some("search-type"),
        Interaction::Create => Some("create"),
        Interaction::Update => Some("update"),
        Interaction::Delete => Some("delete"),
        Interaction::Capabilities
        | Interaction::HistorySystem
        | Interaction::ConditionalUpdate
        | Interaction::ConditionalDelete
        | Interaction::Bundle
        | Interaction::ProcessMessage
        | Interaction::Release => None,
    }
}

fn system_codes(interaction: Interaction) -> &'static [&'static str] {
    match interaction {
        Interaction::Bundle => &["transaction", "batch"],
        Interaction::HistorySystem => &["history-system"],
        _ => &[],
    }
}
