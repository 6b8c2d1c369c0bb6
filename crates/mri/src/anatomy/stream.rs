//! Samples for training: what the network sees and what it should give, in batches of one shape.
//!
//! A sample holds the sensitivities as ESPIRiT finds them in the noisy centre, `Aᴴy`, what the network starts from and
//! the reference, all divided by the data's scale: everything before the network is this crate's own code, so training
//! and use cannot drift apart. Little endian; a batch is the magic `BVS2`, five `u32` (samples, coils, rows, columns,
//! 1 when all masks are lines), then sample by sample a `u64` seed, and as `f32` maps (coils × rows × columns × 2),
//! `Aᴴy`, start, two hints and combined reference (each rows × columns × 2), reference magnitude, and as bytes mask and support.

use super::draw::{log_range, range, whole};
use super::family::Family;
use super::masks::Sampling;
use super::scan::{Plan, Scan};
use crate::calibration::{Espirit, espirit};
use crate::grid::{C32, Grid, Stack, ZERO};
use crate::learned::Start;
use crate::random::{Random, splitmix64};
use crate::recon::Problem;
use std::io::{self, Write};

/// How large samples are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// For a GPU: 128 to 384 pixels, up to 10 virtual coils.
    Full,
    /// For some hours of a processor: 64 to 272 pixels, up to 8 virtual coils.
    Medium,
    /// For a look whether everything works: 48 to 96 pixels, up to 5 virtual coils.
    Small,
}

/// A batch's common shape.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape {
    /// Number of samples.
    pub samples: usize,
    /// Virtual coils.
    pub coils: usize,
    /// Rows and columns.
    pub grid: Grid,
    /// Masks of lines, or of points.
    pub lines: bool,
}

impl Shape {
    /// The shape of batch `index`: smaller planes come in larger batches.
    pub fn draw(size: Size, seed: u64, index: u64) -> Self {
        let mut random = Random::new(seed).part(index);
        let (least, most, coils, pixels, fewest) = match size {
            Size::Full => (16, 48, (4, 10), 480_000, 2),
            // A large plane is a batch by itself: a step must stay short on a processor.
            Size::Medium => (8, 34, (3, 8), 40_000, 1),
            Size::Small => (6, 12, (3, 5), 30_000, 2),
        };
        let mut side = || 8 * whole(&mut random, least, most);
        let (a, b) = (side(), side());
        // Planes are not too narrow.
        let grid = Grid::new(a.max(b / 2), b.max(a / 2));
        let samples = (pixels / grid.pixels()).clamp(fewest, 24);
        Self { samples, coils: whole(&mut random, coils.0, coils.1), grid, lines: random.uniform() < 0.7 }
    }
}

/// What the network sees of a scan, and what it should give.
#[derive(Debug, Clone)]
pub struct Sample {
    /// Seed that rebuilds it within its shape.
    pub seed: u64,
    /// Sensitivities.
    pub maps: Stack,
    /// `Aᴴy`, scaled.
    pub right: Vec<C32>,
    /// What the iterations start from, scaled.
    pub start: Start,
    /// Noise-free coil images combined by the sensitivities, scaled.
    pub target: Vec<C32>,
    /// Their root sum of squares, scaled.
    pub reference: Vec<f32>,
    /// The scan.
    pub scan: Scan,
}

impl Sample {
    /// Prepares a scan; `None` where no sensitivities can be learnt.
    pub fn of(scan: Scan, seed: u64) -> Option<Self> {
        let block = scan.mask.calibration_block(Grid::new(24, 24));
        let maps = espirit(&scan.kspace, block, &Espirit::default())?.sets.into_iter().next()?;
        let problem = Problem::new(&scan.kspace, &scan.mask, vec![maps.clone()]).ok()?;
        let scale = problem.scale();
        let mut target = vec![ZERO; scan.kspace.grid.pixels()];
        for (map, image) in maps.planes().zip(scan.coil_images.planes()) {
            let pairs = map.iter().zip(image);
            target.iter_mut().zip(pairs).for_each(|(sum, (s, m))| *sum += s.conj() * m / scale);
        }
        let reference = scan.reference().iter().map(|value| value / scale).collect();
        Some(Self {
            seed,
            right: problem.right().to_vec(),
            start: Start::of(&problem),
            maps,
            target,
            reference,
            scan,
        })
    }

