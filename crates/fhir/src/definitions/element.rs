//! One element: its types, how often it may stand, and what binds it.

/// An element of a type (<https://hl7.org/fhir/R4/elementdefinition.html>).
#[derive(Clone, Debug)]
pub struct ElementDef {
    /// The name within its type; a choice keeps its mark: `value[x]`.
    pub name: &'static str,
    /// The full path in the type that declares it: `Patient.contact.name`, `Element.extension`.
    pub path: &'static str,
    /// The declared types. Empty for a content reference.
    pub types: Vec<TypeRef>,
    /// The fewest times it must stand.
    pub min: u32,
    /// The most times it may stand; `None` is without limit.
    pub max: Option<u32>,
    /// The value set its codes come from.
    pub binding: Option<Binding>,
    /// Whether it is a choice of types (`value[x]`).
    pub choice: bool,
    /// The path whose content it repeats: `Questionnaire.item` for `Questionnaire.item.item`.
    pub content_reference: Option<&'static str>,
    /// Whether `_summary=true` keeps it.
    pub summary: bool,
    /// Whether it can change the meaning of what contains it.
    pub modifier: bool,
    /// Rules stated on this element itself.
    pub invariants: Vec<Invariant>,
    /// The place of the codes of a required binding, when they are known.
    pub(crate) codes: Option<u16>,
}

impl ElementDef {
    /// Whether JSON writes it as an array.
    #[must_use]
    pub fn is_list(&self) -> bool {
        self.max != Some(1)
    }

    /// The name without the mark of a choice: `value` for `value[x]`.
    #[must_use]
    pub fn stem(&self) -> &'static str {
        self.name.strip_suffix("[x]").unwrap_or(self.name)
    }

    /// The resource types its references may name; none means any.
    pub fn targets(&self) -> impl Iterator<Item = &'static str> {
        self.types.iter().flat_map(|t| t.targets.iter().copied())
    }
}

/// A type an element may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeRef {
    /// The declared name: `Quantity`, `BackboneElement`, `Reference`.
    pub name: &'static str,
    /// For `Reference` and `canonical`: the resource types it may name. `Resource` means any.
    pub targets: Vec<&'static str>,
}

/// A value set bound to an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    /// How firmly.
    pub strength: Strength,
    /// Its canonical URL, without a version; empty when the standard only describes it.
    pub value_set: &'static str,
}

/// How firmly a value set is bound (<https://hl7.org/fhir/R4/valueset-binding-strength.html>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// A code of the set must be used.
    Required,
    /// A code of the set must be used if one fits.
    Extensible,
    /// A code of the set is encouraged.
    Preferred,
    /// The set only illustrates.
    Example,
}

/// A rule in FHIRPath.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invariant {
    /// Its key in the standard: `pat-1`.
    pub key: &'static str,
    /// Whether breaking it is an error rather than a warning.
    pub error: bool,
    /// The expression that must hold on the element.
    pub expression: &'static str,
}
