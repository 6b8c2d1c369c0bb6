//! Encounter, EpisodeOfCare and Condition from a folded stay. `Encounter.location` is the bed timeline, and
//! occupancy is derived from nothing else.

use super::super::clinical::Diagnosis;
use super::super::event::{Action, Class, Place, StayKey};
use super::super::moment::Moment;
use super::super::stay::{Opening, Origin, Placement, Purpose, Standing, Stay};
use super::location::{label, location_id, provider};
use super::patient::patient_id;
use super::{
    Draft, clinician, coding, concept, concept_of, draft, extension_url, identifier, list, own_system,
    period, reference,
};
use fhir::json::Value;
use fhir::{identity, systems};

/// The id of the Encounter known by that key.
#[must_use]
pub fn encounter_id(key: &StayKey) -> String {
    identity::encounter(&key.facility, &key.visit)
}

/// The keys of the stay that an Encounter of ours stands for.
#[must_use]
pub fn stay_keys(encounter: &Value) -> Vec<StayKey> {
    let Some(facility) = encounter.text_at(&["serviceProvider", "identifier", "value"]) else {
        return Vec::new();
    };
    let visits = own_system(facility, "visit");
    let numbers = encounter.items("identifier").iter();
    let ours = numbers.filter(|number| number.text_at(&["system"]) == Some(visits.as_str()));
    let key = |visit: &str| StayKey { facility: facility.to_owned(), visit: visit.to_owned() };
    ours.filter_map(|number| number.text_at(&["value"])).map(key).collect()
}

fn episode_id(key: &StayKey) -> String {
    identity::resource_id("episode", &key.facility, &[&key.visit])
}

fn visit_number(key: &StayKey) -> Value {
    identifier(&own_system(&key.facility, "visit"), &key.visit)
}

fn status(stay: &Stay) -> &'static str {
    match stay.opening {
        Opening::Expected if stay.voided.is_some() => "cancelled",
        _ if stay.voided.is_some() => "entered-in-error",
        Opening::Expected => {
            if expects_admission(stay) {
                "planned"
            } else {
                "unknown"
            }
        }
        _ if stay.discharge.is_some() => "finished",
        Opening::Implied => "unknown",
        _ if stay.on_leave() => "onleave",
        _ => "in-progress",
    }
}

fn expects_admission(stay: &Stay) -> bool {
    stay.plans.iter().any(|plan| plan.purpose == Purpose::Admit && plan.standing == Standing::Open)
}

fn class(class: &Class) -> Value {
    match class {
        Class::Inpatient => coding(systems::V3_ACT_CODE, "IMP", "inpatient encounter"),
        Class::Emergency => coding(systems::V3_ACT_CODE, "EMER", "emergency"),
        Class::Outpatient => coding(systems::V3_ACT_CODE, "AMB", "ambulatory"),
        Class::DayCase => coding(systems::V3_ACT_CODE, "SS", "short stay"),
        Class::PreAdmission => coding(systems::V3_ACT_CODE, "PRENC", "pre-admission"),
        Class::Other(words) => coding(&format!("{}/code-system/patient-class", super::OWN), "", words),
    }
}

fn present_class(stay: &Stay) -> Value {
    match stay.classes.last() {
        Some((_, last)) => class(last),
        None if stay.opening == Opening::Expected && expects_admission(stay) => class(&Class::PreAdmission),
        None => class(&Class::Inpatient),
    }
}

/// The Encounter.
#[must_use]
pub fn encounter(stay: &Stay) -> Value {
    let facility = &stay.key.facility;
    let mut encounter = Draft::resource("Encounter", &encounter_id(&stay.key), Some("UKCore-Encounter"));
    let former = stay.former_keys.iter().map(|key| {
        let mut old = draft();
        old.set("use", "old");
        let number = visit_number(key);
        for (name, value) in number.as_object().into_iter().flat_map(|object| object.iter()) {
            old.set(name, value.clone());
        }
        old.done()
    });
    let end = stay.discharge.as_ref().map(|departure| &departure.at);
    let attending = stay.attending.as_ref().and_then(|who| clinician(who, facility)).map(|individual| {
        let role = concept_of(systems::V3_PARTICIPATION_TYPE, "ATND", "attender");
        list([Value::object([("type", list([role])), ("individual", individual)])])
    });
    encounter
        .maybe("extension", Some(extensions(stay)))
        .set("identifier", list(std::iter::once(visit_number(&stay.key)).chain(former)))
        .set("status", status(stay))
        .maybe("statusHistory", Some(status_history(stay)))
        .set("class", present_class(stay))
        .maybe("classHistory", Some(class_history(stay)))
        .maybe("serviceType", stay.service.as_ref().and_then(concept))
        .set("subject", reference("Patient", &patient_id(&stay.patient)))
        .set("episodeOfCare", list([reference("EpisodeOfCare", &episode_id(&stay.key))]))
        .maybe("participant", attending)
        .maybe("period", period(stay.opened_at.as_ref(), end))
        .maybe("reasonCode", stay.reason.as_ref().and_then(concept).map(|reason| list([reason])))
        .maybe("hospitalization", hospitalization(stay))
        .maybe("location", Some(locations(stay)))
        .set("serviceProvider", provider(facility));
    encounter.done()
}

