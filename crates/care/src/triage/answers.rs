//! What somebody has answered so far: codes of a set, never words of their own, and nothing that says who they are.

use super::group::Age;

/// What was answered on the first screen.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Urgent {
    /// None of the signs.
    None,
    /// Not sure.
    Unsure,
    /// A sign, by its code in the set.
    Sign(String),
}

/// Who needs help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Whom {
    /// Whoever answers.
    Me,
    /// Somebody else.
    SomeoneElse,
}

impl Whom {
    /// The code in addresses.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Me => "me",
            Self::SomeoneElse => "someone-else",
        }
    }

    /// The person of a code.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        [Self::Me, Self::SomeoneElse].into_iter().find(|whom| whom.code() == code)
    }
}

/// What somebody has answered so far. Anything may be missing, and what a set does not know counts as missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// On the first screen.
    pub urgent: Option<Urgent>,
    /// Who needs help.
    pub whom: Option<Whom>,
    /// How old they are.
    pub age: Option<Age>,
    /// The topic's id.
    pub topic: Option<String>,
    /// Per step of the topic the answers' ids; `none` and `unsure` are ids as well.
    pub steps: Vec<(String, Vec<String>)>,
}

/// The id of "none of these".
pub(super) const NONE: &str = "none";
/// The id of "I am not sure".
pub(super) const UNSURE: &str = "unsure";

impl Answers {
    /// The answers to a step.
    #[must_use]
    pub fn of_step(&self, step: &str) -> &[String] {
        self.steps.iter().find(|(id, _)| id == step).map_or(&[], |(_, given)| given)
    }

    /// The same with another answer to a step.
    #[must_use]
    pub fn with(mut self, step: &str, given: &[&str]) -> Self {
        self.steps.retain(|(id, _)| id != step);
        self.steps.push((step.to_owned(), given.iter().map(|one| (*one).to_owned()).collect()));
        self
    }
}

/// What was heard in somebody's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// A sign of the first screen.
    Sign(String),
    /// Topics that may fit, best first; perhaps none.
    Topics(Vec<String>),
}
