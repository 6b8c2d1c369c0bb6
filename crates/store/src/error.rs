//! Why the store said no, in the words of the FHIR REST API (<https://hl7.org/fhir/R4/http.html>).
//!
//! Never carries resource values, names or query strings: every message may be logged and returned.

use fhir::issue::{Issue, IssueCode};

/// A refusal or a failure. Each variant names the HTTP status a door answers with.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Error {
    /// 404: absent, or not permitted for this actor. The two are never told apart.
    #[error("not found")]
    NotFound,
    /// 410: deleted.
    #[error("deleted in version {version}")]
    Gone {
        /// The version that records the deletion.
        version: u64,
    },
    /// 403: the whole type or operation is closed to this role.
    #[error("this role may not do that")]
    Forbidden,
    /// 409: another change came first.
    #[error("the change conflicts with another one: {0}")]
    Conflict(&'static str),
    /// 412: `If-Match` or `If-None-Match` did not hold, or a condition without criteria.
    #[error("precondition failed: {0}")]
    PreconditionFailed(&'static str),
    /// 428: `If-Match` is required here.
    #[error("a precondition is required")]
    PreconditionRequired,
    /// 400: the request is malformed.
    #[error("invalid request")]
    Invalid(Vec<Issue>),
    /// 422: the request is well-formed and breaks a rule.
    #[error("the content breaks a rule")]
    Unprocessable(Vec<Issue>),
    /// 412: a condition matched more than one resource.
    #[error("the condition matches more than one resource")]
    Multiple,
    /// 503: the disk is full or failing. Nothing was written.
    #[error("the store takes no writes at present")]
    ReadOnly,
    /// 503: the audit row could not be made durable, so nothing is served.
    #[error("the audit log cannot be written, so nothing is served")]
    AuditUnavailable,
    /// 503: the store stopped after a fault and must be opened again.
    #[error("the store has stopped")]
    Stopped,
    /// 503 with Retry-After: the queue is full.
    #[error("too many requests are waiting")]
    Busy,
    /// 429 or 400: the request would cost more than the limit allows.
    #[error("the request is too costly: {0}")]
    TooCostly(&'static str),
    /// 500: a fault of ours. The text is for the log.
    #[error("internal fault: {0}")]
    Internal(String),
}

impl Error {
    /// A malformed request with one issue.
    #[must_use]
    pub fn invalid(issue: Issue) -> Self {
        Self::Invalid(vec![issue])
    }

    /// A broken rule with one issue.
    #[must_use]
    pub fn unprocessable(issue: Issue) -> Self {
        Self::Unprocessable(vec![issue])
    }

    /// The HTTP status that says the same.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::Invalid(_) | Self::TooCostly(_) => 400,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Conflict(_) => 409,
            Self::Gone { .. } => 410,
            Self::PreconditionFailed(_) | Self::Multiple => 412,
            Self::Unprocessable(_) => 422,
            Self::PreconditionRequired => 428,
            Self::Internal(_) => 500,
            Self::ReadOnly | Self::AuditUnavailable | Self::Stopped | Self::Busy => 503,
        }
    }

    /// The issues of an OperationOutcome that says the same, without what is only for the log.
    #[must_use]
    pub fn issues(&self) -> Vec<Issue> {
        let code = match self {
            Self::Invalid(issues) | Self::Unprocessable(issues) => return issues.clone(),
            Self::Internal(_) => return vec![Issue::error(IssueCode::Exception, "an internal fault")],
            Self::TooCostly(_) => IssueCode::TooCostly,
            Self::Forbidden => IssueCode::Forbidden,
            Self::NotFound => IssueCode::NotFound,
            Self::Gone { .. } => IssueCode::Deleted,
            Self::Conflict(_) | Self::PreconditionFailed(_) | Self::PreconditionRequired => {
                IssueCode::Conflict
            }
            Self::Multiple => IssueCode::MultipleMatches,
            Self::ReadOnly | Self::AuditUnavailable | Self::Stopped => IssueCode::NoStore,
            Self::Busy => IssueCode::Throttled,
        };
        vec![Issue::error(code, self.to_string())]
    }

    /// A fault of ours.
    pub(crate) fn internal(text: impl Into<String>) -> Self {
        Self::Internal(text.into())
    }
}

/// SQLite's extended result codes for a failed sync: `SQLITE_IOERR_FSYNC` and `SQLITE_IOERR_DIR_FSYNC`.
const FAILED_SYNC: [i32; 2] = [1034, 1290];

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match &error {
            rusqlite::Error::SqliteFailure(failure, _) => match failure.code {
                _ if FAILED_SYNC.contains(&failure.extended_code) => Self::Stopped,
                ErrorCode::DiskFull | ErrorCode::SystemIoFailure | ErrorCode::ReadOnly => Self::ReadOnly,
                ErrorCode::OperationInterrupted => Self::TooCostly("it ran longer than allowed"),
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy,
                code => Self::Internal(format!("database: {code:?} ({})", failure.extended_code)),
            },
            rusqlite::Error::QueryReturnedNoRows => {
                Self::Internal(String::from("database: an expected row is missing"))
            }
            _ => Self::Internal(String::from("database: a statement and its columns disagree")),
        }
    }
}

/// Why a store could not be opened. Each is one sentence for the person who started the program.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process holds the store.
    #[error("another process is using the store in {0}")]
    InUse(String),
    /// The SQLite library is too old to be safe.
    #[error("SQLite {0} has a known corruption fault; 3.51.3 or later is needed")]
    SqliteTooOld(String),
    /// The directory is on a network file system.
    #[error("{0} is on a network file system ({1}), where SQLite cannot keep its promises")]
    NetworkFileSystem(String, String),
    /// The database was made by a newer program.
    #[error("the database has schema {found}, this program knows up to {known}")]
    SchemaTooNew {
        /// Schema number in the database.
        found: u32,
        /// The newest schema number this program knows.
        known: u32,
    },
    /// A restore did not come to its end.
    #[error("a restore into {0} did not come to its end: empty the directory and restore the backup again")]
    HalfRestored(String),
    /// The database is damaged.
    #[error("the database is damaged: {0}; restore a backup")]
    Damaged(String),
    /// The file system refused.
    #[error("cannot use {path}: {source}")]
    Io {
        /// What was being used.
        path: String,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The database refused.
    #[error("cannot open the database")]
    Database(#[from] rusqlite::Error),
}
