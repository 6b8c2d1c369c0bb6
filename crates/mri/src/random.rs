//! Seeded pseudo-random numbers that are a pure function of (seed, index): SplitMix64's output function.
//!
//! Counter-based, so that parts of a sample can be made in any order, on any number of threads, with the same
//! bits. Not for secrets. Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.

use crate::grid::C32;

/// SplitMix64's output function.
pub const fn splitmix64(state: u64) -> u64 {
    let mut z = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A stream of numbers from one seed.
#[derive(Debug, Clone)]
pub struct Random {
    base: u64,
    index: u64,
}

impl Random {
    /// The stream of `seed`.
    pub fn new(seed: u64) -> Self {
        Self { base: splitmix64(seed), index: 0 }
    }

    /// An independent stream for part `part` of this seed (a slice, a coil).
    pub fn part(&self, part: u64) -> Self {
        Self { base: splitmix64(self.base ^ splitmix64(part.wrapping_add(0x5DEE_CE66))), index: 0 }
    }

    /// Next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.index = self.index.wrapping_add(1);
        splitmix64(self.base.wrapping_add(self.index.wrapping_mul(0xA076_1D64_78BD_642F)))
    }

    /// Uniform in [0, 1).
    pub fn uniform(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Uniform integer below `bound` (0 when `bound` is 0).
    pub fn below(&mut self, bound: usize) -> usize {
        ((self.bits() as u128 * bound as u128) >> 64) as usize
    }

    /// Complex Gaussian, variance 1 in the real and in the imaginary part (Box–Muller).
    pub fn normal(&mut self) -> C32 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        let (sin, cos) = (std::f64::consts::TAU * self.uniform()).sin_cos();
        C32::new((radius * cos) as f32, (radius * sin) as f32)
    }

    /// `count` complex Gaussians.
    pub fn normals(&mut self, count: usize) -> Vec<C32> {
        (0..count).map(|_| self.normal()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splitmix64_gives_the_published_first_output() {
        // First output of the reference generator with state 1234567.
        assert_eq!(splitmix64(1_234_567), 6_457_827_717_110_365_317);
    }

    #[test]
    fn normals_have_mean_zero_and_variance_one() {
        let values = Random::new(7).normals(20_000);
        let mean: C32 = values.iter().sum::<C32>() / 20_000.0;
        let variance = values.iter().map(|v| f64::from(v.norm_sqr())).sum::<f64>() / 40_000.0;
        assert!(mean.norm() < 0.03 && (variance - 1.0).abs() < 0.03, "{mean} {variance}");
    }

    #[test]
    fn streams_differ_and_repeat() {
        let draw = |mut r: Random| (r.bits(), r.bits());
        let base = Random::new(1);
        assert_eq!(draw(base.part(3)), draw(Random::new(1).part(3)));
        assert_ne!(draw(base.part(3)), draw(base.part(4)));
    }
}
