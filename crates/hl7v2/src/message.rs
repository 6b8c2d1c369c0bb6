//! A message as an index over its bytes: segments, fields and the header's own values. Copies nothing, decodes late.

use crate::charset::{self, Charset, Declared};
use crate::finding::{Finding, Oddity, ParseError};
use crate::leaves::Leaves;
use crate::part::{Part, Slot};
use crate::path::{Path, PathError};
use crate::scan::{self, FIELD, LONGEST, Mark, Scan, Span};
use crate::separators::Separators;
use std::borrow::Cow;

/// Limits on what one message may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes in the message; at most 512 MiB whatever is asked for.
    pub bytes: usize,
    /// Segments in the message.
    pub segments: usize,
    /// Repetitions in one segment, all fields together.
    pub repetitions: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 16 << 20, segments: 20_000, repetitions: 10_000 }
    }
}

/// A message and what was odd about it.
#[derive(Debug)]
pub struct Parsed<'a> {
    /// The message.
    pub message: Message<'a>,
    /// Oddities, in the order of their places.
    pub findings: Vec<Finding>,
}

/// A parsed message. Borrows the bytes it was parsed from.
#[derive(Debug)]
pub struct Message<'a> {
    bytes: &'a [u8],
    separators: Separators,
    charset: Charset,
    scan: Scan,
}

impl<'a> Message<'a> {
    /// Parses with the default limits.
    ///
    /// # Errors
    /// When the bytes do not begin with a usable MSH segment or go beyond a limit; everything else is a finding.
    pub fn parse(bytes: &'a [u8]) -> Result<Parsed<'a>, ParseError> {
        Self::parse_within(bytes, &Limits::default())
    }

    /// Parses with the given limits; see [`Message::parse`].
    ///
    /// # Errors
    /// As [`Message::parse`].
    pub fn parse_within(bytes: &'a [u8], limits: &Limits) -> Result<Parsed<'a>, ParseError> {
        let limit = limits.bytes.min(LONGEST);
        if bytes.len() > limit {
            return Err(ParseError::TooLong { limit });
        }
        let mut findings = Vec::new();
        let start = header_start(bytes, &mut findings);
        let header = bytes.get(start..).filter(|rest| !rest.is_empty()).ok_or(ParseError::Empty)?;
        let (separators, resume) =
            Separators::of_header(header, &mut findings).ok_or(ParseError::NoHeader)?;
        let scan = scan::scan(bytes, (start, start + resume), &separators, limits)?;
        let mut message = Self { bytes, separators, charset: Charset::Utf8, scan };
        message.choose_charset(&mut findings);
        message.look_at_segments(&mut findings);
        Ok(Parsed { message, findings })
    }

    /// The bytes as they came.
    #[must_use]
    pub fn raw(&self) -> &'a [u8] {
        self.bytes
    }

    /// The delimiters that MSH-1 and MSH-2 declare.
    #[must_use]
    pub fn separators(&self) -> &Separators {
        &self.separators
    }

    /// How values are decoded.
    #[must_use]
    pub fn charset(&self) -> Charset {
        self.charset
    }

    /// The segments in order. Blank lines are none.
    pub fn segments(&self) -> impl DoubleEndedIterator<Item = Segment<'_>> + ExactSizeIterator {
        self.scan.segments.iter().enumerate().map(|(index, span)| Segment { message: self, span, index })
    }

