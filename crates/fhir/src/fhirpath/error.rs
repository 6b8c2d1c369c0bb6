//! Why an expression was refused or could not be evaluated.

/// A fault of an expression, or of its evaluation on a document. Texts name the expression's own words and
/// types, never values of the document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The text is not an expression.
    #[error("{reason} at offset {offset}")]
    Syntax {
        /// What is wrong.
        reason: String,
        /// Bytes before the fault.
        offset: usize,
    },
    /// The expression does not fit the types it is used on.
    #[error("{0}")]
    Semantic(String),
    /// The expression met values it is not defined on.
    #[error("{0}")]
    Execution(String),
    /// The evaluation would cost more than the context allows.
    #[error("the expression costs more than it may")]
    TooCostly,
}

impl Error {
    pub(super) fn syntax(offset: usize, reason: impl Into<String>) -> Self {
        Self::Syntax { reason: reason.into(), offset }
    }

    pub(super) fn semantic(reason: impl Into<String>) -> Self {
        Self::Semantic(reason.into())
    }

    pub(super) fn execution(reason: impl Into<String>) -> Self {
        Self::Execution(reason.into())
    }
}
