//! Systems and extensions of electronic prescriptions: those of the Electronic Prescription Service's FHIR messages and
//! those of UK Core that repeat medicines need.

/// Events of EPS messages: `prescription-order`, `prescription-order-update`, `dispense-notification`.
pub const MESSAGE_EVENT: &str = "https://fhir.nhs.uk/CodeSystem/message-event";
/// Ids of messages (a bundle's identifier) as UUIDs.
pub const MESSAGE_ID: &str = "https://tools.ietf.org/html/rfc4122";
/// The thirteen statuses of an item that patients are shown.
pub const ITEM_STATUS: &str = "https://fhir.nhs.uk/CodeSystem/task-businessStatus-nppt";
/// Extension on a MedicationRequest: its status and since when.
pub const STATUS_HISTORY: &str =
    "https://fhir.nhs.uk/StructureDefinition/Extension-DM-PrescriptionStatusHistory";
/// What became of an order or of a request to cancel it (`R-0001`, …).
pub const ORDER_OUTCOME: &str = "https://fhir.nhs.uk/CodeSystem/medicationrequest-status-history";
/// Why an order was cancelled.
pub const CANCELLATION_REASON: &str = "https://fhir.nhs.uk/CodeSystem/medicationrequest-status-reason";
/// Extension on a MedicationDispense: the status of the whole prescription.
pub const TASK_STATUS_EXTENSION: &str =
    "https://fhir.nhs.uk/StructureDefinition/Extension-EPS-TaskBusinessStatus";
/// Statuses of a whole prescription (`0006` dispensed, …).
pub const TASK_STATUS: &str = "https://fhir.nhs.uk/CodeSystem/EPS-task-business-status";
/// What was dispensed of an item (`0001` fully, …).
pub const DISPENSE_TYPE: &str = "https://fhir.nhs.uk/CodeSystem/medicationdispense-type";
/// Extension on `groupIdentifier`: the prescription's long id.
pub const LONG_ID: &str = "https://fhir.nhs.uk/StructureDefinition/Extension-DM-PrescriptionId";
/// Extension on a MedicationRequest: who prescribes, in which setting.
pub const TYPE_EXTENSION: &str = "https://fhir.nhs.uk/StructureDefinition/Extension-DM-PrescriptionType";
/// Kinds of prescriber and setting (`0101` primary care, medical prescriber).
pub const TYPE: &str = "https://fhir.nhs.uk/CodeSystem/prescription-type";
/// Extension on `dispenseRequest`: the kind of site.
pub const SITE_TYPE_EXTENSION: &str =
    "https://fhir.nhs.uk/StructureDefinition/Extension-DM-PerformerSiteType";
/// Kinds of site (`P1` nominated pharmacy, `0004` none nominated).
pub const SITE_TYPE: &str = "https://fhir.nhs.uk/CodeSystem/dispensing-site-preference";
/// Extension on a MedicationRequest of UK Core: when a repeat must be reviewed, and how often it was issued.
pub const REPEAT_INFORMATION: &str =
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-MedicationRepeatInformation";
/// Acute, continuous.
pub const COURSE_OF_THERAPY: &str =
    "http://terminology.hl7.org/CodeSystem/medicationrequest-course-of-therapy";
/// Extension on a Patient: the pharmacy that prescriptions go to.
pub const NOMINATED_PHARMACY: &str =
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NominatedPharmacy";
/// What an organisation does (`182` pharmacy, `76` GP practice).
pub const ORGANISATION_ROLE: &str = "https://fhir.nhs.uk/CodeSystem/organisation-role";
