//! The shells of what is done to a relationship: snapshot, decision, one commit.
//!
//! Applying and stopping are done by somebody who has no access to the record in which it is written down, so the house
//! writes for them: under their name, through this capability, and nothing else than the relationship.

use super::decide::{self, Application, Refusal};
use super::document::{application, consent, patient_of, prepared, related_person};
use super::read::{ages, called, cared, document, helpers_own, own, relationship, stands};
use super::relationship::{Category, EndedBy, Relationship, Review, Stage};
use super::standing::{Standing, today};
use super::view::Undone;
use crate::lookup::{all, id, page, unseen};
use crate::view::Unseen;
use fhir::json::{Text, Value};
use fhir::nhs_number::NhsNumber;
use fhir::views::{Patient, Resource, build};
use jiff::{SignedDuration, Timestamp};
use store::{Actor, Capability, Error, IfMatch, Role, Store, Transaction};

/// Acting for others: the relationship, what is told of it, and a clinician's assessment.
pub const FAMILY: Capability = Capability {
    name: "family",
    writes: &["RelatedPerson", "Consent", "Communication", "Observation"],
    shared: &[],
};

/// What the surgery or the person decides about a relationship.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// The surgery approves it for these categories.
    Approve(Vec<Category>),
    /// The surgery refuses it.
    Refuse,
    /// A clinician assessed the young person: competent to decide, and wanting it to go on.
    Review {
        /// Whether the young person is competent to decide.
        competent: bool,
        /// Whether they want it to go on.
        agrees: bool,
    },
    /// The person or the surgery ends it.
    End,
    /// The person hides their record from the carer, at once and without a word to them.
    Hide,
    /// The person shows it again.
    Show,
}

/// The house, writing under somebody's name.
fn in_the_name_of(actor: &Actor) -> Actor {
    Actor { role: Role::System, ..actor.within(&FAMILY) }
}

/// Applies to act for somebody. The answer is the same whether there is such a person or not.
pub(super) async fn apply(
    store: &Store,
    actor: &Actor,
    once: &str,
    wanted: Application,
) -> Result<String, Undone> {
    let me = own(actor)?;
    let now = store.environment().clock.now();
    decide::apply(&wanted, now)?;
    let (name, once) = (actor.name.clone(), once.to_owned());
    let in_place = actor.is_on_behalf();
    let written = store.write(in_the_name_of(actor), move |transaction| {
        if let Some(known) = transaction.once(&once)? {
            return Ok(Ok(known));
        }
        // Whoever writes it down, it is the patient who applies.
        let name = match document(transaction, "Patient", &me)? {
            Some(person) if in_place => called(&person),
            _ => name,
        };
        let person = find(transaction, &wanted)?;
        if person.as_deref() == Some(me.as_str()) {
            return Ok(Err(Refusal::Yourself));
        }
        let about = super::document::about(&me, &wanted.nhs_number, wanted.born);
        let made = made(transaction, &me, now)?;
        let same = made.iter().find(|one| one.open && one.about.as_ref() == Some(&about));
        let relationship = match same {
            // Another window, or the same wish again: it is the same application.
            Some(known) => Text::from(known.id.as_str()),
            None => {
                let day = now.checked_sub(SignedDuration::from_hours(24)).unwrap_or(now);
                let today = made.iter().filter(|one| one.sent > day).count();
                if let Err(refusal) = decide::room(made.iter().filter(|one| one.waits).count(), today) {
                    return Ok(Err(refusal));
                }
                let fresh = transaction.fresh_id();
                let noted = application(&fresh, (&me, &about, &wanted.name), now);
                transaction.update(&prepared(noted)?, IfMatch::NoneExists)?;
                fresh
            }
        };
        if let Some(person) = person
            && !asked_already(transaction, (&person, &me), now)?
        {
            let one = Relationship {
                id: relationship.clone(),
                patient: Text::from(person),
                carer: me,
                carer_name: name,
                kin: wanted.kin,
                basis: wanted.basis,
                categories: wanted.categories,
                stage: Stage::Applied,
                applied_at: now,
                decided: None,
                organisation: Text::default(),
                review: None,
                hidden_at: None,
                begins: None,
                lapses: None,
                ended: None,
            };
            put(transaction, &one, IfMatch::NoneExists)?;
        }
        transaction.settle_once(&once, &relationship)?;
        Ok(Ok(relationship.to_string()))
    });
    Ok(written.await.map_err(|error| unseen(&error))??)
}

