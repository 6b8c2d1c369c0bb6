//! The Merkle tree of RFC 9162 §2.1, kept as its frontier: the roots of the complete subtrees, largest first.

use sha2::{Digest as _, Sha256};

/// A SHA-256 hash.
pub(crate) type Hash = [u8; 32];

/// The tree over all leaves appended so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tree {
    size: u64,
    /// One root for each bit set in `size`, largest subtree first.
    frontier: Vec<Hash>,
}

impl Tree {
    /// The tree of that size and frontier; `None` when they do not belong together.
    pub(crate) fn of(size: u64, frontier: &[u8]) -> Option<Self> {
        let (roots, rest) = frontier.as_chunks::<32>();
        (rest.is_empty() && roots.len() == size.count_ones() as usize)
            .then(|| Self { size, frontier: roots.to_vec() })
    }

    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// The frontier as bytes.
    pub(crate) fn frontier(&self) -> &[u8] {
        self.frontier.as_flattened()
    }

    /// Appends a leaf hash.
    pub(crate) fn append(&mut self, leaf: Hash) {
        let mut node = leaf;
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.frontier.pop() {
                node = parent(&left, &node);
            }
        }
        self.frontier.push(node);
        self.size += 1;
    }

    /// The root: of the empty tree, the hash of nothing.
    pub(crate) fn root(&self) -> Hash {
        let mut roots = self.frontier.iter().rev().copied();
        let Some(last) = roots.next() else { return Sha256::digest([]).into() };
        roots.fold(last, |right, left| parent(&left, &right))
    }
}

/// The hash of a leaf's content.
pub(crate) fn leaf(content: &[u8]) -> Hash {
    Sha256::new_with_prefix([0]).chain_update(content).finalize().into()
}

fn parent(left: &Hash, right: &Hash) -> Hash {
    Sha256::new_with_prefix([1]).chain_update(left).chain_update(right).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition of RFC 9162 §2.1.1, word for word.
    fn by_definition(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Sha256::digest([]).into(),
            [one] => *one,
            many => {
                let split = 1 << (usize::BITS - 1 - (many.len() - 1).leading_zeros());
                parent(&by_definition(&many[..split]), &by_definition(&many[split..]))
            }
        }
    }

    #[test]
    fn the_frontier_gives_the_root_of_the_definition() {
        let leaves: Vec<Hash> = (0..130_u32).map(|n| leaf(&n.to_be_bytes())).collect();
        let mut tree = Tree::default();
        for (at, leaf) in leaves.iter().enumerate() {
            assert_eq!(tree.root(), by_definition(&leaves[..at]));
            tree.append(*leaf);
            assert_eq!(Tree::of(tree.size(), tree.frontier()).unwrap(), tree);
        }
        assert!(Tree::of(3, &[0; 32]).is_none());
    }
}
