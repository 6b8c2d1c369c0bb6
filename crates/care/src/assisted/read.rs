//! Whose place staff may take: read as they themselves, at every request.

use super::view::{Asker, InPlace, Person, Started};
use super::{Behalf, PREFIX};
use crate::family::{self, Acting, Category};
use crate::lookup::{present, unseen};
use crate::patient_search::{self, Ask, Matches};
use crate::profile::contacts::at_present;
use crate::view::{Unseen, When};
use crate::words;
use fhir::json::Value;
use fhir::views::{Address, Patient};
use store::{Actor, Purpose, Role, Store, Withheld};

/// Staff in their own role, without emergency access: that is for care, not for errands. Until it was said who asks, it is the
/// service's own look: whoever is found has not asked for anything yet.
fn staff(actor: &Actor) -> Result<Actor, Unseen> {
    let role = match actor.role {
        Role::WardStaff { .. } => Role::WardStaff { break_glass: None },
        Role::Surgery { .. } => Role::Surgery { break_glass: None },
        Role::Receptionist => Role::Receptionist,
        _ => return Err(Unseen::NotFound),
    };
    Ok(Actor { role, purpose: Purpose::Operations, behalf: None, ..actor.clone() })
}

/// The people who answer a question, among those whom the actor's organisation cares for. A name alone is no question.
pub(super) async fn search(store: &Store, actor: &Actor, ask: &Ask) -> Result<Matches, Unseen> {
    if matches!(ask, Ask::Name(_)) {
        return Err(Unseen::Invalid(String::from("a name needs a date of birth")));
    }
    let staff = staff(actor)?;
    match patient_search::read(store, &staff, ask).await? {
        // A desk finds whom its organisation had in its care, too; in their place it does nothing any more.
        Matches::Found(all) if matches!(staff.role, Role::Receptionist) => {
            let read = store.read(staff, move |snapshot| {
                let mut cared = Vec::new();
                for one in all {
                    if snapshot.cares_for(&one.patient_id)? {
                        cared.push(one);
                    }
                }
                Ok(Matches::Found(cared))
            });
            read.await.map_err(|error| unseen(&error))
        }
        found => Ok(found),
    }
}

/// The person of an id, for the page that asks whether it is they.
pub(super) async fn person(store: &Store, actor: &Actor, patient: &str) -> Result<Person, Unseen> {
    let (now, patient) = (store.environment().clock.now(), patient.to_owned());
    let staff = staff(actor)?;
    // Who may ask for a patient is not a desk's to read: the house reads it, and shows their names.
    let eyes = match staff.role {
        Role::Receptionist => Actor::system(actor.trace.clone()),
        _ => staff.clone(),
    };
    let read = store.read(staff, move |snapshot| {
        if !snapshot.cares_for(&patient)? {
            return Err(store::Error::NotFound);
        }
        let person = at_present(&present(snapshot, "Patient", &patient)?, now);
        let born = born(&person);
        Ok(Person {
            name: words::name(&person),
            born,
            age: words::age(born, now),
            nhs_number: Patient(&person).nhs_number().map(str::to_owned),
            address: envelope(&person),
            phone: phone(&person),
            askers: Vec::new(),
            closed: closed(&person),
            patient,
        })
    });
    let person = read.await.map_err(|error| unseen(&error))?;
    let about = person.patient.clone();
    let askers = store.read(eyes, move |snapshot| family::askers(snapshot, &about, now));
    let askers = askers.await.map_err(|error| unseen(&error))?;
    let asker = |one: family::Relationship| Asker {
        relationship: one.id.to_string(),
        name: one.carer_name,
        kin: one.kin,
    };
    Ok(Person { askers: askers.into_iter().map(asker).collect(), ..person })
}

