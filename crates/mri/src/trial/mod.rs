//! A trial: one simulated scan, every method on the same data, and how near each came to the truth.
//!
//! Classic methods get the best weight of their list for this very scan, which nobody has in practice: the comparison
//! favours them. Figures are taken inside the object ([`object_mask`]) after one scalar.

pub mod interval;
mod lesion;
pub mod picture;
mod table;

pub use lesion::{Lesion, false_spots};
pub use table::{Summary, markdown, summarise};

use crate::anatomy::{Plan, Scan};
use crate::calibration::{Espirit, espirit};
use crate::grid::Grid;
use crate::learned::Network;
use crate::learned::gate::Figures;
use crate::metrics::{object_mask, rescaled, score};
use crate::random::Random;
use crate::recon::{self, CgSense, L1Wavelet, Problem, TvFista};
use crate::series::Method;
use std::fmt;

/// A method in a trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Contestant {
    /// Zero-filled root sum of squares.
    ZeroFilled,
    /// CG-SENSE.
    CgSense,
    /// L1-wavelet.
    L1Wavelet,
    /// Total variation.
    TotalVariation,
    /// The network.
    Learned,
}

impl Contestant {
    /// Every method.
    pub const ALL: [Self; 5] =
        [Self::ZeroFilled, Self::CgSense, Self::L1Wavelet, Self::TotalVariation, Self::Learned];
    /// Those that nobody trained.
    pub const CLASSIC: [Self; 4] = [Self::ZeroFilled, Self::CgSense, Self::L1Wavelet, Self::TotalVariation];

    /// The name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::ZeroFilled => "zero-filled",
            Self::CgSense => "cg-sense",
            Self::L1Wavelet => "l1-wavelet",
            Self::TotalVariation => "total-variation",
            Self::Learned => "learned",
        }
    }

    /// The method of a series.
    pub fn method(self) -> Method {
        match self {
            Self::ZeroFilled => Method::ZeroFilled,
            Self::CgSense => Method::CgSense,
            Self::L1Wavelet => Method::L1Wavelet,
            Self::TotalVariation => Method::TotalVariation,
            Self::Learned => Method::Learned,
        }
    }

    /// Weights that are tried.
    fn weights(self) -> &'static [f32] {
        match self {
            Self::ZeroFilled | Self::Learned => &[0.0],
            Self::CgSense => &[0.0003, 0.001, 0.003, 0.01, 0.03, 0.1],
            Self::L1Wavelet => &[0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.02],
            Self::TotalVariation => &[0.0005, 0.001, 0.002, 0.004, 0.006, 0.01, 0.02],
        }
    }
}

impl fmt::Display for Contestant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How one method did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// The method.
    pub contestant: Contestant,
    /// The best weight.
    pub lambda: f32,
    /// Error inside the object.
    pub nrmse: f64,
    /// Structural similarity inside the object.
    pub ssim: f64,
    /// Share of the lesion's contrast that is kept, where there was one.
    pub lesion_kept: Option<f64>,
    /// Per mille of the object that looks like a spot and is none, or hides one.
    pub false_spots: f64,
}

/// A scan and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial {
    /// What was simulated.
    pub plan: Plan,
    /// Its seed.
    pub seed: u64,
    /// Counted acceleration.
    pub acceleration: f64,
    /// Standard deviation of noise per real and imaginary part over the data's scale, as the gate asks for it.
    pub noise: f64,
    /// Each method's outcome.
    pub outcomes: Vec<Outcome>,
    /// What the gate looks at, and the residual over that of noise alone.
    pub figures: Option<(Figures, f64)>,
}

/// What is asked of every scan.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Methods; the learned one needs a network.
    pub methods: &'a [Contestant],
    /// The network of the learned method.
    pub network: Option<&'a Network>,
    /// Whether a small feature is put in; everything is done twice then.
    pub lesion: bool,
}

impl Asked<'_> {
    fn wanted(&self, contestant: Contestant) -> bool {
        self.methods.contains(&contestant) && (contestant != Contestant::Learned || self.network.is_some())
    }
}

/// Runs a trial; `None` where no sensitivities can be learnt from the scan. What is `known` of this very scan is not run again.
pub fn run(plan: &Plan, seed: u64, asked: &Asked<'_>, known: &[Outcome]) -> Option<Trial> {
    let scan = Scan::draw(plan, seed);
    let reference = scan.reference();
    let object = object_mask(plan.grid, &reference);
    let problem = problem(&scan)?;
    let lesion = asked.lesion.then(|| place(&object, plan.grid, seed)).flatten();
    let second = lesion.and_then(|lesion| {
        let scan = Scan::draw_with(plan, seed, Some(lesion));
        let problem = self::problem(&scan)?;
        Some((lesion, scan, problem))
    });
    let network = asked.network.filter(|_| asked.wanted(Contestant::Learned));
    let learned = network.and_then(|network| network.reconstruct(&problem));
    let mut outcomes = Vec::new();
    for contestant in Contestant::ALL.into_iter().filter(|one| asked.wanted(*one)) {
        if let Some(outcome) = known.iter().find(|outcome| outcome.contestant == contestant) {
            outcomes.push(*outcome);
            continue;
        }
        let tried = contestant.weights().iter().filter_map(|lambda| {
            let image = match &learned {
                Some((image, _)) if contestant == Contestant::Learned => image.magnitude(),
                _ => image(contestant, *lambda, (&scan, &problem), network)?,
            };
            Some((*lambda, score(plan.grid, &image, &reference, &object), image))
        });
        let Some((lambda, score, image)) = tried.min_by(|a, b| a.1.nrmse.total_cmp(&b.1.nrmse)) else {
            continue;
        };
        let lesion_kept = second.as_ref().and_then(|(lesion, with, problem)| {
            let changed = self::image(contestant, lambda, (with, problem), network)?;
            Some(lesion.kept(plan.grid, [&changed, &image], [&with.reference(), &reference]))
        });
        let false_spots = false_spots(plan.grid, &rescaled(&image, &reference, &object), &reference, &object);
        outcomes.push(Outcome {
            contestant,
            lambda,
            nrmse: score.nrmse,
            ssim: score.ssim,
            lesion_kept,
            false_spots,
        });
    }
    let figures = learned.map(|(image, start)| {
        let figures = Figures::of(&problem, &image, &start);
        let samples = (scan.mask.count() * scan.kspace.count) as f64;
        let noise = (2.0 * samples).sqrt() * f64::from(scan.noise_sd) / problem.data_norm();
        (figures, figures.unexplained / noise.max(f64::MIN_POSITIVE))
    });
    let noise = f64::from(scan.noise_sd / problem.scale());
    Some(Trial { plan: *plan, seed, acceleration: scan.mask.acceleration(), noise, outcomes, figures })
}

