//! Readouts to centred k-space: place lines, average duplicates, flip reversed readouts.

use super::{Acquisition, Finding, Scan, flag};
use crate::formats::FormatError;
use crate::grid::{C32, Grid, Stack};

/// A matrix may be so many times larger than its samples before it is taken for a trap …
const MOST_EMPTY: usize = 64;
/// … unless it is small.
const SMALL: usize = 1 << 22;

/// Which image of a scan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Selection {
    /// Slice.
    pub slice: u16,
    /// Contrast.
    pub contrast: u16,
    /// Cardiac phase.
    pub phase: u16,
    /// Repetition.
    pub repetition: u16,
    /// Set.
    pub set: u16,
    /// Take in the lines measured for calibration only, as ESPIRiT and GRAPPA need them.
    pub with_calibration: bool,
    /// Take all contrasts, phases, repetitions and sets of the slice together, as their mean.
    pub pooled: bool,
}

impl Selection {
    /// Whether a readout belongs to it. Only the header's first encoding is taken.
    pub fn holds(&self, acquisition: &Acquisition) -> bool {
        let index = acquisition.index;
        let wanted = acquisition.is_image() || self.with_calibration && acquisition.is_calibration();
        wanted
            && acquisition.encoding == 0
            && index.slice == self.slice
            && (self.pooled
                || (index.contrast, index.phase) == (self.contrast, self.phase)
                    && (index.repetition, index.set) == (self.repetition, self.set))
    }
}

/// Coil k-space of one image: one stack per second phase-encoding step, readout along rows (with its oversampling),
/// first phase encoding along columns, the centre of k-space at `n/2`. Readouts that do not fit are findings.
pub fn assemble(scan: &Scan, selection: &Selection) -> Result<(Vec<Stack>, Vec<Finding>), FormatError> {
    if scan.header.trajectory != "cartesian" {
        return Err(FormatError::Unsupported(format!(
            "assembling a {} trajectory as lines",
            scan.header.trajectory
        )));
    }
    let [rows, cols, partitions] = scan.header.encoded.matrix;
    let chosen = || scan.acquisitions.iter().enumerate().filter(|(_, a)| selection.holds(a));
    let channels = chosen().map(|(_, a)| a.channels).next();
    let channels = channels.ok_or_else(|| FormatError::Malformed("no readouts for this image".into()))?;
    let grid = Grid::new(rows, cols);
    let measured: usize = chosen().map(|(_, a)| a.values.len()).sum();
    let rectangle = [cols, partitions, channels].iter().try_fold(rows, |n, size| n.checked_mul(*size));
    if rectangle.is_none_or(|n| n > MOST_EMPTY * measured + SMALL) {
        return Err(FormatError::TooLarge("an encoded matrix far larger than what was measured"));
    }
    let mut stacks = vec![Stack::zeros(channels, grid); partitions];
    let mut averages = vec![0u32; cols * partitions];
    let mut findings = Vec::new();
    for (number, acquisition) in chosen() {
        let placed = line_of(scan, acquisition, channels).and_then(|(col, partition)| {
            let start = first_row(acquisition, rows)?;
            let stack = stacks.get_mut(partition).ok_or("second step beyond the encoded matrix")?;
            *averages.get_mut(partition * cols + col).ok_or("step beyond the encoded matrix")? += 1;
            add(acquisition, stack, (start, col));
            Ok(())
        });
        if let Err(reason) = placed {
            findings.push(Finding { acquisition: number, reason: reason.into() });
        }
    }
    for (stack, averages) in stacks.iter_mut().zip(averages.chunks_exact(cols)) {
        for line in stack.values.chunks_exact_mut(cols) {
            line.iter_mut().zip(averages).filter(|(_, n)| **n > 1).for_each(|(value, n)| *value /= *n as f32);
        }
    }
    Ok((stacks, findings))
}

fn line_of(scan: &Scan, acquisition: &Acquisition, channels: usize) -> Result<(usize, usize), &'static str> {
    if acquisition.channels != channels {
        return Err("another number of channels than the first readout");
    }
    let [_, cols, partitions] = scan.header.encoded.matrix;
    let place = |step: u16, centre: usize, size: usize| {
        let shifted = (usize::from(step) + size / 2).checked_sub(centre);
        shifted.filter(|at| *at < size).ok_or("step beyond the encoded matrix")
    };
    let [first, second] = scan.header.centre;
    Ok((place(acquisition.index.step_1, first, cols)?, place(acquisition.index.step_2, second, partitions)?))
}

