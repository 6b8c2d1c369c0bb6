//! Full tokenisation as one flat walk: every leaf with its segment, field, repetition, component and subcomponent.

use crate::scan::{FIELD, Mark, Scan, Span};

/// A leaf: the bytes between two delimiters, whatever their level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaf<'m> {
    /// Index of the segment, from 0.
    pub segment: usize,
    /// The bytes, escapes included.
    pub raw: &'m [u8],
    place: Place,
}

impl Leaf<'_> {
    /// Field number, 0 for the segment's name. The header's separator field is no leaf: its first one is MSH-2.
    #[must_use]
    pub fn field(&self) -> usize {
        self.place.number(3)
    }

    /// Repetition number, from 1.
    #[must_use]
    pub fn repetition(&self) -> usize {
        self.place.number(2)
    }

    /// Component number, from 1.
    #[must_use]
    pub fn component(&self) -> usize {
        self.place.number(1)
    }

    /// Subcomponent number, from 1.
    #[must_use]
    pub fn subcomponent(&self) -> usize {
        self.place.number(0)
    }
}

/// Four counters of 32 bits, field uppermost, so that a step at any level is one mask and one addition instead of
/// a branch that no processor can foresee. None can overflow: a message has fewer than 2^30 delimiters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place(u128);

impl Place {
    const NAME: Self = Self(1 << 64 | 1 << 32 | 1);
    const KEEP: [u128; 4] = [u128::MAX, u128::MAX << 32, u128::MAX << 64, u128::MAX << 96];
    const ADD: [u128; 4] = [1, 1 << 32 | 1, 1 << 64 | 1 << 32 | 1, 1 << 96 | 1 << 64 | 1 << 32 | 1];

    /// The place after a delimiter: its level counts on, the levels below begin again at 1.
    #[inline]
    fn after(self, kind: u8) -> Self {
        let level = usize::from(kind & 3);
        let keep = Self::KEEP.get(level).copied().unwrap_or_default();
        let add = Self::ADD.get(level).copied().unwrap_or_default();
        Self((self.0 & keep) + add)
    }

    #[inline]
    fn number(self, level: u32) -> usize {
        ((self.0 >> (32 * level)) & 0xffff_ffff) as usize
    }
}

/// Iterator over the leaves of a message. `fold` and what is built on it (`for_each`, `count`, `sum`) is the fast way.
pub struct Leaves<'m> {
    bytes: &'m [u8],
    marks: &'m [Mark],
    spans: std::iter::Enumerate<std::slice::Iter<'m, Span>>,
    open: Option<InSegment<'m>>,
}

impl<'m> Leaves<'m> {
    pub(crate) fn of(bytes: &'m [u8], scan: &'m Scan) -> Self {
        Self { bytes, marks: &scan.marks, spans: scan.segments.iter().enumerate(), open: None }
    }
}

impl<'m> Iterator for Leaves<'m> {
    type Item = Leaf<'m>;

    #[inline]
    fn next(&mut self) -> Option<Leaf<'m>> {
        loop {
            if let Some(leaf) = self.open.as_mut().and_then(InSegment::next) {
                return Some(leaf);
            }
            let (segment, span) = self.spans.next()?;
            self.open = Some(InSegment::of(self.bytes, self.marks, (segment, span)));
        }
    }

    #[inline]
    fn fold<B, F: FnMut(B, Leaf<'m>) -> B>(self, init: B, mut each: F) -> B {
        let mut folded = init;
        for leaf in self.open.into_iter().flatten() {
            folded = each(folded, leaf);
        }
        for (segment, span) in self.spans {
            folded = InSegment::of(self.bytes, self.marks, (segment, span)).fold(folded, &mut each);
        }
        folded
    }
}

struct InSegment<'m> {
    bytes: &'m [u8],
    marks: std::slice::Iter<'m, Mark>,
    segment: usize,
    /// Start of the next leaf; `None` after the last.
    start: Option<usize>,
    place: Place,
}

impl<'m> InSegment<'m> {
    #[inline]
    fn of(bytes: &'m [u8], marks: &'m [Mark], (segment, span): (usize, &Span)) -> Self {
        let range = span.first_mark as usize..span.last_mark as usize;
        Self {
            bytes: bytes.get(..span.end as usize).unwrap_or_default(),
            marks: marks.get(range).unwrap_or_default().iter(),
            segment,
            start: Some(span.start as usize),
            place: Place::NAME,
        }
    }

    /// The header's first separator is a field of its own (MSH-1), so its count runs ahead by one.
    #[inline]
    fn step(place: Place, kind: u8, header: bool) -> Place {
        if header && place == Place::NAME { place.after(FIELD).after(FIELD) } else { place.after(kind) }
    }
}

impl<'m> Iterator for InSegment<'m> {
    type Item = Leaf<'m>;

    #[inline]
    fn next(&mut self) -> Option<Leaf<'m>> {
        let start = self.start?;
        let (end, next, place) = match self.marks.next() {
            Some(mark) => {
                let place = Self::step(self.place, mark.kind(), self.segment == 0);
                (mark.position(), Some(mark.position() + 1), place)
            }
            None => (self.bytes.len(), None, self.place),
        };
        let leaf = Leaf {
            segment: self.segment,
            raw: self.bytes.get(start..end).unwrap_or_default(),
            place: self.place,
        };
        self.start = next;
        self.place = place;
        Some(leaf)
    }

    #[inline]
    fn fold<B, F: FnMut(B, Leaf<'m>) -> B>(self, init: B, mut each: F) -> B {
        let Some(mut start) = self.start else { return init };
        let (mut folded, mut place) = (init, self.place);
        let header = self.segment == 0;
        for mark in self.marks {
            let raw = self.bytes.get(start..mark.position()).unwrap_or_default();
            folded = each(folded, Leaf { segment: self.segment, raw, place });
            start = mark.position() + 1;
            place = Self::step(place, mark.kind(), header);
        }
        let raw = self.bytes.get(start..).unwrap_or_default();
        each(folded, Leaf { segment: self.segment, raw, place })
    }
}
