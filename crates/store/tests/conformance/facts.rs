//! Fact streams: idempotent, corrected without loss.

use crate::world::{World, backend, operator, patient};
use fhir::json::Text;
use store::{Actor, Error, Fact, Put};

fn fact(key: &str, occurred_at: i64, body: &str) -> Fact {
    Fact {
        stream: Text::from("stay:a:1"),
        key: Text::from(key),
        occurred_at,
        body: body.as_bytes().to_vec(),
        message: Some(4),
    }
}

#[test]
fn facts_are_put_once_and_corrected_in_the_open() {
    let world = World::new();
    let store = world.open();
    let put = |fact: Fact| store.write_blocking(Actor::system("t"), move |t| t.put_fact(&fact)).unwrap();
    assert_eq!(put(fact("b", 20, "later")), Put::Added);
    assert_eq!(put(fact("a", 10, "earlier")), Put::Added);
    assert_eq!(put(fact("a", 10, "earlier")), Put::Known);
    assert_eq!(put(fact("b", 5, "corrected")), Put::Replaced);
    let now = store.read_blocking(backend(), |s| s.facts("stay:a:1")).unwrap();
    assert_eq!(
        now.iter().map(|f| f.fact.clone()).collect::<Vec<_>>(),
        [fact("b", 5, "corrected"), fact("a", 10, "earlier")]
    );
    let ever = store.read_blocking(backend(), |s| s.fact_history("stay:a:1")).unwrap();
    assert_eq!(ever.len(), 3);
    assert_eq!(ever[0].ended_at, Some(ever[2].recorded_at));
    for closed in [patient("p"), operator()] {
        assert_eq!(store.read_blocking(closed, |s| s.facts("stay:a:1")), Err(Error::Forbidden));
    }
}

#[test]
fn an_ended_fact_stays_in_the_history_and_a_mark_tells_what_was_put() {
    let world = World::new();
    let store = world.open();
    let mark = || store.read_blocking(backend(), |s| s.stream_mark("stay:a:1")).unwrap();
    assert_eq!(mark(), 0);
    let put = |fact: Fact| store.write_blocking(Actor::system("t"), move |t| t.put_fact(&fact)).unwrap();
    put(fact("a", 10, "said"));
    let first = mark();
    put(fact("a", 10, "said"));
    assert_eq!(mark(), first, "the same fact again changes nothing");
    let end = |t: &mut store::Transaction| {
        t.put_fact(&fact("b", 20, "said again"))?;
        t.end_fact("stay:a:1", "a")
    };
    store.write_blocking(Actor::system("t"), end).unwrap();
    assert!(mark() > first);
    let now = store.read_blocking(backend(), |s| s.facts("stay:a:1")).unwrap();
    assert_eq!(now.iter().map(|one| one.fact.key.as_str()).collect::<Vec<_>>(), ["b"]);
    let ever = store.read_blocking(backend(), |s| s.fact_history("stay:a:1")).unwrap();
    assert_eq!((ever.len(), ever[0].ended_at), (2, Some(ever[1].recorded_at)));
    for closed in [patient("p"), operator()] {
        assert_eq!(store.read_blocking(closed, |s| s.stream_mark("stay:a:1")), Err(Error::Forbidden));
        let end = |t: &mut store::Transaction| t.end_fact("stay:a:1", "b");
        assert_eq!(store.write_blocking(operator(), end), Err(Error::Forbidden));
    }
}
