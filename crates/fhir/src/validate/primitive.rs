//! Formats of the primitive types (<https://hl7.org/fhir/R4/datatypes.html#primitive>).
//!
//! Each check answers with what is wrong, in words that never hold the value.

use crate::json::{Number, Value};
use crate::time::{DateTime, Kind, Time};

/// The longest string, in bytes; the standard says 1 MB.
const MAX_STRING: usize = 1024 * 1024;

/// What is wrong with the value as one of that primitive type.
pub(super) fn fault(type_name: &str, value: &Value) -> Option<&'static str> {
    match (type_name, value) {
        ("boolean", Value::Bool(_)) | ("decimal", Value::Number(_)) => None,
        ("integer", Value::Number(n)) => integer_fault(n, i64::from(i32::MIN)),
        ("unsignedInt", Value::Number(n)) => integer_fault(n, 0),
        ("positiveInt", Value::Number(n)) => integer_fault(n, 1),
        ("boolean", _) => Some("must be true or false"),
        ("integer" | "unsignedInt" | "positiveInt" | "decimal", _) => Some("must be a JSON number"),
        (_, Value::String(text)) => text_fault(type_name, text),
        _ => Some("must be a JSON string"),
    }
}

fn integer_fault(number: &Number, least: i64) -> Option<&'static str> {
    match number.as_i64() {
        None => Some("must be a whole number"),
        Some(n) if n < least || n > i64::from(i32::MAX) => Some("is outside the range of its type"),
        Some(_) => None,
    }
}

fn text_fault(type_name: &str, text: &str) -> Option<&'static str> {
    if text.is_empty() {
        return Some("must not be empty");
    }
    let fits = |fits: bool, fault: &'static str| (!fits).then_some(fault);
    match type_name {
        "string" | "markdown" => string_fault(text),
        "code" => fits(is_code(text), "is not a code: no spaces at its ends, none doubled"),
        "id" => fits(is_id(text), "is not an id: 1 to 64 letters, digits, dots and dashes"),
        "uri" | "url" | "canonical" => fits(!text.contains(is_blank), "must not contain spaces"),
        "uuid" => fits(text.strip_prefix("urn:uuid:").is_some_and(is_uuid), "is not a urn:uuid"),
        "oid" => fits(text.strip_prefix("urn:oid:").is_some_and(is_oid), "is not a urn:oid"),
        "date" => fits(DateTime::parse(Kind::Date, text).is_some(), "is not a date that exists"),
        "dateTime" => fits(DateTime::parse(Kind::DateTime, text).is_some(), "is not a dateTime that exists"),
        "instant" => fits(DateTime::parse(Kind::Instant, text).is_some(), "is not an instant that exists"),
        "time" => fits(is_time(text), "is not a time of day, hh:mm:ss"),
        "base64Binary" => fits(is_base64(text), "is not base64"),
        "xhtml" => fits(is_div(text), "must be one XHTML div"),
        _ => None,
    }
}

fn string_fault(text: &str) -> Option<&'static str> {
    if text.len() > MAX_STRING {
        Some("is longer than 1 MB")
    } else if text.bytes().any(|b| b < 0x20 && !matches!(b, b'\t' | b'\r' | b'\n')) {
        Some("must not contain control characters")
    } else {
        None
    }
}

/// Words parted by single blanks.
fn is_code(text: &str) -> bool {
    !text.split(is_blank).any(str::is_empty)
}

/// White space as XML Schema's `\s` has it; a no-break space is a letter like others (it stands in codes of HL7 v2).
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

pub(super) fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'))
}

/// Five groups of lower-case hexadecimal digits.
pub(super) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, b)| match at {
            8 | 13 | 18 | 23 => b == b'-',
            _ => matches!(b, b'0'..=b'9' | b'a'..=b'f'),
        })
}

/// Numbers without leading noughts parted by dots, the first being 0, 1 or 2.
pub(super) fn is_oid(text: &str) -> bool {
    let number = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|b| b.is_ascii_digit())
            && (part == "0" || !part.starts_with('0'))
    };
    let mut parts = text.split('.');
    matches!(parts.next(), Some("0" | "1" | "2")) && text.contains('.') && parts.all(number)
}

/// `hh:mm:ss` with an optional fraction; FHIR's `time` knows no shorter form.
fn is_time(text: &str) -> bool {
    text.len() >= 8 && Time::parse(text).is_some()
}

/// Groups of four characters, blanks between them allowed, padding at the end only.
fn is_base64(text: &str) -> bool {
    let (mut letters, mut padding) = (0_usize, 0_usize);
    for byte in text.bytes() {
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {}
            b'=' => padding += 1,
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' if padding == 0 => letters += 1,
            _ => return false,
        }
    }
    letters > 0 && padding <= 2 && (letters + padding) % 4 == 0
}

