//! Pictures of trials in which the network did badly: what was to be seen, the best classic image, the network's, and their
//! errors.

use super::{Asked, Contestant, Outcome, Trial, image, problem};
use crate::anatomy::Scan;
use crate::formats::png::{Window, write};
use crate::grid::Grid;
use crate::metrics::{object_mask, rescaled};

/// Errors are shown so many times brighter.
pub const BRIGHTER: f32 = 5.0;
/// Pixels between pictures.
const GAP: usize = 4;

/// Why a trial is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// The network is furthest behind the best classic method.
    Behind,
    /// Its error is largest.
    Error,
    /// Most of its picture looks like a spot and is none, or hides one.
    Spots,
    /// Least is left of the small feature.
    Lesion,
    /// In the middle of all, by how it stands against the best classic method.
    Usual,
}

impl Why {
    /// Every reason.
    pub const ALL: [Self; 5] = [Self::Behind, Self::Error, Self::Spots, Self::Lesion, Self::Usual];

    /// A word for file names.
    pub fn name(self) -> &'static str {
        match self {
            Self::Behind => "behind",
            Self::Error => "error",
            Self::Spots => "spots",
            Self::Lesion => "lesion",
            Self::Usual => "usual",
        }
    }

    /// How much a trial is a case of it; `None` when it says nothing about it.
    fn of(self, trial: &Trial) -> Option<f64> {
        let (learned, classic) = both(trial)?;
        match self {
            Self::Behind | Self::Usual => Some(learned.nrmse / classic.nrmse),
            Self::Error => Some(learned.nrmse),
            Self::Spots => Some(learned.false_spots),
            Self::Lesion => learned.lesion_kept.map(|kept| -kept),
        }
    }
}

/// The network's outcome and that of the best classic method; `None` where one is missing.
pub fn both(trial: &Trial) -> Option<(&Outcome, &Outcome)> {
    let learned = trial.outcomes.iter().find(|one| one.contestant == Contestant::Learned)?;
    let classic = trial.outcomes.iter().filter(|one| Contestant::CLASSIC.contains(&one.contestant));
    Some((learned, classic.min_by(|a, b| a.nrmse.total_cmp(&b.nrmse))?))
}

/// The trial that shows a reason best.
pub fn case(trials: &[Trial], why: Why) -> Option<&Trial> {
    let mut cases: Vec<(f64, &Trial)> =
        trials.iter().filter_map(|trial| Some((why.of(trial)?, trial))).collect();
    cases.sort_by(|a, b| b.0.total_cmp(&a.0));
    let place = if why == Why::Usual { cases.len() / 2 } else { 0 };
    cases.get(place).map(|(_, trial)| *trial)
}

/// A PNG: above the fully sampled noise-free image, the best classic image and the network's, below the errors of the two,
/// [`BRIGHTER`] times brighter.
pub fn strip(trial: &Trial, asked: &Asked<'_>) -> Option<Vec<u8>> {
    let (learned, classic) = both(trial)?;
    let scan = Scan::draw(&trial.plan, trial.seed);
    let problem = problem(&scan)?;
    let grid = trial.plan.grid;
    let reference = scan.reference();
    let object = object_mask(grid, &reference);
    let images: Option<Vec<Vec<f32>>> = [classic, learned]
        .into_iter()
        .map(|one| {
            let image = image(one.contestant, one.lambda, (&scan, &problem), asked.network)?;
            Some(rescaled(&image, &reference, &object))
        })
        .collect();
    let images = images?;
    let window = Window::of(&reference);
    let empty = vec![window.high; grid.pixels()];
    let [classic, learned] = images.as_slice() else { return None };
    let [behind, ahead] = [classic, learned].map(|image| error(image, &reference));
    let (whole, values) =
        laid_out(grid, &[&reference, classic, learned, &empty, &behind, &ahead], window.high);
    write(whole, &values, window)
}

