//! A phantom measured along a trajectory: one readout for each spoke or arm, each with the places of its samples.

use super::scan::{Measurement, empty, finished, largest, noise_readouts, phantom, readout};
use crate::formats::mrd::{Index, Scan};
use crate::random::Random;
use crate::sampling::Trajectory;

/// Measures every slice along `trajectory`, which the header calls `name`. Places are given in cycles per field of view.
pub fn measured_along(plan: &Measurement, trajectory: &Trajectory, name: &str) -> Scan {
    let slices: Vec<_> = (0..plan.slices).map(|slice| phantom(plan, slice)).collect();
    let top = slices.iter().map(|slice| largest(&slice.kspace())).fold(0f32, f32::max);
    let sd = plan.noise * top;
    let (mut scan, mut noise) = (empty(plan, name), Random::new(plan.seed).part(1));
    noise_readouts(plan, &mut scan, (&mut noise, sd));
    let measured: Vec<_> =
        slices.iter().map(|s| s.coils.samples(plan.grid, &s.ellipses, &trajectory.points)).collect();
    let length = trajectory.readout.max(1);
    for repetition in 0..plan.repetitions {
        for (slice, samples) in measured.iter().enumerate() {
            for (number, places) in trajectory.points.chunks_exact(length).enumerate() {
                let channels = samples.planes().flat_map(|plane| plane.chunks_exact(length).nth(number));
                let values = channels.flatten().map(|value| value + noise.normal() * sd).collect();
                let index =
                    Index { step_1: number as u16, slice: slice as u16, repetition, ..Index::default() };
                let mut acquisition = readout(plan, (0, index), values);
                acquisition.trajectory_dimensions = 2;
                acquisition.trajectory = places.iter().flat_map(|(u, v)| [*u, *v]).collect();
                scan.acquisitions.push(acquisition);
            }
        }
    }
    finished(scan)
}
