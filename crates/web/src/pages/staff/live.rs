//! The live ward board and site view: an event with the new part of the page whenever the record changed and the part with it,
//! at most a few a second, and one a minute in any case so that ages and silence show. Ends when the session ends; never keeps
//! it alive.
//!
//! An event says nothing about what else the record holds: its id is made from what it shows and from nothing else, and a
//! change elsewhere that leaves the part as it was sends none.

use super::ward_board::{self, Shape};
use super::wards;
use crate::planted::{Bug, planted};
use crate::session::SessionKey;
use crate::state::State;
use crate::visit::{Answer, Outcome, Visit};
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use care::site_view::SiteView;
use care::view::Unseen;
use care::ward_board::WardBoard;
use care::{Actor, Position, Viewing};
use futures_util::stream;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Interval, MissedTickBehavior};

/// The part is read again this long after it was read last, at the earliest: a change alone is shown at once, many that come
/// close together are shown together.
const TOGETHER: Duration = Duration::from_millis(80);
/// Whether the part is touched is asked this long after it was asked last, at the earliest.
const GLANCE: Duration = Duration::from_millis(20);
/// The part is read again after this long without a change.
const SILENCE: Duration = Duration::from_secs(60);
/// What a board and the site view are made of. Other changes, such as a letter or a laboratory order, never wake them.
const SHOWN: &[&str] = &["Encounter", "Patient", "Location", "Observation", "DetectedIssue"];
const SHOWN_OF_SITE: &[&str] = &["Encounter", "Patient", "Location"];
/// A comment is sent after this long, so that proxies keep the connection.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// The stream of one ward.
pub async fn ward_events(state: &State, visit: &Visit) -> Outcome {
    events(state, visit, Subject::Ward(visit.id().to_owned(), Shape::of(visit))).await
}

/// The stream of all wards.
pub async fn site_events(state: &State, visit: &Visit) -> Outcome {
    events(state, visit, Subject::Site).await
}

async fn events(state: &State, visit: &Visit, subject: Subject) -> Outcome {
    // Changes are counted from before the first read, so that none falls between; and the first read decides whether
    // this reader sees the subject at all, before a stream begins.
    let mut changes = state.care.changes();
    changes.mark_unchanged();
    let viewing = Viewing::default();
    let part = subject.read(state, &visit.actor()?, &viewing).await?;
    let live = Live {
        state: state.clone(),
        key: visit.key,
        trace: visit.trace.clone(),
        subject,
        shown: part.mark.clone(),
        known: part.position,
        sent_at: state.clock.now(),
        first: Some(part).filter(|part| visit.last_event.as_ref() != Some(&part.mark)),
        viewing,
        changes,
        glances: pace(GLANCE),
        readings: pace(TOGETHER),
        ended: false,
    };
    let events = stream::unfold(live, |live| async move {
        let (event, live) = live.next().await?;
        Some((Ok::<_, Infallible>(event), live))
    });
    let sse = Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT).text("still here"));
    Ok(Answer::Live(sse.into_response()))
}

/// What a live view is about.
enum Subject {
    Ward(String, Shape),
    Site,
}

/// The part of a page that changes.
struct Part {
    /// The position of the change feed that it shows. It counts everybody's changes, so it never leaves this process.
    position: u64,
    /// Stands for what is shown, ages apart: the id of its event.
    mark: String,
    html: String,
}

