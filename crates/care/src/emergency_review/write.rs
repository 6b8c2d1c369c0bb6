//! Recording a finding: one Communication, in the officer's name, in one commit.

use super::accesses::spans;
use super::decide::{self, Finding, Refusal};
use super::document::{Review, communication};
use super::read::{reviewed_organisation, reviews_of};
use super::view::Undone;
use crate::lookup::unseen;
use fhir::json::Text;
use jiff::Timestamp;
use store::{Actor, Capability, Error, Prepared, Role, Store};

/// What this slice writes in the officer's name.
pub const EMERGENCY_REVIEW: Capability =
    Capability { name: "emergency-review", writes: &["Communication"], shared: &[] };

/// Rows of the log in which an access is looked for again.
const ROWS: usize = 20_000;

/// Records what was found about an access, of which the officer had seen everything up to `seen`.
pub(super) async fn record(
    store: &Store,
    actor: &Actor,
    (id, once): (&str, &str),
    seen: Timestamp,
    (finding, words): (Finding, &str),
) -> Result<(), Undone> {
    let organisation = reviewed_organisation(actor)?;
    let wanted: u64 = id.parse().map_err(|_| crate::view::Unseen::NotFound)?;
    let (once, words) = (once.to_owned(), words.trim().to_owned());
    let now = store.environment().clock.now();
    let house = Actor { role: Role::System, ..actor.within(&EMERGENCY_REVIEW) };
    let (officer, name): (Text, String) = (actor.id.clone(), actor.name.clone());
    let written = store.write(house, move |transaction| {
        if transaction.once(&once)?.is_some() {
            return Ok(Ok(()));
        }
        let rows = transaction.audit_emergencies(Some(&organisation), None, ROWS)?;
        let found = spans(&rows);
        let span = found.iter().find(|span| span.first == wanted).ok_or(Error::NotFound)?;
        let reviews = reviews_of(transaction, std::slice::from_ref(span))?;
        let seen = (officer.as_str(), seen.as_microsecond());
        if let Err(refusal) = decide::review(span, seen, (finding, &words), &reviews) {
            return Ok(Err(refusal));
        }
        let until = Timestamp::from_microsecond(span.until).map_err(|_| Error::NotFound)?;
        let said = if words.is_empty() { String::new() } else { format!(" {words}") };
        let one = Review {
            agent: span.agent.clone(),
            patient: span.patient.clone(),
            until,
            at: now,
            by: name,
            finding,
            words: format!("{}{said}", finding.to_patient()),
        };
        let document = Prepared::new(communication(&one, &officer)).map_err(Error::Unprocessable)?;
        transaction.create(&document)?;
        transaction.settle_once(&once, "done")?;
        Ok::<Result<(), Refusal>, Error>(Ok(()))
    });
    Ok(written.await.map_err(|error| unseen(&error))??)
}
