//! Fills the profile from the Patient resource.

use super::contacts::{telecoms, today};
use super::{Profile, preferences};
use crate::lookup::unseen;
use crate::view::Unseen;
use crate::words::{name, when};
use fhir::json::Value;
use fhir::views::Patient;
use store::{Actor, Error, Found, Store};

/// The profile of a person.
pub(super) async fn read(store: &Store, actor: &Actor, patient: &str) -> Result<Profile, Unseen> {
    let id = patient.to_owned();
    let today = today(store.environment().clock.now()).to_string();
    let read = store.read(actor.clone(), move |snapshot| match snapshot.read("Patient", &id)? {
        Found::Present(resource) => Ok(profile(&resource.value()?, &today)),
        _ => Err(Error::NotFound),
    });
    read.await.map_err(|error| unseen(&error))
}

fn profile(value: &Value, today: &str) -> Profile {
    let patient = Patient(value);
    Profile {
        name: name(value),
        born: patient.birth_date().and_then(when),
        nhs_number: patient.nhs_number().map(str::to_owned),
        address: patient.address().map(|address| owned(address.envelope())).unwrap_or_default(),
        phones: owned(telecoms(value, "phone", today)),
        emails: owned(telecoms(value, "email", today)),
        preferences: preferences(value),
    }
}

fn owned<'a>(all: impl Iterator<Item = &'a str>) -> Vec<String> {
    all.map(str::to_owned).collect()
}
