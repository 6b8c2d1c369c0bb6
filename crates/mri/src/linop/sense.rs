//! The Cartesian encoding operator of parallel imaging, `A = (P F Σ_s S_cs)_c`: image (one plane per map set) to
//! masked coil k-space. Pruessmann et al., MRM 42:952 (1999).
//!
//! The phases that centre the transform and its scale are folded into the maps and the mask once. When every
//! readout row is sampled alike (a mask of phase-encoding lines), the transform along the readout cancels in
//! `AᴴA`, so the normal operator runs transforms along the lines only, a few rows at a time inside the cache.

use super::LinearOperator;
use crate::fft::{self, Fft1, Fft2};
use crate::grid::{C32, Grid, Stack, ZERO};
use crate::sampling::Mask;

/// Rows that the line-wise normal operator holds at once.
const ROWS_AT_ONCE: usize = 4;

/// SENSE encoding with any Cartesian mask.
pub struct Sense {
    grid: Grid,
    coils: usize,
    sets: usize,
    /// Maps times the phase that centres k-space, set by set, coil by coil.
    maps: Vec<C32>,
    /// 1/N where sampled, 0 elsewhere; k-space transposed.
    weights: Vec<f32>,
    /// 1/cols per column when the mask is one of lines.
    lines: Option<(Fft1, Vec<f32>)>,
    plane: Fft2,
}

impl Sense {
    /// The operator of `sets` map sets (each a stack of one map per coil) and a mask; `None` when shapes differ. Takes
    /// the maps, because they are the largest thing a slice needs and one copy is enough.
    pub fn new(sets: Vec<Stack>, mask: &Mask) -> Option<Self> {
        let first = sets.first()?;
        let (grid, coils) = (first.grid, first.count);
        if mask.grid() != grid || coils == 0 || sets.iter().any(|set| set.grid != grid || set.count != coils)
        {
            return None;
        }
        let phases = (fft::image_phase(grid.rows), fft::image_phase(grid.cols));
        let count = sets.len();
        let mut sets = sets.into_iter();
        let mut maps = sets.next()?.values;
        sets.for_each(|set| maps.extend_from_slice(&set.values));
        maps.chunks_exact_mut(grid.pixels()).for_each(|map| fft::apply_phases(map, &phases, 1.0, false));
        let scaled = |sampled: &[bool], scale: usize| -> Vec<f32> {
            sampled.iter().map(|&on| if on { 1.0 / scale as f32 } else { 0.0 }).collect()
        };
        let lines = mask.lines().map(|lines| (Fft1::new(grid.cols), scaled(&lines, grid.cols)));
        let weights = scaled(&mask.transposed(), grid.pixels());
        Some(Self { grid, coils, sets: count, maps, weights, lines, plane: Fft2::new(grid) })
    }

    /// Size of the image.
    pub fn grid(&self) -> Grid {
        self.grid
    }

    /// Number of map sets, that is of image planes.
    pub fn sets(&self) -> usize {
        self.sets
    }

    /// Phases that centre the image, on transposed k-space, and the unitary scale.
    fn kspace_phases(&self) -> ((Vec<C32>, Vec<C32>), f32) {
        let phases = (fft::kspace_phase(self.grid.cols), fft::kspace_phase(self.grid.rows));
        (phases, 1.0 / (self.grid.pixels() as f32).sqrt())
    }

    /// Maps of coil `coil` in each set.
    fn maps_of(&self, coil: usize) -> impl Iterator<Item = &[C32]> {
        self.maps.chunks_exact(self.grid.pixels()).skip(coil).step_by(self.coils)
    }

    /// `image ← Σ_s S_cs x_s`.
    fn weigh(&self, coil: usize, x: &[C32], image: &mut [C32]) {
        let mut planes = self.maps_of(coil).zip(x.chunks_exact(self.grid.pixels()));
        if let Some((map, x)) = planes.next() {
            image.iter_mut().zip(map.iter().zip(x)).for_each(|(image, (s, x))| *image = s * x);
        }
        for (map, x) in planes {
            image.iter_mut().zip(map.iter().zip(x)).for_each(|(image, (s, x))| *image += s * x);
        }
    }

    /// `out_s += conj(S_cs) image`.
    fn gather(&self, coil: usize, image: &[C32], out: &mut [C32]) {
        for (map, out) in self.maps_of(coil).zip(out.chunks_exact_mut(self.grid.pixels())) {
            out.iter_mut().zip(map.iter().zip(image)).for_each(|(out, (s, image))| *out += s.conj() * image);
        }
    }

    fn normal_by_lines(&self, fft: &Fft1, weights: &[f32], x: &[C32], out: &mut [C32]) {
        let (pixels, block) = (self.grid.pixels(), ROWS_AT_ONCE * self.grid.cols);
        let mut scratch = fft.scratch();
        let mut buffer = vec![ZERO; block];
        let mut start = 0;
        while start < pixels {
            let end = (start + block).min(pixels);
            let rows = buffer.split_at_mut(end - start).0;
            for coil in 0..self.coils {
                rows.fill(ZERO);
                for (map, x) in self.maps_of(coil).zip(x.chunks_exact(pixels)) {
                    let (map, x) = (span(map, start, end), span(x, start, end));
                    rows.iter_mut().zip(map.iter().zip(x)).for_each(|(row, (s, x))| *row += s * x);
                }
                fft.forward(rows, &mut scratch);
                for row in rows.chunks_exact_mut(self.grid.cols) {
                    row.iter_mut().zip(weights).for_each(|(value, weight)| *value *= *weight);
                }
                fft.backward(rows, &mut scratch);
                for (map, out) in self.maps_of(coil).zip(out.chunks_exact_mut(pixels)) {
                    let map = span(map, start, end);
                    let out = out.iter_mut().skip(start);
                    out.zip(map.iter().zip(&*rows)).for_each(|(out, (s, row))| *out += s.conj() * row);
                }
            }
            start = end;
        }
    }
}

