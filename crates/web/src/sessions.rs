//! Where sessions are kept: rows that outlive the process (`care::kept`), with those in use held in memory, so that a page
//! view costs no commit. When a session was last used is written at most once a minute; ending one is written at once,
//! and nothing that was under way brings it back. What two requests change at once is laid one over the other, and rows are
//! written one after the other, each of what is held at that moment. A session that is no longer live still says whose it
//! was for a day, so that a form sent too late can be kept for its writer.

use crate::session::{Session, SessionKey};
use crate::session_row;
use care::Care;
use care::kept::Kept;
use care::view::Unseen;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

const KIND: &str = "session";
/// A use is written when the last one that was written is this old.
const WRITTEN_EVERY: SignedDuration = SignedDuration::from_mins(1);
/// A session that nobody uses is let go from memory after this long.
const HELD: SignedDuration = SignedDuration::from_mins(5);
/// A row says whose the session was for this long after its last use.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(24);
/// What ended is barred from coming back for this long once its row is gone: far longer than any request takes.
const BARRED: SignedDuration = SignedDuration::from_mins(10);

/// Every session.
pub struct Sessions {
    care: Care,
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    held: HashMap<SessionKey, Held>,
    ended: HashMap<SessionKey, Ended>,
    swept_at: Option<Timestamp>,
}

struct Held {
    session: Session,
    /// The last use that was written.
    written_at: Timestamp,
    /// Whoever writes the row holds this.
    pen: Pen,
}

type Pen = Arc<tokio::sync::Mutex<()>>;

/// A session that was ended.
struct Ended {
    at: Timestamp,
    /// Whether its row is gone. Until then it is barred for as long as the row could bring it back.
    written: bool,
}

