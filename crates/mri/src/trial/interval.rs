//! Whether 90 % intervals hold what they say: on simulated scans, whose noise-free fully sampled image is known, and at the weight
//! that a method takes by itself.

use super::{Asked, Contestant};
use crate::anatomy::{Plan, Scan};
use crate::calibration::{Espirit, espirit};
use crate::doubt::interval::{Factor, Factors, MEMBERS, lines, member, spread};
use crate::grid::{Grid, Stack};
use crate::learned::Network;
use crate::metrics::object_mask;
use crate::random::Random;
use crate::recon::{self, CgSense, L1Wavelet, Problem, TvFista};
use crate::sampling::Mask;

/// Steps that the distribution of a scan's errors is kept in.
const STEPS: usize = 200;

/// Least variance of the logarithms of accelerations from which a power is taken: a spread of a quarter.
const LEAST_VARIANCE: f64 = 0.05;

/// Methods that have intervals.
pub const METHODS: [Contestant; 4] =
    [Contestant::CgSense, Contestant::L1Wavelet, Contestant::TotalVariation, Contestant::Learned];

/// One method on one scan.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// What was simulated.
    pub plan: Plan,
    /// Counted acceleration.
    pub acceleration: f64,
    /// Whether whole lines were measured.
    pub lines: bool,
    /// The method.
    pub contestant: Contestant,
    /// Error over spread of the pixels inside the body, at equal steps from the least to the largest.
    pub scores: Vec<f32>,
    /// How error and spread go together.
    pub correlation: f64,
    /// Mean spread over the mean of the image.
    pub spread: f64,
}

impl Held {
    /// The factor that a method's factors give this scan.
    pub fn factor(&self, factors: &Factors) -> f32 {
        if self.lines { factors.lines } else { factors.points }.at(self.acceleration)
    }

    /// Share of the pixels that lie within `factor × spread`.
    pub fn covered(&self, factor: f32) -> f64 {
        let within = self.scores.iter().filter(|score| **score <= factor).count();
        within as f64 / self.scores.len().max(1) as f64
    }

    /// The factor at which nine tenths do.
    fn needed(&self) -> f64 {
        self.scores.get(self.scores.len() * 9 / 10).copied().map_or(f64::NAN, f64::from)
    }
}

/// Every method asked for on one scan; `None` where no sensitivities can be learnt from it.
pub fn run(plan: &Plan, seed: u64, asked: &Asked<'_>) -> Option<Vec<Held>> {
    let network = asked.network;
    let scan = Scan::draw(plan, seed);
    let reference = scan.reference();
    let object = object_mask(plan.grid, &reference);
    let block = scan.mask.calibration_block(Grid::new(24, 24));
    let maps = espirit(&scan.kspace, block, &Espirit::default())?.sets;
    let image = |contestant, kspace: &Stack, mask: &Mask| -> Option<Vec<f32>> {
        solved(contestant, &Problem::new(kspace, mask, maps.clone()).ok()?, network)
    };
    let one = |contestant| {
        let shown = image(contestant, &scan.kspace, &scan.mask)?;
        let mut random = Random::new(seed).part(31);
        let members: Option<Vec<Vec<f32>>> = (0..MEMBERS)
            .map(|_| {
                let (kspace, mask) = member(&scan.kspace, (&scan.mask, block), scan.noise_sd, &mut random);
                image(contestant, &kspace, &mask)
            })
            .collect();
        let spread = spread(&shown, &members?, plan.grid);
        let inside = shown.iter().zip(&reference).zip(spread.iter().zip(&object)).filter(|(_, (_, on))| **on);
        let pairs: Vec<(f32, f32)> = inside.map(|((x, r), (s, _))| ((x - r).abs(), *s)).collect();
        let mut scores: Vec<f32> = pairs.iter().map(|(e, s)| e / s.max(f32::MIN_POSITIVE)).collect();
        scores.sort_unstable_by(f32::total_cmp);
        let step = |k: usize| scores.get(k * (scores.len() - 1) / STEPS).copied();
        let scores: Vec<f32> =
            if scores.is_empty() { Vec::new() } else { (0..=STEPS).filter_map(step).collect() };
        let mean = |values: &mut dyn Iterator<Item = f32>| {
            let (sum, count) = values.fold((0f64, 0f64), |(sum, n), v| (sum + f64::from(v), n + 1.0));
            sum / count.max(1.0)
        };
        let level = mean(&mut reference.iter().zip(&object).filter(|(_, on)| **on).map(|(r, _)| *r));
        Some(Held {
            plan: *plan,
            acceleration: scan.mask.acceleration(),
            lines: lines(&scan.mask).is_some(),
            contestant,
            scores,
            correlation: correlation(&pairs),
            spread: mean(&mut pairs.iter().map(|(_, s)| *s)) / level.max(f64::MIN_POSITIVE),
        })
    };
    let tried = METHODS.into_iter().filter(|contestant| asked.wanted(*contestant));
    Some(tried.filter_map(one).collect())
}

/// At the method's own weight.
fn solved(contestant: Contestant, problem: &Problem, network: Option<&Network>) -> Option<Vec<f32>> {
    let lambda = contestant.method().default_lambda().unwrap_or_default();
    let image = match contestant {
        Contestant::CgSense => recon::cg_sense(problem, &CgSense { lambda, ..CgSense::default() }),
        Contestant::L1Wavelet => recon::l1_wavelet(problem, &L1Wavelet { lambda, ..L1Wavelet::default() }),
        Contestant::TotalVariation => {
            recon::total_variation(problem, &TvFista { lambda, ..TvFista::default() })
        }
        Contestant::Learned => network?.reconstruct(problem)?.0,
        Contestant::ZeroFilled => return None,
    };
    Some(image.magnitude())
}

