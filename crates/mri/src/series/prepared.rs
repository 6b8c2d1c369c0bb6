//! What is done to the readouts of a frame before any image: whitening, assembly, oversampling.

use super::fit::Axis;
use super::scattered::ScatteredInput;
use crate::calibration::measured_block;
use crate::formats::FormatError;
use crate::formats::mrd::{
    Finding, Samples, Scan, Selection, TrajectoryUnit, assemble, noise_samples, samples_along,
};
use crate::grid::Stack;
use crate::prepare::{Whitening, noise_covariance, remove_oversampling};

/// Side of the centre that a frame along a trajectory must have measured for its own sensitivities.
const OWN_CENTRE: usize = 16;
/// Noise samples per receiver squared that a covariance needs at least.
const SAMPLES_PER_COIL: usize = 4;

/// Whitening from the scan's noise readouts, or why there is none.
pub fn whitening(scan: &Scan) -> Result<Whitening, &'static str> {
    let channels = noise_samples(scan);
    let samples = channels.first().map_or(0, Vec::len);
    if samples == 0 {
        return Err("no noise readouts: receivers are not whitened and noise is not known");
    }
    if samples < SAMPLES_PER_COIL * channels.len() {
        return Err("too few noise samples: receivers are not whitened and noise is not known");
    }
    let covariance =
        noise_covariance(&channels).ok_or("noise readouts of different lengths: not whitened")?;
    Whitening::new(&covariance, channels.len()).ok_or("a receiver without noise: not whitened")
}

/// k-space of one frame: one stack per partition, without readout oversampling.
pub struct Prepared {
    /// What the image is made from.
    pub image: Vec<Stack>,
    /// The same with the lines measured for calibration.
    pub calibration: Vec<Stack>,
    /// Readouts left out.
    pub findings: Vec<Finding>,
    /// Whether noise is white with unit variance.
    pub white: bool,
}

/// Assembles and prepares.
pub fn prepared(
    scan: &Scan,
    selection: &Selection,
    (whitening, readout): (Option<&Whitening>, Axis),
) -> Result<Prepared, FormatError> {
    let mut white = whitening.is_some();
    let mut ready = |selection: &Selection| -> Result<(Vec<Stack>, Vec<Finding>), FormatError> {
        let (mut stacks, findings) = assemble(scan, selection)?;
        for stack in &mut stacks {
            white &= whitening.is_some_and(|whitening| whitening.apply(stack));
            *stack = remove_oversampling(stack, readout.keep);
        }
        Ok((stacks, findings))
    };
    let (image, findings) = ready(&Selection { with_calibration: false, ..*selection })?;
    let extra = scan.acquisitions.iter().any(|a| a.encoding == 0 && a.is_calibration());
    let calibration =
        if extra { ready(&Selection { with_calibration: true, ..*selection })?.0 } else { image.clone() };
    Ok(Prepared { image, calibration, findings, white })
}

/// All frames of the slice as one, for sensitivities that a single frame does not give.
pub fn pooled(scan: &Scan, selection: &Selection, tools: (Option<&Whitening>, Axis)) -> Option<Vec<Stack>> {
    let all = Selection { pooled: true, with_calibration: true, ..*selection };
    prepared(scan, &all, tools).ok().map(|prepared| prepared.calibration)
}

/// Whitened samples of one frame along a trajectory, with those of all frames of the slice where its own centre is thin.
pub fn samples(
    scan: &Scan,
    selection: &Selection,
    (whitening, unit): (Option<&Whitening>, TrajectoryUnit),
) -> Result<(ScatteredInput, Vec<Finding>), FormatError> {
    let mut white = whitening.is_some();
    let mut ready = |selection: &Selection| -> Result<(Samples, Vec<Finding>), FormatError> {
        let (mut samples, findings) = samples_along(scan, selection, unit)?;
        white &= whitening.is_some_and(|whitening| whitening.apply(&mut samples.values));
        Ok((samples, findings))
    };
    let (image, findings) = ready(&Selection { with_calibration: false, ..*selection })?;
    if image.points.is_empty() {
        return Err(FormatError::Malformed("no sample of this image has a place in k-space".into()));
    }
    let calibration = if measured_block(&image.points) >= OWN_CENTRE {
        image.clone()
    } else {
        ready(&Selection { pooled: true, with_calibration: true, ..*selection })?.0
    };
    Ok((ScatteredInput { image, calibration, white }, findings))
}
