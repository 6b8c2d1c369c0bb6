//! URIs of identifier systems, code systems and extensions, as constants.
//!
//! Systems are compared exactly, upper and lower case being different (<https://hl7.org/fhir/R4/datatypes.html#uri>);
//! [`same_system`] knows the one spelling that producers vary. Nothing here may name a system of our own: those stand
//! under the deployer's domain.

pub mod prescription;

/// NHS number of England, Wales and the Isle of Man.
pub const NHS_NUMBER: &str = "https://fhir.nhs.uk/Id/nhs-number";
/// Organisation and site codes of the Organisation Data Service.
pub const ODS: &str = "https://fhir.nhs.uk/Id/ods-organization-code";
/// Sites, where a producer tells them from organisations.
pub const ODS_SITE: &str = "https://fhir.nhs.uk/Id/ods-site-code";
/// Short-form prescription id.
pub const PRESCRIPTION_ORDER_NUMBER: &str = "https://fhir.nhs.uk/Id/prescription-order-number";
/// Long-form prescription id (UUID).
pub const PRESCRIPTION: &str = "https://fhir.nhs.uk/Id/prescription";
/// Prescription item (UUID).
pub const PRESCRIPTION_ORDER_ITEM_NUMBER: &str = "https://fhir.nhs.uk/Id/prescription-order-item-number";
/// Dispensed item (UUID).
pub const PRESCRIPTION_DISPENSE_ITEM_NUMBER: &str =
    "https://fhir.nhs.uk/Id/prescription-dispense-item-number";
/// Unique booking reference number of a referral.
pub const UBRN: &str = "https://fhir.nhs.uk/Id/UBRN";
/// A member of staff in the national directory.
pub const SDS_USER_ID: &str = "https://fhir.nhs.uk/Id/sds-user-id";
/// A member of staff in one role.
pub const SDS_ROLE_PROFILE_ID: &str = "https://fhir.nhs.uk/Id/sds-role-profile-id";
/// Staff job roles (`R8000`).
pub const SDS_JOB_ROLE: &str = "https://fhir.hl7.org.uk/CodeSystem/UKCore-SDSJobRoleName";
/// Doctors' registration.
pub const GMC_NUMBER: &str = "https://fhir.hl7.org.uk/Id/gmc-number";
/// Nurses' and midwives' registration.
pub const NMC_NUMBER: &str = "https://fhir.hl7.org.uk/Id/nmc-number";
/// Pharmacists' registration.
pub const GPHC_NUMBER: &str = "https://fhir.hl7.org.uk/Id/gphc-number";
/// Entries of the Directory of Services.
pub const DOS_SERVICE_ID: &str = "https://fhir.nhs.uk/Id/dos-service-id";

/// Clinical terms; dm+d medicines too.
pub const SNOMED: &str = "http://snomed.info/sct";
/// Laboratory and clinical observations.
pub const LOINC: &str = "http://loinc.org";
/// Units of measure.
pub const UCUM: &str = "http://unitsofmeasure.org";
/// Diseases, tenth revision.
pub const ICD10: &str = "http://hl7.org/fhir/sid/icd-10";
/// Encounter class and other act codes of HL7 v3.
pub const V3_ACT_CODE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
/// Purposes of use of HL7 v3.
pub const V3_ACT_REASON: &str = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
/// Roles of participants of HL7 v3.
pub const V3_PARTICIPATION_TYPE: &str = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
/// Marital status of HL7 v3.
pub const V3_MARITAL_STATUS: &str = "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus";
/// Abnormal flags of observations.
pub const OBSERVATION_INTERPRETATION: &str =
    "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";
