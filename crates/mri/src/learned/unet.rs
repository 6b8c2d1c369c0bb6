//! The correction that one cascade of the network makes: a small U-Net between two pixel shuffles.
//!
//! It sees eight planes (real and imaginary part of the image, of the gradient of the data term and of two hints) at half
//! their size with four times the channels, goes down two more levels, and says what is to be taken from the image. No layer has
//! a bias and every activation is rectification, so `D(a·x) = a·D(x)` for `a > 0`: the network cannot depend on the
//! units of the data and does not fix a noise level (Mohan et al., ICLR 2020).

use super::conv::{Conv, LANES, Lane, Maps, Taps};
use crate::grid::{C32, Grid};
use rayon::prelude::*;

/// The layers by name: `(name, taps, rectified)`. Doubling layers are points whose outputs are four pixels.
pub const LAYERS: [(&str, Taps, bool); 13] = [
    ("e0a", Taps::Around, true),
    ("e0b", Taps::Around, true),
    ("d1", Taps::Halving, true),
    ("e1a", Taps::Around, true),
    ("e1b", Taps::Around, true),
    ("d2", Taps::Halving, true),
    ("e2a", Taps::Around, true),
    ("e2b", Taps::Around, true),
    ("u1", Taps::Point, false),
    ("f1", Taps::Around, true),
    ("u0", Taps::Point, false),
    ("f0", Taps::Around, true),
    ("out", Taps::Around, false),
];

/// Channels of the first layer: four complex planes in blocks of 2 × 2.
pub const INPUTS: usize = 32;

/// Sizes are filled up to a multiple of this with zeros.
const MULTIPLE: usize = 8;

/// One cascade's layers, in the order of [`LAYERS`].
#[derive(Debug, Clone)]
pub struct UNet {
    layers: [Conv; 13],
}

impl UNet {
    /// From its layers.
    pub fn new(layers: [Conv; 13]) -> Self {
        Self { layers }
    }

    /// The correction of an image, from the image, the gradient of its data term and two hints.
    pub fn apply(&self, grid: Grid, planes: &[&[C32]; 4]) -> Vec<C32> {
        let [e0a, e0b, d1, e1a, e1b, d2, e2a, e2b, u1, f1, u0, f0, out] = &self.layers;
        let fine = e0b.apply(&e0a.apply(&shuffled(grid, planes)));
        let middle = e1b.apply(&e1a.apply(&d1.apply(&fine)));
        let coarse = e2b.apply(&e2a.apply(&d2.apply(&middle)));
        let middle = f1.apply(&doubled(&u1.apply(&coarse), middle));
        let fine = f0.apply(&doubled(&u0.apply(&middle), fine));
        unshuffled(grid, &out.apply(&fine))
    }
}

/// 2 × 2 blocks of the planes as channels: plane, then part, then row, then column of the block; two planes a group.
fn shuffled(grid: Grid, planes: &[&[C32]; 4]) -> Maps {
    let (rows, cols) = (grid.rows.next_multiple_of(MULTIPLE) / 2, grid.cols.next_multiple_of(MULTIPLE) / 2);
    let (groups, width) = (INPUTS / LANES, cols + 2);
    let mut maps = Maps::zeros(rows, cols, groups);
    let line = |plane: &'_ [C32], row: usize| {
        let start = (row * grid.cols).min(plane.len());
        let end = (start + grid.cols).min(plane.len());
        start..end
    };
    maps.rows_mut().enumerate().for_each(|(row, lines)| {
        for (pixels, pair) in lines.chunks_mut(width).zip(planes.chunks(2)) {
            for down in 0..2 {
                for (plane, values) in pair.iter().enumerate() {
                    let values = values.get(line(values, 2 * row + down)).unwrap_or_default();
                    for (pixel, block) in pixels.iter_mut().skip(1).zip(values.chunks(2)) {
                        for (right, value) in block.iter().enumerate() {
                            let at = |part: usize| (2 * plane + part) * 4 + 2 * down + right;
                            set(pixel, at(0), value.re);
                            set(pixel, at(1), value.im);
                        }
                    }
                }
            }
        }
    });
    maps
}

fn set(pixel: &mut Lane, at: usize, value: f32) {
    if let Some(to) = pixel.get_mut(at) {
        *to = value;
    }
}

/// 8 channels back to a complex plane of twice the size, cut to `grid`.
fn unshuffled(grid: Grid, maps: &Maps) -> Vec<C32> {
    let mut plane = vec![C32::new(0.0, 0.0); grid.pixels()];
    plane.par_chunks_mut(grid.cols.max(1)).enumerate().for_each(|(row, line)| {
        let offset = 2 * (row % 2);
        for (block, pixel) in line.chunks_mut(2).zip(maps.line(row / 2, 0)) {
            let [re, im] = [pixel.iter().skip(offset), pixel.iter().skip(4 + offset)];
            block.iter_mut().zip(re.zip(im)).for_each(|(value, (re, im))| *value = C32::new(*re, *im));
        }
    });
    plane
}

/// Every pixel's four groups of outputs as a block of 2 × 2, plus `skip`.
fn doubled(half: &Maps, mut skip: Maps) -> Maps {
    let (groups, width) = (skip.groups, skip.cols + 2);
    skip.rows_mut().enumerate().for_each(|(row, lines)| {
        for (group, line) in lines.chunks_mut(width).enumerate() {
            for right in 0..2 {
                let from = half.line(row / 2, (2 * (row % 2) + right) * groups + group);
                let to = line.iter_mut().skip(1 + right).step_by(2);
                for (to, from) in to.zip(from) {
                    to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
                }
            }
        }
    });
    skip
}

/// Channels of a doubling layer's outputs in the order [`doubled`] wants: `outputs` for each place in the block.
pub fn doubling_place(output: usize, outputs: usize) -> Option<(usize, usize, usize)> {
    let padded = outputs.next_multiple_of(LANES);
    let (place, channel) = (output / padded, output % padded);
    (place < 4 && channel < outputs).then_some((channel, place / 2, place % 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn shuffling_puts_every_pixel_where_unshuffling_takes_it() {
        for grid in [Grid::new(16, 24), Grid::new(13, 9)] {
            let x = Random::new(1).normals(grid.pixels());
            let zeros = vec![C32::new(0.0, 0.0); grid.pixels()];
            // The first 8 channels are the image's, in the order in which 8 channels are put back.
            assert_eq!(unshuffled(grid, &shuffled(grid, &[&x, &zeros, &zeros, &zeros])), x);
        }
    }

    #[test]
    fn doubling_spreads_four_places_over_a_block() {
        let pick = |o: usize, _: usize, _: usize, _: usize| {
            doubling_place(o, 16).map_or(
                0.0,
                |(channel, down, right)| {
                    if channel == 3 { (10 * down + right) as f32 } else { 0.0 }
                },
            )
        };
        let mut ones = Maps::zeros(2, 3, 1);
        ones.rows_mut().for_each(|line| line[1..4].iter_mut().for_each(|pixel| pixel[0] = 1.0));
        let only_first = |o: usize, i: usize, r: usize, c: usize| if i == 0 { pick(o, i, r, c) } else { 0.0 };
        let half = Conv::new(Taps::Point, (16, 64), false, &only_first).apply(&ones);
        let whole = doubled(&half, Maps::zeros(4, 6, 1));
        for row in 0..4 {
            for col in 0..6 {
                assert_eq!(whole.line(row, 0)[col][3], (10 * (row % 2) + col % 2) as f32);
            }
        }
    }
}
