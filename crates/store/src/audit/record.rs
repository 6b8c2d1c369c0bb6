//! One row of the audit log, and the bytes its leaf is the hash of.

use fhir::json::Text;
use rusqlite::Connection;

/// One interaction with the record of at most one patient.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditRecord {
    /// Number, from 1 without gaps.
    pub seq: u64,
    /// When it was recorded, in microseconds since 1970, UTC; never before the row above.
    pub recorded_at: i64,
    /// Reference to the person or client.
    pub agent: Text,
    /// Display name.
    pub agent_name: String,
    /// [`crate::Role::code`].
    pub role: Text,
    /// ODS code of the agent's organisation; may be empty.
    pub organisation: Text,
    /// Code of v3-ActReason.
    pub purpose: Text,
    /// Id of the request.
    pub trace: Text,
    /// Code of audit-event-action: `C`, `R`, `U`, `D` or `E`.
    pub action: Text,
    /// FHIR interaction.
    pub interaction: Text,
    /// Resource type.
    pub resource_type: Option<Text>,
    /// Logical id of the resource.
    pub id: Option<Text>,
    /// Its version.
    pub version: Option<u64>,
    /// Logical id of the patient.
    pub patient: Option<Text>,
    /// Raw query string.
    pub query: Option<String>,
    /// Code of audit-event-outcome.
    pub outcome: u8,
    /// Reason of a break-glass access; of what was done on a patient's behalf, how they asked ([`crate::Asked::code`]).
    pub reason: Option<String>,
    /// Random bytes that hide the content from whoever sees only the hash.
    pub salt: [u8; 16],
    /// Name of the capability the agent worked through.
    pub capability: Option<Text>,
    /// Logical id of the RelatedPerson by whose right a carer acted, or asked staff to act.
    pub relationship: Option<Text>,
}

/// The columns of table `audit` that [`AuditRecord::of`] reads; the patient comes from table `patient p`.
pub(crate) const COLUMNS: &str = "a.seq, a.recorded_at, a.agent, a.agent_name, a.role, a.organisation, a.purpose, \
     a.trace, a.action, a.interaction, a.type, a.entity, a.version, p.fhir_id, a.query, a.outcome, a.reason, a.salt, \
     a.capability, a.relationship";

/// [`COLUMNS`] of a file that may be older than the last two of them.
pub(crate) fn columns(connection: &Connection) -> rusqlite::Result<String> {
    let sql = "SELECT count(*) FROM pragma_table_info('audit') WHERE name = 'capability'";
    let known: bool = connection.query_row(sql, [], |row| row.get(0))?;
    Ok(if known { COLUMNS.to_owned() } else { COLUMNS.replace("a.capability, a.relationship", "NULL, NULL") })
}

impl AuditRecord {
    /// From [`COLUMNS`].
    pub(crate) fn of(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        let text = |at: usize| -> rusqlite::Result<Text> { Ok(Text::from(row.get_ref(at)?.as_str()?)) };
        let maybe = |at: usize| -> rusqlite::Result<Option<Text>> {
            Ok(row.get_ref(at)?.as_str_or_null()?.map(Text::from))
        };
        Ok(Self {
            seq: row.get(0)?,
            recorded_at: row.get(1)?,
            agent: text(2)?,
            agent_name: row.get(3)?,
            role: text(4)?,
            organisation: text(5)?,
            purpose: text(6)?,
            trace: text(7)?,
            action: text(8)?,
            interaction: text(9)?,
            resource_type: maybe(10)?,
            id: maybe(11)?,
            version: row.get(12)?,
            patient: maybe(13)?,
            query: row.get(14)?,
            outcome: row.get(15)?,
            reason: row.get(16)?,
            salt: row.get(17)?,
            capability: maybe(18)?,
            relationship: maybe(19)?,
        })
    }

    /// Whether it is a refusal by role: about no resource, as nobody looked which there are.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        self.outcome == 4 && self.id.is_none()
    }

    /// The reason of an access in an emergency.
    #[must_use]
    pub fn broken_glass(&self) -> Option<&str> {
        self.reason.as_deref().filter(|_| self.purpose != crate::Purpose::PatientRequest.code())
    }

    /// How the patient asked, of what staff did in their place.
    #[must_use]
    pub fn asked(&self) -> Option<&str> {
        self.reason.as_deref().filter(|_| self.purpose == crate::Purpose::PatientRequest.code())
    }

    /// The record as someone sees it who may know that a search was made, and not what else it asked for: the values of
    /// the query are left out. One search may name many people.
    #[must_use]
    pub fn without_values(mut self) -> Self {
        let names = |query: String| {
            let names = query.split('&').map(|pair| pair.split('=').next().unwrap_or_default());
            names.collect::<Vec<_>>().join("&")
        };
        self.query = self.query.map(names);
        self
    }

    /// Writes the bytes of the leaf: every field with its length before it, so that no two records share bytes. The last
    /// two are younger than the log and leave no bytes when both are absent, so that older leaves stay what they are.
    pub(crate) fn content(&self, out: &mut Vec<u8>) {
        out.clear();
        out.extend_from_slice(&self.salt);
        out.extend_from_slice(&self.seq.to_be_bytes());
        out.extend_from_slice(&self.recorded_at.to_be_bytes());
        for text in [
            Some(self.agent.as_str()),
            Some(self.agent_name.as_str()),
            Some(self.role.as_str()),
            Some(self.organisation.as_str()),
            Some(self.purpose.as_str()),
            Some(self.trace.as_str()),
            Some(self.action.as_str()),
            Some(self.interaction.as_str()),
            self.resource_type.as_deref(),
            self.id.as_deref(),
            self.patient.as_deref(),
            self.query.as_deref(),
            self.reason.as_deref(),
        ] {
            put_text(out, text);
        }
        out.extend_from_slice(&self.version.unwrap_or(0).to_be_bytes());
        out.push(self.outcome);
        if self.capability.is_some() || self.relationship.is_some() {
            for text in [&self.capability, &self.relationship] {
                put_text(out, text.as_deref());
            }
        }
    }
}

fn put_text(out: &mut Vec<u8>, text: Option<&str>) {
    let length = text.map_or(u32::MAX, |text| u32::try_from(text.len()).unwrap_or(u32::MAX - 1));
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(text.unwrap_or_default().as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_younger_fields_are_sealed_and_change_no_older_leaf() {
        let bytes = |record: &AuditRecord| {
            let mut out = Vec::new();
            record.content(&mut out);
            out
        };
        let plain = AuditRecord::default();
        // Salt, two numbers, thirteen lengths (eight of empty texts, five of absent ones), version and outcome.
        assert_eq!(bytes(&plain).len(), 16 + 8 + 8 + 13 * 4 + 8 + 1);
        let named = |capability: Option<&str>, relationship: Option<&str>| AuditRecord {
            capability: capability.map(Text::from),
            relationship: relationship.map(Text::from),
            ..AuditRecord::default()
        };
        let all =
            [named(None, None), named(Some("a"), None), named(None, Some("a")), named(Some("a"), Some("b"))];
        for (at, one) in all.iter().enumerate() {
            assert!(all.iter().skip(at + 1).all(|other| bytes(one) != bytes(other)));
        }
    }

    #[test]
    fn a_search_can_be_shown_without_what_it_asked_for() {
        let record = AuditRecord {
            query: Some(String::from("family=Somebody&_count=5&flag")),
            ..AuditRecord::default()
        };
        assert_eq!(record.without_values().query.as_deref(), Some("family&_count&flag"));
    }
}