impl Ended {
    fn is_over(&self, now: Timestamp) -> bool {
        now.duration_since(self.at) >= if self.written { BARRED } else { REMEMBERED }
    }
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
        let Some(pen) = self.hold(*key, &session) else { return Ok(None) };
        let due = match self.memory().held.get_mut(key) {
            Some(held) => {
                held.session.seen_at = held.session.seen_at.max(now);
                session = held.session.clone();
                now.duration_since(held.written_at) >= WRITTEN_EVERY
            }
            None => false,
        };
        // The use counts in memory whether or not it can be written now.
        if due && let Err(problem) = self.write_use(key, &pen, now).await {
            tracing::warn!(?problem, "a session's last use was not written");
        }
        Ok(Some(session))
    }

    /// Writes what is held, unless somebody else has just done so.
    async fn write_use(&self, key: &SessionKey, pen: &Pen, now: Timestamp) -> Result<(), Unseen> {
        let _writing = pen.lock().await;
        let found = self.memory().held.get(key).map(|held| (held.session.clone(), held.written_at));
        let Some((session, _)) = found.filter(|(_, at)| now.duration_since(*at) >= WRITTEN_EVERY) else {
            return Ok(());
        };
        let written = self.write(key, &session).await;
        // One that could not be written is tried again in a minute, not at every page.
        if let Some(held) = self.memory().held.get_mut(key) {
            held.written_at = session.seen_at;
        }
        written
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
        if self.hold(*key, &session).is_none() {
            return Ok(None);
        }
        // Somebody else may have taken it up in the meantime, and changed it.
        Ok(Some(self.memory().held.get(key).map_or(session, |held| held.session.clone())))
    }

    /// Keeps what a request changed in the session that it had found; whatever else changed meanwhile stays, and one that was
    /// ended meanwhile stays ended. What cannot be written is not changed.
    pub async fn keep(
        &self,
        key: &SessionKey,
        (found, left): (&Session, &Session),
        now: Timestamp,
    ) -> Result<(), Unseen> {
        let Some(known) = self.last(key, now).await? else { return Ok(()) };
        let Some(pen) = self.hold(*key, &known) else { return Ok(()) };
        let _writing = pen.lock().await;
        let mut changed = self.memory().held.get(key).map_or(known, |held| held.session.clone());
        changed.take_over(found, left);
        self.write(key, &changed).await?;
        if let Some(held) = self.memory().held.get_mut(key) {
            held.session.take_over(found, left);
            held.written_at = changed.seen_at;
        }
        Ok(())
    }

    /// Notes that a notice was shown. Only in memory: showing it once more after a restart does no harm.
    pub fn noticed(&self, key: &SessionKey, notice: &str) {
        if let Some(held) = self.memory().held.get_mut(key)
            && held.session.notice.as_deref() == Some(notice)
        {
            held.session.notice = None;
        }
    }

    /// Ends a session at once, and says what it was. When the record cannot be written it is ended all the same, as long as
    /// this process runs or until it could be written ([`Sessions::sweep`]); the error says so.
    pub async fn end(&self, key: &SessionKey, now: Timestamp) -> (Option<Session>, Result<(), Unseen>) {
        let held = {
            let mut memory = self.memory();
            memory.ended.insert(*key, Ended { at: now, written: false });
            memory.held.remove(key).map(|held| held.session)
        };
        (held, self.forget(key).await)
    }

    /// Lets go of what nobody uses and writes the ends that could not be written, once a minute however often it is asked.
    pub async fn sweep(&self, now: Timestamp) {
        let unwritten: Vec<SessionKey> = {
            let mut memory = self.memory();
            if memory.swept_at.is_some_and(|at| now.duration_since(at) < WRITTEN_EVERY) {
                return;
            }
            memory.swept_at = Some(now);
            // What is being written is in use.
            memory.held.retain(|_, held| {
                now.duration_since(held.session.seen_at) < HELD || Arc::strong_count(&held.pen) > 1
            });
            memory.ended.retain(|_, ended| !ended.is_over(now));
            memory.ended.iter().filter(|(_, ended)| !ended.written).map(|(key, _)| *key).collect()
        };
        for key in unwritten {
            if let Err(problem) = self.forget(&key).await {
                tracing::warn!(?problem, "the end of a session was not written");
                return;
            }
        }
    }

    /// Takes away the row of a session that was ended.
    async fn forget(&self, key: &SessionKey) -> Result<(), Unseen> {
        self.care.forget(KIND, &key.word()).await?;
        if let Some(ended) = self.memory().ended.get_mut(key) {
            ended.written = true;
        }
        Ok(())
    }

    /// Holds a session in memory, unless it is there already; `None` when it was ended. The pen is for whoever writes it.
    fn hold(&self, key: SessionKey, session: &Session) -> Option<Pen> {
        let mut memory = self.memory();
        if memory.ended.contains_key(&key) {
            return None;
        }
        let fresh = || Held { session: session.clone(), written_at: session.seen_at, pen: Pen::default() };
        Some(Arc::clone(&memory.held.entry(key).or_insert_with(fresh).pen))
    }

    async fn write(&self, key: &SessionKey, session: &Session) -> Result<(), Unseen> {
        let ends_at = session.seen_at.checked_add(REMEMBERED).map_err(|_| Unseen::Failed)?;
        let owner = session.person.id.to_string();
        let body = session_row::write(session).ok_or(Unseen::Failed)?;
        self.care.keep(Kept { kind: KIND, key: key.word(), owner, body, ends_at }).await?;
        let ended = match self.memory().ended.get_mut(key) {
            // It was ended while this was on its way: the row is there again.
            Some(ended) => {
                ended.written = false;
                true
            }
            None => false,
        };
        if ended { self.forget(key).await } else { Ok(()) }
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
            sessions.end(&key, minutes).await.1.unwrap();
            let changed = Session { notice: Some("late".into()), ..held.clone() };
            sessions.keep(&key, (&held, &changed), minutes).await.unwrap();
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
            sessions.sweep(later + HELD).await;
            assert!(sessions.memory().held.is_empty(), "memory holds only what is used");
            assert!(sessions.get(&key, later + HELD).await.unwrap().is_some());
        });
    }

    /// Everything that a session can change is changed by a request of its own, all of them at once and beside page views:
    /// the session and its row have all of it.
    #[test]
    fn of_requests_at_once_none_undoes_what_another_did() {
        let threads = tokio::runtime::Builder::new_multi_thread().worker_threads(4).build().unwrap();
        threads.block_on(async {
            for round in 0..200 {
                let (sessions, care) = house();
                let key = SessionKey::of("id");
                let begun = session();
                sessions.begin(key, begun.clone()).await.unwrap();
                // Late enough for every view to be written, too.
                let now = SAMPLE_NOW + SignedDuration::from_mins(2);
                let changes = all_changed(&begun, round);
                let gate = Arc::new(tokio::sync::Barrier::new(changes.len() * 2));
                let mut tasks = tokio::task::JoinSet::new();
                for changed in changes {
                    let (at, found) = ((Arc::clone(&sessions), Arc::clone(&gate)), begun.clone());
                    tasks.spawn(async move {
                        at.1.wait().await;
                        at.0.keep(&key, (&found, &changed), now).await.unwrap();
                    });
                    let at = (Arc::clone(&sessions), Arc::clone(&gate));
                    tasks.spawn(async move {
                        at.1.wait().await;
                        at.0.touch(&key, now).await.unwrap().unwrap();
                    });
                }
                while let Some(done) = tasks.join_next().await {
                    done.unwrap();
                }
                let held = sessions.get(&key, now).await.unwrap().unwrap();
                let row = Sessions::new(care).get(&key, now).await.unwrap().unwrap();
                for one in [held, row] {
                    let kept = (one.emergency.is_some(), one.assisting.is_some(), one.search.is_some());
                    assert_eq!((kept, one.seen_at), ((true, true, true), now), "round {round}");
                    assert_eq!((one.notice.is_some(), one.unsent.is_some()), (true, true), "round {round}");
                }
            }
        });
    }

    /// A session for each field that can change, with that field changed.
    fn all_changed(begun: &Session, round: i32) -> Vec<Session> {
        use crate::session::{Assisting, Emergency, Search, Unsent};
        let started =
            care::assisted::Started { patient: "b".into(), asked: care::assisted::Asked::Phone, post: true };
        let emergency = Emergency { patient: "b".into(), reason: "collapsed".into(), until: SAMPLE_NOW };
        let search = Search { words: format!("Ann {round}"), ..Search::default() };
        vec![
            Session { emergency: Some(emergency), ..begun.clone() },
            Session { assisting: Some(Assisting { started, since: SAMPLE_NOW }), ..begun.clone() },
            Session { search: Some(search), ..begun.clone() },
            Session { notice: Some("Saved".into()), ..begun.clone() },
            Session { unsent: Some(Unsent { path: "/x".into(), ..Unsent::default() }), ..begun.clone() },
        ]
    }

    #[test]
    fn a_notice_that_came_after_the_one_shown_is_still_to_be_shown() {
        run(async {
            let (sessions, _) = house();
            let key = SessionKey::of("id");
            sessions.begin(key, Session { notice: Some("Second".into()), ..session() }).await.unwrap();
            sessions.noticed(&key, "First");
            let notice = async || sessions.get(&key, SAMPLE_NOW).await.unwrap().unwrap().notice;
            assert_eq!(notice().await.as_deref(), Some("Second"));
            sessions.noticed(&key, "Second");
            assert_eq!(notice().await, None);
        });
    }

    #[test]
    fn one_that_ends_while_nothing_can_be_written_stays_ended_until_it_is() {
        run(async {
            let (sessions, care) = house();
            let key = SessionKey::of("id");
            sessions.begin(key, session()).await.unwrap();
            care.refuse_rows(true);
            assert_eq!(sessions.end(&key, SAMPLE_NOW).await.1, Err(Unseen::Unavailable));
            // As long as the row could bring it back, and not just while requests are on their way.
            for minutes in [0, 11, 29] {
                let now = SAMPLE_NOW + SignedDuration::from_mins(minutes);
                sessions.sweep(now).await;
                assert_eq!(sessions.last(&key, now).await.unwrap(), None, "after {minutes} minutes");
            }
            let at = SAMPLE_NOW + SignedDuration::from_mins(5);
            assert!(Sessions::new(care.clone()).get(&key, at).await.unwrap().is_some(), "its row stands");
            care.refuse_rows(false);
            sessions.sweep(SAMPLE_NOW + SignedDuration::from_mins(31)).await;
            assert_eq!(Sessions::new(care).last(&key, at).await.unwrap(), None, "written at last");
        });
    }

    #[test]
    fn what_cannot_be_written_is_not_changed() {
        run(async {
            let (sessions, care) = house();
            let key = SessionKey::of("id");
            let begun = session();
            sessions.begin(key, begun.clone()).await.unwrap();
            care.refuse_rows(true);
            let changed = Session { notice: Some("Saved".into()), ..begun.clone() };
            assert!(sessions.keep(&key, (&begun, &changed), SAMPLE_NOW).await.is_err());
            assert_eq!(sessions.get(&key, SAMPLE_NOW).await.unwrap(), Some(begun));
        });
    }
}
