//! Rows of the audit log as accesses: what one person opened of one record for one reason, within the hours that an emergency
//! access lasts, is one access. Pure.

use super::document::Review;
use jiff::Timestamp;
use store::audit::AuditRecord;

/// An emergency access lasts four hours; a row later than that belongs to another.
const LASTS_US: i64 = 4 * 60 * 60 * 1_000_000;

/// One access, before it is known whom it was about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    /// Number of its first row.
    pub first: u64,
    /// The person or client.
    pub agent: String,
    /// Display name.
    pub name: String,
    /// Code of the role.
    pub role: String,
    /// ODS code of the organisation.
    pub organisation: String,
    /// Id of the Patient.
    pub patient: String,
    /// The reason that was given.
    pub reason: String,
    /// Time of its first row, in microseconds since 1970.
    pub from: i64,
    /// Time of its last row.
    pub until: i64,
    /// Resource types that were opened, in the order in which they were.
    pub types: Vec<String>,
    /// Whether something was written.
    pub changed: bool,
}

/// Accesses of rows that come newest first; the newest access first. What found nothing opened nothing.
pub(super) fn spans(rows: &[AuditRecord]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for row in rows.iter().rev().filter(|row| row.outcome == 0) {
        let (Some(patient), Some(reason)) = (&row.patient, &row.reason) else { continue };
        let known = spans.iter_mut().rev().find(|span| {
            span.agent == row.agent.as_str()
                && span.patient == patient.as_str()
                && span.reason == *reason
                && row.recorded_at.saturating_sub(span.from) <= LASTS_US
        });
        let span = match known {
            Some(span) => span,
            None => {
                spans.push(Span {
                    first: row.seq,
                    agent: row.agent.to_string(),
                    name: row.agent_name.clone(),
                    role: row.role.to_string(),
                    organisation: row.organisation.to_string(),
                    patient: patient.to_string(),
                    reason: reason.clone(),
                    from: row.recorded_at,
                    until: row.recorded_at,
                    types: Vec::new(),
                    changed: false,
                });
                match spans.last_mut() {
                    Some(span) => span,
                    None => continue,
                }
            }
        };
        span.until = row.recorded_at;
        span.changed |= matches!(row.action.as_str(), "C" | "U" | "D");
        if let Some(name) = &row.resource_type
            && !span.types.iter().any(|known| known == name.as_str())
        {
            span.types.push(name.to_string());
        }
    }
    spans.sort_by_key(|span| std::cmp::Reverse(span.first));
    spans
}

impl Span {
    /// What came of the review of this access, as far as it covers all of it: the first final finding, else that somebody was
    /// asked.
    pub(super) fn reviewed<'r>(&self, all: &'r [Review]) -> Option<&'r Review> {
        let until = Timestamp::from_microsecond(self.until).ok()?;
        let fits =
            |one: &&Review| one.agent == self.agent && one.patient == self.patient && one.until >= until;
        all.iter().filter(fits).find(|one| one.finding.is_final()).or_else(|| all.iter().rfind(fits))
    }

    /// Whether somebody still has to look at it.
    pub(super) fn waits(&self, all: &[Review]) -> bool {
        !self.reviewed(all).is_some_and(|one| one.finding.is_final())
    }
}

#[cfg(test)]
mod tests {
    use super::super::decide::Finding;
    use super::*;

    fn row(seq: u64, minute: i64, (agent, patient, reason): (&str, &str, &str)) -> AuditRecord {
        AuditRecord {
            seq,
            recorded_at: minute * 60_000_000,
            agent: agent.into(),
            patient: Some(patient.into()),
            reason: Some(reason.into()),
            action: "R".into(),
            resource_type: Some("Condition".into()),
            ..AuditRecord::default()
        }
    }

    const A: (&str, &str, &str) = ("Practitioner/1", "p", "unconscious");

    #[test]
    fn what_one_person_opens_for_one_reason_in_four_hours_is_one_access() {
        let other = ("Practitioner/2", "p", "unconscious");
        let again = ("Practitioner/1", "p", "came back");
        let mut failed = row(9, 300, A);
        failed.outcome = 4;
        let rows = [
            failed,
            row(6, 250, A),
            row(5, 241, A),
            row(4, 30, again),
            row(3, 20, other),
            row(2, 240, A),
            row(1, 0, A),
        ];
        let mut rows = rows;
        rows.sort_by_key(|row| std::cmp::Reverse(row.seq));
        let found = spans(&rows);
        let shape: Vec<_> =
            found.iter().map(|one| (one.first, one.from / 60_000_000, one.until / 60_000_000)).collect();
        assert_eq!(shape, [(5, 241, 250), (4, 30, 30), (3, 20, 20), (1, 0, 240)]);
        assert_eq!(found[0].types, ["Condition"]);
    }

    #[test]
    fn a_review_covers_what_had_happened_when_it_was_made_and_asking_is_no_end() {
        let span = spans(&[row(2, 60, A), row(1, 0, A)]).remove(0);
        let review = |minute: i64, patient: &str, finding| Review {
            agent: "Practitioner/1".into(),
            patient: patient.into(),
            until: Timestamp::from_second(minute * 60).unwrap(),
            at: Timestamp::from_second(minute * 60).unwrap(),
            by: String::new(),
            finding,
            words: String::new(),
        };
        for (all, waits, found) in [
            (vec![], true, None),
            (vec![review(59, "p", Finding::Justified)], true, None),
            (vec![review(60, "q", Finding::Justified)], true, None),
            (vec![review(60, "p", Finding::Justified)], false, Some(Finding::Justified)),
            (vec![review(60, "p", Finding::Asked)], true, Some(Finding::Asked)),
            (
                vec![review(60, "p", Finding::Asked), review(70, "p", Finding::NotJustified)],
                false,
                Some(Finding::NotJustified),
            ),
        ] {
            assert_eq!(span.waits(&all), waits, "{all:?}");
            assert_eq!(span.reviewed(&all).map(|one| one.finding), found, "{all:?}");
        }
    }
}
