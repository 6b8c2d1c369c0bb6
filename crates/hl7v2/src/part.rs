//! A part of a message: a field, a repetition, a component or a subcomponent, as a view on the message's bytes.
//!
//! Going down from a part takes the first of any level left out: `field(3).component(4)` is component 4 of the
//! first repetition, and a value without separators is its own first component (HL7 v2.8 §2.8.2). What is not there is an
//! empty part, so that walks need no branches. Never decodes before it is asked for text.

use crate::escape;
use crate::message::Message;
use crate::scan::{COMPONENT, FIELD, Mark, REPETITION, SUBCOMPONENT};
use std::borrow::Cow;

/// A view on part of a message.
#[derive(Clone, Copy)]
pub struct Part<'m> {
    message: &'m Message<'m>,
    start: usize,
    end: usize,
    marks: &'m [Mark],
    level: u8,
}

/// What a place in a message says about a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slot<T> {
    /// Absent or empty: no change to the value.
    Empty,
    /// `""`: delete the value.
    Null,
    /// The value.
    Value(T),
}

impl<T> Slot<T> {
    /// The value, when there is one.
    pub fn value(self) -> Option<T> {
        if let Self::Value(value) = self { Some(value) } else { None }
    }

    /// Changes the value, keeps empty and null.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Slot<U> {
        match self {
            Self::Empty => Slot::Empty,
            Self::Null => Slot::Null,
            Self::Value(value) => Slot::Value(change(value)),
        }
    }
}

impl<'m> Part<'m> {
    pub(crate) fn field(message: &'m Message<'m>, (start, end): (usize, usize), marks: &'m [Mark]) -> Self {
        Self { message, start, end, marks, level: FIELD }
    }

    /// The bytes as they came, separators and escapes included.
    #[must_use]
    pub fn raw(&self) -> &'m [u8] {
        self.message.raw().get(self.start..self.end).unwrap_or_default()
    }

    /// Whether there are no bytes: absent or empty, which means "no change".
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.start >= self.end
    }

    /// Whether the bytes are `""`, which means "delete the value".
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.raw() == b"\"\""
    }

    /// The repetitions of a field, at least one (perhaps empty); a part below field level is its own only repetition.
    pub fn repetitions(&self) -> impl Iterator<Item = Part<'m>> + use<'m> {
        self.split(REPETITION)
    }

    /// The components, of the first repetition when this is a field.
    pub fn components(&self) -> impl Iterator<Item = Part<'m>> + use<'m> {
        self.first(REPETITION).split(COMPONENT)
    }

    /// The subcomponents, of the first repetition's first component when this is higher up.
    pub fn subcomponents(&self) -> impl Iterator<Item = Part<'m>> + use<'m> {
        self.first(REPETITION).first(COMPONENT).split(SUBCOMPONENT)
    }

    /// The repetition of that number, from 1; empty when absent.
    #[must_use]
    pub fn repetition(&self, number: usize) -> Part<'m> {
        self.numbered(REPETITION, number)
    }

    /// The component of that number, from 1; empty when absent.
    #[must_use]
    pub fn component(&self, number: usize) -> Part<'m> {
        self.first(REPETITION).numbered(COMPONENT, number)
    }

    /// The subcomponent of that number, from 1; empty when absent.
    #[must_use]
    pub fn subcomponent(&self, number: usize) -> Part<'m> {
        self.first(REPETITION).first(COMPONENT).numbered(SUBCOMPONENT, number)
    }

    /// The decoded text of the first leaf: first repetition, component and subcomponent. `None` when empty or null.
    #[must_use]
    pub fn text(&self) -> Option<Cow<'m, str>> {
        self.slot().value()
    }

    /// Like [`Part::text`], telling empty from null.
    #[must_use]
    pub fn slot(&self) -> Slot<Cow<'m, str>> {
        let leaf = self.first(REPETITION).first(COMPONENT).first(SUBCOMPONENT);
        if leaf.is_empty() {
            Slot::Empty
        } else if leaf.is_null() {
            Slot::Null
        } else {
            Slot::Value(leaf.verbatim())
        }
    }

    /// The decoded text of the whole part, its unescaped separators kept: for free text from senders that do not
    /// escape. Empty when the part is empty.
    #[must_use]
    pub fn verbatim(&self) -> Cow<'m, str> {
        escape::decode(self.raw(), self.message.separators(), self.message.charset())
    }

    /// The first piece when split at `kind`.
    fn first(&self, kind: u8) -> Part<'m> {
        self.numbered(kind, 1)
    }

    fn numbered(&self, kind: u8, number: usize) -> Part<'m> {
        match number.checked_sub(1).and_then(|skip| self.split(kind).nth(skip)) {
            Some(part) => part,
            None => Self { start: self.end, end: self.end, marks: &[], level: kind, ..*self },
        }
    }

    fn split(&self, kind: u8) -> Pieces<'m> {
        Pieces { rest: Some(*self), kind }
    }
}

impl std::fmt::Debug for Part<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Part").field(&String::from_utf8_lossy(self.raw())).finish()
    }
}

impl PartialEq for Part<'_> {
    /// Parts are equal when their bytes are.
    fn eq(&self, other: &Self) -> bool {
        self.raw() == other.raw()
    }
}

struct Pieces<'m> {
    rest: Option<Part<'m>>,
    kind: u8,
}

impl<'m> Iterator for Pieces<'m> {
    type Item = Part<'m>;

    #[inline]
    fn next(&mut self) -> Option<Part<'m>> {
        let rest = self.rest?;
        // A piece at or below this level is not split again.
        let cut = if rest.level > self.kind {
            rest.marks.iter().position(|mark| mark.kind() == self.kind)
        } else {
            None
        };
        let Some(cut) = cut else {
            self.rest = None;
            return Some(Part { level: rest.level.min(self.kind), ..rest });
        };
        let (before, from) = rest.marks.split_at(cut);
        let position = from.first().map_or(rest.end, |mark| mark.position());
        self.rest = Some(Part { start: position + 1, marks: from.get(1..).unwrap_or_default(), ..rest });
        Some(Part { end: position, marks: before, level: self.kind, ..rest })
    }
}
