//! What the hospitals do, told: one message for each event, recorded a little after it happened and sent when it is
//! recorded.

use super::message::{self, Header, Line};
use crate::calendar::{Seconds, hl7_stamp};
use crate::hospital::{Observations, Place, Simulation, Stay, StayId, panel, taken_at, values};
use crate::person::Person;
use crate::record::laboratory::flag;
use hl7v2::build::MessageBuilder;

/// A discharge.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Departure {
    pub(crate) at: Seconds,
    /// Discharge method, NHS Data Dictionary.
    pub(crate) method: &'static str,
    /// Discharge destination, NHS Data Dictionary.
    pub(crate) destination: &'static str,
    pub(crate) died: bool,
}

/// What an event says besides the stay's state.
#[derive(Clone, Debug, Default)]
pub(crate) struct Extra {
    /// Where the patient was.
    pub(crate) prior: Option<Place>,
    /// Where the patient will be.
    pub(crate) pending: Option<Place>,
    /// When admission (of someone not here) or discharge is expected.
    pub(crate) expected: Option<Seconds>,
    pub(crate) departure: Option<Departure>,
    /// The number that gives way to the stay's.
    pub(crate) merged: Option<String>,
}

/// Seconds between writing an event down and sending it.
const SENDING: Seconds = 2;

