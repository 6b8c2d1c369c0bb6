//! What follows an attempt. Pure: no clock, no store.

use store::Error;
use store::inbox::Settlement;

/// How an attempt at a message went.
#[derive(Clone, Debug, PartialEq)]
pub enum Attempt {
    /// Its effect and its settlement are in one commit.
    Applied,
    /// It asks for nothing here.
    Ignored {
        /// Why, without values of the message.
        reason: String,
    },
    /// It cannot be understood, or a rule says no. Trying again would end alike.
    Refused {
        /// Why, without values of the message.
        reason: String,
    },
    /// The store said no.
    Failed(Error),
}

/// What to do next with the message.
#[derive(Clone, Debug, PartialEq)]
pub enum Next {
    /// Nothing: it is settled.
    Done,
    /// Settle it so.
    Settle(Settlement),
    /// Try again after this time.
    Again {
        /// Wait before the next attempt.
        after_ms: u64,
    },
    /// Stop working: the store must be opened again.
    Stop,
}

/// How patiently to try again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retry {
    /// Wait after the first failure; doubles with each further one.
    pub first_ms: u64,
    /// The longest wait.
    pub longest_ms: u64,
    /// Attempts at a message that the store refuses for another reason than being busy or full.
    pub attempts: u32,
    /// Version of the mapping, kept with every dead letter.
    pub mapper: String,
}

impl Retry {
    /// Patience for that version of the mapping.
    #[must_use]
    pub fn new(mapper: impl Into<String>) -> Self {
        Self { first_ms: 50, longest_ms: 5_000, attempts: 5, mapper: mapper.into() }
    }

    /// What follows the attempt of that number (from 1).
    #[must_use]
    pub fn next(&self, attempt: &Attempt, number: u32) -> Next {
        match attempt {
            Attempt::Applied => Next::Done,
            Attempt::Ignored { reason } => Next::Settle(Settlement::Ignored { reason: reason.clone() }),
            Attempt::Refused { reason } => self.dead(reason.clone()),
            Attempt::Failed(Error::Stopped) => Next::Stop,
            // The machine's state, not the message: wait as long as it takes.
            Attempt::Failed(Error::Busy | Error::ReadOnly | Error::AuditUnavailable) => self.again(number),
            Attempt::Failed(Error::Conflict(_) | Error::Internal(_)) if number < self.attempts => {
                self.again(number)
            }
            Attempt::Failed(error) => self.dead(reason_of(error)),
        }
    }

    fn again(&self, number: u32) -> Next {
        let doubled = self.first_ms.saturating_mul(1 << number.saturating_sub(1).min(20));
        Next::Again { after_ms: doubled.min(self.longest_ms) }
    }

    fn dead(&self, reason: String) -> Next {
        Next::Settle(Settlement::Dead { reason, mapper: self.mapper.clone() })
    }
}

/// The store's reason in words, with the first place it names.
fn reason_of(error: &Error) -> String {
    match error {
        Error::Invalid(issues) | Error::Unprocessable(issues) => match issues.first() {
            Some(issue) => match &issue.expression {
                Some(place) => format!("{} ({place})", issue.diagnostics),
                None => issue.diagnostics.clone(),
            },
            None => error.to_string(),
        },
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fhir::issue::{Issue, IssueCode};

    #[test]
    fn a_busy_store_never_makes_a_dead_letter() {
        let retry = Retry::new("1");
        for error in [Error::Busy, Error::ReadOnly, Error::AuditUnavailable] {
            for number in [1, 7, 1_000_000] {
                assert!(matches!(retry.next(&Attempt::Failed(error.clone()), number), Next::Again { .. }));
            }
        }
    }

    #[test]
    fn waits_double_up_to_the_longest() {
        let retry = Retry::new("1");
        let waits: Vec<_> = (1..10).map(|number| retry.next(&Attempt::Failed(Error::Busy), number)).collect();
        let wanted = [50, 100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000];
        assert_eq!(waits, wanted.map(|after_ms| Next::Again { after_ms }));
    }

    #[test]
    fn what_will_not_change_is_a_dead_letter_with_its_reason() {
        let retry = Retry::new("7");
        let issue = Issue::error(IssueCode::Value, "no such date").at("Patient.birthDate");
        let dead = |reason: &str| {
            Next::Settle(Settlement::Dead { reason: reason.to_owned(), mapper: String::from("7") })
        };
        let refused = Attempt::Refused { reason: String::from("no PID") };
        assert_eq!(retry.next(&refused, 1), dead("no PID"));
        let invalid = Attempt::Failed(Error::Unprocessable(vec![issue]));
        assert_eq!(retry.next(&invalid, 1), dead("no such date (Patient.birthDate)"));
        let conflict = Attempt::Failed(Error::Conflict("two at once"));
        assert!(matches!(retry.next(&conflict, 4), Next::Again { .. }));
        assert!(matches!(retry.next(&conflict, 5), Next::Settle(Settlement::Dead { .. })));
        assert_eq!(retry.next(&Attempt::Failed(Error::Stopped), 1), Next::Stop);
    }
}
