//! Reading the document, within limits.

use super::number::{Number, is_number};
use super::value::{Object, Text, Value};

/// What a document may cost. The defaults are those of the server's door.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Arrays and objects inside one another.
    pub depth: usize,
    /// Bytes of the whole document.
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 64, bytes: 64 << 20 }
    }
}

/// Why a document was refused, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind} at line {line}, column {column}")]
pub struct ParseError {
    /// What is wrong.
    pub kind: ParseErrorKind,
    /// Bytes before the fault.
    pub offset: usize,
    /// Line of the fault, from 1.
    pub line: usize,
    /// Column of the fault in bytes, from 1.
    pub column: usize,
}

/// The kinds of fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseErrorKind {
    /// The text stops before the value is complete.
    #[error("the JSON text ends too early")]
    Truncated,
    /// A character that cannot stand here.
    #[error("unexpected character")]
    Unexpected,
    /// More text after the value.
    #[error("text after the end of the JSON value")]
    Trailing,
    /// A number that does not follow the JSON grammar.
    #[error("malformed number")]
    Number,
    /// An unknown escape or a lone surrogate.
    #[error("malformed escape in a string")]
    Escape,
    /// A raw control character in a string.
    #[error("control character in a string")]
    Control,
    /// Bytes that are not UTF-8.
    #[error("the text is not UTF-8")]
    Utf8,
    /// A member name that stands twice in one object.
    #[error("duplicate member \"{0}\"")]
    Duplicate(String),
    /// Nesting beyond [`Limits::depth`].
    #[error("nested deeper than {0} levels")]
    Depth(usize),
    /// More than [`Limits::bytes`].
    #[error("larger than {0} bytes")]
    Size(usize),
}

/// Reads one JSON value that fills the whole input.
///
/// # Errors
/// [`ParseError`] names the fault and its place; nothing is repaired.
pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Value, ParseError> {
    if bytes.len() > limits.bytes {
        return Err(fault(bytes, limits.bytes, ParseErrorKind::Size(limits.bytes)));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|e| fault(bytes, e.valid_up_to(), ParseErrorKind::Utf8))?;
    let mut parser = Parser { text, at: 0, depth: limits.depth };
    let read = parser.value(0).and_then(|value| {
        parser.space();
        if parser.at == text.len() { Ok(value) } else { Err(ParseErrorKind::Trailing) }
    });
    read.map_err(|kind| fault(bytes, parser.at, kind))
}

