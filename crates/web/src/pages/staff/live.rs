//! The live ward board: an event with the new part of the page whenever the record changed and the board with it, at most a
//! few a second, and one a minute in any case so that ages and silence show. Ends when the session ends; never keeps it alive.

use super::ward_board::{Shape, live_part};
use crate::session::SessionKey;
use crate::state::State;
use crate::visit::{Answer, Outcome, Visit};
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use care::{Position, Viewing, ward_board::WardBoard};
use futures_util::stream;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::watch;

/// Changes that come this close together are shown at once.
const TOGETHER: Duration = Duration::from_millis(80);
/// The board is read again after this long without a change.
const SILENCE: Duration = Duration::from_secs(60);
/// A comment is sent after this long, so that proxies keep the connection.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// The stream.
pub async fn ward_events(state: &State, visit: &Visit) -> Outcome {
    // The first read decides whether this reader sees the ward at all, before a stream begins.
    let mut changes = state.care.changes();
    changes.mark_unchanged();
    let viewing = Viewing::default();
    let board = state.care.ward_board(&visit.actor()?, visit.id(), &viewing).await?;
    let live = Live {
        state: state.clone(),
        key: visit.key,
        ward: visit.id().to_owned(),
        trace: visit.trace.clone(),
        shape: Shape::of(visit),
        first: Some(board).filter(|board| visit.last_event != Some(board.position)),
        shown: String::new(),
        viewing,
        changes,
        ended: false,
    };
    let events = stream::unfold(live, |live| async move {
        let (event, live) = live.next().await?;
        Some((Ok::<_, Infallible>(event), live))
    });
    let sse = Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT).text("still here"));
    Ok(Answer::Live(sse.into_response()))
}

struct Live {
    state: State,
    key: Option<SessionKey>,
    ward: String,
    trace: String,
    shape: Shape,
    first: Option<WardBoard>,
    /// What was sent last.
    shown: String,
    /// What this open board has shown, for the audit trail.
    viewing: Viewing,
    changes: watch::Receiver<Position>,
    ended: bool,
}

impl Live {
    /// The next event, or the end.
    async fn next(mut self) -> Option<(Event, Self)> {
        if self.ended {
            return None;
        }
        if let Some(board) = self.first.take() {
            return Some((self.event(&board), self));
        }
        loop {
            match tokio::time::timeout(SILENCE, self.changes.changed()).await {
                Ok(Ok(())) => tokio::time::sleep(TOGETHER).await,
                Ok(Err(_)) => return None,
                Err(_) => {}
            }
            self.changes.mark_unchanged();
            let now = self.state.clock.now();
            let Some(session) = self.key.and_then(|key| self.state.sessions.get(&key, now)) else {
                self.ended = true;
                return Some((Event::default().event("ended").data("signed out"), self));
            };
            let actor = session.actor(&self.trace, None, now);
            // A board that cannot be read is not shown as unchanged: the stream ends, and the browser comes back.
            let board = self.state.care.ward_board(&actor, &self.ward, &self.viewing).await.ok()?;
            if live_part(&board, self.shape).into_string() != self.shown {
                return Some((self.event(&board), self));
            }
        }
    }

    fn event(&mut self, board: &WardBoard) -> Event {
        self.shown = live_part(board, self.shape).into_string();
        Event::default().event("board").id(board.position.to_string()).data(&self.shown)
    }
}