fn is_div(text: &str) -> bool {
    let text = text.trim();
    let opens =
        text.strip_prefix("<div").is_some_and(|rest| rest.starts_with([' ', '>', '/', '\n', '\r', '\t']));
    opens && (text.ends_with("</div>") || (text.ends_with("/>") && text.matches('<').count() == 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound(type_name: &str, literal: &str) -> bool {
        let value = crate::json::parse(literal.as_bytes(), &crate::json::Limits::default()).unwrap();
        fault(type_name, &value).is_none()
    }

    #[test]
    fn judges_every_primitive_type() {
        for (type_name, good, bad) in [
            ("boolean", &["true", "false"][..], &["\"true\"", "1", "null"][..]),
            ("integer", &["0", "-5", "2147483647"], &["1.0", "1e3", "2147483648", "\"1\"", "-2147483649"]),
            ("positiveInt", &["1"], &["0", "-1", "1.5"]),
            ("unsignedInt", &["0", "7"], &["-1"]),
            ("decimal", &["1.00", "-1e-7", "0.1"], &["\"1.00\"", "true"]),
            ("string", &["\"a\"", "\" b \\n\""], &["\"\"", "\"\\u0001\"", "5"]),
            ("code", &["\"a\"", "\"a b\""], &["\" a\"", "\"a \"", "\"a  b\"", "\"\""]),
            ("id", &["\"a-1.B\""], &["\"a_b\"", "\"\"", "\"a b\""]),
            ("uri", &["\"urn:x\"", "\"#a\"", "\"ü\""], &["\"a b\"", "\"\""]),
            ("url", &["\"http://a\""], &["\"http://a \""]),
            ("canonical", &["\"http://a|1\""], &["\"a\\tb\""]),
            (
                "oid",
                &["\"urn:oid:2.16.840.1\""],
                &["\"2.16.840\"", "\"urn:oid:3.1\"", "\"urn:oid:1.02\"", "\"urn:oid:1\""],
            ),
            (
                "uuid",
                &["\"urn:uuid:c757873d-ec9a-4326-a141-556f43239520\""],
                &[
                    "\"c757873d-ec9a-4326-a141-556f43239520\"",
                    "\"urn:uuid:C757873D-EC9A-4326-A141-556F43239520\"",
                ],
            ),
            (
                "date",
                &["\"2023\"", "\"2023-02\"", "\"2024-02-29\""],
                &[
                    "\"2023-02-29\"",
                    "\"2023-13\"",
                    "\"23\"",
                    "\"2023-1-1\"",
                    "\"0000\"",
                    "\"2023-02-01T00:00:00Z\"",
                ],
            ),
            (
                "dateTime",
                &["\"2023\"", "\"2023-02-28T23:59:60Z\"", "\"2023-02-01T01:02:03.456+01:00\""],
                &[
                    "\"2023-02-30\"",
                    "\"2023-02-01T01:02\"",
                    "\"2023-02-01T01:02:03\"",
                    "\"2023-02-01T24:00:00Z\"",
                ],
            ),
            (
                "instant",
                &["\"2023-02-01T01:02:03Z\"", "\"2023-02-01T01:02:03.4-14:00\""],
                &["\"2023-02-01\"", "\"2023-02-30T01:02:03Z\"", "\"2023-02-01T01:02:03+15:00\""],
            ),
            ("time", &["\"23:59:59\"", "\"00:00:00.5\""], &["\"24:00:00\"", "\"12:00\"", "\"12:00:00Z\""]),
            (
                "base64Binary",
                &["\"aGk=\"", "\"aGk= \\n\"", "\"aGkh\""],
                &["\"aGk\"", "\"a=Gk\"", "\"====\"", "\"äöüß\""],
            ),
            ("markdown", &["\"*a*\""], &["\"\""]),
            (
                "xhtml",
                &["\"<div>a</div>\"", "\"<div xmlns='x'/>\""],
                &["\"a\"", "\"<divan></div>\"", "\"<div>\""],
            ),
        ] {
            good.iter().for_each(|literal| assert!(sound(type_name, literal), "{type_name} {literal}"));
            bad.iter().for_each(|literal| assert!(!sound(type_name, literal), "{type_name} {literal}"));
        }
    }

    #[test]
    fn a_string_of_more_than_a_megabyte_is_too_long() {
        assert!(fault("string", &Value::from("a".repeat(MAX_STRING))).is_none());
        assert!(fault("string", &Value::from("a".repeat(MAX_STRING + 1))).is_some());
    }
}
