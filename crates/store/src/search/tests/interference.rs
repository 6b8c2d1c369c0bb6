//! What an actor is told does not depend on what they may not see: two worlds that differ only in hidden items and
//! relationships give byte-identical pages, totals and cursors.

use super::agree::query;
use super::naive::visible;
use super::world::{World, actor, plans, world};
use crate::search::search;
use crate::{Interaction, Role, access};
use fhir::search::{Query, TotalMode};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn hidden_items_change_nothing(
        world in world(40), actor in actor(), queries in proptest::collection::vec(query(), 8), total in any::<bool>()
    ) {
        if matches!(actor.role, Role::System) {
            return Ok(());
        }
        // Relationships of others' organisations go too; those of the actor's decide what is visible and stay.
        let mut without = World {
            items: world.items.iter().filter(|item| visible(&world, &actor, item)).cloned().collect(),
            relationships: world.relationships.iter().filter(|(_, o, _)| *o == actor.organisation).cloned().collect(),
        };
        // Numbers given to rows, types and relationships differ between the two; answers must not.
        without.relationships.reverse();
        let hidden = world.items.len() - without.items.len();
        let (a, b) = (world.database(), without.database());
        for query in &queries {
            if access::may(&actor, Interaction::Search, query.resource_type).is_err() {
                continue;
            }
            let total = if total { TotalMode::Accurate } else { TotalMode::WhenFree };
            for limits in plans() {
                let mut query = Query { total, ..query.clone() };
                loop {
                    let (with, without) = (search(&a, &actor, &query, &limits).unwrap(), search(&b, &actor, &query, &limits).unwrap());
                    let bytes = |page: &crate::search::SearchPage| page.entries.iter().map(|e| e.resource.json.to_vec()).collect::<Vec<_>>();
                    prop_assert_eq!(bytes(&with), bytes(&without), "{} hidden, {:?}", hidden, query.to_pairs());
                    prop_assert_eq!(with.total, without.total);
                    prop_assert_eq!(&with.next, &without.next);
                    match with.next {
                        Some(next) => query.page = Some(next),
                        None => break,
                    }
                }
            }
        }
    }
}
