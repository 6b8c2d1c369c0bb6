//! What was odd about a message, and why bytes were refused. Findings hold places, never values.

/// Something unusual that did not stop the parser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is odd.
    pub oddity: Oddity,
    /// Index of the segment, 0 for the header.
    pub segment: usize,
    /// Byte offset in the message as given.
    pub offset: usize,
}

impl Finding {
    pub(crate) fn new(oddity: Oddity, segment: usize, offset: usize) -> Self {
        Self { oddity, segment, offset }
    }
}

/// The kinds of oddity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Oddity {
    /// The message began with a UTF-8 byte-order mark.
    #[error("byte-order mark before the header")]
    ByteOrderMark,
    /// White space stood before the header.
    #[error("white space before the header")]
    LeadingSpace,
    /// A separator in MSH-1 or MSH-2 is a letter, a digit, a control character or used twice.
    #[error("separator unusable")]
    OddSeparator,
    /// MSH-2 declares fewer than four encoding characters.
    #[error("fewer than four encoding characters")]
    FewSeparators,
    /// Segments end with a line feed alone instead of a carriage return.
    #[error("segment ended by line feed")]
    LineFeed,
    /// A segment's name is not three upper-case letters or digits.
    #[error("segment name malformed")]
    SegmentName,
    /// A second header inside the message: perhaps two messages in one frame.
    #[error("second header segment")]
    SecondHeader,
    /// MSH-18 names a character set this parser does not know.
    #[error("character set unknown")]
    UnknownCharset,
    /// The bytes are not valid in the character set that MSH-18 names.
    #[error("bytes invalid in the declared character set")]
    InvalidText,
}

/// Why bytes are not a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// Nothing but white space.
    #[error("empty message")]
    Empty,
    /// The first segment is not a usable MSH.
    #[error("no MSH segment at the start")]
    NoHeader,
    /// Longer than the limit, in bytes.
    #[error("message longer than {limit} bytes")]
    TooLong {
        /// The limit, in bytes.
        limit: usize,
    },
    /// More segments than the limit.
    #[error("more than {limit} segments")]
    TooManySegments {
        /// The limit.
        limit: usize,
    },
    /// More repetitions in one segment than the limit.
    #[error("more than {limit} repetitions in one segment")]
    TooManyRepetitions {
        /// The limit.
        limit: usize,
    },
}
