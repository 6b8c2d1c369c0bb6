//! Search parameters as the standard defines them (<https://hl7.org/fhir/R4/searchparameter-registry.html>).

/// A search parameter.
#[derive(Clone, Debug)]
pub struct SearchParameter {
    /// Its number in the table. Stored search rows carry it; it is fixed for this version of the standard.
    pub id: u16,
    /// Its name in the standard: `clinical-code`.
    pub name: &'static str,
    /// What a query calls it: `code`.
    pub code: &'static str,
    /// How its values are matched.
    pub kind: SearchKind,
    /// The FHIRPath expression over all its bases; empty for those the server computes itself (`_text`, `_filter`).
    pub expression: &'static str,
    /// For references: the types they may name.
    pub targets: Vec<&'static str>,
    /// The resource types it is defined on.
    pub bases: Vec<&'static str>,
    /// For composites: the parts.
    pub components: Vec<Component>,
}

/// A part of a composite parameter.
#[derive(Clone, Copy, Debug)]
pub struct Component {
    /// The name of the search parameter that says how this part is matched.
    pub parameter: &'static str,
    /// Where it is found, from the composite's own expression.
    pub expression: &'static str,
}

/// How values are matched (<https://hl7.org/fhir/R4/search.html#ptypes>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SearchKind {
    /// Text that starts with the value.
    String,
    /// A code with its system.
    Token,
    /// Another resource.
    Reference,
    /// A time or a period.
    Date,
    /// A number with implied precision.
    Number,
    /// A number with a unit.
    Quantity,
    /// A URI.
    Uri,
    /// Several parameters on the same node.
    Composite,
    /// Matched in a way of its own.
    Special,
}
