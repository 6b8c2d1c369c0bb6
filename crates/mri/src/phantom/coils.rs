//! A ring of receive coils whose sensitivities are 5 × 5 Fourier coefficients on twice the field of view.
//!
//! Each coil starts as the field of a current loop seen from afar, `e^{iφ}/(1 + (d/w)²)` with `d` the distance to a
//! loop just outside the head and a slow phase across the field; its coefficients are the least-squares fit of that
//! over the field of view, so what is simulated is exactly band-limited.

use super::{Ellipse, transform};
use crate::grid::{C32, Grid, Stack};
use crate::linalg::{C64, cholesky, solve_cholesky};
use crate::random::Random;
use std::f64::consts::TAU;

/// Coefficients run from −2 to 2 along both axes.
const REACH: i32 = 2;
const TERMS: usize = 25;

/// The coils' coefficients.
#[derive(Debug, Clone, PartialEq)]
pub struct CoilArray {
    coefficients: Vec<Vec<C64>>,
}

impl CoilArray {
    /// `count` coils around the object, places and phases varied a little by the seed.
    pub fn ring(count: usize, seed: u64) -> Self {
        let mut random = Random::new(seed).part(2);
        let coils: Vec<_> = (0..count)
            .map(|coil| {
                let turn = TAU * (coil as f64 + 0.3 * random.uniform()) / count.max(1) as f64;
                let radius = 1.25 + 0.1 * random.uniform();
                Loop {
                    place: (radius * turn.cos(), radius * turn.sin()),
                    width: 0.7 + 0.2 * random.uniform(),
                    phase: TAU * random.uniform(),
                    slope: (random.uniform() - 0.5, random.uniform() - 0.5),
                }
            })
            .collect();
        Self { coefficients: fit(&coils) }
    }

    /// Number of coils.
    pub fn count(&self) -> usize {
        self.coefficients.len()
    }

    /// Sensitivities on the pixels of `grid`.
    pub fn maps(&self, grid: Grid) -> Stack {
        let axis = |n: usize| -> Vec<Vec<C64>> {
            (0..n).map(|i| harmonics((i as f64 - (n / 2) as f64) / (n as f64 / 2.0))).collect()
        };
        let (rows, cols) = (axis(grid.rows), axis(grid.cols));
        let value = |coefficients: &[C64], row: &[C64], col: &[C64]| {
            let outer = row.iter().flat_map(|r| col.iter().map(move |c| r * c));
            let sum: C64 = outer.zip(coefficients).map(|(h, s)| h * s).sum();
            C32::new(sum.re as f32, sum.im as f32)
        };
        let (rows, cols) = (&rows, &cols);
        let values = self.coefficients.iter().flat_map(|coefficients| {
            rows.iter().flat_map(move |row| cols.iter().map(move |col| value(coefficients, row, col)))
        });
        Stack { grid, count: self.count(), values: values.collect() }
    }

    /// k-space of `ellipses` through every coil: the object's transform on the half-integer grid, shifted by each
    /// coefficient's frequency and summed.
    pub fn kspace(&self, grid: Grid, ellipses: &[Ellipse]) -> Stack {
        let reach = REACH as usize;
        let (rows, cols) = (2 * grid.rows + 2 * reach, 2 * grid.cols + 2 * reach);
        // Index i is frequency (i − n − reach)/2 cycles per field of view for even n, half a cycle apart.
        let frequency = |i: usize, n: usize| (i as f64 - (2 * (n / 2) + reach) as f64) / 2.0;
        let scale = (grid.pixels() as f64).sqrt() / 4.0;
        let fine: Vec<C64> = (0..rows * cols)
            .map(|i| {
                let k = (frequency(i / cols, grid.rows) / 2.0, frequency(i % cols, grid.cols) / 2.0);
                transform(ellipses, k) * scale
            })
            .collect();
        let mut stack = Stack::zeros(self.count(), grid);
        for (plane, coefficients) in stack.planes_mut().zip(&self.coefficients) {
            for (i, value) in plane.iter_mut().enumerate() {
                let (row, col) = (2 * (i / grid.cols), 2 * (i % grid.cols));
                // Coefficient m moves the spectrum by m/2: take the transform at k − m/2.
                let lines = fine.chunks_exact(cols).skip(row).take(2 * reach + 1);
                let near = lines.flat_map(|line| line.iter().skip(col).take(2 * reach + 1));
                let sum: C64 = near.zip(coefficients.iter().rev()).map(|(f, s)| f * s).sum();
                *value = C32::new(sum.re as f32, sum.im as f32);
            }
        }
        stack
    }

