//! An 8-bit grey preview of a magnitude image with a stated window; no text in the picture.

use crate::grid::Grid;

/// Grey values from `low` (black) to `high` (white).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// Black and below.
    pub low: f32,
    /// White and above.
    pub high: f32,
}

impl Window {
    /// From 0 to the 99.5th percentile.
    pub fn of(magnitude: &[f32]) -> Self {
        Self { low: 0.0, high: crate::grid::percentile(magnitude, 0.995).max(f32::MIN_POSITIVE) }
    }

    /// Centre and width, as viewers name them.
    pub fn centre_width(&self) -> (f32, f32) {
        (0.5 * (self.low + self.high), self.high - self.low)
    }

    fn grey(&self, value: f32) -> u8 {
        let share = (value - self.low) / (self.high - self.low).max(f32::MIN_POSITIVE);
        (255.0 * share.clamp(0.0, 1.0)).round() as u8
    }
}

/// The file's bytes, rows from top to bottom; `None` when the number of pixels is wrong or 0.
pub fn write(grid: Grid, magnitude: &[f32], window: Window) -> Option<Vec<u8>> {
    if magnitude.len() != grid.pixels() {
        return None;
    }
    let grey: Vec<u8> = magnitude.iter().map(|value| window.grey(*value)).collect();
    let mut bytes = Vec::new();
    let (width, height) = (u32::try_from(grid.cols).ok()?, u32::try_from(grid.rows).ok()?);
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header().ok()?.write_image_data(&grey).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_come_back_within_half_a_step_and_not_mirrored() {
        let grid = Grid::new(3, 4);
        let image: Vec<f32> = (0..12).map(|i| i as f32).collect();
        let bytes = write(grid, &image, Window { low: 0.0, high: 11.0 }).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        for (i, grey) in pixels.iter().take(12).enumerate() {
            assert!((f32::from(*grey) / 255.0 * 11.0 - i as f32).abs() <= 11.0 / 255.0 / 2.0 + 1e-4);
        }
        assert!(write(grid, &image[1..], Window { low: 0.0, high: 1.0 }).is_none());
    }
}