fn error(image: &[f32], reference: &[f32]) -> Vec<f32> {
    image.iter().zip(reference).map(|(a, b)| BRIGHTER * (a - b).abs()).collect()
}

/// Six pictures in two rows of three, with `white` between them.
fn laid_out(grid: Grid, pictures: &[&[f32]; 6], white: f32) -> (Grid, Vec<f32>) {
    let whole = Grid::new(2 * grid.rows + GAP, 3 * grid.cols + 2 * GAP);
    let mut values = vec![white; whole.pixels()];
    for (number, picture) in pictures.iter().enumerate() {
        let (top, left) = (number / 3 * (grid.rows + GAP), number % 3 * (grid.cols + GAP));
        for (row, line) in picture.chunks_exact(grid.cols).enumerate() {
            let begin = (top + row) * whole.cols + left;
            if let Some(place) = values.get_mut(begin..begin + grid.cols) {
                place.copy_from_slice(line);
            }
        }
    }
    (whole, values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::anatomy::{Family, Plan, Sampling};

    fn trial(number: u64, (classic, learned, spots, kept): (f64, f64, f64, Option<f64>)) -> Trial {
        let outcome = |contestant, nrmse| Outcome {
            contestant,
            lambda: 0.002,
            nrmse,
            ssim: 0.9,
            lesion_kept: kept,
            false_spots: spots,
        };
        let plan = Plan {
            grid: Grid::new(64, 56),
            coils: 4,
            family: Family::Cells,
            sampling: Sampling::Poisson,
            acceleration: 3.0,
            noise: 0.01,
        };
        let outcomes = vec![
            outcome(Contestant::ZeroFilled, 2.0),
            outcome(Contestant::TotalVariation, classic),
            outcome(Contestant::Learned, learned),
        ];
        Trial { plan, seed: number, acceleration: 3.0, noise: 0.01, outcomes, figures: None }
    }

    #[test]
    fn each_reason_finds_its_case() {
        let trials = [
            trial(0, (0.1, 0.09, 9.0, Some(0.9))),
            trial(1, (0.1, 0.12, 2.0, Some(0.8))),
            trial(2, (0.5, 0.51, 3.0, None)),
            trial(3, (0.2, 0.1, 1.0, Some(0.1))),
        ];
        let of = |why| case(&trials, why).unwrap().seed;
        assert_eq!(Why::ALL.map(of), [1, 2, 0, 3, 0]);
        assert_eq!(
            both(&trials[1]).unwrap().1.contestant,
            Contestant::TotalVariation,
            "the best, not the first"
        );
        let without = Trial { outcomes: trials[0].outcomes[..2].to_vec(), ..trials[0].clone() };
        assert_eq!(case(&[without], Why::Error), None);
    }

    #[test]
    fn pictures_stand_in_two_rows_of_three() {
        let grid = Grid::new(2, 3);
        let pictures: Vec<Vec<f32>> = (1..=6).map(|number| vec![number as f32; 6]).collect();
        let pictures: Vec<&[f32]> = pictures.iter().map(Vec::as_slice).collect();
        let (whole, values) = laid_out(grid, pictures.as_slice().try_into().unwrap(), 9.0);
        assert_eq!((whole.rows, whole.cols), (2 * 2 + GAP, 3 * 3 + 2 * GAP));
        let at = |row: usize, col: usize| values[row * whole.cols + col];
        let (down, right) = (2 + GAP, 3 + GAP);
        for (row, first) in [(0, 1.0), (1, 1.0), (down, 4.0), (down + 1, 4.0)] {
            for place in 0..3 {
                assert_eq!(at(row, place * right), first + place as f32);
                assert_eq!(at(row, place * right + 2), first + place as f32);
            }
            assert_eq!(at(row, 3), 9.0);
        }
        assert_eq!((at(2, 0), at(down - 1, 5)), (9.0, 9.0));
    }
}