/// Kinds of observation.
pub const OBSERVATION_CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/observation-category";
/// Departments of a diagnostic service, HL7 v2 table 0074.
pub const DIAGNOSTIC_SERVICE: &str = "http://terminology.hl7.org/CodeSystem/v2-0074";
/// Kinds of identifier, HL7 v2 table 0203.
pub const IDENTIFIER_TYPE: &str = "http://terminology.hl7.org/CodeSystem/v2-0203";
/// Physical kinds of place: site, ward, room, bed.
pub const LOCATION_PHYSICAL_TYPE: &str = "http://terminology.hl7.org/CodeSystem/location-physical-type";
/// Whether a condition is active.
pub const CONDITION_CLINICAL: &str = "http://terminology.hl7.org/CodeSystem/condition-clinical";
/// Whether a condition is confirmed.
pub const CONDITION_VERIFICATION: &str = "http://terminology.hl7.org/CodeSystem/condition-ver-status";
/// Kinds of condition.
pub const CONDITION_CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/condition-category";
/// Whether an allergy is active.
pub const ALLERGY_CLINICAL: &str = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical";
/// Whether an allergy is confirmed.
pub const ALLERGY_VERIFICATION: &str =
    "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification";
/// Why a value is missing.
pub const DATA_ABSENT_REASON: &str = "http://terminology.hl7.org/CodeSystem/data-absent-reason";
/// Kinds of audit event of DICOM.
pub const DICOM_DCM: &str = "http://dicom.nema.org/resources/ontology/DCM";
/// Kinds of audit event of FHIR.
pub const AUDIT_EVENT_TYPE: &str = "http://terminology.hl7.org/CodeSystem/audit-event-type";
/// Interactions of FHIR, as subtypes of audit events.
pub const RESTFUL_INTERACTION: &str = "http://hl7.org/fhir/restful-interaction";

/// Extension on an NHS number: how far it was verified.
pub const NHS_NUMBER_VERIFICATION: &str =
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus";
/// The code system of the verification status that we write.
pub const NHS_NUMBER_VERIFICATION_STATUS: &str =
    "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland";
/// Extension on a patient: ethnic category.
pub const ETHNIC_CATEGORY: &str =
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-EthnicCategory";
/// Extension on an encounter: how the patient was admitted.
pub const ADMISSION_METHOD: &str =
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-AdmissionMethod";
/// Extension on an encounter: how the patient was discharged.
pub const DISCHARGE_METHOD: &str =
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-DischargeMethod";
/// Extension on a slot or an appointment: in person, by telephone or by video.
pub const DELIVERY_CHANNEL: &str =
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-DeliveryChannel";
/// Values of [`DELIVERY_CHANNEL`].
pub const DELIVERY_CHANNEL_CODE: &str = "https://fhir.hl7.org.uk/CodeSystem/UKCore-DeliveryChannel";
/// Specialties.
pub const PRACTICE_SETTING: &str = "https://fhir.hl7.org.uk/CodeSystem/UKCore-PracticeSettingCode";
/// Our own categories of a CarePlan; `waiting-list` is an entry of a waiting list.
pub const CARE_PLAN_CATEGORY: &str = "https://bevan.example/CodeSystem/care-plan-category";
/// Our own kinds of a Communication; `ask-surgery` is a patient's question to their GP surgery.
pub const COMMUNICATION_KIND: &str = "https://bevan.example/CodeSystem/communication-kind";
/// Our own tags of what still has to be brought to somebody.
pub const DELIVERY: &str = "https://bevan.example/CodeSystem/delivery";
/// Extension: why a value is missing.
pub const DATA_ABSENT_REASON_EXTENSION: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

/// Whether two system URIs mean the same: equal, or equal but for the lower-case `id` that some producers write in
/// `https://fhir.nhs.uk/Id/…`.
#[must_use]
pub fn same_system(a: &str, b: &str) -> bool {
    a == b || nhs_name(a).is_some_and(|name| Some(name) == nhs_name(b))
}

fn nhs_name(system: &str) -> Option<&str> {
    system.strip_prefix("https://fhir.nhs.uk/Id/").or_else(|| system.strip_prefix("https://fhir.nhs.uk/id/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lower_case_spelling_is_accepted() {
        assert!(same_system(ODS, "https://fhir.nhs.uk/id/ods-organization-code"));
        assert!(same_system("urn:x", "urn:x"));
        assert!(!same_system(ODS, NHS_NUMBER));
        assert!(!same_system(ODS, "https://fhir.nhs.uk/Id/ODS-organization-code"));
        assert!(!same_system(SNOMED, "http://SNOMED.info/sct"));
    }
}
