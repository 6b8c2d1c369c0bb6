//! Segments of HL7 v2.4 as British systems send them: MSH, EVN, PID, PD1, PV1, PV2, MRG, IAM, ORC, OBR, OBX.
//! The facility of MSH-4 and of every place is the trust's ODS code; PID-3 carries the trust's number and the
//! NHS number.

use super::telling::Extra;
use crate::calendar::{Seconds, hl7_stamp};
use crate::compose::UK_CODES;
use crate::hospital::{Place, Stay};
use crate::names::Sex;
use crate::person::Person;
use crate::record::Allergy;
use crate::world::{Trust, World};
use hl7v2::build::{MessageBuilder, SegmentBuilder};

/// What stands in the header.
pub(super) struct Header<'a> {
    pub(super) application: &'a str,
    pub(super) facility: &'a str,
    /// Message type, trigger event, structure.
    pub(super) kind: [&'a str; 3],
    pub(super) control_id: &'a str,
    pub(super) sent_at: Seconds,
}

/// Whether a facility writes the offset of its times: the first trust does, the others leave it out.
pub(super) fn writes_offset(facility: &str) -> bool {
    facility.ends_with('1')
}

pub(super) fn begin(header: &Header<'_>) -> MessageBuilder {
    let mut message = MessageBuilder::new();
    message
        .segment("MSH")
        .set(3, header.application)
        .set(4, header.facility)
        .set(5, "BEVAN")
        .set(6, "ZZ0")
        .set(7, &hl7_stamp(header.sent_at, writes_offset(header.facility)))
        .components(9, 1, &header.kind)
        .set(10, header.control_id)
        .set(11, "P")
        .set(12, "2.4")
        .set(17, "GBR")
        .set(18, "UNICODE UTF-8");
    message
}

/// EVN: the event, when it was recorded and when it happened.
pub(super) fn event(message: &mut MessageBuilder, trigger: &str, times: (Seconds, Seconds), facility: &str) {
    let offset = writes_offset(facility);
    message
        .segment("EVN")
        .set(1, trigger)
        .set(2, &hl7_stamp(times.0, offset))
        .set(6, &hl7_stamp(times.1, offset));
}

/// PID of someone known under `mrn`. Temporary numbers begin with `T` and come without a name. Codes of national
/// tables carry the URI of their table.
pub(super) fn person(message: &mut MessageBuilder, facility: &str, mrn: &str, person: &Person) {
    patient(message.segment("PID"), facility, mrn, person);
}

/// PID of someone who died (PID-29, PID-30).
pub(super) fn person_died(message: &mut MessageBuilder, facility: &str, stay: &Stay, at: Seconds) {
    let segment = message.segment("PID");
    patient(segment, facility, &stay.mrn, &stay.person);
    segment.set(29, &hl7_stamp(at, writes_offset(facility))).set(30, "Y");
}

fn patient(segment: &mut SegmentBuilder, facility: &str, mrn: &str, person: &Person) {
    segment.set(1, "1").components(3, 1, &[mrn, "", "", facility, "MR"]);
    let sex = if person.sex == Sex::Female { "F" } else { "M" };
    if mrn.starts_with('T') {
        segment.components(5, 1, &["UNKNOWN", if sex == "F" { "Female" } else { "Male" }]).set(8, sex);
        return;
    }
    if let Some(number) = &person.nhs_number {
        segment.components(3, 2, &[number, "", "", "NHS", "NH"]);
    }
    let address = &person.address;
    segment
        .components(5, 1, &[person.family, person.given, person.middle.unwrap_or_default(), "", person.title])
        .set(7, &person.birth.hl7())
        .set(8, sex)
        .components(
            11,
            1,
            &[&address.line, "", address.town, crate::place::COUNTY, &address.postcode, "GBR", "H"],
        )
        .components(
            16,
            1,
            &[person.marital.0, person.marital.1, &format!("{UK_CODES}UKCore-PersonMaritalStatusEngland")],
        )
        .components(
            22,
            1,
            &[person.ethnicity.0, person.ethnicity.1, &format!("{UK_CODES}UKCore-EthnicCategoryEngland")],
        );
    if person.nhs_number.is_some() {
        // Present and verified.
        segment.set(32, "NSTS01");
    }
    let mobile = person.mobile.as_deref().map(|number| [number, "PRN", "CP", ""]);
    let landline = person.landline.as_deref().map(|number| [number, "PRN", "PH", ""]);
    let mail = person.email.as_deref().map(|mail| ["", "NET", "Internet", mail]);
    for (at, contact) in [mobile, landline, mail].iter().flatten().enumerate() {
        segment.components(13, at + 1, contact);
    }
    if let Some((code, name)) = person.language {
        segment.components(15, 1, &[code, name, "urn:ietf:bcp:47"]);
    }
}

