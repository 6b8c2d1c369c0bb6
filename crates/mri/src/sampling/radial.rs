//! Radial trajectories: straight lines through the centre of k-space, in cycles per field of view.

use std::f64::consts::PI;

/// Sample positions; a coordinate of ±N/2 is the edge of the k-space of an N-pixel image.
#[derive(Debug, Clone, PartialEq)]
pub struct Trajectory {
    /// (along rows, along columns) in cycles per field of view, readout after readout.
    pub points: Vec<(f32, f32)>,
    /// Samples per readout.
    pub readout: usize,
}

/// `spokes` lines over half a turn, `readout` samples each (two-fold oversampled when `readout = 2 size`).
pub fn radial_spokes(size: usize, readout: usize, spokes: usize) -> Trajectory {
    spokes_at(size, readout, (0..spokes).map(|i| PI * i as f64 / spokes as f64))
}

/// Spokes turned by the golden angle, 111.246° (Winkelmann et al., IEEE TMI 26:68, 2007).
pub fn golden_angle_spokes(size: usize, readout: usize, spokes: usize) -> Trajectory {
    let golden = PI * (5f64.sqrt() - 1.0) / 2.0;
    spokes_at(size, readout, (0..spokes).map(|i| golden * i as f64))
}

fn spokes_at(size: usize, readout: usize, angles: impl Iterator<Item = f64>) -> Trajectory {
    let points = angles.flat_map(|angle| {
        let (sin, cos) = angle.sin_cos();
        (0..readout).map(move |i| {
            let radius = (i as f64 + 0.5 - readout as f64 / 2.0) * size as f64 / readout as f64;
            ((radius * cos) as f32, (radius * sin) as f32)
        })
    });
    Trajectory { points: points.collect(), readout }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spokes_pass_the_centre_and_end_at_the_edge() {
        let trajectory = radial_spokes(64, 128, 8);
        assert_eq!(trajectory.points.len(), 1024);
        for spoke in trajectory.points.chunks_exact(128) {
            let (first, last) = (spoke[0], spoke[127]);
            assert!((first.0 + last.0).abs() < 1e-4 && (first.1 + last.1).abs() < 1e-4);
            assert!((first.0.hypot(first.1) - 31.75).abs() < 1e-4);
        }
    }
}
