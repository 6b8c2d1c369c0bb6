//! MLLP frames: `0x0B` payload `0x1C 0x0D` (HL7 Transport Specification: MLLP, Release 2, §2).
//!
//! The decoder is a state machine over whatever a socket delivers: several frames in one read, a frame over many,
//! a missing final CR, junk between frames (skipped and counted). Bytes in, frames out; it never blocks, never looks
//! inside a payload except for a frame that lost its end.

/// Starts a frame.
pub const START: u8 = 0x0b;
/// Ends a payload.
pub const END: u8 = 0x1c;
/// Follows [`END`].
pub const FINAL: u8 = 0x0d;

/// How much of an oversize frame is kept, so that its header can still be answered.
const HEAD: usize = 8 << 10;

/// What the decoder found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// A whole frame.
    Payload {
        /// The bytes between start and end.
        bytes: Vec<u8>,
        /// Bytes of an earlier frame that never ended before this one began. They were never acknowledged.
        truncated: usize,
    },
    /// A frame beyond the size limit. The rest of it will be skipped.
    Oversize {
        /// Its first bytes, at most 8 KiB.
        head: Vec<u8>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Between frames; nothing read since the last frame's end.
    Ended,
    /// Between frames.
    Outside,
    Inside,
    /// In an oversize frame.
    Skipping,
}

/// Decodes a stream of bytes into frames.
#[derive(Debug)]
pub struct Decoder {
    state: State,
    buffer: Vec<u8>,
    limit: usize,
    junk: u64,
}

impl Decoder {
    /// A decoder for payloads of at most `limit` bytes.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self { state: State::Outside, buffer: Vec::new(), limit, junk: 0 }
    }

    /// Takes bytes from the front of `input` until a frame is complete; call again until `input` is empty.
    pub fn decode(&mut self, input: &mut &[u8]) -> Option<Frame> {
        while !input.is_empty() {
            match self.state {
                State::Ended | State::Outside => self.look_for_start(input),
                State::Inside => {
                    if let Some(frame) = self.gather(input) {
                        return Some(frame);
                    }
                }
                State::Skipping => {
                    if advance_past(input, END).1 {
                        self.state = State::Ended;
                    }
                }
            }
        }
        None
    }

    /// Bytes skipped between frames so far. The CR (or CR LF) after a frame is not counted.
    #[must_use]
    pub fn junk(&self) -> u64 {
        self.junk
    }

    /// Whether a frame has begun and not ended: silence now is a half-sent message.
    #[must_use]
    pub fn is_inside(&self) -> bool {
        matches!(self.state, State::Inside | State::Skipping)
    }

    fn look_for_start(&mut self, input: &mut &[u8]) {
        let (skipped, found) = advance_past(input, START);
        let expected = if self.state == State::Ended { final_bytes(skipped) } else { 0 };
        self.junk += (skipped.len() - expected) as u64;
        if found {
            self.state = State::Inside;
        } else if expected < skipped.len() || skipped.ends_with(b"\n") {
            self.state = State::Outside;
        }
    }

    fn gather(&mut self, input: &mut &[u8]) -> Option<Frame> {
        let (payload, ended) = advance_past(input, END);
        if self.buffer.len() + payload.len() > self.limit {
            let mut head = std::mem::take(&mut self.buffer);
            head.extend_from_slice(payload);
            head.truncate(HEAD);
            self.state = if ended { State::Ended } else { State::Skipping };
            return Some(Frame::Oversize { head });
        }
        self.buffer.extend_from_slice(payload);
        if !ended {
            return None;
        }
        self.state = State::Ended;
        let mut bytes = std::mem::take(&mut self.buffer);
        let restart = bytes.windows(4).rposition(|window| window == [START, b'M', b'S', b'H']);
        let truncated = restart.map_or(0, |at| at + 1);
        bytes.drain(..truncated);
        Some(Frame::Payload { bytes, truncated })
    }
}

/// Moves `input` behind the first `wanted` byte; returns the bytes before it and whether it was there.
fn advance_past<'i>(input: &mut &'i [u8], wanted: u8) -> (&'i [u8], bool) {
    match input.iter().position(|&byte| byte == wanted) {
        Some(at) => {
            let (before, from) = input.split_at(at);
            *input = from.get(1..).unwrap_or_default();
            (before, true)
        }
        None => (std::mem::take(input), false),
    }
}

