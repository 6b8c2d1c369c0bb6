//! The pure fold: the set of a stay's events, in any order and any number of copies, to the stay's state.
//!
//! It must never look at anything but the events, and never at the order they came in. The rules, with the HL7
//! events that carry them, stand in `docs/patient-flow.md`.

use super::cancel::{Resolved, Step, is_cancel, resolve};
use super::clinical::Diagnosis;
use super::event::{Action, Class, Event, Kind, StayKey};
use super::moment::Moment;
use super::person::PatientKey;
use super::sequence::{ORDERS, Orders, Settled, settle};
use super::stay::{Concern, Opening, Origin, Plan, Purpose, Standing, Stay, Superseded};
use super::timeline::Timeline;
use std::collections::BTreeMap;

/// Folds the stay known by `keys` (its present number first, then the numbers it had). `None` when nothing in
/// the events concerns it.
#[must_use]
pub fn fold_stay<'a>(keys: &[StayKey], events: impl IntoIterator<Item = &'a Event>) -> Option<Stay> {
    fold_stay_by(keys, events, &ORDERS)
}

/// [`fold_stay`] with the orders given.
#[must_use]
pub fn fold_stay_by<'a>(
    keys: &[StayKey],
    events: impl IntoIterator<Item = &'a Event>,
    orders: &Orders,
) -> Option<Stay> {
    let settled = settle(events, orders);
    let steps = steps(keys, &settled);
    let key = keys.first()?;
    let patient = patient_of(&steps, &settled, keys, orders)?;
    let resolved = resolve(&steps, orders);
    let opening = opening(&resolved)?;
    let voided = voided(&steps, &resolved, orders);
    let opened_at = opened_at(opening, &resolved, orders);
    let timeline = Timeline::of(&steps, &resolved, opened_at.as_ref(), orders);

    let mut superseded: Vec<Superseded> = resolved
        .cancelled
        .iter()
        .map(|(step, by)| Superseded {
            fact: origin(step),
            place: step.flow.visit.place.clone(),
            by: Some(origin(by)),
        })
        .collect();
    superseded.extend(timeline.superseded);
    let mut concerns: Vec<Concern> =
        resolved.unmatched.iter().map(|step| Concern::NothingToCancel(origin(step))).collect();
    concerns.extend(timeline.concerns);
    concerns.extend(about_steps(&steps, &patient, voided.as_ref(), orders));

    let mut stay = Stay {
        key: key.clone(),
        former_keys: keys.get(1..).unwrap_or_default().to_vec(),
        patient,
        opening,
        opened_at,
        classes: classes(&resolved, opening),
        placements: timeline.placements,
        temporary: timeline.temporary,
        leave: timeline.leave,
        plans: Vec::new(),
        discharge: timeline.discharge,
        voided: voided.as_ref().map(origin),
        attending: None,
        service: None,
        admit_source: None,
        reason: None,
        expected_discharge: None,
        diagnoses: diagnoses(&steps, orders),
        superseded,
        concerns,
    };
    plans(&mut stay, &resolved, orders);
    attributes(&mut stay, &resolved, orders);
    if let Some(void) = &stay.voided {
        stay.superseded.extend(stay.placements.drain(..).map(|placement| Superseded {
            fact: placement.by,
            place: Some(placement.place),
            by: Some(void.clone()),
        }));
        (stay.temporary, stay.discharge) = (None, None);
        stay.leave.clear();
        stay.plans.clear();
    }
    Some(stay)
}

/// Which message a step came from.
#[must_use]
pub fn origin(step: &Step<'_>) -> Origin {
    let event = step.settled.event;
    Origin {
        facility: event.source.facility.clone(),
        control_id: event.message.control_id.clone(),
        action: step.flow.action,
        occurred_at: step.settled.occurred_at.clone(),
        recorded_at: step.settled.recorded_at.clone(),
        inbox: event.inbox,
    }
}

/// Steps by source order, cancels and implied mentions included.
#[must_use]
pub fn by_source<'s, 'a>(steps: &'s [Step<'a>], orders: &Orders) -> Vec<&'s Step<'a>> {
    let mut sorted: Vec<&Step<'a>> = steps.iter().collect();
    sorted.sort_by_cached_key(|step| (orders.source)(step.settled));
    sorted
}

