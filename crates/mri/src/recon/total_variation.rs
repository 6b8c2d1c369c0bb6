//! Total variation: `½‖Ax − y‖² + λ Σ|∇x|` by FISTA, whose prox is a few warm-started dual steps.
//! Beck, Teboulle, IEEE TIP 18:2419 (2009).

use super::{Image, Problem};
use crate::alg::{FistaSettings, fista};
use crate::prox::TotalVariation;

/// How to run it.
#[derive(Debug, Clone, Copy)]
pub struct TvFista {
    /// At most so many outer iterations; it stops where the momentum would carry the image past the solution.
    pub iterations: usize,
    /// Dual steps per outer iteration.
    pub inner: usize,
    /// Weight on scaled data.
    pub lambda: f32,
}

impl Default for TvFista {
    fn default() -> Self {
        Self { iterations: 80, inner: 9, lambda: 0.002 }
    }
}

/// Reconstructs one slice.
pub fn total_variation(problem: &Problem, settings: &TvFista) -> Image {
    let pixels = problem.grid().pixels();
    let mut proxes: Vec<_> =
        (0..problem.sets()).map(|_| TotalVariation::new(problem.grid(), settings.inner)).collect();
    let mut smooth = |_: usize, x: &mut [crate::C32]| {
        x.chunks_exact_mut(pixels).zip(&mut proxes).for_each(|(set, prox)| prox.apply(set, settings.lambda));
    };
    let fista_settings = FistaSettings {
        iterations: settings.iterations,
        step: 1.0,
        momentum: true,
        stop_at_turn: true,
        average: 1,
    };
    let start = vec![crate::grid::ZERO; problem.right().len()];
    let (x, iterations) =
        fista(&|x, out| problem.normal(x, out), problem.right(), start, &mut smooth, &fista_settings);
    problem.image(x, iterations)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{head, nrmse_of};
    use super::*;
    use crate::sampling::{Mask, random_lines};

    #[test]
    fn a_piecewise_flat_head_comes_back_and_the_objective_falls() {
        let case = head(96, 8, Mask::from_lines(96, &random_lines(96, 32, 12, 1)), 0.004);
        let problem = case.problem();
        let value = |iterations| {
            let image = total_variation(&problem, &TvFista { iterations, ..TvFista::default() });
            let scale = super::super::problem::signal_scale(&case.kspace);
            let x: Vec<crate::C32> = image.sets.values.iter().map(|v| v / scale).collect();
            let penalty = TotalVariation::new(case.kspace.grid, 1).value(&x);
            (problem.misfit(&x) + 0.002 * penalty, nrmse_of(&case, &image.magnitude()))
        };
        let (early, middle, late) = (value(5), value(20), value(80));
        assert!(early.0 > middle.0 && middle.0 > late.0, "{early:?} {middle:?} {late:?}");
        assert!(late.1 < 0.09, "{late:?}");
    }
}
