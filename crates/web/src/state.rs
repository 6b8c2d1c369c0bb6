//! What every page is given: the record, the clock, entropy, sessions and settings. Knows no page; the router knows this.

use crate::openid::Party;
use crate::session::Person;
use crate::sessions::Sessions;
use care::advice::Library;
use care::triage::Pathways;
use care::{Care, Clock, Entropy};
use std::sync::Arc;

/// What pages are given.
#[derive(Clone)]
pub struct State {
    /// The record as people read it.
    pub care: Care,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Unguessable bytes.
    pub entropy: Arc<dyn Entropy>,
    /// Who is signed in.
    pub sessions: Arc<Sessions>,
    /// The national login, where this house is registered with one.
    pub openid: Option<Arc<Party>>,
    /// How this house is run.
    pub settings: Arc<Settings>,
    /// The questions and outcomes of "where to go now".
    pub pathways: Arc<Pathways>,
    /// Pages on self-care and conditions.
    pub advice: Arc<Library>,
}

/// How this house is run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// Whether browsers reach the pages by https: cookies are then `Secure` and carry the `__Host-` prefix.
    pub secure: bool,
    /// The people of the demo sign-in page; `None` where there is no demo. The binary decides this, and never offers it
    /// on an address that others can reach without being told to.
    pub demo: Option<Vec<Person>>,
    /// The help line's number as it is dialled, for example `0300 000 0000`; `None` where nobody answers a phone.
    pub help_phone: Option<String>,
}