/// What staff may do in a patient's place at this moment. Everything that is not open answers as if there were nothing.
pub(super) async fn standing(store: &Store, actor: &Actor, started: &Started) -> Result<Acting, Unseen> {
    let (staff, now) = (staff(actor)?, store.environment().clock.now());
    let (withheld, categories, asker) = match started.asked.relationship() {
        None => (Withheld::default(), Category::ALL.to_vec(), None),
        Some(relationship) => {
            let (id, patient) = (relationship.to_string(), started.patient.clone());
            let system = Actor::system(actor.trace.clone());
            let read = store.read(system, move |snapshot| family::asker(snapshot, (&id, &patient), now));
            let (one, withheld) = read.await.map_err(|error| unseen(&error))?;
            (withheld, one.categories, Some(one.carer_name))
        }
    };
    let behalf = Behalf {
        patient: started.patient.as_str().into(),
        asked: started.asked.clone(),
        post: started.post,
        withheld,
    };
    let role = staff.role.clone();
    let read = store.read(staff.asked_by(behalf.clone()), move |snapshot| {
        let person = at_present(&present(snapshot, "Patient", &behalf.patient)?, now);
        if closed(&person) {
            return Err(store::Error::NotFound);
        }
        let address = envelope(&person);
        Ok(Acting {
            relationship: format!("{PREFIX}{}", behalf.patient),
            patient: behalf.patient.to_string(),
            name: family::called(&person),
            role,
            categories,
            in_place: Some(InPlace {
                behalf,
                born: born(&person),
                nhs_number: Patient(&person).nhs_number().map(str::to_owned),
                asker,
                address: (!address.is_empty()).then(|| address.join(", ")),
            }),
        })
    });
    read.await.map_err(|error| unseen(&error))
}

/// Whether nothing is done in this record any more.
fn closed(person: &Value) -> bool {
    family::died(person) || Patient(person).linked("replaced-by").next().is_some()
}

fn born(person: &Value) -> Option<When> {
    Patient(person).birth_date().and_then(words::when)
}

/// Where they live, line by line; of a person as they are at present.
pub(super) fn envelope(person: &Value) -> Vec<String> {
    let lines = Patient(person).address().map(Address::envelope);
    lines.into_iter().flatten().map(str::to_owned).collect()
}

fn phone(person: &Value) -> Option<String> {
    let mut phones = person
        .items("telecom")
        .iter()
        .filter(|one| matches!(one.text_at(&["system"]), Some("phone" | "sms")));
    phones.find_map(|one| one.text_at(&["value"])).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(more: &str) -> Value {
        let text = format!(r#"{{"resourceType":"Patient","id":"p"{more}}}"#);
        fhir::json::parse(text.as_bytes(), &fhir::json::Limits::default()).unwrap()
    }

    #[test]
    fn nothing_is_done_for_the_dead_nor_in_a_record_that_was_replaced() {
        for (more, expected) in [
            ("", false),
            (r#","deceasedBoolean":false"#, false),
            (r#","deceasedBoolean":true"#, true),
            (r#","deceasedDateTime":"2026-01-01""#, true),
            (r#","link":[{"other":{"reference":"Patient/q"},"type":"replaced-by"}]"#, true),
            (r#","link":[{"other":{"reference":"Patient/q"},"type":"replaces"}]"#, false),
        ] {
            assert_eq!(closed(&person(more)), expected, "{more}");
        }
    }

    #[test]
    fn only_wards_desks_and_surgeries_take_a_patients_place() {
        let actor = |role| Actor { role, ..Actor::system("t") };
        for (role, may) in [
            (Role::WardStaff { break_glass: None }, true),
            (Role::Surgery { break_glass: None }, true),
            (Role::Receptionist, true),
            (Role::Privacy, false),
            (Role::Operator, false),
            (Role::Unproven, false),
            (Role::Patient { patient: "p".into() }, false),
            (Role::System, false),
        ] {
            assert_eq!(staff(&actor(role.clone())).is_ok(), may, "{role:?}");
        }
    }

    #[test]
    fn what_staff_compare_is_what_is_in_force() {
        let one = person(
            r#","telecom":[{"system":"email","value":"a@b"},{"system":"phone","use":"old","value":"1"},
            {"system":"phone","value":"2","period":{"end":"2020"}},{"system":"phone","value":"3"}],
            "address":[{"use":"home","line":["1 Old Street"],"period":{"end":"2024-05-31"}},{"line":["2 New Street"]}],
            "name":[{"use":"official","family":"Before","period":{"end":"2024-05-31"}},{"family":"Now"}],
            "identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990079196","period":{"end":"2024-05-31"}}]"#,
        );
        let one = at_present(&one, "2026-11-22T10:00:00Z".parse().unwrap());
        assert_eq!(phone(&one).as_deref(), Some("3"));
        assert_eq!(envelope(&one), ["2 New Street"]);
        assert_eq!(family::called(&one), "NOW");
        assert_eq!(Patient(&one).nhs_number(), None);
    }
}
