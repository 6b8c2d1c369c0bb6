//! Locally low rank: soft threshold of the singular values of (block pixels × frames) matrices, blocks shifted at
//! random each iteration. Trzasko, Manduca, ISMRM 2011, 4371; block singular values by the frames' Gram matrix.

use crate::grid::{C32, Grid, ZERO};
use crate::linalg::{C64, hermitian_eigen};
use crate::random::Random;

/// The prox of `λ Σ_blocks ‖·‖_*` over a series of frames.
pub struct LowRank {
    grid: Grid,
    block: usize,
    random: Random,
}

impl LowRank {
    /// Blocks of `block` × `block` pixels; `seed` draws the shifts.
    pub fn new(grid: Grid, block: usize, seed: u64) -> Self {
        Self { grid, block: block.max(1), random: Random::new(seed) }
    }

    /// Replaces the frames in `x` (plane after plane) by their prox with threshold `lambda`.
    pub fn apply(&self, iteration: usize, x: &mut [C32], lambda: f32) {
        let mut draw = self.random.part(iteration as u64);
        let shift = (draw.below(self.block), draw.below(self.block));
        for row in 0..self.grid.rows.div_ceil(self.block) {
            for col in 0..self.grid.cols.div_ceil(self.block) {
                let pixels = self.pixels((row * self.block, col * self.block), shift);
                self.shrink(x, &pixels, lambda);
            }
        }
    }

    /// The sum of the blocks' singular values at iteration `iteration`'s shift: what [`LowRank::apply`] makes smaller.
    pub fn value(&self, iteration: usize, x: &[C32]) -> f64 {
        let mut draw = self.random.part(iteration as u64);
        let shift = (draw.below(self.block), draw.below(self.block));
        let rows = 0..self.grid.rows.div_ceil(self.block);
        let blocks = rows.flat_map(|row| (0..self.grid.cols.div_ceil(self.block)).map(move |col| (row, col)));
        let of = |(row, col)| {
            let pixels = self.pixels((row * self.block, col * self.block), shift);
            let block: Vec<Vec<C32>> = x
                .chunks_exact(self.grid.pixels())
                .map(|frame| pixels.iter().map(|i| frame.get(*i).copied().unwrap_or(ZERO)).collect())
                .collect();
            let eigen = hermitian_eigen(&gram(&block), block.len());
            eigen.map_or(0.0, |eigen| eigen.values.iter().map(|value| value.max(0.0).sqrt()).sum())
        };
        blocks.map(of).sum::<f64>()
    }

    /// Indices of a block's pixels after the cyclic shift.
    fn pixels(&self, (row, col): (usize, usize), shift: (usize, usize)) -> Vec<usize> {
        let Grid { rows, cols } = self.grid;
        let row_range = row..(row + self.block).min(rows);
        let col_range = col..(col + self.block).min(cols);
        let place = |r: usize, c: usize| ((r + shift.0) % rows) * cols + (c + shift.1) % cols;
        row_range.flat_map(|r| col_range.clone().map(move |c| place(r, c))).collect()
    }

    fn shrink(&self, x: &mut [C32], pixels: &[usize], lambda: f32) {
        let frames = x.len() / self.grid.pixels().max(1);
        let block: Vec<Vec<C32>> = x
            .chunks_exact(self.grid.pixels())
            .map(|frame| pixels.iter().map(|i| frame.get(*i).copied().unwrap_or(ZERO)).collect())
            .collect();
        let Some(weights) = shrinkage(&block, lambda) else { return };
        let outputs = x.chunks_exact_mut(self.grid.pixels()).zip(weights.chunks_exact(frames));
        for (frame, weights) in outputs {
            for (at, index) in pixels.iter().enumerate() {
                let sum = block.iter().zip(weights).filter_map(|(from, w)| from.get(at).map(|v| v * w)).sum();
                if let Some(value) = frame.get_mut(*index) {
                    *value = sum;
                }
            }
        }
    }
}

/// Row `t` holds the weights of the frames that make the new frame `t`: `w[t][s] = Σ_i max(0, 1 − λ/σ_i) v_i[s] v̄_i[t]`
/// over the right singular vectors `v_i`.
fn shrinkage(block: &[Vec<C32>], lambda: f32) -> Option<Vec<C32>> {
    let frames = block.len();
    let eigen = hermitian_eigen(&gram(block), frames)?;
    let mut weights = vec![ZERO; frames * frames];
    for (value, vector) in eigen.values.iter().zip(eigen.vectors()) {
        let keep = 1.0 - f64::from(lambda) / value.max(0.0).sqrt().max(f64::MIN_POSITIVE);
        if keep > 0.0 {
            for (row, to) in weights.chunks_exact_mut(frames).zip(vector) {
                for (weight, from) in row.iter_mut().zip(vector) {
                    let product = to.conj() * from * keep;
                    *weight += C32::new(product.re as f32, product.im as f32);
                }
            }
        }
    }
    Some(weights)
}

/// Inner products of the frames.
fn gram(block: &[Vec<C32>]) -> Vec<C64> {
    let inner = |a: &[C32], b: &[C32]| -> C64 {
        a.iter().zip(b).map(|(a, b)| a.conj() * b).fold(C64::new(0.0, 0.0), |sum, v| sum + widen(v))
    };
    block.iter().flat_map(|a| block.iter().map(move |b| inner(a, b))).collect()
}

fn widen(value: C32) -> C64 {
    C64::new(value.re.into(), value.im.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_series_of_rank_one_loses_lambda_of_its_singular_value() {
        let grid = Grid::new(4, 4);
        let mut random = Random::new(5);
        let (pixels, frames) = (random.normals(16), random.normals(3));
        let x: Vec<C32> = frames.iter().flat_map(|f| pixels.iter().map(move |p| p * f)).collect();
        let sigma = x.iter().map(C32::norm_sqr).sum::<f32>().sqrt();
        let mut shrunk = x.clone();
        LowRank::new(grid, 4, 1).apply(0, &mut shrunk, 0.3 * sigma);
        for (s, x) in shrunk.iter().zip(&x) {
            assert!((s - x * 0.7).norm() < 1e-5 * sigma, "{s} {x}");
        }
    }

    #[test]
    fn the_value_of_rank_one_is_its_singular_value() {
        let grid = Grid::new(4, 4);
        let mut random = Random::new(5);
        let (pixels, frames) = (random.normals(16), random.normals(3));
        let x: Vec<C32> = frames.iter().flat_map(|f| pixels.iter().map(move |p| p * f)).collect();
        let sigma = f64::from(x.iter().map(C32::norm_sqr).sum::<f32>().sqrt());
        assert!((LowRank::new(grid, 4, 1).value(0, &x) - sigma).abs() < 1e-3 * sigma);
    }

    #[test]
    fn no_threshold_changes_nothing_at_sizes_that_do_not_divide() {
        let grid = Grid::new(7, 10);
        let x = Random::new(6).normals(4 * 70);
        let mut kept = x.clone();
        LowRank::new(grid, 4, 2).apply(3, &mut kept, 0.0);
        assert!(kept.iter().zip(&x).all(|(a, b)| (a - b).norm() < 1e-5));
    }
}
