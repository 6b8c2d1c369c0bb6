//! Two-dimensional Fourier transforms: `rustfft` along rows, a blocked transpose in between.
//!
//! [`Fft2`] is the raw, uncentred, unnormalised transform that leaves its result transposed; the operators fold
//! centring into diagonal phases. [`centred`] and [`centred_inverse`] are the unitary transforms of the model:
//! `X[k] = 1/√N Σ x[n] e^{−2πi (k−c)(n−c)/N}` with `c = ⌊N/2⌋` along both axes, which for any N equals a plain
//! transform between two diagonal phases: `e^{2πi c n/N}` before and `e^{2πi c (k−c)/N}` after.

use crate::grid::{C32, Grid, Stack, ZERO};
use rustfft::{Fft, FftPlanner};
use std::f64::consts::TAU;
use std::sync::Arc;

const BLOCK: usize = 16;

/// Writes the transpose of `from` (of size `grid`) to `to`, block by block so that both sides stay in cache.
pub fn transpose(from: &[C32], to: &mut [C32], grid: Grid) {
    let Grid { rows, cols } = grid;
    if rows == 0 || cols == 0 {
        return;
    }
    for (band, out_rows) in to.chunks_mut(BLOCK * rows).enumerate() {
        let col = band * BLOCK;
        for (block, source) in from.chunks(BLOCK * cols).enumerate() {
            let row = block * BLOCK;
            for (offset, out) in out_rows.chunks_exact_mut(rows).enumerate() {
                let out = out.iter_mut().skip(row);
                for (to, line) in out.zip(source.chunks_exact(cols)) {
                    if let Some(value) = line.get(col + offset) {
                        *to = *value;
                    }
                }
            }
        }
    }
}

/// Transforms along rows of one length, forward and backward, neither centred nor scaled.
#[derive(Clone)]
pub struct Fft1 {
    forward: Arc<dyn Fft<f32>>,
    backward: Arc<dyn Fft<f32>>,
}

impl Fft1 {
    /// Plans transforms of `length`.
    pub fn new(length: usize) -> Self {
        let mut planner = FftPlanner::new();
        Self { forward: planner.plan_fft_forward(length), backward: planner.plan_fft_inverse(length) }
    }

    /// Scratch that [`Fft1::forward`] and [`Fft1::backward`] need.
    pub fn scratch(&self) -> Vec<C32> {
        vec![ZERO; self.forward.get_inplace_scratch_len().max(self.backward.get_inplace_scratch_len())]
    }

    /// `Σ x e^{−2πi kn/N}` of every row in `rows`.
    pub fn forward(&self, rows: &mut [C32], scratch: &mut [C32]) {
        self.forward.process_with_scratch(rows, scratch);
    }

    /// `Σ x e^{+2πi kn/N}` of every row in `rows`.
    pub fn backward(&self, rows: &mut [C32], scratch: &mut [C32]) {
        self.backward.process_with_scratch(rows, scratch);
    }
}

/// The two-dimensional transform of one plane size; k-space is kept transposed.
#[derive(Clone)]
pub struct Fft2 {
    grid: Grid,
    along_cols: Fft1,
    along_rows: Fft1,
}

/// Buffers of a two-dimensional transform, reused from plane to plane.
pub struct Buffers {
    /// Image, row by row.
    pub image: Vec<C32>,
    /// k-space, transposed.
    pub kspace: Vec<C32>,
    scratch: Vec<C32>,
}

impl Fft2 {
    /// Plans the transform of `grid`.
    pub fn new(grid: Grid) -> Self {
        Self { grid, along_cols: Fft1::new(grid.cols), along_rows: Fft1::new(grid.rows) }
    }

    /// Buffers for one plane.
    pub fn buffers(&self) -> Buffers {
        let scratch = self.along_cols.scratch().len().max(self.along_rows.scratch().len());
        let pixels = self.grid.pixels();
        Buffers { image: vec![ZERO; pixels], kspace: vec![ZERO; pixels], scratch: vec![ZERO; scratch] }
    }

    /// `buffers.image` → `buffers.kspace` (transposed); spoils the image.
    pub fn forward(&self, buffers: &mut Buffers) {
        self.along_cols.forward(&mut buffers.image, &mut buffers.scratch);
        transpose(&buffers.image, &mut buffers.kspace, self.grid);
        self.along_rows.forward(&mut buffers.kspace, &mut buffers.scratch);
    }

    /// `buffers.kspace` (transposed) → `buffers.image`; spoils the k-space.
    pub fn backward(&self, buffers: &mut Buffers) {
        self.along_rows.backward(&mut buffers.kspace, &mut buffers.scratch);
        transpose(&buffers.kspace, &mut buffers.image, self.grid.transposed());
        self.along_cols.backward(&mut buffers.image, &mut buffers.scratch);
    }
}

/// `e^{2πi c n/N}`: the phase on the image side that centres k-space.
pub fn image_phase(length: usize) -> Vec<C32> {
    let centre = length / 2;
    (0..length).map(|n| turn((centre * n) % length.max(1), length)).collect()
}

/// `e^{2πi c (k−c)/N}`: the phase on the k-space side that centres the image.
pub fn kspace_phase(length: usize) -> Vec<C32> {
    let centre = length / 2;
    (0..length).map(|k| turn((centre * (k + length - centre)) % length.max(1), length)).collect()
}

fn turn(numerator: usize, length: usize) -> C32 {
    let angle = TAU * numerator as f64 / length as f64;
    C32::new(angle.cos() as f32, angle.sin() as f32)
}

