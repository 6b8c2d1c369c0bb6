//! ADT messages to events. HL7 v2.4 chapter 3; what each event does to a bed is `care`'s to say.

mod allergy;
pub(crate) mod person;
pub(crate) mod stay;
pub(crate) mod time;
pub(crate) mod visit;

use crate::mapping::{Frame, Unmappable, frame, key_only, kind_of};
use care::patient_flow::{Action, Event, Flow, Kind, Side, StayKey};
use hl7v2::{Message, Segment};

/// The events of an ADT message.
///
/// # Errors
/// [`Unmappable`] with a reason.
pub fn events(message: &Message<'_>) -> Result<Vec<Event>, Unmappable> {
    let frame = frame(message);
    let trigger = message.trigger().unwrap_or_default().trim().to_ascii_uppercase();
    match trigger.as_str() {
        "A17" => swap(message, &frame),
        "A28" => person_event(message, &frame, Kind::Person),
        "A29" => person_event(message, &frame, Kind::Deactivate),
        "A31" => update_person(message, &frame),
        "A60" => person_event(message, &frame, Kind::Person),
        "A34" | "A40" => merge(message, &frame, |prior| Kind::Merge { prior }),
        "A37" => unlink(message, &frame),
        "A47" => merge(message, &frame, |prior| Kind::Renumber { prior }),
        "A45" => move_visit(message, &frame),
        other => match action(other) {
            Some(action) => flow(message, &frame, action),
            None => Err(Unmappable::NotUnderstood(kind_of(message))),
        },
    }
}

fn action(trigger: &str) -> Option<Action> {
    Some(match trigger {
        "A01" => Action::Admit,
        "A02" => Action::Transfer,
        "A03" => Action::Discharge,
        "A04" => Action::Register,
        "A05" => Action::PreAdmit,
        "A06" => Action::ToInpatient,
        "A07" => Action::ToOutpatient,
        "A08" => Action::Update,
        "A09" => Action::Depart,
        "A10" => Action::Arrive,
        "A11" => Action::CancelAdmit,
        "A12" => Action::CancelTransfer,
        "A13" => Action::CancelDischarge,
        "A14" => Action::PlanAdmit,
        "A15" => Action::PlanTransfer,
        "A16" => Action::PlanDischarge,
        "A21" => Action::LeaveOut,
        "A22" => Action::LeaveBack,
        "A25" => Action::CancelPlanDischarge,
        "A26" => Action::CancelPlanTransfer,
        "A27" | "A38" => Action::CancelPlanAdmit,
        _ => return None,
    })
}

/// One stay's event. An update without any stay is a person's update.
fn flow(message: &Message<'_>, frame: &Frame, action: Action) -> Result<Vec<Event>, Unmappable> {
    let subject = person::subject(message, frame)?;
    let Some(stay) = stay::key(message, frame, &subject) else {
        return if action == Action::Update {
            person_event(message, frame, Kind::Person)
        } else {
            Err(Unmappable::NoStay)
        };
    };
    let visit = message.segment(b"PV1").map(|pv1| visit::read(message, &pv1, frame)).unwrap_or_default();
    let specific = match action {
        Action::Admit | Action::Register => visit.admitted_at.clone(),
        Action::Discharge => visit.discharged_at.clone(),
        _ => None,
    };
    let mut event = frame.event(subject, Kind::Flow(Flow { action, stay, visit }));
    event.times.specific = specific;
    event.allergies = allergy::stated(message);
    event.warnings.extend(person::warnings(message));
    Ok(vec![event])
}

fn person_event(message: &Message<'_>, frame: &Frame, kind: Kind) -> Result<Vec<Event>, Unmappable> {
    let mut event = frame.event(person::subject(message, frame)?, kind);
    event.allergies = allergy::stated(message);
    event.warnings.extend(person::warnings(message));
    Ok(vec![event])
}

/// An A31 is about the person; with a visit number it updates the stay too.
fn update_person(message: &Message<'_>, frame: &Frame) -> Result<Vec<Event>, Unmappable> {
    let numbered = message.segment(b"PV1").is_some_and(|visit| stay::visit_number(&visit).is_some());
    if numbered { flow(message, frame, Action::Update) } else { person_event(message, frame, Kind::Person) }
}

fn merge(
    message: &Message<'_>,
    frame: &Frame,
    kind: impl FnOnce(care::patient_flow::PatientKey) -> Kind,
) -> Result<Vec<Event>, Unmappable> {
    let gives_way = message.segment(b"MRG").ok_or(Unmappable::NoSegment("MRG"))?;
    let prior = person::key_in(&gives_way.field(1), frame).ok_or(Unmappable::NoPrior)?;
    let subject = person::subject(message, frame)?;
    Ok(vec![frame.event(subject, kind(prior))])
}

/// A37 names the two people of an ended link in two PID segments.
fn unlink(message: &Message<'_>, frame: &Frame) -> Result<Vec<Event>, Unmappable> {
    let people: Vec<Segment<'_>> = message.segments_named(b"PID").collect();
    let [survivor, prior] = people.as_slice() else { return Err(Unmappable::NoSegment("second PID")) };
    let subject = person::subject_in(survivor, message, frame)?;
    let prior = person::subject_in(prior, message, frame)?.key;
    Ok(vec![frame.event(subject, Kind::Unmerge { prior })])
}

/// A45: the visit of MRG-5 (otherwise the stay itself) belongs to PID-3, under PV1-19. Its PV1 speaks of the stay as
/// an update does.
fn move_visit(message: &Message<'_>, frame: &Frame) -> Result<Vec<Event>, Unmappable> {
    let gives_way = message.segment(b"MRG").ok_or(Unmappable::NoSegment("MRG"))?;
    let subject = person::subject(message, frame)?;
    let to = stay::key(message, frame, &subject).ok_or(Unmappable::NoStay)?;
    let from = crate::fields::trimmed(&gives_way.field(5).component(1))
        .map(|visit| StayKey { facility: frame.source.facility.clone(), visit });
    let prior = person::key_in(&gives_way.field(1), frame);
    if from.is_none() && prior.is_none() {
        return Err(Unmappable::NoPrior);
    }
    let from = from.unwrap_or_else(|| to.clone());
    let moved = frame.event(subject, Kind::MoveVisit { from, to, prior });
    let mut events = vec![moved];
    if message.segment(b"PV1").is_some() {
        events.extend(flow(message, frame, Action::Update)?);
    }
    Ok(events)
}

/// A17: the first PID and PV1 belong together, and so do the second.
fn swap(message: &Message<'_>, frame: &Frame) -> Result<Vec<Event>, Unmappable> {
    let people: Vec<Segment<'_>> = message.segments_named(b"PID").collect();
    let visits: Vec<Segment<'_>> = message.segments_named(b"PV1").collect();
    let ([one, other], [here, there]) = (people.as_slice(), visits.as_slice()) else {
        return Err(Unmappable::HalfASwap);
    };
    let side = |person: &Segment<'_>, visit: &Segment<'_>| {
        let subject = person::subject_in(person, message, frame)?;
        let stay = stay::key_in(Some(visit), person, frame, &subject).ok_or(Unmappable::NoStay)?;
        let visit = visit::read(message, visit, frame);
        Ok(Side { subject, flow: Flow { action: Action::Swap, stay, visit } })
    };
    let (first, second) = (side(one, here)?, side(other, there)?);
    let mut event = frame.event(key_only(&first.subject), Kind::Swap(first.flow, Box::new(second)));
    event.subject = first.subject;
    Ok(vec![event])
}
