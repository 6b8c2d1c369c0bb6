//! Reconstructions under the names physicists use, each a regulariser and an algorithm over the same [`Problem`].
//!
//! Data are divided by a robust maximum (99th percentile of the low-resolution root sum of squares) before, and
//! the image multiplied after, so that a `λ` means the same on every scanner.

mod cg_sense;
mod grappa;
mod low_rank;
mod noise;
mod problem;
mod slices;
mod total_variation;
mod wavelet;
mod zero_filled;

pub use cg_sense::{CgSense, cg_sense};
pub use grappa::{Grappa, grappa, grappa_from};
pub use low_rank::{LocallyLowRank, locally_low_rank};
pub use noise::noise_level;
pub use problem::{Image, Problem, ReconError, Weighting};
pub use slices::{by_slice, readout_slices};
pub use total_variation::{TvFista, total_variation};
pub use wavelet::{L1Wavelet, l1_wavelet};
pub use zero_filled::zero_filled;

#[cfg(test)]
mod tests {
    //! A head that several methods are tried on.

    use super::*;
    use crate::grid::{Grid, Stack};
    use crate::metrics::{ellipse_mask, score};
    use crate::phantom::{Phantom, add_noise};
    use crate::sampling::Mask;

    pub struct Case {
        pub kspace: Stack,
        pub maps: Stack,
        pub mask: Mask,
        pub reference: Vec<f32>,
    }

    /// Maps of unit norm.
    pub fn unit_maps(rows: usize, cols: usize, coils: usize) -> Stack {
        let mut maps = Phantom::head(Grid::new(rows, cols), coils, 1).maps();
        let rss = maps.rss();
        for plane in maps.planes_mut() {
            plane.iter_mut().zip(&rss).for_each(|(s, r)| *s /= *r);
        }
        maps
    }

    /// The head, `noise` relative to its largest coil-image value.
    pub fn head(size: usize, coils: usize, mask: Mask, noise: f32) -> Case {
        let phantom = Phantom::head(Grid::new(size, size), coils, 1);
        let mut kspace = phantom.kspace();
        let reference = zero_filled(&kspace);
        let top = crate::fft::centred_inverse(&kspace).values.iter().map(|v| v.norm()).fold(0f32, f32::max);
        add_noise(&mut kspace.values, noise * top, 1);
        mask.apply(&mut kspace);
        Case { kspace, maps: unit_maps(size, size, coils), mask, reference }
    }

    impl Case {
        pub fn problem(&self) -> Problem {
            Problem::new(&self.kspace, &self.mask, vec![self.maps.clone()]).unwrap()
        }

        pub fn scaled(&self, factor: f32) -> Self {
            let mut kspace = self.kspace.clone();
            kspace.values.iter_mut().for_each(|v| *v *= factor);
            Self {
                kspace,
                maps: self.maps.clone(),
                mask: self.mask.clone(),
                reference: self.reference.clone(),
            }
        }

        pub fn zero_filled_nrmse(&self) -> f64 {
            nrmse_of(self, &zero_filled(&self.kspace))
        }
    }

    /// Error inside the head.
    pub fn nrmse_of(case: &Case, magnitude: &[f32]) -> f64 {
        let grid = case.kspace.grid;
        score(grid, magnitude, &case.reference, &ellipse_mask(grid, 0.92, 0.69)).nrmse
    }
}
