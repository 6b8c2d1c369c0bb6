//! Pages while others write: a resource that nobody touched appears exactly once.

use super::world::{Item, insert, plans, world};
use crate::Actor;
use crate::search::search;
use fhir::search::{Handling, Query};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]
    #[test]
    fn untouched_resources_appear_once(
        world in world(24), more in world(12), down in any::<bool>(), by in 0..3usize, walk in any::<bool>()
    ) {
        let conn = world.database();
        let actor = Actor::system("t");
        let limits = &plans()[usize::from(walk)];
        let sort = ["_lastUpdated", "birthdate", "family"][by];
        let pairs = [("_sort", format!("{}{sort}", if down { "-" } else { "" })), ("_count", String::from("2"))];
        let pairs = pairs.map(|(n, v)| (n.to_owned(), v));
        let mut query = Query::parse("Patient", &pairs, Handling::Strict).unwrap().query;
        let mut new = more.items.into_iter().enumerate().map(|(n, item)| Item { id: format!("new-{n}"), ..item });
        let mut seen = Vec::new();
        let mut deleted = Vec::new();
        loop {
            let page = search(&conn, &actor, &query, limits).unwrap();
            seen.extend(page.entries.iter().map(|entry| entry.resource.id.to_string()));
            // Between two pages: one more resource comes, and the last one that was seen goes.
            if let Some(item) = new.next() {
                insert(&conn, &item);
            }
            if let Some(last) = page.entries.last().filter(|e| !e.resource.id.starts_with("new")) {
                conn.execute("UPDATE resource SET deleted = 1 WHERE rid = ?1", [last.rid]).unwrap();
                deleted.push(last.resource.id.to_string());
            }
            match page.next {
                Some(next) => query.page = Some(next),
                None => break,
            }
        }
        let mut once = seen.clone();
        once.sort();
        once.dedup();
        prop_assert_eq!(once.len(), seen.len(), "{:?}", seen);
        for item in world.items.iter().filter(|item| item.type_ == "Patient") {
            prop_assert!(seen.contains(&item.id), "{} is missing from {:?}", item.id, seen);
        }
    }
}
