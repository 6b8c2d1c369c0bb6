//! A phantom as a scanner would send it: header, noise readouts, one readout per measured line of every slice.

use super::Phantom;
use crate::fft::centred_inverse;
use crate::formats::mrd::{Acquisition, Header, Index, Scan, Space, flag};
use crate::grid::{C32, Grid, Stack};
use crate::random::Random;

/// What to measure.
#[derive(Debug, Clone, PartialEq)]
pub struct Measurement {
    /// Readout samples and phase-encoding lines.
    pub grid: Grid,
    /// Receivers.
    pub coils: usize,
    /// Slices; the first is the Shepp–Logan head, the others are random heads.
    pub slices: u16,
    /// Times that everything is measured.
    pub repetitions: u16,
    /// Lines measured, of `grid.cols`; not used along a trajectory.
    pub lines: Vec<bool>,
    /// Noise, relative to the largest coil-image value, in the real and the imaginary part.
    pub noise: f32,
    /// Noise readouts before the scan.
    pub noise_readouts: usize,
    /// The same seed gives the same scan.
    pub seed: u64,
}

/// Field of view, mm.
const FIELD_MM: f32 = 240.0;
/// Thickness and distance of slices, mm.
const SLICE_MM: f32 = 5.0;

/// Measures.
pub fn measured(plan: &Measurement) -> Scan {
    let kspaces: Vec<Stack> = (0..plan.slices).map(|slice| phantom(plan, slice).kspace()).collect();
    let top = kspaces.iter().map(largest).fold(0f32, f32::max);
    let (mut scan, mut noise) = (empty(plan, "cartesian"), Random::new(plan.seed).part(1));
    let sd = plan.noise * top;
    noise_readouts(plan, &mut scan, (&mut noise, sd));
    for repetition in 0..plan.repetitions {
        for (slice, kspace) in kspaces.iter().enumerate() {
            for (step, _) in plan.lines.iter().enumerate().filter(|(_, on)| **on) {
                let line = kspace.values.iter().skip(step).step_by(plan.grid.cols.max(1));
                let values = line.map(|value| value + noise.normal() * sd).collect();
                let index =
                    Index { step_1: step as u16, slice: slice as u16, repetition, ..Index::default() };
                scan.acquisitions.push(readout(plan, (0, index), values));
            }
        }
    }
    finished(scan)
}

/// A scan with a header and nothing measured yet.
pub(super) fn empty(plan: &Measurement, trajectory: &str) -> Scan {
    let space = Space {
        matrix: [plan.grid.rows, plan.grid.cols, 1],
        field_of_view_mm: [FIELD_MM, FIELD_MM, SLICE_MM],
    };
    let header = Header {
        encoded: space,
        recon: space,
        centre: [plan.grid.cols / 2, 0],
        trajectory: trajectory.into(),
        field_strength_t: Some(3.0),
    };
    Scan { header, xml: xml(plan, trajectory), acquisitions: Vec::new(), findings: Vec::new() }
}

/// Noise of standard deviation `sd` per real and imaginary part.
pub(super) fn noise_readouts(plan: &Measurement, scan: &mut Scan, (noise, sd): (&mut Random, f32)) {
    for _ in 0..plan.noise_readouts {
        let values = noise.normals(plan.grid.rows * plan.coils).into_iter().map(|v| v * sd).collect();
        scan.acquisitions.push(readout(plan, (flag::NOISE, Index::default()), values));
    }
}

/// With its last readout marked.
pub(super) fn finished(mut scan: Scan) -> Scan {
    if let Some(last) = scan.acquisitions.last_mut() {
        last.flags |= flag::LAST_IN_MEASUREMENT;
    }
    scan
}

pub(super) fn phantom(plan: &Measurement, slice: u16) -> Phantom {
    match slice {
        0 => Phantom::head(plan.grid, plan.coils, plan.seed),
        other => Phantom::random(plan.grid, plan.coils, plan.seed.wrapping_add(u64::from(other))),
    }
}

pub(super) fn largest(kspace: &Stack) -> f32 {
    centred_inverse(kspace).values.iter().map(|v| v.norm()).fold(0f32, f32::max)
}

pub(super) fn readout(plan: &Measurement, (flags, index): (u64, Index), values: Vec<C32>) -> Acquisition {
    let height = f32::from(index.slice) * SLICE_MM;
    Acquisition {
        flags,
        index,
        samples: values.len() / plan.coils.max(1),
        channels: plan.coils,
        discard_pre: 0,
        discard_post: 0,
        centre_sample: values.len() / plan.coils.max(1) / 2,
        encoding: 0,
        sample_time_us: 5.0,
        position: [0.0, 0.0, height],
        directions: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        trajectory_dimensions: 0,
        trajectory: Vec::new(),
        values,
        extra: crate::formats::mrd::Extra::default(),
    }
}

fn xml(plan: &Measurement, trajectory: &str) -> String {
    let Grid { rows, cols } = plan.grid;
    let space = format!(
        "<matrixSize><x>{rows}</x><y>{cols}</y><z>1</z></matrixSize>\
         <fieldOfView_mm><x>{FIELD_MM}</x><y>{FIELD_MM}</y><z>{SLICE_MM}</z></fieldOfView_mm>"
    );
    let limit = |name: &str, last: usize, centre: usize| {
        format!("<{name}><minimum>0</minimum><maximum>{last}</maximum><center>{centre}</center></{name}>")
    };
    let limits = [
        limit("kspace_encoding_step_1", cols - 1, cols / 2),
        limit("slice", usize::from(plan.slices.max(1)) - 1, 0),
        limit("repetition", usize::from(plan.repetitions.max(1)) - 1, 0),
    ]
    .concat();
    format!(
        "<?xml version=\"1.0\"?><ismrmrdHeader xmlns=\"http://www.ismrm.org/ISMRMRD\">\
         <acquisitionSystemInformation><systemVendor>Bevan phantom</systemVendor>\
         <systemFieldStrength_T>3</systemFieldStrength_T><receiverChannels>{}</receiverChannels></acquisitionSystemInformation>\
         <experimentalConditions><H1resonanceFrequency_Hz>127740000</H1resonanceFrequency_Hz></experimentalConditions>\
         <encoding><encodedSpace>{space}</encodedSpace><reconSpace>{space}</reconSpace>\
         <encodingLimits>{limits}</encodingLimits><trajectory>{trajectory}</trajectory></encoding></ismrmrdHeader>",
        plan.coils
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::mrd::{Selection, assemble};

    #[test]
    fn the_header_is_the_scans_and_lines_lie_where_they_were_measured() {
        let grid = Grid::new(16, 12);
        let lines: Vec<bool> = (0..12).map(|line| line % 2 == 0).collect();
        let plan = Measurement {
            grid,
            coils: 3,
            slices: 2,
            repetitions: 2,
            lines: lines.clone(),
            noise: 0.0,
            noise_readouts: 1,
            seed: 4,
        };
        let scan = measured(&plan);
        assert_eq!(Header::read(&scan.xml).unwrap(), scan.header);
        assert_eq!(scan.acquisitions.len(), 1 + 2 * 2 * 6);
        let selection = Selection { slice: 1, repetition: 1, ..Selection::default() };
        let (stacks, findings) = assemble(&scan, &selection).unwrap();
        let mut expected = phantom(&plan, 1).kspace();
        crate::sampling::Mask::from_lines(16, &lines).apply(&mut expected);
        assert!(findings.is_empty() && stacks[0] == expected);
    }
}
