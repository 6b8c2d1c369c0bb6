//! Tree heads: the size and root of the log at an instant, authenticated with a key and kept outside the database too,
//! because a tree alone cannot show that its end was cut off.
//!
//! The key lies in `audit.key` beside the database. It protects against whoever can change the database only when the
//! file and `audit-heads.log` are shipped to another machine; the running guide says so.

use super::tree::Hash;
use sha2::{Digest as _, Sha256};
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

/// The heads outside the database, one a line.
pub(crate) const FILE: &str = "audit-heads.log";

/// One tree head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub size: u64,
    pub root: Hash,
    pub recorded_at: i64,
    pub mac: Hash,
}

impl Head {
    pub(crate) fn new(size: u64, root: Hash, recorded_at: i64, key: &[u8; 32]) -> Self {
        let mac = authenticate(size, &root, recorded_at, key);
        Self { size, root, recorded_at, mac }
    }

    /// Whether the code of the head is that of the key.
    pub(crate) fn authentic(&self, key: &[u8; 32]) -> bool {
        self.mac == authenticate(self.size, &self.root, self.recorded_at, key)
    }

    /// Appends the head to the file in the directory.
    pub(crate) fn publish(&self, directory: &Path) -> std::io::Result<()> {
        let line = format!("{} {} {} {}\n", self.size, hex(&self.root), self.recorded_at, hex(&self.mac));
        let mut file = OpenOptions::new().create(true).append(true).open(directory.join(FILE))?;
        file.write_all(line.as_bytes())?;
        file.sync_data()
    }

    /// Reads a line of the file.
    pub(crate) fn of_line(line: &str) -> Option<Self> {
        let mut words = line.split(' ');
        let head = Self {
            size: words.next()?.parse().ok()?,
            root: unhex(words.next()?)?,
            recorded_at: words.next()?.parse().ok()?,
            mac: unhex(words.next()?)?,
        };
        words.next().is_none().then_some(head)
    }
}

/// HMAC-SHA-256 (RFC 2104) of the head.
fn authenticate(size: u64, root: &Hash, recorded_at: i64, key: &[u8; 32]) -> Hash {
    let pad = |byte: u8| -> [u8; 64] {
        let mut block = [byte; 64];
        for (slot, key) in block.iter_mut().zip(key) {
            *slot ^= key;
        }
        block
    };
    let inner = Sha256::new_with_prefix(pad(0x36))
        .chain_update(size.to_be_bytes())
        .chain_update(root)
        .chain_update(recorded_at.to_be_bytes())
        .finalize();
    Sha256::new_with_prefix(pad(0x5c)).chain_update(inner).finalize().into()
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn unhex(text: &str) -> Option<Hash> {
    let mut hash = Hash::default();
    if text.len() != 64 {
        return None;
    }
    for (at, slot) in hash.iter_mut().enumerate() {
        *slot = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_reads_back_and_a_changed_head_is_not_authentic() {
        let directory = tempfile::tempdir().unwrap();
        let head = Head::new(7, [3; 32], 11, &[5; 32]);
        head.publish(directory.path()).unwrap();
        let text = std::fs::read_to_string(directory.path().join(FILE)).unwrap();
        let read = Head::of_line(text.trim_end()).unwrap();
        assert_eq!(read, head);
        assert!(read.authentic(&[5; 32]));
        assert!(!Head { size: 8, ..read.clone() }.authentic(&[5; 32]));
        assert!(!read.authentic(&[6; 32]));
    }

    #[test]
    fn the_code_is_hmac_sha_256() {
        // RFC 4231 does not fit a 32-byte key with this message; the code is recomputed by the definition instead.
        let (key, message) =
            ([7_u8; 32], [&9_u64.to_be_bytes()[..], &[1; 32], &4_i64.to_be_bytes()].concat());
        let block = |pad: u8| [[7 ^ pad; 32], [pad; 32]].concat();
        let inner = Sha256::digest([block(0x36), message].concat());
        let expected = Sha256::digest([block(0x5c), inner.to_vec()].concat());
        assert_eq!(authenticate(9, &[1; 32], 4, &key), <Hash>::from(expected));
    }
}
