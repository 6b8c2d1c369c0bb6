//! Forward and adjoint transforms of one plane by gridding. Samples are taken in their own order by one thread, so
//! sums are the same every time.

use super::KaiserBessel;
use super::kernel::Table;
use crate::fft;
use crate::grid::{C32, Grid, Stack, ZERO};
use crate::linop::LinearOperator;

/// Widest kernel.
const WIDEST: usize = 8;

/// The transform of one plane to fixed sample positions.
pub struct Nufft {
    grid: Grid,
    fine: Grid,
    width: usize,
    /// 1 over the kernel's transform along rows and columns, with the scale of the unitary transforms.
    rolloff: (Vec<f32>, Vec<f32>),
    /// What spreading and interpolating make of one sample for each cell of k-space.
    even: f32,
    samples: Vec<Sample>,
}

/// Where a sample's kernel begins on the fine grid, and its weights along both axes.
struct Sample {
    first: (usize, usize),
    rows: [f32; WIDEST],
    cols: [f32; WIDEST],
}

impl Nufft {
    /// To `points` (cycles per field of view along rows and columns), width 6 and two-fold oversampling.
    pub fn new(grid: Grid, points: &[(f32, f32)]) -> Self {
        Self::with_kernel(grid, points, KaiserBessel::new(6, 2.0))
    }

    /// With another kernel (at most 8 cells wide).
    pub fn with_kernel(grid: Grid, points: &[(f32, f32)], kernel: KaiserBessel) -> Self {
        let width = kernel.width.min(WIDEST);
        let even =
            |n: usize| 2 * ((n as f64 * kernel.oversampling / 2.0).ceil() as usize).max(width.div_ceil(2));
        let fine = Grid::new(even(grid.rows), even(grid.cols));
        // Interpolation reads values of a unitary transform of the fine grid: √(fine/coarse) undoes its scale.
        let undo = |n: usize, fine: usize| {
            let scale = (fine as f64 / n as f64).sqrt();
            let value = move |i: usize| {
                let place = (i as f64 - (n / 2) as f64) / fine as f64;
                (scale / kernel.rolloff(place)) as f32
            };
            (0..n).map(value).collect::<Vec<f32>>()
        };
        let rolloff = (undo(grid.rows, fine.rows), undo(grid.cols, fine.cols));
        let table = Table::of(&kernel);
        let axis = |k: f32, n: usize, fine: usize| {
            let at = f64::from(k) * fine as f64 / n as f64;
            let first = (at - width as f64 / 2.0).ceil();
            let mut weights = [0f32; WIDEST];
            for (i, weight) in weights.iter_mut().enumerate().take(width) {
                *weight = table.weight((first + i as f64 - at).abs());
            }
            ((first as i64 + (fine / 2) as i64).rem_euclid(fine as i64) as usize, weights)
        };
        let samples = points.iter().map(|(u, v)| {
            let (row, rows) = axis(*u, grid.rows, fine.rows);
            let (col, cols) = axis(*v, grid.cols, fine.cols);
            Sample { first: (row, col), rows, cols }
        });
        // Each of the two convolutions sums the kernel along both axes; cells are so many to a cycle.
        let cells = fine.pixels() as f64 / grid.pixels() as f64;
        let even = (kernel.rolloff(0.0).powi(4) / cells) as f32;
        Self { grid, fine, width, rolloff, even, samples: samples.collect() }
    }

    /// How densely weighted samples lie around each sample: 1 where one of weight 1 lies in every cell of k-space.
    pub fn density(&self, weights: &[f32]) -> Vec<f32> {
        let mut plane = vec![0f32; self.fine.pixels()];
        let cols = self.fine.cols;
        for (weight, sample) in weights.iter().zip(&self.samples) {
            for (row, by_row) in self.lines(sample) {
                let line = plane.get_mut(row * cols..(row + 1) * cols).unwrap_or_default();
                let (wrapped, straight) = line.split_at_mut(sample.first.1);
                let cells = straight.iter_mut().chain(wrapped);
                cells
                    .zip(sample.cols.iter().take(self.width))
                    .for_each(|(cell, w)| *cell += weight * by_row * w);
            }
        }
        let around = |sample: &Sample| {
            let lines = self.lines(sample).map(|(row, by_row)| {
                let line = plane.get(row * cols..(row + 1) * cols).unwrap_or_default();
                let cells = line.iter().skip(sample.first.1).chain(line);
                by_row * cells.zip(sample.cols.iter().take(self.width)).map(|(v, w)| v * w).sum::<f32>()
            });
            lines.sum::<f32>() / self.even
        };
        self.samples.iter().map(around).collect()
    }

    /// Size of the plane.
    pub fn grid(&self) -> Grid {
        self.grid
    }

