//! Soft threshold of wavelet coefficients under a random cyclic shift per iteration ("cycle spinning"), sparing
//! the coarsest band. Figueiredo, Nowak, IEEE TIP 12:906 (2003); shifts drawn from a seed.

use super::soft_threshold;
use crate::grid::{C32, Grid, ZERO};
use crate::linop::{LinearOperator, Wavelet};
use crate::random::Random;

/// The prox of `λ‖Wx‖₁` with its buffers.
pub struct WaveletThreshold {
    wavelet: Wavelet,
    random: Random,
    coefficients: Vec<C32>,
    buffer: Vec<C32>,
}

impl WaveletThreshold {
    /// For planes of size `grid`; `seed` draws the shifts.
    pub fn new(grid: Grid, seed: u64) -> Self {
        let wavelet = Wavelet::new(grid, 16);
        let size = wavelet.range();
        let random = Random::new(seed);
        Self { wavelet, random, coefficients: vec![ZERO; size], buffer: vec![ZERO; size] }
    }

    /// Replaces `x` by its prox with threshold `lambda`, at iteration `iteration`'s shift.
    pub fn apply(&mut self, iteration: usize, x: &mut [C32], lambda: f32) {
        let mut draw = self.random.part(iteration as u64);
        let span = 1 << self.wavelet.levels();
        let shifted = self.wavelet.shifted(draw.below(span), draw.below(span));
        shifted.analyse(x, &mut self.coefficients, &mut self.buffer);
        let (plane, coarsest) = (shifted.coefficients(), shifted.coarsest());
        for (row, line) in self.coefficients.chunks_exact_mut(plane.cols).enumerate() {
            let spared = if row < coarsest.rows { coarsest.cols } else { 0 };
            soft_threshold(line.split_at_mut(spared).1, lambda);
        }
        shifted.synthesise(&mut self.coefficients, x, &mut self.buffer);
    }

    /// `‖Wx‖₁` without the coarsest band, at iteration `iteration`'s shift: what [`WaveletThreshold::apply`] makes smaller.
    pub fn value(&mut self, iteration: usize, x: &[C32]) -> f64 {
        let mut draw = self.random.part(iteration as u64);
        let span = 1 << self.wavelet.levels();
        let shifted = self.wavelet.shifted(draw.below(span), draw.below(span));
        shifted.analyse(x, &mut self.coefficients, &mut self.buffer);
        let (plane, coarsest) = (shifted.coefficients(), shifted.coarsest());
        let lines = self.coefficients.chunks_exact(plane.cols).enumerate();
        let details = lines
            .flat_map(|(row, line)| line.iter().skip(if row < coarsest.rows { coarsest.cols } else { 0 }));
        details.map(|value| f64::from(value.norm())).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_threshold_changes_nothing_and_a_large_one_leaves_the_coarsest_band() {
        let grid = Grid::new(64, 48);
        let x = Random::new(3).normals(grid.pixels());
        let mut kept = x.clone();
        let mut prox = WaveletThreshold::new(grid, 1);
        prox.apply(0, &mut kept, 0.0);
        assert!(kept.iter().zip(&x).all(|(a, b)| (a - b).norm() < 1e-5));
        let mut flat = vec![C32::new(2.0, 1.0); grid.pixels()];
        prox.apply(1, &mut flat, 1e6);
        assert!(flat.iter().all(|v| (v - C32::new(2.0, 1.0)).norm() < 1e-4));
    }
}
