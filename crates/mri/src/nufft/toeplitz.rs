//! `AᴴA` of a non-uniform transform as a convolution: `(AᴴA x)(r) = 1/N Σ_r' T(r − r') x(r')` with
//! `T(l) = Σ_j w_j e^{2πi k_j·l/N}`, done circularly on a grid of twice the size.

use super::Nufft;
use crate::fft::{Fft1, Fft2, transpose};
use crate::grid::{C32, Grid, ZERO};
use crate::linop::LinearOperator;

/// The normal operator of fixed sample positions and weights.
pub struct Toeplitz {
    grid: Grid,
    double: Grid,
    /// Transform of `T` over the sizes, transposed; real because `T` is Hermitian.
    spectrum: Vec<f32>,
    along_cols: Fft1,
    along_rows: Fft1,
}

/// Buffers of one application.
pub struct Buffers {
    /// The rows that hold image, at full width.
    image: Vec<C32>,
    /// A band of columns as rows, at full length.
    band: Vec<C32>,
    /// The part of a band that holds image, and its transpose.
    turned: Vec<C32>,
    piece: Vec<C32>,
    scratch: Vec<C32>,
}

impl Toeplitz {
    /// For `points` in cycles per field of view and a weight for each (1 for the plain normal operator).
    pub fn new(grid: Grid, points: &[(f32, f32)], weights: &[f32]) -> Self {
        Self::of(&Nufft::new(grid, points), points, weights)
    }

    /// Of a transform to the same `points`. `T` has lags on twice the grid: its quarters are four adjoints on the plain one,
    /// with the weights turned to where the quarter lies, so that no larger transform is planned or held.
    pub fn of(transform: &Nufft, points: &[(f32, f32)], weights: &[f32]) -> Self {
        let grid = transform.grid();
        let double = Grid::new(2 * grid.rows, 2 * grid.cols);
        // The adjoint's 1/√N and the convolution's 1/N and 1/(4N).
        let scale = 1.0 / (grid.pixels() as f32).sqrt() / double.pixels() as f32;
        let plan = Fft2::new(double);
        let mut buffers = plan.buffers();
        let mut quarter = vec![ZERO; grid.pixels()];
        for (lower, right) in [(false, false), (false, true), (true, false), (true, true)] {
            // Lags from 0 on lie first, the negative ones from n on, as a circular convolution needs them.
            let shift = |n: usize, negative: bool| {
                let half = (n / 2) as f64;
                (if negative { half - n as f64 } else { half }) / n as f64
            };
            let (by_row, by_col) = (shift(grid.rows, lower), shift(grid.cols, right));
            let turned: Vec<C32> = points
                .iter()
                .zip(weights)
                .map(|((u, v), weight)| {
                    let turns = (f64::from(*u) * by_row + f64::from(*v) * by_col).fract();
                    let (sin, cos) = (std::f64::consts::TAU * turns).sin_cos();
                    C32::new(cos as f32, sin as f32) * (weight * scale)
                })
                .collect();
            transform.adjoint(&turned, &mut quarter);
            let first = if lower { grid.rows } else { 0 };
            let start = if right { grid.cols } else { 0 };
            let lines = buffers.image.chunks_exact_mut(double.cols).skip(first);
            for (line, from) in lines.zip(quarter.chunks_exact(grid.cols)) {
                line.iter_mut().skip(start).zip(from).for_each(|(to, from)| *to = *from);
            }
        }
        drop(quarter);
        plan.forward(&mut buffers);
        let spectrum = buffers.kspace.iter().map(|v| v.re).collect();
        Self {
            grid,
            double,
            spectrum,
            along_cols: Fft1::new(double.cols),
            along_rows: Fft1::new(double.rows),
        }
    }

    /// An upper bound of `‖AᴴA‖`.
    pub fn bound(&self) -> f64 {
        let sizes = self.spectrum.iter().map(|v| f64::from(*v));
        sizes.fold(0.0, f64::max) * self.double.pixels() as f64
    }

    /// Buffers for [`Toeplitz::apply`].
    pub fn buffers(&self) -> Buffers {
        let scratch = self.along_cols.scratch().len().max(self.along_rows.scratch().len());
        Buffers {
            image: vec![ZERO; self.grid.rows * self.double.cols],
            band: vec![ZERO; BAND * self.double.rows],
            turned: vec![ZERO; BAND * self.grid.rows],
            piece: vec![ZERO; BAND * self.grid.rows],
            scratch: vec![ZERO; scratch],
        }
    }

