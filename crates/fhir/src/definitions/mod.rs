//! What FHIR R4 says its types, elements, search parameters, compartments and codes are.
//!
//! The tables under `r4/` are made by `cargo xtask codegen` and read once. This module states facts of the standard
//! (<https://hl7.org/fhir/R4/>); it must never judge a document (see [`crate::validate`]) nor know a profile.

mod element;
mod load;
mod search;
mod type_def;
mod value_set;

pub use element::{Binding, ElementDef, Invariant, Strength, TypeRef};
pub use search::{Component, SearchKind, SearchParameter};
pub use type_def::{Kind, Member, TypeDef, TypeIndex};
pub use value_set::ValueSetCodes;

use std::collections::HashMap;
use std::sync::OnceLock;

/// Every definition, with indexes for lookups by name.
#[derive(Debug, Default)]
pub struct Definitions {
    types: Vec<TypeDef>,
    type_by_name: HashMap<&'static str, TypeIndex>,
    parameters: Vec<SearchParameter>,
    parameter_by_id: HashMap<&'static str, u16>,
    parameters_by_type: HashMap<&'static str, Vec<u16>>,
    compartments: HashMap<(&'static str, &'static str), Vec<&'static str>>,
    value_sets: Vec<ValueSetCodes>,
    value_set_by_url: HashMap<&'static str, u16>,
}

/// The definitions of R4 4.0.1, read at the first call.
pub fn definitions() -> &'static Definitions {
    static DEFINITIONS: OnceLock<Definitions> = OnceLock::new();
    DEFINITIONS.get_or_init(load::r4)
}

impl Definitions {
    /// A type by name: a resource, a data type, a primitive, or a backbone element by its path (`Patient.contact`).
    #[must_use]
    pub fn type_(&self, name: &str) -> Option<&TypeDef> {
        self.type_at(*self.type_by_name.get(name)?)
    }

    /// A type by its place in the table, as a [`Member`] names it.
    #[must_use]
    pub fn type_at(&self, index: TypeIndex) -> Option<&TypeDef> {
        self.types.get(usize::from(index))
    }

    /// Every type, backbone elements included.
    pub fn types(&self) -> impl Iterator<Item = &TypeDef> {
        self.types.iter()
    }

    /// Whether this names a resource type that a document can have (so not `Resource` or `DomainResource`).
    #[must_use]
    pub fn is_resource(&self, name: &str) -> bool {
        self.type_(name).is_some_and(|t| t.kind == Kind::Resource && !t.abstract_)
    }

