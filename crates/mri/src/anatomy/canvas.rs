//! The picture that shapes are painted on, on a grid finer than the scan's: amplitude, phase and where the body is.

use super::draw::{chance, range};
use super::outline::Outline;
use super::texture::Texture;
use crate::grid::Grid;
use crate::random::Random;

/// How a shape is painted.
#[derive(Debug, Clone, Copy)]
pub struct Paint {
    /// Signal.
    pub value: f32,
    /// Texture's share of the signal.
    pub texture: f32,
    /// Phase of this tissue, radians, or that of what lies below.
    pub phase: Option<f32>,
    /// Width of the border, pixels of the fine grid.
    pub soft: f32,
    /// Adds to what is there instead of covering it.
    pub added: bool,
}

impl Paint {
    /// A signal without texture.
    pub fn plain(value: f32) -> Self {
        Self { value, texture: 0.0, phase: None, soft: 1.5, added: false }
    }

    /// A signal with texture.
    pub fn textured(value: f32, texture: f32) -> Self {
        Self { texture, ..Self::plain(value) }
    }
}

/// The picture.
#[derive(Debug)]
pub struct Canvas {
    /// Its size.
    pub grid: Grid,
    /// Signal, never negative.
    pub amplitude: Vec<f32>,
    /// Phase of tissues, radians.
    pub phase: Vec<f32>,
    textures: Vec<Texture>,
    /// Pixels of soft border that every shape gets at least.
    blur: f32,
}

impl Canvas {
    /// Empty, with its textures drawn.
    pub fn new(grid: Grid, random: &mut Random) -> Self {
        let textures = (0..2)
            .map(|_| {
                let exponent = range(random, 0.8, 1.9);
                Texture::new(random, exponent)
            })
            .collect();
        let blur = if chance(random, 0.3) { range(random, 2.0, 6.0) } else { 1.2 };
        Self { grid, amplitude: vec![0.0; grid.pixels()], phase: vec![0.0; grid.pixels()], textures, blur }
    }

    /// Paints a shape.
    pub fn fill(&mut self, outline: &Outline, paint: Paint, random: &mut Random) {
        let Grid { rows, cols } = self.grid;
        let soft = paint.soft.max(self.blur) * 2.0 / rows.max(cols) as f32;
        let span = |centre: f32, count: usize| {
            let pixel = |at: f32| ((at + 1.0) * 0.5 * count as f32).clamp(0.0, count as f32) as usize;
            let reach = outline.reach() + soft;
            (pixel(centre - reach), (pixel(centre + reach) + 1).min(count))
        };
        let (rows_from, rows_to) = span(outline.centre.0, rows);
        let (cols_from, cols_to) = span(outline.centre.1, cols);
        let (corner, pick) = ((random.below(1024), random.below(1024)), random.bits());
        let (texture, second) = (self.textures.get(pick as usize % 2), pick & 4 != 0);
        let coarse = usize::from(pick & 8 != 0);
        let at = |i: usize, count: usize| (i as f32 + 0.5) / count as f32 * 2.0 - 1.0;
        for row in rows_from..rows_to {
            let line = row * cols + cols_from..row * cols + cols_to;
            let Some(amplitude) = self.amplitude.get_mut(line.clone()) else { continue };
            let Some(phase) = self.phase.get_mut(line) else { continue };
            for ((col, amplitude), phase) in (cols_from..cols_to).zip(amplitude).zip(phase) {
                let cover = outline.cover(at(row, rows), at(col, cols), soft);
                if cover == 0.0 {
                    continue;
                }
                let mut value = paint.value;
                if let Some(texture) = texture.filter(|_| paint.texture > 0.0) {
                    let grain = texture.at((row >> coarse) + corner.0, (col >> coarse) + corner.1, second);
                    value *= (1.0 + paint.texture * grain).max(0.0);
                }
                let below = if paint.added { *amplitude } else { *amplitude * (1.0 - cover) };
                *amplitude = (below + cover * value).max(0.0);
                if let Some(own) = paint.phase {
                    *phase += cover * (own - *phase);
                }
            }
        }
    }

    /// Takes away what was painted beyond the body.
    pub fn keep_inside(&mut self, body: &Outline) {
        let Grid { rows, cols } = self.grid;
        let at = |i: usize, count: usize| (i as f32 + 0.5) / count as f32 * 2.0 - 1.0;
        let soft = 3.0 / rows.max(cols) as f32;
        for (row, line) in self.amplitude.chunks_exact_mut(cols.max(1)).enumerate() {
            for (col, amplitude) in line.iter_mut().enumerate() {
                *amplitude *= body.cover(at(row, rows), at(col, cols), soft);
            }
        }
    }

    /// Paints a bent tube from `from` on: discs along a walk that turns slowly.
    pub fn tube(&mut self, walk: Walk, paint: Paint, random: &mut Random) {
        let Walk { from: (mut row, mut col), mut heading, length, radius, bend } = walk;
        let step = (0.5 * radius).max(0.004);
        let mut turning = 0.0;
        for i in 0..(length / step) as usize {
            turning = 0.8 * turning + bend * range(random, -1.0, 1.0);
            heading += turning * step;
            (row, col) = (row + step * heading.cos(), col + step * heading.sin());
            if row.abs() > 1.0 || col.abs() > 1.0 {
                return;
            }
            let taper = 1.0 - 0.6 * i as f32 * step / length;
            self.fill(&Outline::disc((row, col), radius * taper), paint, random);
        }
    }
}

/// A tube's course.
#[derive(Debug, Clone, Copy)]
pub struct Walk {
    /// Where it begins.
    pub from: (f32, f32),
    /// Its first direction.
    pub heading: f32,
    /// Its length.
    pub length: f32,
    /// Its radius at the beginning.
    pub radius: f32,
    /// How strongly it bends.
    pub bend: f32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disc_covers_its_area_and_its_edge_is_partial() {
        let mut random = Random::new(1);
        let mut canvas = Canvas::new(Grid::new(120, 160), &mut random);
        canvas.fill(&Outline::disc((0.0, 0.0), 0.5), Paint::plain(2.0), &mut random);
        let sum: f32 = canvas.amplitude.iter().sum();
        let area = std::f32::consts::PI * 0.25 / 4.0 * (120 * 160) as f32;
        assert!((sum / (2.0 * area) - 1.0).abs() < 0.02, "{}", sum / (2.0 * area));
        assert!(canvas.amplitude.iter().any(|v| *v > 0.1 && *v < 1.9));
    }

    #[test]
    fn textures_never_make_signal_negative() {
        let mut random = Random::new(2);
        let mut canvas = Canvas::new(Grid::new(64, 64), &mut random);
        canvas.fill(&Outline::disc((0.0, 0.0), 0.8), Paint::textured(1.0, 2.0), &mut random);
        assert!(canvas.amplitude.iter().all(|v| *v >= 0.0));
        assert!(canvas.amplitude.iter().any(|v| *v > 1.5));
    }
}
