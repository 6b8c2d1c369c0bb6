//! Reading relationships: at every request for whoever acts, and for the pages of all three sides.
//!
//! Whether somebody may act is asked with the system's own eyes, because whoever asks must learn nothing but the answer.
//! What is then shown of the person cared for is read as the carer, and audited as theirs.

use super::document::{
    APPLICATION, APPLICATION_SYSTEM, CARER_SYSTEM, KIND_SYSTEM, SUSPENDED_FROM, extension,
};
use super::matters::what;
use super::relationship::{Relationship, Stage};
use super::standing::{Ages, Cared, Standing, standing};
use super::view::{Acting, CaredFor, Case, Family, Helper, Waiting};
use super::withheld::withheld;
use crate::lookup::{all, id, unseen};
use crate::planted::{Bug, planted};
use crate::view::Unseen;
use crate::words;
use fhir::json::{Text, Value};
use fhir::views::{HumanName, Patient};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use store::{Actor, Error, Role, Snapshot, Store, Withheld};

/// An application that nothing came of is shown for this long.
pub(super) const WAITS: SignedDuration = SignedDuration::from_hours(90 * 24);

/// A document, when it is there for this actor.
pub(super) fn document(snapshot: &mut Snapshot, type_: &str, id: &str) -> Result<Option<Value>, Error> {
    match snapshot.read(type_, id)?.present() {
        Ok(found) => snapshot.document(&found).map(Some),
        Err(Error::NotFound | Error::Gone { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A relationship by its id.
pub(super) fn relationship(snapshot: &mut Snapshot, id: &str) -> Result<Option<Relationship>, Error> {
    let Some(consent) = document(snapshot, "Consent", id)? else { return Ok(None) };
    let Some(person) = document(snapshot, "RelatedPerson", id)? else { return Ok(None) };
    Ok(super::document::relationship(&consent, &person))
}

/// What is known of a person.
pub(super) fn cared(person: &Value) -> Cared {
    Cared { born: Patient(person).birth_date().and_then(words::when), died: died(person) }
}

/// Whether somebody has died.
pub(crate) fn died(person: &Value) -> bool {
    Patient(person).deceased_at().is_some()
        || person.get("deceasedBoolean").and_then(Value::as_bool) == Some(true)
}

/// The ages that a surgery has chosen.
pub(super) fn ages(snapshot: &mut Snapshot, ods: &str) -> Result<Ages, Error> {
    if ods.is_empty() {
        return Ok(Ages::default());
    }
    let organisation = document(snapshot, "Organization", &fhir::identity::organization(ods))?;
    let said = organisation
        .as_ref()
        .and_then(|one| extension(one, SUSPENDED_FROM)?.get("valueInteger")?.as_number());
    let age = said.and_then(|number| number.as_str().parse::<i16>().ok());
    Ok(age.map_or_else(Ages::default, Ages::suspending_from))
}

/// How a relationship stands now, and the person it is about.
pub(super) fn stands(
    snapshot: &mut Snapshot,
    one: &Relationship,
    now: Timestamp,
) -> Result<(Standing, Value), Error> {
    let person = document(snapshot, "Patient", &one.patient)?.ok_or(Error::NotFound)?;
    let ages = ages(snapshot, &one.organisation)?;
    Ok((standing(one, cared(&person), now, ages), person))
}

/// The name to call a person by.
pub(crate) fn called(person: &Value) -> String {
    let name = Patient(person).name();
    let given = name.and_then(|name| name.given().next().map(str::to_owned));
    let family = name.and_then(HumanName::family);
    match (given, family) {
        (Some(given), Some(family)) => format!("{given} {family}"),
        _ => words::name(person),
    }
}

/// The patient who asks, themselves or through staff. Nobody else decides about who acts for them.
pub(super) fn own(actor: &Actor) -> Result<Text, Unseen> {
    match (&actor.role, &actor.behalf) {
        (Role::Patient { patient }, None) => Ok(patient.clone()),
        (Role::WardStaff { .. } | Role::Surgery { .. } | Role::Receptionist, Some(behalf))
            if behalf.asked.relationship().is_none() =>
        {
            Ok(behalf.patient.clone())
        }
        _ => Err(Unseen::NoAccess),
    }
}

fn system(actor: &Actor) -> Actor {
    Actor::system(actor.trace.clone())
}

/// The role in which a carer works by a relationship.
fn carer(one: &Relationship, minor: bool) -> Role {
    Role::Carer {
        patient: one.patient.clone(),
        person: one.carer.clone(),
        relationship: one.id.clone(),
        withheld: withheld(one, minor),
    }
}

/// What somebody may do for another at this moment. Everything that is not open answers as if there were nothing.
pub(super) async fn acting(store: &Store, actor: &Actor, id: &str) -> Result<Acting, Unseen> {
    let (me, id) = (own(actor)?.to_string(), id.to_owned());
    let now = store.environment().clock.now();
    let read = store.read(system(actor), move |snapshot| {
        let mine = |one: &Relationship| one.carer == me || planted(Bug::Another);
        let one = relationship(snapshot, &id)?.filter(mine).ok_or(Error::NotFound)?;
        let (standing, person) = stands(snapshot, &one, now)?;
        let minor = match standing {
            Standing::Open { minor, .. } => minor,
            Standing::Suspended(_) if planted(Bug::Suspended) => true,
            Standing::Hidden if planted(Bug::Hidden) => true,
            _ => return Err(Error::NotFound),
        };
        Ok(Acting {
            relationship: one.id.to_string(),
            patient: one.patient.to_string(),
            name: called(&person),
            role: carer(&one, minor),
            categories: one.categories,
            in_place: None,
        })
    });
    read.await.map_err(|error| unseen(&error))
}

/// Those who may ask staff to do something for a person at this moment. Nobody from whom the person hides is among them.
pub(crate) fn askers(
    snapshot: &mut Snapshot,
    patient: &str,
    now: Timestamp,
) -> Result<Vec<Relationship>, Error> {
    let kind = format!("{KIND_SYSTEM}|{}", super::document::ACCESS);
    let words = [("patient", patient), ("category", kind.as_str()), ("status", "active")];
    let mut open = Vec::new();
    for consent in all(snapshot, "Consent", &words)?.items {
        let Some(one) = relationship(snapshot, id(&consent))? else { continue };
        if matches!(stands(snapshot, &one, now)?.0, Standing::Open { .. }) {
            open.push(one);
        }
    }
    Ok(open)
}

/// The one who asks for a person, as long as they may, and what is kept back from them.
pub(crate) fn asker(
    snapshot: &mut Snapshot,
    (id, patient): (&str, &str),
    now: Timestamp,
) -> Result<(Relationship, Withheld), Error> {
    let one = relationship(snapshot, id)?.filter(|one| one.patient == *patient).ok_or(Error::NotFound)?;
    let Standing::Open { minor, .. } = stands(snapshot, &one, now)?.0 else { return Err(Error::NotFound) };
    let kept_back = withheld(&one, minor);
    Ok((one, kept_back))
}

/// Everything a person's family page shows.
pub(super) async fn family(store: &Store, actor: &Actor) -> Result<Family, Unseen> {
    gathered(store, actor, |_, _, _| true).await
}

/// The same with only those people cared for of whom there is something to say: to read a name is a look at a record, and
/// whoever opens their own home page has not looked at the records of others.
pub(super) async fn news(store: &Store, actor: &Actor) -> Result<Family, Unseen> {
    gathered(store, actor, |one, standing, now| {
        let decided_at = one.decided.as_ref().map(|(at, _)| *at);
        what(standing, decided_at, now).next().is_some()
    })
    .await
}

/// Whether a relationship is wanted in the list.
type Wanted = fn(&Relationship, Standing, Timestamp) -> bool;

async fn gathered(store: &Store, actor: &Actor, wanted: Wanted) -> Result<Family, Unseen> {
    let me = own(actor)?;
    let now = store.environment().clock.now();
    let helpers = helpers(store, actor, &me, now).await?;
    let caring = caring(store, actor, (&me, wanted), now).await?;
    Ok(Family { read_at: now, caring, helpers })
}

/// Those who act for this person: read as that person.
async fn helpers(store: &Store, actor: &Actor, me: &str, now: Timestamp) -> Result<Vec<Helper>, Unseen> {
    let me = me.to_owned();
    let read = store.read(actor.clone(), move |snapshot| {
        let mut helpers = Vec::new();
        let kind = format!("{KIND_SYSTEM}|{}", super::document::ACCESS);
        for consent in all(snapshot, "Consent", &[("patient", &me), ("category", &kind)])?.items {
            let Some(one) = relationship(snapshot, id(&consent))? else { continue };
            let shown = Relationship { hidden_at: None, ..one.clone() };
            let (standing, _) = stands(snapshot, &shown, now)?;
            if matches!(standing, Standing::Ended | Standing::Refused) {
                continue;
            }
            helpers.push(Helper {
                id: one.id.to_string(),
                name: one.carer_name,
                kin: one.kin,
                basis: one.basis,
                standing,
                hidden: one.hidden_at.is_some(),
                categories: one.categories,
            });
        }
        Ok(helpers)
    });
    read.await.map_err(|error| unseen(&error))
}

/// What somebody applied for, as they keep it themselves: id, name, when.
fn applications(snapshot: &mut Snapshot, me: &str) -> Result<Vec<(String, String, Timestamp)>, Error> {
    let kind = format!("{KIND_SYSTEM}|{APPLICATION}");
    let found =
        all(snapshot, "Communication", &[("subject", &format!("Patient/{me}")), ("category", &kind)])?.items;
    let read = |one: &Value| {
        let id =
            one.items("identifier").iter().find(|id| id.text_at(&["system"]) == Some(APPLICATION_SYSTEM))?;
        let at = one.text_at(&["sent"])?.parse().ok()?;
        Some((id.text_at(&["value"])?.to_owned(), one.text_at(&["topic", "text"])?.to_owned(), at))
    };
    Ok(found.iter().filter_map(read).collect())
}

/// Those whom this person acts for.
async fn caring(
    store: &Store,
    actor: &Actor,
    (me, wanted): (&str, Wanted),
    now: Timestamp,
) -> Result<Vec<CaredFor>, Unseen> {
    let own = me.to_owned();
    let applied = store.read(actor.clone(), move |snapshot| applications(snapshot, &own));
    let applied = applied.await.map_err(|error| unseen(&error))?;
    let named = format!("{CARER_SYSTEM}|{me}");
    let known = store.read(system(actor), move |snapshot| {
        let mut known = Vec::new();
        for person in all(snapshot, "RelatedPerson", &[("identifier", &named)])?.items {
            if let Some(one) = relationship(snapshot, id(&person))? {
                let (standing, _) = stands(snapshot, &one, now)?;
                known.push((one, standing));
            }
        }
        Ok(known)
    });
    let known = known.await.map_err(|error| unseen(&error))?;
    let mut caring = Vec::new();
    for (one, standing) in known.iter().filter(|(one, standing)| wanted(one, *standing, now)) {
        let typed = applied.iter().find(|(id, ..)| *id == *one.id).map(|(_, name, _)| name.clone());
        let (name, shown) = match standing {
            Standing::Hidden | Standing::Ended => continue,
            // Until the surgery has answered, the applicant is told nothing that they did not write themselves.
            Standing::Waiting | Standing::Refused => match typed {
                Some(name) => (name, false),
                None => continue,
            },
            Standing::Open { minor, .. } => (name_as_carer(store, actor, (one, *minor)).await?, true),
            Standing::Suspended(_) | Standing::Later(_) => {
                let closed = Relationship { categories: Vec::new(), ..one.clone() };
                (name_as_carer(store, actor, (&closed, true)).await?, true)
            }
        };
        caring.push(CaredFor {
            id: one.id.to_string(),
            name,
            kin: shown.then_some(one.kin),
            standing: *standing,
            categories: if shown { one.categories.clone() } else { Vec::new() },
            applied_at: one.applied_at,
            decided_at: one.decided.as_ref().map(|(at, _)| *at),
        });
    }
    for (id, name, at) in applied {
        let unmatched = !known.iter().any(|(one, _)| *one.id == *id);
        if unmatched && now.duration_since(at) < WAITS {
            let standing = Standing::Waiting;
            caring.push(CaredFor {
                id,
                name,
                kin: None,
                standing,
                categories: Vec::new(),
                applied_at: at,
                decided_at: None,
            });
        }
    }
    caring.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.id.cmp(&b.id)));
    Ok(caring)
}

/// The name of the person cared for, read as their carer.
async fn name_as_carer(
    store: &Store,
    actor: &Actor,
    (one, minor): (&Relationship, bool),
) -> Result<String, Unseen> {
    let role = carer(one, minor);
    let patient = one.patient.clone();
    let reader = Arc::new(Actor { role, behalf: None, ..actor.clone() });
    let read = store.read(reader, move |snapshot| {
        Ok(document(snapshot, "Patient", &patient)?.map_or_else(String::new, |person| called(&person)))
    });
    read.await.map_err(|error| unseen(&error))
}

/// What waits for the surgery: applications, and reviews of young people.
pub(super) async fn queue(store: &Store, actor: &Actor) -> Result<Vec<Waiting>, Unseen> {
    if !matches!(actor.role, Role::Surgery { .. }) {
        return Err(Unseen::NoAccess);
    }
    let now = store.environment().clock.now();
    let reader = if planted(Bug::Practice) { system(actor) } else { actor.clone() };
    let read = store.read(reader, move |snapshot| {
        let kind = format!("{KIND_SYSTEM}|{}", super::document::ACCESS);
        let mut waiting = Vec::new();
        for consent in all(snapshot, "Consent", &[("category", &kind), ("status", "proposed,active")])?.items
        {
            let Some(one) = relationship(snapshot, id(&consent))? else { continue };
            let (standing, person) = stands(snapshot, &one, now)?;
            let wanted = match standing {
                Standing::Waiting | Standing::Suspended(super::Why::ReviewDue) => true,
                Standing::Open { review, .. } => review,
                _ => false,
            };
            if wanted {
                waiting.push(Waiting {
                    id: one.id.to_string(),
                    patient_name: words::name(&person),
                    carer_name: one.carer_name,
                    kin: one.kin,
                    basis: one.basis,
                    applied_at: one.applied_at,
                    standing,
                });
            }
        }
        waiting.sort_by_key(|one| (one.standing != Standing::Waiting, one.applied_at));
        Ok(waiting)
    });
    read.await.map_err(|error| unseen(&error))
}

/// One relationship as the surgery sees it.
pub(super) async fn case(store: &Store, actor: &Actor, id: &str) -> Result<Case, Unseen> {
    if !matches!(actor.role, Role::Surgery { .. }) {
        return Err(Unseen::NoAccess);
    }
    let (now, id) = (store.environment().clock.now(), id.to_owned());
    let read = store.read(actor.clone(), move |snapshot| {
        let one = relationship(snapshot, &id)?.ok_or(Error::NotFound)?;
        let (standing, person) = stands(snapshot, &one, now)?;
        let born = cared(&person).born;
        Ok(Case {
            patient_name: words::name(&person),
            born,
            age: words::age(born, now),
            nhs_number: Patient(&person).nhs_number().map(str::to_owned),
            standing,
            read_at: now,
            relationship: one,
        })
    });
    read.await.map_err(|error| unseen(&error))
}

/// A carer's relationship, for what they do with it themselves; whatever they may not know of is absent.
pub(super) fn helpers_own(snapshot: &mut Snapshot, me: &str, id: &str) -> Result<Relationship, Error> {
    let one = relationship(snapshot, id)?.filter(|one| one.carer == me);
    one.filter(|one| one.stage == Stage::Approved && one.hidden_at.is_none()).ok_or(Error::NotFound)
}
