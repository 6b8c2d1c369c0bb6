//! The single pass that finds every delimiter of a message. Positions and kinds out, no views, no text.
//!
//! Blocks of 64 bytes are compared with the six delimiters in loops the compiler turns into vector instructions;
//! the hits become one bit mask whose set bits are visited, so that the bytes between delimiters cost next to nothing.

use crate::finding::ParseError;
use crate::message::Limits;
use crate::separators::Separators;

/// A delimiter: position in the upper 30 bits, kind in the lower two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark(u32);

/// Between subcomponents.
pub(crate) const SUBCOMPONENT: u8 = 0;
/// Between components.
pub(crate) const COMPONENT: u8 = 1;
/// Between repetitions.
pub(crate) const REPETITION: u8 = 2;
/// Between fields.
pub(crate) const FIELD: u8 = 3;
const SEGMENT: u8 = 4;

/// Positions must fit in 30 bits.
pub(crate) const LONGEST: usize = 1 << 29;

impl Mark {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the length is checked against LONGEST before scanning"
    )]
    pub(crate) fn new(position: usize, kind: u8) -> Self {
        Self(((position as u32) << 2) | u32::from(kind))
    }

    pub(crate) fn position(self) -> usize {
        (self.0 >> 2) as usize
    }

    pub(crate) fn kind(self) -> u8 {
        (self.0 & 3) as u8
    }
}

/// A segment: its bytes and its marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) first_mark: u32,
    pub(crate) last_mark: u32,
}

/// Everything the pass found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scan {
    pub(crate) marks: Vec<Mark>,
    pub(crate) segments: Vec<Span>,
}

/// Scans `bytes` from the start of the header at `start`; delimiters before `resume` (inside MSH-1 and MSH-2) are not
/// looked for, the one in MSH-1 is recorded.
pub(crate) fn scan(
    bytes: &[u8],
    (start, resume): (usize, usize),
    separators: &Separators,
    limits: &Limits,
) -> Result<Scan, ParseError> {
    let classes = Classes::new(separators);
    let mut state = Progress {
        found: Scan { marks: Vec::with_capacity(bytes.len() / 4 + 8), segments: Vec::with_capacity(24) },
        start,
        first_mark: 0,
        repetitions: 0,
        limits,
    };
    state.found.marks.push(Mark::new(start + 3, FIELD));
    let body = bytes.get(resume..).unwrap_or_default();
    let (blocks, rest) = body.as_chunks::<64>();
    let mut at = resume;
    for block in blocks {
        state.visit(block, at, &classes)?;
        at += 64;
    }
    if !rest.is_empty() {
        let mut block = [0u8; 64];
        for (to, from) in block.iter_mut().zip(rest) {
            *to = *from;
        }
        state.visit(&block, at, &classes)?;
    }
    state.end_segment(bytes.len())?;
    Ok(state.found)
}

struct Progress<'l> {
    found: Scan,
    start: usize,
    first_mark: usize,
    repetitions: usize,
    limits: &'l Limits,
}

impl Progress<'_> {
    #[inline]
    fn visit(&mut self, block: &[u8; 64], at: usize, classes: &Classes) -> Result<(), ParseError> {
        let mut mask = classes.mask(block);
        while mask != 0 {
            let bit = (mask.trailing_zeros() & 63) as usize;
            mask &= mask - 1;
            let kind = classes.kind(block.get(bit).copied().unwrap_or_default());
            if kind < SEGMENT {
                self.repetitions += usize::from(kind == REPETITION);
                self.found.marks.push(Mark::new(at + bit, kind));
            } else {
                self.end_segment(at + bit)?;
            }
        }
        Ok(())
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "the length is checked against LONGEST before scanning"
    )]
    fn end_segment(&mut self, end: usize) -> Result<(), ParseError> {
        if end > self.start {
            if self.repetitions > self.limits.repetitions {
                return Err(ParseError::TooManyRepetitions { limit: self.limits.repetitions });
            }
            if self.found.segments.len() >= self.limits.segments {
                return Err(ParseError::TooManySegments { limit: self.limits.segments });
            }
            self.found.segments.push(Span {
                start: self.start as u32,
                end: end as u32,
                first_mark: self.first_mark as u32,
                last_mark: self.found.marks.len() as u32,
            });
        }
        self.start = end + 1;
        self.first_mark = self.found.marks.len();
        self.repetitions = 0;
        Ok(())
    }
}

/// Which bytes are delimiters, in two shapes: six needles for the vector loops, a table for the hits.
struct Classes {
    needles: [u8; 6],
    kinds: [u8; 256],
}

impl Classes {
    fn new(separators: &Separators) -> Self {
        // An absent level repeats the field separator: compared in vain, never taken for another kind.
        let or_field = |byte: Option<u8>| byte.unwrap_or(separators.field);
        let needles = [
            b'\r',
            b'\n',
            separators.field,
            or_field(separators.component),
            or_field(separators.repetition),
            or_field(separators.subcomponent),
        ];
        let mut kinds = [SEGMENT; 256];
        let levels = [
            (separators.subcomponent, SUBCOMPONENT),
            (separators.repetition, REPETITION),
            (separators.component, COMPONENT),
            (Some(separators.field), FIELD),
        ];
        for (byte, kind) in levels {
            if let Some(slot) = byte.and_then(|byte| kinds.get_mut(usize::from(byte))) {
                *slot = kind;
            }
        }
        Self { needles, kinds }
    }

    /// The kind of a byte that is one of the needles.
    #[inline]
    fn kind(&self, byte: u8) -> u8 {
        self.kinds.get(usize::from(byte)).copied().unwrap_or(SEGMENT)
    }

    /// One bit for each byte of the block that is a delimiter.
    #[inline]
    fn mask(&self, block: &[u8; 64]) -> u64 {
        let [a, b, c, d, e, f] = self.needles;
        let mut hits = [0u8; 64];
        for (hit, &byte) in hits.iter_mut().zip(block) {
            *hit = u8::from(byte == a)
                | u8::from(byte == b)
                | u8::from(byte == c)
                | u8::from(byte == d)
                | u8::from(byte == e)
                | u8::from(byte == f);
        }
        let (words, _) = hits.as_chunks::<8>();
        let mut mask = 0;
        for (n, word) in words.iter().enumerate() {
            // Eight bytes of 0 or 1 become eight bits in the top byte of the product.
            let bits = u64::from_le_bytes(*word).wrapping_mul(0x0102_0408_1020_4080) >> 56;
            mask |= bits << (8 * n);
        }
        mask
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mask_finds_what_a_plain_loop_finds() {
        let classes = Classes::new(&Separators::default());
        let mut block = [b'x'; 64];
        for (n, byte) in block.iter_mut().enumerate() {
            *byte = b"|x^~&\r\nyz\x0b"[(n * n + n / 3) % 10];
        }
        let plain = block
            .iter()
            .enumerate()
            .filter(|(_, b)| b"|^~&\r\n".contains(b))
            .fold(0u64, |mask, (n, _)| mask | 1 << n);
        assert_eq!(classes.mask(&block), plain);
    }
}
