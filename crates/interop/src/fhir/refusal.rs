//! Every way a request can be refused, with its status. The one place where a store's error becomes an HTTP status
//! (<https://hl7.org/fhir/R4/http.html#summary>).

use axum::http::StatusCode;
use fhir::issue::{Issue, IssueCode};
use store::Error;

/// A refused request: the status and the issues of the OperationOutcome.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Refusal {
    pub status: StatusCode,
    pub issues: Vec<Issue>,
    /// Seconds after which the request may be repeated.
    pub retry_after_s: Option<u32>,
    /// Methods that the path knows, for 405.
    pub allow: Option<String>,
    /// What went wrong inside, for the log only.
    pub fault: Option<String>,
}

/// The place of an issue in a header or parameter, as the standard writes it.
pub(super) fn in_request(name: &str) -> String {
    format!("http.{name}")
}

impl Refusal {
    pub fn new(status: StatusCode, issue: Issue) -> Self {
        Self { status, issues: vec![issue], retry_after_s: None, allow: None, fault: None }
    }

    pub fn bad_request(issue: Issue) -> Self {
        Self::new(StatusCode::BAD_REQUEST, issue)
    }

    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, Issue::error(IssueCode::NotFound, "not found"))
    }

    pub fn unauthenticated() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            Issue::error(IssueCode::Login, "a valid bearer token is required"),
        )
    }

    /// A busy or failing part of the server; worth trying again.
    fn unavailable(code: IssueCode, text: String, retry_after_s: u32) -> Self {
        let refusal = Self::new(StatusCode::SERVICE_UNAVAILABLE, Issue::error(code, text));
        Self { retry_after_s: Some(retry_after_s), ..refusal }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let text = error.to_string();
        let one = |status, code| Self::new(status, Issue::error(code, text.clone()));
        match error {
            Error::NotFound => Self::not_found(),
            Error::Gone { .. } => one(StatusCode::GONE, IssueCode::Deleted),
            Error::Forbidden => one(StatusCode::FORBIDDEN, IssueCode::Forbidden),
            Error::Conflict(_) => one(StatusCode::CONFLICT, IssueCode::Conflict),
            Error::PreconditionFailed(_) => one(StatusCode::PRECONDITION_FAILED, IssueCode::Conflict),
            Error::PreconditionRequired => one(StatusCode::PRECONDITION_REQUIRED, IssueCode::Required),
            Error::Multiple => one(StatusCode::PRECONDITION_FAILED, IssueCode::MultipleMatches),
            Error::TooCostly(_) => one(StatusCode::BAD_REQUEST, IssueCode::TooCostly),
            Error::Invalid(issues) => Self::listed(StatusCode::BAD_REQUEST, issues),
            Error::Unprocessable(issues) => Self::listed(StatusCode::UNPROCESSABLE_ENTITY, issues),
            Error::Busy => Self::unavailable(IssueCode::Throttled, text, 1),
            Error::ReadOnly | Error::AuditUnavailable => Self::unavailable(IssueCode::NoStore, text, 30),
            Error::Stopped => Self::unavailable(IssueCode::NoStore, text, 60),
            Error::Internal(fault) => {
                let issue = Issue::error(
                    IssueCode::Exception,
                    "internal fault; see the server's log for this request",
                );
                Self { fault: Some(fault), ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, issue) }
            }
        }
    }
}

impl Refusal {
    /// Never without an issue: an OperationOutcome that says nothing would read as success.
    pub fn listed(status: StatusCode, issues: Vec<Issue>) -> Self {
        let refusal = Self::new(status, Issue::error(IssueCode::Invalid, "the request is not valid"));
        if issues.is_empty() { refusal } else { Self { issues, ..refusal } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses() {
        for (error, status) in [
            (Error::NotFound, 404),
            (Error::Gone { version: 2 }, 410),
            (Error::Forbidden, 403),
            (Error::Conflict("x"), 409),
            (Error::PreconditionFailed("x"), 412),
            (Error::PreconditionRequired, 428),
            (Error::Multiple, 412),
            (Error::Invalid(vec![]), 400),
            (Error::Unprocessable(vec![]), 422),
            (Error::TooCostly("x"), 400),
            (Error::Busy, 503),
            (Error::ReadOnly, 503),
            (Error::AuditUnavailable, 503),
            (Error::Stopped, 503),
            (Error::Internal("secret".into()), 500),
        ] {
            let refusal = Refusal::from(error.clone());
            assert_eq!(refusal.status.as_u16(), status, "{error:?}");
            assert_eq!(refusal.issues.len(), 1);
            assert_eq!(refusal.retry_after_s.is_some(), status == 503);
            assert!(!refusal.issues[0].diagnostics.contains("secret"));
        }
    }
}
