//! Readouts along a trajectory: where each sample lies in k-space, and its values for every channel.
//!
//! The format does not say in what units a trajectory is. Senders give either cycles per field of view (up to half the
//! matrix) or shares of the sampled width (up to 0.5); the largest coordinate of the scan tells them apart, and a scan
//! that is neither is refused. The first coordinate runs along the readout direction, the second along the phase
//! direction; a third one (a density, or 0 in a plane) is not used.

use super::{Acquisition, Finding, Scan, Selection};
use crate::formats::FormatError;
use crate::grid::{Grid, Stack};

/// In what units a scan's trajectory is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrajectoryUnit {
    /// Shares of the sampled width, ±0.5.
    Shares,
    /// Cycles per encoded field of view.
    Cycles,
}

impl TrajectoryUnit {
    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Shares => "shares of the sampled width",
            Self::Cycles => "cycles per field of view",
        }
    }
}

/// Largest coordinate that counts as a share; gradients overshoot a little.
const LARGEST_SHARE: f32 = 0.6;
/// Half the matrix, with the same allowance.
const ALLOWANCE: f32 = 1.2;

/// Samples of one image, wherever they lie.
#[derive(Debug, Clone, PartialEq)]
pub struct Samples {
    /// Cycles per encoded field of view along the readout and the phase direction.
    pub points: Vec<(f32, f32)>,
    /// One plane of a single row for each channel.
    pub values: Stack,
}

/// Whether readouts carry a trajectory at all.
pub fn has_trajectory(scan: &Scan) -> bool {
    let mut images = scan.acquisitions.iter().filter(|a| a.is_image() && a.encoding == 0);
    images.any(|a| a.trajectory_dimensions >= 2 && !a.trajectory.is_empty())
}

/// The units of a scan's trajectory, from its largest coordinate.
pub fn trajectory_unit(scan: &Scan) -> Result<TrajectoryUnit, FormatError> {
    let [rows, cols, _] = scan.header.encoded.matrix;
    let images = scan.acquisitions.iter().filter(|a| a.is_image() && a.encoding == 0);
    let places = images.flat_map(places);
    let largest = places.flat_map(|(u, v)| [u.abs(), v.abs()]).filter(|k| k.is_finite()).fold(0f32, f32::max);
    let edge = rows.max(cols) as f32 / 2.0;
    if largest > 0.0 && largest <= LARGEST_SHARE {
        Ok(TrajectoryUnit::Shares)
    } else if largest > edge / 4.0 && largest <= ALLOWANCE * edge {
        Ok(TrajectoryUnit::Cycles)
    } else {
        Err(FormatError::Unsupported(format!(
            "a trajectory that reaches {largest}: neither 0.5 nor half of a matrix of {rows} × {cols}"
        )))
    }
}

fn places(acquisition: &Acquisition) -> impl Iterator<Item = (f32, f32)> {
    let dimensions = acquisition.trajectory_dimensions.max(1);
    acquisition.trajectory.chunks_exact(dimensions).filter_map(|place| match place {
        [u, v, ..] => Some((*u, *v)),
        _ => None,
    })
}

/// The samples of an image. Readouts that do not fit are findings; samples beyond the encoded matrix are left out.
pub fn samples_along(
    scan: &Scan,
    selection: &Selection,
    unit: TrajectoryUnit,
) -> Result<(Samples, Vec<Finding>), FormatError> {
    let [rows, cols, _] = scan.header.encoded.matrix;
    let factors = match unit {
        TrajectoryUnit::Shares => (rows as f32, cols as f32),
        TrajectoryUnit::Cycles => (1.0, 1.0),
    };
    let inside = |(u, v): (f32, f32)| u.abs() <= rows as f32 / 2.0 && v.abs() <= cols as f32 / 2.0;
    let chosen = || scan.acquisitions.iter().enumerate().filter(|(_, a)| selection.holds(a));
    let channels = chosen().map(|(_, a)| a.channels).next();
    let channels = channels.ok_or_else(|| FormatError::Malformed("no readouts for this image".into()))?;
    let (mut points, mut findings) = (Vec::new(), Vec::new());
    let mut planes = vec![Vec::new(); channels];
    for (number, acquisition) in chosen() {
        if let Some(reason) = unfit(acquisition, channels) {
            findings.push(Finding { acquisition: number, reason: reason.into() });
            continue;
        }
        let kept = acquisition.discard_pre..acquisition.samples.saturating_sub(acquisition.discard_post);
        let kept: Vec<(usize, (f32, f32))> = places(acquisition)
            .map(|(u, v)| (u * factors.0, v * factors.1))
            .enumerate()
            .filter(|(sample, place)| kept.contains(sample) && inside(*place))
            .collect();
        points.extend(kept.iter().map(|(_, place)| *place));
        for (plane, channel) in planes.iter_mut().zip(acquisition.values.chunks_exact(acquisition.samples)) {
            plane.extend(kept.iter().filter_map(|(sample, _)| channel.get(*sample)).copied());
        }
    }
    let values = Stack { grid: Grid::new(1, points.len()), count: channels, values: planes.concat() };
    Ok((Samples { points, values }, findings))
}

