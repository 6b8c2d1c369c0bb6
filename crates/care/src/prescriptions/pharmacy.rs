//! The pharmacy that a person's prescriptions go to: finding one and choosing it.
//!
//! The choice is the nomination of UK Core, an extension of the Patient that names an ODS code.

use super::render::pharmacy_reference;
use super::view::Place;
use crate::lookup::{page, unseen};
use crate::view::Unseen;
use fhir::json::Value;
use fhir::systems::ODS;
use fhir::systems::prescription::{NOMINATED_PHARMACY, ORGANISATION_ROLE};
use fhir::views::{Address, Identifier, Reference, Resource, build};
use store::{Actor, Capability, Error, Found, IfMatch, Prepared, Snapshot, Store};

/// Choosing a pharmacy changes the Patient and nothing else.
pub const NOMINATE: Capability = Capability { name: "pharmacy-choice", writes: &["Patient"], shared: &[] };

/// Pharmacies in one answer at most.
const MOST: &str = "50";
/// The role of a pharmacy.
const PHARMACY: &str = "182";

/// Pharmacies by a part of their name, their town or their postcode; the first of all without words.
pub(crate) async fn find(store: &Store, actor: &Actor, near: &str) -> Result<Vec<Place>, Unseen> {
    let near = near.trim().to_owned();
    let read = store.read(actor.clone(), move |snapshot| {
        let role = format!("{ORGANISATION_ROLE}|{PHARMACY}");
        let mut found: Vec<Place> = Vec::new();
        // A comma, dollar or bar has a meaning in a search value.
        let near = near.replace([',', '$', '|', '\\'], " ");
        let asks: Vec<(&str, &str)> = match near.trim() {
            "" => vec![("active", "true")],
            words => vec![("name:contains", words), ("address", words), ("address-postalcode", words)],
        };
        for ask in asks {
            let words = [("type", role.as_str()), ask, ("_count", MOST), ("_sort", "name")];
            let new = page(snapshot, "Organization", &words)?.items;
            for one in new.iter().filter(|one| is_open_pharmacy(one)).filter_map(organisation) {
                if !found.iter().any(|known| known.ods == one.ods) {
                    found.push(one);
                }
            }
        }
        Ok(found)
    });
    read.await.map_err(|error| unseen(&error))
}

/// Makes a pharmacy the one that a person's prescriptions go to; `None` takes the choice back.
pub(crate) async fn choose(
    store: &Store,
    actor: &Actor,
    (patient, once): (&str, &str),
    ods: Option<&str>,
) -> Result<(), Unseen> {
    let (patient, once, ods) = (patient.to_owned(), once.to_owned(), ods.map(str::to_owned));
    let written = store.write(actor.within(&NOMINATE), move |transaction| {
        if transaction.once(&once)?.is_some() {
            return Ok(());
        }
        let known = transaction.read("Patient", &patient)?.present()?;
        let chosen = match &ods {
            // A form may name anything; prescriptions go to pharmacies that dispense.
            Some(ods) => {
                let found = document(transaction, ods)?.filter(is_open_pharmacy);
                Some(found.as_ref().and_then(organisation).ok_or(Error::NotFound)?)
            }
            None => None,
        };
        let person = nominate(known.value()?, chosen.as_ref());
        let prepared = Prepared::new(person).map_err(Error::Unprocessable)?;
        transaction.update(&prepared, IfMatch::Version(known.version))?;
        transaction.settle_once(&once, "")
    });
    written.await.map_err(|error| unseen(&error))
}

/// The pharmacy of a Patient.
pub(super) fn nominated(snapshot: &mut Snapshot, person: &Value) -> Result<Option<Place>, Error> {
    let extension = person.extension(NOMINATED_PHARMACY);
    match extension.and_then(|one| one.get("valueReference")) {
        Some(reference) => place(snapshot, Reference(reference)),
        None => Ok(None),
    }
}

/// A pharmacy that something refers to by its code; by what the reference says when its Organization is not here.
pub(super) fn place(snapshot: &mut Snapshot, reference: Reference<'_>) -> Result<Option<Place>, Error> {
    let Some(ods) = reference.identifier().filter(|one| one.is_of(ODS)).and_then(Identifier::identifier)
    else {
        return Ok(None);
    };
    let named = || Place {
        ods: ods.to_owned(),
        name: reference.display().unwrap_or(ods).to_owned(),
        address: Vec::new(),
        telephone: None,
    };
    Ok(Some(by_code(snapshot, ods)?.unwrap_or_else(named)))
}

fn by_code(snapshot: &mut Snapshot, ods: &str) -> Result<Option<Place>, Error> {
    Ok(document(snapshot, ods)?.as_ref().and_then(organisation))
}

fn document(snapshot: &mut Snapshot, ods: &str) -> Result<Option<Value>, Error> {
    match snapshot.read("Organization", &fhir::identity::organization(ods))? {
        Found::Present(found) => found.value().map(Some),
        Found::Gone { .. } | Found::Absent => Ok(None),
    }
}

/// Whether it is a pharmacy that is not closed for good.
fn is_open_pharmacy(organisation: &Value) -> bool {
    let mut codes = organisation.items("type").iter().flat_map(|kind| kind.items("coding"));
    let pharmacy = codes.any(|one| {
        one.text_at(&["system"]) == Some(ORGANISATION_ROLE) && one.text_at(&["code"]) == Some(PHARMACY)
    });
    pharmacy && organisation.get("active").and_then(Value::as_bool) != Some(false)
}

fn organisation(value: &Value) -> Option<Place> {
    let ods = value.identifiers().find(|one| one.is_of(ODS))?.identifier()?.to_owned();
    let phone = |one: &&Value| one.text_at(&["system"]) == Some("phone");
    Some(Place {
        name: value.name_text().unwrap_or(&ods).to_owned(),
        address: value
            .items("address")
            .first()
            .map(Address)
            .into_iter()
            .flat_map(Address::envelope)
            .map(str::to_owned)
            .collect(),
        telephone: value
            .items("telecom")
            .iter()
            .find(phone)
            .and_then(|one| one.text_at(&["value"]))
            .map(str::to_owned),
        ods,
    })
}

/// The Patient with that pharmacy in the place of an earlier one.
fn nominate(mut person: Value, chosen: Option<&Place>) -> Value {
    let others =
        person.items("extension").iter().filter(|one| one.text_at(&["url"]) != Some(NOMINATED_PHARMACY));
    let mut extensions: Vec<Value> = others.cloned().collect();
    if let Some(place) = chosen {
        let reference = pharmacy_reference(&place.ods, &place.name, true);
        extensions.push(build::extension(NOMINATED_PHARMACY, "valueReference", reference));
    }
    if let Some(members) = person.as_object_mut() {
        if extensions.is_empty() {
            members.remove("extension");
        } else {
            members.insert("extension", Value::Array(extensions));
        }
    }
    person
}