/// Row of sample 0, which may lie before the first row.
fn first_row(acquisition: &Acquisition, rows: usize) -> Result<isize, &'static str> {
    let reverse = acquisition.has(flag::REVERSE);
    let centre = match acquisition.centre_sample {
        _ if acquisition.centre_sample >= acquisition.samples => {
            return Err("centre sample beyond the readout");
        }
        centre if reverse => acquisition.samples - 1 - centre,
        centre => centre,
    };
    Ok((rows / 2) as isize - centre as isize)
}

fn add(acquisition: &Acquisition, stack: &mut Stack, (start, col): (isize, usize)) {
    let grid = stack.grid;
    let kept = acquisition.discard_pre..acquisition.samples.saturating_sub(acquisition.discard_post);
    for (plane, channel) in stack.planes_mut().zip(acquisition.values.chunks_exact(acquisition.samples)) {
        for (sample, value) in channel.iter().enumerate().filter(|(sample, _)| kept.contains(sample)) {
            let along =
                if acquisition.has(flag::REVERSE) { acquisition.samples - 1 - sample } else { sample };
            let row = usize::try_from(start + along as isize).ok().filter(|row| *row < grid.rows);
            if let Some(to) = row.and_then(|row| plane.get_mut(row * grid.cols + col)) {
                *to += value;
            }
        }
    }
}

/// Samples of all noise readouts, channel by channel, for the noise covariance.
pub fn noise_samples(scan: &Scan) -> Vec<Vec<C32>> {
    let mut channels: Vec<Vec<C32>> = Vec::new();
    for acquisition in scan.acquisitions.iter().filter(|a| a.has(flag::NOISE)) {
        channels.resize(channels.len().max(acquisition.channels), Vec::new());
        for (to, from) in channels.iter_mut().zip(acquisition.values.chunks_exact(acquisition.samples)) {
            to.extend_from_slice(from);
        }
    }
    channels
}

#[cfg(test)]
mod tests {
    use super::super::{Header, Index, Space};
    use super::*;

    fn readout(step_1: u16, flags: u64, values: &[f32]) -> Acquisition {
        Acquisition {
            flags,
            index: Index { step_1, ..Index::default() },
            samples: values.len(),
            channels: 1,
            discard_pre: 0,
            discard_post: 0,
            centre_sample: values.len() / 2,
            encoding: 0,
            sample_time_us: 1.0,
            position: [0.0; 3],
            directions: [[0.0; 3]; 3],
            trajectory_dimensions: 0,
            trajectory: Vec::new(),
            values: values.iter().map(|v| C32::new(*v, 0.0)).collect(),
            extra: super::super::Extra::default(),
        }
    }

    fn scan(acquisitions: Vec<Acquisition>) -> Scan {
        let space = Space { matrix: [4, 4, 1], field_of_view_mm: [1.0; 3] };
        let header = Header {
            encoded: space,
            recon: space,
            centre: [1, 0],
            trajectory: "cartesian".into(),
            field_strength_t: None,
        };
        Scan { header, xml: String::new(), acquisitions, findings: Vec::new() }
    }

    #[test]
    fn lines_are_centred_averaged_flipped_and_bounded() {
        let scan = scan(vec![
            readout(1, 0, &[1.0, 2.0, 3.0, 4.0]),
            readout(1, 0, &[3.0, 4.0, 5.0, 6.0]),
            readout(0, flag::REVERSE, &[1.0, 2.0, 3.0, 4.0]),
            readout(9, 0, &[1.0; 4]),
            readout(2, flag::NOISE, &[7.0; 4]),
        ]);
        let (stacks, findings) = assemble(&scan, &Selection::default()).unwrap();
        let column =
            |col: usize| -> Vec<f32> { (0..4).map(|row| stacks[0].values[row * 4 + col].re).collect() };
        assert_eq!(column(2), [2.0, 3.0, 4.0, 5.0]); // step 1 is the centre: column 4/2
        // Reversed: sample 2 is the centre; turned round it is sample 1, which lies in row 2.
        assert_eq!(column(1), [0.0, 4.0, 3.0, 2.0]);
        assert_eq!(column(3), [0.0; 4]);
        assert_eq!(findings.len(), 1);
        assert_eq!(noise_samples(&scan)[0].len(), 4);
    }

    #[test]
    fn an_asymmetric_echo_leaves_zeros() {
        let mut echo = readout(1, 0, &[1.0, 2.0, 3.0]);
        echo.centre_sample = 1;
        let (stacks, _) = assemble(&scan(vec![echo]), &Selection::default()).unwrap();
        let column: Vec<f32> = (0..4).map(|row| stacks[0].values[row * 4 + 2].re).collect();
        assert_eq!(column, [0.0, 1.0, 2.0, 3.0]);
    }
}
