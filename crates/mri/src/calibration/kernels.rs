//! From calibration data to the coil covariance of every pixel.
//!
//! Patches of `k × k` samples in all coils span a subspace with projector `P`. A k-space whose patches all lie in it
//! satisfies `y = Wy`, where `W` averages `P` over the patches that hold a sample: a convolution, and so per pixel `r`
//! the matrix `G_cd(r) = k⁻² Σ_{p,q} P_(c,p),(d,q) e^{−2πi (q−p)·r}`, band-limited to lags of ±(k−1).

use crate::fft::Fft1;
use crate::grid::{C32, Grid, Stack, ZERO};
use crate::linalg::{C64, hermitian_eigen};
use std::f64::consts::TAU;

/// Sums of the projector over equal lags, for each pair of coils `d ≤ c`.
pub struct Kernels {
    side: usize,
    /// Per pair `(2·side−1)²` lags, rows first.
    lags: Vec<Vec<C64>>,
}

impl Kernels {
    /// The signal subspace: directions whose squared singular value exceeds `threshold` times the largest.
    pub fn learn(calibration: &Stack, side: usize, threshold: f64) -> Option<Self> {
        let coils = calibration.count;
        let patches = patches(calibration, side)?;
        let width = coils * side * side;
        let basis = signal_space(&patches, width, threshold)?;
        let mut projector = vec![C64::new(0.0, 0.0); width * width];
        for vector in basis.chunks_exact(width) {
            for (i, (line, a)) in projector.chunks_exact_mut(width).zip(vector).enumerate() {
                // Rows of later coils against columns of earlier ones are all that is read.
                let until = (i / (side * side) + 1) * side * side;
                line.iter_mut().zip(vector).take(until).for_each(|(p, b)| *p += a * b.conj());
            }
        }
        Some(Self { side, lags: lag_sums(&projector, coils, side) })
    }

    /// Prepares the covariance rows of an image of size `grid`.
    pub fn rows(&self, grid: Grid) -> Rows<'_> {
        let pairs = self.lags.len();
        let plan = Fft1::new(grid.cols);
        let scratch = plan.scratch();
        Rows { kernels: self, grid, plan, scratch, line: vec![ZERO; pairs * grid.cols] }
    }
}

/// Computes the covariance of one image row at a time.
pub struct Rows<'a> {
    kernels: &'a Kernels,
    grid: Grid,
    plan: Fft1,
    scratch: Vec<C32>,
    line: Vec<C32>,
}

impl Rows<'_> {
    /// `G_cd` of every pixel of a row, pair by pair: (0,0), (1,0), (1,1), (2,0), …
    pub fn at(&mut self, row: usize) -> &[C32] {
        let (side, Grid { rows, cols }) = (self.kernels.side, self.grid);
        let span = 2 * side - 1;
        let lag = |i: usize| i as f64 - (side - 1) as f64;
        let place = row as f64 - (rows / 2) as f64;
        let turns: Vec<C64> =
            (0..span).map(|i| C64::from_polar(1.0, -TAU * lag(i) * place / rows as f64)).collect();
        let centre = (cols / 2) as f64;
        let shifts: Vec<C64> =
            (0..span).map(|i| C64::from_polar(1.0, TAU * lag(i) * centre / cols as f64)).collect();
        self.line.fill(ZERO);
        for (line, lags) in self.line.chunks_exact_mut(cols).zip(&self.kernels.lags) {
            for (i, shift) in shifts.iter().enumerate() {
                let column = lags.iter().skip(i).step_by(span);
                let sum = column.zip(&turns).map(|(w, turn)| w * turn).sum::<C64>() * shift;
                let index = (i + cols - (side - 1) % cols) % cols;
                if let Some(value) = line.get_mut(index) {
                    *value += C32::new(sum.re as f32, sum.im as f32);
                }
            }
        }
        self.plan.forward(&mut self.line, &mut self.scratch);
        &self.line
    }
}

