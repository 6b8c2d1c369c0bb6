//! A part of a file, and what it holds. Every form of file cuts itself into these.

/// A part of a file.
pub struct Unit {
    /// Number of its first line or message, from 1.
    pub first: u64,
    /// Its content: whole lines, a document, or one message.
    pub content: Content,
    /// Bytes of the file it stands for, for the progress bar.
    pub bytes_read: u64,
}

/// What a unit holds.
pub enum Content {
    /// A document.
    Document(Vec<u8>),
    /// Lines, one resource each.
    Lines(Vec<Vec<u8>>),
    /// A message.
    Message(Vec<u8>),
    /// The file cannot be read on from here, and why. It is the last unit.
    Break(std::io::Error),
}

/// The units of a file, in order: the same on every run over the same file.
pub type Units = Box<dyn Iterator<Item = Unit> + Send>;
