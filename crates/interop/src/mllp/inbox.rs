//! What the listener needs of the inbox: keep these bytes for good, and say when that is done.

use std::future::Future;
use std::sync::Arc;

/// A message on its way in, with what identifies it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// The bytes as they came, frame characters removed.
    pub raw: Vec<u8>,
    /// Sending application, MSH-3 as it was written.
    pub application: String,
    /// Sending facility, MSH-4 as it was written.
    pub facility: String,
    /// Control id, MSH-10.
    pub control_id: String,
    /// Address of the other side.
    pub peer: String,
}

impl Envelope {
    /// The feed a message belongs to, for the people who watch feeds: application and facility, not the passing port.
    #[must_use]
    pub fn source(&self) -> String {
        let first = |field: &str| field.split(['^', '&']).next().unwrap_or_default().to_owned();
        format!("mllp {}@{}", first(&self.application), first(&self.facility))
    }
}

/// What the inbox says about a message that is now durable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// The same bytes came before from this sender under this control id: nothing more will happen.
    pub duplicate: bool,
    /// The control id was used before for other bytes: taken, and flagged.
    pub control_id_reused: bool,
}

/// Why a message was not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotKept {
    /// Busy, full or unable to write at present: hold the message, withhold the acknowledgement, try again.
    Later,
    /// A fault that trying again will not cure.
    Failed,
}

/// Keeps messages. Implemented by the record, and in tests by a fake that is full or slow at will.
pub trait Inbox: Send + Sync + 'static {
    /// Resolves with `Ok` only when the message would survive a power cut.
    fn receive(&self, envelope: Arc<Envelope>) -> impl Future<Output = Result<Kept, NotKept>> + Send;
}