    /// The first segment of that name.
    #[must_use]
    pub fn segment(&self, name: &[u8]) -> Option<Segment<'_>> {
        self.segments().find(|segment| segment.name() == name)
    }

    /// The segments of that name, in order.
    pub fn segments_named<'n>(&'n self, name: &'n [u8]) -> impl Iterator<Item = Segment<'n>> {
        self.segments().filter(move |segment| segment.name() == name)
    }

    /// Field `number` of the header.
    #[must_use]
    pub fn header(&self, number: usize) -> Part<'_> {
        match self.segments().next() {
            Some(header) => header.field(number),
            None => self.nothing(),
        }
    }

    /// The control id, MSH-10.
    #[must_use]
    pub fn control_id(&self) -> Option<Cow<'_, str>> {
        self.header(10).text()
    }

    /// The message code, MSH-9.1: `ADT`, `ORU`.
    #[must_use]
    pub fn code(&self) -> Option<Cow<'_, str>> {
        self.header(9).component(1).text()
    }

    /// The trigger event, MSH-9.2: `A01`. This decides what a message means, never EVN-1 or MSH-9.3.
    #[must_use]
    pub fn trigger(&self) -> Option<Cow<'_, str>> {
        self.header(9).component(2).text()
    }

    /// The part at a path such as `PID-3[2].4.2`; empty when the segment or the part is not there.
    ///
    /// # Errors
    /// When the path is malformed.
    pub fn part(&self, path: &str) -> Result<Part<'_>, PathError> {
        Ok(self.part_at(&path.parse()?))
    }

    /// The part at a parsed path.
    #[must_use]
    pub fn part_at(&self, path: &Path) -> Part<'_> {
        let occurrence = path.occurrence.saturating_sub(1);
        let Some(segment) = self.segments().filter(|segment| segment.name() == path.segment).nth(occurrence)
        else {
            return self.nothing();
        };
        let field = segment.field(path.field);
        let mut part = path.repetition.map_or(field, |number| field.repetition(number));
        if let Some(number) = path.component {
            part = part.component(number);
        }
        if let Some(number) = path.subcomponent {
            part = part.subcomponent(number);
        }
        part
    }

    /// The text at a path; `None` when it is absent, empty, null or the path is malformed.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<Cow<'_, str>> {
        self.part(path).ok()?.text()
    }

    /// What stands at a path, empty and null told apart; empty when the path is malformed.
    #[must_use]
    pub fn slot(&self, path: &str) -> Slot<Cow<'_, str>> {
        self.part(path).map_or(Slot::Empty, |part| part.slot())
    }

    /// Every leaf of the message with its place, in one pass.
    #[must_use]
    pub fn leaves(&self) -> Leaves<'_> {
        Leaves::of(self.bytes, &self.scan)
    }

    /// The message in canonical form: no byte-order mark, every segment ended by CR, no blank lines.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.bytes.len() + 1);
        for segment in self.segments() {
            out.extend_from_slice(segment.raw());
            out.push(b'\r');
        }
        out
    }

    fn nothing(&self) -> Part<'_> {
        Part::field(self, (0, 0), &[])
    }

    fn choose_charset(&mut self, findings: &mut Vec<Finding>) {
        let at = self.header(18).repetition(1).raw().to_vec();
        let guess = charset::guess(self.bytes);
        let invalid = guess != Charset::Utf8;
        self.charset = match charset::declared(&at) {
            Declared::Absent => guess,
            Declared::Known(charset) => {
                if charset == Charset::Utf8 && invalid {
                    findings.push(Finding::new(Oddity::InvalidText, 0, 0));
                }
                charset
            }
            Declared::Ascii => {
                if !self.bytes.is_ascii() {
                    findings.push(Finding::new(Oddity::InvalidText, 0, 0));
                }
                guess
            }
            Declared::Unknown => {
                findings.push(Finding::new(Oddity::UnknownCharset, 0, 0));
                guess
            }
        };
    }

    fn look_at_segments(&self, findings: &mut Vec<Finding>) {
        let mut line_feed = false;
        for (index, span) in self.scan.segments.iter().enumerate() {
            let segment = Segment { message: self, span, index };
            let name = segment.name();
            if !is_segment_name(name) {
                findings.push(Finding::new(Oddity::SegmentName, index, span.start as usize));
            } else if index > 0 && name == b"MSH" {
                findings.push(Finding::new(Oddity::SecondHeader, index, span.start as usize));
            }
            if !line_feed && self.bytes.get(span.end as usize) == Some(&b'\n') {
                line_feed = true;
                findings.push(Finding::new(Oddity::LineFeed, index, span.end as usize));
            }
        }
    }
}

