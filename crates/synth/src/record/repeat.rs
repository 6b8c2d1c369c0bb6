//! Repeat medicines: each lasting course becomes an authorisation with UK Core's repeat information, and has issues: some
//! due, some too early, some at their maximum, some on their way through a pharmacy. Also the pharmacy that a person
//! chose, and requests that wait for their surgery. What the pages and rules of prescriptions need to be seen at work.
//!
//! Draws from streams of its own and gives ids of its own, so that the rest of a record is what it would be without it.

use super::{Chart, Detail};
use crate::calendar::{Day, HOUR, MINUTE, fhir_instant};
use crate::compose::{
    ODS, UK_CORE, coded, decimal, hl7_coded, identifier, list, named_reference, one, reference, resource,
    text,
};
use crate::rng::Rng;
use crate::world::{Organisation, OrganisationKind};
use fhir::identity::resource_id;
use fhir::json::Value;
use fhir::prescription_id::PrescriptionId;
use fhir::systems::prescription::{COURSE_OF_THERAPY, ITEM_STATUS, NOMINATED_PHARMACY, STATUS_HISTORY};
use fhir::systems::{PRESCRIPTION_ORDER_ITEM_NUMBER, PRESCRIPTION_ORDER_NUMBER};

/// Days that an issue lasts.
const SUPPLY: i32 = 28;
/// Items on a prescription at most.
const ITEMS: usize = 4;

/// A repeat in the making.
struct Repeat {
    /// Where its MedicationRequest stands in the record.
    at: usize,
    id: String,
    begun: Day,
}

/// Turns lasting courses into repeats, and gives them issues when the whole life is told.
pub(super) fn repeats(chart: &mut Chart<'_>, detail: Detail) {
    let mut rng = chart.rng("repeat");
    let pharmacy = pharmacy(chart, &mut rng);
    let repeats = found(chart);
    if repeats.is_empty() || chart.person.death.is_some() {
        return;
    }
    let today = chart.last;
    // Half a household's shelf runs low at a time: most have their last issue behind them, some are in the middle of one.
    let ago = if rng.chance(0.6) { rng.between(22, 45) } else { rng.between(1, 15) } as i32;
    let issued = today.plus(-ago);
    let review = match rng.below(100) {
        0..10 => today.plus(-(rng.between(1, 40) as i32)),
        10..24 => today.plus(rng.between(3, 26) as i32),
        _ => today.plus(rng.between(30, 330) as i32),
    };
    for repeat in &repeats {
        authorise(chart, repeat, review, &mut rng);
    }
    if detail == Detail::Lean {
        return;
    }
    // One medicine in four is out of step with the others, and on its way.
    let lately = today.plus(-(rng.between(1, 15) as i32));
    let (early, due): (Vec<&Repeat>, Vec<&Repeat>) = repeats.iter().partition(|_| rng.chance(0.25));
    let early: Vec<&Repeat> = early.into_iter().filter(|one| one.begun <= lately).collect();
    let due: Vec<&Repeat> = due.into_iter().filter(|one| one.begun <= issued).collect();
    for (number, items) in early.chunks(ITEMS).enumerate() {
        issue(chart, (items, pharmacy), (lately, number + 4), &mut rng);
    }
    for (number, items) in due.chunks(ITEMS).enumerate() {
        issue(chart, (items, pharmacy), (issued, number), &mut rng);
        let before = issued.plus(-SUPPLY);
        let earlier: Vec<&Repeat> = items.iter().copied().filter(|one| one.begun <= before).collect();
        if !earlier.is_empty() {
            issue(chart, (&earlier, pharmacy), (before, number), &mut rng);
        }
    }
    let orderable = ago > SUPPLY - 7 && review > today;
    if orderable && rng.chance(0.15) {
        request(chart, &due, pharmacy, &mut rng);
    }
}

