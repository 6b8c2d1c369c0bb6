//! Where the next page begins: the sort values and the logical id of the last match, sealed so that nobody can make
//! one up to ask whether some id exists, or take one from another search or another person.

use crate::{Actor, Error};
use fhir::issue::{Issue, IssueCode};
use fhir::search::Query;
use rusqlite::types::Value;
use sha2::{Digest, Sha256};

/// The length of the seal in bytes.
const SEAL: usize = 16;

/// The end of a page.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cursor {
    /// One value for each sort key.
    pub values: Vec<Value>,
    /// The logical id of the last match.
    pub id: String,
}

impl Cursor {
    /// The text that goes into `_page`.
    pub(super) fn seal(&self, secret: &[u8], context: &str) -> String {
        let mut body = Vec::new();
        for value in self.values.iter().chain([&Value::Text(self.id.clone())]) {
            write(value, &mut body);
        }
        let seal = mac(secret, context, &body);
        hex(seal.get(..SEAL).unwrap_or_default()) + &hex(&body)
    }

    /// Reads what [`Cursor::seal`] wrote for the same search and actor.
    pub(super) fn open(text: &str, secret: &[u8], context: &str) -> Result<Self, Error> {
        let refused = || {
            let why = "_page was not handed out for this search; start again without it";
            Error::invalid(Issue::error(IssueCode::Value, why).at("http._page"))
        };
        let bytes = unhex(text).ok_or_else(refused)?;
        let (seal, mut body) = bytes.split_at_checked(SEAL).ok_or_else(refused)?;
        let expected = mac(secret, context, body);
        let differs = expected.iter().zip(seal).fold(0, |sum, (a, b)| sum | (a ^ b));
        if differs != 0 {
            return Err(refused());
        }
        let mut values = Vec::new();
        while !body.is_empty() {
            values.push(read(&mut body).ok_or_else(refused)?);
        }
        match values.pop() {
            Some(Value::Text(id)) => Ok(Self { values, id }),
            _ => Err(refused()),
        }
    }
}

/// What a cursor belongs to: the actor and everything that decides which matches come in which order.
pub(super) fn context(actor: &Actor, query: &Query) -> String {
    let mut context =
        format!("{}\n{}\n{}\n{}", actor.id, actor.role.code(), actor.organisation, query.resource_type);
    for (name, value) in query.to_pairs() {
        let shapes = ["_count", "_page", "_total", "_summary", "_elements", "_include", "_revinclude"];
        if !shapes.iter().any(|shape| name == *shape || name.starts_with(&format!("{shape}:"))) {
            context.push_str(&format!("\n{name}={value}"));
        }
    }
    context
}

fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.push(b'n'),
        Value::Integer(number) => {
            out.push(b'i');
            out.extend_from_slice(&number.to_be_bytes());
        }
        Value::Real(number) => {
            out.push(b'r');
            out.extend_from_slice(&number.to_be_bytes());
        }
        Value::Text(text) => bytes(b't', text.as_bytes(), out),
        Value::Blob(blob) => bytes(b'b', blob, out),
    }
}

fn bytes(tag: u8, content: &[u8], out: &mut Vec<u8>) {
    out.push(tag);
    out.extend_from_slice(&u32::try_from(content.len()).unwrap_or(u32::MAX).to_be_bytes());
    out.extend_from_slice(content);
}

fn read(from: &mut &[u8]) -> Option<Value> {
    let (tag, rest) = from.split_first()?;
    *from = rest;
    match tag {
        b'n' => Some(Value::Null),
        b'i' => take(from, 8)?.try_into().ok().map(i64::from_be_bytes).map(Value::Integer),
        b'r' => take(from, 8)?.try_into().ok().map(f64::from_be_bytes).map(Value::Real),
        b't' => {
            let length = u32::from_be_bytes(take(from, 4)?.try_into().ok()?);
            let text = take(from, usize::try_from(length).ok()?)?;
            String::from_utf8(text.to_vec()).ok().map(Value::Text)
        }
        _ => None,
    }
}

fn take<'a>(from: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (head, rest) = from.split_at_checked(length)?;
    *from = rest;
    Some(head)
}

/// HMAC-SHA-256 (RFC 2104).
fn mac(secret: &[u8], context: &str, body: &[u8]) -> [u8; 32] {
    let mut block = [0u8; 64];
    let hashed: [u8; 32];
    let secret = if secret.len() > block.len() {
        hashed = Sha256::digest(secret).into();
        hashed.as_slice()
    } else {
        secret
    };
    for (slot, byte) in block.iter_mut().zip(secret) {
        *slot = *byte;
    }
    let inner = Sha256::new()
        .chain_update(block.map(|b| b ^ 0x36))
        .chain_update((context.len() as u64).to_be_bytes())
        .chain_update(context)
        .chain_update(body)
        .finalize();
    Sha256::new().chain_update(block.map(|b| b ^ 0x5c)).chain_update(inner).finalize().into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|d| u8::try_from(d).ok());
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| Some(digit(*pair.first()?)? << 4 | digit(*pair.get(1)?)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_what_it_sealed_and_nothing_else() {
        let values = vec![Value::Null, Value::Integer(-5), Value::Real(0.1), Value::Text(String::from("é"))];
        let cursor = Cursor { values, id: String::from("x-1") };
        let sealed = cursor.seal(b"key", "search");
        assert_eq!(Cursor::open(&sealed, b"key", "search").unwrap(), cursor);
        assert!(Cursor::open(&sealed, b"key", "another search").is_err());
        assert!(Cursor::open(&sealed, b"another key", "search").is_err());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone().into_bytes();
            changed[at] = if changed[at] == b'0' { b'1' } else { b'0' };
            assert!(Cursor::open(&String::from_utf8(changed).unwrap(), b"key", "search").is_err(), "{at}");
            assert!(Cursor::open(&sealed[..at], b"key", "search").is_err());
        }
        assert!(Cursor::open("é", b"key", "search").is_err());
    }

    #[test]
    fn the_code_is_the_standard_one() {
        // RFC 4231 test case 2 has no context, which this form always adds: compared with the plain construction.
        let secret = b"Jefe";
        let mut block = [0u8; 64];
        block[..4].copy_from_slice(secret);
        let message = [0u8; 8].iter().copied().chain(*b"body").collect::<Vec<u8>>();
        let inner = Sha256::digest([block.map(|b| b ^ 0x36).to_vec(), message].concat());
        let outer = Sha256::digest([block.map(|b| b ^ 0x5c).to_vec(), inner.to_vec()].concat());
        assert_eq!(mac(secret, "", b"body").as_slice(), outer.as_slice());
    }
}