/// Skips a byte-order mark and white space before the header.
fn header_start(bytes: &[u8], findings: &mut Vec<Finding>) -> usize {
    let mut start = 0;
    if bytes.starts_with(b"\xef\xbb\xbf") {
        findings.push(Finding::new(Oddity::ByteOrderMark, 0, 0));
        start = 3;
    }
    let rest = bytes.get(start..).unwrap_or_default();
    let space = rest.len() - rest.trim_ascii_start().len();
    if space > 0 {
        findings.push(Finding::new(Oddity::LeadingSpace, 0, start));
    }
    start + space
}

fn is_segment_name(name: &[u8]) -> bool {
    match name {
        [first, second, third] => {
            first.is_ascii_uppercase()
                && [second, third].iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        }
        _ => false,
    }
}

/// One segment.
#[derive(Clone, Copy)]
pub struct Segment<'m> {
    message: &'m Message<'m>,
    span: &'m Span,
    index: usize,
}

impl<'m> Segment<'m> {
    /// The name: the bytes before the first field separator.
    #[must_use]
    pub fn name(&self) -> &'m [u8] {
        let (start, end) = self.bounds();
        let end = self.marks().iter().find(|mark| mark.kind() == FIELD).map_or(end, |mark| mark.position());
        self.message.bytes.get(start..end).unwrap_or_default()
    }

    /// The segment's bytes without its terminator.
    #[must_use]
    pub fn raw(&self) -> &'m [u8] {
        let (start, end) = self.bounds();
        self.message.bytes.get(start..end).unwrap_or_default()
    }

    /// The place among the message's segments, from 0.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }

    /// The field of that number, from 1; empty when absent. In MSH, field 1 is the separator itself.
    #[must_use]
    pub fn field(&self, number: usize) -> Part<'m> {
        if self.index == 0 && number == 1 {
            let (start, _) = self.bounds();
            return Part::field(self.message, (start + 3, start + 4), &[]);
        }
        let skip = number.wrapping_sub(if self.index == 0 { 2 } else { 1 });
        let (_, end) = self.bounds();
        self.split().nth(skip).unwrap_or(Part::field(self.message, (end, end), &[]))
    }

    /// The fields in order, from field 1; the header's separator is among them.
    pub fn fields(&self) -> impl Iterator<Item = Part<'m>> + use<'m> {
        let separator = (self.index == 0).then(|| self.field(1));
        separator.into_iter().chain(self.split())
    }

    fn split(&self) -> Fields<'m> {
        let marks = self.marks();
        let first = marks.iter().position(|mark| mark.kind() == FIELD).unwrap_or(marks.len());
        Fields { message: self.message, marks: marks.get(first..).unwrap_or_default(), end: self.bounds().1 }
    }

    fn bounds(&self) -> (usize, usize) {
        (self.span.start as usize, self.span.end as usize)
    }

    fn marks(&self) -> &'m [Mark] {
        let range = self.span.first_mark as usize..self.span.last_mark as usize;
        self.message.scan.marks.get(range).unwrap_or_default()
    }
}

impl std::fmt::Debug for Segment<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Segment").field(&String::from_utf8_lossy(self.raw())).finish()
    }
}

/// Fields of one segment; `marks` begins with the separator before the next field.
struct Fields<'m> {
    message: &'m Message<'m>,
    marks: &'m [Mark],
    end: usize,
}

impl<'m> Iterator for Fields<'m> {
    type Item = Part<'m>;

    #[inline]
    fn next(&mut self) -> Option<Part<'m>> {
        let (separator, rest) = self.marks.split_first()?;
        let next = rest.iter().position(|mark| mark.kind() == FIELD).unwrap_or(rest.len());
        let (inside, after) = rest.split_at(next);
        self.marks = after;
        let end = after.first().map_or(self.end, |mark| mark.position());
        Some(Part::field(self.message, (separator.position() + 1, end), inside))
    }
}
