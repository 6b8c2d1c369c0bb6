//! How uncertain an image is: noise carried through the reconstruction, and how much of it undersampling adds.
//!
//! For a linear method the spread of images of the same data with fresh noise is the spread of the image (pseudo-replicas:
//! Robson et al., MRM 60:895, 2008), and `x ± 1.645 sd` holds 90 % of what noise does. It says nothing of what the method
//! itself gets wrong (folding, lost detail), and nothing of regularised methods that are not linear. The g-factor is the
//! spread relative to that of a fully sampled scan, over `√R` (Pruessmann et al., MRM 42:952, 1999).

pub mod interval;

use crate::grid::{C32, Stack, ZERO};
use crate::random::Random;
use crate::sampling::Mask;

/// Half width of a 90 % interval in standard deviations.
pub const NINETY_PERCENT: f32 = 1.645;

/// Adds complex noise of unit variance to the sampled points: what whitened data hold once already.
pub fn with_noise(kspace: &Stack, mask: &Mask, random: &mut Random) -> Stack {
    let mut noisy = kspace.clone();
    let half = std::f32::consts::FRAC_1_SQRT_2;
    for plane in noisy.planes_mut() {
        for (value, _) in plane.iter_mut().zip(mask.sampled()).filter(|(_, on)| **on) {
            *value += random.normal() * half;
        }
    }
    noisy
}

/// Standard deviation of each pixel's magnitude, from images of the data and of `replicas` of the data with fresh noise.
///
/// Images are stacks whose root sum of squares is the magnitude; what counts is the noise along the image's own phase.
/// `None` when a replica cannot be made or has another size.
pub fn magnitude_spread(
    base: &Stack,
    replicas: usize,
    replica: &mut dyn FnMut(usize) -> Option<Stack>,
) -> Option<Vec<f32>> {
    let pixels = base.grid.pixels();
    let size = base.rss();
    let mut sum = vec![0f64; pixels];
    for number in 0..replicas {
        let other = replica(number)?;
        if other.grid != base.grid || other.count != base.count {
            return None;
        }
        let mut along = vec![0f32; pixels];
        for (base, other) in base.planes().zip(other.planes()) {
            for (along, (b, o)) in along.iter_mut().zip(base.iter().zip(other)) {
                *along += (b.conj() * (o - b)).re;
            }
        }
        for (sum, (along, size)) in sum.iter_mut().zip(along.iter().zip(&size)) {
            *sum += f64::from(along / size.max(f32::MIN_POSITIVE)).powi(2);
        }
    }
    let count = replicas.max(1) as f64;
    Some(sum.into_iter().map(|sum| (sum / count).sqrt() as f32).collect())
}

/// The g-factor of an image made with sensitivities of unit norm from whitened data: its spread over that of full sampling,
/// `1/√2` along the phase, over `√R`. 0 where there is no image.
pub fn g_factor(spread: &[f32], acceleration: f64) -> Vec<f32> {
    let full = std::f32::consts::FRAC_1_SQRT_2 * (acceleration as f32).sqrt();
    spread.iter().map(|sd| sd / full).collect()
}

