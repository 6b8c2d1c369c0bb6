//! The way in for somebody whose session has ended, and the form that they sent too late: it is not taken, but its answers
//! are kept for a day and given back when the same person signs in again. Never given to anybody else: a form is kept only
//! where the ended session still says whose it was.

use crate::cookies::Cookies;
use crate::form::{Fields, ONCE_FIELD, TOKEN_FIELD};
use crate::pages::address;
use crate::route::{Route, Verb};
use crate::routes::routes;
use crate::session::{Person, SessionKey, Unsent, hash};
use crate::state::State;
use crate::visit::{Problem, Visit};
use care::kept::Kept;
use jiff::{SignedDuration, Timestamp};

const KIND: &str = "unsent";
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// Where a reader who is not signed in goes from an address: to sign in, or first to the page that says that their session
/// ended. `None` for a form of somebody unknown, which is answered where it is.
pub async fn way_in(state: &State, cookies: &Cookies, visit: &Visit, route: &Route) -> Option<String> {
    let before = match cookies.session.as_deref() {
        Some(id) => state.sessions.last(&SessionKey::of(id), visit.now).await.ok().flatten(),
        None => None,
    };
    if let (Verb::Post, Some(session)) = (route.verb, &before)
        && let Err(problem) = put_by(state, visit, &session.person).await
    {
        tracing::warn!(?problem, trace = %visit.trace, "a late form was not kept");
        return None;
    }
    match (route.verb, before) {
        (Verb::Post, None) => None,
        (_, Some(_)) => Some(format!("/session-ended?next={}", address(place(visit, route)))),
        (Verb::Get, None) => Some(format!("/sign-in?next={}", address(place(visit, route)))),
    }
}

/// The page to come back to: the same address, where it shows something. Query strings are left out: they may hold what
/// somebody typed.
pub fn place<'a>(visit: &'a Visit, route: &Route) -> &'a str {
    let shows = routes().any(|other| other.verb == Verb::Get && other.path == route.path);
    if shows && !route.path.ends_with("/events") { &visit.path } else { "/home" }
}

async fn put_by(state: &State, visit: &Visit, person: &Person) -> Result<(), Problem> {
    let mut fields = visit.form.clone();
    fields.put(TOKEN_FIELD, []);
    fields.put(ONCE_FIELD, []);
    let row = Kept {
        kind: KIND,
        key: key(person),
        owner: person.id.to_string(),
        body: format!("{}\n{}", visit.path, fields.encoded()),
        ends_at: visit.now.checked_add(KEPT).map_err(|_| Problem::Failed)?,
    };
    Ok(state.care.keep(row).await?)
}

/// The form that a person sent too late, if there is one; it is given back once.
pub async fn give_back(state: &State, person: &Person, now: Timestamp) -> Result<Option<Unsent>, Problem> {
    let key = key(person);
    // Looked at first, so that most sign-ins cost no commit more.
    if state.care.kept(KIND, &key, now).await?.is_none() {
        return Ok(None);
    }
    let Some(row) = state.care.forget(KIND, &key).await? else { return Ok(None) };
    let Some((path, fields)) = row.body.split_once('\n') else { return Ok(None) };
    Ok(Some(Unsent { path: path.to_owned(), fields: Fields::parse(fields) }))
}

fn key(person: &Person) -> String {
    hash(&format!("unsent\0{}", person.id))
}

/// The address in `next`, when it is one of this site that shows something. Anything else is nothing: an address must
/// never lead a person who signs in to another site.
pub fn next(visit: &Visit) -> Option<&str> {
    let asked = visit.form.get("next").or_else(|| visit.query.get("next"))?;
    let inside = asked.starts_with('/') && !asked.starts_with("//");
    let plain = asked.len() <= 500
        && asked.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-._~%".contains(&byte));
    let elsewhere = !asked.starts_with("/sign-") && asked != "/session-ended";
    (inside && plain && elsewhere).then_some(asked)
}
