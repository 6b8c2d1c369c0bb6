//! Files that a document names (<https://hl7.org/fhir/R4/binary.html>). A Binary is in nobody's compartment and closed to people;
//! it opens with the document that names it, to whoever may read that document, and no further. Because whoever writes one
//! document could name any Binary in it, one opens nothing that is stated to be another's, and whoever may not read a Binary
//! may not newly name it either.
//!
//! What this cannot tell: a Binary that states nothing of itself, and that no present DocumentReference but this one names,
//! opens with it, also when a DiagnosticReport, a Media or an earlier version of somebody else's document names it. Since naming
//! one has been asked for, only a client that may read every Binary can bring that about; what was named before stays named.
//! Whoever sends files states `securityContext`.

use crate::access::{Grant, grant};
use crate::audit::{Action, Draft};
use crate::extract::Cell;
use crate::prepared::is_id;
use crate::{Error, Found, Interaction, Prepared, Role, Snapshot, Withheld, access};
use fhir::definitions::definitions;
use fhir::issue::{Issue, IssueCode};
use fhir::json::{Text, Value};
use fhir::views::{Document, Resource as _};
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
        let subjects = self.patients_of(naming.rid)?;
        let naming = match naming.found(DOCUMENT, document)? {
            Found::Present(found) => Some(self.document(&found)?).filter(|naming| is_named(naming, id)),
            _ => None,
        };
        let found = self.for_the_house(|house| house.read("Binary", id))?;
        if let Found::Present(binary) = &found
            && let Some(naming) = naming
            && self.goes_with(&self.document(binary)?, &naming, id)?
        {
            self.record_about(Draft { version: Some(binary.version), ..draft }, subjects);
            return Ok(found);
        }
        self.record_about(draft.failed(), subjects);
        Ok(Found::Absent)
    }

    /// Whether a Binary goes with a document that names it: it is not kept back from whoever acts for its patient, and is stated
    /// to be of that document or of the person whom the document is about, or nobody states to whom it belongs and no document
    /// beyond the actor's reach names it.
    fn goes_with(&self, binary: &Value, naming: &Value, id: &str) -> Result<bool, Error> {
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
        // Said in any other way than by a reference, it is not known to be anybody's here.
        let Some(context) = binary.get("securityContext") else { return Ok(!self.is_anothers(id)?) };
        let whose = |reference: &str| match reference.split_once('/') {
            Some((DOCUMENT, named)) => naming.id() == Some(named),
            Some(("Patient", _)) => naming.text_at(&["subject", "reference"]) == Some(reference),
            _ => false,
        };
        Ok(context.text_at(&["reference"]).is_some_and(whose))
    }

    /// Whether a document that is out of the actor's reach names the Binary as well. Whoever reads a person's documents reads
    /// all of them, so that one is another's, or is kept back.
    fn is_anothers(&self, id: &str) -> Result<bool, Error> {
        let Some(location) = self.location()? else { return Ok(true) };
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
             WHERE i.p = ? AND ({named}) AND NOT ({}))",
            visible.sql
        );
        let mut params = vec![Sql::Integer(location)];
        for address in addresses {
            params.extend([address.clone(), format!("{address}/"), format!("{address}0")].map(Sql::Text));
        }
        params.extend(visible.params);
        let mut statement = self.conn.prepare_cached(&sql)?;
        Ok(statement.query_row(rusqlite::params_from_iter(params), |row| row.get(0))?)
    }

    /// The number of the rows that hold the addresses of a document's files, when there is any document.
    fn location(&self) -> Result<Option<i64>, Error> {
        let type_id = self.type_id(DOCUMENT)?;
        let location = definitions().search_parameter(DOCUMENT, "location");
        Ok(type_id.zip(location).map(|(type_id, location)| type_id * 65_536 + i64::from(location.id)))
    }

    /// Refuses a document that names a Binary which the present version (its row) does not name, by an actor who may not read
    /// Binaries: naming one would open it. `own` are those that the same transaction creates.
    pub(crate) fn may_name(
        &self,
        resource: &Prepared,
        present: Option<i64>,
        own: &[Text],
    ) -> Result<(), Error> {
        if resource.type_ != DOCUMENT || grant(&self.actor, Interaction::Read, "Binary") == Grant::Everything
        {
            return Ok(());
        }
        let param = definitions().search_parameter(DOCUMENT, "location").map(|location| location.id);
        let addresses = resource.derived.rows.iter().filter(|row| Some(row.param) == param);
        let mut named: Vec<&str> = addresses
            .filter_map(|row| match &row.cell {
                Cell::Uri(address) => self.binary_at(address),
                _ => None,
            })
            .filter(|id| !own.iter().any(|made| made == id))
            .collect();
        if let (Some(rid), Some(location), false) = (present, self.location()?, named.is_empty()) {
            let mut statement =
                self.conn.prepare_cached("SELECT uri FROM idx_uri WHERE rid = ?1 AND p = ?2")?;
            let mut rows = statement.query([rid, location])?;
            while let Some(row) = rows.next()? {
                let before: String = row.get(0)?;
                let before = self.binary_at(&before);
                named.retain(|id| Some(*id) != before);
            }
        }
        if named.is_empty() {
            return Ok(());
        }
        let text = "a document may newly name only a Binary that its writer may read, or that the same transaction creates";
        let issue = Issue::error(IssueCode::Forbidden, text);
        Err(Error::unprocessable(issue.at("DocumentReference.content.attachment.url")))
    }

    /// The id of the Binary of ours at an address.
    fn binary_at<'u>(&self, address: &'u str) -> Option<&'u str> {
        let relative = self.shared.base.as_ref().and_then(|base| base.relative(address));
        let id = relative.unwrap_or(address).strip_prefix("Binary/")?;
        is_id(id).then_some(id)
    }
}

fn is_named(document: &Value, id: &str) -> bool {
    Document(document).attachments().any(|one| one.binary() == Some(id))
}
