//! Variable-density Poisson-disc masks of a wanted, counted acceleration.
//!
//! The least distance between points grows with the distance from the centre, `r(k) = r₀ (1 + s |k|/k_max)`; the
//! centre block is full. Candidates come in one seeded random order and are taken when no taken point is nearer
//! than the smaller of the two radii's mean; `r₀` is bisected until the counted acceleration is within 1 % of the
//! wish. Bridson, SIGGRAPH 2007 (the idea); dart throwing over a fixed order keeps it deterministic and simple.

use super::Mask;
use crate::grid::Grid;
use crate::random::Random;

/// What a Poisson-disc mask should be like.
#[derive(Debug, Clone, Copy)]
pub struct PoissonDisc {
    /// Points of the rectangle over sampled points.
    pub acceleration: f64,
    /// Side of the full centre block.
    pub centre: usize,
    /// Growth of the least distance from the centre to the edge.
    pub slope: f64,
    /// Leave the corners outside the inscribed ellipse empty.
    pub elliptical: bool,
    /// Seed of the candidates' order.
    pub seed: u64,
}

/// The mask, or `None` when no radius gives the acceleration within 1 %.
pub fn poisson_disc(grid: Grid, wish: &PoissonDisc) -> Option<Mask> {
    let order = candidates(grid, wish.seed);
    // From the mean distance of evenly spread points, doubled until it is too sparse: large radii cost most.
    let (mut low, mut high) = (0.0, wish.acceleration.max(1.0).sqrt());
    while throw(grid, wish, high, &order)?.acceleration() < wish.acceleration {
        (low, high) = (high, 2.0 * high);
        if high > (grid.rows + grid.cols) as f64 {
            return None;
        }
    }
    for _ in 0..40 {
        let radius = 0.5 * (low + high);
        let mask = throw(grid, wish, radius, &order)?;
        let ratio = mask.acceleration() / wish.acceleration;
        if (ratio - 1.0).abs() < 0.01 {
            return Some(mask);
        }
        if ratio > 1.0 {
            high = radius;
        } else {
            low = radius;
        }
    }
    None
}

fn candidates(grid: Grid, seed: u64) -> Vec<usize> {
    let mut random = Random::new(seed);
    let mut keyed: Vec<(u64, usize)> = (0..grid.pixels()).map(|i| (random.bits(), i)).collect();
    keyed.sort_unstable();
    keyed.into_iter().map(|(_, i)| i).collect()
}

/// Distance from the centre over the half axes: 1 on the inscribed ellipse.
fn radius_of(grid: Grid, index: usize) -> f64 {
    let (row, col) = (index / grid.cols, index % grid.cols);
    let part = |at: usize, size: usize| (at as f64 - (size / 2) as f64) / (size as f64 / 2.0);
    part(row, grid.rows).hypot(part(col, grid.cols))
}

fn throw(grid: Grid, wish: &PoissonDisc, base: f64, order: &[usize]) -> Option<Mask> {
    let (row, col, block) = grid.centre(Grid::new(wish.centre, wish.centre));
    let mut sampled = vec![false; grid.pixels()];
    for line in sampled.chunks_exact_mut(grid.cols.max(1)).skip(row).take(block.rows) {
        line.iter_mut().skip(col).take(block.cols).for_each(|on| *on = true);
    }
    let in_block =
        |r: usize, c: usize| (row..row + block.rows).contains(&r) && (col..col + block.cols).contains(&c);
    for &index in order {
        let (r, c) = (index / grid.cols, index % grid.cols);
        let distance = radius_of(grid, index);
        if in_block(r, c) || (wish.elliptical && distance > 1.0) {
            continue;
        }
        let least = base * (1.0 + wish.slope * distance);
        if free(&sampled, grid, (r, c), least, in_block) {
            *sampled.get_mut(index)? = true;
        }
    }
    Mask::from_points(grid, sampled)
}

/// No sampled point outside the centre block is nearer than `least`.
fn free(
    sampled: &[bool],
    grid: Grid,
    (row, col): (usize, usize),
    least: f64,
    in_block: impl Fn(usize, usize) -> bool,
) -> bool {
    let reach = least.ceil() as usize;
    let rows = row.saturating_sub(reach)..(row + reach + 1).min(grid.rows);
    let cols = col.saturating_sub(reach)..(col + reach + 1).min(grid.cols);
    rows.into_iter().all(|r| {
        let line = sampled.get(r * grid.cols + cols.start..r * grid.cols + cols.end).unwrap_or_default();
        line.iter().zip(cols.clone()).all(|(on, c)| {
            let apart = (r.abs_diff(row) as f64).hypot(c.abs_diff(col) as f64);
            !on || in_block(r, c) || apart >= least
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counted_acceleration_is_the_wish_and_points_keep_apart() {
        let grid = Grid::new(96, 80);
        for acceleration in [4.0, 8.0] {
            let wish = PoissonDisc { acceleration, centre: 12, slope: 2.0, elliptical: true, seed: 11 };
            let mask = poisson_disc(grid, &wish).unwrap();
            assert!((mask.acceleration() / acceleration - 1.0).abs() < 0.01, "{}", mask.acceleration());
            assert_eq!(mask, poisson_disc(grid, &wish).unwrap());
            let outer: Vec<(f64, f64)> = (0..grid.pixels())
                .filter(|i| mask.sampled()[*i])
                .map(|i| ((i / 80) as f64, (i % 80) as f64))
                .filter(|(r, c)| !(42.0..54.0).contains(r) || !(34.0..46.0).contains(c))
                .collect();
            let nearest = |far: bool| {
                let side = |p: &&(f64, f64)| ((p.0 - 48.0) / 48.0).hypot((p.1 - 40.0) / 40.0) > 0.7;
                let some: Vec<_> = outer.iter().filter(|p| side(p) == far).collect();
                let pairs = some
                    .iter()
                    .enumerate()
                    .flat_map(|(i, a)| some.iter().skip(i + 1).map(move |b| (a.0 - b.0).hypot(a.1 - b.1)));
                pairs.fold(f64::MAX, f64::min)
            };
            assert!(nearest(true) > nearest(false), "sparser outside: {} {}", nearest(true), nearest(false));
        }
    }

    #[test]
    fn an_impossible_wish_is_none() {
        let wish = PoissonDisc { acceleration: 100.0, centre: 24, slope: 1.0, elliptical: false, seed: 1 };
        assert!(poisson_disc(Grid::new(32, 32), &wish).is_none());
    }
}