/// The pharmacy of their town that most people chose.
fn pharmacy<'a>(chart: &mut Chart<'a>, rng: &mut Rng) -> Option<&'a Organisation> {
    let organisations = chart.world.organisations();
    let town = organisations.get(chart.person.practice).map(|practice| practice.town);
    let near: Vec<&Organisation> = organisations
        .iter()
        .filter(|one| one.kind == OrganisationKind::Pharmacy && Some(one.town) == town)
        .collect();
    let chosen = near.get(rng.below(near.len() as u64) as usize).copied()?;
    if !rng.chance(0.8) {
        return None;
    }
    let extension =
        Value::object([("url", Value::from(NOMINATED_PHARMACY)), ("valueReference", performer(chosen))]);
    if let Some(person) = chart.out.first_mut().and_then(Value::as_object_mut) {
        let known = person.get("extension").and_then(Value::as_array).unwrap_or_default();
        let all = list(known.iter().cloned().chain([extension]));
        person.insert("extension", all);
    }
    Some(chosen)
}

/// A pharmacy as a prescription names it.
fn performer(pharmacy: &Organisation) -> Value {
    Value::object([
        ("reference", Value::from(format!("Organization/{}", pharmacy.id))),
        ("type", Value::from("Organization")),
        ("identifier", identifier(ODS, &pharmacy.ods)),
        ("display", Value::from(pharmacy.name.as_str())),
    ])
}

/// The lasting courses that go on.
fn found(chart: &Chart<'_>) -> Vec<Repeat> {
    let lasting = |request: &Value| {
        request.text_at(&["resourceType"]) == Some("MedicationRequest")
            && request.text_at(&["status"]) == Some("active")
            && request.text_at(&["courseOfTherapyType", "coding", "code"]) == Some("continuous")
    };
    let repeat = |(at, request): (usize, &Value)| {
        let mut parts = request.text_at(&["authoredOn"])?.splitn(3, '-').map(str::parse::<i32>);
        let begun = Day::of(parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
        Some(Repeat { at, id: request.text_at(&["id"])?.to_owned(), begun })
    };
    chart.out.iter().enumerate().filter(|(_, one)| lasting(one)).filter_map(repeat).collect()
}

fn authorise(chart: &mut Chart<'_>, repeat: &Repeat, review: Day, rng: &mut Rng) {
    let allowed = if rng.chance(0.5) { 12 } else { 6 };
    let issued = if rng.chance(0.08) { allowed } else { rng.between(1, allowed - 1) };
    let dispensing = rng.chance(0.04);
    let Some(request) = chart.out.get_mut(repeat.at) else { return };
    let (number, unit) = quantity(request);
    let Some(members) = request.as_object_mut() else { return };
    let part = |name: &'static str, member: &'static str, value: Value| {
        Value::object([("url", Value::from(name)), (member, value)])
    };
    let information = Value::object([
        ("url", Value::from(format!("{UK_CORE}Extension-UKCore-MedicationRepeatInformation"))),
        (
            "extension",
            list([
                part("numberOfPrescriptionsIssued", "valueUnsignedInt", decimal(&issued.to_string())),
                part("authorisationExpiryDate", "valueDateTime", Value::from(review.to_string())),
            ]),
        ),
    ]);
    members.insert("extension", list([information]));
    members.insert("intent", Value::from("plan"));
    if dispensing {
        let course = coded(
            "https://fhir.nhs.uk/CodeSystem/medicationrequest-course-of-therapy",
            "continuous-repeat-dispensing",
            "Continuous long term (repeat dispensing)",
        );
        members.insert("courseOfTherapyType", course);
    }
    let dispense = Value::object([
        ("numberOfRepeatsAllowed", decimal(&allowed.to_string())),
        ("quantity", Value::object([("value", decimal(number)), ("unit", Value::from(unit))])),
        ("expectedSupplyDuration", crate::compose::quantity(&SUPPLY.to_string(), "day", "d")),
    ]);
    members.insert("dispenseRequest", dispense);
}

/// How much is handed out for four weeks.
fn quantity(request: &Value) -> (&'static str, &'static str) {
    let name = request.text_at(&["medicationCodeableConcept", "text"]).unwrap_or_default();
    let dose = request.text_at(&["dosageInstruction", "text"]).unwrap_or_default();
    let unit = match name {
        name if name.contains("tablets") => "tablet",
        name if name.contains("capsules") => "capsule",
        name if name.contains("inhaler") => return ("1", "inhaler"),
        name if name.contains("injection") => return ("5", "pen"),
        _ => return ("1", "tube"),
    };
    let number = match dose {
        dose if dose.contains("a week") => "4",
        dose if dose.contains("twice") => "56",
        dose if dose.contains("three times") => "84",
        dose if dose.contains("four times") => "100",
        _ => "28",
    };
    (number, unit)
}

/// One prescription of at most four items.
fn issue(
    chart: &mut Chart<'_>,
    (items, pharmacy): (&[&Repeat], Option<&Organisation>),
    (day, number): (Day, usize),
    rng: &mut Rng,
) {
    let practice = chart.world.organisations().get(chart.person.practice).map(|one| one.ods.clone());
    let [a, b, c, d, e, f, _, _] = rng.bits().to_be_bytes();
    let entropy = [a, b, c, d, e, f];
    let Some(order) = PrescriptionId::from_entropy(practice.as_deref().unwrap_or_default(), entropy) else {
        return;
    };
    let written = day.at(9 * HOUR + number as i64 * 5 * MINUTE).min(chart.latest());
    let days = chart.last.0 - day.0;
    for repeat in items {
        let status = status(days, pharmacy.is_some(), rng);
        let moved = day.plus(days.min(3)).at(15 * HOUR).min(chart.latest()).max(written);
        let order = Order { number: order.as_str(), status, written, moved };
        let issued = item(chart, repeat, pharmacy, &order);
        chart.out.extend(issued);
    }
}

/// What all items of a prescription share, and the status of one.
struct Order<'a> {
    number: &'a str,
    status: &'static str,
    written: i64,
    moved: i64,
}