fn steps<'a>(keys: &[StayKey], settled: &'a [Settled<'a>]) -> Vec<Step<'a>> {
    let part = |one: &'a Settled<'a>| {
        let (subject, flow) = keys.iter().find_map(|key| one.event.flow_of(key))?;
        Some(Step { settled: one, subject, flow })
    };
    settled.iter().filter_map(part).collect()
}

/// Whose stay it is: the person of the last move of the visit, otherwise the first person that a flow message
/// named (a merge later on does not rewrite it), otherwise the first that any message implied.
fn patient_of(
    steps: &[Step<'_>],
    settled: &[Settled<'_>],
    keys: &[StayKey],
    orders: &Orders,
) -> Option<PatientKey> {
    let concerns =
        |one: &&Settled<'_>| matches!(&one.event.kind, Kind::MoveVisit { to, .. } if keys.contains(to));
    let moved = settled.iter().filter(concerns).max_by_key(|one| (orders.source)(one));
    if let Some(moved) = moved {
        return Some(moved.event.subject.key.clone());
    }
    let sorted = by_source(steps, orders);
    let stated = sorted.iter().find(|step| step.flow.action != Action::Imply);
    stated.or(sorted.first()).map(|step| step.subject.key.clone())
}

fn opening(resolved: &Resolved<'_>) -> Option<Opening> {
    let any = |test: fn(&Step<'_>) -> bool| resolved.active.iter().any(test);
    if any(is_admission) {
        Some(Opening::Admitted)
    } else if any(is_sight) {
        Some(Opening::FirstSight)
    } else if any(|step| step.flow.action == Action::Imply) {
        Some(Opening::Implied)
    } else if !resolved.active.is_empty() || !resolved.cancelled.is_empty() {
        Some(Opening::Expected)
    } else {
        None
    }
}

/// Whether the step admits or registers.
#[must_use]
pub fn is_admission(step: &Step<'_>) -> bool {
    matches!(step.flow.action, Action::Admit | Action::Register)
}

/// Whether the step shows that the patient is or was here. Plans do not, nor does an update of a pre-admission.
#[must_use]
pub fn is_sight(step: &Step<'_>) -> bool {
    let visit = &step.flow.visit;
    match step.flow.action {
        Action::Update => visit.class != Some(Class::PreAdmission) || visit.admitted_at.is_some(),
        Action::Transfer
        | Action::Swap
        | Action::Discharge
        | Action::ToInpatient
        | Action::ToOutpatient
        | Action::Depart
        | Action::Arrive
        | Action::LeaveOut
        | Action::LeaveBack
        | Action::CancelTransfer
        | Action::CancelDischarge => true,
        _ => false,
    }
}

/// A stay is void when its admission was cancelled and nothing admitted the patient again since, as the source
/// knew it.
fn voided<'a>(steps: &[Step<'a>], resolved: &Resolved<'a>, orders: &Orders) -> Option<Step<'a>> {
    if resolved.active.iter().any(is_admission) {
        return None;
    }
    let cancels = steps.iter().filter(|step| {
        let whole = step.flow.action == Action::CancelAdmit;
        let plan = step.flow.action == Action::CancelPlanAdmit
            && !resolved.active.iter().any(|one| one.flow.action == Action::PreAdmit || is_sight(one));
        whole || plan
    });
    let last = cancels.max_by_key(|step| (orders.source)(step.settled)).copied()?;
    let planned_again = resolved.active.iter().any(|step| {
        matches!(step.flow.action, Action::PreAdmit | Action::PlanAdmit)
            && (orders.source)(step.settled) > (orders.source)(last.settled)
    });
    (!planned_again).then_some(last)
}

fn opened_at(opening: Opening, resolved: &Resolved<'_>, orders: &Orders) -> Option<Moment> {
    let active = &resolved.active;
    match opening {
        Opening::Expected => None,
        Opening::Admitted => {
            active.iter().find(|step| is_admission(step)).map(|step| step.settled.occurred_at.clone())
        }
        Opening::FirstSight | Opening::Implied => {
            let relevant: Vec<Step<'_>> =
                active.iter().filter(|step| opening == Opening::Implied || is_sight(step)).copied().collect();
            let stated = by_source(&relevant, orders).into_iter().rev().find_map(|step| {
                let admitted = step.flow.visit.admitted_at.as_ref()?;
                step.settled.event.times.trusts(admitted).then(|| admitted.clone())
            });
            stated.or_else(|| relevant.first().map(|step| step.settled.occurred_at.clone()))
        }
    }
}

fn classes(resolved: &Resolved<'_>, opening: Opening) -> Vec<(Moment, Class)> {
    let mut classes: Vec<(Moment, Class)> = Vec::new();
    for step in &resolved.active {
        let said = step.flow.visit.class.clone().filter(|class| *class != Class::PreAdmission);
        let class = match step.flow.action {
            Action::Admit => said.unwrap_or(Class::Inpatient),
            Action::Register => said.unwrap_or(Class::Emergency),
            Action::ToInpatient => said.filter(|c| *c != Class::Outpatient).unwrap_or(Class::Inpatient),
            Action::ToOutpatient => said.filter(|c| *c != Class::Inpatient).unwrap_or(Class::Outpatient),
            Action::PreAdmit | Action::PlanAdmit if opening == Opening::Expected => Class::PreAdmission,
            Action::Imply if opening != Opening::Implied => continue,
            Action::PlanTransfer | Action::PlanDischarge if opening != Opening::Expected => continue,
            Action::Depart | Action::Arrive => continue,
            _ => match said {
                Some(class) if classes.is_empty() || step.flow.action == Action::Update => class,
                _ => continue,
            },
        };
        if classes.last().is_none_or(|(_, last)| *last != class) {
            classes.push((step.settled.occurred_at.clone(), class));
        }
    }
    classes
}

fn plans(stay: &mut Stay, resolved: &Resolved<'_>, orders: &Orders) {
    let mut latest: BTreeMap<Purpose, Plan> = BTreeMap::new();
    for step in by_source(&resolved.active, orders) {
        let visit = &step.flow.visit;
        let valid = step.settled.valid;
        let later = |test: fn(&Step<'_>) -> bool| {
            resolved.active.iter().any(|one| test(one) && one.settled.valid >= valid)
        };
        let (purpose, expected_at, done) = match step.flow.action {
            Action::PreAdmit | Action::PlanAdmit => (
                Purpose::Admit,
                visit.expected_admission.clone(),
                matches!(stay.opening, Opening::Admitted | Opening::FirstSight),
            ),
            Action::PlanTransfer => (
                Purpose::Transfer,
                None,
                stay.discharge.is_some()
                    || later(|one| matches!(one.flow.action, Action::Transfer | Action::Swap)),
            ),
            Action::PlanDischarge => {
                (Purpose::Discharge, visit.expected_discharge.clone(), stay.discharge.is_some())
            }
            _ => continue,
        };
        let standing = if done { Standing::Fulfilled } else { Standing::Open };
        let place = visit.pending_place.clone().or_else(|| visit.place.clone());
        let plan = Plan { purpose, place, expected_at, standing, by: origin(step) };
        if let Some(earlier) = latest.insert(purpose, plan) {
            let by = Some(origin(step));
            stay.superseded.push(Superseded { fact: earlier.by, place: earlier.place, by });
        }
    }
    stay.plans = latest.into_values().collect();
}

/// What was last said, as the source knew it, wins: an old message that comes late must not bring back an old
/// consultant.
fn attributes(stay: &mut Stay, resolved: &Resolved<'_>, orders: &Orders) {
    for step in by_source(&resolved.active, orders) {
        if step.flow.action == Action::Imply && stay.opening != Opening::Implied {
            continue;
        }
        let visit = &step.flow.visit;
        visit.attending.apply(&mut stay.attending);
        visit.service.apply(&mut stay.service);
        visit.admit_source.apply(&mut stay.admit_source);
        visit.reason.apply(&mut stay.reason);
        if visit.expected_discharge.is_some() {
            stay.expected_discharge.clone_from(&visit.expected_discharge);
        }
    }
}

/// Diagnoses as last stated, cancelled messages included: cancelling an admission does not unmake a diagnosis.
fn diagnoses(steps: &[Step<'_>], orders: &Orders) -> Vec<Diagnosis> {
    let mut diagnoses: Vec<Diagnosis> = Vec::new();
    for diagnosis in by_source(steps, orders).into_iter().flat_map(|step| &step.flow.visit.diagnoses) {
        diagnoses.retain(|known| known.code != diagnosis.code);
        diagnoses.push(diagnosis.clone());
    }
    diagnoses.sort_by(|a, b| a.code.cmp(&b.code));
    diagnoses
}

fn about_steps(
    steps: &[Step<'_>],
    patient: &PatientKey,
    voided: Option<&Step<'_>>,
    orders: &Orders,
) -> Vec<Concern> {
    let mut concerns = Vec::new();
    for step in steps {
        if step.subject.key != *patient {
            concerns.push(Concern::PatientDiffers(origin(step), step.subject.key.clone()));
        }
        let times = &step.settled.event.times;
        let all = [&times.specific, &times.occurred, &times.recorded, &times.sent];
        if all.into_iter().flatten().any(|moment| !times.trusts(moment)) {
            concerns.push(Concern::FutureTime(origin(step)));
        }
        let after = voided.is_some_and(|void| (orders.source)(step.settled) > (orders.source)(void.settled));
        if after && is_sight(step) && !is_cancel(step.flow.action) {
            concerns.push(Concern::AfterVoid(origin(step)));
        }
    }
    concerns
}