/// An application that somebody made.
struct Made {
    id: String,
    /// Whom it is about, as its applicant's details say.
    about: Option<String>,
    sent: Timestamp,
    /// Whether nothing has come of it yet.
    waits: bool,
    /// Whether it waits, or what came of it runs.
    open: bool,
}

/// The applications of a person. Those that no record fits wait as long as an answer might take, like all others.
fn made(transaction: &mut Transaction, me: &str, now: Timestamp) -> Result<Vec<Made>, Error> {
    let subject = format!("Patient/{me}");
    let of_ours = format!("{}|", super::document::APPLICATION_SYSTEM);
    let words = [("subject", subject.as_str()), ("identifier", of_ours.as_str())];
    let mut applications = Vec::new();
    for noted in all(transaction, "Communication", &words)?.items {
        let named = |system: &str| {
            let one = noted.items("identifier").iter().find(|one| one.text_at(&["system"]) == Some(system));
            one.and_then(|one| one.text_at(&["value"])).map(str::to_owned)
        };
        let sent: Option<Timestamp> = noted.text_at(&["sent"]).and_then(|at| at.parse().ok());
        let (Some(id), Some(sent)) = (named(super::document::APPLICATION_SYSTEM), sent) else { continue };
        let about = named(super::document::ABOUT_SYSTEM);
        let (waits, runs) = match relationship(transaction, &id)? {
            // Who hides is nobody to whoever asks: asking again is answered and listed as for somebody whom no record fits.
            Some(one) => {
                (one.stage == Stage::Applied, one.hidden_at.is_none() && runs(transaction, &one, now)?)
            }
            None => (now.duration_since(sent) < super::read::WAITS, false),
        };
        applications.push(Made { id, about, sent, waits, open: waits || runs });
    }
    Ok(applications)
}

