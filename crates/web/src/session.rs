//! Who is signed in, on which browser, until when. A session's id is 256 unguessable bits that only the browser holds:
//! the server keeps their hash. Idle sessions end after 30 minutes and all after 12 hours (security rules, section 6).

use care::{Actor, BreakGlass, Entropy, Purpose, Role, Text};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A session without a request ends after this long.
pub const IDLE: SignedDuration = SignedDuration::from_mins(30);
/// Every session ends after this long.
pub const ABSOLUTE: SignedDuration = SignedDuration::from_hours(12);
/// Emergency access to one record ends after this long.
pub const EMERGENCY: SignedDuration = SignedDuration::from_hours(4);

/// How well somebody proved who they are when they signed in (the national login's levels).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Level {
    /// An email address and a phone.
    #[default]
    P0,
    /// Some checks.
    P5,
    /// Proved: everything.
    P9,
}

/// Somebody who can sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Short name for forms, unique among the people.
    pub key: String,
    /// Display name.
    pub name: String,
    /// Role in words.
    pub title: String,
    /// Organisation in words; empty for patients.
    pub organisation: String,
    /// The organisation's ODS code; empty for patients.
    pub ods_code: Text,
    /// Reference to the person: `Practitioner/…` or `Patient/…`.
    pub id: Text,
    /// What the person may do.
    pub role: Role,
}

/// Emergency access to one patient's record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emergency {
    /// Id of the Patient.
    pub patient: Text,
    /// The reason that was given.
    pub reason: String,
    /// When it ends.
    pub until: Timestamp,
}

/// What was typed into the search, kept here so that no personal value stands in an address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Search {
    /// NHS number or name.
    pub words: String,
    /// Day, month and year of birth as typed.
    pub born: [String; 3],
}

/// A signed-in browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Who.
    pub person: Person,
    /// How well they proved it.
    pub level: Level,
    /// Since when.
    pub started_at: Timestamp,
    /// When last seen.
    pub seen_at: Timestamp,
    /// Emergency access, while it lasts.
    pub emergency: Option<Emergency>,
    /// The last search.
    pub search: Option<Search>,
    /// A sentence for the next page, shown once.
    pub notice: Option<String>,
}

impl Session {
    /// A session that begins now.
    pub fn new(person: Person, level: Level, now: Timestamp) -> Self {
        Self { person, level, started_at: now, seen_at: now, emergency: None, search: None, notice: None }
    }

    /// Whether it still holds.
    pub fn is_live(&self, now: Timestamp) -> bool {
        now.duration_since(self.seen_at) < IDLE && now.duration_since(self.started_at) < ABSOLUTE
    }

    /// The emergency access that still holds.
    pub fn emergency(&self, now: Timestamp) -> Option<&Emergency> {
        self.emergency.as_ref().filter(|access| now < access.until)
    }

    /// The actor of a request. Emergency access is used only for the patient it names.
    pub fn actor(&self, trace: &str, patient: Option<&str>, now: Timestamp) -> Actor {
        let emergency = self.emergency(now).filter(|access| Some(access.patient.as_str()) == patient);
        let (role, purpose) = match (&self.person.role, emergency) {
            (Role::WardStaff { .. }, Some(access)) => {
                let glass = BreakGlass { patient: access.patient.clone(), reason: access.reason.clone() };
                (Role::WardStaff { break_glass: Some(glass) }, Purpose::EmergencyTreat)
            }
            (Role::Surgery { .. }, Some(access)) => {
                let glass = BreakGlass { patient: access.patient.clone(), reason: access.reason.clone() };
                (Role::Surgery { break_glass: Some(glass) }, Purpose::EmergencyTreat)
            }
            (Role::Surgery { .. }, None) => (Role::Surgery { break_glass: None }, Purpose::Treat),
            (Role::Unproven, _) => (Role::Unproven, Purpose::PatientRequest),
            (Role::WardStaff { .. }, None) => (Role::WardStaff { break_glass: None }, Purpose::Treat),
            (Role::Receptionist, _) => (Role::Receptionist, Purpose::Operations),
            (Role::Patient { patient }, _) => {
                (Role::Patient { patient: patient.clone() }, Purpose::PatientRequest)
            }
            (other, _) => (other.clone(), Purpose::Operations),
        };
        Actor {
            id: self.person.id.clone(),
            name: self.person.name.clone(),
            role,
            organisation: self.person.ods_code.clone(),
            purpose,
            trace: Text::from(trace),
            via: None,
        }
    }
}

/// The hash under which a session is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionKey([u8; 32]);

impl SessionKey {
    /// The key of the id that a browser holds.
    pub fn of(id: &str) -> Self {
        Self(Sha256::digest(id.as_bytes()).into())
    }
}

