//! Random stories of up to 20 messages, in random orders and with copies: beyond what every order can be tried for.

use super::event::{Action, Event};
use super::scenarios::flow;
use super::stays::fold;
use proptest::prelude::*;

/// Any story of up to 20 messages about two stays and three beds.
fn story() -> impl Strategy<Value = Vec<Event>> {
    let actions = [
        Action::Admit,
        Action::Register,
        Action::PreAdmit,
        Action::Transfer,
        Action::Discharge,
        Action::ToInpatient,
        Action::Update,
        Action::Depart,
        Action::Arrive,
        Action::LeaveOut,
        Action::LeaveBack,
        Action::PlanTransfer,
        Action::PlanDischarge,
        Action::CancelAdmit,
        Action::CancelTransfer,
        Action::CancelDischarge,
        Action::CancelPlanTransfer,
        Action::Imply,
    ];
    let one = (0..actions.len(), 0..12_i64, 0..12_i64, 0..4_usize, 0..2_usize).prop_map(
        move |(action, occurred, delay, place, who)| {
            let place = ["A", "B", "C"].get(place).copied();
            let event = flow("", occurred * 60, actions[action], place).recorded((occurred + delay) * 60);
            if who == 0 { event } else { event.of("2", "V2") }
        },
    );
    prop::collection::vec(one, 1..20).prop_map(|mut events| {
        for (at, event) in events.iter_mut().enumerate() {
            event.message.control_id = format!("{at}");
            event.message.sha256 = format!("h{at}");
        }
        events
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn any_story_in_any_order_ends_alike(
        (events, shuffled) in story().prop_flat_map(|events| (Just(events.clone()), Just(events).prop_shuffle())),
        copies in 1..3_usize,
    ) {
        let mut fed = shuffled;
        for _ in 1..copies {
            let again: Vec<Event> = fed.iter().rev().cloned().collect();
            fed.extend(again);
        }
        let state = fold(&events);
        prop_assert_eq!(&fold(&fed), &state);
        for stay in state.stays.values() {
            for pair in stay.placements.windows(2) {
                prop_assert!(pair[0].to.as_ref().is_some_and(|to| to.from <= pair[1].from.from), "placements overlap");
            }
            let open = stay.placements.iter().filter(|one| one.to.is_none()).count();
            prop_assert!(open <= 1 && (stay.is_open() || open == 0), "a closed stay holds a bed");
        }
    }
}
