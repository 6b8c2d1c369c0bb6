//! CG-SENSE: `(AᴴA + λI) x = Aᴴy` by conjugate gradients. Pruessmann et al., MRM 46:638 (2001).

use super::{Image, Problem};
use crate::alg::{CgSettings, conjugate_gradient};

/// How to run it.
#[derive(Debug, Clone, Copy)]
pub struct CgSense {
    /// At most this many iterations.
    pub iterations: usize,
    /// Relative residual to stop at.
    pub tolerance: f64,
    /// Tikhonov weight on scaled data.
    pub lambda: f32,
}

impl Default for CgSense {
    fn default() -> Self {
        Self { iterations: 30, tolerance: 1e-6, lambda: 0.003 }
    }
}

/// Reconstructs one slice.
pub fn cg_sense(problem: &Problem, settings: &CgSense) -> Image {
    let CgSense { iterations, tolerance, lambda } = *settings;
    let settings = CgSettings { iterations, tolerance, ridge: lambda };
    let outcome = conjugate_gradient(&|x, out| problem.normal(x, out), problem.right(), &settings);
    problem.image(outcome.x, outcome.residuals.len())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{head, nrmse_of, unit_maps};
    use super::*;
    use crate::sampling::{Mask, random_lines};

    #[test]
    fn full_sampling_without_noise_gives_the_image_back() {
        // Images made from the maps themselves, so that the model is exact.
        let (grid, maps) = (crate::Grid::new(48, 40), unit_maps(48, 40, 4));
        let truth = crate::phantom::Phantom::head(grid, 1, 1).kspace();
        let x = crate::fft::centred_inverse(&truth);
        let coil_images = crate::Stack {
            grid,
            count: 4,
            values: maps.planes().flat_map(|s| s.iter().zip(&x.values).map(|(s, x)| s * x)).collect(),
        };
        let problem =
            Problem::new(&crate::fft::centred(&coil_images), &Mask::full(grid), vec![maps]).unwrap();
        let image = cg_sense(&problem, &CgSense { lambda: 0.0, ..CgSense::default() });
        let apart: Vec<crate::C32> = image.sets.values.iter().zip(&x.values).map(|(a, b)| a - b).collect();
        assert!(crate::grid::norm(&apart) / crate::grid::norm(&x.values) < 1e-4);
    }

    #[test]
    fn four_fold_lines_are_better_than_zero_filling_and_follow_the_scale() {
        let case = head(96, 8, Mask::from_lines(96, &random_lines(96, 32, 12, 1)), 0.002);
        let image = cg_sense(&case.problem(), &CgSense { lambda: 0.001, ..CgSense::default() });
        let error = nrmse_of(&case, &image.magnitude());
        assert!(
            error < 0.3 && error < 0.7 * case.zero_filled_nrmse(),
            "{error} {}",
            case.zero_filled_nrmse()
        );
        let double = case.scaled(2.0);
        let twice = cg_sense(&double.problem(), &CgSense { lambda: 0.001, ..CgSense::default() });
        let gap = image.sets.values.iter().zip(&twice.sets.values).map(|(a, b)| (a * 2.0 - b).norm());
        assert!(gap.fold(0f32, f32::max) < 1e-4 * image.magnitude().iter().fold(0f32, |m, v| m.max(*v)));
    }
}
