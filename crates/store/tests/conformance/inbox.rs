//! The inbox: durable, once, replayable.

use crate::world::{World, backend, operator};
use fhir::json::Text;
use store::inbox::{Arrival, Settlement, State, receive_blocking};
use store::{Actor, Error};

fn arrival(control_id: &str, raw: &str) -> Arrival {
    Arrival {
        source: Text::from("mllp"),
        application: Text::from("PAS"),
        facility: Text::from("RXX"),
        control_id: Text::from(control_id),
        raw: raw.as_bytes().to_vec(),
    }
}

fn system() -> Actor {
    Actor::system("feed")
}

#[test]
fn duplicates_are_known_and_reuse_is_flagged() {
    let world = World::new();
    let store = world.open();
    let receive =
        |control_id: &str, raw: &str| receive_blocking(&store, system(), arrival(control_id, raw)).unwrap();
    let first = receive("1", "a");
    assert!(!first.duplicate && !first.control_id_reused);
    let again = receive("1", "a");
    assert!(again.duplicate && again.id == first.id);
    let other = receive("1", "b");
    assert!(!other.duplicate && other.control_id_reused && other.id != first.id);
    let once_more = receive("1", "b");
    assert!(once_more.duplicate && once_more.id == other.id);
    let listed = store.read_blocking(operator(), |s| s.inbox_list(State::Received, None, 10)).unwrap();
    assert_eq!(
        listed.iter().map(|m| (m.repeats, m.control_id_reused)).collect::<Vec<_>>(),
        [(1, true), (1, false)]
    );
    assert_eq!(receive_blocking(&store, backend(), arrival("2", "c")), Err(Error::Forbidden));
}

#[test]
fn an_effect_and_its_settlement_are_one() {
    let world = World::new();
    let store = world.open();
    let id = receive_blocking(&store, system(), arrival("1", "a")).unwrap().id;
    let pending = || store.read_blocking(system(), |s| s.inbox_pending(10)).unwrap();
    assert_eq!(pending()[0].arrival, arrival("1", "a"));
    let dead = Settlement::Dead { reason: String::from("no PID"), mapper: String::from("1") };
    store.write_blocking(system(), move |t| t.settle_inbox(id, &dead)).unwrap();
    assert!(pending().is_empty());
    store.write_blocking(operator(), move |t| t.replay_inbox(id)).unwrap();
    assert_eq!(pending().len(), 1);
    store.write_blocking(system(), move |t| t.settle_inbox(id, &Settlement::Applied)).unwrap();
    let twice = store.write_blocking(system(), move |t| t.settle_inbox(id, &Settlement::Applied));
    assert!(matches!(twice, Err(Error::Conflict(_))));
    let replayed = store.write_blocking(operator(), move |t| t.replay_inbox(id));
    assert!(matches!(replayed, Err(Error::Conflict(_))), "an applied message has had its effect");
    let counts = store.read_blocking(operator(), |s| s.inbox_counts()).unwrap();
    assert_eq!(counts.iter().map(|c| (c.state, c.count)).collect::<Vec<_>>(), [(State::Applied, 1)]);
    assert_eq!(store.read_blocking(operator(), move |s| s.inbox_message(id)), Err(Error::Forbidden));
}
