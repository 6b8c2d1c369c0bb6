//! Ids of AuditEvents and cursors of histories: a number, encrypted, so that it neither counts what others do nor can
//! be guessed.
//!
//! A Feistel network of four rounds over 128 bits with SHA-256 as its round function; half of the block is zero, which
//! makes a made-up id detectable.

use sha2::{Digest as _, Sha256};

const ROUNDS: u8 = 4;

/// The id of a row.
pub(crate) fn id(seq: u64, key: &[u8; 32]) -> String {
    let (mut left, mut right) = (seq, 0);
    for round in 0..ROUNDS {
        (left, right) = (right, left ^ mix(right, round, key));
    }
    format!("{left:016x}{right:016x}")
}

/// The row of an id; `None` when it is not one of ours.
pub(crate) fn seq(id: &str, key: &[u8; 32]) -> Option<u64> {
    if id.len() != 32 || !id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return None;
    }
    let mut left = u64::from_str_radix(id.get(..16)?, 16).ok()?;
    let mut right = u64::from_str_radix(id.get(16..)?, 16).ok()?;
    for round in (0..ROUNDS).rev() {
        (left, right) = (right ^ mix(left, round, key), left);
    }
    (right == 0).then_some(left)
}

fn mix(half: u64, round: u8, key: &[u8; 32]) -> u64 {
    let hash: [u8; 32] =
        Sha256::new_with_prefix(key).chain_update([round]).chain_update(half.to_be_bytes()).finalize().into();
    hash.first_chunk().copied().map_or(0, u64::from_be_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_lead_back_and_cannot_be_made_up() {
        let key = [9; 32];
        for number in [1, 2, 77, u64::MAX] {
            let id = id(number, &key);
            assert_eq!(seq(&id, &key), Some(number));
            assert_eq!(seq(&id, &[8; 32]), None);
        }
        assert_eq!(seq("00000000000000000000000000000001", &key), None);
        assert_eq!(seq("x", &key), None);
    }
}
