//! The search grammar (<https://hl7.org/fhir/R4/search.html>): query pairs to a typed [`Query`] and back.
//!
//! Pure: knows which parameters, modifiers and prefixes a resource type has and what their values look like. It must
//! never guess: an unknown name, a modifier that is not supported or a value that cannot be read is an issue that
//! names the parameter, and never a filter that silently falls away. It never puts a value into an issue.

mod escape;
mod filter;
mod fold;
mod limits;
mod number;
mod parse;
mod print;
mod query;
mod result;
mod value;

#[cfg(test)]
mod tests;

pub use fold::fold;
pub use limits::{
    CHAIN_DEPTH_MAX, COUNT_MAX, FILTERS_MAX, INCLUDES_MAX, SORT_KEYS_MAX, VALUE_LENGTH_MAX, VALUES_MAX,
};
pub use number::Implied;
pub use query::{
    Filter, FilterTarget, Handling, Include, Modifier, Parsed, Query, SortKey, SortTarget, Summary, TotalMode,
};
pub use value::{Prefix, ReferenceValue, SearchValue, TokenValue};
