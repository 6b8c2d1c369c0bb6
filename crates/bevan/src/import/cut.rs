//! A part of a file, and what it holds. Every form of file cuts itself into these.

use anyhow::Result;

/// A part of a file that is committed at once.
pub struct Unit {
    /// Its place in the file: the same on every run.
    pub key: String,
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
}

/// The units of a file, in order.
pub type Units = Box<dyn Iterator<Item = Result<Unit>> + Send>;

impl Unit {
    /// How many resources or messages it holds, a document counting as one.
    pub fn items(&self) -> u64 {
        match &self.content {
            Content::Lines(lines) => lines.len() as u64,
            Content::Document(_) | Content::Message(_) => 1,
        }
    }
}
