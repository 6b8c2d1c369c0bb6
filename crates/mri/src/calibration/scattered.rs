//! The centre of k-space on a grid, from samples that lie anywhere: what sensitivities are learnt from.
//!
//! Each channel's image of the central samples alone is solved by conjugate gradients at their own low resolution,
//! `(AᴴWA + εI) x = AᴴWy` on a grid of [`SIDE`] points a side, and transformed to the grid's k-space.

use crate::alg::{CgSettings, conjugate_gradient};
use crate::fft::centred;
use crate::grid::{C32, Grid, Stack, ZERO};
use crate::linop::LinearOperator;
use crate::nufft::{Nufft, Toeplitz};
use crate::sampling::measured_cells;

/// Points a side that are solved for.
const SIDE: usize = 32;
/// Side of the largest block that is trusted; further out the solution ends.
const TRUSTED: usize = 24;
const STEP: usize = 4;
/// Share of a block's cells that must hold a sample.
const MEASURED: f32 = 0.9;

/// The side of the largest central block that is measured well enough, in steps of 4 up to 24.
pub fn measured_block(points: &[(f32, f32)]) -> usize {
    let measured = |side: usize| {
        let half = side as f32 / 2.0;
        let inside = points.iter().filter(|(u, v)| u.abs() < half && v.abs() < half);
        measured_cells(inside.copied()) as f32 >= MEASURED * (side * side) as f32
    };
    (1..=TRUSTED / STEP).map(|steps| steps * STEP).take_while(|side| measured(*side)).last().unwrap_or(0)
}

/// k-space of size `grid` with its centre filled in and zeros elsewhere. Shapes are the caller's to check.
pub fn central_kspace((points, areas): (&[(f32, f32)], &[f32]), values: &Stack, grid: Grid) -> Stack {
    let low = Grid::new(SIDE.min(grid.rows), SIDE.min(grid.cols));
    let (half_rows, half_cols) = (low.rows as f32 / 2.0, low.cols as f32 / 2.0);
    let chosen: Vec<usize> = (0..points.len())
        .filter(|at| points.get(*at).is_some_and(|(u, v)| u.abs() <= half_rows && v.abs() <= half_cols))
        .collect();
    let pick = |at: &usize| points.get(*at).copied();
    let central: Vec<(f32, f32)> = chosen.iter().filter_map(pick).collect();
    let weights: Vec<f32> = chosen.iter().filter_map(|at| areas.get(*at)).map(|area| area.min(1.0)).collect();
    let transform = Nufft::new(low, &central);
    let toeplitz = Toeplitz::of(&transform, &central, &weights);
    let settings = CgSettings { iterations: 20, tolerance: 1e-4, ridge: 1e-3 * toeplitz.bound() as f32 };
    let normal = |x: &[C32], out: &mut [C32]| {
        out.copy_from_slice(x);
        toeplitz.apply(out, &mut toeplitz.buffers());
    };
    let images = values.planes().flat_map(|plane| {
        let weighted: Vec<C32> =
            chosen.iter().filter_map(|at| plane.get(*at)).zip(&weights).map(|(y, w)| y * w).collect();
        let mut right = vec![ZERO; low.pixels()];
        transform.adjoint(&weighted, &mut right);
        conjugate_gradient(&normal, &right, &settings).x
    });
    let images = Stack { grid: low, count: values.count, values: images.collect() };
    centred(&images).pad(grid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::norm;
    use crate::nufft::area_density;
    use crate::phantom::{CoilArray, shepp_logan};
    use crate::sampling::{radial_spokes, spiral_arms};

    #[test]
    fn the_centre_is_what_lines_would_have_measured() {
        let (grid, coils) = (Grid::new(64, 64), CoilArray::ring(3, 1));
        let lines = coils.kspace(grid, &shepp_logan()).crop(Grid::new(16, 16));
        for trajectory in [radial_spokes(64, 128, 64), spiral_arms(64, 12, 1.0)] {
            let points = trajectory.points;
            let areas = area_density(&Nufft::new(grid, &points), points.len());
            assert_eq!(measured_block(&points), 24);
            let values = coils.samples(grid, &shepp_logan(), &points);
            let found = central_kspace((&points, &areas), &values, grid).crop(Grid::new(16, 16));
            let apart: Vec<C32> = found.values.iter().zip(&lines.values).map(|(a, b)| a - b).collect();
            let error = norm(&apart) / norm(&lines.values);
            assert!(error < 0.05, "{error}");
        }
    }

    #[test]
    fn too_few_spokes_measure_no_centre() {
        let points = radial_spokes(64, 128, 5).points;
        assert!(measured_block(&points) < 8);
    }
}
