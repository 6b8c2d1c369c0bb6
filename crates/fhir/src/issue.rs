//! Findings about a document or a request, and the OperationOutcome that carries them
//! (<https://hl7.org/fhir/R4/operationoutcome.html>).
//!
//! Diagnostics name elements, types and rules. They must never repeat a value of the document: an issue may be
//! logged and shown to people who may not see the record.

use crate::json::Value;

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// How bad it is.
    pub severity: Severity,
    /// What sort of fault it is.
    pub code: IssueCode,
    /// What is wrong, in words for a developer, without values of the document.
    pub diagnostics: String,
    /// Where, as a simple FHIRPath: `Patient.name[0].given[1]`; for a request, the parameter's name.
    pub expression: Option<String>,
}

/// How bad a finding is (<https://hl7.org/fhir/R4/valueset-issue-severity.html>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing could be done.
    Fatal,
    /// The content is refused.
    Error,
    /// The content is accepted but may cause trouble.
    Warning,
    /// Nothing is wrong.
    Information,
}

macro_rules! issue_codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal,)+) => {
        /// What sort of fault it is (<https://hl7.org/fhir/R4/valueset-issue-type.html>).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum IssueCode { $($(#[doc = $doc])+ $name,)+ }

        impl IssueCode {
            /// The code on the wire.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];
        }
    };
}

issue_codes! {
    /// Content invalid against the specification or a profile.
    Invalid = "invalid",
    /// A structural issue, such as a wrong type or an unknown element.
    Structure = "structure",
    /// A required element is missing.
    Required = "required",
    /// An element's value is invalid.
    Value = "value",
    /// A rule on the content failed.
    Invariant = "invariant",
    /// An authentication, authorisation or permission problem.
    Security = "security",
    /// The client needs to sign in.
    Login = "login",
    /// The signed-in user is not known.
    Unknown = "unknown",
    /// The session has ended.
    Expired = "expired",
    /// The user may not do this.
    Forbidden = "forbidden",
    /// Some information was withheld.
    Suppressed = "suppressed",
    /// Processing issues.
    Processing = "processing",
    /// The interaction, operation or content is not supported.
    NotSupported = "not-supported",
    /// A duplicate record was submitted.
    Duplicate = "duplicate",
    /// Several matching records were found.
    MultipleMatches = "multiple-matches",
    /// The reference was not found.
    NotFound = "not-found",
    /// The reference is to deleted content.
    Deleted = "deleted",
    /// The content is too long.
    TooLong = "too-long",
    /// A code or system could not be understood.
    CodeInvalid = "code-invalid",
    /// An extension was found that is not acceptable.
    Extension = "extension",
    /// The operation would cost too much.
    TooCostly = "too-costly",
    /// A business rule failed.
    BusinessRule = "business-rule",
    /// A conflict with an edit by someone else.
    Conflict = "conflict",
    /// A transient problem: the request may be repeated.
    Transient = "transient",
    /// A lock could not be taken.
    LockError = "lock-error",
    /// The persistent store is unavailable.
    NoStore = "no-store",
    /// An unexpected error.
    Exception = "exception",
    /// An internal time limit was reached.
    Timeout = "timeout",
    /// Not all results could be returned.
    Incomplete = "incomplete",
    /// The system is asked for too much.
    Throttled = "throttled",
    /// A message that does not relate to an error.
    Informational = "informational",
}

impl Severity {
    /// The code on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fatal => "fatal",
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Information => "information",
        }
    }
}

impl Issue {
    /// An error without a place.
    pub fn error(code: IssueCode, diagnostics: impl Into<String>) -> Self {
        Self { severity: Severity::Error, code, diagnostics: diagnostics.into(), expression: None }
    }

    /// A warning without a place.
    pub fn warning(code: IssueCode, diagnostics: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, diagnostics) }
    }

    /// Information without a place.
    pub fn information(diagnostics: impl Into<String>) -> Self {
        Self { severity: Severity::Information, ..Self::error(IssueCode::Informational, diagnostics) }
    }

    /// The same finding, at a place.
    #[must_use]
    pub fn at(mut self, expression: impl Into<String>) -> Self {
        self.expression = Some(expression.into());
        self
    }

    /// Whether it stops the request.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity <= Severity::Error
    }

    fn to_value(&self) -> Value {
        let mut members = vec![
            ("severity", Value::from(self.severity.as_str())),
            ("code", Value::from(self.code.as_str())),
        ];
        if !self.diagnostics.is_empty() {
            members.push(("diagnostics", Value::from(self.diagnostics.as_str())));
        }
        if let Some(expression) = &self.expression {
            members.push(("expression", Value::Array(vec![Value::from(expression.as_str())])));
        }
        Value::object(members)
    }
}

/// The OperationOutcome of some findings. Without any it says that all is well, as the resource must hold one issue.
#[must_use]
pub fn outcome(issues: &[Issue]) -> Value {
    let well = [Issue::information("no issues")];
    let shown = if issues.is_empty() { &well } else { issues };
    Value::object([
        ("resourceType", Value::from("OperationOutcome")),
        ("issue", Value::Array(shown.iter().map(Issue::to_value).collect())),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definitions::definitions;
    use crate::json::to_string;

    #[test]
    fn an_outcome_carries_place_and_code() {
        let issue = Issue::error(IssueCode::Required, "birthDate is missing").at("Patient.birthDate");
        assert_eq!(
            to_string(&outcome(&[issue])),
            r#"{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"required","diagnostics":"birthDate is missing","expression":["Patient.birthDate"]}]}"#
        );
    }

    #[test]
    fn an_outcome_is_never_empty() {
        assert_eq!(outcome(&[]).items("issue").len(), 1);
    }

    #[test]
    fn codes_are_those_of_the_standard() {
        let codes = definitions().value_set_codes("http://hl7.org/fhir/ValueSet/issue-type").unwrap();
        assert!(IssueCode::ALL.iter().all(|c| codes.contains_code(c.as_str())));
        assert_eq!(codes.iter().count(), IssueCode::ALL.len());
    }
}
