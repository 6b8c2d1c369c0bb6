//! Numbers that look random and are the same whenever they are asked for: SplitMix64's output function over a seed and what is
//! asked about (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", OOPSLA 2014). Not for secrets.
//!
//! Asking by key, and not one after the other, gives the same patient the same luck whether scans are fast or slow: what
//! differs between two simulations is then the scanner alone.

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// The number that belongs to a key.
pub(super) fn roll(key: [u64; 4]) -> u64 {
    key.iter().fold(GOLDEN, |state, part| mix(state ^ part.wrapping_add(1).wrapping_mul(GOLDEN)))
}

/// One of `n`; 0 of none.
pub(super) fn pick(key: [u64; 4], n: usize) -> usize {
    let wide = u128::from(roll(key)) * (n as u128);
    usize::try_from(wide >> 64).unwrap_or_default()
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_the_key_counts_and_shares_are_near() {
        assert_ne!(roll([1, 2, 3, 4]), roll([1, 2, 4, 3]));
        assert_ne!(roll([0, 0, 0, 0]), roll([0, 0, 0, 1]));
        assert_eq!(roll([1, 2, 3, 4]), roll([1, 2, 3, 4]));
        let mut counts = [0_u32; 5];
        for n in 0..50_000 {
            counts[pick([7, 0, n, 0], 5)] += 1;
        }
        assert!(counts.iter().all(|count| (9_500..10_500).contains(count)), "{counts:?}");
        assert_eq!(pick([1, 1, 1, 1], 0), 0);
    }
}