fn problem(scan: &Scan) -> Option<Problem> {
    let block = scan.mask.calibration_block(Grid::new(24, 24));
    let maps = espirit(&scan.kspace, block, &Espirit::default())?.sets;
    Problem::new(&scan.kspace, &scan.mask, maps).ok()
}

fn image(
    contestant: Contestant,
    lambda: f32,
    (scan, problem): (&Scan, &Problem),
    network: Option<&Network>,
) -> Option<Vec<f32>> {
    Some(match contestant {
        Contestant::ZeroFilled => recon::zero_filled(&scan.kspace),
        Contestant::CgSense => {
            recon::cg_sense(problem, &CgSense { lambda, ..CgSense::default() }).magnitude()
        }
        Contestant::L1Wavelet => {
            recon::l1_wavelet(problem, &L1Wavelet { lambda, ..L1Wavelet::default() }).magnitude()
        }
        Contestant::TotalVariation => {
            recon::total_variation(problem, &TvFista { lambda, ..TvFista::default() }).magnitude()
        }
        Contestant::Learned => network?.reconstruct(problem)?.0.magnitude(),
    })
}

/// Somewhere inside the object, at least a tenth of the field from where it ends along rows and columns.
fn place(object: &[bool], grid: Grid, seed: u64) -> Option<Lesion> {
    let mut random = Random::new(seed).part(17);
    let on = |row: usize, col: usize| object.get(row * grid.cols + col) == Some(&true);
    let (down, right) = (grid.rows / 20, grid.cols / 20);
    let free = (0..1000).find_map(|_| {
        let (row, col) = (random.below(grid.rows), random.below(grid.cols));
        let (top, left) = (row.checked_sub(down)?, col.checked_sub(right)?);
        (on(top, col) && on(row + down, col) && on(row, left) && on(row, col + right)).then_some((row, col))
    });
    let (row, col) = free?;
    let at = |i: usize, n: usize| (i as f32 + 0.5) / n as f32 * 2.0 - 1.0;
    let sign = if random.uniform() < 0.5 { -1.0 } else { 1.0 };
    Some(Lesion {
        centre: (at(row, grid.rows), at(col, grid.cols)),
        diameter: 2.0 + 4.0 * random.uniform() as f32,
        contrast: sign * (0.05 + 0.25 * random.uniform() as f32),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::anatomy::{Family, Sampling};

    #[test]
    fn every_method_is_scored_and_better_ones_score_better() {
        let plan = Plan {
            grid: Grid::new(96, 88),
            coils: 6,
            family: Family::Spine,
            sampling: Sampling::RandomLines,
            acceleration: 3.0,
            noise: 0.005,
        };
        let asked = Asked { methods: &Contestant::ALL, network: None, lesion: true };
        let trial = run(&plan, 2, &asked, &[]).unwrap();
        let of = |wanted| trial.outcomes.iter().find(|outcome| outcome.contestant == wanted).unwrap();
        assert_eq!(trial.outcomes.len(), 4);
        let (zero, cg) = (of(Contestant::ZeroFilled), of(Contestant::CgSense));
        let l1 = of(Contestant::L1Wavelet);
        assert!(l1.nrmse < cg.nrmse && cg.nrmse < zero.nrmse, "{:?}", trial.outcomes);
        assert!(l1.ssim > zero.ssim && l1.false_spots <= zero.false_spots);
        assert!(trial.outcomes.iter().all(|outcome| outcome.lesion_kept.is_some_and(f64::is_finite)));
        assert_eq!(run(&plan, 2, &asked, &[]).unwrap(), trial);
        // What is known is taken as it is, and the rest is as it was.
        let claimed = Outcome { nrmse: 9.0, ..*l1 };
        let again = run(&plan, 2, &asked, &[claimed]).unwrap();
        let wanted = trial.outcomes.iter().map(|o| if o.contestant == l1.contestant { claimed } else { *o });
        assert_eq!(again.outcomes, wanted.collect::<Vec<_>>());
        // Only what is asked for is run.
        let one =
            run(&plan, 2, &Asked { methods: &[Contestant::CgSense], lesion: false, ..asked }, &[]).unwrap();
        assert_eq!(one.outcomes, [Outcome { lesion_kept: None, ..*cg }]);
    }
}