/// All patches as rows: coil by coil, patch row by patch row.
fn patches(calibration: &Stack, side: usize) -> Option<Vec<Vec<C64>>> {
    let Grid { rows, cols } = calibration.grid;
    if rows < side || cols < side || side == 0 {
        return None;
    }
    let widen = |v: &C32| C64::new(v.re.into(), v.im.into());
    let patch = |row: usize, col: usize| -> Vec<C64> {
        calibration
            .planes()
            .flat_map(|plane| {
                let lines = plane.chunks_exact(cols).skip(row).take(side);
                lines.flat_map(move |line| line.iter().skip(col).take(side).map(widen))
            })
            .collect()
    };
    Some(
        (0..=rows - side)
            .flat_map(|row| (0..=cols - side).map(move |col| (row, col)))
            .map(|(r, c)| patch(r, c))
            .collect(),
    )
}

/// Orthonormal rows that span the signal, by the eigenvectors of the smaller Gram matrix.
fn signal_space(patches: &[Vec<C64>], width: usize, threshold: f64) -> Option<Vec<C64>> {
    let few = patches.len() < width;
    let size = if few { patches.len() } else { width };
    let mut gram = vec![C64::new(0.0, 0.0); size * size];
    if few {
        for (line, a) in gram.chunks_exact_mut(size).zip(patches) {
            for (g, b) in line.iter_mut().zip(patches) {
                *g = a.iter().zip(b).map(|(a, b)| a.conj() * b).sum();
            }
        }
    } else {
        for patch in patches {
            for (i, (line, a)) in gram.chunks_exact_mut(size).zip(patch).enumerate() {
                line.iter_mut().zip(patch).take(i + 1).for_each(|(g, b)| *g += a * b.conj());
            }
        }
        mirror(&mut gram, size);
    }
    let eigen = hermitian_eigen(&gram, size)?;
    let top = eigen.values.last().copied().filter(|top| *top > 0.0)?;
    let mut basis = Vec::new();
    for (value, vector) in eigen.values.iter().zip(eigen.vectors()) {
        if *value <= threshold * top {
            continue;
        }
        if few {
            let mut sum = vec![C64::new(0.0, 0.0); width];
            for (patch, weight) in patches.iter().zip(vector) {
                let weight = weight / value.sqrt();
                sum.iter_mut().zip(patch).for_each(|(s, a)| *s += a * weight);
            }
            basis.extend(sum);
        } else {
            basis.extend_from_slice(vector);
        }
    }
    Some(basis)
}

/// Fills the upper triangle from the lower.
fn mirror(gram: &mut [C64], size: usize) {
    let lower = gram.to_vec();
    for (i, line) in gram.chunks_exact_mut(size).enumerate() {
        let column = lower.iter().skip(i).step_by(size);
        line.iter_mut().zip(column).skip(i + 1).for_each(|(g, below)| *g = below.conj());
    }
}

fn lag_sums(projector: &[C64], coils: usize, side: usize) -> Vec<Vec<C64>> {
    let (patch, span) = (side * side, 2 * side - 1);
    let width = coils * patch;
    let mut pairs = Vec::with_capacity(coils * (coils + 1) / 2);
    for c in 0..coils {
        for d in 0..=c {
            let mut lags = vec![C64::new(0.0, 0.0); span * span];
            let block = projector.chunks_exact(width).skip(c * patch).take(patch);
            for (p, line) in block.enumerate() {
                for (q, value) in line.iter().skip(d * patch).take(patch).enumerate() {
                    // Lag q − p, moved to start at 0.
                    let row = q / side + side - 1 - p / side;
                    let col = q % side + side - 1 - p % side;
                    if let Some(sum) = lags.get_mut(row * span + col) {
                        *sum += value / patch as f64;
                    }
                }
            }
            pairs.push(lags);
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn a_full_space_gives_the_identity_in_every_pixel() {
        let calibration = Stack::from_values(Grid::new(9, 9), Random::new(1).normals(2 * 81)).unwrap();
        let kernels = Kernels::learn(&calibration, 2, 0.0).unwrap();
        let mut rows = kernels.rows(Grid::new(5, 7));
        for row in 0..5 {
            let line = rows.at(row);
            for (pair, values) in line.chunks_exact(7).enumerate() {
                let expected = if pair == 1 { 0.0 } else { 1.0 };
                assert!(values.iter().all(|v| (v - C32::new(expected, 0.0)).norm() < 1e-5));
            }
        }
    }
}
