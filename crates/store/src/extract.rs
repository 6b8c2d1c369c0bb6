//! What a document contributes to search and access: index entries, compartments and relationships.

use fhir::definitions::definitions;
use fhir::index::{Entry, Extractor};
use fhir::json::{Text, Value};

/// Everything the store derives from one document.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Derived {
    /// Patients whose compartment holds the resource; of a Patient, others than itself.
    pub patients: Vec<Text>,
    /// The care relationship an Encounter states.
    pub relationship: Option<Relationship>,
    /// What searches look up.
    pub entries: Vec<Entry>,
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
    let extractor = Extractor::r4();
    let mut entries = extractor.extract(document);
    // The id and the time of the change are columns of the resource's own row.
    let columns =
        ["Resource-id", "Resource-lastUpdated"].map(|name| definitions().search_parameter_named(name));
    entries.retain(|entry| !columns.iter().flatten().any(|param| param.id == entry.param));
    let mut patients = extractor.compartment_patients(document);
    if document.text_at(&["resourceType"]) == Some("Patient") {
        // Its own id is that of the row, whatever the document says.
        patients.retain(|id| document.text_at(&["id"]) != Some(id));
    }
    Derived { patients, relationship: relationship(document), entries }
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
