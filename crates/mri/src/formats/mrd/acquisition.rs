//! One readout of all receive channels.

use crate::grid::C32;

/// Acquisition flags: bit number minus one of the standard's list.
pub mod flag {
    /// A noise measurement: for the noise covariance, never for the image.
    pub const NOISE: u64 = 1 << 18;
    /// Parallel calibration only.
    pub const CALIBRATION: u64 = 1 << 19;
    /// Parallel calibration and imaging.
    pub const CALIBRATION_AND_IMAGING: u64 = 1 << 20;
    /// The readout runs backwards.
    pub const REVERSE: u64 = 1 << 21;
    /// Navigator, phase correction, feedback, dummy or surface-coil correction data.
    pub const NOT_IMAGE: u64 = 1 << 22 | 1 << 23 | 1 << 25 | 1 << 26 | 1 << 27 | 1 << 28;
    /// Last readout of the measurement.
    pub const LAST_IN_MEASUREMENT: u64 = 1 << 24;
}

/// Which part of the scan a readout belongs to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Index {
    /// First phase encoding.
    pub step_1: u16,
    /// Second phase encoding.
    pub step_2: u16,
    /// Signal average.
    pub average: u16,
    /// Slice.
    pub slice: u16,
    /// Echo or other contrast.
    pub contrast: u16,
    /// Cardiac phase.
    pub phase: u16,
    /// Repetition in time.
    pub repetition: u16,
    /// Flow encoding or other set.
    pub set: u16,
    /// Segment.
    pub segment: u16,
}

/// A readout.
#[derive(Debug, Clone, PartialEq)]
pub struct Acquisition {
    /// See [`flag`].
    pub flags: u64,
    /// Where it belongs.
    pub index: Index,
    /// Samples per channel.
    pub samples: usize,
    /// Channels in `values`.
    pub channels: usize,
    /// Samples to leave out at the start.
    pub discard_pre: usize,
    /// Samples to leave out at the end.
    pub discard_post: usize,
    /// Sample at the centre of k-space.
    pub centre_sample: usize,
    /// Which encoding of the header it follows.
    pub encoding: usize,
    /// Time per sample, µs.
    pub sample_time_us: f32,
    /// Centre of the slice, mm, patient coordinates (LPS).
    pub position: [f32; 3],
    /// Directions of readout, phase and slice.
    pub directions: [[f32; 3]; 3],
    /// Coordinates per sample in `trajectory`.
    pub trajectory_dimensions: usize,
    /// Sample positions, coordinates fastest.
    pub trajectory: Vec<f32>,
    /// All samples of channel 0, then of channel 1, …
    pub values: Vec<C32>,
    /// What reconstruction has no use for.
    pub extra: Extra,
}

/// The rest of a readout's header, kept so that a scan is written as it was read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Extra {
    /// Of the format.
    pub version: u16,
    /// Of the measurement.
    pub measurement_uid: u32,
    /// Number of the readout.
    pub scan_counter: u32,
    /// In the scanner's ticks.
    pub acquisition_time_stamp: u32,
    /// Since the last trigger of each kind.
    pub physiology_time_stamp: [u32; 3],
    /// Channels of the coil.
    pub available_channels: u16,
    /// Which of them are in use.
    pub channel_mask: [u64; 16],
    /// mm.
    pub patient_table_position: [f32; 3],
    /// Free counters.
    pub user_index: [u16; 8],
    /// Free integers.
    pub user_int: [i32; 8],
    /// Free numbers.
    pub user_float: [f32; 8],
}

impl Acquisition {
    /// Whether any of the bits is set.
    pub fn has(&self, bits: u64) -> bool {
        self.flags & bits != 0
    }

    /// Whether it was measured for calibration only.
    pub fn is_calibration(&self) -> bool {
        self.has(flag::CALIBRATION) && !self.has(flag::NOISE | flag::NOT_IMAGE)
    }

    /// Whether it is part of the image.
    pub fn is_image(&self) -> bool {
        !self.has(flag::NOISE | flag::CALIBRATION | flag::NOT_IMAGE)
    }
}
