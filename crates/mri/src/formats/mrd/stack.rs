//! Volumes whose planes are run through along a trajectory and whose slices by steps: stacks of spokes or spirals.
//!
//! Where every step measures the same places of the plane, a Fourier transform along the steps makes readouts of single slices,
//! and the volume becomes a scan of slices. Steps that were not measured are zeros. Trajectories that turn from step to step, and
//! those that leave the plane, are refused.

use super::{Acquisition, Finding, Scan};
use crate::fft::centred_along_cols;
use crate::formats::FormatError;
use crate::grid::{C32, Grid, Stack};
use std::collections::BTreeMap;

/// Difference of places, relative to the largest coordinate, below which they are the same.
const SAME: f32 = 1e-3;

/// What the steps of one spoke have in common.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Spoke {
    calibration: bool,
    frame: [u16; 4],
    average: u16,
    segment: u16,
    step_1: u16,
}

impl Spoke {
    fn of(acquisition: &Acquisition) -> Self {
        let index = acquisition.index;
        Self {
            calibration: !acquisition.is_image(),
            frame: [index.contrast, index.phase, index.repetition, index.set],
            average: index.average,
            segment: index.segment,
            step_1: index.step_1,
        }
    }
}

/// The scan of slices that a stack is.
pub fn unstacked(scan: &Scan) -> Result<Scan, FormatError> {
    let [_, _, partitions] = scan.header.encoded.matrix;
    let [_, centre] = scan.header.centre;
    let (encoded_mm, recon_mm) =
        (scan.header.encoded.field_of_view_mm[2], scan.header.recon.field_of_view_mm[2]);
    let slice_mm = encoded_mm / partitions.max(1) as f32;
    let keep = ((recon_mm / slice_mm).round() as usize).clamp(1, partitions);
    if scan.header.recon.matrix[2] != keep {
        let wanted = scan.header.recon.matrix[2];
        return Err(FormatError::Unsupported(format!("{wanted} slices of {keep} steps along a trajectory")));
    }
    let (mut spokes, mut found) =
        (BTreeMap::<Spoke, BTreeMap<usize, &Acquisition>>::new(), empty(scan, slice_mm));
    for (number, acquisition) in scan.acquisitions.iter().enumerate() {
        if !(acquisition.is_image() || acquisition.is_calibration()) || acquisition.encoding != 0 {
            found.acquisitions.push(acquisition.clone());
            continue;
        }
        if acquisition.index.slice != 0 {
            return Err(FormatError::Unsupported("several slabs along a trajectory".into()));
        }
        let step = usize::from(acquisition.index.step_2) + partitions / 2;
        let place = step.checked_sub(centre).filter(|place| *place < partitions);
        let reason = match place {
            None => Some("a step beyond the encoded matrix"),
            Some(place) => {
                let spoke = spokes.entry(Spoke::of(acquisition)).or_default();
                spoke.insert(place, acquisition).map(|_| "a readout that was measured before")
            }
        };
        if let Some(reason) = reason {
            found.findings.push(Finding { acquisition: number, reason: reason.into() });
        }
    }
    for steps in spokes.values() {
        found.acquisitions.extend(slices_of(steps, (partitions, keep, slice_mm))?);
    }
    Ok(found)
}

/// The same scan, of slices, with nothing measured.
fn empty(scan: &Scan, slice_mm: f32) -> Scan {
    let mut header = scan.header.clone();
    for space in [&mut header.encoded, &mut header.recon] {
        (space.matrix[2], space.field_of_view_mm[2]) = (1, slice_mm);
    }
    header.centre[1] = 0;
    Scan { header, xml: scan.xml.clone(), acquisitions: Vec::new(), findings: scan.findings.clone() }
}

/// One readout for each slice, from the steps of one spoke.
fn slices_of(
    steps: &BTreeMap<usize, &Acquisition>,
    (partitions, keep, slice_mm): (usize, usize, f32),
) -> Result<Vec<Acquisition>, FormatError> {
    let Some(first) = steps.values().next() else { return Ok(Vec::new()) };
    if steps.values().any(|step| !alike(first, step)) {
        return Err(FormatError::Unsupported(
            "a volume whose trajectory differs from step to step, or leaves the plane".into(),
        ));
    }
    let grid = Grid::new(first.samples, partitions);
    let mut lines = Stack::zeros(first.channels, grid);
    for (place, step) in steps {
        let to = lines.values.iter_mut().skip(*place).step_by(partitions);
        to.zip(&step.values).for_each(|(to, value)| *to = *value);
    }
    let lines = centred_along_cols(&lines, true);
    // Noise stays of the variance it had.
    let share = (partitions as f32 / steps.len().max(1) as f32).sqrt();
    let [_, _, given] = first.directions;
    // A scan that names no directions is taken for axial.
    let named = given.iter().map(|v| v * v).sum::<f32>() > 0.5;
    let along = if named { given } else { [0.0, 0.0, 1.0] };
    let slice = |number: usize| {
        let at = number + partitions / 2 - keep / 2;
        let values: Vec<C32> =
            lines.values.iter().skip(at).step_by(partitions).map(|value| value * share).collect();
        let height = (number as f32 - (keep / 2) as f32) * slice_mm;
        let mut slice = Acquisition { values, ..(*first).clone() };
        slice.index.slice = number as u16;
        slice.index.step_2 = 0;
        slice.position.iter_mut().zip(along).for_each(|(mm, along)| *mm += height * along);
        slice
    };
    Ok((0..keep).map(slice).collect())
}