/// Whether what the surgery approved is not over: it may lapse without anybody's doing.
fn runs(transaction: &mut Transaction, one: &Relationship, now: Timestamp) -> Result<bool, Error> {
    if one.stage != Stage::Approved {
        return Ok(false);
    }
    match stands(transaction, one, now) {
        Ok((standing, _)) => Ok(standing != Standing::Ended),
        Err(Error::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The person of that number and date of birth: both must be right. Numbers that stand for "unknown" are nobody's.
fn find(transaction: &mut Transaction, wanted: &Application) -> Result<Option<String>, Error> {
    if NhsNumber::from_canonical(&wanted.nhs_number).is_none_or(|number| number.is_placeholder()) {
        return Ok(None);
    }
    let number = format!("{}|{}", fhir::systems::NHS_NUMBER, wanted.nhs_number);
    let found = page(transaction, "Patient", &[("identifier", &number), ("_count", "20")])?.items;
    let born = wanted.born.to_string();
    let fits = |person: &&Value| {
        Patient(person).birth_date() == Some(born.as_str())
            && Patient(person).linked("replaced-by").next().is_none()
    };
    Ok(found.iter().find(fits).and_then(Resource::id).map(str::to_owned))
}

/// Whether this carer has an application or a running relationship with this person.
fn asked_already(
    transaction: &mut Transaction,
    (person, me): (&str, &str),
    now: Timestamp,
) -> Result<bool, Error> {
    let named = format!("{}|{me}", super::document::CARER_SYSTEM);
    for known in all(transaction, "RelatedPerson", &[("identifier", &named)])?.items {
        if patient_of(&known) != Some(person) {
            continue;
        }
        let Some(one) = relationship(transaction, id(&known))? else { continue };
        if one.stage == Stage::Applied || runs(transaction, &one, now)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn put(transaction: &mut Transaction, one: &Relationship, condition: IfMatch) -> Result<(), Error> {
    transaction.update(&prepared(related_person(one))?, condition)?;
    transaction.update(&prepared(consent(one))?, condition)?;
    Ok(())
}

/// A carer stops acting for somebody.
pub(super) async fn stop(store: &Store, actor: &Actor, id: &str) -> Result<(), Undone> {
    let (me, id) = (own(actor)?, id.to_owned());
    let now = store.environment().clock.now();
    let written = store.write(in_the_name_of(actor), move |transaction| {
        let one = helpers_own(transaction, &me, &id)?;
        Ok(match decide::end(&one, EndedBy::Helper, now) {
            Ok(ended) => {
                put(transaction, &ended, IfMatch::Any)?;
                Ok(())
            }
            Err(refusal) => Err(refusal),
        })
    });
    Ok(written.await.map_err(|error| unseen(&error))??)
}

/// The surgery, or the person whose record it is, decides about a relationship.
pub(super) async fn order(
    store: &Store,
    actor: &Actor,
    (id, once): (&str, &str),
    order: Order,
) -> Result<(), Undone> {
    let (surgery, own) = match (&actor.role, &actor.behalf) {
        (Role::Surgery { .. }, None) => (true, None),
        _ => (false, Some(own(actor)?)),
    };
    if !surgery && !matches!(order, Order::End | Order::Hide | Order::Show) {
        return Err(Unseen::NoAccess.into());
    }
    let (id, once) = (id.to_owned(), once.to_owned());
    let now = store.environment().clock.now();
    let written = store.write(actor.within(&FAMILY), move |transaction| {
        if transaction.once(&once)?.is_some() {
            return Ok(Ok(()));
        }
        let one = relationship(transaction, &id)?.ok_or(Error::NotFound)?;
        if own.is_some_and(|own| own != one.patient) {
            return Err(Error::NotFound);
        }
        let changed = match decided(transaction, &one, (surgery, order), now)? {
            Ok(changed) => changed,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if changed.review != one.review
            && let Some(review) = &changed.review
        {
            let noted = assessment(transaction, &changed, review, now);
            transaction.create(&prepared(noted)?)?;
        }
        put(transaction, &changed, IfMatch::Any)?;
        transaction.settle_once(&once, "done")?;
        Ok(Ok(()))
    });
    Ok(written.await.map_err(|error| unseen(&error))??)
}

fn decided(
    transaction: &mut Transaction,
    one: &Relationship,
    (surgery, order): (bool, Order),
    now: Timestamp,
) -> Result<Result<Relationship, Refusal>, Error> {
    let person = document(transaction, "Patient", &one.patient)?.ok_or(Error::NotFound)?;
    let cared = cared(&person);
    let (by, organisation) = (transaction.actor().name.clone(), transaction.actor().organisation.clone());
    Ok(match order {
        Order::Approve(categories) => {
            let ages = ages(transaction, &organisation)?;
            let approved = decide::approve(one, categories, (cared, ages), (by, now));
            approved.map(|one| Relationship { organisation, ..one })
        }
        Order::Refuse => decide::refuse(one, (by, now)).map(|one| Relationship { organisation, ..one }),
        Order::Review { competent, agrees } => {
            decide::review(one, Review { on: today(now), competent, agrees, by }, (cared, now))
        }
        Order::End if surgery => decide::end(one, EndedBy::Surgery, now),
        Order::End => decide::end(one, EndedBy::Person, now),
        Order::Hide => decide::hide(one, true, now),
        Order::Show => decide::hide(one, false, now),
    })
}

/// A clinician's assessment of competence, as a restricted Observation: carers never see it.
fn assessment(transaction: &Transaction, one: &Relationship, review: &Review, now: Timestamp) -> Value {
    let actor = transaction.actor();
    let restricted =
        build::coding("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "R", "restricted");
    let words = if review.competent { "Competent to decide" } else { "Not yet competent to decide" };
    let wish = if review.agrees { "Wants the access to go on" } else { "Does not want the access to go on" };
    let clinician = build::object([
        ("reference", actor.id.starts_with("Practitioner/").then(|| Value::from(actor.id.clone()))),
        ("display", Some(Value::from(actor.name.as_str()))),
    ]);
    build::object([
        ("resourceType", Some(Value::from("Observation"))),
        ("meta", Some(Value::object([("security", build::one(restricted))]))),
        ("status", Some(Value::from("final"))),
        ("code", Some(build::concept_text("Competence to decide who may act for them (Gillick)"))),
        ("subject", Some(build::reference("Patient", &one.patient))),
        ("effectiveDateTime", Some(Value::from(now.to_string()))),
        ("performer", Some(build::one(clinician))),
        ("valueCodeableConcept", Some(build::concept_text(words))),
        ("note", Some(build::one(Value::object([("text", Value::from(wish))])))),
    ])
}
