//! Weights as they are asked for and named in what they made: by name, version and the hash of their file.

use super::Learned;
use std::fmt;

/// The weights of this version, taken for the learned method where no others are given. How they were made and how they stand
/// beside the classic methods: `docs/imaging.md`.
pub const SHIPPED: &[u8] = include_bytes!("../../weights/bevan-2026-11.safetensors");

/// A network with the hash of the file it was read from.
#[derive(Clone, Copy)]
pub struct Weights<'a> {
    /// The network and its card.
    pub learned: &'a Learned,
    /// Hash of the file, in hexadecimal.
    pub sha256: &'a str,
}

/// Name, version where the card has one, and hash: what an image says of the weights that made it.
impl fmt::Display for Weights<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let card = &self.learned.card;
        write!(f, "{}", card.name)?;
        if let Some(version) = &card.version {
            write!(f, " {version}")?;
        }
        write!(f, ", SHA-256 {}", self.sha256)
    }
}

/// The same, and nothing of the numbers: identifiers are made from it.
impl fmt::Debug for Weights<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl PartialEq for Weights<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.sha256 == other.sha256
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_in_the_folder_is_what_is_shipped_and_can_be_read() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/weights");
        let entries = std::fs::read_dir(folder).into_iter().flatten();
        let paths = entries.map(|entry| entry.unwrap().path());
        let files: Vec<Vec<u8>> = paths
            .filter(|path| path.extension().is_some_and(|ending| ending == "safetensors"))
            .map(|path| std::fs::read(path).unwrap())
            .collect();
        assert_eq!(files, [SHIPPED]);
        let card = Learned::read(SHIPPED).unwrap().card;
        assert_eq!(card.name, "bevan-2026-11");
        assert!(card.interval.is_some() && card.acceleration.holds(4.0) && card.matrix.holds(320.0));
        assert!(SHIPPED.len() < 4 << 20, "a few megabytes at most");
    }
}
