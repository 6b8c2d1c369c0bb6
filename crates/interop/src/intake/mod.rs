//! From the inbox into the record: takes pending messages, has each applied, and settles what cannot be.
//!
//! Here is the order of work and what follows a failure. What a message means is given as an [`Apply`]; where messages
//! wait is the store's inbox. Nothing is ever dropped: a message ends as applied, as ignored with a reason, or as a dead
//! letter with a reason, and one that only the machine's state holds up is tried again.

mod lanes;
mod step;
mod worker;

pub use lanes::{Wave, waves};
pub use step::{Attempt, Next, Retry};
pub use worker::{Apply, Intake};
