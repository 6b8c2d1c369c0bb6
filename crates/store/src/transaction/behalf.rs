//! What staff write because a patient asked them is the patient's own doing by another's hand. The same commit says so: one
//! Provenance names what was written, by whom, for whom and how it was asked for
//! (<https://hl7.org/fhir/R4/provenance.html>). It carries a tag until the patient has been sent word of it.
//!
//! Must never depend on what was written: every journey of a patient that staff complete is attested alike. Must never
//! name what belongs to somebody else's record.

use super::Transaction;
use crate::audit::Subject;
use crate::{Behalf, Error, Prepared};
use fhir::json::Value;
use fhir::systems::{DELIVERY, ODS, V3_ACT_REASON};
use fhir::views::build;

/// The tag ([`DELIVERY`]) of a Provenance of which the patient has not been told yet.
pub const CONFIRM: &str = "to-confirm";
/// The same, when nothing may be sent to where they live.
pub const CONFIRM_WITHOUT_POST: &str = "to-confirm-without-post";
/// What kinds of agents take part in a Provenance.
pub const PARTICIPANT: &str = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";
/// How somebody asked staff to act in their place ([`crate::Asked::code`]).
pub const ASKED_SYSTEM: &str = "https://bevan.example/CodeSystem/asked";

impl Transaction {
    /// Remembers what was written into the record of the patient who asked.
    pub(super) fn written(&mut self, (type_, id): (&str, &str), version: u64, subjects: &[Subject]) {
        let Some(behalf) = &self.actor.behalf else { return };
        if type_ == "Provenance" || subjects.iter().all(|one| one.id != behalf.patient) {
            return;
        }
        self.attested.push(format!("{type_}/{id}/_history/{version}"));
    }

    /// Says by whose hand everything was written. Called once, after the work and before the commit.
    pub(crate) fn attest(&mut self) -> Result<(), Error> {
        let written = std::mem::take(&mut self.attested);
        let Some(behalf) = self.actor.behalf.clone().filter(|_| !written.is_empty()) else { return Ok(()) };
        let provenance = Prepared::new(self.provenance(&behalf, &written)).map_err(Error::Unprocessable)?;
        let id = self.fresh_id();
        self.add(&provenance, &id)?;
        Ok(())
    }

    fn provenance(&self, behalf: &Behalf, written: &[String]) -> Value {
        let person = format!("Patient/{}", behalf.patient);
        // The person is named among the targets, which puts the Provenance into their record.
        let targets = written.iter().map(String::as_str).chain([person.as_str()]);
        let target = targets.map(|one| Value::object([("reference", Value::from(one))])).collect();
        let recorded =
            jiff::Timestamp::from_microsecond(self.now_us()).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        let tag = build::coding(DELIVERY, if behalf.post { CONFIRM } else { CONFIRM_WITHOUT_POST }, "");
        let reason = [
            build::coding(V3_ACT_REASON, "PATRQT", "patient requested"),
            build::coding(ASKED_SYSTEM, behalf.asked.code(), ""),
        ];
        build::object([
            ("resourceType", Some(Value::from("Provenance"))),
            ("meta", Some(Value::object([("tag", build::one(tag))]))),
            ("target", Some(Value::Array(target))),
            ("recorded", Some(Value::from(format!("{recorded:.6}")))),
            ("reason", Some(build::one(Value::object([("coding", Value::Array(reason.to_vec()))])))),
            ("agent", Some(Value::Array(self.agents(behalf)))),
        ])
    }

    /// Whose hand it was, for which organisation, and who asked where it was not the person.
    fn agents(&self, behalf: &Behalf) -> Vec<Value> {
        let actor = &self.actor;
        let kind = |code: &str, words: &str| build::codeable_concept(PARTICIPANT, code, words);
        let hand = build::object([
            ("reference", actor.id.starts_with("Practitioner/").then(|| Value::from(actor.id.clone()))),
            ("display", Some(Value::from(actor.name.as_str()))),
        ]);
        let mut agents = vec![Value::object([
            ("type", kind("enterer", "Enterer")),
            ("who", hand),
            ("onBehalfOf", build::reference("Patient", &behalf.patient)),
        ])];
        if !actor.organisation.is_empty() {
            let house = Value::object([("identifier", build::identifier(ODS, &actor.organisation))]);
            agents.push(Value::object([("type", kind("custodian", "Custodian")), ("who", house)]));
        }
        if let Some(relationship) = behalf.asked.relationship() {
            let asked = build::reference("RelatedPerson", relationship);
            agents.push(Value::object([("type", kind("informant", "Informant")), ("who", asked)]));
        }
        agents
    }
}