/// How far an item is some days after it was written.
fn status(days: i32, sent: bool, rng: &mut Rng) -> &'static str {
    match (days, sent) {
        (0..=1, _) | (2..=9, false) => "Prescriber Approved",
        (2..=3, true) => rng.weighted(&[
            ("With Pharmacy", 60),
            ("With Pharmacy but Tracking not Supported", 25),
            ("Ready to Collect - Partial", 10),
            ("Tracking Temporarily Unavailable", 5),
        ]),
        (4..=15, true) => rng.weighted(&[
            ("Ready to Collect", 40),
            ("Collected", 25),
            ("With Pharmacy - Preparing Remainder", 10),
            ("Ready to Collect - Partial", 6),
            ("Ready to Dispatch", 6),
            ("Ready to Dispatch - Partial", 2),
            ("Dispatched", 5),
            ("Not Dispensed", 3),
            ("Prescriber Cancelled", 3),
        ]),
        _ => rng.weighted(&[("Collected", 90), ("Dispatched", 7), ("Not Dispensed", 3)]),
    }
}

fn item(
    chart: &Chart<'_>,
    repeat: &Repeat,
    pharmacy: Option<&Organisation>,
    order: &Order<'_>,
) -> Option<Value> {
    let plan = chart.out.get(repeat.at)?;
    let number = resource_id("item-number", order.number, &[&repeat.id]);
    let moved = fhir_instant(if order.status == "Prescriber Approved" { order.written } else { order.moved });
    let part = |name: &'static str, member: &'static str, value: Value| {
        Value::object([("url", Value::from(name)), (member, value)])
    };
    let coding = Value::object([("system", Value::from(ITEM_STATUS)), ("code", Value::from(order.status))]);
    let history = Value::object([
        ("url", Value::from(STATUS_HISTORY)),
        (
            "extension",
            list([
                part("status", "valueCoding", coding),
                part("statusDate", "valueDateTime", Value::from(moved)),
            ]),
        ),
    ]);
    let status = match order.status {
        "Collected" | "Dispatched" => "completed",
        "Prescriber Cancelled" => "cancelled",
        "Not Dispensed" => "stopped",
        _ => "active",
    };
    let dispense = plan.get("dispenseRequest")?;
    let dispense = crate::compose::object([
        ("quantity", dispense.get("quantity").cloned()),
        ("expectedSupplyDuration", dispense.get("expectedSupplyDuration").cloned()),
        ("performer", pharmacy.map(performer)),
    ]);
    Some(resource(
        "MedicationRequest",
        &resource_id("prescription-item", order.number, &[&number]),
        [
            ("extension", one(history)),
            (
                "identifier",
                Some(list([
                    identifier(PRESCRIPTION_ORDER_ITEM_NUMBER, &number),
                    identifier(PRESCRIPTION_ORDER_NUMBER, order.number),
                ])),
            ),
            ("status", text(status)),
            ("intent", text("order")),
            ("category", one(hl7_coded("medicationrequest-category", "community", "Community"))),
            ("medicationCodeableConcept", plan.get("medicationCodeableConcept").cloned()),
            ("subject", Some(chart.subject())),
            ("authoredOn", text(&fhir_instant(order.written))),
            ("requester", chart.doctor()),
            ("reasonReference", plan.get("reasonReference").cloned()),
            ("basedOn", one(reference("MedicationRequest", &repeat.id))),
            ("groupIdentifier", Some(identifier(PRESCRIPTION_ORDER_NUMBER, order.number))),
            (
                "courseOfTherapyType",
                Some(coded(COURSE_OF_THERAPY, "continuous", "Continuous long term therapy")),
            ),
            ("dosageInstruction", plan.get("dosageInstruction").cloned()),
            ("dispenseRequest", Some(dispense)),
            ("substitution", plan.get("substitution").cloned()),
        ],
    ))
}

