//! Convolutions of feature maps, the cost of a learned reconstruction, for whatever vectors the processor has.
//!
//! Channels come in groups of 16 ([`Lane`]), so that a pixel's group is one AVX-512 register, two of AVX2 or four of
//! SSE. A kernel holds a tile of pixels × output channels in registers and walks over taps and input channels: one
//! load of weights serves the whole tile. The instruction set is chosen at run time. Every output is summed by one
//! thread in one order, so the result does not depend on the number of threads; it differs in the last bits between
//! instruction sets.

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;
use std::any::TypeId;

/// The body once for every index below a constant of at most 12, each index a constant: only then do sums stay in
/// registers, which is most of the speed.
macro_rules! unrolled {
    ($index:ident below $count:ident => $body:block) => {
        unrolled!(@ $index $count $body 0 1 2 3 4 5 6 7 8 9 10 11)
    };
    (@ $index:ident $count:ident $body:block $($i:literal)*) => {
        $(if $i < $count {
            const $index: usize = $i;
            $body
        })*
    };
}

/// Channels in a group.
pub const LANES: usize = 16;
/// One pixel's values of one group of channels.
pub type Lane = [f32; LANES];

/// Feature maps with a border of one pixel of zeros: row by row, group by group, pixel by pixel.
#[derive(Debug, Clone, PartialEq)]
pub struct Maps {
    /// Rows without the border.
    pub rows: usize,
    /// Columns without the border.
    pub cols: usize,
    /// Groups of 16 channels.
    pub groups: usize,
    values: Vec<Lane>,
}

impl Maps {
    /// Zeros.
    pub fn zeros(rows: usize, cols: usize, groups: usize) -> Self {
        Self { rows, cols, groups, values: vec![[0.0; LANES]; (rows + 2) * groups * (cols + 2)] }
    }

    /// The pixels of row `row` (from 0, without the border) and `group`.
    pub fn line(&self, row: usize, group: usize) -> &[Lane] {
        let start = ((row + 1) * self.groups + group) * (self.cols + 2) + 1;
        self.values.get(start..start + self.cols).unwrap_or_default()
    }

    /// Every row without the border as its groups' lines with their borders.
    pub fn rows_mut(&mut self) -> impl IndexedParallelIterator<Item = &mut [Lane]> {
        let row = self.groups * (self.cols + 2);
        self.values.par_chunks_exact_mut(row.max(1)).skip(1).take(self.rows)
    }

    /// Padded line `row` (0 is the border) of `group`.
    fn padded(&self, row: usize, group: usize) -> &[Lane] {
        let start = (row * self.groups + group) * (self.cols + 2);
        self.values.get(start..start + self.cols + 2).unwrap_or_default()
    }
}

/// Which neighbours an output pixel is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taps {
    /// The 3 × 3 around it.
    Around,
    /// The 2 × 2 block it stands for; halves the size.
    Halving,
    /// The pixel itself.
    Point,
}

impl Taps {
    /// Side of the window.
    pub fn side(self) -> usize {
        match self {
            Self::Around => 3,
            Self::Halving => 2,
            Self::Point => 1,
        }
    }

    fn stride(self) -> usize {
        if self == Self::Halving { 2 } else { 1 }
    }

    /// First padded index of the window of output 0.
    fn origin(self) -> usize {
        if self == Self::Around { 0 } else { 1 }
    }
}

/// A convolution without bias.
#[derive(Debug, Clone)]
pub struct Conv {
    taps: Taps,
    inputs: usize,
    outputs: usize,
    rectified: bool,
    /// For each pair of output groups (the last may be single): input group, tap, input channel, output channel.
    pairs: Vec<Vec<Lane>>,
}

impl Conv {
    /// From weights `(output, input, row, column)`; channels are filled up to full groups. `weight` gives one of them.
    pub fn new(
        taps: Taps,
        (inputs, outputs): (usize, usize),
        rectified: bool,
        weight: &dyn Fn(usize, usize, usize, usize) -> f32,
    ) -> Self {
        let (input_groups, output_groups) = (inputs.div_ceil(LANES), outputs.div_ceil(LANES));
        let of = |o: usize, i: usize, r: usize, c: usize| {
            if o < outputs && i < inputs { weight(o, i, r, c) } else { 0.0 }
        };
        let side = taps.side();
        let pairs = (0..output_groups)
            .step_by(2)
            .map(|first| {
                let groups = first..(first + 2).min(output_groups);
                let mut packed = Vec::new();
                for (input, tap) in (0..input_groups).flat_map(|g| (0..side * side).map(move |t| (g, t))) {
                    for i in input * LANES..(input + 1) * LANES {
                        for group in groups.clone() {
                            packed.push(std::array::from_fn(|o| {
                                of(group * LANES + o, i, tap / side, tap % side)
                            }));
                        }
                    }
                }
                packed
            })
            .collect();
        Self { taps, inputs: input_groups, outputs: output_groups, rectified, pairs }
    }

    /// Applies it with the best instructions of this processor.
    pub fn apply(&self, from: &Maps) -> Maps {
        self.apply_with(Instructions::best(), from)
    }

