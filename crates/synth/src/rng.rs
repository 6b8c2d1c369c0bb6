//! A small random generator: SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators",
//! OOPSLA 2014). Its only input is a seed; the same seed gives the same numbers on every machine, because
//! nothing here calls a function of the platform's mathematics library (no logarithm, no cosine).
//!
//! Not for secrets. A keyed generator (`seed`, `topic`, `index`) lets any person be made without the others.

/// One stream of random numbers.
#[derive(Clone, Debug)]
pub struct Rng(u64);

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Rng {
    /// The stream of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(mix(seed ^ GOLDEN))
    }

    /// The stream of one topic and index under a seed: independent of every other topic and index.
    #[must_use]
    pub fn keyed(seed: u64, topic: &str, index: u64) -> Self {
        let topic = topic.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
        });
        Self(mix(mix(seed.wrapping_add(GOLDEN))
            ^ mix(topic)
            ^ mix(index.wrapping_mul(GOLDEN).wrapping_add(1))))
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        mix(self.0)
    }

    /// A whole number in `0..n`; 0 when `n` is 0. The bias of the multiplication is below n/2⁶⁴.
    pub fn below(&mut self, n: u64) -> u64 {
        let wide = u128::from(self.bits()) * u128::from(n);
        (wide >> 64) as u64
    }

    /// A whole number in `low..=high`; `low` when the range is empty.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        if high <= low {
            return low;
        }
        low + self.below((high - low) as u64 + 1) as i64
    }

    /// A number in `[0, 1)` with 53 bits.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True with probability `p`.
    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// A bell-shaped number: the sum of eight uniforms, scaled. Never beyond 4.9 standard deviations.
    pub fn bell(&mut self, mean: f64, deviation: f64) -> f64 {
        let sum: f64 = (0..8).map(|_| self.unit()).sum();
        mean + (sum - 4.0) * 1.224_744_871_391_589 * deviation
    }

    /// A number between `low` and `high` whose density falls towards `high`; a higher `skew` falls faster.
    pub fn skewed(&mut self, low: f64, high: f64, skew: u32) -> f64 {
        let unit = self.unit();
        low + (high - low) * (0..skew).fold(1.0, |power, _| power * unit)
    }

    /// One of the items, each as likely; the default of the type when there is none.
    pub fn pick<T: Copy + Default>(&mut self, items: &[T]) -> T {
        let at = self.below(items.len() as u64) as usize;
        items.get(at).copied().unwrap_or_default()
    }

    /// One of the items, the earlier the likelier, as names are in a population.
    pub fn pick_early<T: Copy + Default>(&mut self, items: &[T]) -> T {
        let at = (self.skewed(0.0, 1.0, 2) * items.len() as f64) as usize;
        items.get(at).copied().unwrap_or_default()
    }

    /// One of the items by weight.
    pub fn weighted<T: Copy + Default>(&mut self, items: &[(T, u32)]) -> T {
        let total: u64 = items.iter().map(|(_, weight)| u64::from(*weight)).sum();
        let mut left = self.below(total);
        for (item, weight) in items {
            let weight = u64::from(*weight);
            if left < weight {
                return *item;
            }
            left -= weight;
        }
        T::default()
    }

    /// Puts the items in a random order (Fisher and Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at as u64 + 1) as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_fixes_the_stream() {
        let first: Vec<u64> = (0..4)
            .map({
                let mut r = Rng::new(7);
                move |_| r.bits()
            })
            .collect();
        let again: Vec<u64> = (0..4)
            .map({
                let mut r = Rng::new(7);
                move |_| r.bits()
            })
            .collect();
        let other: Vec<u64> = (0..4)
            .map({
                let mut r = Rng::new(8);
                move |_| r.bits()
            })
            .collect();
        assert_eq!(first, again);
        assert_ne!(first, other);
        assert_ne!(Rng::keyed(7, "a", 1).bits(), Rng::keyed(7, "a", 2).bits());
        assert_ne!(Rng::keyed(7, "a", 1).bits(), Rng::keyed(7, "b", 1).bits());
    }

    #[test]
    fn shares_are_near_what_was_asked() {
        let mut rng = Rng::new(1);
        let hits = (0..100_000).filter(|_| rng.chance(0.3)).count();
        assert!((29_000..31_000).contains(&hits), "{hits}");
        let mut counts = [0_u32; 5];
        for _ in 0..50_000 {
            counts[rng.below(5) as usize] += 1;
        }
        assert!(counts.iter().all(|count| (9_500..10_500).contains(count)), "{counts:?}");
        let mean = (0..50_000).map(|_| rng.bell(10.0, 2.0)).sum::<f64>() / 50_000.0;
        assert!((9.9..10.1).contains(&mean), "{mean}");
    }

    #[test]
    fn empty_choices_do_not_panic() {
        let mut rng = Rng::new(1);
        assert_eq!(rng.pick::<u8>(&[]), 0);
        assert_eq!(rng.weighted::<u8>(&[]), 0);
        assert_eq!(rng.between(5, 4), 5);
    }
}
