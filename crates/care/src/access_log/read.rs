//! Who looked at a person's record, from the audit trail. Rows of one person's visit are one look: what somebody opened
//! within a quarter of an hour, for one reason, is one line with all its parts.

use super::reviews::{Reviewed, reviews};
use super::{AccessLog, Look, Reason, Review, What};
use crate::lookup::unseen;
use crate::places::organisation_of;
use crate::view::{Listed, Section, Unseen};
use catalogue::say;
use jiff::Timestamp;
use std::collections::HashMap;
use store::audit::AuditRecord;
use store::{Actor, Error, Role, Snapshot, Store};

/// Audit rows read for one page.
const ROWS: usize = 500;
/// Rows of one agent closer together than this are one look.
const VISIT_US: i64 = 15 * 60 * 1_000_000;

/// Who looked at a person's record.
pub(crate) async fn read(
    store: &Store,
    actor: &Actor,
    patient: &str,
    cursor: Option<&str>,
) -> Result<AccessLog, Unseen> {
    if !matches!(actor.role, Role::Patient { .. }) {
        return Err(Unseen::NoAccess);
    }
    let before = match cursor {
        Some(cursor) => {
            Some(cursor.parse::<u64>().map_err(|_| Unseen::Invalid("the page is not one of ours".into()))?)
        }
        None => None,
    };
    let patient = patient.to_owned();
    let now = store.environment().clock.now();
    let read = store.read(actor.clone(), move |snapshot| {
        let rows = snapshot.audit_about_patient(&patient, ROWS, before)?;
        let next = (rows.len() == ROWS).then(|| rows.last().map(|row| row.seq.to_string())).flatten();
        let names = organisations(snapshot, &rows);
        let mut numbers: Vec<String> = vec![patient.clone()];
        numbers.extend(snapshot.earlier_numbers(&patient)?.iter().map(ToString::to_string));
        let mut items = looks(&rows, &numbers, &names);
        if items.iter().any(|(look, _)| look.review.is_some()) {
            let reviewed = reviews(snapshot, &numbers.join(","))?;
            items.iter_mut().for_each(|(look, agent)| Reviewed::apply(&reviewed, look, agent));
        }
        let items = items.into_iter().map(|(look, _)| look).collect();
        Ok(AccessLog { read_at: now, looks: Section::Shown(Listed { items, total: None, next }) })
    });
    read.await.map_err(|error: Error| unseen(&error))
}

/// The cursor of the page that begins with a row.
pub(crate) fn beginning_with(row: &AuditRecord) -> String {
    row.seq.saturating_add(1).to_string()
}

/// Names of the organisations by ODS code, as far as they can be read.
fn organisations(snapshot: &mut Snapshot, rows: &[AuditRecord]) -> HashMap<String, String> {
    let mut names = HashMap::new();
    for row in rows {
        let code = row.organisation.as_str();
        if code.is_empty() || names.contains_key(code) {
            continue;
        }
        names.insert(code.to_owned(), organisation_of(snapshot, code));
    }
    names
}

/// Rows, newest first, as looks, each with the agent behind it. Failed attempts, and the system's own work without a person
/// behind it, are not looks. What the house wrote in somebody's name, through a capability, is theirs.
fn looks<'a>(
    rows: &'a [AuditRecord],
    numbers: &[String],
    names: &HashMap<String, String>,
) -> Vec<(Look, &'a str)> {
    let mut looks: Vec<(Look, i64, &str)> = Vec::new();
    for row in
        rows.iter().filter(|row| row.outcome == 0 && (row.role != "system" || row.capability.is_some()))
    {
        // That it was done in the person's place is said of the thing itself.
        if row.asked().is_some() && row.resource_type.as_deref() == Some("Provenance") {
            continue;
        }
        let Ok(at) = Timestamp::from_microsecond(row.recorded_at) else { continue };
        let (what, reason) = (what(row), reason(row));
        let part = part(row.resource_type.as_deref()).to_owned();
        let known = looks.iter_mut().find(|(look, oldest, agent)| {
            *agent == row.agent
                && look.what == what
                && look.reason == reason
                && *oldest - row.recorded_at <= VISIT_US
        });
        match known {
            Some((look, oldest, _)) => {
                *oldest = row.recorded_at;
                if !look.parts.contains(&part) {
                    look.parts.push(part);
                }
            }
            None => {
                let own =
                    row.agent.strip_prefix("Patient/").is_some_and(|id| numbers.iter().any(|one| one == id));
                let organisation = names.get(row.organisation.as_str()).cloned().unwrap_or_default();
                let who = (!row.agent_name.is_empty()).then(|| row.agent_name.clone());
                let role = match &reason {
                    Reason::OnBehalf(_) if row.role == "system" => say("record-role-staff"),
                    _ => role(worked_as(row)),
                };
                let role = role.to_owned();
                let review = matches!(reason, Reason::Emergency(_)).then_some(Review::Waiting);
                looks.push((
                    Look { at, who, role, organisation, parts: vec![part], what, reason, own, review },
                    row.recorded_at,
                    &row.agent,
                ));
            }
        }
    }
    looks.into_iter().map(|(look, _, agent)| (look, agent)).collect()
}

/// The role in which somebody worked: what the house wrote in a privacy officer's name is theirs.
fn worked_as(row: &AuditRecord) -> &str {
    match row.capability.as_deref() {
        Some(name) if name == crate::emergency_review::EMERGENCY_REVIEW.name => "privacy-officer",
        _ => &row.role,
    }
}

fn what(row: &AuditRecord) -> What {
    match row.action.as_str() {
        "C" | "U" => What::Changed,
        "D" => What::Removed,
        // Everything but the search for people is asked of one record that is open.
        "E" if row.resource_type.as_deref() == Some("Patient") => What::Searched,
        _ => What::Looked,
    }
}

