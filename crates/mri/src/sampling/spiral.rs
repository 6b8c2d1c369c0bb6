//! Spirals: the radius grows with the angle, and arms turned against each other fill the disc.

use super::Trajectory;
use std::f64::consts::TAU;

/// Distance of neighbouring samples on an arm, cycles per field of view.
const STEP: f64 = 0.7;

/// `arms` from the centre to the edge of the k-space of an image of `size` pixels. Neighbouring arms lie one cycle per field
/// of view from each other in the centre, which is fully sampled, and `apart` cycles at the edge;
/// the distance grows with the square of the radius.
pub fn spiral_arms(size: usize, arms: usize, apart: f64) -> Trajectory {
    // Half a sample's width inside the edge, where the transform repeats.
    let edge = (size as f64 / 2.0 - 0.5).max(STEP);
    let growth = arms.max(1) as f64 / TAU;
    let (mut radius, mut angle) = (0f64, 0f64);
    let mut arm = Vec::new();
    while radius <= edge {
        arm.push((radius, angle));
        // A turn moves an arm to where the one before it began.
        let outwards = growth * (1.0 + (apart - 1.0).max(0.0) * (radius / edge).powi(2));
        let turn = STEP / outwards.hypot(radius);
        (radius, angle) = (radius + outwards * turn, angle + turn);
    }
    let turned = |number: usize| {
        let start = TAU * number as f64 / arms.max(1) as f64;
        let place = move |(radius, angle): &(f64, f64)| {
            let (sin, cos) = (start + angle).sin_cos();
            ((radius * cos) as f32, (radius * sin) as f32)
        };
        arm.iter().map(place)
    };
    Trajectory { points: (0..arms).flat_map(turned).collect(), readout: arm.len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arms_begin_in_the_centre_end_at_the_edge_and_lie_apart_as_asked() {
        for (apart, turns) in [(1.0, 31.5 / 8.0), (2.0, 31.5 / 8.0 * TAU / 8.0)] {
            let arms = spiral_arms(64, 8, apart);
            assert_eq!(arms.points.len(), 8 * arms.readout);
            let mut angles = 0f64;
            let first = &arms.points[..arms.readout];
            assert!(first[0].0.hypot(first[0].1) < 1e-6);
            let (u, v) = first[arms.readout - 1];
            assert!((30.8..=31.5).contains(&u.hypot(v)), "{u} {v}");
            for pair in first.windows(2).skip(1) {
                let step = (pair[1].0 - pair[0].0).hypot(pair[1].1 - pair[0].1);
                assert!((0.6..0.85).contains(&step), "{step}");
                let turn = f64::from(pair[1].1.atan2(pair[1].0) - pair[0].1.atan2(pair[0].0));
                angles += turn.rem_euclid(TAU);
            }
            // Turns of r' = (arms/2π)(1 + (apart − 1)(r/edge)²): edge over arms, and that times the arc tangent of 1.
            assert!((angles / TAU / turns - 1.0).abs() < 0.05, "{} {turns}", angles / TAU);
        }
    }
}