fn fault(bytes: &[u8], offset: usize, kind: ParseErrorKind) -> ParseError {
    let before = bytes.get(..offset).unwrap_or(bytes);
    let line = before.iter().filter(|b| **b == b'\n').count() + 1;
    let column = before.iter().rev().take_while(|b| **b != b'\n').count() + 1;
    ParseError { kind, offset, line, column }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn value(&mut self, depth: usize) -> Result<Value, ParseErrorKind> {
        self.space();
        match self.peek().ok_or(ParseErrorKind::Truncated)? {
            b'{' => self.object(depth + 1),
            b'[' => self.array(depth + 1),
            b'"' => self.string().map(Value::String),
            b't' => self.word("true", Value::Bool(true)),
            b'f' => self.word("false", Value::Bool(false)),
            b'n' => self.word("null", Value::Null),
            b'-' | b'0'..=b'9' => self.number(),
            _ => Err(ParseErrorKind::Unexpected),
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, ParseErrorKind> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        if rest.starts_with(word) {
            self.at += word.len();
            Ok(value)
        } else if word.starts_with(rest) {
            Err(ParseErrorKind::Truncated)
        } else {
            Err(ParseErrorKind::Unexpected)
        }
    }

    fn number(&mut self) -> Result<Value, ParseErrorKind> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let end =
            rest.bytes().take_while(|b| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E')).count();
        let literal = rest.get(..end).unwrap_or_default();
        if !is_number(literal.as_bytes()) {
            return Err(ParseErrorKind::Number);
        }
        self.at += end;
        Ok(Value::Number(Number::from_checked(literal)))
    }

    fn enter(&self, depth: usize) -> Result<(), ParseErrorKind> {
        if depth > self.depth { Err(ParseErrorKind::Depth(self.depth)) } else { Ok(()) }
    }

    fn array(&mut self, depth: usize) -> Result<Value, ParseErrorKind> {
        self.enter(depth)?;
        self.at += 1;
        let mut items = Vec::new();
        self.space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Value::Array(items));
        }
        loop {
            items.push(self.value(depth)?);
            if !self.more(b']')? {
                return Ok(Value::Array(items));
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Value, ParseErrorKind> {
        self.enter(depth)?;
        self.at += 1;
        let mut members: Vec<(Text, Value)> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Value::Object(Object::new()));
        }
        loop {
            self.space();
            let start = self.at;
            let name = self.name()?;
            // A hostile object may hold a million names, so beyond a handful a set replaces the scan.
            if members.len() == 32 {
                seen.extend(members.iter().map(|(known, _)| known.clone()));
            }
            let known = if members.len() < 32 {
                members.iter().any(|(n, _)| *n == name)
            } else {
                !seen.insert(name.clone())
            };
            if known {
                self.at = start;
                return Err(ParseErrorKind::Duplicate(name.chars().take(64).collect()));
            }
            self.space();
            match self.peek() {
                Some(b':') => self.at += 1,
                Some(_) => return Err(ParseErrorKind::Unexpected),
                None => return Err(ParseErrorKind::Truncated),
            }
            let value = self.value(depth)?;
            members.push((name, value));
            if !self.more(b'}')? {
                return Ok(Value::Object(Object::from_unique(members)));
            }
        }
    }

    fn name(&mut self) -> Result<Text, ParseErrorKind> {
        match self.peek() {
            Some(b'"') => self.string(),
            Some(_) => Err(ParseErrorKind::Unexpected),
            None => Err(ParseErrorKind::Truncated),
        }
    }

    /// After an item: whether another follows (`,`) or the container ends.
    fn more(&mut self, end: u8) -> Result<bool, ParseErrorKind> {
        self.space();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                Ok(true)
            }
            Some(byte) if byte == end => {
                self.at += 1;
                Ok(false)
            }
            Some(_) => Err(ParseErrorKind::Unexpected),
            None => Err(ParseErrorKind::Truncated),
        }
    }

    fn string(&mut self) -> Result<Text, ParseErrorKind> {
        self.at += 1;
        let plain = self.plain_run();
        if self.peek() == Some(b'"') {
            self.at += 1;
            return Ok(Text::new(plain));
        }
        let mut text = Text::new(plain);
        loop {
            match self.peek().ok_or(ParseErrorKind::Truncated)? {
                b'"' => {
                    self.at += 1;
                    return Ok(text);
                }
                b'\\' => text.push(self.escape()?),
                0..0x20 => return Err(ParseErrorKind::Control),
                _ => text.push_str(self.plain_run()),
            }
        }
    }

    /// The characters up to the next quote, backslash or control character.
    fn plain_run(&mut self) -> &'a str {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let length = rest.bytes().take_while(|b| *b >= 0x20 && *b != b'"' && *b != b'\\').count();
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    fn escape(&mut self) -> Result<char, ParseErrorKind> {
        self.at += 1;
        let letter = self.peek().ok_or(ParseErrorKind::Truncated)?;
        self.at += 1;
        Ok(match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            _ => return Err(ParseErrorKind::Escape),
        })
    }

    fn unicode(&mut self) -> Result<char, ParseErrorKind> {
        let high = self.hex4()?;
        let code = if (0xD800..0xDC00).contains(&high) {
            if self.text.get(self.at..self.at + 2) != Some("\\u") {
                return Err(ParseErrorKind::Escape);
            }
            self.at += 2;
            let low = self.hex4()?;
            if !(0xDC00..0xE000).contains(&low) {
                return Err(ParseErrorKind::Escape);
            }
            0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)
        } else {
            high
        };
        char::from_u32(code).ok_or(ParseErrorKind::Escape)
    }

    fn hex4(&mut self) -> Result<u32, ParseErrorKind> {
        let digits = self.text.as_bytes().get(self.at..self.at + 4).ok_or(ParseErrorKind::Truncated)?;
        let code =
            digits.iter().try_fold(0, |code, digit| Some(code * 16 + char::from(*digit).to_digit(16)?));
        self.at += 4;
        code.ok_or(ParseErrorKind::Escape)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{canonical, to_string};
    use super::*;

    fn kind(text: &[u8]) -> ParseErrorKind {
        parse(text, &Limits::default()).unwrap_err().kind
    }

    #[test]
    fn reads_back_what_it_wrote() {
        for text in [
            r#"{"a":1.00,"b":[true,null,"x\"\\\n\u0001"],"c":{},"d":[]}"#,
            r#"{"value":-0.10e+05,"name":"Zoë 👩🏽‍⚕️"}"#,
        ] {
            assert_eq!(to_string(&parse(text.as_bytes(), &Limits::default()).unwrap()), text);
        }
    }

    #[test]
    fn escapes_become_characters() {
        let value = parse(br#""\ud83d\ude00\/\b\u00e9""#, &Limits::default()).unwrap();
        assert_eq!(value.as_str(), Some("😀/\u{8}é"));
    }

    #[test]
    fn canonical_ignores_member_order_only() {
        let read = |text: &str| canonical(&parse(text.as_bytes(), &Limits::default()).unwrap());
        assert_eq!(read(r#"{"b":1,"a":[2,1]}"#), read(r#" { "a" : [2, 1], "b": 1 }"#));
        assert_ne!(read(r#"{"a":1.0}"#), read(r#"{"a":1.00}"#));
    }

    #[test]
    fn names_each_fault() {
        use ParseErrorKind as K;
        assert_eq!(kind(b"{\"a\":"), K::Truncated);
        assert_eq!(kind(b""), K::Truncated);
        assert_eq!(kind(b"\"abc"), K::Truncated);
        assert_eq!(kind(b"tru"), K::Truncated);
        assert_eq!(kind(b"{a:1}"), K::Unexpected);
        assert_eq!(kind(b"[1,]"), K::Unexpected);
        assert_eq!(kind(b"1 2"), K::Trailing);
        assert_eq!(kind(b"01"), K::Number);
        assert_eq!(kind(b"\"\\x\""), K::Escape);
        assert_eq!(kind(b"\"\\ud800\""), K::Escape);
        assert_eq!(kind(b"\"\\udc00\""), K::Escape);
        assert_eq!(kind(b"\"a\nb\""), K::Control);
        assert_eq!(kind(b"\"\xff\""), K::Utf8);
        assert_eq!(kind(br#"{"a":1,"a":2}"#), K::Duplicate("a".into()));
        assert_eq!(kind("[".repeat(10_000).as_bytes()), K::Depth(64));
        assert_eq!(parse(b"[1]", &Limits { depth: 4, bytes: 2 }).unwrap_err().kind, K::Size(2));
    }

    #[test]
    fn finds_a_duplicate_among_many() {
        let mut text = String::from("{");
        for n in 0..100 {
            text.push_str(&format!("\"m{n}\":{n},"));
        }
        text.push_str("\"m40\":0}");
        assert_eq!(kind(text.as_bytes()), ParseErrorKind::Duplicate("m40".into()));
    }

    #[test]
    fn says_where() {
        let error = parse(b"{\n  \"a\": ?\n}", &Limits::default()).unwrap_err();
        assert_eq!((error.line, error.column), (2, 8));
    }
}
