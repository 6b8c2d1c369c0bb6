//! A stay or visit, and the episode it belongs to (<https://hl7.org/fhir/R4/encounter.html>,
//! <https://hl7.org/fhir/R4/episodeofcare.html>).

use super::datatypes::{
    CodeableConcept, Coding, Period, Reference, concept, concepts, reference, references,
};
use super::view::{resource_views, text, views};
use crate::systems;

resource_views! {
    /// A stay or visit.
    Encounter,
    /// The time during which an organisation is responsible for a condition.
    EpisodeOfCare,
}

views! {
    /// A place a patient was in during a stay.
    EncounterLocation,
}

impl<'a> Encounter<'a> {
    /// `planned`, `arrived`, `in-progress`, `onleave`, `finished`, `cancelled`, …
    #[must_use]
    pub fn status(self) -> Option<&'a str> {
        text(self.0, "status")
    }

    /// Whether the stay is going on or expected: neither finished, cancelled nor entered in error.
    #[must_use]
    pub fn is_open(self) -> bool {
        !matches!(self.status(), None | Some("finished" | "cancelled" | "entered-in-error"))
    }

    /// Inpatient (`IMP`), emergency (`EMER`), ambulatory (`AMB`), …
    #[must_use]
    pub fn class(self) -> Option<Coding<'a>> {
        self.0.get("class").map(Coding)
    }

    /// What sort of stay.
    pub fn types(self) -> impl Iterator<Item = CodeableConcept<'a>> {
        concepts(self.0, "type")
    }

    /// The specialty or service.
    #[must_use]
    pub fn service_type(self) -> Option<CodeableConcept<'a>> {
        concept(self.0, "serviceType")
    }

    /// The patient.
    #[must_use]
    pub fn subject(self) -> Option<Reference<'a>> {
        reference(self.0, "subject")
    }

    /// From admission to discharge.
    #[must_use]
    pub fn period(self) -> Option<Period<'a>> {
        self.0.get("period").map(Period)
    }

    /// Every place, in the order of the document.
    pub fn locations(self) -> impl Iterator<Item = EncounterLocation<'a>> {
        self.0.items("location").iter().map(EncounterLocation)
    }

    /// Where the patient is: the last active place.
    #[must_use]
    pub fn current_location(self) -> Option<EncounterLocation<'a>> {
        self.locations().filter(|l| l.status() == Some("active")).last()
    }

    /// The organisation that provides the care.
    #[must_use]
    pub fn service_provider(self) -> Option<Reference<'a>> {
        reference(self.0, "serviceProvider")
    }

    /// The provider's ODS code, when the reference carries it as an identifier.
    #[must_use]
    pub fn service_provider_ods(self) -> Option<&'a str> {
        let identifier = self.service_provider()?.identifier()?;
        identifier.is_of(systems::ODS).then(|| identifier.identifier())?
    }

    /// People taking part: their reference and the role's code.
    pub fn participants(self) -> impl Iterator<Item = (Reference<'a>, Option<&'a str>)> {
        let all = self.0.items("participant").iter();
        all.filter_map(|p| {
            let role = concepts(p, "type").find_map(|t| t.codings().find_map(Coding::code));
            Some((reference(p, "individual")?, role))
        })
    }

    /// Why.
    pub fn reasons(self) -> impl Iterator<Item = CodeableConcept<'a>> {
        concepts(self.0, "reasonCode")
    }

    /// Where the patient came from.
    #[must_use]
    pub fn admit_source(self) -> Option<CodeableConcept<'a>> {
        concept(self.0.get("hospitalization")?, "admitSource")
    }

    /// Where the patient went.
    #[must_use]
    pub fn discharge_disposition(self) -> Option<CodeableConcept<'a>> {
        concept(self.0.get("hospitalization")?, "dischargeDisposition")
    }

    /// The episodes it belongs to.
    pub fn episodes(self) -> impl Iterator<Item = Reference<'a>> {
        references(self.0, "episodeOfCare")
    }
}

impl<'a> EncounterLocation<'a> {
    /// The place.
    #[must_use]
    pub fn location(self) -> Option<Reference<'a>> {
        reference(self.0, "location")
    }

    /// `planned`, `active`, `reserved` or `completed`.
    #[must_use]
    pub fn status(self) -> Option<&'a str> {
        text(self.0, "status")
    }

    /// When the patient was there.
    #[must_use]
    pub fn period(self) -> Option<Period<'a>> {
        self.0.get("period").map(Period)
    }

    /// Ward, room, bed, …
    #[must_use]
    pub fn physical_type(self) -> Option<CodeableConcept<'a>> {
        concept(self.0, "physicalType")
    }
}

impl<'a> EpisodeOfCare<'a> {
    /// `planned`, `waitlist`, `active`, `onhold`, `finished`, `cancelled`, …
    #[must_use]
    pub fn status(self) -> Option<&'a str> {
        text(self.0, "status")
    }

    /// What sort of episode.
    pub fn types(self) -> impl Iterator<Item = CodeableConcept<'a>> {
        concepts(self.0, "type")
    }

    /// The patient.
    #[must_use]
    pub fn patient(self) -> Option<Reference<'a>> {
        reference(self.0, "patient")
    }

    /// The responsible organisation.
    #[must_use]
    pub fn managing_organization(self) -> Option<Reference<'a>> {
        reference(self.0, "managingOrganization")
    }

    /// How long.
    #[must_use]
    pub fn period(self) -> Option<Period<'a>> {
        self.0.get("period").map(Period)
    }

    /// The clinician who answers for it.
    #[must_use]
    pub fn care_manager(self) -> Option<Reference<'a>> {
        reference(self.0, "careManager")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Limits, parse};

    #[test]
    fn reads_a_stay() {
        let text = r#"{"resourceType": "Encounter", "status": "in-progress", "class": {"code": "IMP"},
            "location": [{"location": {"reference": "Location/a"}, "status": "completed"},
                         {"location": {"reference": "Location/b"}, "status": "active"}],
            "serviceProvider": {"identifier": {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "R0A"}}}"#;
        let value = parse(text.as_bytes(), &Limits::default()).unwrap();
        let stay = Encounter::of(&value).unwrap();
        assert!(stay.is_open());
        let place = stay.current_location().and_then(EncounterLocation::location).unwrap();
        assert_eq!(place.id_of("Location"), Some("b"));
        assert_eq!(stay.service_provider_ods(), Some("R0A"));
        assert_eq!(stay.class().and_then(Coding::code), Some("IMP"));
    }
}