/// Whether two readouts lie at the same places of the plane.
fn alike(one: &Acquisition, other: &Acquisition) -> bool {
    let shape =
        |a: &Acquisition| (a.samples, a.channels, a.discard_pre, a.discard_post, a.trajectory_dimensions);
    let dimensions = one.trajectory_dimensions.max(1);
    let largest = one.trajectory.iter().fold(0f32, |most, k| most.max(k.abs()));
    let inside = |at: usize| at % dimensions < 2;
    let places = one.trajectory.iter().zip(&other.trajectory).enumerate();
    // A third coordinate is the step's own, the same for all of its samples.
    let flat = |a: &Acquisition| {
        let mut third = a.trajectory.iter().skip(2).step_by(dimensions);
        let first = third.next().copied().unwrap_or_default();
        dimensions < 3 || third.all(|k| (k - first).abs() <= SAME * largest)
    };
    shape(one) == shape(other)
        && one.trajectory.len() == other.trajectory.len()
        && places.filter(|(at, _)| inside(*at)).all(|(_, (a, b))| (a - b).abs() <= SAME * largest)
        && flat(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phantom::{Measurement, measured_along};
    use crate::sampling::radial_spokes;

    const SLICES: usize = 5;

    /// Slices along spokes.
    fn slices() -> Scan {
        let plan = Measurement {
            grid: Grid::new(24, 24),
            coils: 3,
            slices: SLICES as u16,
            repetitions: 1,
            lines: Vec::new(),
            noise: 0.0,
            noise_readouts: 0,
            seed: 1,
        };
        measured_along(&plan, &radial_spokes(24, 48, 12), "radial")
    }

    /// The same as a stack: a transform along the slices.
    fn stacked(scan: &Scan) -> Scan {
        let mut stack = scan.clone();
        stack.header.encoded.matrix[2] = SLICES;
        stack.header.recon.matrix[2] = SLICES;
        let mm = 5.0 * SLICES as f32;
        stack.header.encoded.field_of_view_mm[2] = mm;
        stack.header.recon.field_of_view_mm[2] = mm;
        stack.header.centre[1] = SLICES / 2;
        stack.acquisitions.clear();
        for spoke in 0..12 {
            let of: Vec<&Acquisition> =
                scan.acquisitions.iter().filter(|a| a.index.step_1 == spoke).collect();
            let length = of[0].values.len();
            let mut lines = Stack::zeros(1, Grid::new(length, SLICES));
            for (at, slice) in of.iter().enumerate() {
                slice.values.iter().enumerate().for_each(|(i, v)| lines.values[i * SLICES + at] = *v);
            }
            let lines = centred_along_cols(&lines, false);
            for step in 0..SLICES {
                let values = (0..length).map(|i| lines.values[i * SLICES + step]).collect();
                let mut partition = Acquisition { values, ..of[0].clone() };
                partition.index.slice = 0;
                partition.index.step_2 = step as u16;
                partition.position = [0.0, 0.0, 5.0 * (SLICES / 2) as f32];
                stack.acquisitions.push(partition);
            }
        }
        stack
    }

    #[test]
    fn a_stack_is_the_slices_it_was_made_of_at_their_places() {
        let slices = slices();
        let back = unstacked(&stacked(&slices)).unwrap();
        assert_eq!(back.header.encoded.matrix, [24, 24, 1]);
        assert_eq!(back.acquisitions.len(), slices.acquisitions.len());
        for found in &back.acquisitions {
            let same =
                |a: &&Acquisition| (a.index.slice, a.index.step_1) == (found.index.slice, found.index.step_1);
            let wanted = slices.acquisitions.iter().find(same).unwrap();
            assert!((found.position[2] - wanted.position[2]).abs() < 1e-4, "{:?}", found.position);
            assert_eq!(found.trajectory, wanted.trajectory);
            let top = wanted.values.iter().map(|v| v.norm()).fold(0f32, f32::max);
            assert!(found.values.iter().zip(&wanted.values).all(|(a, b)| (a - b).norm() < 1e-4 * top));
        }
    }

    #[test]
    fn what_is_no_stack_is_refused_and_what_does_not_fit_is_said() {
        let good = stacked(&slices());
        let refused = |change: &dyn Fn(&mut Scan)| {
            let mut scan = good.clone();
            change(&mut scan);
            unstacked(&scan).unwrap_err().to_string()
        };
        assert!(refused(&|scan| scan.acquisitions[7].trajectory[0] += 2.0).contains("from step to step"));
        assert!(refused(&|scan| scan.header.recon.matrix[2] = 9).contains("9 slices of 5 steps"));
        assert!(refused(&|scan| scan.acquisitions[3].index.slice = 1).contains("several slabs"));
        let mut twice = good.clone();
        twice.acquisitions[1].index.step_2 = 0;
        twice.acquisitions[2].index.step_2 = 99;
        let reasons: Vec<String> =
            unstacked(&twice).unwrap().findings.iter().map(|f| f.reason.clone()).collect();
        assert_eq!(reasons, ["a readout that was measured before", "a step beyond the encoded matrix"]);
    }
}