    /// The sample of `seed` in a batch of `shape`, any family of `families`.
    pub fn draw(shape: &Shape, families: &[Family], seed: u64) -> Option<Self> {
        let mut random = Random::new(seed).part(9);
        let kinds: &[Sampling] = if shape.lines { &Sampling::LINES } else { &Sampling::POINTS };
        let plan = Plan {
            grid: shape.grid,
            coils: shape.coils,
            family: *families.get(random.below(families.len()))?,
            sampling: *kinds.get(random.below(kinds.len()))?,
            acceleration: f64::from(log_range(&mut random, 2.0, 10.0)),
            noise: log_range(&mut random, 0.002, 0.03) * range(&mut random, 0.8, 1.0),
        };
        Self::of(Scan::draw(&plan, seed), seed)
    }
}

/// Batch `index` of the stream of `seed`.
pub fn batch(size: Size, seed: u64, index: u64) -> (Shape, Vec<Sample>) {
    let shape = Shape::draw(size, seed, index);
    let first = splitmix64(splitmix64(seed) ^ index);
    // A scan whose centre teaches nothing is left out and the next seed taken.
    let samples = (0..4 * shape.samples as u64)
        .filter_map(|i| Sample::draw(&shape, &Family::TRAINING, splitmix64(first.wrapping_add(i))))
        .take(shape.samples);
    (shape, samples.collect())
}

/// Writes a batch.
pub fn write(out: &mut impl Write, shape: &Shape, samples: &[Sample]) -> io::Result<()> {
    let Grid { rows, cols } = shape.grid;
    out.write_all(b"BVS2")?;
    for number in [samples.len(), shape.coils, rows, cols, usize::from(shape.lines)] {
        out.write_all(&(number as u32).to_le_bytes())?;
    }
    let mut bytes = Vec::new();
    for sample in samples {
        bytes.clear();
        bytes.extend_from_slice(&sample.seed.to_le_bytes());
        let [first, second] = &sample.start.hints;
        for plane in [&sample.maps.values, &sample.right, &sample.start.image, first, second, &sample.target]
        {
            plane.iter().flat_map(|v| [v.re, v.im]).for_each(|v| bytes.extend_from_slice(&v.to_le_bytes()));
        }
        sample.reference.iter().for_each(|v| bytes.extend_from_slice(&v.to_le_bytes()));
        bytes.extend(sample.scan.mask.sampled().iter().chain(&sample.scan.support).map(|on| u8::from(*on)));
        out.write_all(&bytes)?;
    }
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::norm;

    #[test]
    fn a_batch_is_as_long_as_its_header_says_and_repeats() {
        let (shape, samples) = batch(Size::Small, 5, 2);
        let bytes = |samples: &[Sample]| {
            let mut bytes = Vec::new();
            write(&mut bytes, &shape, samples).unwrap();
            bytes
        };
        let pixels = shape.grid.pixels();
        let one = 8 + 4 * (2 * pixels * (shape.coils + 5) + pixels) + 2 * pixels;
        assert_eq!(bytes(&samples).len(), 24 + samples.len() * one);
        assert_eq!(bytes(&samples), bytes(&batch(Size::Small, 5, 2).1));
        assert_ne!(bytes(&samples), bytes(&batch(Size::Small, 6, 2).1));
    }

    #[test]
    fn the_start_is_nearer_to_the_target_than_nothing_and_scaled_to_about_one() {
        let (_, samples) = batch(Size::Small, 1, 0);
        assert!(!samples.is_empty());
        for sample in samples {
            let apart: Vec<C32> = sample.start.image.iter().zip(&sample.target).map(|(a, b)| a - b).collect();
            assert!(norm(&apart) < 0.9 * norm(&sample.target));
            let top = sample.reference.iter().fold(0f32, |top, r| top.max(*r));
            assert!((0.3..10.0).contains(&top), "{top}");
        }
    }
}
