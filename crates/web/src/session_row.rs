//! A session as the text of a kept row. What cannot be read is no session: a row of an older build signs nobody in.

use crate::form::Fields;
use crate::session::{Assisting, Emergency, Level, Person, Search, Session, Unsent};
use care::Role;
use care::assisted::{Asked, Started};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Row {
    person: [String; 6],
    role: (String, Option<String>),
    level: u8,
    started_at: Timestamp,
    seen_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    emergency: Option<(String, String, Timestamp)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    assisting: Option<(String, String, Option<String>, bool, Timestamp)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    search: Option<(String, [String; 3])>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    notice: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    unsent: Option<(String, String)>,
}

/// The text of a session. `None` for a role that nobody signs in with.
pub fn write(session: &Session) -> Option<String> {
    let person = &session.person;
    let words = [&person.key, &person.name, &person.title, &person.organisation];
    let [key, name, title, organisation] = words.map(String::clone);
    let row = Row {
        person: [key, name, title, organisation, person.ods_code.to_string(), person.id.to_string()],
        role: role_words(&person.role)?,
        level: match session.level {
            Level::P0 => 0,
            Level::P5 => 5,
            Level::P9 => 9,
        },
        started_at: session.started_at,
        seen_at: session.seen_at,
        emergency: session
            .emergency
            .as_ref()
            .map(|one| (one.patient.to_string(), one.reason.clone(), one.until)),
        assisting: session.assisting.as_ref().map(|one| {
            let Started { patient, asked, post } = &one.started;
            let relationship = asked.relationship().map(ToString::to_string);
            (patient.clone(), asked.code().to_owned(), relationship, *post, one.since)
        }),
        search: session.search.as_ref().map(|one| (one.words.clone(), one.born.clone())),
        notice: session.notice.clone(),
        unsent: session.unsent.as_ref().map(|one| (one.path.clone(), one.fields.encoded())),
    };
    serde_json::to_string(&row).ok()
}

/// The session of a text.
pub fn read(text: &str) -> Option<Session> {
    let row: Row = serde_json::from_str(text).ok()?;
    let [key, name, title, organisation, ods_code, id] = row.person;
    let role = role_of(&row.role)?;
    Some(Session {
        person: Person {
            key,
            name,
            title,
            organisation,
            ods_code: ods_code.as_str().into(),
            id: id.as_str().into(),
            role,
        },
        level: match row.level {
            9 => Level::P9,
            5 => Level::P5,
            _ => Level::P0,
        },
        started_at: row.started_at,
        seen_at: row.seen_at,
        emergency: row.emergency.map(|(patient, reason, until)| Emergency {
            patient: patient.as_str().into(),
            reason,
            until,
        }),
        assisting: row.assisting.and_then(|(patient, code, relationship, post, since)| {
            let asked = asked(&code, relationship)?;
            Some(Assisting { started: Started { patient, asked, post }, since })
        }),
        search: row.search.map(|(words, born)| Search { words, born }),
        notice: row.notice,
        unsent: row.unsent.map(|(path, fields)| Unsent { path, fields: Fields::parse(&fields) }),
    })
}

fn asked(code: &str, relationship: Option<String>) -> Option<Asked> {
    match (code, relationship) {
        ("phone", None) => Some(Asked::Phone),
        ("in-person", None) => Some(Asked::InPerson),
        ("writing", None) => Some(Asked::Writing),
        ("carer", Some(id)) => Some(Asked::Carer(id.as_str().into())),
        _ => None,
    }
}

fn role_words(role: &Role) -> Option<(String, Option<String>)> {
    let (word, patient) = match role {
        Role::Patient { patient } => ("patient", Some(patient.to_string())),
        Role::Unproven => ("unproven", None),
        Role::WardStaff { .. } => ("ward", None),
        Role::Surgery { .. } => ("surgery", None),
        Role::Receptionist => ("reception", None),
        Role::Operator => ("operator", None),
        Role::Privacy => ("privacy", None),
        Role::Carer { .. } | Role::Backend { .. } | Role::System => return None,
    };
    Some((word.to_owned(), patient))
}

fn role_of((word, patient): &(String, Option<String>)) -> Option<Role> {
    match (word.as_str(), patient) {
        ("patient", Some(patient)) => Some(Role::Patient { patient: patient.as_str().into() }),
        ("unproven", None) => Some(Role::Unproven),
        ("surgery", None) => Some(Role::Surgery { break_glass: None }),
        ("ward", None) => Some(Role::WardStaff { break_glass: None }),
        ("reception", None) => Some(Role::Receptionist),
        ("operator", None) => Some(Role::Operator),
        ("privacy", None) => Some(Role::Privacy),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use care::view::SAMPLE_NOW;

    #[test]
    fn what_is_written_is_read_back() {
        let roles = [
            Role::Patient { patient: "a".into() },
            Role::WardStaff { break_glass: None },
            Role::Surgery { break_glass: None },
            Role::Unproven,
            Role::Receptionist,
            Role::Operator,
            Role::Privacy,
        ];
        for role in roles {
            let person = Person {
                key: "k".into(),
                name: "O'Neil \"Ann\"".into(),
                title: "Nurse".into(),
                organisation: "Example".into(),
                ods_code: "XEX01".into(),
                id: "Practitioner/k".into(),
                role,
            };
            let until = SAMPLE_NOW;
            let session = Session {
                emergency: Some(Emergency { patient: "b".into(), reason: "unconscious".into(), until }),
                assisting: Some(Assisting {
                    started: Started { patient: "p".into(), asked: Asked::Carer("r".into()), post: false },
                    since: SAMPLE_NOW,
                }),
                search: Some(Search { words: "Ann".into(), born: ["1".into(), "2".into(), "1970".into()] }),
                notice: Some("Saved".into()),
                unsent: Some(Unsent { path: "/x".into(), fields: Fields::parse("note=a%26b&note=c") }),
                ..Session::new(person, Level::P5, SAMPLE_NOW)
            };
            assert_eq!(read(&write(&session).unwrap()), Some(session));
        }
        assert_eq!(read("{}"), None);
    }
}
