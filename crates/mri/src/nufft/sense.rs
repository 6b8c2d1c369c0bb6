//! Parallel imaging with non-Cartesian samples: `A = (F_k S_c)_c`, its normal operator by convolution.

use super::{Nufft, Toeplitz};
use crate::grid::{C32, Grid, Stack, ZERO};
use crate::linop::LinearOperator;

/// SENSE encoding for samples anywhere in k-space; one set of maps.
pub struct ScatteredSense {
    maps: Stack,
    transform: Nufft,
    toeplitz: Toeplitz,
    weights: Vec<f32>,
}

impl ScatteredSense {
    /// `maps` and sample positions in cycles per field of view; samples count with `weights` in the normal operator
    /// and the adjoint (1 for the plain least-squares problem).
    pub fn new(maps: Stack, points: &[(f32, f32)], weights: Vec<f32>) -> Self {
        let transform = Nufft::new(maps.grid, points);
        let toeplitz = Toeplitz::of(&transform, points, &weights);
        Self { maps, transform, toeplitz, weights }
    }

    /// Size of the image.
    pub fn grid(&self) -> Grid {
        self.maps.grid
    }

    /// An upper bound of the normal operator's norm, for maps of at most unit norm.
    pub fn bound(&self) -> f64 {
        self.toeplitz.bound()
    }
}

impl LinearOperator for ScatteredSense {
    fn domain(&self) -> usize {
        self.maps.grid.pixels()
    }

    fn range(&self) -> usize {
        self.maps.count * self.transform.range()
    }

    fn forward(&self, x: &[C32], y: &mut [C32]) {
        for (map, y) in self.maps.planes().zip(y.chunks_exact_mut(self.transform.range())) {
            let image: Vec<C32> = map.iter().zip(x).map(|(s, x)| s * x).collect();
            self.transform.forward(&image, y);
            y.iter_mut().zip(&self.weights).for_each(|(y, w)| *y *= w.sqrt());
        }
    }

    fn adjoint(&self, y: &[C32], x: &mut [C32]) {
        x.fill(ZERO);
        let mut image = vec![ZERO; x.len()];
        for (map, y) in self.maps.planes().zip(y.chunks_exact(self.transform.range())) {
            let weighted: Vec<C32> = y.iter().zip(&self.weights).map(|(y, w)| y * w.sqrt()).collect();
            self.transform.adjoint(&weighted, &mut image);
            x.iter_mut().zip(map.iter().zip(&image)).for_each(|(x, (s, v))| *x += s.conj() * v);
        }
    }

    fn normal(&self, x: &[C32], out: &mut [C32]) {
        out.fill(ZERO);
        let mut buffers = self.toeplitz.buffers();
        let mut image = vec![ZERO; x.len()];
        for map in self.maps.planes() {
            image.iter_mut().zip(map.iter().zip(x)).for_each(|(image, (s, x))| *image = s * x);
            self.toeplitz.apply(&mut image, &mut buffers);
            out.iter_mut().zip(map.iter().zip(&image)).for_each(|(out, (s, v))| *out += s.conj() * v);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alg::{CgSettings, conjugate_gradient};
    use crate::linop::check;
    use crate::phantom::Phantom;
    use crate::sampling::radial_spokes;

    #[test]
    fn passes_the_operator_tests_and_inverts_its_own_data() {
        let grid = Grid::new(32, 32);
        let mut maps = Phantom::head(grid, 4, 1).maps();
        let rss = maps.rss();
        maps.planes_mut().for_each(|map| map.iter_mut().zip(&rss).for_each(|(s, r)| *s /= *r));
        let points = radial_spokes(32, 64, 20).points;
        let operator = ScatteredSense::new(maps, &points, vec![1.0; points.len()]);
        assert!(check::adjoint_gap(&operator, 1) < 1e-5);
        assert!(check::linearity_gap(&operator, 2) < 1e-5);
        assert!(check::normal_gap(&operator, 3) < 1e-3);
        let truth = crate::fft::centred_inverse(&Phantom::head(grid, 1, 1).kspace()).values;
        let (mut y, mut right) = (vec![ZERO; operator.range()], vec![ZERO; grid.pixels()]);
        operator.forward(&truth, &mut y);
        operator.adjoint(&y, &mut right);
        let settings = CgSettings { iterations: 60, tolerance: 1e-6, ridge: 0.0 };
        let found = conjugate_gradient(&|x, out| operator.normal(x, out), &right, &settings).x;
        let apart: Vec<C32> = found.iter().zip(&truth).map(|(a, b)| a - b).collect();
        // The corners of k-space are not measured by spokes; the rest is there.
        let error = crate::grid::norm(&apart) / crate::grid::norm(&truth);
        assert!(error < 0.25, "{error}");
    }
}