/// Resources of the numbers that the stay had before: the Encounter points to the present one, and all say that
/// they are not to be used.
#[must_use]
pub fn former(stay: &Stay) -> Vec<Value> {
    let one = |key: &StayKey| {
        let present = Value::object([
            ("url", Value::from(extension_url("replaced-by"))),
            ("valueReference", reference("Encounter", &encounter_id(&stay.key))),
        ]);
        let mut former = Draft::resource("Encounter", &encounter_id(key), Some("UKCore-Encounter"));
        former
            .set("extension", list([present]))
            .set("identifier", list([visit_number(key)]))
            .set("status", "entered-in-error")
            .set("class", present_class(stay))
            .set("subject", reference("Patient", &patient_id(&stay.patient)))
            .set("serviceProvider", provider(&key.facility));
        let mut episode = Draft::resource("EpisodeOfCare", &episode_id(key), None);
        episode
            .set("identifier", list([visit_number(key)]))
            .set("status", "entered-in-error")
            .set("patient", reference("Patient", &patient_id(&stay.patient)))
            .set("managingOrganization", provider(&key.facility));
        let conditions = stay.diagnoses.iter().filter_map(|diagnosis| {
            condition(stay, key, &Diagnosis { withdrawn: true, ..diagnosis.clone() })
        });
        [former.done(), episode.done()].into_iter().chain(conditions).collect::<Vec<_>>()
    };
    stay.former_keys.iter().flat_map(one).collect()
}

/// The EpisodeOfCare of the stay.
#[must_use]
pub fn episode(stay: &Stay) -> Value {
    let status = match status(stay) {
        "planned" => "planned",
        "finished" => "finished",
        "cancelled" => "cancelled",
        "entered-in-error" => "entered-in-error",
        _ => "active",
    };
    let end = stay.discharge.as_ref().map(|departure| &departure.at);
    let mut episode = Draft::resource("EpisodeOfCare", &episode_id(&stay.key), None);
    episode
        .set("identifier", list([visit_number(&stay.key)]))
        .set("status", status)
        .set("patient", reference("Patient", &patient_id(&stay.patient)))
        .set("managingOrganization", provider(&stay.key.facility))
        .maybe("period", period(stay.opened_at.as_ref(), end));
    episode.done()
}

/// Diagnoses of the stay; a withdrawn one stays, entered in error.
pub fn conditions(stay: &Stay) -> impl Iterator<Item = Value> {
    stay.diagnoses.iter().filter_map(|diagnosis| condition(stay, &stay.key, diagnosis))
}

fn condition(stay: &Stay, key: &StayKey, diagnosis: &Diagnosis) -> Option<Value> {
    let code = concept(&diagnosis.code)?;
    let words = &diagnosis.code;
    let parts = [&key.visit, &words.system, &words.code, &words.display].map(String::as_str);
    let id = identity::resource_id("condition", &key.facility, &parts);
    let mut condition = Draft::resource("Condition", &id, Some("UKCore-Condition"));
    if diagnosis.withdrawn {
        let wrong = concept_of(systems::CONDITION_VERIFICATION, "entered-in-error", "");
        condition.set("verificationStatus", wrong);
    } else {
        condition.set("clinicalStatus", concept_of(systems::CONDITION_CLINICAL, "active", ""));
    }
    condition
        .set("category", list([concept_of(systems::CONDITION_CATEGORY, "encounter-diagnosis", "")]))
        .set("code", code)
        .set("subject", reference("Patient", &patient_id(&stay.patient)))
        .set("encounter", reference("Encounter", &encounter_id(key)))
        .maybe("recordedDate", diagnosis.made_at.as_ref().map(Moment::to_fhir));
    Some(condition.done())
}

/// Which message a part of the Encounter came from.
fn source(origin: &Origin) -> Value {
    let mut number = draft();
    let said = format!("{} message {}", words(origin.action), origin.control_id);
    number
        .set("type", Value::object([("text", Value::from(said.trim()))]))
        .set("system", own_system(&origin.facility, "message"))
        .maybe("value", Some(origin.control_id.as_str()));
    Value::object([("url", Value::from(extension_url("source-message"))), ("valueIdentifier", number.done())])
}

