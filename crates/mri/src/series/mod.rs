//! From a raw scan to images with their places in the patient: what the command and a service do with a file.
//!
//! Every frame of a scan (contrast, phase, repetition, set) becomes a volume of magnitudes. What could not be done as
//! asked is done by the next simpler method and said ([`Facts::fallback`]); a failure never yields no image, and a
//! fallback is never silent. Planes are shared among threads; the result does not depend on how many there are.

mod fit;
mod frames;
mod method;
mod partial;
mod place;
mod plane;
mod prepared;
mod scattered;
mod together;
mod whole;

pub use method::{Method, Request};
pub use whole::reconstruct;

use crate::formats::FormatError;
use crate::formats::mrd::Selection;
use crate::formats::nifti::Geometry;
use crate::grid::Grid;
use crate::learned::Seen;
use std::collections::BTreeMap;
use thiserror::Error;

/// Why a scan gives no image at all.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum SeriesError {
    /// The scan contradicts itself, or is of a kind that is not supported.
    #[error("{0}")]
    Scan(#[from] FormatError),
    /// No readout is part of an image.
    #[error("the scan has no readout that is part of an image")]
    NoImage,
    /// Something that a reader must know of made the work impossible.
    #[error("{0}")]
    Impossible(String),
}

/// How one plane was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// The method that made it.
    pub method: Method,
    /// Why it is not the method that was asked for.
    pub fallback: Option<String>,
    /// Points of the encoded rectangle over measured points.
    pub acceleration: f64,
    /// Share of the measured data that the image does not explain, where the method has a model of the data.
    pub residual: Option<f64>,
    /// The share that noise alone would leave unexplained, where noise was measured.
    pub expected_residual: Option<f64>,
    /// Receivers after compression.
    pub coils: usize,
    /// Rows and columns of the calibration block.
    pub calibration: (usize, usize),
    /// Whether a part of k-space measured on one side only was filled.
    pub partial_fourier: bool,
    /// What the gate of the learned method said, where it was asked.
    pub gate: Option<Gate>,
}

/// The gate's word on a plane.
#[derive(Debug, Clone, PartialEq)]
pub enum Gate {
    /// The plane is of a kind the network knows.
    Inside(Seen),
    /// It is not, and why.
    Outside(String),
}

/// A picture beside the image that says how far to trust each pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// Standard deviation that the measured noise makes.
    Noise,
    /// That of a fully sampled scan times this and the root of the acceleration.
    GFactor,
    /// Half width of the interval that holds the noise-free fully sampled image in nine of ten pixels.
    Interval,
}

impl Doubt {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Noise, Self::GFactor, Self::Interval];

    /// The name of its files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Noise => "noise",
            Self::GFactor => "g-factor",
            Self::Interval => "interval",
        }
    }

    /// In a report.
    pub fn caption(self) -> &'static str {
        match self {
            Self::Noise => "noise, one standard deviation",
            Self::GFactor => "g-factor",
            Self::Interval => "90 % interval, half width",
        }
    }
}

/// What an image leaves of the measured data: for each point of k-space the root of the sum of squares over the receivers.
#[derive(Debug, Clone, PartialEq)]
pub struct Residual {
    /// Size of the encoded plane.
    pub grid: Grid,
    /// 0 where nothing was measured.
    pub values: Vec<f32>,
}

/// One frame.
#[derive(Debug, Clone, PartialEq)]
pub struct Volume {
    /// Which frame; `slice` counts slabs of a volume scan and is 0 otherwise.
    pub frame: Selection,
    /// Sizes, directions and the first voxel: columns run along the readout, rows along the phase encoding.
    pub geometry: Geometry,
    /// Centre of the first pixel of every slice, LPS mm.
    pub origins_mm: Vec<[f32; 3]>,
    /// Thickness of a slice, mm.
    pub thickness_mm: f32,
    /// Magnitudes: slices, rows, columns.
    pub image: Vec<f32>,
    /// The same of the zero-filled image, for which nothing was assumed.
    pub zero_filled: Vec<f32>,
    /// How far to trust each pixel, where it was asked for and is known.
    pub doubt: BTreeMap<Doubt, Vec<f32>>,
    /// What each slice leaves of its data, or the root mean square over the planes of a volume scan.
    pub residuals: Vec<Option<Residual>>,
    /// How each plane was made: a slice, or a readout position of a volume scan.
    pub facts: Vec<Facts>,
}

impl Volume {
    /// Pixels of one slice.
    pub fn slice_pixels(&self) -> usize {
        let [columns, rows, _] = self.geometry.sizes;
        columns * rows
    }
}

/// All frames, and what a reader must know about them.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// The frames in order of slab, contrast, phase, repetition and set.
    pub volumes: Vec<Volume>,
    /// What was assumed, left out or missing.
    pub notes: Vec<String>,
    /// Whether second phase encoding makes the slices.
    pub is_volume_scan: bool,
}

impl Series {
    /// Facts of all planes.
    pub fn facts(&self) -> impl Iterator<Item = &Facts> {
        self.volumes.iter().flat_map(|volume| &volume.facts)
    }

    /// Reasons why planes were made by another method than asked, each once.
    pub fn fallbacks(&self) -> Vec<String> {
        let mut reasons: Vec<String> = self.facts().filter_map(|facts| facts.fallback.clone()).collect();
        reasons.sort();
        reasons.dedup();
        reasons
    }

    /// The method that made most planes, and the mean acceleration.
    pub fn summary(&self) -> Option<(Method, f64)> {
        let count = |method| self.facts().filter(|facts| facts.method == method).count();
        let method = Method::ALL.into_iter().max_by_key(|method| count(*method))?;
        let planes = self.facts().count();
        let total: f64 = self.facts().map(|facts| facts.acceleration).sum();
        (planes > 0).then(|| (method, total / planes as f64))
    }
}