impl Simulation<'_> {
    /// Tells an event of a stay: its trigger and when it happened, or just after what was told of it before.
    pub(crate) fn tell(&mut self, hospital: usize, id: StayId, what: (&str, Seconds), extra: Extra) {
        let (trigger, at) = what;
        let Some((stay, times)) = self.note(hospital, id, at) else { return };
        let mut extra = extra;
        if let Some(departure) = &mut extra.departure {
            departure.at = times.1;
        }
        let Some(trust) = self.trust(hospital) else { return };
        let mut message = self.open_message(hospital, "PAS", ["ADT", trigger, structure(trigger)], times.0);
        message::event(&mut message, trigger, times, &trust.ods);
        match extra.departure.filter(|departure| departure.died) {
            Some(departure) => message::person_died(&mut message, &trust.ods, &stay, departure.at),
            None => message::person(&mut message, &trust.ods, &stay.mrn, &stay.person),
        }
        if let Some(prior) = &extra.merged {
            message::practice(&mut message, self.world, &stay.person);
            message::merged(&mut message, prior, &trust.ods);
            self.send(hospital, times.0, &message);
            return;
        }
        if matches!(trigger, "A01" | "A04" | "A05" | "A08" | "A31") {
            message::practice(&mut message, self.world, &stay.person);
        }
        message::visit(&mut message, self.world, trust, &stay, &extra);
        self.send(hospital, times.0, &message);
    }

    /// Tells that two stays changed places.
    pub(crate) fn tell_swap(&mut self, hospital: usize, first: StayId, second: StayId, at: Seconds) {
        let later = [first, second].iter().filter_map(|id| Some(self.stay(hospital, *id)?.told_at + 1)).max();
        let at = at.max(later.unwrap_or(at));
        let (Some((one, times)), Some((other, _))) =
            (self.note(hospital, first, at), self.note(hospital, second, at))
        else {
            return;
        };
        let Some(trust) = self.trust(hospital) else { return };
        let mut message = self.open_message(hospital, "PAS", ["ADT", "A17", "ADT_A17"], times.0);
        message::event(&mut message, "A17", times, &trust.ods);
        for stay in [&one, &other] {
            message::person(&mut message, &trust.ods, &stay.mrn, &stay.person);
            message::visit(&mut message, self.world, trust, stay, &Extra::default());
        }
        self.send(hospital, times.0, &message);
    }

    /// Tells of a person without a stay: a registration under a second number, or its merge into the first.
    pub(crate) fn tell_person(&mut self, hospital: usize, trigger: &str, person: Person, merge: Option<u64>) {
        let Some(trust) = self.trust(hospital) else { return };
        let second = format!("D{}", person.mrn);
        let times = (self.clock + self.note_delay(), self.clock);
        let mut message = self.open_message(hospital, "PAS", ["ADT", trigger, structure(trigger)], times.0);
        message::event(&mut message, trigger, times, &trust.ods);
        let mrn = if merge.is_some() { person.mrn.as_str() } else { second.as_str() };
        // The second registration was made without asking for the NHS number.
        let mut person = person.clone();
        let number = person.nhs_number.take();
        if merge.is_some() {
            person.nhs_number = number;
        }
        message::person(&mut message, &trust.ods, mrn, &person);
        message::practice(&mut message, self.world, &person);
        if merge.is_some() {
            message::merged(&mut message, &second, &trust.ods);
        }
        self.send(hospital, times.0, &message);
    }

    /// Tells the allergies of a stay's person, when there are any.
    pub(crate) fn tell_allergies(&mut self, hospital: usize, id: StayId, at: Seconds) {
        let Some(stay) = self.stay(hospital, id) else { return };
        let allergies = crate::record::allergies(self.world, &stay.person);
        if allergies.is_empty() || stay.mrn.starts_with('T') {
            return;
        }
        let Some((stay, times)) = self.mention(hospital, id, at) else { return };
        let Some(trust) = self.trust(hospital) else { return };
        let mut message = self.open_message(hospital, "PAS", ["ADT", "A60", "ADT_A60"], times.0);
        message::event(&mut message, "A60", times, &trust.ods);
        message::person(&mut message, &trust.ods, &stay.mrn, &stay.person);
        message::visit(&mut message, self.world, trust, &stay, &Extra::default());
        for (at, one) in allergies.iter().enumerate() {
            message::allergy(&mut message, at + 1, one);
        }
        self.send(hospital, times.0, &message);
    }

    /// Tells a set of bedside observations taken at `at`.
    pub(crate) fn tell_observations(&mut self, hospital: usize, id: StayId, at: Seconds) {
        let Some((stay, times)) = self.mention(hospital, id, at) else { return };
        let Some(trust) = self.trust(hospital) else { return };
        let seen = Observations::of(stay.severity, &mut self.rng);
        let number = format!("OBS{}-{}", stay.visit, times.1);
        let stamp = hl7_stamp(times.1, message::writes_offset(&trust.ods));
        let mut message = self.open_message(hospital, "EOBS", ["ORU", "R01", "ORU_R01"], times.0);
        message::person(&mut message, &trust.ods, &stay.mrn, &stay.person);
        message::visit(&mut message, self.world, trust, &stay, &Extra::default());
        observation_request(
            &mut message,
            ("", &number),
            ["85353-1", "Vital signs", "LN"],
            (&stamp, &stamp, "F"),
        );
        let alert = if seen.alert {
            ["248234008", "Mentally alert", "SCT"]
        } else {
            ["300202002", "Responds to voice", "SCT"]
        };
        let lines: [(&str, &str, String, &str); 7] = [
            ("9279-1", "Respiratory rate", seen.respiration.to_string(), "/min"),
            ("59408-5", "Oxygen saturation", seen.saturation.to_string(), "%"),
            ("3151-8", "Inhaled oxygen flow rate", if seen.oxygen { "2" } else { "0" }.to_owned(), "L/min"),
            ("8480-6", "Systolic blood pressure", seen.systolic.to_string(), "mm[Hg]"),
            ("8462-4", "Diastolic blood pressure", seen.diastolic.to_string(), "mm[Hg]"),
            ("8867-4", "Heart rate", seen.pulse.to_string(), "/min"),
            (
                "8310-5",
                "Body temperature",
                format!("{}.{}", seen.temperature / 10, seen.temperature % 10),
                "Cel",
            ),
        ];
        for (at, (code, name, value, unit)) in lines.iter().enumerate() {
            let value = [value.as_str()];
            message::line(&mut message, at + 1, &plain([code, name, "LN"], "NM", &value, unit), &stamp);
        }
        let level = ["67775-7", "Level of responsiveness", "LN"];
        message::line(&mut message, 8, &plain(level, "CE", &alert, ""), &stamp);
        let score = ["1104051000000101", "Royal College of Physicians NEWS2 total score", "SCT"];
        let total = seen.news2().to_string();
        message::line(&mut message, 9, &plain(score, "NM", &[total.as_str()], "{score}"), &stamp);
        self.send(hospital, times.0, &message);
    }

    /// Tells an order of a blood test.
    pub(crate) fn tell_order(&mut self, hospital: usize, id: StayId, order: u64, at: Seconds) {
        let Some((stay, times)) = self.mention(hospital, id, at) else { return };
        let Some(trust) = self.trust(hospital) else { return };
        let (code, name, _) = panel(order);
        let placer = format!("ORD{order:08}");
        let stamp = hl7_stamp(times.1, message::writes_offset(&trust.ods));
        let mut message = self.open_message(hospital, "OCS", ["ORM", "O01", "ORM_O01"], times.0);
        message::person(&mut message, &trust.ods, &stay.mrn, &stay.person);
        message::visit(&mut message, self.world, trust, &stay, &Extra::default());
        message.segment("ORC").set(1, "NW").set(2, &placer).set(9, &stamp);
        message
            .segment("OBR")
            .set(1, "1")
            .set(2, &placer)
            .components(4, 1, &[code, name, "LN"])
            .set(6, &stamp);
        self.send(hospital, times.0, &message);
    }

    /// Tells the results of an order with their status.
    pub(crate) fn tell_results(
        &mut self,
        hospital: usize,
        id: StayId,
        (order, status): (u64, &str),
        at: Seconds,
    ) {
        let Some((stay, times)) = self.mention(hospital, id, at) else { return };
        let Some(trust) = self.trust(hospital) else { return };
        let (code, name, tests) = panel(order);
        let (placer, filler) = (format!("ORD{order:08}"), format!("LAB{order:08}"));
        let offset = message::writes_offset(&trust.ods);
        let (taken, told) = (hl7_stamp(taken_at(times.1), offset), hl7_stamp(times.1, offset));
        let values = values(self.world.plan().seed, order, status == "C", &stay);
        let mut message = self.open_message(hospital, "LAB", ["ORU", "R01", "ORU_R01"], times.0);
        message::person(&mut message, &trust.ods, &stay.mrn, &stay.person);
        message::visit(&mut message, self.world, trust, &stay, &Extra::default());
        message.segment("ORC").set(1, "RE").set(2, &placer).set(3, &filler);
        observation_request(&mut message, (&placer, &filler), [code, name, "LN"], (&taken, &told, status));
        for (at, (test, value)) in tests.iter().zip(values).enumerate() {
            let digits = test.digits;
            let range = match test.low > 0.0 {
                true => format!("{}-{}", test.low, test.high),
                false => format!("<{}", test.high),
            };
            let line = Line {
                code: [test.code, test.name, "LN"],
                kind: "NM",
                value: &[&format!("{value:.digits$}")],
                unit: test.unit,
                range: &range,
                flag: flag(test, value).0,
                status,
            };
            message::line(&mut message, at + 1, &line, &taken);
        }
        self.send(hospital, times.0, &message);
    }

    /// Writes an event of a stay down: the stay and (recorded, happened), both later than anything before.
    fn note(&mut self, hospital: usize, id: StayId, at: Seconds) -> Option<(Stay, (Seconds, Seconds))> {
        let delay = self.note_delay();
        let stay = self.stay_mut(hospital, id)?;
        let happened = at.max(stay.told_at + 1);
        stay.told_at = happened;
        stay.recorded_at = (happened + delay).max(stay.recorded_at + 1);
        Some((stay.clone(), (stay.recorded_at, happened)))
    }

    /// Writes down something about a stay that moves nobody: it may have happened before the last move.
    fn mention(&mut self, hospital: usize, id: StayId, at: Seconds) -> Option<(Stay, (Seconds, Seconds))> {
        let delay = self.note_delay();
        let stay = self.stay_mut(hospital, id)?;
        stay.recorded_at = (at + delay).max(stay.recorded_at + 1);
        Some((stay.clone(), (stay.recorded_at, at)))
    }

    fn open_message(
        &mut self,
        hospital: usize,
        application: &str,
        kind: [&str; 3],
        recorded_at: Seconds,
    ) -> MessageBuilder {
        let facility = self.trust(hospital).map(|trust| trust.ods.as_str()).unwrap_or_default();
        let control_id = self.outbox.control_id(hospital);
        let sent_at = if self.outbox.is_opening() { self.clock } else { recorded_at + SENDING };
        message::begin(&Header { application, facility, kind, control_id: &control_id, sent_at })
    }

    fn send(&mut self, hospital: usize, recorded_at: Seconds, message: &MessageBuilder) {
        let at = if self.outbox.is_opening() { self.clock } else { recorded_at + SENDING };
        self.outbox.push(at, hospital, message.encode());
    }
}

