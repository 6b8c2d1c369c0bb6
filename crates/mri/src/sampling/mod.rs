//! Which points of k-space are measured: Cartesian masks, radial and spiral trajectories.
//!
//! Acceleration is always counted from the mask over the full encoded rectangle, never the nominal value.

mod lines;
mod poisson;
mod radial;
mod spiral;

pub use lines::{equispaced_lines, random_lines};
pub use poisson::{PoissonDisc, poisson_disc};
pub use radial::{Trajectory, golden_angle_spokes, radial_spokes};
pub use spiral::spiral_arms;

use crate::grid::{C32, Grid, Stack, ZERO};
use std::collections::HashSet;

/// Cells of k-space, one cycle per field of view a side, that hold at least one of the points.
pub fn measured_cells(points: impl Iterator<Item = (f32, f32)>) -> usize {
    points.map(|(u, v)| (u.floor() as i32, v.floor() as i32)).collect::<HashSet<_>>().len()
}

/// The sampled points of a Cartesian plane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mask {
    grid: Grid,
    sampled: Vec<bool>,
}

impl Mask {
    /// Everything sampled.
    pub fn full(grid: Grid) -> Self {
        Self { grid, sampled: vec![true; grid.pixels()] }
    }

    /// Whole readout rows at the phase-encoding positions marked in `lines`.
    pub fn from_lines(rows: usize, lines: &[bool]) -> Self {
        Self { grid: Grid::new(rows, lines.len()), sampled: lines.repeat(rows) }
    }

    /// Single points; `None` when their number is not the plane's.
    pub fn from_points(grid: Grid, sampled: Vec<bool>) -> Option<Self> {
        (sampled.len() == grid.pixels()).then_some(Self { grid, sampled })
    }

    /// The points where any coil has a value other than zero.
    pub fn from_kspace(kspace: &Stack) -> Self {
        let mut sampled = vec![false; kspace.grid.pixels()];
        for plane in kspace.planes() {
            sampled.iter_mut().zip(plane).for_each(|(on, value)| *on |= *value != ZERO);
        }
        Self { grid: kspace.grid, sampled }
    }

    /// Size of the plane.
    pub fn grid(&self) -> Grid {
        self.grid
    }

    /// Row by row, whether a point is sampled.
    pub fn sampled(&self) -> &[bool] {
        &self.sampled
    }

    /// Number of sampled points.
    pub fn count(&self) -> usize {
        self.sampled.iter().filter(|on| **on).count()
    }

    /// Points of the encoded rectangle over sampled points.
    pub fn acceleration(&self) -> f64 {
        self.grid.pixels() as f64 / self.count().max(1) as f64
    }

    /// The line pattern, when every row is sampled alike.
    pub fn lines(&self) -> Option<Vec<bool>> {
        let mut rows = self.sampled.chunks_exact(self.grid.cols.max(1));
        let first = rows.next()?;
        rows.all(|row| row == first).then(|| first.to_vec())
    }

    /// Column by column, whether a point is sampled.
    pub fn transposed(&self) -> Vec<bool> {
        let Grid { rows, cols } = self.grid;
        (0..cols)
            .flat_map(|col| self.sampled.iter().skip(col).step_by(cols.max(1)).take(rows))
            .copied()
            .collect()
    }

    /// Sets what is not sampled to zero.
    pub fn apply(&self, kspace: &mut Stack) {
        for plane in kspace.planes_mut() {
            for (value, on) in plane.iter_mut().zip(&self.sampled) {
                if !on {
                    *value = C32::new(0.0, 0.0);
                }
            }
        }
    }

    /// The largest block around the centre in which every point is sampled, at most `largest`.
    pub fn calibration_block(&self, largest: Grid) -> Grid {
        let (row, _, largest) = self.grid.centre(largest);
        let widths: Vec<usize> = self
            .sampled
            .chunks_exact(self.grid.cols.max(1))
            .skip(row)
            .take(largest.rows)
            .map(|line| centre_run(line, largest.cols))
            .collect();
        let block = |rows: usize| {
            let (first, _, size) = Grid::new(widths.len(), 1).centre(Grid::new(rows, 1));
            let cols = widths.iter().skip(first).take(size.rows).min().copied().unwrap_or(0);
            Grid::new(rows, cols)
        };
        (1..=widths.len()).map(block).max_by_key(|block| block.pixels()).unwrap_or(Grid::new(0, 0))
    }
}

/// Length of the longest sampled run around the centre of a line, at most `longest`.
fn centre_run(line: &[bool], longest: usize) -> usize {
    let full = |length: &usize| {
        let first = line.len() / 2 - length / 2;
        line.iter().skip(first).take(*length).all(|on| *on)
    };
    (1..=longest.min(line.len())).take_while(full).last().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_counts_once() {
        let points = [(0.1, 0.1), (0.9, 0.2), (-0.1, 0.1), (5.0, 5.0)];
        assert_eq!(measured_cells(points.into_iter()), 3);
        // Full sampling by spokes leaves the corners: four over π.
        let spokes = radial_spokes(64, 128, 101).points;
        let acceleration = 64.0 * 64.0 / measured_cells(spokes.into_iter()) as f32;
        assert!((acceleration - 4.0 / std::f32::consts::PI).abs() < 0.06, "{acceleration}");
    }

    #[test]
    fn acceleration_is_counted() {
        let mask = Mask::from_lines(3, &[true, false, false, false]);
        assert_eq!(mask.acceleration(), 4.0);
        assert_eq!(mask.lines(), Some(vec![true, false, false, false]));
        assert_eq!(
            mask.transposed(),
            [true, true, true, false, false, false, false, false, false, false, false, false]
        );
    }

    #[test]
    fn calibration_block_is_the_sampled_centre() {
        let lines: Vec<bool> = (0..40).map(|i| (14..26).contains(&i) || i % 3 == 0).collect();
        let block = Mask::from_lines(40, &lines).calibration_block(Grid::new(24, 24));
        assert_eq!(block, Grid::new(24, 12));
        let mut points = vec![false; 40 * 40];
        for row in 12..28 {
            for col in 12..28 {
                points[row * 40 + col] = true;
            }
        }
        let mask = Mask::from_points(Grid::new(40, 40), points).unwrap();
        assert_eq!(mask.calibration_block(Grid::new(24, 24)), Grid::new(16, 16));
    }
}
