//! Files that a document names (<https://hl7.org/fhir/R4/binary.html>). A Binary is in nobody's compartment and closed to people;
//! it opens with the document that names it, to whoever may read that document, and no further. Because whoever writes one
//! document could name any Binary in it, one opens nothing that is stated to be another's.

use crate::audit::{Action, Draft, Subject};
use crate::{Error, Found, Interaction, Role, Snapshot, Withheld, access};
use fhir::definitions::definitions;
use fhir::json::Value;
use fhir::views::Document;
use rusqlite::types::Value as Sql;

const DOCUMENT: &str = "DocumentReference";

impl Snapshot {
    /// Reads a Binary that a DocumentReference names, both by their ids. What the actor may not have is [`Found::Absent`].
    ///
    /// # Errors
    /// [`Error::Forbidden`] when documents are closed to the role.
    pub fn file(&mut self, document: &str, id: &str) -> Result<Found, Error> {
        self.may(Interaction::Read, DOCUMENT)?;
        let draft = Draft::entity(Action::Read, "read", "Binary", id);
        let Some(naming) = self.current(DOCUMENT, document)? else {
            self.record(draft.failed());
            return Ok(Found::Absent);
        };
        let (rid, subjects) = (naming.rid, self.patients_of(naming.rid)?);
        let names = match naming.found(DOCUMENT, document)? {
            Found::Present(found) => is_named(&self.document(&found)?, id),
            _ => false,
        };
        let found = self.for_the_house(|house| house.read("Binary", id))?;
        if let Found::Present(binary) = &found
            && names
            && self.goes_with(&self.document(binary)?, (rid, document), (&subjects, id))?
        {
            self.record_about(Draft { version: Some(binary.version), ..draft }, subjects);
            return Ok(found);
        }
        self.record_about(draft.failed(), subjects);
        Ok(Found::Absent)
    }

    /// Whether a Binary goes with a document that names it: it is not kept back from whoever acts for its patient, and is stated
    /// to be theirs, or nobody states to whom it belongs and no document of somebody else's names it.
    fn goes_with(
        &self,
        binary: &Value,
        (rid, document): (i64, &str),
        (subjects, id): (&[Subject], &str),
    ) -> Result<bool, Error> {
        let labels = binary.get("meta").map(|meta| meta.items("security")).unwrap_or_default();
        let kept_back = |withheld: &Withheld| {
            let mut codes = labels.iter().filter_map(|label| label.text_at(&["code"]));
            codes.any(|code| withheld.labels.iter().any(|label| label.as_str() == code))
        };
        let asked = self.actor.behalf.as_ref().map(|behalf| &behalf.withheld);
        let carer = match &self.actor.role {
            Role::Carer { withheld, .. } => Some(withheld),
            _ => None,
        };
        if asked.into_iter().chain(carer).any(kept_back) {
            return Ok(false);
        }
        let whose = |context: &str| match context.split_once('/') {
            Some((DOCUMENT, named)) => named == document,
            Some(("Patient", named)) => subjects.iter().any(|subject| subject.id.as_str() == named),
            _ => false,
        };
        match binary.text_at(&["securityContext", "reference"]) {
            Some(context) => Ok(whose(context)),
            None => Ok(!self.is_anothers(rid, id)?),
        }
    }

    /// Whether a document that is out of the actor's reach and about somebody else names the Binary as well.
    fn is_anothers(&self, rid: i64, id: &str) -> Result<bool, Error> {
        let (Some(type_id), Some(location)) =
            (self.type_id(DOCUMENT)?, definitions().search_parameter(DOCUMENT, "location"))
        else {
            return Ok(true);
        };
        let visible = access::predicate_on(&self.actor, Interaction::Read, DOCUMENT, "r");
        let mut addresses = vec![format!("Binary/{id}")];
        if let Some(base) = &self.shared.base {
            addresses
                .extend(["https", "http"].map(|scheme| format!("{scheme}://{}/Binary/{id}", base.as_str())));
        }
        // The address itself, or one of its versions: '0' comes after '/'.
        let named = vec!["i.uri = ? OR i.uri > ? AND i.uri < ?"; addresses.len()].join(" OR ");
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM idx_uri i CROSS JOIN resource r ON r.rid = i.rid AND r.deleted = 0 \
             WHERE i.p = ? AND ({named}) AND NOT ({}) AND NOT EXISTS (SELECT 1 FROM compartment a \
             JOIN compartment b ON b.patient = a.patient WHERE a.rid = r.rid AND b.rid = ?))",
            visible.sql
        );
        let mut params = vec![Sql::Integer(type_id * 65_536 + i64::from(location.id))];
        for address in addresses {
            params.extend([address.clone(), format!("{address}/"), format!("{address}0")].map(Sql::Text));
        }
        params.extend(visible.params);
        params.push(Sql::Integer(rid));
        let mut statement = self.conn.prepare_cached(&sql)?;
        Ok(statement.query_row(rusqlite::params_from_iter(params), |row| row.get(0))?)
    }
}

fn is_named(document: &Value, id: &str) -> bool {
    Document(document).attachments().any(|one| one.binary() == Some(id))
}
