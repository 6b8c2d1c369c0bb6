//! Which facts of a stay still hold after its cancels.
//!
//! A cancel ends what its source already knew: it is matched in source order, so a fact that is sent again after
//! its cancel (the cancel of a cancel) holds again, and a cancel that arrives before its fact still finds it.
//! It must never drop a fact: what is cancelled is handed on as superseded.

use super::event::{Action, Flow};
use super::person::Subject;
use super::sequence::{Orders, Settled};

/// One event's part in a stay.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    /// The event and its times.
    pub settled: &'a Settled<'a>,
    /// Whom it names.
    pub subject: &'a Subject,
    /// What it says.
    pub flow: &'a Flow,
}

/// A stay's steps after cancels, each list in valid order.
#[derive(Debug, Default)]
pub struct Resolved<'a> {
    /// Steps that hold, cancels included.
    pub active: Vec<Step<'a>>,
    /// Steps that were cancelled, with what cancelled them.
    pub cancelled: Vec<(Step<'a>, Step<'a>)>,
    /// Cancels that found nothing.
    pub unmatched: Vec<Step<'a>>,
}

/// Matches cancels with what they cancel. `steps` stand in valid order.
#[must_use]
pub fn resolve<'a>(steps: &[Step<'a>], orders: &Orders) -> Resolved<'a> {
    let mut by_source: Vec<usize> = (0..steps.len()).collect();
    by_source.sort_by_cached_key(|at| steps.get(*at).map(|step| (orders.source)(step.settled)));
    let mut ended_by: Vec<Option<usize>> = vec![None; steps.len()];
    let mut resolved = Resolved::default();
    let mut known: Vec<usize> = Vec::new();
    for at in by_source {
        let Some(step) = steps.get(at) else { continue };
        if is_cancel(step.flow.action) {
            let targets = targets(step, steps, &known);
            if targets.is_empty() {
                resolved.unmatched.push(*step);
            }
            known.retain(|one| !targets.contains(one));
            for target in targets {
                if let Some(slot) = ended_by.get_mut(target) {
                    *slot = Some(at);
                }
            }
        } else {
            known.push(at);
        }
    }
    for (step, ended) in steps.iter().zip(&ended_by) {
        match ended.and_then(|by| steps.get(by)) {
            Some(by) => resolved.cancelled.push((*step, *by)),
            None => resolved.active.push(*step),
        }
    }
    resolved
}

/// Whether the action cancels another.
#[must_use]
pub fn is_cancel(action: Action) -> bool {
    !cancelled_by(action).is_empty()
}

/// What an action cancels: the first kind of which anything is known.
fn cancelled_by(action: Action) -> &'static [Action] {
    match action {
        Action::CancelAdmit => &[Action::Admit, Action::Register, Action::PreAdmit],
        Action::CancelTransfer => &[Action::Transfer],
        Action::CancelDischarge => &[Action::Discharge],
        Action::CancelPlanAdmit => &[Action::PlanAdmit, Action::PreAdmit],
        Action::CancelPlanTransfer => &[Action::PlanTransfer],
        Action::CancelPlanDischarge => &[Action::PlanDischarge],
        _ => &[],
    }
}

/// The steps that a cancel ends. A stay is admitted once and discharged once, so every repetition goes; of
/// transfers and plans only one goes: that whose time the cancel names, otherwise the last.
fn targets(cancel: &Step<'_>, steps: &[Step<'_>], known: &[usize]) -> Vec<usize> {
    let of = |action: Action| -> Vec<usize> {
        let same = |at: &usize| steps.get(*at).is_some_and(|step| step.flow.action == action);
        known.iter().copied().filter(same).collect()
    };
    let Some(candidates) =
        cancelled_by(cancel.flow.action).iter().map(|kind| of(*kind)).find(|found| !found.is_empty())
    else {
        return Vec::new();
    };
    if matches!(cancel.flow.action, Action::CancelAdmit | Action::CancelDischarge) {
        return candidates;
    }
    let valid = |at: usize| steps.get(at).map(|step| step.settled.valid);
    let named: Vec<usize> =
        candidates.iter().copied().filter(|at| valid(*at) == Some(cancel.settled.valid)).collect();
    let pool = if named.is_empty() { candidates } else { named };
    // `steps` stand in valid order: the greatest position is the latest in valid time.
    pool.into_iter().max().into_iter().collect()
}