/// The g-factor of regular line sampling by algebra: `√([(SᴴS)⁻¹]ρρ [SᴴS]ρρ)` for the `every` pixels that fold onto each
/// other along the columns. `None` when the lines do not divide.
pub fn analytic_g_factor(maps: &Stack, every: usize) -> Option<Vec<f32>> {
    use crate::linalg::{C64, cholesky, solve_cholesky};
    let (rows, cols) = (maps.grid.rows, maps.grid.cols);
    if every == 0 || !cols.is_multiple_of(every) {
        return None;
    }
    let mut g = vec![0f32; maps.grid.pixels()];
    let step = cols / every;
    for row in 0..rows {
        for first in 0..step {
            let places: Vec<usize> = (0..every)
                .map(|fold| row * cols + first + fold * step)
                .filter(|at| maps.planes().any(|map| map.get(*at).is_some_and(|v| *v != ZERO)))
                .collect();
            let n = places.len();
            let value = |map: &[C32], at: usize| map.get(at).copied().unwrap_or(ZERO);
            let wide = |v: C32| C64::new(v.re.into(), v.im.into());
            let entry = |a: usize, b: usize| -> C64 {
                maps.planes().map(|map| wide(value(map, a)).conj() * wide(value(map, b))).sum()
            };
            let gram: Vec<C64> =
                places.iter().flat_map(|a| places.iter().map(move |b| entry(*a, *b))).collect();
            let Some(factor) = cholesky(&gram, n) else { continue };
            for (index, at) in places.iter().enumerate() {
                let mut unit = vec![C64::new(0.0, 0.0); n];
                if let Some(one) = unit.get_mut(index) {
                    *one = C64::new(1.0, 0.0);
                }
                solve_cholesky(&factor, &mut unit);
                let inverse = unit.get(index).map_or(0.0, |v| v.re);
                let diagonal = gram.get(index * n + index).map_or(0.0, |v| v.re);
                if let Some(g) = g.get_mut(*at) {
                    *g = (inverse * diagonal).sqrt() as f32;
                }
            }
        }
    }
    Some(g)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::Grid;
    use crate::phantom::Phantom;
    use crate::recon::{CgSense, Problem, cg_sense};
    use crate::sampling::equispaced_lines;

    const SIDE: usize = 32;

    struct Case {
        kspace: Stack,
        mask: Mask,
        maps: Stack,
    }

    /// The head with unit-norm maps, every second line.
    fn case(noise: f32, every: usize) -> Case {
        let phantom = Phantom::head(Grid::new(SIDE, SIDE), 6, 1);
        let mut maps = phantom.maps();
        let rss = maps.rss();
        maps.planes_mut().for_each(|map| map.iter_mut().zip(&rss).for_each(|(s, r)| *s /= *r));
        let mut kspace = phantom.kspace();
        // Signal large against noise of unit variance.
        let mask = Mask::from_lines(SIDE, &equispaced_lines(SIDE, every, 0, 0));
        let scale = 1.0 / noise;
        kspace.values.iter_mut().for_each(|value| *value *= scale);
        mask.apply(&mut kspace);
        Case { kspace, mask, maps }
    }

    fn image(case: &Case, kspace: &Stack) -> Option<Stack> {
        let settings = CgSense { iterations: 60, tolerance: 1e-7, lambda: 0.0 };
        let problem = Problem::new(kspace, &case.mask, vec![case.maps.clone()]).ok()?;
        Some(cg_sense(&problem, &settings).sets)
    }

    #[test]
    fn replicas_agree_with_algebra_within_five_per_cent() {
        let case = case(0.002, 2);
        let base = image(&case, &case.kspace).unwrap();
        let mut random = Random::new(3);
        let spread = magnitude_spread(&base, 200, &mut |_| {
            image(&case, &with_noise(&case.kspace, &case.mask, &mut random))
        });
        let found = g_factor(&spread.unwrap(), case.mask.acceleration());
        let exact = analytic_g_factor(&case.maps, 2).unwrap();
        let inside = crate::metrics::ellipse_mask(case.kspace.grid, 0.8, 0.58);
        let mean = |g: &[f32]| {
            let chosen: Vec<f32> = g.iter().zip(&inside).filter(|(_, on)| **on).map(|(g, _)| *g).collect();
            chosen.iter().sum::<f32>() / chosen.len() as f32
        };
        let ratio = mean(&found) / mean(&exact);
        assert!((ratio - 1.0).abs() < 0.05, "{ratio}");
        assert!(exact.iter().zip(&inside).all(|(g, on)| !on || *g > 0.999), "never below one");
    }

    #[test]
    fn ninety_per_cent_intervals_hold_the_noise_free_image_about_as_often() {
        let case = case(0.005, 2);
        let truth = image(&case, &case.kspace).unwrap().rss();
        let mut random = Random::new(5);
        let inside = crate::metrics::ellipse_mask(case.kspace.grid, 0.8, 0.58);
        let (mut held, mut all) = (0, 0);
        for _ in 0..8 {
            let measured = with_noise(&case.kspace, &case.mask, &mut random);
            let base = image(&case, &measured).unwrap();
            let spread = magnitude_spread(&base, 60, &mut |_| {
                image(&case, &with_noise(&measured, &case.mask, &mut random))
            })
            .unwrap();
            for ((value, sd), (truth, on)) in base.rss().iter().zip(&spread).zip(truth.iter().zip(&inside)) {
                // Below a signal of five deviations a magnitude is not Gaussian.
                if *on && *truth > 5.0 * sd {
                    all += 1;
                    held += usize::from((value - truth).abs() <= NINETY_PERCENT * sd);
                }
            }
        }
        let share = f64::from(held as u32) / f64::from(all as u32);
        assert!(all > 1000 && (0.87..0.93).contains(&share), "{share} of {all}");
    }
}
