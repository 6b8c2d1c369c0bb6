//! Answers of a form of several steps, kept on the server for 24 hours, so that a step back, a closed window or an ended
//! session loses nothing (patient-app rules, section 4). A draft belongs to one person and one form, and for somebody who
//! acts for another also to that other; before anybody is signed in it belongs to the browser.

use crate::form::{Fields, ONCE_FIELD, TOKEN_FIELD};
use crate::planted::{Bug, planted};
use crate::session::hash;
use crate::state::State;
use crate::visit::{Problem, Visit};
use care::kept::Kept;
use jiff::{SignedDuration, Timestamp};

const KIND: &str = "draft";
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// The largest draft.
const LIMIT_BYTES: usize = 64 * 1024;

/// The answers so far.
#[derive(Debug, Clone)]
pub struct Draft {
    key: String,
    owner: String,
    now: Timestamp,
    /// The answers by the names of their fields; answers of a form that was sent after the session had ended are among them.
    pub answers: Fields,
}

impl Visit {
    /// The draft of a form; empty when there is none.
    pub async fn draft(&self, state: &State, form: &'static str) -> Result<Draft, Problem> {
        let (owner, whose) = match &self.session {
            Some(session) => {
                let acted_for = self.acting.as_ref().map_or("", |acting| acting.relationship.as_str());
                // Staff begin with empty forms each time that a patient asks them.
                let since = session.assisting(self.now).map(|one| one.since.to_string()).unwrap_or_default();
                (
                    session.person.id.to_string(),
                    format!("person\0{}\0{acted_for}\0{since}", session.person.id),
                )
            }
            None => (String::new(), format!("browser\0{}", self.browser)),
        };
        let (owner, whose) =
            if planted(Bug::Draft) { (String::new(), String::from("everybody")) } else { (owner, whose) };
        let key = hash(&format!("draft\0{whose}\0{form}"));
        let kept = state.care.kept(KIND, &key, self.now).await?;
        let mut answers = kept.map(|row| Fields::parse(&row.body)).unwrap_or_default();
        answers.lay_over(&self.restored);
        Ok(Draft { key, owner, now: self.now, answers })
    }
}

impl Draft {
    /// Takes these fields of a form that was sent in place of their former answers; a box left empty empties its answer.
    pub fn take(&mut self, sent: &Fields, names: &[&str]) {
        for name in names {
            self.answers.put(name, sent.all(name));
        }
    }

    /// Keeps it.
    pub async fn keep(&self, state: &State) -> Result<(), Problem> {
        let mut answers = self.answers.clone();
        answers.put(TOKEN_FIELD, []);
        answers.put(ONCE_FIELD, []);
        let body = answers.encoded();
        if body.len() > LIMIT_BYTES {
            return Err(Problem::Unreadable);
        }
        let ends_at = self.now.checked_add(KEPT).map_err(|_| Problem::Failed)?;
        let row = Kept { kind: KIND, key: self.key.clone(), owner: self.owner.clone(), body, ends_at };
        Ok(state.care.keep(row).await?)
    }

    /// Forgets it: the form is done.
    pub async fn forget(self, state: &State) -> Result<(), Problem> {
        state.care.forget(KIND, &self.key).await?;
        Ok(())
    }
}
