//! Where sessions are kept: rows that outlive the process (`care::kept`), with those in use held in memory, so that a page
//! view costs no commit. When a session was last used is written at most once a minute; ending one is written at once,
//! and nothing that was under way brings it back. A session that is no longer live still says whose it was for a day, so
//! that a form sent too late can be kept for its writer.

use crate::session::{Session, SessionKey};
use crate::session_row;
use care::Care;
use care::kept::Kept;
use care::view::Unseen;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

const KIND: &str = "session";
/// A use is written when the last one that was written is this old.
const WRITTEN_EVERY: SignedDuration = SignedDuration::from_mins(1);
/// A session that nobody uses is let go from memory after this long.
const HELD: SignedDuration = SignedDuration::from_mins(5);
/// A row says whose the session was for this long after its last use.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);
/// What ended is barred from coming back for this long: far longer than any request takes.
const BARRED: SignedDuration = SignedDuration::from_mins(10);

/// Every session.
pub struct Sessions {
    care: Care,
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    held: HashMap<SessionKey, Held>,
    /// Sessions that were ended, and when.
    ended: HashMap<SessionKey, Timestamp>,
    swept_at: Option<Timestamp>,
}

struct Held {
    session: Session,
    /// The last use that was written.
    written_at: Timestamp,
}

