//! Masks of every kind a scan may have, at accelerations from 2 to 10.

use super::draw::{chance, log_range, range, whole};
use crate::grid::Grid;
use crate::random::Random;
use crate::sampling::{Mask, PoissonDisc, equispaced_lines, poisson_disc, random_lines};
use std::fmt;

/// A kind of sampling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sampling {
    /// Lines at random and a full centre.
    RandomLines,
    /// Every n-th line and a full centre.
    EquispacedLines,
    /// Lines more dense towards the centre.
    DenseLines,
    /// Variable-density Poisson disc over both phase encodings.
    Poisson,
    /// Points at random, more dense towards the centre.
    RandomPoints,
}

impl Sampling {
    /// Those of lines.
    pub const LINES: [Self; 3] = [Self::RandomLines, Self::EquispacedLines, Self::DenseLines];
    /// Those of points.
    pub const POINTS: [Self; 2] = [Self::Poisson, Self::RandomPoints];

    /// The name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::RandomLines => "random lines",
            Self::EquispacedLines => "equispaced lines",
            Self::DenseLines => "dense lines",
            Self::Poisson => "Poisson disc",
            Self::RandomPoints => "random points",
        }
    }

    /// A mask of about the wanted acceleration (counted it may differ), its centre large enough for sensitivities.
    pub fn draw(self, grid: Grid, acceleration: f64, random: &mut Random) -> Mask {
        let cols = grid.cols;
        let least = 10.max(cols / 25);
        let most = least.max((0.35 * cols as f64 / acceleration) as usize);
        let centre = whole(random, least, most);
        let total = ((cols as f64 / acceleration).round() as usize).max(centre + 3).min(cols);
        let side = whole(random, 14, 26).min(cols).min(grid.rows);
        match self {
            Self::RandomLines => {
                Mask::from_lines(grid.rows, &random_lines(cols, total, centre, random.bits() >> 33))
            }
            Self::EquispacedLines => {
                let every =
                    ((cols - centre) as f64 / (total - centre).max(1) as f64).round().max(1.0) as usize;
                Mask::from_lines(grid.rows, &equispaced_lines(cols, every, random.below(every), centre))
            }
            Self::DenseLines => Mask::from_lines(grid.rows, &dense_lines(cols, total, centre, random)),
            Self::Poisson => {
                let slope = f64::from(range(random, 0.0, 3.0));
                let elliptical = chance(random, 0.5);
                let wish = PoissonDisc { acceleration, centre: side, slope, elliptical, seed: random.bits() };
                poisson_disc(grid, &wish).unwrap_or_else(|| dense_points(grid, acceleration, side, random))
            }
            Self::RandomPoints => dense_points(grid, acceleration, side, random),
        }
    }
}

impl fmt::Display for Sampling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// `total` lines: the centre, then those whose weighted random keys are largest (Efraimidis, Spirakis, 2006).
fn dense_lines(cols: usize, total: usize, centre: usize, random: &mut Random) -> Vec<bool> {
    let width = log_range(random, 0.15, 0.6);
    let first = (cols / 2).saturating_sub(centre / 2);
    let mut keyed: Vec<(f64, usize)> = (0..cols)
        .map(|i| {
            let away = (i as f32 - cols as f32 / 2.0) / (cols as f32 / 2.0);
            let weight = f64::from((-away * away / (2.0 * width * width)).exp()) + 0.02;
            let key =
                if (first..first + centre).contains(&i) { 2.0 } else { random.uniform().powf(1.0 / weight) };
            (key, i)
        })
        .collect();
    keyed.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut lines = vec![false; cols];
    for (_, i) in keyed.into_iter().take(total) {
        if let Some(line) = lines.get_mut(i) {
            *line = true;
        }
    }
    lines
}

/// Independent points whose density falls outwards, scaled so that as many as wished are expected.
fn dense_points(grid: Grid, acceleration: f64, side: usize, random: &mut Random) -> Mask {
    let power = range(random, 0.5, 3.0);
    let part = |i: usize, n: usize| (i as f32 - (n / 2) as f32) / (n as f32 / 2.0);
    let density: Vec<f32> = (0..grid.pixels())
        .map(|i| {
            let radius = part(i / grid.cols, grid.rows).hypot(part(i % grid.cols, grid.cols));
            (1.0 - 0.7 * radius).max(0.05).powf(power)
        })
        .collect();
    let wish = grid.pixels() as f32 / acceleration as f32 - (side * side) as f32;
    let scale = wish.max(1.0) / density.iter().sum::<f32>().max(1.0);
    let (row, col, block) = grid.centre(Grid::new(side, side));
    let sampled = density
        .iter()
        .enumerate()
        .map(|(i, density)| {
            let (r, c) = (i / grid.cols, i % grid.cols);
            let centre = (row..row + block.rows).contains(&r) && (col..col + block.cols).contains(&c);
            (random.uniform() as f32) < density * scale || centre
        })
        .collect();
    Mask::from_points(grid, sampled).unwrap_or_else(|| Mask::full(grid))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_near_its_acceleration_and_leaves_a_centre() {
        let grid = Grid::new(160, 192);
        for kind in Sampling::LINES.into_iter().chain(Sampling::POINTS) {
            for acceleration in [2.0, 4.0, 8.0] {
                let mask = kind.draw(grid, acceleration, &mut Random::new(acceleration as u64));
                let counted = mask.acceleration();
                assert!((0.7..1.5).contains(&(counted / acceleration)), "{kind} {acceleration}: {counted}");
                let block = mask.calibration_block(Grid::new(24, 24));
                assert!(block.rows >= 10 && block.cols >= 10, "{kind} {block:?}");
                assert_eq!(mask.lines().is_some(), Sampling::LINES.contains(&kind));
            }
        }
    }
}