/// How many bytes directly after a frame are its regular ending.
fn final_bytes(after: &[u8]) -> usize {
    match after {
        [FINAL, b'\n', ..] => 2,
        [FINAL | b'\n', ..] => 1,
        _ => 0,
    }
}

/// Wraps a payload in a frame.
#[must_use]
pub fn frame(payload: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(payload.len() + 3);
    bytes.push(START);
    bytes.extend_from_slice(payload);
    bytes.extend_from_slice(&[END, FINAL]);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(decoder: &mut Decoder, reads: &[&[u8]]) -> Vec<Frame> {
        let mut frames = Vec::new();
        for read in reads {
            let mut input = *read;
            while let Some(frame) = decoder.decode(&mut input) {
                frames.push(frame);
            }
            assert!(input.is_empty());
        }
        frames
    }

    fn whole(bytes: &[u8]) -> Frame {
        Frame::Payload { bytes: bytes.to_vec(), truncated: 0 }
    }

    #[test]
    fn several_frames_in_one_read_and_one_over_several() {
        let mut decoder = Decoder::new(100);
        let frames =
            all(&mut decoder, &[b"\x0bA\x1c\x0d\x0bB\x1c\x0d\x0bC", b"D", b"\x1c", b"\x0d\x0bE\x1c\x0d"]);
        assert_eq!(frames, [whole(b"A"), whole(b"B"), whole(b"CD"), whole(b"E")]);
        assert_eq!(decoder.junk(), 0);
    }

    #[test]
    fn junk_is_skipped_and_counted() {
        let mut decoder = Decoder::new(100);
        let frames = all(&mut decoder, &[b"\r\nhi\x0bA\x1c\x0d\x0ax\x0bB\x1c\x0bC\x1c", b"\r", b"zz"]);
        assert_eq!(frames, [whole(b"A"), whole(b"B"), whole(b"C")]);
        assert_eq!(decoder.junk(), 4 + 1 + 2);
    }

    #[test]
    fn a_frame_that_lost_its_end_is_dropped_not_glued() {
        let mut decoder = Decoder::new(100);
        let frames = all(&mut decoder, &[b"\x0bMSH|lost\x0bMSH|kept\x0bx\x1c\x0d"]);
        assert_eq!(frames, [Frame::Payload { bytes: b"MSH|kept\x0bx".to_vec(), truncated: 9 }]);
    }

    #[test]
    fn oversize_frames_are_reported_and_skipped() {
        let mut decoder = Decoder::new(4);
        let frames = all(&mut decoder, &[b"\x0bMSH", b"|12345", b"678\x1c\x0d\x0bok\x1c\x0d"]);
        assert_eq!(frames, [Frame::Oversize { head: b"MSH|12345".to_vec() }, whole(b"ok")]);
        assert!(!decoder.is_inside());
    }

    proptest! {
        #[test]
        fn frames_survive_any_split(
            payloads in proptest::collection::vec("[MSH|^~\\r\\n]{0,20}", 0..5),
            cuts in proptest::collection::vec(1usize..7, 1..40),
        ) {
            let stream: Vec<u8> = payloads.iter().flat_map(|payload| frame(payload.as_bytes())).collect();
            let mut decoder = Decoder::new(1000);
            let mut frames = Vec::new();
            let mut rest = stream.as_slice();
            let mut cuts = cuts.iter().cycle();
            while !rest.is_empty() {
                let (read, after) = rest.split_at(rest.len().min(*cuts.next().unwrap()));
                frames.extend(all(&mut decoder, &[read]));
                rest = after;
            }
            let wanted: Vec<_> = payloads.iter().map(|payload| whole(payload.as_bytes())).collect();
            prop_assert_eq!(frames, wanted);
            prop_assert_eq!(decoder.junk(), 0);
        }

        #[test]
        fn arbitrary_bytes_never_panic(stream in proptest::collection::vec(any::<u8>(), 0..300)) {
            all(&mut Decoder::new(16), &[&stream]);
        }
    }
}
