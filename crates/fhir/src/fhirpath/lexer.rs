//! Text to tokens (<https://hl7.org/fhirpath/N1/#lexical-elements>).

use super::error::Error;
use crate::json::Text;

/// One token and where it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) offset: usize,
}

/// The kinds of token. Literals are still text; the parser reads them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A name or keyword.
    Word(Text),
    /// A name in backticks, never a keyword.
    Quoted(Text),
    String(String),
    Number(Text),
    /// `@2024-01`, without the mark.
    Date(Text),
    /// `@2024-01T` or with a time, without the mark.
    DateTime(Text),
    /// `@T12:00`, without the marks.
    Time(Text),
    /// `%name`, without the mark.
    Variable(Text),
    /// `$this`, `$index`, `$total`, without the mark.
    Special(Text),
    /// An operator or bracket.
    Symbol(&'static str),
    End,
}

/// Longest first.
const SYMBOLS: [&str; 21] = [
    "<=", ">=", "!=", "!~", "(", ")", "[", "]", "{", "}", ".", ",", "+", "-", "*", "/", "&", "|", "=", "<",
    ">",
];

/// Splits a text into tokens, the last being [`TokenKind::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Error> {
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens = Vec::new();
    loop {
        lexer.skip_space()?;
        let offset = lexer.at;
        let kind = lexer.token()?;
        let end = kind == TokenKind::End;
        tokens.push(Token { kind, offset });
        if end {
            return Ok(tokens);
        }
    }
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn fail<T>(&self, reason: &str) -> Result<T, Error> {
        Err(Error::syntax(self.at, reason))
    }

    /// Takes the longest run of bytes that satisfy a test.
    fn run(&mut self, test: impl Fn(u8) -> bool) -> &'t str {
        let rest = self.rest();
        let taken = rest.get(..rest.bytes().take_while(|b| test(*b)).count()).unwrap_or_default();
        self.at += taken.len();
        taken
    }

    fn skip_space(&mut self) -> Result<(), Error> {
        loop {
            self.run(|b| b.is_ascii_whitespace());
            let rest = self.rest();
            if rest.starts_with("//") {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                match rest.find("*/") {
                    Some(end) if end >= 2 => self.at += end + 2,
                    _ => return self.fail("a comment that does not end"),
                }
            } else {
                return Ok(());
            }
        }
    }

    fn token(&mut self) -> Result<TokenKind, Error> {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return Ok(TokenKind::End) };
        match first {
            'a'..='z' | 'A'..='Z' | '_' => Ok(TokenKind::Word(self.word())),
            '0'..='9' => Ok(TokenKind::Number(self.number())),
            '\'' => self.quoted('\'').map(TokenKind::String),
            '`' => self.quoted('`').map(|name| TokenKind::Quoted(Text::from(name))),
            '@' => self.moment(),
            '%' => self.variable(),
            '$' => {
                self.at += 1;
                Ok(TokenKind::Special(self.word()))
            }
            '~' => {
                self.at += 1;
                Ok(TokenKind::Symbol("~"))
            }
            _ => match SYMBOLS.iter().find(|symbol| rest.starts_with(**symbol)) {
                Some(symbol) => {
                    self.at += symbol.len();
                    Ok(TokenKind::Symbol(symbol))
                }
                None => self.fail("unexpected character"),
            },
        }
    }

    fn word(&mut self) -> Text {
        Text::new(self.run(|b| b.is_ascii_alphanumeric() || b == b'_'))
    }

    fn number(&mut self) -> Text {
        let start = self.at;
        self.run(|b| b.is_ascii_digit());
        let mut after = self.rest().bytes();
        if after.next() == Some(b'.') && after.next().is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
            self.run(|b| b.is_ascii_digit());
        }
        Text::new(self.text.get(start..self.at).unwrap_or_default())
    }

    fn quoted(&mut self, mark: char) -> Result<String, Error> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let Some(next) = self.rest().chars().next() else { return self.fail("a text that does not end") };
            self.at += next.len_utf8();
            if next == mark {
                return Ok(out);
            }
            if next == '\\' { out.push(self.escape()?) } else { out.push(next) }
        }
    }

    fn escape(&mut self) -> Result<char, Error> {
        let Some(letter) = self.rest().chars().next() else { return self.fail("a text that does not end") };
        self.at += letter.len_utf8();
        Ok(match letter {
            '\'' | '"' | '`' | '\\' | '/' => letter,
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let digits = self.rest().get(..4).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
                let code = digits.and_then(|d| u32::from_str_radix(d, 16).ok()).and_then(char::from_u32);
                match code {
                    Some(character) => {
                        self.at += 4;
                        character
                    }
                    None => return self.fail("malformed unicode escape"),
                }
            }
            _ => return self.fail("unknown escape"),
        })
    }

    fn variable(&mut self) -> Result<TokenKind, Error> {
        self.at += 1;
        let name = match self.rest().chars().next() {
            Some('`') => Text::from(self.quoted('`')?),
            Some('\'') => Text::from(self.quoted('\'')?),
            _ => self.word(),
        };
        if name.is_empty() { self.fail("a variable without a name") } else { Ok(TokenKind::Variable(name)) }
    }

    /// A date, date and time, or time after `@`.
    fn moment(&mut self) -> Result<TokenKind, Error> {
        self.at += 1;
        if self.rest().starts_with('T') {
            self.at += 1;
            let time = self.clock();
            if time.is_empty() || self.offset_length() > 0 {
                return self.fail("malformed time");
            }
            return Ok(TokenKind::Time(Text::new(time)));
        }
        let start = self.at;
        self.run(|b| b.is_ascii_digit());
        for _ in 0..2 {
            let mut after = self.rest().bytes();
            if after.next() == Some(b'-') && after.next().is_some_and(|b| b.is_ascii_digit()) {
                self.at += 1;
                self.run(|b| b.is_ascii_digit());
            }
        }
        let date = self.text.get(start..self.at).unwrap_or_default();
        if !self.rest().starts_with('T') {
            return Ok(TokenKind::Date(Text::new(date)));
        }
        self.at += 1;
        if self.clock().is_empty() {
            return Ok(TokenKind::DateTime(Text::new(date)));
        }
        self.at += self.offset_length();
        Ok(TokenKind::DateTime(Text::new(self.text.get(start..self.at).unwrap_or_default())))
    }

    /// `hh`, `hh:mm`, `hh:mm:ss` with an optional fraction.
    fn clock(&mut self) -> &'t str {
        let start = self.at;
        self.run(|b| b.is_ascii_digit() || b == b':');
        let mut after = self.rest().bytes();
        if after.next() == Some(b'.') && after.next().is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
            self.run(|b| b.is_ascii_digit());
        }
        self.text.get(start..self.at).unwrap_or_default()
    }

    /// How many bytes of the rest are an offset: `Z` or `±hh:mm`.
    fn offset_length(&self) -> usize {
        match self.rest().as_bytes() {
            [b'Z', ..] => 1,
            [b'+' | b'-', a, b, b':', c, d, ..] if [a, b, c, d].iter().all(|x| x.is_ascii_digit()) => 6,
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<TokenKind> {
        tokens(text).unwrap().into_iter().map(|t| t.kind).collect()
    }

    #[test]
    fn splits_names_numbers_and_symbols() {
        use TokenKind::{End, Number, Symbol, Word};
        assert_eq!(
            kinds("a.b1 /*x*/ >= 1.5.c // end"),
            [
                Word("a".into()),
                Symbol("."),
                Word("b1".into()),
                Symbol(">="),
                Number("1.5".into()),
                Symbol("."),
                Word("c".into()),
                End
            ]
        );
        assert_eq!(kinds("1.abs"), [Number("1".into()), Symbol("."), Word("abs".into()), End]);
    }

    #[test]
    fn reads_moments() {
        use TokenKind::{Date, DateTime, Time};
        let first = |text: &str| kinds(text).swap_remove(0);
        assert_eq!(first("@2015.is"), Date("2015".into()));
        assert_eq!(first("@2015T.is"), DateTime("2015".into()));
        assert_eq!(
            first("@2015-02-04T14:34:28.123+10:00.is"),
            DateTime("2015-02-04T14:34:28.123+10:00".into())
        );
        assert_eq!(first("@T14:34:28.is"), Time("14:34:28".into()));
        assert!(tokens("@T14:34:28Z").is_err());
    }

    #[test]
    fn reads_escapes_and_refuses_bad_ones() {
        assert_eq!(kinds(r"'P\u0065t\'s'").swap_remove(0), TokenKind::String("Pet's".into()));
        for text in [r"'\x'", r"'\u00'", r"'\ud800'", "'abc", "/* open", "/*/", "a ? b", "%", "`a"] {
            assert!(tokens(text).is_err(), "{text}");
        }
    }
}
