//! The state of one item as a pure fold over the facts of its prescription, ordered by when they were true. Messages may
//! come late, twice or in any order and the end is the same.

use super::ItemStatus;
use super::event::{Cancellation, Event, Outcome, Pharmacy, What};

/// What the facts so far come to for one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item<'a> {
    /// How far it is.
    pub status: ItemStatus,
    /// Since when, in microseconds since 1970, UTC.
    pub since: i64,
    /// The MedicationRequest as it was ordered; `None` while its order has not come.
    pub order: Option<&'a str>,
    /// The pharmacy that has it, or had it last.
    pub pharmacy: Option<&'a Pharmacy>,
    /// Why the prescriber cancelled it.
    pub reason: Option<&'a str>,
    /// What became of each request to cancel, by the key of its fact.
    pub cancellations: Vec<(&'a str, Cancellation)>,
    /// The MedicationDispenses that it led to, oldest first.
    pub dispenses: Vec<&'a str>,
    /// A cancellation waits for the pharmacy to give the item back.
    waiting: bool,
    /// The pharmacy sends things rather than handing them over a counter.
    sends: bool,
}

/// The state of an item.
pub fn fold<'a>(events: &'a [Event], item: &str) -> Item<'a> {
    let mut own: Vec<&Event> =
        events.iter().filter(|event| event.item.as_deref().is_none_or(|number| number == item)).collect();
    own.sort_by(|a, b| {
        (rank(&a.what), a.occurred_at, tie(&a.what), &a.key).cmp(&(
            rank(&b.what),
            b.occurred_at,
            tie(&b.what),
            &b.key,
        ))
    });
    let mut state = Item {
        status: ItemStatus::PrescriberApproved,
        since: own.first().map_or(0, |event| event.occurred_at),
        order: None,
        pharmacy: None,
        reason: None,
        cancellations: Vec::new(),
        dispenses: Vec::new(),
        waiting: false,
        sends: false,
    };
    for event in own {
        step(&mut state, event);
    }
    state
}

/// Nothing can happen to an item before it was ordered, whatever the clocks of two systems say.
fn rank(what: &What) -> u8 {
    u8::from(!matches!(what, What::Ordered(_)))
}

/// The order of facts of one moment: the way an item goes.
fn tie(what: &What) -> u8 {
    match what {
        What::Ordered(_) => 0,
        What::Released(_) => 1,
        What::Tracked(..) => 2,
        What::Dispensed(..) => 3,
        What::Returned => 4,
        What::Cancelled(_) => 5,
    }
}

fn step<'a>(state: &mut Item<'a>, event: &'a Event) {
    match &event.what {
        What::Ordered(request) => {
            if state.order.is_none() {
                state.order = Some(request);
                state.since = event.occurred_at;
            }
        }
        What::Released(pharmacy) => {
            if state.status == ItemStatus::PrescriberApproved {
                state.pharmacy = Some(pharmacy);
                to(state, event, ItemStatus::WithPharmacyUntracked);
            }
        }
        What::Returned => {
            if state.status.is_with_pharmacy() {
                state.pharmacy = None;
                let status = if state.waiting {
                    ItemStatus::PrescriberCancelled
                } else {
                    ItemStatus::PrescriberApproved
                };
                to(state, event, status);
            }
        }
        What::Tracked(status, pharmacy) => {
            if state.status != ItemStatus::PrescriberCancelled {
                state.pharmacy = pharmacy.as_ref().or(state.pharmacy);
                state.sends = matches!(
                    status,
                    ItemStatus::ReadyToDispatch | ItemStatus::ReadyToDispatchPartial | ItemStatus::Dispatched
                );
                to(state, event, *status);
            }
        }
        What::Dispensed(outcome, dispense) => {
            if !dispense.is_empty() {
                state.dispenses.push(dispense);
            }
            to(state, event, dispensed(state, *outcome));
        }
        What::Cancelled(reason) => {
            let became = cancelled(state.status);
            state.cancellations.push((&event.key, became));
            match became {
                Cancellation::Done => {
                    state.reason = reason.as_deref();
                    to(state, event, ItemStatus::PrescriberCancelled);
                }
                Cancellation::WithDispenser | Cancellation::WithDispenserActive => {
                    state.reason = reason.as_deref();
                    state.waiting = true;
                }
                _ => {}
            }
        }
    }
}

fn to(state: &mut Item<'_>, event: &Event, status: ItemStatus) {
    if state.status != status {
        state.status = status;
        state.since = event.occurred_at;
    }
}

fn dispensed(state: &Item<'_>, outcome: Outcome) -> ItemStatus {
    match outcome {
        Outcome::Fully if state.sends => ItemStatus::Dispatched,
        Outcome::Fully => ItemStatus::Collected,
        Outcome::Partly => ItemStatus::PreparingRemainder,
        Outcome::Owing | Outcome::WithDispenser => ItemStatus::WithPharmacy,
        Outcome::Cancelled => ItemStatus::PrescriberCancelled,
        Outcome::NotDispensed if state.waiting => ItemStatus::PrescriberCancelled,
        Outcome::NotDispensed | Outcome::Expired => ItemStatus::NotDispensed,
    }
}

