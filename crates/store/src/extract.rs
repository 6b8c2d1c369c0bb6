//! What a document contributes to search and access: index entries, compartments and relationships.

use fhir::json::{Text, Value};

/// Everything the store derives from one document.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Derived {
    /// Patients whose compartment holds the resource.
    pub patients: Vec<Text>,
    /// The care relationship an Encounter states.
    pub relationship: Option<Relationship>,
}

/// What an Encounter says about who cares for its patient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Relationship {
    /// ODS code of the service provider, when it is stated.
    pub ods: Option<Text>,
    /// Logical id of the service provider's Organization, when it is referenced.
    pub organisation: Option<Text>,
    /// Whether the encounter is still going on.
    pub open: bool,
}

/// Derives everything from a document.
pub(crate) fn derive(document: &Value) -> Derived {
    Derived { patients: patients(document), relationship: relationship(document) }
}

fn patients(document: &Value) -> Vec<Text> {
    if document.text_at(&["resourceType"]) == Some("Patient") {
        return document.text_at(&["id"]).map(Text::from).into_iter().collect();
    }
    ["subject", "patient", "beneficiary", "individual"]
        .into_iter()
        .filter_map(|name| document.text_at(&[name, "reference"])?.strip_prefix("Patient/"))
        .map(Text::from)
        .collect()
}

fn relationship(document: &Value) -> Option<Relationship> {
    if document.text_at(&["resourceType"]) != Some("Encounter") {
        return None;
    }
    let provider = document.get("serviceProvider")?;
    let status = document.text_at(&["status"]).unwrap_or_default();
    if matches!(status, "cancelled" | "entered-in-error") {
        return None;
    }
    let ods = provider
        .text_at(&["identifier", "value"])
        .filter(|_| provider.text_at(&["identifier", "system"]) == Some(ODS_SYSTEM))
        .map(Text::from);
    let organisation = provider
        .text_at(&["reference"])
        .and_then(|reference| reference.strip_prefix("Organization/"))
        .map(|id| Text::from(id.split('/').next().unwrap_or(id)));
    Some(Relationship { ods, organisation, open: status != "finished" })
}

/// <https://fhir.nhs.uk/Id/ods-organization-code>, the system of ODS codes.
const ODS_SYSTEM: &str = "https://fhir.nhs.uk/Id/ods-organization-code";
