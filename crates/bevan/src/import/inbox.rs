//! Messages of a file, taken into the inbox as if they had come by a socket, then applied.

use super::files::Source;
use super::report::{Outcome, Refusal, Report};
use crate::{feed, serve};
use anyhow::Result;
use hl7v2::Message;
use std::sync::{Arc, Mutex, PoisonError};
use store::inbox::{Arrival, State, receive_blocking};
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
    Ok(if receipt.duplicate { Outcome::passed_over(1) } else { Outcome { written: 1, ..Outcome::default() } })
}

/// Applies what waits in the inbox, and reports every dead letter among it.
pub fn apply_pending(store: &Store, report: &Mutex<Report>) -> Result<()> {
    let before = dead(store)?;
    serve::runtime()?.block_on(feed::intake(store).catch_up())?;
    let mut report = report.lock().unwrap_or_else(PoisonError::into_inner);
    for (id, file, reason) in dead(store)? {
        if !before.iter().any(|(known, ..)| *known == id) {
            report.refuse(&file, &Refusal { place: format!("inbox number {id}"), reason })?;
        }
    }
    Ok(())
}

fn dead(store: &Store) -> Result<Vec<(i64, String, String)>> {
    let listed = store
        .read_blocking(Actor::system("import"), |snapshot| snapshot.inbox_list(State::Dead, None, 100_000))?;
    Ok(listed
        .into_iter()
        .map(|one| (one.id, one.source.to_string(), one.reason.unwrap_or_default()))
        .collect())
}
