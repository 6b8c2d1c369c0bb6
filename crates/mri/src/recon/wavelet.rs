//! L1-wavelet: `½‖Ax − y‖² + λ‖Wx‖₁` by FISTA with random shifts. Lustig, Donoho, Pauly, MRM 58:1182 (2007).

use super::{Image, Problem};
use crate::alg::{FistaSettings, fista};
use crate::prox::WaveletThreshold;

/// How to run it.
#[derive(Debug, Clone, Copy)]
pub struct L1Wavelet {
    /// Number of iterations.
    pub iterations: usize,
    /// Weight on scaled data.
    pub lambda: f32,
    /// Draws the shifts.
    pub seed: u64,
}

impl Default for L1Wavelet {
    fn default() -> Self {
        Self { iterations: 100, lambda: 0.002, seed: 0 }
    }
}

/// Shifts are drawn anew each time: the image is the mean of so many last iterates, which makes it depend less on them.
const AVERAGED: usize = 32;

/// Reconstructs one slice. Sensitivities of unit norm make `‖AᴴA‖ ≤ 1`, so the step is 1.
pub fn l1_wavelet(problem: &Problem, settings: &L1Wavelet) -> Image {
    let pixels = problem.grid().pixels();
    let mut prox = WaveletThreshold::new(problem.grid(), settings.seed);
    let mut shrink = |iteration: usize, x: &mut [crate::C32]| {
        x.chunks_exact_mut(pixels).for_each(|set| prox.apply(iteration, set, settings.lambda));
    };
    let fista_settings = FistaSettings {
        iterations: settings.iterations,
        step: 1.0,
        momentum: true,
        stop_at_turn: false,
        average: AVERAGED,
    };
    let start = vec![crate::grid::ZERO; problem.right().len()];
    let (x, iterations) =
        fista(&|x, out| problem.normal(x, out), problem.right(), start, &mut shrink, &fista_settings);
    problem.image(x, iterations)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{head, nrmse_of};
    use super::super::{CgSense, cg_sense};
    use super::*;
    use crate::sampling::{Mask, random_lines};

    #[test]
    fn beats_cg_sense_on_the_head_and_repeats_bit_for_bit() {
        let case = head(96, 8, Mask::from_lines(96, &random_lines(96, 32, 12, 1)), 0.004);
        let cg = cg_sense(&case.problem(), &CgSense::default());
        let run = || l1_wavelet(&case.problem(), &L1Wavelet::default());
        let image = run();
        let (l1, cg) = (nrmse_of(&case, &image.magnitude()), nrmse_of(&case, &cg.magnitude()));
        assert!(l1 < 0.13 && l1 < 0.5 * cg, "{l1} {cg}");
        assert_eq!(image, run());
    }

    #[test]
    fn the_objective_falls_over_the_shifts_and_settles() {
        let case = head(96, 8, Mask::from_lines(96, &random_lines(96, 32, 12, 1)), 0.004);
        let (problem, lambda) = (case.problem(), L1Wavelet::default().lambda);
        let value = |iterations| {
            let image = l1_wavelet(&problem, &L1Wavelet { iterations, ..L1Wavelet::default() });
            let x: Vec<crate::C32> = image.sets.values.iter().map(|v| v / problem.scale()).collect();
            // The weight is shared by all shifts: the objective is the mean over them.
            let mut prox = WaveletThreshold::new(problem.grid(), 99);
            let penalty: f64 = (0..16).map(|shift| prox.value(shift, &x)).sum::<f64>() / 16.0;
            problem.misfit(&x) + f64::from(lambda) * penalty
        };
        let [first, early, middle, late, end] = [2, 10, 40, 100, 200].map(value);
        assert!(first > early && early > middle && middle > late, "{first} {early} {middle} {late}");
        assert!((late - end).abs() < 0.01 * (first - end), "{first} {late} {end}");
    }
}
