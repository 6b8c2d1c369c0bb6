//! Finding one person safely: by NHS number, or by name and date of birth. Never a browse of everybody.
//! Implements staff journey S2; a person whom the reader may not see is not found.

mod ask;
mod emergency;
mod read;
mod view;

pub use ask::{Ask, Unclear};
pub(crate) use emergency::emergency;
pub(crate) use read::read;
pub use view::{Match, Matches};
