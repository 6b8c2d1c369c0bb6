//! Escape sequences inside a value (HL7 v2.8 §2.7). Unknown sequences are kept as they came; nothing is dropped.

use crate::charset::Charset;
use crate::separators::Separators;
use std::borrow::Cow;

/// Decodes one value: escapes resolved, bytes turned into text. Borrowed when there is nothing to resolve.
pub(crate) fn decode<'b>(bytes: &'b [u8], separators: &Separators, charset: Charset) -> Cow<'b, str> {
    let Some(escape) = separators.escape.filter(|escape| bytes.contains(escape)) else {
        return charset.decode(bytes);
    };
    let mut plain = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(open) = rest.iter().position(|&b| b == escape) {
        let (before, from_escape) = rest.split_at(open);
        plain.extend_from_slice(before);
        let body = from_escape.get(1..).unwrap_or_default();
        let Some(close) = body.iter().position(|&b| b == escape) else {
            plain.extend_from_slice(from_escape);
            rest = &[];
            break;
        };
        let (sequence, after) = body.split_at(close);
        if resolve(sequence, separators, &mut plain) {
            rest = after.get(1..).unwrap_or_default();
        } else {
            // Kept as it stands. The closing character may open the next sequence (`C:\dir\T\x`).
            plain.push(escape);
            plain.extend_from_slice(sequence);
            if is_vendor_sequence(sequence) {
                plain.push(escape);
                rest = after.get(1..).unwrap_or_default();
            } else {
                rest = after;
            }
        }
    }
    plain.extend_from_slice(rest);
    Cow::Owned(match charset.decode(&plain) {
        Cow::Owned(text) => text,
        Cow::Borrowed(_) => match String::from_utf8(plain) {
            Ok(text) => text,
            Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
        },
    })
}

/// Appends what a sequence stands for; false when it is not one of the known sequences.
fn resolve(sequence: &[u8], separators: &Separators, plain: &mut Vec<u8>) -> bool {
    let separator = match sequence {
        b"F" => Some(separators.field),
        b"S" => separators.component,
        b"T" => separators.subcomponent,
        b"R" => separators.repetition,
        b"E" => separators.escape,
        b"P" => separators.truncation,
        _ => None,
    };
    if let Some(byte) = separator {
        plain.push(byte);
        return true;
    }
    match sequence {
        // Highlighting on and off carries no text.
        b"H" | b"N" => true,
        b".br" | b".BR" => {
            plain.push(b'\n');
            true
        }
        [b'X' | b'x', digits @ ..] => hexadecimal(digits, plain),
        [b'.', b's' | b'S', b'p' | b'P', ..] => {
            plain.push(b'\n');
            true
        }
        _ => false,
    }
}

/// `\Zxx\` and character-set switches (`\Cxxyy\`, `\Mxxyyzz\`) close with an escape character of their own.
fn is_vendor_sequence(sequence: &[u8]) -> bool {
    matches!(sequence, [b'Z' | b'C' | b'M', rest @ ..] if rest.len() <= 16 && rest.iter().all(u8::is_ascii_alphanumeric))
}

fn hexadecimal(digits: &[u8], plain: &mut Vec<u8>) -> bool {
    let (pairs, odd) = digits.as_chunks::<2>();
    if !odd.is_empty() || pairs.is_empty() || !digits.iter().all(u8::is_ascii_hexdigit) {
        return false;
    }
    for [high, low] in pairs {
        plain.push(nibble(*high) << 4 | nibble(*low));
    }
    true
}

fn nibble(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        b'A'..=b'F' => digit - b'A' + 10,
        _ => 0,
    }
}

/// Appends `text` in UTF-8 so that [`decode`] gives it back: delimiters and control characters become sequences,
/// a line feed becomes `\.br\`. A separator set without an escape character leaves such characters out.
pub(crate) fn encode(text: &str, separators: &Separators, out: &mut Vec<u8>) {
    if text == "\"\"" {
        // Two bare quotation marks would mean "delete the value".
        sequence(b"X2222", separators, out);
        return;
    }
    for &byte in text.as_bytes() {
        let same = |level: Option<u8>| level == Some(byte);
        match byte {
            b if b == separators.field => sequence(b"F", separators, out),
            _ if same(separators.component) => sequence(b"S", separators, out),
            _ if same(separators.subcomponent) => sequence(b"T", separators, out),
            _ if same(separators.repetition) => sequence(b"R", separators, out),
            _ if same(separators.escape) => sequence(b"E", separators, out),
            _ if same(separators.truncation) => sequence(b"P", separators, out),
            b'\n' => sequence(b".br", separators, out),
            0..=0x1f | 0x7f => {
                const HEX: &[u8; 16] = b"0123456789ABCDEF";
                let digit = |n: u8| HEX.get(usize::from(n & 15)).copied().unwrap_or(b'0');
                sequence(&[b'X', digit(byte >> 4), digit(byte)], separators, out);
            }
            _ => out.push(byte),
        }
    }
}

fn sequence(body: &[u8], separators: &Separators, out: &mut Vec<u8>) {
    if let Some(escape) = separators.escape {
        out.push(escape);
        out.extend_from_slice(body);
        out.push(escape);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(raw: &str, text: &str) {
        assert_eq!(decode(raw.as_bytes(), &Separators::default(), Charset::Utf8), text, "{raw}");
    }

    #[test]
    fn known_sequences() {
        check(r"A\T\E", "A&E");
        check(r"\F\\S\\R\\E\", r"|^~\");
        check(r"one\.br\two", "one\ntwo");
        check(r"\H\loud\N\ quiet", "loud quiet");
        check(r"\X0D0a\", "\r\n");
        check(r"\XC3AB\", "ë");
    }

    #[test]
    fn unknown_sequences_stay() {
        check(r"\Zab\ x", r"\Zab\ x");
        check(r"C:\dir\T\x", r"C:\dir&x");
        check(r"50\", r"50\");
        check(r"\X0\", r"\X0\");
    }

    proptest! {
        #[test]
        fn encode_then_decode_gives_the_text_back(text in "\\PC*|[\\x00-\\x7f]*") {
            let mut raw = Vec::new();
            encode(&text, &Separators::default(), &mut raw);
            prop_assert_eq!(decode(&raw, &Separators::default(), Charset::Utf8), text);
        }

        #[test]
        fn decode_never_panics(raw in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode(&raw, &Separators::default(), Charset::WINDOWS_1252);
        }
    }
}
