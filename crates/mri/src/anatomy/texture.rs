//! Textures of tissue: tiles of noise whose spectrum falls with frequency, `1/f^a`.
//!
//! A transform of random phases gives two independent real tiles, its real and its imaginary part; tiles repeat, and
//! every shape takes its own corner of one.

use super::draw::range;
use crate::fft::Fft2;
use crate::grid::{C32, Grid};
use crate::random::Random;
use std::f32::consts::TAU;

/// Side of a tile, pixels.
const SIDE: usize = 256;

/// Two tiles of mean 0 and variance 1 that repeat in both directions.
#[derive(Debug, Clone)]
pub struct Texture {
    values: Vec<C32>,
}

impl Texture {
    /// Tiles whose amplitude falls as `1/f^exponent`.
    pub fn new(random: &mut Random, exponent: f32) -> Self {
        let plan = Fft2::new(Grid::new(SIDE, SIDE));
        let mut buffers = plan.buffers();
        let frequency = |i: usize| i.min(SIDE - i) as f32;
        for (i, value) in buffers.kspace.iter_mut().enumerate() {
            let radius = frequency(i / SIDE).hypot(frequency(i % SIDE));
            let size = if radius > 0.0 { radius.powf(-exponent) } else { 0.0 };
            let (sin, cos) = range(random, 0.0, TAU).sin_cos();
            *value = C32::new(cos, sin) * size;
        }
        plan.backward(&mut buffers);
        let power = crate::grid::norm_sqr(&buffers.image) / (2 * buffers.image.len()) as f64;
        let scale = 1.0 / (power as f32).sqrt().max(f32::MIN_POSITIVE);
        Self { values: buffers.image.iter().map(|v| v * scale).collect() }
    }

    /// Value at a pixel counted from `corner`; `second` takes the other tile.
    pub fn at(&self, row: usize, col: usize, second: bool) -> f32 {
        let value = self.values.get((row % SIDE) * SIDE + col % SIDE);
        value.map_or(0.0, |v| if second { v.im } else { v.re })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiles_have_unit_variance_and_fall_with_the_exponent() {
        let rough = |exponent| {
            let texture = Texture::new(&mut Random::new(1), exponent);
            let all = || (0..SIDE * SIDE).map(|i| texture.at(i / SIDE, i % SIDE, false));
            let variance = all().map(|v| v * v).sum::<f32>() / (SIDE * SIDE) as f32;
            assert!((variance - 1.0).abs() < 0.2, "{variance}");
            let steps = (0..SIDE * SIDE).map(|i| texture.at(i / SIDE, i % SIDE + 1, false));
            all().zip(steps).map(|(a, b)| (a - b).powi(2)).sum::<f32>()
        };
        assert!(rough(0.7) > 2.0 * rough(1.6));
    }
}
