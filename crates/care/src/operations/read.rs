//! Fills the operations page from the inbox. The operator sees keys, states and reasons, never a message's content.

use super::matters::matters;
use super::{DeadLetter, Feed, InboxCounts, Operations};
use crate::lookup::unseen;
use crate::view::{Listed, Section, Unseen};
use jiff::Timestamp;
use std::collections::BTreeMap;
use store::inbox::{Counts, Listed as Message, State};
use store::{Actor, Error, Role, Store};

/// Dead letters on a page.
const PAGE: usize = 50;
/// A feed silent for longer than this is stale: the busiest trusts send several messages a minute.
pub(crate) const SILENCE_US: i64 = 15 * 60 * 1_000_000;

/// Feeds, inbox and dead letters.
pub(crate) async fn read(store: &Store, actor: &Actor, cursor: Option<&str>) -> Result<Operations, Unseen> {
    if !matches!(actor.role, Role::Operator | Role::System) {
        return Err(Unseen::NoAccess);
    }
    let before = match cursor {
        Some(cursor) => {
            Some(cursor.parse().map_err(|_| Unseen::Invalid("the page is not one of ours".into()))?)
        }
        None => None,
    };
    let now = store.environment().clock.now();
    let matters = matters(store, actor).await;
    let unreviewed = crate::emergency_review::waiting(store, actor).await.ok();
    let read = store.read(actor.clone(), move |snapshot| {
        let counts = snapshot.inbox_counts()?;
        let dead = snapshot.inbox_list(State::Dead, before, PAGE)?;
        let next = (dead.len() == PAGE).then(|| dead.last().map(|one| one.id.to_string())).flatten();
        let letters = Listed { items: dead.iter().filter_map(letter).collect(), total: None, next };
        Ok(Operations {
            read_at: now,
            feeds: Section::whole(feeds(&counts, now)),
            inbox: inbox(&counts),
            dead_letters: Section::Shown(letters),
            matters,
            unreviewed,
        })
    });
    read.await.map_err(|error| unseen(&error))
}

/// Puts a dead letter back in the queue.
pub(crate) async fn replay(store: &Store, actor: &Actor, letter: i64) -> Result<(), Unseen> {
    if !matches!(actor.role, Role::Operator | Role::System) {
        return Err(Unseen::NoAccess);
    }
    match store.write(actor.clone(), move |transaction| transaction.replay_inbox(letter)).await {
        // Tried again already, by somebody else or by a second click; or there is no such message.
        Err(Error::Conflict(_)) => {
            let system = Actor::system(actor.trace.clone());
            let known = store.read(system, move |snapshot| snapshot.inbox_message(letter).map(drop)).await;
            known.map_err(|error| unseen(&error))
        }
        other => other.map_err(|error| unseen(&error)),
    }
}

/// One line a source, by name.
pub(crate) fn feeds(counts: &[Counts], now: Timestamp) -> Vec<Feed> {
    let mut sources: BTreeMap<&str, (i64, u64, u64)> = BTreeMap::new();
    for one in counts {
        let (newest, received, dead) = sources.entry(one.source.as_str()).or_insert((i64::MIN, 0, 0));
        *newest = (*newest).max(one.newest_at);
        *received += one.count;
        *dead += if one.state == State::Dead { one.count } else { 0 };
    }
    let feed = |(name, (newest, received, dead)): (&str, (i64, u64, u64))| Feed {
        name: in_words(name),
        last_message_at: Timestamp::from_microsecond(newest).ok(),
        stale: now.as_microsecond().saturating_sub(newest) > SILENCE_US,
        received,
        dead,
    };
    sources.into_iter().map(feed).collect()
}

/// A source as people call it: `mllp PAS@ZZ1` is the application PAS at ZZ1.
fn in_words(source: &str) -> String {
    let sender = source.strip_prefix("mllp ").unwrap_or(source);
    match sender.split_once('@') {
        Some((application, facility)) => format!("{application} at {facility}"),
        None => sender.to_owned(),
    }
}

fn inbox(counts: &[Counts]) -> InboxCounts {
    let mut sum = InboxCounts::default();
    for one in counts {
        match one.state {
            State::Received => sum.waiting += one.count,
            State::Applied | State::Ignored => sum.applied += one.count,
            State::Dead => sum.dead += one.count,
        }
        sum.duplicates += one.repeats;
        sum.control_id_reused += one.reused;
    }
    sum
}

fn letter(message: &Message) -> Option<DeadLetter> {
    Some(DeadLetter {
        id: message.id,
        received_at: Timestamp::from_microsecond(message.received_at).ok()?,
        source: format!("{} at {}", message.application, message.facility),
        kind: String::new(),
        control_id: message.control_id.to_string(),
        reason: message.reason.clone().unwrap_or_else(|| String::from("no reason was recorded")),
        tries: u32::try_from(message.tries).unwrap_or(u32::MAX),
    })
}
