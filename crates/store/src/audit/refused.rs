//! Refusals by role: what an actor asked for and may never have, whichever patient it is about. Each has an audit row, and
//! no more than so many: the same refusal of the same actor has one row a minute, an actor has [`ROWS_OF_ONE`] rows a
//! minute and all actors together [`ROWS_OF_ALL`], so that nobody fills the disk by asking again and again.

use super::draft::{Action, Draft};
use crate::{Actor, Interaction, Role};
use fhir::json::Text;
use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

/// Rows that one actor's refusals may have in a minute.
const ROWS_OF_ONE: usize = 20;
/// Rows that all refusals may have in a minute.
const ROWS_OF_ALL: usize = 600;
/// Within this time, in microseconds, a refusal that is repeated has no further row.
const MINUTE_US: i64 = 60_000_000;

/// Something that a role does not open.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Refused {
    action: Action,
    interaction: &'static str,
    /// The type, or `*` for all at once.
    resource_type: Option<Text>,
    /// What it was, where it is no interaction with a type.
    what: Option<Text>,
}

impl Default for Refused {
    fn default() -> Self {
        Self::operation(Text::default())
    }
}

impl Refused {
    /// An interaction with a type.
    pub(crate) fn interaction(interaction: Interaction, resource_type: &str) -> Self {
        let (action, interaction) = match interaction {
            Interaction::Create => (Action::Create, "create"),
            Interaction::Read => (Action::Read, "read"),
            Interaction::Update => (Action::Update, "update"),
            Interaction::Delete => (Action::Delete, "delete"),
            Interaction::Search => (Action::Query, "search"),
        };
        Self { action, interaction, resource_type: Some(Text::from(resource_type)), what: None }
    }

    /// Anything else: a page, emergency access.
    pub(crate) fn operation(what: Text) -> Self {
        let what = Some(what).filter(|what| !what.is_empty());
        Self { action: Action::Query, interaction: "operation", resource_type: None, what }
    }

    fn draft(self) -> Draft {
        Draft {
            action: self.action,
            interaction: self.interaction,
            resource_type: self.resource_type,
            id: None,
            version: None,
            patient: None,
            query: self.what.map(|what| what.to_string()),
            outcome: 4,
        }
    }
}

/// The refusals of the present minute that have a row.
#[derive(Default)]
pub(crate) struct Refusals(Mutex<Minute>);

#[derive(Default)]
struct Minute {
    began_us: i64,
    rows: usize,
    actors: HashMap<Text, HashSet<Refused>>,
}

impl Refusals {
    /// The row that a refusal needs now.
    pub(crate) fn due(&self, actor: &Actor, refused: Refused, now_us: i64) -> Option<Draft> {
        if actor.role == Role::System {
            return None;
        }
        let mut minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !(0..MINUTE_US).contains(&now_us.saturating_sub(minute.began_us)) {
            *minute = Minute { began_us: now_us, ..Minute::default() };
        }
        if minute.rows >= ROWS_OF_ALL {
            return None;
        }
        let known = minute.actors.entry(actor.id.clone()).or_default();
        if known.len() >= ROWS_OF_ONE || !known.insert(refused.clone()) {
            return None;
        }
        minute.rows += 1;
        Some(refused.draft())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(id: &str) -> Actor {
        Actor { id: id.into(), role: Role::Operator, ..Actor::system("t") }
    }

    fn read(name: &str) -> Refused {
        Refused::interaction(Interaction::Read, name)
    }

    #[test]
    fn the_same_refusal_has_one_row_a_minute() {
        let refusals = Refusals::default();
        let due = |id: &str, what: Refused, second: i64| {
            refusals.due(&actor(id), what, (1_000 + second) * 1_000_000).is_some()
        };
        assert!(due("a", read("Patient"), 0));
        assert!(!due("a", read("Patient"), 59));
        assert!(due("a", Refused::interaction(Interaction::Search, "Patient"), 59));
        assert!(due("b", read("Patient"), 59), "another actor");
        assert!(due("a", read("Patient"), 60), "another minute");
        assert!(refusals.due(&Actor::system("t"), read("Patient"), 0).is_none());
    }

    #[test]
    fn a_flood_is_bounded_for_one_and_for_all() {
        let refusals = Refusals::default();
        let rows = |who: usize, kinds: usize| {
            let one = actor(&who.to_string());
            (0..kinds).filter_map(|kind| refusals.due(&one, read(&kind.to_string()), 5)).count()
        };
        assert_eq!(rows(0, 1_000), ROWS_OF_ONE);
        assert_eq!((1..1_000).map(|who| rows(who, 1)).sum::<usize>(), ROWS_OF_ALL - ROWS_OF_ONE);
    }
}
