//! What the pages about messages show.

use super::cascade::Step;
use super::rules::Standing;
use crate::profile::{Format, Preferences};
use crate::view::Section;
use jiff::{Timestamp, civil::Date};

/// Somebody who takes part in a thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Party {
    /// The person whom the record is about.
    Patient,
    /// A surgery, a hospital.
    Organisation {
        /// Id of the Organization.
        id: String,
        /// Its ODS code; empty when it is not known.
        ods: String,
        /// Its name.
        name: String,
    },
    /// Whoever else is named.
    Other {
        /// In words.
        name: String,
    },
}

impl Party {
    /// The id of an organisation.
    pub fn organisation(&self) -> Option<&str> {
        match self {
            Self::Organisation { id, .. } => Some(id),
            Self::Patient | Self::Other { .. } => None,
        }
    }
}

/// What a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A message between people.
    Message,
    /// A question to the surgery.
    Question,
    /// The service tells what was decided about family access.
    Family,
    /// An application to act for somebody, as the applicant keeps it.
    Application,
    /// A letter that says what staff did for the person.
    Assisted,
    /// Word of a letter or document in the record.
    Letter,
    /// Word of something, to which nobody reads answers.
    Notice,
    /// What came of the review of a look in an emergency.
    Review,
    /// The mark that an organisation has closed a thread.
    Closed,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Message,
        Self::Question,
        Self::Family,
        Self::Application,
        Self::Assisted,
        Self::Letter,
        Self::Notice,
        Self::Review,
        Self::Closed,
    ];

    /// Whether answers to it are read.
    pub fn is_talk(self) -> bool {
        matches!(self, Self::Message | Self::Question)
    }

    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Question => "ask-surgery",
            Self::Family => "family-notice",
            Self::Application => "family-application",
            Self::Assisted => "assisted",
            Self::Letter => "letter",
            Self::Notice => "notice",
            Self::Review => "break-glass-review",
            Self::Closed => "thread-closed",
        }
    }

    /// The kind of a code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// A document that a message brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its title.
    pub title: String,
    /// The id of the DocumentReference, where it is kept here.
    pub document: Option<String>,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: String,
    /// The id of its thread's first message.
    pub thread: String,
    /// The id of the Patient.
    pub patient: String,
    /// Who said it; `None` when nobody is named.
    pub from: Option<Party>,
    /// To whom.
    pub to: Vec<Party>,
    /// What it is.
    pub kind: Kind,
    /// What it is about.
    pub subject: Option<String>,
    /// What it says.
    pub text: String,
    /// When it was sent.
    pub sent: Timestamp,
    /// When the patient opened it.
    pub opened: Option<Timestamp>,
    /// The referral it is about.
    pub referral: Option<String>,
    /// The person who wrote it.
    pub written_by: Option<String>,
    /// Documents that it brings.
    pub attachments: Vec<Attachment>,
    /// Ids of the organisations, and of people who act for the patient, that have read it.
    pub read_by: Vec<String>,
    /// Whether it waits for an answer.
    pub waits: bool,
    /// Ids of the organisations for which it needs no answer any more.
    pub done_by: Vec<String>,
    /// What was tried to bring it.
    pub steps: Vec<Step>,
    /// Whether it is still being brought.
    pub due: bool,
    /// Whether it could not be brought in any way.
    pub lost: bool,
}

impl Message {
    /// Whether the patient has not opened it yet.
    pub fn is_new_to_patient(&self) -> bool {
        let told = self.from != Some(Party::Patient)
            && !matches!(self.kind, Kind::Application | Kind::Closed | Kind::Question);
        told && self.opened.is_none()
    }

    /// Whether somebody who acts for the patient has not opened it yet.
    pub fn is_new_to_carer(&self, person: &str) -> bool {
        self.is_new_to_patient() && !self.read_by.iter().any(|one| one == person)
    }

    /// Whether it is addressed to an organisation.
    pub fn is_to(&self, organisation: &str) -> bool {
        self.to.iter().any(|party| party.organisation() == Some(organisation))
    }

