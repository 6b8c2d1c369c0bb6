//! Whose record is it that somebody who proved who they are signs in to? The login service vouches for an NHS number and a
//! date of birth; both must be those of one living person's record. Never guesses by name.

mod decide;
mod door;

pub use decide::{Claimed, Known, Refusal, decide};
