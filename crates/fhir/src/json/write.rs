//! Writing the document: compact, or canonical (members sorted by name) for comparison.

use super::value::Value;

/// Appends the compact form.
pub fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.extend_from_slice(b"null"),
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::Number(number) => out.extend_from_slice(number.as_str().as_bytes()),
        Value::String(text) => write_string(text, out),
        Value::Array(items) => {
            out.push(b'[');
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                write(item, out);
            }
            out.push(b']');
        }
        Value::Object(object) => {
            out.push(b'{');
            for (at, (name, member)) in object.iter().enumerate() {
                if at > 0 {
                    out.push(b',');
                }
                write_string(name, out);
                out.push(b':');
                write(member, out);
            }
            out.push(b'}');
        }
    }
}

/// The compact form as bytes.
#[must_use]
pub fn to_vec(value: &Value) -> Vec<u8> {
    let mut out = Vec::with_capacity(512);
    write(value, &mut out);
    out
}

/// The compact form as text.
#[must_use]
pub fn to_string(value: &Value) -> String {
    String::from_utf8(to_vec(value)).unwrap_or_default()
}

/// The compact form with members sorted by name at every level: two documents are equal for FHIR exactly
/// when these bytes are.
#[must_use]
pub fn canonical(value: &Value) -> Vec<u8> {
    to_vec(&sorted(value))
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        Value::Object(object) => {
            let mut members: Vec<_> = object.iter().collect();
            members.sort_unstable_by_key(|(name, _)| *name);
            Value::object(members.into_iter().map(|(name, member)| (name, sorted(member))))
        }
        other => other.clone(),
    }
}

fn write_string(text: &str, out: &mut Vec<u8>) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    out.push(b'"');
    for chunk in text.as_bytes().chunk_by(|a, b| plain(*a) && plain(*b)) {
        match chunk {
            [b'"'] => out.extend_from_slice(b"\\\""),
            [b'\\'] => out.extend_from_slice(b"\\\\"),
            [b'\n'] => out.extend_from_slice(b"\\n"),
            [b'\r'] => out.extend_from_slice(b"\\r"),
            [b'\t'] => out.extend_from_slice(b"\\t"),
            [control] if *control < 0x20 => {
                out.extend_from_slice(b"\\u00");
                out.extend(
                    [control >> 4, control & 15].iter().filter_map(|nibble| HEX.get(usize::from(*nibble))),
                );
            }
            plain => out.extend_from_slice(plain),
        }
    }
    out.push(b'"');
}

fn plain(byte: u8) -> bool {
    byte >= 0x20 && byte != b'"' && byte != b'\\'
}