fn span(values: &[C32], start: usize, end: usize) -> &[C32] {
    values.get(start..end).unwrap_or_default()
}

impl LinearOperator for Sense {
    fn domain(&self) -> usize {
        self.sets * self.grid.pixels()
    }

    fn range(&self) -> usize {
        self.coils * self.grid.pixels()
    }

    fn forward(&self, x: &[C32], y: &mut [C32]) {
        let mut buffers = self.plane.buffers();
        let (phases, scale) = self.kspace_phases();
        for (coil, y) in y.chunks_exact_mut(self.grid.pixels()).enumerate() {
            self.weigh(coil, x, &mut buffers.image);
            self.plane.forward(&mut buffers);
            for (value, weight) in buffers.kspace.iter_mut().zip(&self.weights) {
                *value = if *weight > 0.0 { *value } else { ZERO };
            }
            fft::apply_phases(&mut buffers.kspace, &phases, scale, false);
            fft::transpose(&buffers.kspace, y, self.grid.transposed());
        }
    }

    fn adjoint(&self, y: &[C32], x: &mut [C32]) {
        let mut buffers = self.plane.buffers();
        let (phases, scale) = self.kspace_phases();
        x.fill(ZERO);
        for (coil, y) in y.chunks_exact(self.grid.pixels()).enumerate() {
            fft::transpose(y, &mut buffers.kspace, self.grid);
            for (value, weight) in buffers.kspace.iter_mut().zip(&self.weights) {
                *value = if *weight > 0.0 { *value } else { ZERO };
            }
            fft::apply_phases(&mut buffers.kspace, &phases, scale, true);
            self.plane.backward(&mut buffers);
            self.gather(coil, &buffers.image, x);
        }
    }

    fn normal(&self, x: &[C32], out: &mut [C32]) {
        out.fill(ZERO);
        if let Some((fft, weights)) = &self.lines {
            return self.normal_by_lines(fft, weights, x, out);
        }
        let mut buffers = self.plane.buffers();
        for coil in 0..self.coils {
            self.weigh(coil, x, &mut buffers.image);
            self.plane.forward(&mut buffers);
            buffers.kspace.iter_mut().zip(&self.weights).for_each(|(value, weight)| *value *= *weight);
            self.plane.backward(&mut buffers);
            self.gather(coil, &buffers.image, out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linop::check;
    use crate::random::Random;

    fn maps(grid: Grid, coils: usize, seed: u64) -> Stack {
        Stack::from_values(grid, Random::new(seed).normals(coils * grid.pixels())).unwrap()
    }

    #[test]
    fn passes_the_operator_tests_with_any_mask_and_one_or_two_sets() {
        for (rows, cols, coils) in [(8, 10, 1), (9, 13, 4), (16, 12, 32), (7, 6, 2)] {
            let grid = Grid::new(rows, cols);
            let mut random = Random::new(cols as u64);
            let lines: Vec<bool> = (0..cols).map(|_| random.uniform() < 0.5).collect();
            let points = (0..grid.pixels()).map(|_| random.uniform() < 0.4).collect();
            for mask in [Mask::from_lines(rows, &lines), Mask::from_points(grid, points).unwrap()] {
                for sets in [vec![maps(grid, coils, 1)], vec![maps(grid, coils, 1), maps(grid, coils, 2)]] {
                    let operator = Sense::new(sets, &mask).unwrap();
                    assert!(check::adjoint_gap(&operator, 1) < 1e-5);
                    assert!(check::linearity_gap(&operator, 2) < 1e-5);
                    assert!(check::normal_gap(&operator, 3) < 1e-5);
                }
            }
        }
    }

    #[test]
    fn full_sampling_with_one_flat_coil_is_the_fourier_transform() {
        let grid = Grid::new(9, 8);
        let flat = Stack { grid, count: 1, values: vec![C32::new(1.0, 0.0); grid.pixels()] };
        let operator = Sense::new(vec![flat], &Mask::full(grid)).unwrap();
        let x = maps(grid, 1, 4);
        let mut y = vec![ZERO; grid.pixels()];
        operator.forward(&x.values, &mut y);
        for (y, expected) in y.iter().zip(&fft::centred(&x).values) {
            assert!((y - expected).norm() < 1e-5);
        }
    }

    #[test]
    fn shapes_that_differ_are_refused() {
        let grid = Grid::new(4, 4);
        assert!(Sense::new(Vec::new(), &Mask::full(grid)).is_none());
        assert!(Sense::new(vec![maps(grid, 2, 1), maps(grid, 3, 1)], &Mask::full(grid)).is_none());
        assert!(Sense::new(vec![maps(grid, 2, 1)], &Mask::full(Grid::new(4, 5))).is_none());
    }
}