    /// Applies it with the instructions named.
    pub fn apply_with(&self, instructions: Instructions, from: &Maps) -> Maps {
        let stride = self.taps.stride();
        let mut to = Maps::zeros(from.rows / stride, from.cols / stride, self.outputs);
        if from.groups != self.inputs {
            return to;
        }
        let width = to.cols + 2;
        to.rows_mut().enumerate().for_each(|(row, lines)| {
            for (pair, weights) in lines.chunks_mut(2 * width).zip(&self.pairs) {
                let job = Row { conv: self, from, row, weights, lines: pair };
                match instructions {
                    Instructions::Wide(arch) => arch.dispatch(job),
                    Instructions::Portable => job.with_simd(pulp::Scalar128b),
                }
            }
        });
        to
    }
}

/// Which instructions to use.
#[derive(Debug, Clone, Copy)]
pub enum Instructions {
    /// What was found at run time: AVX-512, AVX2 with FMA, or NEON.
    Wide(Arch),
    /// Plain arithmetic, vectorised as the target's baseline allows.
    Portable,
}

impl Instructions {
    /// The best of this processor.
    pub fn best() -> Self {
        match Arch::new() {
            Arch::Scalar => Self::Portable,
            arch => Self::Wide(arch),
        }
    }

    /// Its name, for an account.
    pub fn name(self) -> String {
        match self {
            Self::Wide(arch) => {
                let text = format!("{arch:?}");
                text.split('(').next().unwrap_or_default().to_lowercase()
            }
            Self::Portable => "portable".into(),
        }
    }
}

/// One row of one or two groups of outputs.
struct Row<'a> {
    conv: &'a Conv,
    from: &'a Maps,
    row: usize,
    weights: &'a [Lane],
    /// Padded lines of the output groups.
    lines: &'a mut [Lane],
}

impl WithSimd for Row<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let width = self.from.cols / self.conv.taps.stride() + 2;
        let double = self.lines.len() > width;
        match (S::F32_LANES, double) {
            (16, true) => self.tiles::<S, 2, 2, 12>(simd),
            (16, false) => self.tiles::<S, 1, 1, 12>(simd),
            (8, true) => self.tiles::<S, 4, 2, 3>(simd),
            (8, false) => self.tiles::<S, 2, 1, 6>(simd),
            (4, true) => self.tiles::<S, 8, 2, 1>(simd),
            (4, false) => self.tiles::<S, 4, 1, 2>(simd),
            _ => {}
        }
    }
}

impl Row<'_> {
    /// `VECTORS` registers hold `GROUPS` groups of a pixel; tiles of `TILE` pixels, then single ones.
    #[inline(always)]
    fn tiles<S: Simd, const VECTORS: usize, const GROUPS: usize, const TILE: usize>(mut self, simd: S) {
        let cols = self.from.cols / self.conv.taps.stride();
        let mut col = 0;
        while col + TILE <= cols {
            self.tile::<S, VECTORS, GROUPS, TILE>(simd, col);
            col += TILE;
        }
        while col < cols {
            self.tile::<S, VECTORS, GROUPS, 1>(simd, col);
            col += 1;
        }
    }

    #[inline(always)]
    #[expect(
        clippy::indexing_slicing,
        reason = "arrays of fixed size: the compiler sees that no check is needed"
    )]
    fn tile<S: Simd, const VECTORS: usize, const GROUPS: usize, const TILE: usize>(
        &mut self,
        simd: S,
        col: usize,
    ) {
        let taps = self.conv.taps;
        let (side, stride, origin) = (taps.side(), taps.stride(), taps.origin());
        let mut sums = [[simd.splat_f32s(0.0); VECTORS]; TILE];
        let mut weights = self.weights.chunks_exact(LANES * GROUPS);
        for group in 0..self.conv.inputs {
            for down in 0..side {
                let line = self.from.padded(self.row * stride + origin + down, group);
                for right in 0..side {
                    let start = col * stride + origin + right;
                    let Some(weights) = weights.next() else { return };
                    let Some(pixels) = line.get(start..) else { return };
                    if stride == 1 {
                        let Some(pixels) = pixels.first_chunk::<TILE>() else { return };
                        sums = accumulated(simd, sums, |t| &pixels[t], weights);
                    } else {
                        let Some(pixels) = pixels.get(..2 * TILE - 1) else { return };
                        sums = accumulated(simd, sums, |t| &pixels[2 * t], weights);
                    }
                }
            }
        }
        let width = self.from.cols / stride + 2;
        let zero = simd.splat_f32s(0.0);
        let per_group = LANES / S::F32_LANES;
        unrolled!(T below TILE => {
            unrolled!(V below VECTORS => {
                let sum = if self.conv.rectified { simd.max_f32s(sums[T][V], zero) } else { sums[T][V] };
                if let Some(pixel) = self.lines.get_mut((V / per_group) * width + 1 + col + T) {
                    let (vectors, _) = S::as_mut_simd_f32s(pixel);
                    if let Some(to) = vectors.get_mut(V % per_group) {
                        *to = sum;
                    }
                }
            });
        });
    }
}

