//! Proximal maps: `argmin_u ½‖u − x‖² + λ R(u)` for the regularisers of the field.

mod low_rank;
mod total_variation;
mod wavelet;

pub use low_rank::LowRank;
pub use total_variation::TotalVariation;
pub use wavelet::WaveletThreshold;

use crate::grid::C32;

/// Soft threshold of complex values: `max(0, 1 − λ/|x|) x`, the prox of `λ‖x‖₁`.
pub fn soft_threshold(x: &mut [C32], lambda: f32) {
    for value in x {
        let size = value.norm_sqr().sqrt();
        *value *= (size - lambda).max(0.0) / size.max(f32::MIN_POSITIVE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn shrinks_the_magnitude_and_keeps_the_phase() {
        let mut x = [C32::new(3.0, 4.0), C32::new(0.1, -0.1), C32::new(0.0, 0.0)];
        soft_threshold(&mut x, 1.0);
        assert!((x[0] - C32::new(2.4, 3.2)).norm() < 1e-6);
        assert_eq!(x[1], C32::new(0.0, 0.0));
        assert_eq!(x[2], C32::new(0.0, 0.0));
    }

    #[test]
    fn is_firmly_non_expansive() {
        let mut random = Random::new(2);
        for _ in 0..200 {
            let (a, b) = (random.normal() * 2.0, random.normal() * 2.0);
            let (mut p, mut q) = ([a], [b]);
            soft_threshold(&mut p, 0.7);
            soft_threshold(&mut q, 0.7);
            let inner = ((p[0] - q[0]).conj() * (a - b)).re;
            assert!((p[0] - q[0]).norm_sqr() <= inner + 1e-5);
        }
    }
}
