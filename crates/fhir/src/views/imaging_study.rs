//! A study of images, of one or more series (<https://hl7.org/fhir/R4/imagingstudy.html>).

use super::Resource;
use super::datatypes::{CodeableConcept, Coding, Reference};
use super::read::{concepts, reference, references, text};
use crate::json::Value;

/// What was imaged at one time for one purpose. The pictures themselves lie elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImagingStudy<'a>(pub &'a Value);

/// One series of a study.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImagingSeries<'a>(pub &'a Value);

impl<'a> Resource<'a> for ImagingStudy<'a> {
    fn value(self) -> &'a Value {
        self.0
    }
}

impl<'a> ImagingStudy<'a> {
    /// When the first picture was taken.
    #[must_use]
    pub fn started(self) -> Option<&'a str> {
        text(self.0, "started")
    }

    /// With which sorts of machine.
    pub fn modalities(self) -> impl Iterator<Item = Coding<'a>> {
        self.0.items("modality").iter().map(Coding)
    }

    /// What was done, as its maker codes it.
    pub fn procedure_codes(self) -> impl Iterator<Item = CodeableConcept<'a>> {
        concepts(self.0, "procedureCode")
    }

    /// What its maker calls it.
    #[must_use]
    pub fn description(self) -> Option<&'a str> {
        text(self.0, "description")
    }

    /// The orders it answers.
    pub fn based_on(self) -> impl Iterator<Item = Reference<'a>> {
        references(self.0, "basedOn")
    }

    /// Where it was made.
    #[must_use]
    pub fn location(self) -> Option<Reference<'a>> {
        reference(self.0, "location")
    }

    /// Where its pictures can be had: its own endpoints, then those of its series.
    pub fn endpoints(self) -> impl Iterator<Item = Reference<'a>> {
        let series = self.series().flat_map(|one| references(one.0, "endpoint"));
        references(self.0, "endpoint").chain(series)
    }

    /// How many pictures its maker says there are.
    #[must_use]
    pub fn instances(self) -> Option<u64> {
        whole(self.0, "numberOfInstances")
    }

    /// Its series.
    pub fn series(self) -> impl Iterator<Item = ImagingSeries<'a>> {
        self.0.items("series").iter().map(ImagingSeries)
    }

    /// The department's number of the order, where an identifier is typed as one.
    #[must_use]
    pub fn accession(self) -> Option<&'a str> {
        let typed = |one: &super::Identifier<'_>| one.type_().is_some_and(|kind| kind.has_code("ACSN"));
        self.identifiers().find(typed).and_then(super::Identifier::identifier)
    }
}

impl<'a> ImagingSeries<'a> {
    /// With which sort of machine.
    #[must_use]
    pub fn modality(self) -> Option<Coding<'a>> {
        self.0.get("modality").map(Coding)
    }

    /// What its maker calls it.
    #[must_use]
    pub fn description(self) -> Option<&'a str> {
        text(self.0, "description")
    }

    /// Which part of the body.
    #[must_use]
    pub fn body_site(self) -> Option<Coding<'a>> {
        self.0.get("bodySite").map(Coding)
    }

    /// How many pictures: as its maker says, else as many as are listed.
    #[must_use]
    pub fn instances(self) -> Option<u64> {
        let listed = || u64::try_from(self.0.items("instance").len()).ok().filter(|count| *count > 0);
        whole(self.0, "numberOfInstances").or_else(listed)
    }

    /// Who made it.
    pub fn makers(self) -> impl Iterator<Item = Reference<'a>> {
        self.0.items("performer").iter().filter_map(|one| reference(one, "actor"))
    }
}

fn whole(value: &Value, member: &str) -> Option<u64> {
    match value.get(member)? {
        Value::Number(number) => number.as_str().parse().ok(),
        _ => None,
    }
}