/// PD1: the practice where they are registered.
pub(super) fn practice(message: &mut MessageBuilder, world: &World, person: &Person) {
    if let Some(practice) = world.organisations().get(person.practice) {
        message.segment("PD1").components(3, 1, &[&practice.name, "", &practice.ods]);
    }
}

/// PV1 and, when something is expected, PV2.
pub(super) fn visit(message: &mut MessageBuilder, world: &World, trust: &Trust, stay: &Stay, extra: &Extra) {
    let offset = writes_offset(&trust.ods);
    let class = match (stay.inpatient, extra.expected.is_some() && stay.gone) {
        (true, true) => "P",
        (true, false) => "I",
        (false, _) => "E",
    };
    let segment = message.segment("PV1");
    segment.set(1, "1").set(2, class).set(4, if stay.elective { "L" } else { "E" });
    place(segment, 3, trust, stay.place);
    if let Some(prior) = extra.prior {
        place(segment, 6, trust, prior);
    }
    if let Some(pending) = extra.pending {
        place(segment, 42, trust, pending);
    }
    if let Some(doctor) = world.staff().get(stay.attending) {
        segment.components(7, 1, &[&doctor.sds, doctor.family, doctor.given, "", "", doctor.title]);
    }
    if let Some(ward) = trust.wards.get(stay.place.ward) {
        segment.set(10, ward.kind.specialty().0);
    }
    segment
        .set(14, if stay.elective { "11" } else { "21" })
        .components(19, 1, &[&stay.visit, "", "", &trust.ods, "VN"])
        .set(44, &hl7_stamp(stay.admitted_at, offset));
    if let Some(departure) = &extra.departure {
        segment
            .set(36, departure.method)
            .set(37, departure.destination)
            .set(45, &hl7_stamp(departure.at, offset));
    }
    if stay.gone && extra.expected.is_some() {
        segment.set(44, "");
    }
    let reason = [stay.reason.0, stay.reason.1, "SCT"];
    let second = message.segment("PV2");
    second.components(3, 1, &reason);
    if let Some(expected) = extra.expected {
        second.set(if stay.gone { 8 } else { 9 }, &hl7_stamp(expected, offset));
    }
}

/// A place as PL: ward, bay, bed, facility and building.
fn place(segment: &mut SegmentBuilder, field: usize, trust: &Trust, place: Place) {
    let Some(ward) = trust.wards.get(place.ward) else { return };
    let bed = place.bed.and_then(|bed| ward.beds.get(bed));
    let (bay, bed) = bed.map_or(("", ""), |bed| (bed.bay, bed.code.as_str()));
    segment.components(field, 1, &[&ward.code, bay, bed, &trust.ods, "", "", ward.building]);
}

/// IAM: one allergy.
pub(super) fn allergy(message: &mut MessageBuilder, number: usize, allergy: &Allergy) {
    let kind = match allergy.category {
        "medication" => ["DA", "Drug allergy"],
        "food" => ["FA", "Food allergy"],
        _ => ["EA", "Environmental allergy"],
    };
    let severity = match allergy.severity {
        "severe" => ["SV", "Severe"],
        "mild" => ["MI", "Mild"],
        _ => ["MO", "Moderate"],
    };
    message
        .segment("IAM")
        .set(1, &number.to_string())
        .components(2, 1, &kind)
        .components(3, 1, &[allergy.code, allergy.name, "SCT"])
        .components(4, 1, &severity)
        .set(5, allergy.reaction.1)
        .set(6, "A")
        .set(17, "C");
}

/// One result line.
pub(super) struct Line<'a> {
    /// Code, name, coding system.
    pub(super) code: [&'a str; 3],
    /// `NM`, `CE` or `ST`.
    pub(super) kind: &'a str,
    pub(super) value: &'a [&'a str],
    /// UCUM; empty when there is none.
    pub(super) unit: &'a str,
    pub(super) range: &'a str,
    pub(super) flag: &'a str,
    pub(super) status: &'a str,
}

pub(super) fn line(message: &mut MessageBuilder, number: usize, line: &Line<'_>, at: &str) {
    let segment = message.segment("OBX");
    segment
        .set(1, &number.to_string())
        .set(2, line.kind)
        .components(3, 1, &line.code)
        .components(5, 1, line.value)
        .set(7, line.range)
        .set(8, line.flag)
        .set(11, line.status)
        .set(14, at);
    if !line.unit.is_empty() {
        segment.components(6, 1, &[line.unit, "", "UCUM"]);
    }
}

/// MRG: the number that gives way.
pub(super) fn merged(message: &mut MessageBuilder, prior: &str, facility: &str) {
    message.segment("MRG").components(1, 1, &[prior, "", "", facility, "MR"]);
}