fn unfit(acquisition: &Acquisition, channels: usize) -> Option<&'static str> {
    if acquisition.channels != channels {
        return Some("another number of channels than the first readout");
    }
    if acquisition.trajectory_dimensions < 2 || places(acquisition).count() != acquisition.samples {
        return Some("a readout without a place for each sample");
    }
    let finite = places(acquisition).all(|(u, v)| u.is_finite() && v.is_finite());
    (!finite).then_some("a place in k-space that is not a number")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::C32;
    use crate::phantom::{Measurement, measured_along};
    use crate::sampling::radial_spokes;

    fn scan() -> Scan {
        let plan = Measurement {
            grid: Grid::new(32, 32),
            coils: 2,
            slices: 1,
            repetitions: 1,
            lines: Vec::new(),
            noise: 0.0,
            noise_readouts: 1,
            seed: 1,
        };
        measured_along(&plan, &radial_spokes(32, 64, 5), "radial")
    }

    #[test]
    fn samples_keep_their_places_in_either_unit() {
        let mut scan = scan();
        assert!(has_trajectory(&scan));
        assert_eq!(trajectory_unit(&scan), Ok(TrajectoryUnit::Cycles));
        let of =
            |scan: &Scan| samples_along(scan, &Selection::default(), trajectory_unit(scan).unwrap()).unwrap();
        let (cycles, findings) = of(&scan);
        assert!(findings.is_empty());
        assert_eq!((cycles.points.len(), cycles.values.values.len()), (5 * 64, 2 * 5 * 64));
        for (place, expected) in cycles.points.iter().zip(&radial_spokes(32, 64, 5).points) {
            assert_eq!(place, expected);
        }
        for acquisition in &mut scan.acquisitions {
            acquisition.trajectory.iter_mut().for_each(|k| *k /= 32.0);
        }
        assert_eq!(trajectory_unit(&scan), Ok(TrajectoryUnit::Shares));
        let (shares, _) = of(&scan);
        let apart = shares.points.iter().zip(&cycles.points).map(|(a, b)| (a.0 - b.0).hypot(a.1 - b.1));
        assert!(apart.fold(0f32, f32::max) < 1e-4 && shares.values == cycles.values);
    }

    #[test]
    fn what_does_not_fit_is_left_out_and_said() {
        let mut scan = scan();
        let unit = trajectory_unit(&scan).unwrap();
        scan.acquisitions[1].trajectory[3] = f32::NAN;
        scan.acquisitions[2].trajectory.pop();
        scan.acquisitions[3].values.truncate(64);
        scan.acquisitions[3].channels = 1;
        scan.acquisitions[4].discard_pre = 60;
        scan.acquisitions[5].trajectory[0] = 900.0;
        let (samples, findings) = samples_along(&scan, &Selection::default(), unit).unwrap();
        assert_eq!((samples.points.len(), findings.len()), (4 + 63, 2 + 1));
        assert!(samples.values.values.iter().all(|v: &C32| v.re.is_finite()));
        for acquisition in &mut scan.acquisitions {
            acquisition.trajectory.iter_mut().for_each(|k| *k = 3.0);
        }
        assert!(trajectory_unit(&scan).unwrap_err().to_string().contains("reaches 3"));
    }
}
