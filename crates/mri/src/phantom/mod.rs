//! Multi-coil phantoms with analytic k-space: ellipses seen through smooth coils.
//!
//! k-space is computed from formulas, not from a picture, so that reconstructing it is no inverse crime: the data
//! hold the ringing and partial volume that a scanner's hold. Coil sensitivities are band-limited (5 × 5 Fourier
//! coefficients on twice the field of view), so that multi-coil k-space is an exact sum of shifted transforms.
//! Guerquin-Kern, Lejeune, Pruessmann, Unser, IEEE TMI 31:626 (2012).

mod along;
mod bessel;
mod coils;
mod ellipses;
mod scan;

pub use along::measured_along;
pub use bessel::bessel_j1;
pub use coils::CoilArray;
pub use ellipses::{Ellipse, random_ellipses, shepp_logan, transform};
pub use scan::{Measurement, measured};

use crate::grid::{C32, Grid, Stack};
use crate::random::Random;

/// What to simulate.
#[derive(Debug, Clone)]
pub struct Phantom {
    /// Size of the image.
    pub grid: Grid,
    /// The object.
    pub ellipses: Vec<Ellipse>,
    /// The receivers.
    pub coils: CoilArray,
}

impl Phantom {
    /// The modified Shepp–Logan head before `coils` coils around it.
    pub fn head(grid: Grid, coils: usize, seed: u64) -> Self {
        Self { grid, ellipses: shepp_logan(), coils: CoilArray::ring(coils, seed) }
    }

    /// A random head-like object before `coils` coils.
    pub fn random(grid: Grid, coils: usize, seed: u64) -> Self {
        Self { grid, ellipses: random_ellipses(seed), coils: CoilArray::ring(coils, seed) }
    }

    /// Noise-free k-space of every coil on the Cartesian grid, scaled like the unitary transform of an image.
    pub fn kspace(&self) -> Stack {
        self.coils.kspace(self.grid, &self.ellipses)
    }

    /// The coils' sensitivities in the field of view.
    pub fn maps(&self) -> Stack {
        self.coils.maps(self.grid)
    }
}

/// `values` plus complex noise of standard deviation `sd` per real and imaginary part.
pub fn add_noise(values: &mut [C32], sd: f32, seed: u64) {
    let mut random = Random::new(seed);
    values.iter_mut().for_each(|value| *value += random.normal() * sd);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fft::centred;
    use crate::grid::norm;

    #[test]
    fn analytic_kspace_looks_like_object_times_sensitivity() {
        let grid = Grid::new(96, 96);
        let phantom = Phantom::head(grid, 2, 1);
        let fine = Grid::new(4 * grid.rows, 4 * grid.cols);
        let maps = phantom.coils.maps(fine);
        let object: Vec<f32> = rasterise(fine, &phantom.ellipses);
        let drawn: Vec<C32> =
            maps.planes().flat_map(|map| map.iter().zip(&object).map(|(s, o)| s * o)).collect();
        // A drawn picture folds its sharp edges: only its low frequencies are the object's.
        let low = Grid::new(17, 17);
        let drawn = centred(&Stack::from_values(fine, drawn).unwrap()).crop(low).values;
        let expected: Vec<C32> = drawn.iter().map(|v| v / 4.0).collect();
        let found = phantom.kspace().crop(low).values;
        let apart: Vec<C32> = found.iter().zip(&expected).map(|(a, b)| a - b).collect();
        assert!(norm(&apart) / norm(&expected) < 0.03, "{}", norm(&apart) / norm(&expected));
    }

    fn rasterise(grid: Grid, ellipses: &[Ellipse]) -> Vec<f32> {
        let at = |i: usize, n: usize| (i as f64 - (n / 2) as f64) / (n as f64 / 2.0);
        (0..grid.pixels())
            .map(|i| {
                let (r, c) = (at(i / grid.cols, grid.rows), at(i % grid.cols, grid.cols));
                ellipses.iter().filter(|e| e.holds(r, c)).map(|e| e.intensity as f32).sum()
            })
            .collect()
    }

    #[test]
    fn one_seed_gives_one_phantom() {
        let grid = Grid::new(24, 20);
        let make = |seed| {
            let mut kspace = Phantom::random(grid, 3, seed).kspace();
            add_noise(&mut kspace.values, 0.01, seed);
            kspace
        };
        assert_eq!(make(5), make(5));
        assert_ne!(make(5), make(6));
    }
}