    /// Replaces `plane` by `AᴴA plane`. Only the rows that hold image are transformed along the columns, and the columns
    /// are taken a band at a time, there and back, so that the doubled plane is never held.
    pub fn apply(&self, plane: &mut [C32], buffers: &mut Buffers) {
        let (cols, wide) = (self.grid.cols, self.double.cols);
        buffers.image.fill(ZERO);
        for (line, wide) in plane.chunks_exact(cols).zip(buffers.image.chunks_exact_mut(wide)) {
            wide.iter_mut().zip(line).for_each(|(to, from)| *to = *from);
        }
        self.along_cols.forward(&mut buffers.image, &mut buffers.scratch);
        for (number, weights) in self.spectrum.chunks(BAND * self.double.rows).enumerate() {
            self.convolve(number * BAND, weights, buffers);
        }
        self.along_cols.backward(&mut buffers.image, &mut buffers.scratch);
        for (line, wide) in plane.chunks_exact_mut(cols).zip(buffers.image.chunks_exact(wide)) {
            line.iter_mut().zip(wide).for_each(|(to, from)| *to = *from);
        }
    }

    /// Transform, weights and transform back along the columns from `first` on, as many as there are weights for.
    fn convolve(&self, first: usize, weights: &[f32], buffers: &mut Buffers) {
        let Buffers { image, band, turned, piece, scratch } = buffers;
        let (rows, length, wide) = (self.grid.rows, self.double.rows, self.double.cols);
        let count = weights.len() / length;
        let block = Grid::new(rows, count);
        let (band, turned, piece) = (
            band.split_at_mut(weights.len()).0,
            turned.split_at_mut(block.pixels()).0,
            piece.split_at_mut(block.pixels()).0,
        );
        for (piece, line) in piece.chunks_exact_mut(count).zip(image.chunks_exact(wide)) {
            piece.iter_mut().zip(line.iter().skip(first)).for_each(|(to, from)| *to = *from);
        }
        transpose(piece, turned, block);
        for (row, turned) in band.chunks_exact_mut(length).zip(turned.chunks_exact(rows)) {
            let (image, rest) = row.split_at_mut(rows);
            image.copy_from_slice(turned);
            rest.fill(ZERO);
        }
        self.along_rows.forward(band, scratch);
        band.iter_mut().zip(weights).for_each(|(value, weight)| *value *= *weight);
        self.along_rows.backward(band, scratch);
        for (row, turned) in band.chunks_exact(length).zip(turned.chunks_exact_mut(rows)) {
            turned.copy_from_slice(row.split_at(rows).0);
        }
        transpose(turned, piece, block.transposed());
        for (piece, line) in piece.chunks_exact(count).zip(image.chunks_exact_mut(wide)) {
            line.iter_mut().skip(first).zip(piece).for_each(|(to, from)| *to = *from);
        }
    }
}

/// Columns handled together: wide enough for whole cache lines, few enough to stay in the cache.
const BAND: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::norm;
    use crate::linop::check;
    use crate::random::Random;
    use crate::sampling::radial_spokes;

    struct Plain(Toeplitz);

    impl LinearOperator for Plain {
        fn domain(&self) -> usize {
            self.0.grid.pixels()
        }
        fn range(&self) -> usize {
            self.domain()
        }
        fn forward(&self, x: &[C32], y: &mut [C32]) {
            y.copy_from_slice(x);
            self.0.apply(y, &mut self.0.buffers());
        }
        fn adjoint(&self, y: &[C32], x: &mut [C32]) {
            self.forward(y, x); // Hermitian
        }
    }

    #[test]
    fn equals_forward_and_adjoint_to_1e_3_and_is_hermitian() {
        for grid in [Grid::new(32, 32), Grid::new(23, 30)] {
            let points = radial_spokes(grid.rows.min(grid.cols), 64, 20).points;
            let operator = Nufft::new(grid, &points);
            let toeplitz = Toeplitz::new(grid, &points, &vec![1.0; points.len()]);
            let x = Random::new(2).normals(grid.pixels());
            let (mut direct, mut short) = (x.clone(), x.clone());
            operator.normal(&x, &mut direct);
            toeplitz.apply(&mut short, &mut toeplitz.buffers());
            let apart: Vec<C32> = direct.iter().zip(&short).map(|(a, b)| a - b).collect();
            assert!(norm(&apart) / norm(&direct) < 1e-3, "{}", norm(&apart) / norm(&direct));
            let normal = |x: &[C32], out: &mut [C32]| operator.normal(x, out);
            let top = crate::alg::largest_eigenvalue(&normal, grid.pixels(), 40);
            assert!(
                top <= 1.001 * toeplitz.bound() && toeplitz.bound() < 3.0 * top,
                "{top} {}",
                toeplitz.bound()
            );
            assert!(check::adjoint_gap(&Plain(toeplitz), 3) < 1e-5);
        }
    }
}