/// Multiplies a plane by the outer product of `rows` and `cols` and by `scale` (conjugated when `conjugate`).
pub fn apply_phases(plane: &mut [C32], phases: &(Vec<C32>, Vec<C32>), scale: f32, conjugate: bool) {
    let cols = phases.1.len().max(1);
    for (line, row_phase) in plane.chunks_exact_mut(cols).zip(&phases.0) {
        for (value, col_phase) in line.iter_mut().zip(&phases.1) {
            let phase = row_phase * col_phase * scale;
            *value *= if conjugate { phase.conj() } else { phase };
        }
    }
}

/// Unitary centred transform of every plane, image to k-space.
pub fn centred(stack: &Stack) -> Stack {
    transform(stack, false)
}

/// Unitary centred transform of every plane, k-space to image.
pub fn centred_inverse(stack: &Stack) -> Stack {
    transform(stack, true)
}

fn transform(stack: &Stack, inverse: bool) -> Stack {
    let grid = stack.grid;
    let plan = Fft2::new(grid);
    let mut buffers = plan.buffers();
    let image = (image_phase(grid.rows), image_phase(grid.cols));
    let kspace = (kspace_phase(grid.cols), kspace_phase(grid.rows)); // transposed
    let scale = 1.0 / (grid.pixels() as f32).sqrt();
    let mut out = Stack::zeros(stack.count, grid);
    for (from, to) in stack.planes().zip(out.planes_mut()) {
        if inverse {
            transpose(from, &mut buffers.kspace, grid);
            apply_phases(&mut buffers.kspace, &kspace, scale, true);
            plan.backward(&mut buffers);
            apply_phases(&mut buffers.image, &image, 1.0, true);
            to.copy_from_slice(&buffers.image);
        } else {
            buffers.image.copy_from_slice(from);
            apply_phases(&mut buffers.image, &image, 1.0, false);
            plan.forward(&mut buffers);
            apply_phases(&mut buffers.kspace, &kspace, scale, false);
            transpose(&buffers.kspace, to, grid.transposed());
        }
    }
    out
}

/// Unitary centred transform along the rows of every plane (the columns index changes domain), k-space to image
/// when `inverse`.
pub fn centred_along_cols(stack: &Stack, inverse: bool) -> Stack {
    let length = stack.grid.cols.max(1);
    let plan = Fft1::new(length);
    let mut scratch = plan.scratch();
    let (image, kspace) = (image_phase(length), kspace_phase(length));
    let scale = 1.0 / (length as f32).sqrt();
    let mut out = stack.clone();
    let multiply = |line: &mut [C32], phase: &[C32], scale: f32| {
        for (value, phase) in line.iter_mut().zip(phase) {
            *value *= if inverse { phase.conj() * scale } else { phase * scale };
        }
    };
    let (before, after) = if inverse { (&kspace, &image) } else { (&image, &kspace) };
    for line in out.values.chunks_exact_mut(length) {
        multiply(line, before, scale);
        if inverse {
            plan.backward(line, &mut scratch);
        } else {
            plan.forward(line, &mut scratch);
        }
        multiply(line, after, 1.0);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::norm;
    use crate::random::Random;

    fn difference(a: &Stack, b: &Stack) -> f64 {
        let apart: Vec<C32> = a.values.iter().zip(&b.values).map(|(a, b)| a - b).collect();
        norm(&apart) / norm(&b.values)
    }

    #[test]
    fn centred_transform_is_the_sum_by_hand() {
        for (rows, cols) in [(4, 6), (5, 3), (7, 8), (1, 9)] {
            let grid = Grid::new(rows, cols);
            let x = Stack::from_values(grid, Random::new(3).normals(grid.pixels())).unwrap();
            let mut expected = Stack::zeros(1, grid);
            for k in 0..grid.pixels() {
                for n in 0..grid.pixels() {
                    let part = |k: usize, n: usize, size: usize| {
                        (k as f64 - (size / 2) as f64) * (n as f64 - (size / 2) as f64) / size as f64
                    };
                    let angle = -TAU * (part(k / cols, n / cols, rows) + part(k % cols, n % cols, cols));
                    let phase = C32::new(angle.cos() as f32, angle.sin() as f32);
                    expected.values[k] += x.values[n] * phase / (grid.pixels() as f32).sqrt();
                }
            }
            assert!(difference(&centred(&x), &expected) < 1e-5, "{grid:?}");
        }
    }

    #[test]
    fn inverse_undoes_forward_to_1e_6() {
        for (rows, cols) in [(64, 64), (33, 20), (21, 35), (320, 48)] {
            let grid = Grid::new(rows, cols);
            let x = Stack::from_values(grid, Random::new(5).normals(3 * grid.pixels())).unwrap();
            assert!(difference(&centred_inverse(&centred(&x)), &x) < 1e-6, "{grid:?}");
            let along = centred_along_cols(&centred_along_cols(&x, true), false);
            assert!(difference(&along, &x) < 1e-6, "{grid:?}");
        }
    }

    #[test]
    fn transforms_along_each_axis_make_the_plane_transform() {
        let grid = Grid::new(15, 24);
        let x = Stack::from_values(grid, Random::new(6).normals(2 * grid.pixels())).unwrap();
        let twice = centred_along_cols(&centred_along_cols(&x, false).transposed(), false).transposed();
        assert!(difference(&twice, &centred(&x)) < 1e-6);
    }

    #[test]
    fn transpose_twice_is_nothing() {
        let grid = Grid::new(37, 50);
        let x = Random::new(1).normals(grid.pixels());
        let (mut turned, mut back) = (x.clone(), x.clone());
        transpose(&x, &mut turned, grid);
        assert_eq!(turned[3 * 37 + 5], x[5 * 50 + 3]);
        transpose(&turned, &mut back, grid.transposed());
        assert_eq!(back, x);
    }
}
