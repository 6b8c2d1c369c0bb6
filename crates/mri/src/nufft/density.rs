//! Density compensation: how much of k-space a sample stands for. Used for starting values and plain gridding.

use super::Nufft;
use crate::sampling::Trajectory;

/// Rounds of [`area_density`].
const ROUNDS: usize = 15;

/// The area of k-space that each sample stands for, in cells of one cycle per field of view squared: weights that make
/// the density around every sample 1. Pipe, Menon, MRM 41:179 (1999). Samples at the rim get what lies beyond as well.
pub fn area_density(transform: &Nufft, samples: usize) -> Vec<f32> {
    let mut areas = vec![1f32; samples];
    for _ in 0..ROUNDS {
        let density = transform.density(&areas);
        areas.iter_mut().zip(density).for_each(|(area, density)| *area /= density.max(f32::MIN_POSITIVE));
    }
    areas
}

/// The ramp `|k|` of radial sampling, scaled to the mean area per sample; the innermost samples keep a quarter step.
pub fn ramp_density(trajectory: &Trajectory) -> Vec<f32> {
    let step = trajectory.points.windows(2).next().map_or(1.0, |pair| match pair {
        [a, b] => (b.0 - a.0).hypot(b.1 - a.1),
        _ => 1.0,
    });
    let spokes = (trajectory.points.len() / trajectory.readout.max(1)).max(1) as f32;
    let area = std::f32::consts::PI * step / spokes;
    trajectory.points.iter().map(|(u, v)| u.hypot(*v).max(0.25 * step) * area).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::Grid;
    use crate::sampling::{radial_spokes, spiral_arms};

    #[test]
    fn areas_of_spokes_are_the_ramp_and_those_of_arms_add_up_to_the_disc() {
        let (grid, spokes) = (Grid::new(64, 64), radial_spokes(64, 128, 110));
        let areas = area_density(&Nufft::new(grid, &spokes.points), spokes.points.len());
        for ((area, ramp), (u, v)) in areas.iter().zip(ramp_density(&spokes)).zip(&spokes.points) {
            let inner = (6.0..26.0).contains(&u.hypot(*v));
            assert!(!inner || (area / ramp - 1.0).abs() < 0.1, "{area} {ramp} at {u} {v}");
        }
        let arms = spiral_arms(64, 16, 1.0);
        let areas = area_density(&Nufft::new(grid, &arms.points), arms.points.len());
        let inside = areas.iter().zip(&arms.points).filter(|(_, (u, v))| u.hypot(*v) < 26.0);
        let (sum, disc) = (inside.map(|(area, _)| area).sum::<f32>(), std::f32::consts::PI * 26.0 * 26.0);
        assert!((sum / disc - 1.0).abs() < 0.05, "{sum} {disc}");
    }

    #[test]
    fn areas_add_up_to_the_disc() {
        let density = ramp_density(&radial_spokes(64, 128, 100));
        let disc = std::f32::consts::PI * 32.0 * 32.0;
        assert!((density.iter().sum::<f32>() / disc - 1.0).abs() < 0.02);
    }
}
