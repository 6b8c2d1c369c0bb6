//! Character sets by MSH-18 (HL7 table 0211). Absent: UTF-8 when all bytes are valid, otherwise Windows-1252.

use encoding_rs::Encoding;
use std::borrow::Cow;

/// How the bytes of a message become text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    /// UTF-8 (ASCII is part of it). A value that is not valid UTF-8 is read as Windows-1252.
    Utf8,
    /// A single-byte set that agrees with ASCII in its lower half.
    Single(&'static Encoding),
}

/// What MSH-18 said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Declared {
    Absent,
    Known(Charset),
    Ascii,
    Unknown,
}

impl Charset {
    /// Windows-1252, which also serves ISO 8859-1: the two differ only in control characters nobody sends.
    pub const WINDOWS_1252: Self = Self::Single(encoding_rs::WINDOWS_1252);

    /// The character set's name as encoding registries write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Single(encoding) => encoding.name(),
        }
    }

    /// The text of `bytes`; borrowed when nothing must change.
    #[must_use]
    pub fn decode(self, bytes: &[u8]) -> Cow<'_, str> {
        match self {
            Self::Utf8 => match std::str::from_utf8(bytes) {
                Ok(text) => Cow::Borrowed(text),
                Err(_) => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0,
            },
            Self::Single(encoding) => encoding.decode_without_bom_handling(bytes).0,
        }
    }
}

/// Reads the value of MSH-18 (its first repetition).
pub(crate) fn declared(name: &[u8]) -> Declared {
    let name = name.trim_ascii().to_ascii_uppercase();
    let single = |encoding| Declared::Known(Charset::Single(encoding));
    match name.as_slice() {
        b"" => Declared::Absent,
        b"ASCII" | b"US-ASCII" => Declared::Ascii,
        b"UNICODE UTF-8" | b"UTF-8" | b"UTF8" | b"UNICODE" => Declared::Known(Charset::Utf8),
        b"8859/1" | b"ISO-8859-1" | b"8859-1" | b"WINDOWS-1252" | b"CP1252" => {
            single(encoding_rs::WINDOWS_1252)
        }
        b"8859/2" => single(encoding_rs::ISO_8859_2),
        b"8859/3" => single(encoding_rs::ISO_8859_3),
        b"8859/4" => single(encoding_rs::ISO_8859_4),
        b"8859/5" => single(encoding_rs::ISO_8859_5),
        b"8859/6" => single(encoding_rs::ISO_8859_6),
        b"8859/7" => single(encoding_rs::ISO_8859_7),
        b"8859/8" => single(encoding_rs::ISO_8859_8),
        b"8859/9" => single(encoding_rs::WINDOWS_1254),
        b"8859/15" => single(encoding_rs::ISO_8859_15),
        _ => Declared::Unknown,
    }
}

/// What the bytes themselves suggest.
pub(crate) fn guess(bytes: &[u8]) -> Charset {
    if std::str::from_utf8(bytes).is_ok() { Charset::Utf8 } else { Charset::WINDOWS_1252 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declared_names() {
        assert_eq!(declared(b"UNICODE UTF-8"), Declared::Known(Charset::Utf8));
        assert_eq!(declared(b"8859/1"), Declared::Known(Charset::WINDOWS_1252));
        assert_eq!(declared(b"8859/15"), Declared::Known(Charset::Single(encoding_rs::ISO_8859_15)));
        assert_eq!(declared(b" "), Declared::Absent);
        assert_eq!(declared(b"KLINGON"), Declared::Unknown);
    }

    #[test]
    fn guesses_windows_1252_only_when_not_utf8() {
        assert_eq!(guess("Zoë".as_bytes()), Charset::Utf8);
        assert_eq!(guess(b"Zo\xeb"), Charset::WINDOWS_1252);
        assert_eq!(Charset::WINDOWS_1252.decode(b"Zo\xeb \x80"), "Zoë €");
    }
}