    /// Whether an organisation has not read it yet.
    pub fn is_new_to(&self, organisation: &str) -> bool {
        let own = self.from.as_ref().and_then(Party::organisation) == Some(organisation);
        let read = self.read_by.iter().any(|one| one == organisation);
        self.is_to(organisation) && !own && !read && self.kind != Kind::Closed
    }

    /// Whether it waits for an answer of an organisation.
    pub fn waits_for(&self, organisation: &str) -> bool {
        self.waits && self.is_to(organisation) && !self.done_by.iter().any(|one| one == organisation)
    }
}

/// A thread in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The thread's id.
    pub thread: String,
    /// What its first message is, where it is among those read.
    pub kind: Kind,
    /// What it is about.
    pub subject: Option<String>,
    /// Who takes part besides the patient, by name.
    pub with: Vec<String>,
    /// Who wrote last.
    pub last_from: Option<Party>,
    /// When.
    pub last_at: Timestamp,
    /// How many messages the reader has not opened.
    pub unread: usize,
    /// Whether it is about a referral.
    pub referral: bool,
    /// The patient's name, in lists of staff.
    pub patient: Option<String>,
    /// Since when the patient waits for an answer of the reader's organisation.
    pub waits_since: Option<Timestamp>,
    /// The day by whose end they are to have it.
    pub answer_by: Option<Date>,
    /// Whether what waits sounds as if it could not wait.
    pub urgent: bool,
}

/// A person's inbox, or an organisation's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbox {
    /// When it was read.
    pub read_at: Timestamp,
    /// The threads, newest first.
    pub threads: Section<Line>,
}

/// What is new in a person's inbox.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct News {
    /// How many messages they have not opened.
    pub count: u64,
    /// Who wrote the newest of them, where that is named.
    pub from: Option<String>,
    /// When it was sent.
    pub newest: Option<Timestamp>,
}

/// One thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thread {
    /// Its id.
    pub id: String,
    /// The id of the Patient.
    pub patient: String,
    /// The patient's name.
    pub name: String,
    /// What it is about.
    pub subject: Option<String>,
    /// What its first message is.
    pub kind: Kind,
    /// The messages, oldest first.
    pub messages: Vec<Message>,
    /// Who takes part besides the patient, by name.
    pub with: Vec<String>,
    /// Whether it can be answered.
    pub standing: Standing,
    /// Who reads an answer now, by name, besides the reader's own organisation and the patient.
    pub readers: Vec<String>,
    /// Since when the patient waits for an answer of the reader's organisation.
    pub waits_since: Option<Timestamp>,
    /// What the referral is for, where it is about one.
    pub referral: Option<String>,
    /// How the patient wants to be reached.
    pub preferences: Preferences,
    /// When it was read.
    pub read_at: Timestamp,
}

/// To whom a new message can go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressee {
    /// `surgery`, or the id of a referral.
    pub key: String,
    /// The surgery, or the hospital of the referral.
    pub name: String,
    /// What the referral is for.
    pub referral: Option<String>,
    /// A phone number for what cannot wait.
    pub phone: Option<String>,
}

/// To whom a person can write, and what they have to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desk {
    /// To whom.
    pub addressees: Vec<Addressee>,
    /// The patient's name.
    pub name: String,
    /// How the patient wants to be reached.
    pub preferences: Preferences,
}

/// A letter to be printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Its reference.
    pub id: String,
    /// The name of the person.
    pub name: String,
    /// The envelope's lines below the name.
    pub address: Vec<String>,
    /// The organisation that sends it.
    pub from: String,
    /// Its phone number.
    pub phone: Option<String>,
    /// What it is about.
    pub subject: Option<String>,
    /// What kind of message it is.
    pub kind: Kind,
    /// What it says.
    pub text: String,
    /// Who signs.
    pub signed: Option<String>,
    /// Its date.
    pub sent: Timestamp,
    /// How it must look.
    pub format: Format,
    /// Titles of documents that come with it.
    pub attachments: Vec<String>,
    /// The person's language, when one is recorded and is not English.
    pub language: Option<String>,
    /// Whether they need an interpreter.
    pub interpreter: bool,
}
