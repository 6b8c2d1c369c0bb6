//! One resource of a file as it stands there, and its number.

use super::mark::{self, Hash};
use fhir::json::{Limits, Value, parse};

/// A line, an entry or a document.
pub struct Item {
    /// Its number in the file, from 1.
    pub number: u64,
    given: Given,
}

enum Given {
    Text(Vec<u8>),
    Parsed(Value),
}

impl Item {
    /// A line or a document; an empty one is nothing.
    pub fn text(number: u64, text: Vec<u8>) -> Option<Self> {
        (!is_nothing(&text)).then_some(Self { number, given: Given::Text(text) })
    }

    /// What an entry of a bundle holds.
    pub fn entry(number: u64, resource: &Value) -> Self {
        Self { number, given: Given::Parsed(resource.clone()) }
    }

    /// The hash of what it says.
    pub fn hash(&self) -> Hash {
        match &self.given {
            Given::Text(text) => mark::hash(text),
            Given::Parsed(value) => mark::hash(&fhir::json::to_vec(value)),
        }
    }

    /// Its document, or why there is none.
    pub fn read(self) -> Result<Value, String> {
        match self.given {
            Given::Text(text) => read(&text),
            Given::Parsed(value) => Ok(value),
        }
    }
}

/// Whether a text says nothing.
pub fn is_nothing(text: &[u8]) -> bool {
    text.iter().all(u8::is_ascii_whitespace)
}

/// Parses a document.
pub fn read(bytes: &[u8]) -> Result<Value, String> {
    parse(bytes, &Limits { bytes: 256 << 20, ..Limits::default() }).map_err(|error| error.to_string())
}
