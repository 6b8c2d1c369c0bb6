//! `encode`, `decode`, `escape`, `unescape` (<https://hl7.org/fhirpath/#additional-string-functions>).

use super::super::error::Error;
use super::super::eval::Evaluator;
use super::super::item::{Collection, Item};
use super::string::only_text;
use super::{Call, Function};

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

pub(super) fn call<'a>(
    evaluator: &mut Evaluator<'_, 'a>,
    call: Call<'_, '_, 'a>,
) -> Result<Collection<'a>, Error> {
    let format = evaluator.text(call.first(), call.frame)?;
    let Some((text, format)) = only_text(call.input)?.zip(format) else { return Ok(Vec::new()) };
    evaluator.spend(text.len() / 16)?;
    let result = match (call.function, format.as_ref()) {
        (Function::Encode, "hex") => Some(text.bytes().map(|b| format!("{b:02x}")).collect()),
        (Function::Encode, "base64") => Some(base64(text.as_bytes(), STANDARD)),
        (Function::Encode, "urlbase64") => Some(base64(text.as_bytes(), URL)),
        (Function::Decode, "hex") => unhex(&text),
        (Function::Decode, "base64") => unbase64(&text, STANDARD),
        (Function::Decode, "urlbase64") => unbase64(&text, URL),
        (Function::Escape, "html") => Some(escape_html(&text)),
        (Function::Escape, "json") => Some(escape_json(&text)),
        (Function::Unescape, "html") => Some(unescape_html(&text)),
        (Function::Unescape, "json") => unescape_json(&text),
        _ => None,
    };
    Ok(result.map(Item::text).into_iter().collect())
}

fn base64(bytes: &[u8], alphabet: &[u8; 64]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().chain(&[0, 0]).take(3).fold(0_usize, |sum, b| sum << 8 | usize::from(*b));
        for place in 0..4 {
            let letter = alphabet.get(group >> (18 - 6 * place) & 63).copied().unwrap_or(b'=');
            out.push(if place > chunk.len() { '=' } else { char::from(letter) });
        }
    }
    out
}

fn unbase64(text: &str, alphabet: &[u8; 64]) -> Option<String> {
    let digits = text.trim_end_matches('=').as_bytes();
    if digits.len() % 4 == 1 || text.len() - digits.len() > 2 {
        return None;
    }
    let mut out = Vec::with_capacity(digits.len() * 3 / 4);
    for chunk in digits.chunks(4) {
        let mut group = 0_u32;
        for digit in chunk {
            let value = alphabet.iter().position(|letter| letter == digit)?;
            group = group << 6 | u32::try_from(value).ok()?;
        }
        group <<= 6 * (4 - chunk.len());
        out.extend(group.to_be_bytes().iter().skip(1).take(chunk.len() - 1));
    }
    String::from_utf8(out).ok()
}

fn unhex(text: &str) -> Option<String> {
    let pairs = text.as_bytes().chunks(2);
    let bytes: Option<Vec<u8>> = pairs
        .map(|pair| match pair {
            [a, b] => {
                let digit = |c: u8| char::from(c).to_digit(16).and_then(|d| u8::try_from(d).ok());
                Some(digit(*a)? << 4 | digit(*b)?)
            }
            _ => None,
        })
        .collect();
    String::from_utf8(bytes?).ok()
}

fn escape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

fn unescape_html(text: &str) -> String {
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&apos;", "'")];
    let plain = entities.iter().fold(text.to_owned(), |text, (entity, plain)| text.replace(entity, plain));
    plain.replace("&amp;", "&")
}

fn escape_json(text: &str) -> String {
    let quoted = crate::json::to_string(&crate::json::Value::from(text));
    quoted.strip_prefix('"').and_then(|q| q.strip_suffix('"')).unwrap_or_default().to_owned()
}

/// Reads JSON escapes; a quotation mark that is not escaped stands for itself.
fn unescape_json(text: &str) -> Option<String> {
    let mut quoted = String::with_capacity(text.len() + 2);
    let mut escaped = false;
    quoted.push('"');
    for character in text.chars() {
        if character == '"' && !escaped {
            quoted.push('\\');
        }
        escaped = character == '\\' && !escaped;
        quoted.push(character);
    }
    quoted.push('"');
    let read = crate::json::parse(quoted.as_bytes(), &crate::json::Limits::default()).ok()?;
    read.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_round_trip() {
        for text in ["", "t", "te", "tes", "test", "Zoë ÿ?>"] {
            for alphabet in [STANDARD, URL] {
                assert_eq!(unbase64(&base64(text.as_bytes(), alphabet), alphabet).as_deref(), Some(text));
            }
        }
        for bad in ["A", "A===", "AA!A", "/w==", "é"] {
            assert_eq!(unbase64(bad, STANDARD), None, "{bad}");
        }
    }

    #[test]
    fn hex_and_escapes() {
        assert_eq!(unhex("7465").as_deref(), Some("te"));
        assert_eq!(unhex("746"), None);
        assert_eq!(unescape_html(&escape_html("a<b & \"c\" 'd'")), "a<b & \"c\" 'd'");
        assert_eq!(unescape_json(&escape_json("a\"b\\\n")).as_deref(), Some("a\"b\\\n"));
        assert_eq!(unescape_json("\"").as_deref(), Some("\""));
        assert_eq!(unescape_json("\\"), None);
    }
}