/// An unguessable id: 256 bits in hexadecimal.
pub fn fresh_id(entropy: &dyn Entropy) -> String {
    let mut bytes = [0u8; 32];
    entropy.fill(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Where sessions are kept: in memory here, or by the binary in something that outlives the process.
pub trait Sessions: Send + Sync {
    /// Keeps a session that begins.
    fn begin(&self, key: SessionKey, session: Session);
    /// The session of a key while it holds.
    fn get(&self, key: &SessionKey, now: Timestamp) -> Option<Session>;
    /// As `get`, and puts its idle end off: somebody is there.
    fn touch(&self, key: &SessionKey, now: Timestamp) -> Option<Session>;
    /// Keeps what changed in a session; a session that was ended meanwhile stays ended.
    fn keep(&self, key: &SessionKey, session: Session);
    /// Ends a session at once.
    fn end(&self, key: &SessionKey);
    /// Forgets every session that no longer holds.
    fn sweep(&self, now: Timestamp);
}

/// Sessions that end with the process.
#[derive(Default)]
pub struct MemorySessions(Mutex<HashMap<SessionKey, Session>>);

impl MemorySessions {
    fn all(&self) -> MutexGuard<'_, HashMap<SessionKey, Session>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sessions for MemorySessions {
    fn begin(&self, key: SessionKey, session: Session) {
        self.all().insert(key, session);
    }

    fn get(&self, key: &SessionKey, now: Timestamp) -> Option<Session> {
        self.all().get(key).filter(|session| session.is_live(now)).cloned()
    }

    fn touch(&self, key: &SessionKey, now: Timestamp) -> Option<Session> {
        let mut all = self.all();
        let session = all.get_mut(key).filter(|session| session.is_live(now))?;
        session.seen_at = now;
        Some(session.clone())
    }

    fn keep(&self, key: &SessionKey, session: Session) {
        if let Some(kept) = self.all().get_mut(key) {
            *kept = session;
        }
    }

    fn end(&self, key: &SessionKey) {
        self.all().remove(key);
    }

    fn sweep(&self, now: Timestamp) {
        self.all().retain(|_, session| session.is_live(now));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use care::view::SAMPLE_NOW;

    fn person(role: Role) -> Person {
        let text = || String::from("x");
        Person {
            key: text(),
            name: text(),
            title: text(),
            organisation: text(),
            ods_code: "XEX01".into(),
            id: "x".into(),
            role,
        }
    }

    #[test]
    fn sessions_end_when_idle_and_in_any_case() {
        let mut session = Session::new(person(Role::WardStaff { break_glass: None }), Level::P9, SAMPLE_NOW);
        assert!(session.is_live(SAMPLE_NOW + SignedDuration::from_secs(1799)));
        assert!(!session.is_live(SAMPLE_NOW + IDLE));
        session.seen_at = SAMPLE_NOW + ABSOLUTE;
        assert!(!session.is_live(SAMPLE_NOW + ABSOLUTE), "a busy session ends too");
    }

    #[test]
    fn emergency_access_is_for_one_patient_and_ends() {
        let mut session = Session::new(person(Role::WardStaff { break_glass: None }), Level::P9, SAMPLE_NOW);
        let until = SAMPLE_NOW + EMERGENCY;
        session.emergency = Some(Emergency { patient: "a".into(), reason: "unconscious".into(), until });
        let glass = |patient, at| match session.actor("t", patient, at).role {
            Role::WardStaff { break_glass } => break_glass.map(|glass| glass.reason),
            _ => None,
        };
        assert_eq!(glass(Some("a"), SAMPLE_NOW), Some("unconscious".to_owned()));
        assert_eq!(glass(Some("b"), SAMPLE_NOW), None);
        assert_eq!(glass(None, SAMPLE_NOW), None);
        assert_eq!(glass(Some("a"), until), None);
        assert_eq!(session.actor("t", Some("a"), SAMPLE_NOW).purpose, Purpose::EmergencyTreat);
    }

    #[test]
    fn a_patient_never_gets_emergency_access() {
        let mut session = Session::new(person(Role::Patient { patient: "a".into() }), Level::P9, SAMPLE_NOW);
        let until = SAMPLE_NOW + EMERGENCY;
        session.emergency = Some(Emergency { patient: "other".into(), reason: "x".into(), until });
        assert_eq!(session.actor("t", Some("other"), SAMPLE_NOW).role, session.person.role);
    }

    #[test]
    fn an_ended_session_is_gone_at_once_and_stays_gone() {
        let sessions = MemorySessions::default();
        let key = SessionKey::of("id");
        sessions
            .begin(key, Session::new(person(Role::Patient { patient: "a".into() }), Level::P9, SAMPLE_NOW));
        let held = sessions.touch(&key, SAMPLE_NOW + SignedDuration::from_mins(29)).unwrap();
        assert!(sessions.get(&key, SAMPLE_NOW + IDLE).is_some(), "touching puts the idle end off");
        sessions.end(&key);
        sessions.keep(&key, held);
        assert!(sessions.get(&key, SAMPLE_NOW).is_none(), "a slow request cannot bring it back");
    }
}
