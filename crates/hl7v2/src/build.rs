//! Building messages: values in, escaped bytes in canonical form out (UTF-8, segments ended by CR).
//! Trailing empty subcomponents, components, repetitions and fields are not written. Never invents a value.

use crate::escape;
use crate::message::Message;
use crate::separators::Separators;

/// A value to write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Leaf {
    #[default]
    Empty,
    Null,
    Text(String),
}

type Component = Vec<Leaf>;
type Repetition = Vec<Component>;
type Field = Vec<Repetition>;

/// A message under construction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessageBuilder {
    separators: Separators,
    segments: Vec<SegmentBuilder>,
}

/// A segment under construction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SegmentBuilder {
    name: String,
    fields: Vec<Field>,
}

impl MessageBuilder {
    /// An empty message with the recommended separators. The first segment must be `MSH`; its fields 1 and 2 are written
    /// from the separators.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty message with other separators.
    #[must_use]
    pub fn with_separators(separators: Separators) -> Self {
        Self { separators, segments: Vec::new() }
    }

    /// The content of a parsed message. Unknown escape sequences become plain text.
    #[must_use]
    pub fn of(message: &Message<'_>) -> Self {
        let mut built = Self::with_separators(*message.separators());
        for segment in message.segments() {
            let copy = built.segment(&String::from_utf8_lossy(segment.name()));
            let header = segment.index() == 0;
            for (index, field) in segment.fields().enumerate().skip(if header { 2 } else { 0 }) {
                for (r, repetition) in field.repetitions().enumerate() {
                    for (c, component) in repetition.components().enumerate() {
                        for (s, leaf) in component.subcomponents().enumerate() {
                            let place =
                                Place::new(index + 1).repetition(r + 1).component(c + 1).subcomponent(s + 1);
                            if leaf.is_null() {
                                copy.null(place);
                            } else if !leaf.is_empty() {
                                copy.set(place, &leaf.verbatim());
                            }
                        }
                    }
                }
            }
        }
        built
    }

    /// Appends a segment and returns it to be filled.
    pub fn segment(&mut self, name: &str) -> &mut SegmentBuilder {
        self.segments.push_mut(SegmentBuilder { name: name.to_owned(), fields: Vec::new() })
    }

    /// The message's bytes.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.segments.len() * 128);
        for (index, segment) in self.segments.iter().enumerate() {
            out.extend_from_slice(segment.name.as_bytes());
            let mut fields = segment.fields.as_slice();
            if index == 0 && segment.name == "MSH" {
                out.push(self.separators.field);
                out.extend_from_slice(&self.separators.encoding_characters());
                fields = fields.get(2..).unwrap_or_default();
            }
            for field in written(fields, |field| has_value(field)) {
                out.push(self.separators.field);
                self.encode_field(field, &mut out);
            }
            out.push(b'\r');
        }
        out
    }

    fn encode_field(&self, field: &[Repetition], out: &mut Vec<u8>) {
        let levels = &self.separators;
        for (r, repetition) in
            written(field, |r| r.iter().any(|c| c.iter().any(is_valued))).iter().enumerate()
        {
            separate(r, levels.repetition, out);
            for (c, component) in written(repetition, |c| c.iter().any(is_valued)).iter().enumerate() {
                separate(c, levels.component, out);
                for (s, leaf) in written(component, is_valued).iter().enumerate() {
                    separate(s, levels.subcomponent, out);
                    match leaf {
                        Leaf::Empty => {}
                        Leaf::Null => out.extend_from_slice(b"\"\""),
                        Leaf::Text(text) => escape::encode(text, levels, out),
                    }
                }
            }
        }
    }
}

/// Where a value goes inside a segment. Numbers count from 1; a bare number is the field's first leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    field: usize,
    repetition: usize,
    component: usize,
    subcomponent: usize,
}

impl Place {
    /// The first leaf of a field.
    #[must_use]
    pub fn new(field: usize) -> Self {
        Self { field, repetition: 1, component: 1, subcomponent: 1 }
    }

    /// In another repetition.
    #[must_use]
    pub fn repetition(self, repetition: usize) -> Self {
        Self { repetition, ..self }
    }

    /// In another component.
    #[must_use]
    pub fn component(self, component: usize) -> Self {
        Self { component, ..self }
    }

    /// In another subcomponent.
    #[must_use]
    pub fn subcomponent(self, subcomponent: usize) -> Self {
        Self { subcomponent, ..self }
    }
}

impl From<usize> for Place {
    fn from(field: usize) -> Self {
        Self::new(field)
    }
}

impl From<(usize, usize)> for Place {
    /// Field and component, in the first repetition.
    fn from((field, component): (usize, usize)) -> Self {
        Self::new(field).component(component)
    }
}

impl SegmentBuilder {
    /// Sets a leaf's text; empty text clears it. Places beyond 10,000 at any level are ignored.
    pub fn set(&mut self, place: impl Into<Place>, text: &str) -> &mut Self {
        self.put(place.into(), if text.is_empty() { Leaf::Empty } else { Leaf::Text(text.to_owned()) })
    }

    /// Writes the null value `""` at a leaf: delete the value.
    pub fn null(&mut self, place: impl Into<Place>) -> &mut Self {
        self.put(place.into(), Leaf::Null)
    }

    /// Sets the components of a field's repetition (from 1) in order.
    pub fn components(&mut self, field: usize, repetition: usize, texts: &[&str]) -> &mut Self {
        for (index, text) in texts.iter().enumerate() {
            self.set(Place::new(field).repetition(repetition).component(index + 1), text);
        }
        self
    }

    fn put(&mut self, place: Place, leaf: Leaf) -> &mut Self {
        let slot = grow(&mut self.fields, place.field)
            .and_then(|field| grow(field, place.repetition))
            .and_then(|repetition| grow(repetition, place.component))
            .and_then(|component| grow(component, place.subcomponent));
        if let Some(slot) = slot {
            *slot = leaf;
        }
        self
    }
}

fn grow<T: Default + Clone>(items: &mut Vec<T>, number: usize) -> Option<&mut T> {
    let index = number.checked_sub(1).filter(|&index| index < 10_000)?;
    if items.len() <= index {
        items.resize(index + 1, T::default());
    }
    items.get_mut(index)
}

fn separate(index: usize, separator: Option<u8>, out: &mut Vec<u8>) {
    if index > 0 {
        out.extend(separator);
    }
}

/// The items up to the last one worth writing.
fn written<T>(items: &[T], worth: impl Fn(&T) -> bool) -> &[T] {
    let length = items.iter().rposition(worth).map_or(0, |last| last + 1);
    items.get(..length).unwrap_or_default()
}

fn has_value(field: &[Repetition]) -> bool {
    field.iter().flatten().flatten().any(is_valued)
}

fn is_valued(leaf: &Leaf) -> bool {
    *leaf != Leaf::Empty
}