    /// k-space of `ellipses` through every coil at `points` in cycles per field of view: a plane of one row for each.
    pub fn samples(&self, grid: Grid, ellipses: &[Ellipse], points: &[(f32, f32)]) -> Stack {
        let scale = (grid.pixels() as f64).sqrt() / 4.0;
        let mut stack = Stack::zeros(self.count(), Grid::new(1, points.len()));
        for (at, (u, v)) in points.iter().enumerate() {
            // Coefficient (m, n) takes the transform at k − (m, n)/2; the transform counts cycles per unit length.
            let moved = |k: f32, m: i32| (f64::from(k) - f64::from(m) / 2.0) / 2.0;
            let shifts = (-REACH..=REACH).flat_map(|m| (-REACH..=REACH).map(move |n| (m, n)));
            let near: Vec<C64> =
                shifts.map(|(m, n)| transform(ellipses, (moved(*u, m), moved(*v, n))) * scale).collect();
            for (plane, coefficients) in stack.planes_mut().zip(&self.coefficients) {
                let sum: C64 = near.iter().zip(coefficients).map(|(f, s)| f * s).sum();
                if let Some(value) = plane.get_mut(at) {
                    *value = C32::new(sum.re as f32, sum.im as f32);
                }
            }
        }
        stack
    }
}

struct Loop {
    place: (f64, f64),
    width: f64,
    phase: f64,
    slope: (f64, f64),
}

impl Loop {
    fn at(&self, row: f64, col: f64) -> C64 {
        let square = (row - self.place.0).powi(2) + (col - self.place.1).powi(2);
        let phase = self.phase + self.slope.0 * row + self.slope.1 * col;
        C64::from_polar(1.0 / (1.0 + square / self.width.powi(2)), phase)
    }
}

/// `e^{2πi m u/4}` for m = −2 … 2: the field of view is [−1, 1), the period 4.
fn harmonics(u: f64) -> Vec<C64> {
    (-REACH..=REACH).map(|m| C64::from_polar(1.0, TAU * f64::from(m) * u / 4.0)).collect()
}

/// Least squares over a 32 × 32 lattice of the field of view, slightly damped.
fn fit(coils: &[Loop]) -> Vec<Vec<C64>> {
    let lattice: Vec<f64> = (0..32).map(|i| -1.0 + (f64::from(i) + 0.5) / 16.0).collect();
    let axis: Vec<Vec<C64>> = lattice.iter().map(|u| harmonics(*u)).collect();
    let rows: Vec<Vec<C64>> = axis
        .iter()
        .flat_map(|r| axis.iter().map(move |c| r.iter().flat_map(|r| c.iter().map(move |c| r * c)).collect()))
        .collect();
    let mut gram = vec![C64::new(0.0, 0.0); TERMS * TERMS];
    for row in &rows {
        for (line, a) in gram.chunks_exact_mut(TERMS).zip(row) {
            line.iter_mut().zip(row).for_each(|(g, b)| *g += a.conj() * b);
        }
    }
    gram.iter_mut().step_by(TERMS + 1).for_each(|g| *g += 1e-3);
    let Some(factor) = cholesky(&gram, TERMS) else { return Vec::new() };
    coils
        .iter()
        .map(|coil| {
            let mut right = vec![C64::new(0.0, 0.0); TERMS];
            let places = lattice.iter().flat_map(|r| lattice.iter().map(move |c| (*r, *c)));
            for (row, (r, c)) in rows.iter().zip(places) {
                let value = coil.at(r, c);
                right.iter_mut().zip(row).for_each(|(b, a)| *b += a.conj() * value);
            }
            solve_cholesky(&factor, &mut right);
            right
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coils_are_strong_on_their_own_side() {
        let grid = Grid::new(32, 32);
        let maps = CoilArray::ring(4, 3).maps(grid);
        // Coil 0 stands beyond the last row.
        let first = maps.planes().next().unwrap();
        assert!(first[30 * 32 + 16].norm() > 2.0 * first[32 + 16].norm());
        assert!(maps.rss().iter().all(|s| *s > 0.1));
    }

    #[test]
    fn samples_on_the_grid_are_the_grids() {
        let (grid, coils) = (Grid::new(12, 10), CoilArray::ring(3, 2));
        let ellipses = crate::phantom::shepp_logan();
        let kspace = coils.kspace(grid, &ellipses);
        let points: Vec<(f32, f32)> =
            (0..grid.pixels()).map(|i| ((i / 10) as f32 - 6.0, (i % 10) as f32 - 5.0)).collect();
        let samples = coils.samples(grid, &ellipses, &points);
        for (a, b) in samples.values.iter().zip(&kspace.values) {
            assert!((a - b).norm() < 1e-5, "{a} {b}");
        }
    }

    #[test]
    fn a_coil_of_one_coefficient_shifts_the_spectrum() {
        // Sensitivity e^{2πi·2·u/4}: k-space moves by one whole sample.
        let mut coefficients = vec![C64::new(0.0, 0.0); TERMS];
        coefficients[4 * 5 + 2] = C64::new(1.0, 0.0); // m = (2, 0)
        let mut flat = vec![C64::new(0.0, 0.0); TERMS];
        flat[2 * 5 + 2] = C64::new(1.0, 0.0);
        let array = CoilArray { coefficients: vec![flat, coefficients] };
        let grid = Grid::new(16, 12);
        let kspace = array.kspace(grid, &crate::phantom::shepp_logan());
        let (plain, moved) = kspace.values.split_at(grid.pixels());
        for i in 0..grid.pixels() - 12 {
            assert!((plain[i] - moved[i + 12]).norm() < 1e-5);
        }
    }
}