fn plain<'a>(code: [&'a str; 3], kind: &'a str, value: &'a [&'a str], unit: &'a str) -> Line<'a> {
    Line { code, kind, value, unit, range: "", flag: "", status: "F" }
}

/// OBR: placer and filler number, what, and (taken, reported, status).
fn observation_request(
    message: &mut MessageBuilder,
    numbers: (&str, &str),
    code: [&str; 3],
    (taken, told, status): (&str, &str, &str),
) {
    message
        .segment("OBR")
        .set(1, "1")
        .set(2, numbers.0)
        .set(3, numbers.1)
        .components(4, 1, &code)
        .set(7, taken)
        .set(22, told)
        .set(25, status);
}

/// The message structure of a trigger event, v2.4.
fn structure(trigger: &str) -> &'static str {
    match trigger {
        "A01" | "A04" | "A05" | "A08" | "A13" => "ADT_A01",
        "A02" | "A21" | "A22" => "ADT_A02",
        "A03" => "ADT_A03",
        "A06" => "ADT_A06",
        "A11" | "A12" => "ADT_A09",
        "A15" => "ADT_A15",
        "A16" => "ADT_A16",
        "A25" => "ADT_A21",
        "A38" => "ADT_A38",
        "A28" | "A31" => "ADT_A05",
        "A40" => "ADT_A39",
        _ => "ADT_A01",
    }
}
