//! Full tokenisation as one flat walk: every leaf with its segment, field, repetition, component and subcomponent.

use crate::scan::{COMPONENT, FIELD, Mark, REPETITION, Scan, Span};

/// A leaf: the bytes between two delimiters, whatever their level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaf<'m> {
    /// Index of the segment, from 0.
    pub segment: u32,
    /// Field number, 0 for the segment's name. In the header, numbering follows MSH (MSH-2 is the first after the name).
    pub field: u32,
    /// Repetition number, from 1.
    pub repetition: u32,
    /// Component number, from 1.
    pub component: u32,
    /// Subcomponent number, from 1.
    pub subcomponent: u32,
    /// The bytes, escapes included.
    pub raw: &'m [u8],
}

/// Iterator over the leaves of a message.
pub struct Leaves<'m> {
    bytes: &'m [u8],
    spans: std::slice::Iter<'m, Span>,
    all_marks: &'m [Mark],
    marks: std::slice::Iter<'m, Mark>,
    start: usize,
    end: usize,
    place: [u32; 5],
    open: bool,
}

impl<'m> Leaves<'m> {
    pub(crate) fn of(bytes: &'m [u8], scan: &'m Scan) -> Self {
        Self {
            bytes,
            spans: scan.segments.iter(),
            all_marks: &scan.marks,
            marks: [].iter(),
            start: 0,
            end: 0,
            place: [0; 5],
            open: false,
        }
    }

    fn open_next(&mut self, segment: u32) -> Option<()> {
        let span = self.spans.next()?;
        let range = span.first_mark as usize..span.last_mark as usize;
        self.marks = self.all_marks.get(range).unwrap_or_default().iter();
        self.start = span.start as usize;
        self.end = span.end as usize;
        self.place = [segment, 0, 1, 1, 1];
        self.open = true;
        Some(())
    }

    #[inline]
    fn leaf(&self, end: usize) -> Leaf<'m> {
        let [segment, field, repetition, component, subcomponent] = self.place;
        let raw = self.bytes.get(self.start..end).unwrap_or_default();
        Leaf { segment, field, repetition, component, subcomponent, raw }
    }
}

impl<'m> Iterator for Leaves<'m> {
    type Item = Leaf<'m>;

    #[inline]
    fn next(&mut self) -> Option<Leaf<'m>> {
        if !self.open {
            let [segment, field, ..] = self.place;
            self.open_next(if field == 0 { 0 } else { segment + 1 })?;
        }
        let Some(mark) = self.marks.next() else {
            self.open = false;
            let leaf = self.leaf(self.end);
            // The place of a segment without fields must still count as visited.
            let [_, field, ..] = &mut self.place;
            *field = (*field).max(1);
            return Some(leaf);
        };
        let leaf = self.leaf(mark.position());
        self.start = mark.position() + 1;
        let [segment, field, repetition, component, subcomponent] = self.place;
        self.place = match mark.kind() {
            FIELD => {
                let header = u32::from(segment == 0 && field == 0);
                [segment, field + 1 + header, 1, 1, 1]
            }
            REPETITION => [segment, field, repetition + 1, 1, 1],
            COMPONENT => [segment, field, repetition, component + 1, 1],
            _ => [segment, field, repetition, component, subcomponent + 1],
        };
        Some(leaf)
    }
}
