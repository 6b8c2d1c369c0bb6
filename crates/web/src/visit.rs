//! One request as pages see it: who asks, from where, with what; and what a page may answer.

use crate::form::Fields;
use crate::layout::Document;
use crate::session::{Session, SessionKey};
use axum::response::Response;
use care::view::Unseen;
use care::{Actor, Role};
use jiff::Timestamp;

/// A request to a page.
pub struct Visit {
    /// The path as asked.
    pub path: String,
    /// The parts of the path that the route leaves open, in order.
    pub open: Vec<String>,
    /// The query string.
    pub query: Fields,
    /// The form; empty for a GET.
    pub form: Fields,
    /// The signed-in session.
    pub session: Option<Session>,
    /// Under which key the session is kept.
    pub key: Option<SessionKey>,
    /// The token for forms on this page.
    pub token: String,
    /// Id of the request, the same in the audit row and the log.
    pub trace: String,
    /// When the request came.
    pub now: Timestamp,
    /// The `Last-Event-ID` of a live view that comes back.
    pub last_event: Option<u64>,
}

impl Visit {
    /// The first open part of the path: a ward's, patient's or message's id.
    pub fn id(&self) -> &str {
        self.open.first().map(String::as_str).unwrap_or_default()
    }

    /// The session of a page that only the signed-in reach.
    pub fn session(&self) -> Result<&Session, Problem> {
        self.session.as_ref().ok_or(Problem::SignIn)
    }

    /// The actor for anything that is about no single patient.
    pub fn actor(&self) -> Result<Actor, Problem> {
        Ok(self.session()?.actor(&self.trace, None, self.now))
    }

    /// The actor for one patient's record.
    pub fn actor_for(&self, patient: &str) -> Result<Actor, Problem> {
        Ok(self.session()?.actor(&self.trace, Some(patient), self.now))
    }

    /// The patient who is signed in.
    pub fn own_id(&self) -> Result<String, Problem> {
        match &self.session()?.person.role {
            Role::Patient { patient } => Ok(patient.to_string()),
            _ => Err(Problem::Forbidden),
        }
    }

    /// The cursor of a page of a long list.
    pub fn page(&self) -> Option<&str> {
        self.query.get("page").filter(|cursor| !cursor.is_empty())
    }
}

/// What a page answers.
pub enum Answer {
    /// A page.
    Page(Box<Document>),
    /// A page that names what is wrong with its form (422).
    Refused(Box<Document>),
    /// Done: look there (303).
    SeeOther(String),
    /// Done: look there, and keep or forget the session.
    Session(Box<SessionChange>, String),
    /// A live view.
    Live(Response),
}

/// What happens to the session with an answer.
pub enum SessionChange {
    /// Begins, under a new id.
    Begin(Session),
    /// Holds something new under the same id.
    Keep(Session),
    /// Ends at once.
    End,
}

/// Why a page is not shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// Nobody is signed in.
    SignIn,
    /// There is no such page, or this reader may not know of it (404).
    NotFound,
    /// There is no such record, or this reader may not know of it (404).
    RecordNotFound,
    /// This role never opens this page (403).
    Forbidden,
    /// The form did not come from our own page (403).
    ForeignForm,
    /// What was sent is too large or cannot be read (400).
    Unreadable,
    /// The method is not one that the address takes (405).
    Method,
    /// The record cannot be served at the moment (503).
    Unavailable,
    /// Something is wrong inside (500).
    Failed,
}

impl From<Unseen> for Problem {
    fn from(unseen: Unseen) -> Self {
        match unseen {
            Unseen::NotFound => Problem::RecordNotFound,
            Unseen::NoAccess => Problem::Forbidden,
            Unseen::Invalid(_) => Problem::NotFound,
            Unseen::Unavailable => Problem::Unavailable,
            Unseen::Failed => Problem::Failed,
        }
    }
}

/// What every page function returns.
pub type Outcome = Result<Answer, Problem>;
