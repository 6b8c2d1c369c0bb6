//! Reading the directory from the record, and keeping it for a minute.
//!
//! The reader is an actor of its own who can see reference data and nothing about any patient ([`store::Role::Unproven`]), so
//! a public page has no way to a patient's data, whatever is asked of it; each reading is in the audit log under that
//! name. Only services that say of which kind they are ([`super::Kind`]) are listed. When the record cannot be read the
//! last directory is shown on, with the time at which it was read.

use super::directory::Directory;
use super::from_fhir;
use crate::lookup;
use crate::view::Unseen;
use fhir::json::Value;
use fhir::views::Resource;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::Arc;
use store::{Actor, Error, Position, Purpose, Role, Snapshot, Store};
use tokio::sync::Mutex;

/// A directory, and the place in the change feed before it was read.
type Reading = (Position, Arc<Directory>);

/// The directory as it was last read.
#[derive(Clone, Default)]
pub(crate) struct Shelf(Arc<Mutex<Option<Reading>>>);

/// A directory is used this long before it is read again when something changed, and when nothing did.
const CHANGED: SignedDuration = SignedDuration::from_secs(10);
const UNCHANGED: SignedDuration = SignedDuration::from_secs(60);

impl Shelf {
    /// The directory, read again when it is older than a minute, or than some seconds and the record changed; the older one
    /// when that fails. Many who ask at once cause one reading.
    pub async fn directory(&self, store: &Store, trace: &str) -> Result<Arc<Directory>, Unseen> {
        let now = store.environment().clock.now();
        let position = *store.changes().borrow();
        let mut kept = self.0.lock().await;
        if let Some((at, directory)) = kept.as_ref() {
            let fresh = if *at == position { UNCHANGED } else { CHANGED };
            if now.duration_since(directory.read_at) < fresh {
                return Ok(Arc::clone(directory));
            }
        }
        let read = store.read(reader(trace), move |snapshot| directory(snapshot, now)).await;
        match (read, kept.as_ref()) {
            (Ok(directory), _) => {
                let directory = Arc::new(directory);
                *kept = Some((position, Arc::clone(&directory)));
                Ok(directory)
            }
            (Err(_), Some((_, older))) => Ok(Arc::clone(older)),
            (Err(error), None) => Err(lookup::unseen(&error)),
        }
    }
}

/// Who reads for public pages.
fn reader(trace: &str) -> Actor {
    Actor {
        id: "public".into(),
        name: String::from("Public pages"),
        role: Role::Unproven,
        purpose: Purpose::Operations,
        ..Actor::system(trace)
    }
}

fn directory(snapshot: &mut Snapshot, read_at: Timestamp) -> Result<Directory, Error> {
    let found = everything(
        snapshot,
        "HealthcareService",
        &[("active", "true"), ("_include", "HealthcareService:location")],
    )?;
    let locations: HashMap<&str, &Value> =
        found.included.iter().filter_map(|place| Some((place.id()?, place))).collect();
    let services = found.items.iter().filter_map(|one| from_fhir::service(one, &locations)).collect();
    let kinds = format!("{0}|town,{0}|outward-code", from_fhir::PLACES);
    let places = everything(snapshot, "Location", &[("type", &kinds)])?;
    let settlements = places.items.iter().filter_map(from_fhir::settlement).collect();
    Ok(Directory { services, settlements, read_at })
}

/// Pages of a search that are read for the directory: 100,000 entries.
const PAGES_MAX: usize = 500;

/// Every match of a search of reference data.
///
/// # Errors
/// [`Error::TooCostly`] for a directory beyond that: never one that is cut off in silence.
fn everything(snapshot: &mut Snapshot, type_: &str, words: &[(&str, &str)]) -> Result<lookup::Page, Error> {
    let mut whole = lookup::Page { items: Vec::new(), included: Vec::new(), next: None };
    let mut cursor: Option<String> = None;
    for _ in 0..PAGES_MAX {
        let mut words = words.to_vec();
        words.push(("_count", "200"));
        if let Some(cursor) = &cursor {
            words.push(("_page", cursor));
        }
        let next = lookup::page(snapshot, type_, &words)?;
        whole.items.extend(next.items);
        whole.included.extend(next.included);
        cursor = next.next;
        if cursor.is_none() {
            return Ok(whole);
        }
    }
    Err(Error::TooCostly("a directory of more than 100,000 entries"))
}