impl Sessions {
    /// Sessions kept through `care`.
    pub fn new(care: Care) -> Self {
        Self { care, memory: Mutex::default() }
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a session that begins.
    pub async fn begin(&self, key: SessionKey, session: Session) -> Result<(), Unseen> {
        self.hold(key, &session);
        self.write(&key, &session).await
    }

    /// The session of a key while it is live.
    pub async fn get(&self, key: &SessionKey, now: Timestamp) -> Result<Option<Session>, Unseen> {
        Ok(self.last(key, now).await?.filter(|session| session.is_live(now)))
    }

    /// As `get`, and puts its idle end off: somebody is there.
    pub async fn touch(&self, key: &SessionKey, now: Timestamp) -> Result<Option<Session>, Unseen> {
        let Some(mut session) = self.get(key, now).await? else { return Ok(None) };
        session.seen_at = now;
        let due = match self.memory().held.get_mut(key) {
            Some(held) => {
                held.session.seen_at = now;
                now.duration_since(held.written_at) >= WRITTEN_EVERY
            }
            None => false,
        };
        if due {
            self.hold(*key, &session);
            // The use counts in memory whether or not it can be written now.
            if let Err(problem) = self.write(key, &session).await {
                tracing::warn!(?problem, "a session's last use was not written");
            }
        }
        Ok(Some(session))
    }

    /// Whose the key was, live or not, while that is remembered. Sessions that were ended belong to nobody.
    pub async fn last(&self, key: &SessionKey, now: Timestamp) -> Result<Option<Session>, Unseen> {
        {
            let memory = self.memory();
            if memory.ended.contains_key(key) {
                return Ok(None);
            }
            if let Some(held) = memory.held.get(key) {
                return Ok(Some(held.session.clone()));
            }
        }
        let row = self.care.kept(KIND, &key.word(), now).await?;
        let Some(session) = row.and_then(|row| session_row::read(&row.body)) else { return Ok(None) };
        Ok(self.hold(*key, &session).then_some(session))
    }

    /// Keeps what changed in a session; one that was ended meanwhile stays ended.
    pub async fn keep(&self, key: &SessionKey, session: Session) -> Result<(), Unseen> {
        if self.hold(*key, &session) { self.write(key, &session).await } else { Ok(()) }
    }

    /// Notes that the notice was shown. Only in memory: showing it once more after a restart does no harm.
    pub fn noticed(&self, key: &SessionKey) {
        if let Some(held) = self.memory().held.get_mut(key) {
            held.session.notice = None;
        }
    }

    /// Ends a session at once.
    pub async fn end(&self, key: &SessionKey, now: Timestamp) -> Result<(), Unseen> {
        {
            let mut memory = self.memory();
            memory.held.remove(key);
            memory.ended.insert(*key, now);
        }
        self.care.forget(KIND, &key.word()).await.map(|_| ())
    }

    /// Lets go of what nobody uses, once a minute however often it is asked.
    pub fn sweep(&self, now: Timestamp) {
        let mut memory = self.memory();
        if memory.swept_at.is_some_and(|at| now.duration_since(at) < WRITTEN_EVERY) {
            return;
        }
        memory.swept_at = Some(now);
        memory.held.retain(|_, held| now.duration_since(held.session.seen_at) < HELD);
        memory.ended.retain(|_, at| now.duration_since(*at) < BARRED);
    }

    /// Holds a session in memory, as written; `false` when it was ended.
    fn hold(&self, key: SessionKey, session: &Session) -> bool {
        let mut memory = self.memory();
        if memory.ended.contains_key(&key) {
            return false;
        }
        memory.held.insert(key, Held { session: session.clone(), written_at: session.seen_at });
        true
    }

    async fn write(&self, key: &SessionKey, session: &Session) -> Result<(), Unseen> {
        let ends_at = session.seen_at.checked_add(REMEMBERED).map_err(|_| Unseen::Failed)?;
        let owner = session.person.id.to_string();
        let body = session_row::write(session).ok_or(Unseen::Failed)?;
        self.care.keep(Kept { kind: KIND, key: key.word(), owner, body, ends_at }).await?;
        if self.memory().ended.contains_key(key) {
            // It was ended while this was on its way.
            self.care.forget(KIND, &key.word()).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{IDLE, Level, Person};
    use care::Role;
    use care::view::{Plant, SAMPLE_NOW};
    use std::sync::Arc;

    fn session() -> Session {
        let person = Person {
            key: "a".into(),
            name: "Alex Example".into(),
            title: String::new(),
            organisation: String::new(),
            ods_code: "".into(),
            id: "Patient/a".into(),
            role: Role::Patient { patient: "a".into() },
        };
        Session::new(person, Level::P9, SAMPLE_NOW)
    }

    fn run<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
    }

    fn house() -> (Arc<Sessions>, Care) {
        let care = Care::samples(Plant::Full);
        (Arc::new(Sessions::new(care.clone())), care)
    }

    #[test]
    fn a_session_outlives_the_process() {
        run(async {
            let (sessions, care) = house();
            let key = SessionKey::of("id");
            let begun = Session { notice: Some("Saved".into()), ..session() };
            sessions.begin(key, begun.clone()).await.unwrap();
            let later = Sessions::new(care);
            assert_eq!(later.get(&key, SAMPLE_NOW).await.unwrap(), Some(begun));
            assert_eq!(later.get(&key, SAMPLE_NOW + IDLE).await.unwrap(), None);
            assert!(
                later.last(&key, SAMPLE_NOW + IDLE).await.unwrap().is_some(),
                "whose it was is remembered"
            );
        });
    }

    #[test]
    fn an_ended_session_is_gone_at_once_and_stays_gone() {
        run(async {
            let (sessions, care) = house();
            let key = SessionKey::of("id");
            sessions.begin(key, session()).await.unwrap();
            let minutes = SAMPLE_NOW + SignedDuration::from_mins(29);
            let held = sessions.touch(&key, minutes).await.unwrap().unwrap();
            assert!(sessions.get(&key, SAMPLE_NOW + IDLE).await.unwrap().is_some(), "a use puts the end off");
            sessions.end(&key, minutes).await.unwrap();
            sessions.keep(&key, held.clone()).await.unwrap();
            sessions.write(&key, &held).await.unwrap();
            assert_eq!(
                sessions.get(&key, minutes).await.unwrap(),
                None,
                "a slow request cannot bring it back"
            );
            let later = Sessions::new(care);
            assert_eq!(later.get(&key, minutes).await.unwrap(), None, "nor a restart");
        });
    }

    #[test]
    fn a_use_is_written_once_a_minute() {
        run(async {
            let (sessions, care) = house();
            let key = SessionKey::of("id");
            sessions.begin(key, session()).await.unwrap();
            let seen = async |at| {
                let row = care.kept(KIND, &key.word(), at).await.unwrap().unwrap();
                session_row::read(&row.body).unwrap().seen_at
            };
            let soon = SAMPLE_NOW + SignedDuration::from_secs(59);
            sessions.touch(&key, soon).await.unwrap();
            assert_eq!(seen(soon).await, SAMPLE_NOW);
            let later = SAMPLE_NOW + SignedDuration::from_secs(60);
            sessions.touch(&key, later).await.unwrap();
            assert_eq!(seen(later).await, later);
            sessions.sweep(later + HELD);
            assert!(sessions.memory().held.is_empty(), "memory holds only what is used");
            assert!(sessions.get(&key, later + HELD).await.unwrap().is_some());
        });
    }
}