fn correlation(pairs: &[(f32, f32)]) -> f64 {
    let count = pairs.len().max(1) as f64;
    let wide = pairs.iter().map(|(a, b)| (f64::from(*a), f64::from(*b)));
    let (sum_a, sum_b) = wide.clone().fold((0.0, 0.0), |(x, y), (a, b)| (x + a, y + b));
    let (mean_a, mean_b) = (sum_a / count, sum_b / count);
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (a, b) in wide {
        let (a, b) = (a - mean_a, b - mean_b);
        (ab, aa, bb) = (ab + a * b, aa + a * a, bb + b * b);
    }
    ab / (aa * bb).sqrt().max(f64::MIN_POSITIVE)
}

/// The factors of lines and of points with which the scans' mean coverage is nine tenths.
pub fn factors(held: &[&Held]) -> Factors {
    let of = |lines: bool| fitted(&held.iter().copied().filter(|one| one.lines == lines).collect::<Vec<_>>());
    Factors { lines: of(true), points: of(false) }
}

/// The factor with which the scans' mean coverage is nine tenths: its power of the acceleration by least squares of the logarithms,
/// its base by halving.
fn fitted(held: &[&Held]) -> Factor {
    let points: Vec<(f64, f64)> = held
        .iter()
        .map(|one| (one.acceleration.max(1.0).ln(), one.needed().ln()))
        .filter(|(_, y)| y.is_finite())
        .collect();
    let count = points.len().max(1) as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (mean_x, mean_y) = (mean(|p| p.0), mean(|p| p.1));
    let (mut xy, mut xx) = (0.0, 0.0);
    for (x, y) in &points {
        (xy, xx) = (xy + (x - mean_x) * (y - mean_y), xx + (x - mean_x).powi(2));
    }
    // Accelerations that are nearly the same say nothing of a power.
    let power = if xx > LEAST_VARIANCE * count { xy / xx } else { 0.0 };
    let (mut low, mut high) = (1e-3f64, 1e3f64);
    for _ in 0..60 {
        let base = (low * high).sqrt();
        let factor = Factor { base, power };
        let covered: f64 = held.iter().map(|one| one.covered(factor.at(one.acceleration))).sum();
        if covered < 0.9 * held.len() as f64 { low = base } else { high = base }
    }
    Factor { base: (low * high).sqrt(), power }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::anatomy::{Family, Sampling};
    use rayon::prelude::*;

    fn plan(family: Family, sampling: Sampling, acceleration: f64) -> Plan {
        Plan { grid: Grid::new(80, 72), coils: 6, family, sampling, acceleration, noise: 0.008 }
    }

    #[test]
    fn a_factor_is_found_that_covers_nine_tenths_and_follows_the_acceleration() {
        // Errors are 2 √R times the spread, uniformly.
        let one = |acceleration: f64| Held {
            plan: plan(Family::Cells, Sampling::Poisson, acceleration),
            acceleration,
            lines: false,
            contestant: Contestant::CgSense,
            scores: (0..=STEPS)
                .map(|k| (2.0 * acceleration.sqrt() * k as f64 / STEPS as f64) as f32)
                .collect(),
            correlation: 0.0,
            spread: 0.0,
        };
        let held = [one(1.0), one(2.0), one(4.0), one(9.0)];
        let factor = fitted(&held.iter().collect::<Vec<_>>());
        assert!((factor.power - 0.5).abs() < 0.01 && (factor.base - 1.8).abs() < 0.02, "{factor:?}");
        assert!(held.iter().all(|one| (one.covered(factor.at(one.acceleration)) - 0.9).abs() < 0.01));
        let near = [one(3.0), one(3.1)];
        let factor_of_near = fitted(&near.iter().collect::<Vec<_>>());
        assert!(
            factor_of_near.power == 0.0 && (factor_of_near.base - 3.15).abs() < 0.1,
            "{factor_of_near:?}"
        );
        assert!(held[3].covered(factor.at(1.0)) < 0.5, "a factor of another acceleration does not do");
    }

    #[test]
    fn intervals_of_anatomies_that_chose_no_factor_cover_about_nine_tenths() {
        let samplings = Sampling::LINES.into_iter().chain(Sampling::POINTS);
        let plans: Vec<Plan> = samplings
            .flat_map(|sampling| [2.0, 4.0, 6.0].map(|acceleration| (sampling, acceleration)))
            .flat_map(|(sampling, acceleration)| {
                Family::HELD_OUT.map(|family| plan(family, sampling, acceleration))
            })
            .collect();
        let asked = Asked { methods: &Contestant::ALL, network: None, lesion: false };
        let one = |(number, plan): (usize, &Plan)| run(plan, 900 + number as u64, &asked).unwrap_or_default();
        let held: Vec<Held> = plans.par_iter().enumerate().flat_map_iter(one).collect();
        for contestant in [Contestant::CgSense, Contestant::L1Wavelet, Contestant::TotalVariation] {
            let factors = contestant.method().interval_factors().unwrap();
            let of = held.iter().filter(|one| one.contestant == contestant);
            let shares: Vec<f64> = of.map(|one| one.covered(one.factor(&factors))).collect();
            let mean = shares.iter().sum::<f64>() / shares.len() as f64;
            assert!(shares.len() > 40 && (0.87..=0.93).contains(&mean), "{contestant}: {mean} {shares:?}");
        }
    }
}
