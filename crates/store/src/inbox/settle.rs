//! Settling a message in the commit that holds its effect, and taking it up again.

use super::State;
use crate::{Error, Role, Transaction};

/// How a message ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// Its effect is in this very transaction.
    Applied,
    /// It asks for nothing here.
    Ignored {
        /// Why, without values of the message.
        reason: String,
    },
    /// It could not be applied.
    Dead {
        /// Why, without values of the message.
        reason: String,
        /// Version of the mapping that failed.
        mapper: String,
    },
}

impl Transaction {
    /// Settles a message. Only one that is waiting can be settled, so an effect happens exactly once.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it is settled already, [`Error::Forbidden`] unless the actor is the system.
    pub fn settle_inbox(&mut self, id: i64, settlement: &Settlement) -> Result<(), Error> {
        if self.actor.role != Role::System {
            return Err(Error::Forbidden);
        }
        let (state, reason, mapper) = match settlement {
            Settlement::Applied => (State::Applied, None, None),
            Settlement::Ignored { reason } => (State::Ignored, Some(reason), None),
            Settlement::Dead { reason, mapper } => (State::Dead, Some(reason), Some(mapper)),
        };
        let changed = self
            .conn
            .prepare_cached(
                "UPDATE inbox SET state = ?2, reason = ?3, mapper = ?4, tries = tries + 1, last_tried_at = ?5, \
                 first_tried_at = coalesce(first_tried_at, ?5) WHERE id = ?1 AND state = 0",
            )?
            .execute((id, state.number(), reason, mapper, self.now_us()))?;
        self.touch();
        if changed == 1 { Ok(()) } else { Err(Error::Conflict("the message is settled already")) }
    }

    /// Puts a dead or ignored message back into the queue. An applied one stays as it is.
    ///
    /// # Errors
    /// [`Error::Conflict`] when it is neither dead nor ignored, [`Error::Forbidden`] for other roles than operator and
    /// system.
    pub fn replay_inbox(&mut self, id: i64) -> Result<(), Error> {
        if !matches!(self.actor.role, Role::System | Role::Operator) {
            return Err(Error::Forbidden);
        }
        let changed = self
            .conn
            .prepare_cached("UPDATE inbox SET state = 0 WHERE id = ?1 AND state IN (2, 3)")?
            .execute([id])?;
        self.touch();
        if changed == 1 { Ok(()) } else { Err(Error::Conflict("only dead or ignored messages are replayed")) }
    }
}
