//! Messages of a file, taken into the inbox as if they had come by a socket, then applied.

use super::files::Source;
use super::report::{Outcome, Refusal, Report};
use crate::{feed, serve};
use anyhow::Result;
use hl7v2::Message;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use store::inbox::{Arrival, Listed, State, receive_blocking};
use store::{Actor, Store};

/// Takes one message into the inbox. A message that came before has no second effect.
pub fn receive(store: &Store, actor: &Arc<Actor>, source: &Source, bytes: &[u8]) -> Result<Outcome> {
    let Ok(parsed) = Message::parse(bytes) else {
        return Ok(Outcome::refused("message", "no MSH segment"));
    };
    let message = parsed.message;
    let field = |number| message.header(number).text().unwrap_or_default().into_owned();
    let arrival = Arrival {
        source: format!("file {}", source.name()).into(),
        application: field(3).into(),
        facility: field(4).into(),
        control_id: field(10).into(),
        raw: bytes.to_vec(),
    };
    let receipt = receive_blocking(store, Arc::clone(actor), arrival)?;
    Ok(match receipt.duplicate {
        true => Outcome { known: Some(receipt.id), ..Outcome::passed_over(1) },
        false => Outcome { written: 1, ..Outcome::default() },
    })
}

/// Dead letters listed at once.
const PAGE: usize = 10_000;

/// Applies what waits in the inbox, and reports every dead letter among it and among the messages that had come before.
pub fn apply_pending(store: &Store, report: &Mutex<Report>) -> Result<()> {
    let before: HashSet<i64> = dead(store)?.into_iter().map(|(id, ..)| id).collect();
    serve::runtime()?.block_on(feed::intake(store).catch_up())?;
    let mut report = report.lock().unwrap_or_else(PoisonError::into_inner);
    for (id, file, reason) in dead(store)? {
        // Asked first, as it also takes the message out of those that are there already.
        if report.was_known(id) || !before.contains(&id) {
            report.refuse(&file, &Refusal { place: format!("inbox number {id}"), reason })?;
        }
    }
    Ok(())
}

/// Number, file and reason of every dead letter, newest first.
fn dead(store: &Store) -> Result<Vec<(i64, String, String)>> {
    let mut dead: Vec<(i64, String, String)> = Vec::new();
    loop {
        let before = dead.last().map(|(id, ..)| *id);
        let page = store.read_blocking(Actor::system("import"), move |snapshot| {
            snapshot.inbox_list(State::Dead, before, PAGE)
        })?;
        let last = page.len() < PAGE;
        let one = |one: Listed| (one.id, one.source.to_string(), one.reason.unwrap_or_default());
        dead.extend(page.into_iter().map(one));
        if last {
            return Ok(dead);
        }
    }
}