    /// The names of the concrete resource types, in alphabetical order.
    pub fn resource_types(&self) -> impl Iterator<Item = &'static str> {
        self.types.iter().filter(|t| t.kind == Kind::Resource && !t.abstract_).map(|t| t.name)
    }

    /// Whether a type is another or derives from it: `Age` is a `Quantity`, `Patient` is a `Resource`.
    #[must_use]
    pub fn is_a(&self, name: &str, ancestor: &str) -> bool {
        let mut current = Some(name);
        while let Some(name) = current {
            if name == ancestor {
                return true;
            }
            current = self.type_(name).and_then(|t| t.base);
        }
        false
    }

    /// An element of a type, by its name (`value`, `value[x]`) or as a JSON member (`valueQuantity`).
    #[must_use]
    pub fn element(&self, type_name: &str, element: &str) -> Option<&ElementDef> {
        self.type_(type_name)?.element(element)
    }

    /// What a JSON member of a type is: its element and the name of its concrete type. `valueQuantity` of an
    /// `Observation` is `value[x]` and `Quantity`; `contact` of a `Patient` is of type `Patient.contact`; `_birthDate`
    /// is the element `birthDate` again.
    #[must_use]
    pub fn resolve(&self, parent_type: &str, json_member: &str) -> Option<(&ElementDef, &'static str)> {
        let parent = self.type_(parent_type)?;
        let member = parent.member(json_member.strip_prefix('_').unwrap_or(json_member))?;
        let concrete = self.type_at(member.type_)?;
        if json_member.starts_with('_') && concrete.kind != Kind::Primitive {
            return None;
        }
        Some((parent.element_at(member)?, concrete.name))
    }

    /// The search parameters of a resource type, those of every resource (`_id`, `_tag`, …) included.
    pub fn search_parameters(&self, resource_type: &str) -> impl Iterator<Item = &SearchParameter> {
        let indexes = self.parameters_by_type.get(resource_type).map(Vec::as_slice).unwrap_or_default();
        indexes.iter().filter_map(|i| self.search_parameter_at(*i))
    }

    /// The search parameter of a resource type with that code.
    #[must_use]
    pub fn search_parameter(&self, resource_type: &str, code: &str) -> Option<&SearchParameter> {
        self.search_parameters(resource_type).find(|p| p.code == code)
    }

    /// The search parameter with that number; see [`SearchParameter::id`].
    #[must_use]
    pub fn search_parameter_at(&self, index: u16) -> Option<&SearchParameter> {
        self.parameters.get(usize::from(index))
    }

    /// The search parameter with that name in the standard, such as `clinical-code`.
    #[must_use]
    pub fn search_parameter_named(&self, name: &str) -> Option<&SearchParameter> {
        self.search_parameter_at(*self.parameter_by_id.get(name)?)
    }

    /// The codes of the search parameters that put a resource of a type into a compartment (`Patient`, `Encounter`,
    /// `Practitioner`, `RelatedPerson`, `Device`). `{def}` marks the type that defines the compartment.
    #[must_use]
    pub fn compartment_params(&self, compartment: &str, resource_type: &str) -> &[&'static str] {
        let key = self.type_(compartment).zip(self.type_(resource_type)).map(|(c, r)| (c.name, r.name));
        key.and_then(|k| self.compartments.get(&k)).map(Vec::as_slice).unwrap_or_default()
    }

    /// The codes of a value set with a required binding; `None` when it is not one, or cannot be enumerated
    /// (units, media types, currencies).
    #[must_use]
    pub fn value_set_codes(&self, url: &str) -> Option<&ValueSetCodes> {
        self.codes_at(*self.value_set_by_url.get(url.split('|').next().unwrap_or(url))?)
    }

    /// The codes at a place that [`ElementDef`] names.
    pub(crate) fn codes_at(&self, index: u16) -> Option<&ValueSetCodes> {
        self.value_sets.get(usize::from(index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_whole_tables() {
        let d = definitions();
        assert_eq!(d.resource_types().count(), 146);
        assert_eq!(d.parameters.len(), 1387);
        assert_eq!(d.value_sets.len(), 220);
        assert_eq!(d.types().filter(|t| t.kind == Kind::Primitive).count(), 20);
        for (index, parameter) in d.parameters.iter().enumerate() {
            assert_eq!(usize::from(parameter.id), index);
            assert!(parameter.bases.iter().all(|b| d.type_(b).is_some()), "{}", parameter.name);
            assert!(parameter.components.iter().all(|c| d.search_parameter_named(c.parameter).is_some()));
        }
    }

    #[test]
    fn every_member_has_a_type() {
        let d = definitions();
        for type_ in d.types() {
            assert!(type_.elements().len() <= 128, "{} has more elements than bits", type_.name);
            for member in type_.members() {
                assert!(d.type_at(member.type_).is_some(), "{}.{}", type_.name, member.name);
                assert!(type_.element_at(member).is_some());
            }
            for element in type_.elements() {
                assert!(type_.element(element.name).is_some(), "{}.{}", type_.name, element.name);
            }
        }
    }

    #[test]
    fn resolves_json_members() {
        let d = definitions();
        let case = |parent: &str, member: &str| d.resolve(parent, member).map(|(e, t)| (e.name, t));
        assert_eq!(case("Observation", "valueQuantity"), Some(("value[x]", "Quantity")));
        assert_eq!(case("Observation", "valueAddress"), None);
        assert_eq!(case("Patient", "_birthDate"), Some(("birthDate", "date")));
        assert_eq!(case("Patient", "_name"), None);
        assert_eq!(case("Patient", "contact"), Some(("contact", "Patient.contact")));
        assert_eq!(case("Patient.contact", "modifierExtension"), Some(("modifierExtension", "Extension")));
        assert_eq!(case("Patient", "id"), Some(("id", "id")));
        assert_eq!(case("Patient.contact", "id"), Some(("id", "string")));
        assert_eq!(case("Bundle.entry", "link"), Some(("link", "Bundle.link")));
        assert_eq!(case("Questionnaire.item", "item"), Some(("item", "Questionnaire.item")));
        assert_eq!(case("Extension", "valueDosage"), Some(("value[x]", "Dosage")));
        assert_eq!(case("Age", "value"), Some(("value", "decimal")));
        assert_eq!(case("Timing", "repeat"), Some(("repeat", "Timing.repeat")));
        assert_eq!(case("Bundle.entry", "resource"), Some(("resource", "Resource")));
        assert_eq!(case("Patient", "value"), None);
    }

    #[test]
    fn states_cardinality_bindings_and_targets() {
        let d = definitions();
        let gender = d.element("Patient", "gender").unwrap();
        assert_eq!((gender.min, gender.max), (0, Some(1)));
        let binding = gender.binding.unwrap();
        assert_eq!(binding.strength, Strength::Required);
        let codes = d.value_set_codes(binding.value_set).unwrap();
        assert!(codes.contains_code("female") && !codes.contains_code("Female"));
        assert!(codes.contains("http://hl7.org/fhir/administrative-gender", "other"));
        assert!(!codes.contains("http://example.org", "other"));
        let subject = d.element("Encounter", "subject").unwrap();
        assert_eq!(subject.targets().collect::<Vec<_>>(), ["Patient", "Group"]);
        assert!(d.element("Observation", "value").unwrap().choice);
        assert!(d.element("Patient", "name").unwrap().is_list());
    }

    #[test]
    fn knows_search_parameters_and_compartments() {
        let d = definitions();
        let birthdate = d.search_parameter("Patient", "birthdate").unwrap();
        assert_eq!((birthdate.kind, birthdate.name), (SearchKind::Date, "individual-birthdate"));
        assert_eq!(d.search_parameter("Patient", "_id").unwrap().expression, "Resource.id");
        assert!(d.search_parameter("Patient", "vital-sign").is_none());
        let composite = d.search_parameter("Observation", "code-value-quantity").unwrap();
        assert_eq!(composite.components.len(), 2);
        assert_eq!(d.compartment_params("Patient", "Observation"), ["subject", "performer"]);
        assert!(d.compartment_params("Patient", "Organization").is_empty());
        assert_eq!(d.compartment_params("Encounter", "Encounter"), ["{def}"]);
    }

    #[test]
    fn knows_ancestry() {
        let d = definitions();
        assert!(d.is_a("Patient", "DomainResource") && d.is_a("Age", "Quantity") && d.is_a("code", "string"));
        assert!(!d.is_a("Quantity", "Age") && !d.is_a("Bundle", "DomainResource"));
        assert!(d.is_resource("Patient") && !d.is_resource("Resource") && !d.is_resource("HumanName"));
    }
}
