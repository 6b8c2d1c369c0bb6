//! Smooth fields over the field of view: a coarse lattice of values, interpolated by cubic curves.
//!
//! Bias fields, slow phase and coil sensitivities are all made this way; the lattice is what is random.

use super::draw::range;
use crate::grid::{C32, Grid, ZERO};
use crate::random::Random;
use std::f32::consts::TAU;

/// Values on a square lattice that reaches one step beyond the field of view on each side.
#[derive(Debug, Clone)]
pub struct Lattice {
    side: usize,
    values: Vec<C32>,
}

impl Lattice {
    /// From a function of row and column in `[−1, 1]`; `side` is at least 4.
    pub fn new(side: usize, mut value: impl FnMut(f32, f32) -> C32) -> Self {
        let side = side.max(4);
        let at = |i: usize| 2.0 * (i as f32 - 1.0) / (side as f32 - 3.0) - 1.0;
        let values = (0..side * side).map(|i| value(at(i / side), at(i % side))).collect();
        Self { side, values }
    }

    /// Independent complex Gaussians.
    pub fn noise(random: &mut Random, side: usize) -> Self {
        Self::new(side, |_, _| random.normal())
    }

    /// The lattice's values.
    pub fn values(&self) -> &[C32] {
        &self.values
    }

    /// The sum of lattices of one size, weighted.
    pub fn combined(lattices: &[Self], weights: &[C32]) -> Self {
        let side = lattices.first().map_or(4, |lattice| lattice.side);
        let mut values = vec![ZERO; side * side];
        for (lattice, weight) in lattices.iter().zip(weights) {
            values.iter_mut().zip(&lattice.values).for_each(|(sum, v)| *sum += weight * v);
        }
        Self { side, values }
    }

    /// The field on the pixels of `grid`.
    pub fn on(&self, grid: Grid) -> Vec<C32> {
        let cols = taps(self.side, grid.cols);
        // Every lattice row at the pixels' columns, then four of them for every row of pixels.
        let lines: Vec<Vec<C32>> = self
            .values
            .chunks_exact(self.side)
            .map(|row| cols.iter().map(|tap| tap.of(row.iter().copied())).collect())
            .collect();
        let mut field = Vec::with_capacity(grid.pixels());
        for tap in taps(self.side, grid.rows) {
            let mut near = lines.iter().skip(tap.first);
            let (Some(a), Some(b), Some(c), Some(d)) = (near.next(), near.next(), near.next(), near.next())
            else {
                continue;
            };
            let [wa, wb, wc, wd] = tap.weights;
            field.extend(
                a.iter()
                    .zip(b)
                    .zip(c.iter().zip(d))
                    .map(|((a, b), (c, d))| a * wa + b * wb + c * wc + d * wd),
            );
        }
        field
    }
}

struct Tap {
    first: usize,
    weights: [f32; 4],
}

impl Tap {
    fn of(&self, line: impl Iterator<Item = C32>) -> C32 {
        line.skip(self.first).zip(self.weights).map(|(value, weight)| value * weight).sum()
    }
}

/// For each of `count` pixels the four lattice points around it and their Catmull–Rom weights.
fn taps(side: usize, count: usize) -> Vec<Tap> {
    let at = |i: usize| {
        let place = (i as f32 + 0.5) / count as f32 * (side as f32 - 3.0) + 1.0;
        let first = (place as usize).clamp(1, side - 3) - 1;
        let t = place - (first + 1) as f32;
        let (t2, t3) = (t * t, t * t * t);
        let weights = [
            0.5 * (2.0 * t2 - t3 - t),
            0.5 * (3.0 * t3 - 5.0 * t2 + 2.0),
            0.5 * (4.0 * t2 - 3.0 * t3 + t),
            0.5 * (t3 - t2),
        ];
        Tap { first, weights }
    };
    (0..count).map(at).collect()
}

/// A slow phase, radians: a polynomial of second order with up to `turns` turns across the field, and ripples.
pub fn phase(random: &mut Random, turns: f32) -> Lattice {
    let mut draw = |size: f32| size * range(random, -1.0, 1.0) * TAU;
    let [constant, row, col] = [draw(0.5), draw(0.5 * turns), draw(0.5 * turns)];
    let [rr, rc, cc] = [draw(0.25 * turns), draw(0.25 * turns), draw(0.25 * turns)];
    let side = 4 + random.below(8);
    let ripple = range(random, 0.0, 0.6);
    Lattice::new(side, |r, c| {
        let slow = constant + row * r + col * c + rr * r * r + rc * r * c + cc * c * c;
        C32::new(slow + ripple * random.normal().re, 0.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plane_is_interpolated_exactly_at_any_size() {
        let lattice = Lattice::new(7, |r, c| C32::new(2.0 * r - c, r + 0.5));
        for grid in [Grid::new(9, 30), Grid::new(64, 17)] {
            let field = lattice.on(grid);
            assert_eq!(field.len(), grid.pixels());
            for (i, value) in field.iter().enumerate() {
                let at = |i: usize, n: usize| (i as f32 + 0.5) / n as f32 * 2.0 - 1.0;
                let (r, c) = (at(i / grid.cols, grid.rows), at(i % grid.cols, grid.cols));
                assert!((value - C32::new(2.0 * r - c, r + 0.5)).norm() < 1e-5);
            }
        }
    }
}
