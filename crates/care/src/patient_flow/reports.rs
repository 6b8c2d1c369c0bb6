//! Reports and orders folded from their versions: what the source said last counts, and nothing that an earlier
//! version said is lost by a later one that is silent about it.

use super::clinical::{Finding, Order, OrderKey, Report};
use super::event::{Event, Kind, StayKey};
use super::person::PatientKey;
use super::sequence::{Orders, Settled, settle};

/// A report or order with whom and which stay it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About<T> {
    /// The report or order.
    pub content: T,
    /// Whose.
    pub patient: PatientKey,
    /// During which stay, when stated.
    pub stay: Option<StayKey>,
}

fn in_source_order<'a>(events: impl IntoIterator<Item = &'a Event>, orders: &Orders) -> Vec<Settled<'a>> {
    let mut settled = settle(events, orders);
    settled.sort_by_cached_key(orders.source);
    settled
}

/// Folds the versions of one report. Observations that a later version leaves out stay as they were.
#[must_use]
pub fn fold_report<'a>(
    key: &OrderKey,
    events: impl IntoIterator<Item = &'a Event>,
    orders: &Orders,
) -> Option<About<Report>> {
    let mut known: Option<About<Report>> = None;
    for one in in_source_order(events, orders) {
        let Kind::Report(report, stay) = &one.event.kind else { continue };
        if report.key != *key {
            continue;
        }
        let patient = one.event.subject.key.clone();
        let mut content = Report::clone(report);
        let mut stay = stay.clone();
        if let Some(earlier) = known.take() {
            stay = stay.or(earlier.stay);
            content.findings = later_findings(earlier.content.findings, content.findings);
            content.observed_at = content.observed_at.or(earlier.content.observed_at);
            content.notes = if content.notes.is_empty() { earlier.content.notes } else { content.notes };
        }
        known = Some(About { content, patient, stay });
    }
    known
}

fn later_findings(mut known: Vec<Finding>, later: Vec<Finding>) -> Vec<Finding> {
    for finding in later {
        let same = |one: &&mut Finding| one.code == finding.code && one.sub_id == finding.sub_id;
        match known.iter_mut().find(same) {
            Some(slot) => *slot = finding,
            None => known.push(finding),
        }
    }
    known.sort_by(|a, b| (&a.code, &a.sub_id).cmp(&(&b.code, &b.sub_id)));
    known
}

/// Folds the versions of one order. A message that only changes the status leaves the rest as it was.
#[must_use]
pub fn fold_order<'a>(
    key: &OrderKey,
    events: impl IntoIterator<Item = &'a Event>,
    orders: &Orders,
) -> Option<About<Order>> {
    let mut known: Option<About<Order>> = None;
    for one in in_source_order(events, orders) {
        let Kind::Order(order, stay) = &one.event.kind else { continue };
        if order.key != *key {
            continue;
        }
        let mut content = Order::clone(order);
        let mut stay = stay.clone();
        if let Some(About { content: earlier, stay: earlier_stay, .. }) = known.take() {
            stay = stay.or(earlier_stay);
            let keep = |new: &mut String, old: String| {
                if new.is_empty() {
                    *new = old;
                }
            };
            keep(&mut content.placer, earlier.placer);
            keep(&mut content.filler, earlier.filler);
            keep(&mut content.priority, earlier.priority);
            if content.code.code.is_empty() && content.code.display.is_empty() {
                content.code = earlier.code;
            }
            if content.requester.code.is_empty() && content.requester.name.is_empty() {
                content.requester = earlier.requester;
            }
            content.authored_at = earlier.authored_at.or(content.authored_at);
            content.wanted_at = content.wanted_at.or(earlier.wanted_at);
            content.notes = if content.notes.is_empty() { earlier.notes } else { content.notes };
        }
        known = Some(About { content, patient: one.event.subject.key.clone(), stay });
    }
    known
}