pub(super) fn words(action: Action) -> &'static str {
    match action {
        Action::Admit => "admission",
        Action::Register => "registration",
        Action::PreAdmit | Action::PlanAdmit => "planned admission",
        Action::Transfer => "transfer",
        Action::Swap => "swap",
        Action::Discharge => "discharge",
        Action::PlanTransfer => "planned transfer",
        Action::CancelTransfer => "cancelled transfer",
        Action::CancelDischarge => "cancelled discharge",
        Action::Imply => "result or order",
        _ => "update",
    }
}

fn extensions(stay: &Stay) -> Value {
    let away = stay.temporary.as_ref().map(|(place, since)| temporary(place, since));
    let leaves = stay.expected_discharge.as_ref().filter(|_| stay.is_open()).map(|at| {
        let url = Value::from(extension_url("expected-discharge"));
        Value::object([("url", url), ("valueDateTime", Value::from(at.to_fhir()))])
    });
    list(away.into_iter().chain(leaves))
}

fn temporary(place: &Place, since: &Moment) -> Value {
    let where_ =
        Value::object([("url", Value::from("location")), ("valueReference", place_reference(place))]);
    let when =
        Value::object([("url", Value::from("since")), ("valueDateTime", Value::from(since.to_fhir()))]);
    Value::object([
        ("extension", list([where_, when])),
        ("url", Value::from(extension_url("temporary-location"))),
    ])
}

fn place_reference(place: &Place) -> Value {
    let reference = format!("Location/{}", location_id(place));
    Value::object([("reference", Value::from(reference)), ("display", Value::from(label(place)))])
}

fn locations(stay: &Stay) -> Value {
    let held = stay.placements.iter().map(|Placement { place, from, to, by }| {
        let status = match (to, stay.opening) {
            (Some(_), _) => "completed",
            (None, Opening::Implied) => "",
            (None, _) => "active",
        };
        stood(place, status, period(Some(from), to.as_ref()), by)
    });
    let planned = stay
        .plans
        .iter()
        .filter(|plan| plan.standing == Standing::Open && plan.purpose != Purpose::Discharge);
    let planned = planned.filter_map(|plan| {
        let place = plan.place.as_ref()?;
        Some(stood(place, "planned", period(plan.expected_at.as_ref(), None), &plan.by))
    });
    list(held.chain(planned))
}

fn stood(place: &Place, status: &str, period: Option<Value>, by: &Origin) -> Value {
    let mut entry = draft();
    entry
        .set("extension", list([source(by)]))
        .set("location", place_reference(place))
        .maybe("status", Some(status))
        .maybe("period", period);
    entry.done()
}

fn status_history(stay: &Stay) -> Value {
    let Some(opened_at) = stay.opened_at.as_ref().filter(|_| stay.voided.is_none()) else { return list([]) };
    if stay.opening == Opening::Implied {
        return list([]);
    }
    let mut spans: Vec<(&str, &Moment, Option<&Moment>)> = Vec::new();
    let mut since = opened_at;
    for leave in &stay.leave {
        spans.push(("in-progress", since, Some(&leave.from)));
        spans.push(("onleave", &leave.from, leave.to.as_ref()));
        since = leave.to.as_ref().unwrap_or(&leave.from);
    }
    let discharged_at = stay.discharge.as_ref().map(|departure| &departure.at);
    if !stay.on_leave() && discharged_at != Some(since) {
        spans.push(("in-progress", since, discharged_at));
    }
    list(spans.into_iter().filter_map(|(status, from, to)| {
        to?;
        Some(Value::object([("status", Value::from(status)), ("period", period(Some(from), to)?)]))
    }))
}

fn class_history(stay: &Stay) -> Value {
    let ends = stay.classes.iter().skip(1);
    list(stay.classes.iter().zip(ends).filter_map(|((from, held), (to, _))| {
        Some(Value::object([("class", class(held)), ("period", period(Some(from), Some(to))?)]))
    }))
}

fn hospitalization(stay: &Stay) -> Option<Value> {
    let table = |coded: &super::super::person::Coded, system: &str| {
        let mut coded = coded.clone();
        if coded.system.is_empty() {
            coded.system = system.into();
        }
        concept(&coded)
    };
    let departure = stay.discharge.as_ref();
    let mut hospitalization = draft();
    let disposition = departure.and_then(|departure| departure.disposition.as_ref());
    let destination = departure.and_then(|departure| departure.destination.as_ref());
    let went = destination.map(|coded| if coded.display.is_empty() { &coded.code } else { &coded.display });
    hospitalization
        .maybe("admitSource", stay.admit_source.as_ref().and_then(|coded| table(coded, "HL70023")))
        .maybe("destination", went.map(|words| Value::object([("display", Value::from(words.as_str()))])))
        .maybe("dischargeDisposition", disposition.and_then(|coded| table(coded, "HL70112")));
    Some(hospitalization.done())
}
