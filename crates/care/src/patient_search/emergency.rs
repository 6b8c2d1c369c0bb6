//! Finding one record in an emergency by NHS number, whoever cares for the person. The name never helps: a number is
//! right or wrong, and a list of namesakes would be a browse of strangers.
//!
//! It answers an id and nothing of the record. Reading that record is then the reader's own act, audited as an
//! emergency with its reason.

use crate::lookup::{id, page, unseen};
use crate::view::Unseen;
use fhir::nhs_number::NhsNumber;
use fhir::views::Patient;
use store::{Actor, Error, Role, Snapshot, Store};

/// The id of the record with that NHS number; of the record that replaced it, when it was merged.
pub(crate) async fn emergency(store: &Store, actor: &Actor, number: &str) -> Result<Option<String>, Unseen> {
    if !matches!(actor.role, Role::WardStaff { .. }) {
        return Err(Unseen::NoAccess);
    }
    if NhsNumber::parse(number).is_err() {
        return Err(Unseen::Invalid(String::from("the NHS number does not pass its check")));
    }
    let number = format!("{}|{number}", fhir::systems::NHS_NUMBER);
    let finder = Actor { organisation: actor.organisation.clone(), ..Actor::system(actor.trace.clone()) };
    let read = store.read(finder, move |snapshot| find(snapshot, &number));
    read.await.map_err(|error| unseen(&error))
}

fn find(snapshot: &mut Snapshot, number: &str) -> Result<Option<String>, Error> {
    let found = page(snapshot, "Patient", &[("identifier", number), ("_count", "20")])?.items;
    let survivor = |person: &&fhir::json::Value| replaced_by(person).is_none();
    let person = found.iter().find(survivor).or_else(|| found.first());
    Ok(person.map(|person| replaced_by(person).unwrap_or_else(|| id(person)).to_owned()))
}

fn replaced_by(person: &fhir::json::Value) -> Option<&str> {
    Patient(person).linked("replaced-by").next()
}