const REQUEST_SYSTEM: &str = "https://bevan.example/id/prescription-request";

/// A request that waits for the surgery.
fn request(chart: &mut Chart<'_>, due: &[&Repeat], pharmacy: Option<&Organisation>, rng: &mut Rng) {
    let hours = rng.between(2, 50);
    let id = resource_id("prescription-request", &chart.person.patient_id, &[]);
    let asked = fhir_instant(chart.latest() - hours * HOUR);
    let wanted = rng.between(1, 3) as usize;
    let note = rng.chance(0.3).then(|| rng.pick(NOTES));
    let name = format!("{} {}", chart.person.given, chart.person.family);
    let mut made = Vec::new();
    for repeat in due.iter().take(wanted) {
        let Some(plan) = chart.out.get(repeat.at) else { continue };
        let left = |path: &[&str]| plan.at(path)?.as_number()?.as_i64();
        let allowed = left(&["dispenseRequest", "numberOfRepeatsAllowed"]);
        let issued = left(&["extension", "extension", "valueUnsignedInt"]);
        let dispensing = plan.text_at(&["courseOfTherapyType", "coding", "code"]) != Some("continuous");
        if allowed <= issued || dispensing {
            continue;
        }
        made.push(resource(
            "MedicationRequest",
            &resource_id("prescription-request", &chart.person.patient_id, &[&repeat.id]),
            [
                ("identifier", one(identifier(REQUEST_SYSTEM, &id))),
                ("status", text("active")),
                ("intent", text("proposal")),
                ("category", one(hl7_coded("medicationrequest-category", "community", "Community"))),
                ("medicationCodeableConcept", plan.get("medicationCodeableConcept").cloned()),
                ("subject", Some(chart.subject())),
                ("authoredOn", text(&asked)),
                ("requester", Some(named_reference("Patient", &chart.person.patient_id, &name))),
                ("reasonReference", plan.get("reasonReference").cloned()),
                ("basedOn", one(reference("MedicationRequest", &repeat.id))),
                ("groupIdentifier", Some(identifier(REQUEST_SYSTEM, &id))),
                ("courseOfTherapyType", plan.get("courseOfTherapyType").cloned()),
                ("note", note.and_then(|words| one(Value::object([("text", Value::from(words))])))),
                ("dosageInstruction", plan.get("dosageInstruction").cloned()),
                ("dispenseRequest", pharmacy.map(|place| Value::object([("performer", performer(place))]))),
                ("substitution", plan.get("substitution").cloned()),
            ],
        ));
    }
    chart.out.extend(made);
}

const NOTES: &[&str] = &[
    "I am away from Friday, so I need these before then please.",
    "The pharmacy was out of stock last time.",
    "Could I have easy-open bottles?",
    "I have three days left.",
];