/// What a request to cancel comes to, given how far the item is.
fn cancelled(status: ItemStatus) -> Cancellation {
    match status {
        ItemStatus::PrescriberApproved => Cancellation::Done,
        ItemStatus::PrescriberCancelled => Cancellation::Before,
        ItemStatus::Collected | ItemStatus::Dispatched => Cancellation::Dispensed,
        ItemStatus::NotDispensed => Cancellation::NotDispensed,
        ItemStatus::PreparingRemainder
        | ItemStatus::ReadyToCollectPartial
        | ItemStatus::ReadyToDispatchPartial => Cancellation::WithDispenserActive,
        ItemStatus::WithPharmacy
        | ItemStatus::WithPharmacyUntracked
        | ItemStatus::ReadyToCollect
        | ItemStatus::ReadyToDispatch
        | ItemStatus::TrackingUnavailable => Cancellation::WithDispenser,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ItemStatus as S;

    fn event(minute: i64, what: What) -> Event {
        let item = (!matches!(what, What::Released(_) | What::Returned)).then(|| "1".to_owned());
        Event { key: format!("{minute}|{what:?}"), item, occurred_at: minute, what }
    }

    fn pharmacy() -> Pharmacy {
        Pharmacy { ods: "FCG71".into(), name: "Sample Pharmacy".into() }
    }

    fn out(outcome: Outcome) -> What {
        What::Dispensed(outcome, String::from("{}"))
    }

    fn stories() -> Vec<(Vec<What>, S, Vec<Cancellation>)> {
        use What::{Cancelled, Ordered, Released, Returned, Tracked};
        let ordered = || Ordered("{}".into());
        let released = || Released(pharmacy());
        let tracked = |status| Tracked(status, Some(pharmacy()));
        let cancelled = || Cancelled(Some("Prescribing Error".into()));
        vec![
            (vec![ordered()], S::PrescriberApproved, vec![]),
            (vec![ordered(), released()], S::WithPharmacyUntracked, vec![]),
            (vec![ordered(), released(), tracked(S::WithPharmacy)], S::WithPharmacy, vec![]),
            (
                vec![ordered(), released(), tracked(S::ReadyToCollect), out(Outcome::Fully)],
                S::Collected,
                vec![],
            ),
            (
                vec![ordered(), released(), tracked(S::ReadyToDispatch), out(Outcome::Fully)],
                S::Dispatched,
                vec![],
            ),
            (vec![ordered(), released(), out(Outcome::Partly)], S::PreparingRemainder, vec![]),
            (vec![ordered(), released(), out(Outcome::Partly), out(Outcome::Fully)], S::Collected, vec![]),
            (vec![ordered(), released(), out(Outcome::NotDispensed)], S::NotDispensed, vec![]),
            (vec![ordered(), released(), out(Outcome::Expired)], S::NotDispensed, vec![]),
            (vec![ordered(), released(), Returned], S::PrescriberApproved, vec![]),
            (vec![ordered(), cancelled()], S::PrescriberCancelled, vec![Cancellation::Done]),
            (vec![ordered(), cancelled(), released()], S::PrescriberCancelled, vec![Cancellation::Done]),
            (
                vec![ordered(), released(), cancelled()],
                S::WithPharmacyUntracked,
                vec![Cancellation::WithDispenser],
            ),
            (
                vec![ordered(), released(), cancelled(), Returned],
                S::PrescriberCancelled,
                vec![Cancellation::WithDispenser],
            ),
            (
                vec![ordered(), released(), out(Outcome::Partly), cancelled()],
                S::PreparingRemainder,
                vec![Cancellation::WithDispenserActive],
            ),
            (
                vec![ordered(), released(), out(Outcome::Fully), cancelled()],
                S::Collected,
                vec![Cancellation::Dispensed],
            ),
            (
                vec![ordered(), cancelled(), cancelled()],
                S::PrescriberCancelled,
                vec![Cancellation::Done, Cancellation::Before],
            ),
            (
                vec![ordered(), released(), out(Outcome::NotDispensed), cancelled()],
                S::NotDispensed,
                vec![Cancellation::NotDispensed],
            ),
        ]
    }

    /// Every order of the items (Heap's algorithm).
    fn every_order(events: &mut Vec<Event>, size: usize, seen: &mut impl FnMut(&[Event])) {
        if size <= 1 {
            return seen(events);
        }
        for at in 0..size {
            every_order(events, size - 1, seen);
            events.swap(if size.is_multiple_of(2) { at } else { 0 }, size - 1);
        }
    }

    #[test]
    fn stories_end_where_they_should_in_every_order_of_arrival() {
        let mut orders = 0;
        for (story, status, cancellations) in stories() {
            let mut events: Vec<Event> =
                story.into_iter().enumerate().map(|(minute, what)| event(minute as i64, what)).collect();
            let size = events.len();
            every_order(&mut events, size, &mut |events| {
                let state = fold(events, "1");
                assert_eq!(state.status, status, "{events:?}");
                let became: Vec<_> = state.cancellations.iter().map(|(_, became)| *became).collect();
                assert_eq!(became, cancellations, "{events:?}");
                orders += 1;
            });
        }
        assert!(orders > 150, "{orders}");
    }

    #[test]
    fn an_item_without_its_order_says_so_and_another_item_is_left_alone() {
        let early = [event(5, out(Outcome::Fully))];
        assert_eq!((fold(&early, "1").status, fold(&early, "1").order), (S::Collected, None));
        assert_eq!(fold(&early, "2").status, S::PrescriberApproved);
    }

    #[test]
    fn an_order_stands_first_whatever_its_clock_says() {
        let events = [event(1, out(Outcome::Fully)), event(9, What::Ordered("{}".into()))];
        assert_eq!(fold(&events, "1").status, S::Collected);
    }

    #[test]
    fn the_time_is_that_of_the_last_change() {
        let again = What::Tracked(S::WithPharmacy, None);
        let events = [event(1, What::Ordered("{}".into())), event(2, again.clone()), event(3, again)];
        assert_eq!(fold(&events, "1").since, 2);
    }
}
