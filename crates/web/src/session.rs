//! Who is signed in, on which browser, until when. A session's id is 256 unguessable bits that only the browser holds:
//! the server keeps their hash. Idle sessions end after 30 minutes and all after 12 hours (security rules, section 6).

use crate::form::Fields;
use crate::planted::{Bug, planted};
use care::assisted::Started;
use care::{Actor, BreakGlass, Entropy, Purpose, Role, Text};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

/// A session without a request ends after this long.
pub const IDLE: SignedDuration = SignedDuration::from_mins(30);
/// Every session ends after this long.
pub const ABSOLUTE: SignedDuration = SignedDuration::from_hours(12);
/// What staff do in a patient's place ends after this long: who asked was checked on one call or at one visit.
pub const ASSISTING: SignedDuration = SignedDuration::from_hours(1);
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

/// What somebody at work does in one patient's place. It opens nothing by itself: the address names the patient as well,
/// and both must say the same, so that a page of an earlier patient in another tab is never sent for a later one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assisting {
    /// For whom, and how they asked.
    pub started: Started,
    /// Since when.
    pub since: Timestamp,
}

/// What was typed into the search, kept here so that no personal value stands in an address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Search {
    /// NHS number or name.
    pub words: String,
    /// Day, month and year of birth as typed.
    pub born: [String; 3],
}

/// A form that was sent after its session had ended, given back when the same person signs in again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Unsent {
    /// Where it was sent.
    pub path: String,
    /// What it held, without its token and key.
    pub fields: Fields,
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
    /// In whose place something is being done.
    pub assisting: Option<Assisting>,
    /// The last search.
    pub search: Option<Search>,
    /// A sentence for the next page, shown once.
    pub notice: Option<String>,
    /// A form that could not be taken because the session before this one had ended.
    pub unsent: Option<Unsent>,
}

impl Session {
    /// A session that begins now.
    pub fn new(person: Person, level: Level, now: Timestamp) -> Self {
        Self {
            person,
            level,
            started_at: now,
            seen_at: now,
            emergency: None,
            assisting: None,
            search: None,
            notice: None,
            unsent: None,
        }
    }

    /// Takes over what a request made of this session, field by field: what it left as it had found it stays as it is here,
    /// so that of two requests at once neither undoes what the other did. Who it is and since when never changes.
    pub fn take_over(&mut self, found: &Self, left: &Self) {
        fn one<T: Clone + PartialEq>(here: &mut T, found: &T, left: &T) {
            if left != found {
                here.clone_from(left);
            }
        }
        let Self {
            person: _,
            level: _,
            started_at: _,
            seen_at: _,
            emergency,
            assisting,
            search,
            notice,
            unsent,
        } = left;
        one(&mut self.emergency, &found.emergency, emergency);
        one(&mut self.assisting, &found.assisting, assisting);
        one(&mut self.search, &found.search, search);
        one(&mut self.notice, &found.notice, notice);
        one(&mut self.unsent, &found.unsent, unsent);
    }

    /// Whether the person is at work here.
    pub fn is_staff(&self) -> bool {
        !matches!(self.person.role, Role::Patient { .. } | Role::Unproven)
    }

    /// Whether it still holds.
    pub fn is_live(&self, now: Timestamp) -> bool {
        let idle = now.duration_since(self.seen_at) >= IDLE && !planted(Bug::Idle);
        !idle && now.duration_since(self.started_at) < ABSOLUTE
    }

    /// The emergency access that still holds.
    pub fn emergency(&self, now: Timestamp) -> Option<&Emergency> {
        self.emergency.as_ref().filter(|access| now < access.until || planted(Bug::Emergency))
    }

    /// In whose place something is being done, while that holds.
    pub fn assisting(&self, now: Timestamp) -> Option<&Assisting> {
        self.assisting.as_ref().filter(|one| now.duration_since(one.since) < ASSISTING)
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
            // Whoever has not proved who they are reaches no record, not even the one they say is theirs.
            (Role::Patient { .. }, _) if self.level < Level::P9 => (Role::Unproven, Purpose::PatientRequest),
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
            behalf: None,
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

    /// The key as a word, for the row that keeps the session.
    pub fn word(&self) -> String {
        hex(&self.0)
    }
}

/// An unguessable id: 256 bits in hexadecimal.
pub fn fresh_id(entropy: &dyn Entropy) -> String {
    let mut bytes = [0u8; 32];
    entropy.fill(&mut bytes);
    hex(&bytes)
}

/// A hash as a word of 64 letters.
pub fn hash(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
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
    fn doing_something_in_a_patients_place_ends_by_itself() {
        let mut session = Session::new(person(Role::Surgery { break_glass: None }), Level::P9, SAMPLE_NOW);
        let started = Started { patient: "a".into(), asked: care::assisted::Asked::Phone, post: true };
        session.assisting = Some(Assisting { started, since: SAMPLE_NOW });
        assert!(session.assisting(SAMPLE_NOW + SignedDuration::from_secs(3599)).is_some());
        assert!(session.assisting(SAMPLE_NOW + ASSISTING).is_none());
    }

    #[test]
    fn a_patient_who_has_not_proved_it_is_nobody_to_the_record() {
        for (level, proven) in [(Level::P0, false), (Level::P5, false), (Level::P9, true)] {
            let session = Session::new(person(Role::Patient { patient: "a".into() }), level, SAMPLE_NOW);
            let role = session.actor("t", Some("a"), SAMPLE_NOW).role;
            assert_eq!(role == session.person.role, proven);
            assert_eq!(role == Role::Unproven, !proven);
        }
    }

    #[test]
    fn a_patient_never_gets_emergency_access() {
        let mut session = Session::new(person(Role::Patient { patient: "a".into() }), Level::P9, SAMPLE_NOW);
        let until = SAMPLE_NOW + EMERGENCY;
        session.emergency = Some(Emergency { patient: "other".into(), reason: "x".into(), until });
        assert_eq!(session.actor("t", Some("other"), SAMPLE_NOW).role, session.person.role);
    }
}
