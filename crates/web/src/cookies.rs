//! The two cookies of this site: one that holds a session's id, and one that ties forms to a browser before anybody is signed
//! in. Both are unguessable, for our pages only, and gone with the browser (security rules, section 6).

use crate::planted::{Bug, planted};
use crate::session::fresh_id;
use crate::state::State;
use axum::http::{HeaderMap, HeaderValue, header};

/// The cookies of a request that are ours.
pub struct Cookies {
    session_name: &'static str,
    visit_name: &'static str,
    /// The session's id, live or not.
    pub session: Option<String>,
    /// What ties a form to a browser before anybody is signed in.
    pub visit: String,
    visit_is_new: bool,
    secure: bool,
}

impl Cookies {
    /// Reads them.
    pub fn read(state: &State, headers: &HeaderMap) -> Self {
        let secure = state.settings.secure;
        let session_name = if secure { "__Host-bevan" } else { "bevan" };
        let visit_name = if secure { "__Host-bevan-visit" } else { "bevan-visit" };
        let find = |name: &str| {
            let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
            let mut pairs =
                all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
            pairs.find(|(one, value)| *one == name && value.len() == 64).map(|(_, value)| value.to_owned())
        };
        let visit = find(visit_name);
        Self {
            session_name,
            visit_name,
            session: find(session_name),
            visit_is_new: visit.is_none(),
            visit: visit.unwrap_or_else(|| fresh_id(state.entropy.as_ref())),
            secure,
        }
    }

    /// The line that gives the browser a session.
    pub fn begin(&self, id: &str) -> Option<HeaderValue> {
        self.set(self.session_name, id, None)
    }

    /// The line that takes the session away.
    pub fn end(&self) -> Option<HeaderValue> {
        self.set(self.session_name, "", Some(0))
    }

    /// The line that ties forms to this browser, where it has none yet.
    pub fn tie(&self) -> Option<HeaderValue> {
        self.visit_is_new.then(|| self.set(self.visit_name, &self.visit, None)).flatten()
    }

    fn set(&self, name: &str, value: &str, seconds: Option<u32>) -> Option<HeaderValue> {
        let age = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
        let secure = if self.secure { "; Secure" } else { "" };
        let closed = if planted(Bug::Cookie) { "" } else { "; HttpOnly" };
        HeaderValue::from_str(&format!("{name}={value}; Path=/{closed}; SameSite=Lax{secure}{age}")).ok()
    }
}
