//! The typed query: what to match, in which order, how much of it, and what comes along.

use super::value::SearchValue;
use crate::definitions::SearchParameter;
use crate::issue::Issue;

/// A search on one resource type.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// The type searched.
    pub resource_type: &'static str,
    /// All of these hold.
    pub filters: Vec<Filter>,
    /// The order, most significant first; empty leaves it to the server.
    pub sort: Vec<SortKey>,
    /// Matches per page as asked for, at most [`COUNT_MAX`](super::COUNT_MAX).
    pub count: Option<u32>,
    /// Where the page starts: a cursor the server handed out (`_page`).
    pub page: Option<String>,
    /// Resources that the matches refer to.
    pub includes: Vec<Include>,
    /// Resources that refer to the matches.
    pub revincludes: Vec<Include>,
    /// How much the number of all matches is worth.
    pub total: TotalMode,
    /// Which part of each resource is wanted.
    pub summary: Summary,
    /// The only elements wanted; empty for all.
    pub elements: Vec<String>,
}

/// A condition: any of its values matches the target.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    /// What is compared.
    pub target: FilterTarget,
    /// How it is compared. Always `None` on a chain and on `_has`: it stands on the inner filter.
    pub modifier: Option<Modifier>,
    /// One of these matches. Empty on a chain and on `_has`.
    pub values: Vec<SearchValue>,
}

/// What a filter looks at.
#[derive(Clone, Debug)]
pub enum FilterTarget {
    /// A search parameter with index rows, `_tag`, `_profile`, `_security` and `_source` among them.
    Param(&'static SearchParameter),
    /// The logical id.
    Id,
    /// The time of the last change.
    LastUpdated,
    /// The inner filter holds on a resource that the parameter refers to: `subject:Patient.name`.
    Chain {
        /// The reference.
        param: &'static SearchParameter,
        /// The type referred to.
        target_type: &'static str,
        /// What holds there.
        inner: Box<Filter>,
    },
    /// The inner filter holds on a resource that refers here: `_has:Observation:patient:code`.
    Has {
        /// The type that refers here.
        source_type: &'static str,
        /// Its reference.
        param: &'static SearchParameter,
        /// What holds there.
        inner: Box<Filter>,
    },
}

impl PartialEq for FilterTarget {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Param(a), Self::Param(b)) => a.id == b.id,
            (Self::Id, Self::Id) | (Self::LastUpdated, Self::LastUpdated) => true,
            (
                Self::Chain { param: a, target_type: s, inner: x },
                Self::Chain { param: b, target_type: t, inner: y },
            )
            | (
                Self::Has { param: a, source_type: s, inner: x },
                Self::Has { param: b, source_type: t, inner: y },
            ) => a.id == b.id && s == t && x == y,
            _ => false,
        }
    }
}

/// A change to how values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Modifier {
    /// The same text, case and accents included.
    Exact,
    /// The text anywhere inside.
    Contains,
    /// Whether there is any value at all.
    Missing,
    /// No value matches; resources without any value are among the answers.
    Not,
    /// The reference names this type.
    Type(&'static str),
    /// The reference carries this identifier.
    Identifier,
    /// A URI that the value starts with, at a `/`.
    Above,
    /// A URI that starts with the value, at a `/`.
    Below,
}

/// One key of `_sort`.
#[derive(Clone, Debug, PartialEq)]
pub struct SortKey {
    /// What orders.
    pub target: SortTarget,
    /// The greatest first.
    pub descending: bool,
}

/// What a sort key looks at. Resources without a value come last, in both directions.
#[derive(Clone, Debug)]
pub enum SortTarget {
    /// The logical id.
    Id,
    /// The time of the last change.
    LastUpdated,
    /// A search parameter of kind string, token, date, number, quantity, uri or reference.
    Param(&'static SearchParameter),
}

impl PartialEq for SortTarget {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Id, Self::Id) | (Self::LastUpdated, Self::LastUpdated) => true,
            (Self::Param(a), Self::Param(b)) => a.id == b.id,
            _ => false,
        }
    }
}

/// An `_include` or `_revinclude`.
#[derive(Clone, Debug)]
pub struct Include {
    /// The type whose reference is followed.
    pub source_type: &'static str,
    /// The reference; `None` for every reference of the type (`*`).
    pub param: Option<&'static SearchParameter>,
    /// Only references to this type.
    pub target_type: Option<&'static str>,
    /// Also from what was included.
    pub iterate: bool,
}

impl PartialEq for Include {
    fn eq(&self, other: &Self) -> bool {
        self.source_type == other.source_type
            && self.param.map(|p| p.id) == other.param.map(|p| p.id)
            && self.target_type == other.target_type
            && self.iterate == other.iterate
    }
}

/// `_total`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TotalMode {
    /// When it costs nothing.
    #[default]
    WhenFree,
    /// Not at all.
    None,
    /// About right will do.
    Estimate,
    /// Exact.
    Accurate,
}

/// `_summary`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Summary {
    /// The whole resource.
    #[default]
    False,
    /// The elements marked as summary.
    True,
    /// The narrative, the id, meta and mandatory elements.
    Text,
    /// Everything but the narrative.
    Data,
    /// Only the number of matches.
    Count,
}

/// What to do with parameters the server does not know (`Prefer: handling=`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Handling {
    /// Refuse the query.
    #[default]
    Strict,
    /// Leave them out and say so.
    Lenient,
}

/// A query, and what was left out of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// What will be searched.
    pub query: Query,
    /// A warning for each parameter left out; empty when handling is strict.
    pub ignored: Vec<Issue>,
}