fn reason(row: &AuditRecord) -> Reason {
    if let Some(asked) = row.asked() {
        return Reason::OnBehalf(asked.to_owned());
    }
    match (row.purpose.as_str(), &row.reason) {
        (_, Some(reason)) => Reason::Emergency(reason.clone()),
        ("TREAT", None) => Reason::Care,
        ("ETREAT", None) => Reason::Emergency(String::new()),
        ("PATRQT", None) => Reason::PatientRequest,
        ("HOPERAT", None) => Reason::Operations,
        (other, None) => Reason::Other(other.to_owned()),
    }
}

pub(crate) fn role(code: &str) -> &str {
    match code {
        "patient" => say("record-role-you"),
        "carer" => say("record-role-carer"),
        "system" => say("record-role-applicant"),
        "ward-staff" | "ward-staff-break-glass" => say("record-role-ward"),
        "surgery" | "surgery-break-glass" => say("record-role-surgery"),
        "receptionist" => say("record-role-desk"),
        "operator" => say("record-role-operator"),
        "privacy-officer" => say("record-role-privacy"),
        "backend" => say("record-role-system"),
        other => other,
    }
}

/// What a resource type is called on the patient's pages.
pub(crate) fn part(resource_type: Option<&str>) -> &'static str {
    match resource_type {
        Some("Patient") => say("record-part-details"),
        Some("Condition") => say("record-part-conditions"),
        Some("MedicationRequest" | "MedicationStatement" | "MedicationAdministration") => {
            say("record-part-medicines")
        }
        Some("AllergyIntolerance") => say("record-part-allergies"),
        Some("DiagnosticReport") => say("record-part-results"),
        Some("ImagingStudy") => say("record-scans"),
        Some("Observation") => say("record-part-measurements"),
        Some("Encounter" | "EpisodeOfCare") => say("record-part-visits"),
        Some("Immunization") => say("record-part-vaccinations"),
        Some("Procedure") => say("record-part-procedures"),
        Some("DocumentReference" | "Composition") => say("record-part-documents"),
        Some("ServiceRequest") => say("record-part-referrals"),
        Some("Appointment") => say("record-part-appointments"),
        Some("Communication") => say("record-part-messages"),
        Some("Consent" | "RelatedPerson") => say("record-part-family"),
        Some("AuditEvent") => say("record-part-looks"),
        _ => say("record-part-other"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(seq: u64, minute: i64, type_: &str) -> AuditRecord {
        AuditRecord {
            seq,
            recorded_at: minute * 60_000_000,
            agent: "Practitioner/1".into(),
            agent_name: "Sam Sample".into(),
            role: "ward-staff".into(),
            organisation: "XEX".into(),
            purpose: "TREAT".into(),
            trace: "t".into(),
            action: "R".into(),
            interaction: "read".into(),
            resource_type: Some(type_.into()),
            id: None,
            version: None,
            patient: Some("p".into()),
            query: None,
            outcome: 0,
            reason: None,
            ..AuditRecord::default()
        }
    }

    #[test]
    fn one_visit_is_one_line_with_all_its_parts() {
        let rows =
            [row(4, 120, "Patient"), row(3, 31, "Patient"), row(2, 30, "Condition"), row(1, 29, "Patient")];
        let looks = looks(&rows, &[String::from("p")], &HashMap::new());
        assert_eq!(looks.len(), 2, "an hour and a half lies between the two visits");
        let looks: Vec<Look> = looks.into_iter().map(|(look, _)| look).collect();
        assert_eq!(looks[1].parts, ["Name and details", "Health conditions"]);
        assert_eq!(looks[1].at.as_second(), 31 * 60, "a visit is dated by its last row");
    }

    #[test]
    fn an_emergency_is_never_folded_into_care() {
        let mut emergency = row(2, 30, "Patient");
        emergency.reason = Some("Unconscious".into());
        let rows = [emergency, row(1, 29, "Patient")];
        let looks = looks(&rows, &[String::from("p")], &HashMap::new());
        assert_eq!(looks.len(), 2);
        assert_eq!(looks[0].0.reason, Reason::Emergency("Unconscious".into()));
        assert_eq!((&looks[0].0.review, &looks[1].0.review), (&Some(Review::Waiting), &None));
    }

    #[test]
    fn what_staff_do_in_a_patients_place_is_told_apart_from_care_and_from_emergencies() {
        let mut asked = row(3, 31, "MedicationRequest");
        (asked.purpose, asked.reason, asked.action) = ("PATRQT".into(), Some("phone".into()), "C".into());
        let attested = AuditRecord { resource_type: Some("Provenance".into()), ..asked.clone() };
        let rows = [attested, asked, row(1, 29, "Patient")];
        let looks = looks(&rows, &[String::from("p")], &HashMap::new());
        assert_eq!(looks.len(), 2, "the attestation is no look of its own");
        assert_eq!((&looks[0].0.reason, looks[0].0.what), (&Reason::OnBehalf("phone".into()), What::Changed));
        assert_eq!((&looks[0].0.parts, &looks[0].0.review), (&vec![String::from("Medicines")], &None));
        assert_eq!(looks[1].0.reason, Reason::Care);
    }

    #[test]
    fn failed_attempts_and_the_system_are_not_looks() {
        let mut failed = row(2, 30, "Patient");
        failed.outcome = 4;
        let mut system = row(1, 29, "Patient");
        system.role = "system".into();
        assert!(looks(&[failed, system], &[String::from("p")], &HashMap::new()).is_empty());
    }
}