    fn roll_off(&self, plane: &mut [C32]) {
        for (line, row) in plane.chunks_exact_mut(self.grid.cols).zip(&self.rolloff.0) {
            line.iter_mut().zip(&self.rolloff.1).for_each(|(value, col)| *value *= row * col);
        }
    }

    /// Fine-grid rows a sample touches, each with its weight.
    fn lines<'a>(&'a self, sample: &'a Sample) -> impl Iterator<Item = (usize, f32)> + 'a {
        let rows = sample.rows.iter().take(self.width).enumerate();
        rows.map(move |(i, weight)| ((sample.first.0 + i) % self.fine.rows, *weight))
    }
}

impl LinearOperator for Nufft {
    fn domain(&self) -> usize {
        self.grid.pixels()
    }

    fn range(&self) -> usize {
        self.samples.len()
    }

    fn forward(&self, x: &[C32], y: &mut [C32]) {
        let mut image = Stack { grid: self.grid, count: 1, values: x.to_vec() };
        self.roll_off(&mut image.values);
        let spectrum = fft::centred(&image.pad(self.fine)).values;
        let cols = self.fine.cols;
        for (y, sample) in y.iter_mut().zip(&self.samples) {
            *y = ZERO;
            for (row, weight) in self.lines(sample) {
                let line = spectrum.get(row * cols..(row + 1) * cols).unwrap_or_default();
                let cells = line.iter().skip(sample.first.1).chain(line);
                let sum: C32 = cells.zip(sample.cols.iter().take(self.width)).map(|(v, w)| v * w).sum();
                *y += sum * weight;
            }
        }
    }

    fn adjoint(&self, y: &[C32], x: &mut [C32]) {
        let mut spectrum = Stack::zeros(1, self.fine);
        let cols = self.fine.cols;
        for (y, sample) in y.iter().zip(&self.samples) {
            for (row, weight) in self.lines(sample) {
                let value = y * weight;
                let line = spectrum.values.get_mut(row * cols..(row + 1) * cols).unwrap_or_default();
                let (wrapped, straight) = line.split_at_mut(sample.first.1);
                let cells = straight.iter_mut().chain(wrapped);
                cells.zip(sample.cols.iter().take(self.width)).for_each(|(cell, w)| *cell += value * w);
            }
        }
        x.copy_from_slice(&fft::centred_inverse(&spectrum).crop(self.grid).values);
        self.roll_off(x);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::norm;
    use crate::linop::check;
    use crate::random::Random;
    use crate::sampling::radial_spokes;
    use std::f64::consts::TAU;

    fn random_points(grid: Grid, count: usize) -> Vec<(f32, f32)> {
        let mut random = Random::new(8);
        let mut draw = |n: usize| ((random.uniform() - 0.5) * n as f64) as f32;
        (0..count).map(|_| (draw(grid.rows), draw(grid.cols))).collect()
    }

    fn exact(grid: Grid, points: &[(f32, f32)], x: &[C32]) -> Vec<C32> {
        let sum = |(u, v): &(f32, f32)| {
            let terms = x.iter().enumerate().map(|(i, x)| {
                let row = ((i / grid.cols) as f64 - (grid.rows / 2) as f64) / grid.rows as f64;
                let col = ((i % grid.cols) as f64 - (grid.cols / 2) as f64) / grid.cols as f64;
                let (sin, cos) = (-TAU * (f64::from(*u) * row + f64::from(*v) * col)).sin_cos();
                x * C32::new(cos as f32, sin as f32)
            });
            terms.sum::<C32>() / (grid.pixels() as f32).sqrt()
        };
        points.iter().map(sum).collect()
    }

    #[test]
    fn agrees_with_the_exact_sum_to_1e_4() {
        for grid in [Grid::new(32, 32), Grid::new(31, 24)] {
            let points = random_points(grid, 500);
            let x = Random::new(1).normals(grid.pixels());
            let mut y = vec![ZERO; 500];
            Nufft::new(grid, &points).forward(&x, &mut y);
            let expected = exact(grid, &points, &x);
            let apart: Vec<C32> = y.iter().zip(&expected).map(|(a, b)| a - b).collect();
            assert!(norm(&apart) / norm(&expected) < 1e-4, "{}", norm(&apart) / norm(&expected));
        }
    }

    #[test]
    fn passes_the_operator_tests() {
        for grid in [Grid::new(24, 24), Grid::new(17, 30)] {
            for operator in [
                Nufft::new(grid, &random_points(grid, 300)),
                Nufft::with_kernel(grid, &radial_spokes(24, 48, 5).points, KaiserBessel::new(4, 1.5)),
            ] {
                assert!(check::adjoint_gap(&operator, 1) < 1e-5);
                assert!(check::linearity_gap(&operator, 2) < 1e-5);
            }
        }
    }
}