/// `sums[t][v] + weights[i][v] · pixel(t)[i]` over the 16 channels `i` of a group.
#[inline(always)]
#[expect(
    clippy::indexing_slicing,
    reason = "arrays of fixed size: the compiler sees that no check is needed"
)]
fn accumulated<'a, S: Simd, const VECTORS: usize, const TILE: usize>(
    simd: S,
    mut sums: [[S::f32s; VECTORS]; TILE],
    pixel: impl Fn(usize) -> &'a Lane,
    weights: &[Lane],
) -> [[S::f32s; VECTORS]; TILE] {
    // Without the instruction, a fused product is a call of a function.
    let fused = TypeId::of::<S>() != TypeId::of::<pulp::Scalar128b>();
    let (weights, _) = S::as_simd_f32s(weights.as_flattened());
    let (weights, _) = weights.as_chunks::<VECTORS>();
    let Some(weights) = weights.first_chunk::<LANES>() else { return sums };
    for (i, weights) in weights.iter().enumerate() {
        unrolled!(T below TILE => {
            let value = simd.splat_f32s(pixel(T)[i]);
            unrolled!(V below VECTORS => {
                sums[T][V] = if fused {
                    simd.mul_add_e_f32s(weights[V], value, sums[T][V])
                } else {
                    simd.add_f32s(simd.mul_f32s(weights[V], value), sums[T][V])
                };
            });
        });
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    fn filled(rows: usize, cols: usize, channels: usize, seed: u64) -> Maps {
        let mut maps = Maps::zeros(rows, cols, channels.div_ceil(LANES));
        let width = cols + 2;
        maps.rows_mut().enumerate().for_each(|(row, lines)| {
            let mut random = Random::new(seed).part(row as u64);
            for (group, line) in lines.chunks_mut(width).enumerate() {
                for pixel in &mut line[1..=cols] {
                    for (i, value) in pixel.iter_mut().enumerate() {
                        let drawn = random.normal().re;
                        *value = if group * LANES + i < channels { drawn } else { 0.0 };
                    }
                }
            }
        });
        maps
    }

    fn at(maps: &Maps, row: isize, col: isize, channel: usize) -> f32 {
        if row < 0 || col < 0 || row >= maps.rows as isize || col >= maps.cols as isize {
            return 0.0;
        }
        maps.line(row as usize, channel / LANES)[col as usize][channel % LANES]
    }

    fn by_hand(taps: Taps, from: &Maps, weights: &[f32], inputs: usize, place: (usize, usize, usize)) -> f32 {
        let (row, col, o) = place;
        let side = taps.side();
        let mut sum = 0.0;
        for i in 0..inputs {
            for tap in 0..side * side {
                let (r, c) = ((tap / side) as isize, (tap % side) as isize);
                let (r, c) = match taps {
                    Taps::Around => (row as isize + r - 1, col as isize + c - 1),
                    Taps::Halving => (2 * row as isize + r, 2 * col as isize + c),
                    Taps::Point => (row as isize, col as isize),
                };
                sum += weights[(o * inputs + i) * side * side + tap] * at(from, r, c, i);
            }
        }
        sum
    }

    #[test]
    fn every_instruction_set_computes_the_sum_by_hand() {
        for (taps, inputs, outputs) in
            [(Taps::Around, 20, 40), (Taps::Halving, 16, 33), (Taps::Point, 32, 8), (Taps::Around, 3, 16)]
        {
            let from = filled(10, 30, inputs, 1);
            let side = taps.side();
            let weights: Vec<f32> =
                Random::new(2).normals(outputs * inputs * side * side).iter().map(|v| v.re).collect();
            let weight =
                |o: usize, i: usize, r: usize, c: usize| weights[((o * inputs + i) * side + r) * side + c];
            let conv = Conv::new(taps, (inputs, outputs), false, &weight);
            for instructions in [Instructions::best(), Instructions::Portable] {
                let to = conv.apply_with(instructions, &from);
                for row in 0..to.rows {
                    for col in 0..to.cols {
                        for o in 0..outputs {
                            let expected = by_hand(taps, &from, &weights, inputs, (row, col, o));
                            let found = at(&to, row as isize, col as isize, o);
                            assert!((found - expected).abs() < 1e-4, "{taps:?} {row} {col} {o}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn rectified_outputs_are_never_negative_and_the_border_stays_zero() {
        let weights: Vec<f32> = Random::new(3).normals(16 * 16 * 9).iter().map(|v| v.re).collect();
        let weight = |o: usize, i: usize, r: usize, c: usize| weights[((o * 16 + i) * 3 + r) * 3 + c];
        let to = Conv::new(Taps::Around, (16, 16), true, &weight).apply(&filled(7, 13, 16, 4));
        assert!(to.values.iter().flatten().all(|v| *v >= 0.0));
        assert!(to.values.iter().flatten().any(|v| *v > 0.0));
        assert!(to.padded(0, 0).iter().chain(to.padded(8, 0)).flatten().all(|v| *v == 0.0));
        assert!(
            (0..9).all(|row| to.padded(row, 0)[0] == [0.0; LANES] && to.padded(row, 0)[14] == [0.0; LANES])
        );
    }
}
