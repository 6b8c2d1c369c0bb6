//! One request as pages see it: who asks, from where, with what; and what a page may answer.

use crate::form::{Fields, ONCE_FIELD};
use crate::layout::Document;
use crate::pages::address;
use crate::planted::{Bug, planted};
use crate::session::{Session, SessionKey};
use axum::http::StatusCode;
use axum::response::Response;
use care::family::Acting;
use care::view::Unseen;
use care::{Actor, Role};
use jiff::Timestamp;
use std::sync::atomic::AtomicU32;

/// The address of a mirrored page for somebody who acts for another.
pub fn link_for(acting: &Acting, path: &str) -> String {
    format!("/as/{}{path}", address(&acting.relationship))
}

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
    /// The answers of a form that was sent here after the last session had ended; empty otherwise.
    pub restored: Fields,
    /// Stands for the browser before anybody is signed in.
    pub browser: String,
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
    /// For whom, when not for themselves.
    pub acting: Option<Acting>,
    /// How many forms of this page have a key already.
    pub keyed: AtomicU32,
    /// The `Last-Event-ID` of a live view that comes back.
    pub last_event: Option<String>,
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

    /// The actor for anything that is about no single patient, and for the patient's own record.
    pub fn actor(&self) -> Result<Actor, Problem> {
        let actor = self.session()?.actor(&self.trace, None, self.now);
        Ok(match &self.acting {
            Some(acting) => match &acting.in_place {
                Some(place) => actor.asked_by(place.behalf.clone()),
                None => Actor { role: acting.role.clone(), ..actor },
            },
            None => actor,
        })
    }

    /// The actor for one patient's record, with emergency access where it was asked for.
    pub fn actor_for(&self, patient: &str) -> Result<Actor, Problem> {
        if planted(Bug::Actor) {
            return Ok(Actor::system(self.trace.as_str()));
        }
        match &self.acting {
            Some(_) => self.actor(),
            None => Ok(self.session()?.actor(&self.trace, Some(patient), self.now)),
        }
    }

    /// Whose record a patient's page is about: their own, or that of the person they act for.
    pub fn patient_id(&self) -> Result<&str, Problem> {
        match (&self.acting, &self.session()?.person.role) {
            (Some(acting), _) => Ok(&acting.patient),
            (None, Role::Patient { patient }) => Ok(patient.as_str()),
            (None, _) => Err(Problem::Forbidden),
        }
    }

    /// Whether this is staff at work in a patient's place.
    pub fn is_in_place(&self) -> bool {
        self.acting.as_ref().is_some_and(|acting| acting.in_place.is_some())
    }

    /// The address of a mirrored page, for whoever is acted for: `visit.link("/prescriptions")`.
    pub fn link(&self, path: &str) -> String {
        match &self.acting {
            Some(acting) => link_for(acting, path),
            None => path.to_owned(),
        }
    }

    /// The key of the form that was sent: the same when it is sent twice. It goes to the slice in `care`, which does the
    /// work once for each key.
    pub fn once(&self) -> Result<&str, Problem> {
        let key = self.form.text(ONCE_FIELD);
        let fits = (1..=64).contains(&key.len())
            && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if fits { Ok(key) } else { Err(Problem::Unreadable) }
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
    /// A page with another status, such as 409 when somebody else was faster.
    With(StatusCode, Box<Document>),
    /// A file to keep.
    File(File),
    /// A live view.
    Live(Response),
}

/// A file to keep: a calendar entry, a letter, a copy of the record.
pub struct File {
    /// Its media type.
    pub kind: &'static str,
    /// Its name, of plain letters, digits, dots and dashes.
    pub name: String,
    /// What it holds.
    pub body: Vec<u8>,
    /// Whether a browser may show it in place of a page: pictures alone.
    pub shown: bool,
}

impl File {
    /// A file to keep.
    pub fn kept(kind: &'static str, name: &str, body: Vec<u8>) -> Self {
        Self { kind, name: name.to_owned(), body, shown: false }
    }
}

impl Answer {
    /// A page.
    pub fn page(document: Document) -> Outcome {
        Ok(Answer::Page(Box::new(document)))
    }

    /// A page that names what is wrong with its form: 422, and `Error: ` in its title.
    pub fn refused(document: Document) -> Outcome {
        Ok(Answer::Refused(Box::new(Document { refused: true, ..document })))
    }

    /// Done: look there.
    pub fn see(place: impl Into<String>) -> Outcome {
        Ok(Answer::SeeOther(place.into()))
    }
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
    /// Signed in, but not proved who they are.
    Prove,
    /// Staff who have not said that this patient asked them.
    Confirm(String),
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
