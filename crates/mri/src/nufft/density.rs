//! Density compensation: how much of k-space a sample stands for. Used for starting values and plain gridding.

use crate::sampling::Trajectory;

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
    use crate::sampling::radial_spokes;

    #[test]
    fn areas_add_up_to_the_disc() {
        let density = ramp_density(&radial_spokes(64, 128, 100));
        let disc = std::f32::consts::PI * 32.0 * 32.0;
        assert!((density.iter().sum::<f32>() / disc - 1.0).abs() < 0.02);
    }
}