/// The mark of what is shown.
fn mark(shown: &impl std::fmt::Debug) -> String {
    let hash = Sha256::digest(format!("{shown:?}").as_bytes());
    hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

impl Subject {
    fn types(&self) -> &'static [&'static str] {
        match self {
            Subject::Ward(..) => SHOWN,
            Subject::Site => SHOWN_OF_SITE,
        }
    }

    async fn read(&self, state: &State, actor: &Actor, viewing: &Viewing) -> Result<Part, Unseen> {
        match self {
            Subject::Ward(ward, shape) => {
                let board = state.care.ward_board(actor, ward, viewing).await?;
                let html = ward_board::live_part(&board, *shape).into_string();
                let position = board.position;
                let timeless = WardBoard { position: 0, read_at: Timestamp::UNIX_EPOCH, ..board };
                Ok(Part { position, mark: mark(&timeless), html })
            }
            Subject::Site => {
                let view = state.care.site_view(actor).await?;
                let html = wards::live_part(&view).into_string();
                let position = view.position;
                let timeless = SiteView { position: 0, read_at: Timestamp::UNIX_EPOCH, ..view };
                Ok(Part { position, mark: mark(&timeless), html })
            }
        }
    }
}

struct Live {
    state: State,
    key: Option<SessionKey>,
    trace: String,
    subject: Subject,
    first: Option<Part>,
    /// The mark of what the reader has on the page.
    shown: String,
    /// Up to which position of the change feed the page is right.
    known: u64,
    /// When an event was last sent, or the view began.
    sent_at: Timestamp,
    /// What this open view has shown, for the audit trail.
    viewing: Viewing,
    changes: watch::Receiver<Position>,
    glances: Interval,
    readings: Interval,
    ended: bool,
}

/// Ticks at once when the last tick is that long ago, else when it is.
fn pace(apart: Duration) -> Interval {
    let mut pace = tokio::time::interval(apart);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    pace
}

impl Live {
    /// The next event, or the end.
    async fn next(mut self) -> Option<(Event, Self)> {
        if self.ended {
            return None;
        }
        if let Some(part) = self.first.take() {
            return Some((self.event(part), self));
        }
        loop {
            match tokio::time::timeout(self.until_silence(), self.changes.changed()).await {
                Ok(Ok(())) | Err(_) => {}
                Ok(Err(_)) => return None,
            }
            self.glances.tick().await;
            self.changes.mark_unchanged();
            let now = self.state.clock.now();
            let session = match self.key {
                Some(key) => self.state.sessions.get(&key, now).await.ok().flatten(),
                None => None,
            };
            let Some(session) = session else {
                self.ended = true;
                return Some((Event::default().event("ended").data("signed out"), self));
            };
            let actor = session.actor(&self.trace, None, now);
            if !self.is_due(&actor, now).await? {
                continue;
            }
            self.readings.tick().await;
            // A part that cannot be read is not shown as unchanged: the stream ends, and the browser comes back.
            let part = self.subject.read(&self.state, &actor, &self.viewing).await.ok()?;
            self.known = part.position;
            if part.mark != self.shown || self.is_silent(now) {
                self.sent_at = now;
                return Some((self.event(part), self));
            }
        }
    }

    /// Whether nothing was sent for so long that ages must be shown again.
    fn is_silent(&self, now: Timestamp) -> bool {
        now.duration_since(self.sent_at).unsigned_abs() >= SILENCE
    }

    /// How long until then. Counted from what was sent, never from what was looked at: a change elsewhere moves nothing.
    fn until_silence(&self) -> Duration {
        SILENCE.saturating_sub(self.state.clock.now().duration_since(self.sent_at).unsigned_abs())
    }

    /// Whether the part must be read again: something of its kind changed, or nothing was sent for a while. `None`
    /// ends the stream, because what cannot be asked must not pass as unchanged.
    async fn is_due(&mut self, actor: &Actor, now: Timestamp) -> Option<bool> {
        let types = self.subject.types();
        let (known, touched) = self.state.care.touched(actor, self.known, types, &self.viewing).await.ok()?;
        if !touched {
            self.known = known;
        }
        Some(touched || self.is_silent(now))
    }

    fn event(&mut self, part: Part) -> Event {
        let id = if planted(Bug::Position) { part.position.to_string() } else { part.mark.clone() };
        self.shown = part.mark;
        Event::default().event("board").id(id).data(&part.html)
    }
}
