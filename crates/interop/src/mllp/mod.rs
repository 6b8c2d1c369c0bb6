//! The MLLP listener: takes HL7 v2 messages from sockets, makes each durable, then acknowledges it.
//!
//! Never acknowledges before the inbox says the bytes are safe, never drops a message it cannot store (it stops reading
//! and withholds the acknowledgement), and never looks at what a message means. Transport rules: HL7 MLLP Release 2
//! and HL7 v2.8 §2.9.

mod connection;
mod counters;
mod inbox;
mod listener;
mod options;
mod record;
mod senders;
mod stamp;

pub use connection::{Door, converse};
pub use counters::{Counters, Counts};
pub use inbox::{Envelope, Inbox, Kept, NotKept};
pub use listener::serve;
pub use options::Options;
pub use record::Record;
pub use senders::{Sender, Senders};
pub use stamp::{Clock, Stamps};
