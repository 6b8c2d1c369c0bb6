//! An 8-bit grey preview of a magnitude image with a stated window; no text in the picture.

use crate::grid::Grid;
use std::str::FromStr;

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

    /// As asked for.
    pub fn asked(magnitude: &[f32], windowing: Windowing) -> Self {
        let (low, high) = match windowing {
            Windowing::Values(low, high) => (low, high),
            Windowing::Percentiles(low, high) => {
                let at = |percent: f32| crate::grid::percentile(magnitude, f64::from(percent) / 100.0);
                (at(low), at(high))
            }
        };
        Self { low, high: high.max(low + f32::MIN_POSITIVE) }
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

/// How a window is asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Windowing {
    /// Black and white as values of the image.
    Values(f32, f32),
    /// Black and white as percentiles of the series.
    Percentiles(f32, f32),
}

impl FromStr for Windowing {
    type Err = String;

    /// `LOW,HIGH`, or `LOW%,HIGH%`.
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("a window is LOW,HIGH in values or LOW%,HIGH% in percentiles, not {text:?}");
        let (low, high) = text.split_once(',').ok_or_else(wrong)?;
        let number = |word: &str| word.parse::<f32>().ok().filter(|v| v.is_finite());
        let share = |word: &str| number(word).filter(|v| (0.0..=100.0).contains(v));
        let found = match (low.strip_suffix('%'), high.strip_suffix('%')) {
            (Some(low), Some(high)) => {
                share(low).zip(share(high)).map(|(low, high)| (low < high, Self::Percentiles(low, high)))
            }
            (None, None) => {
                number(low).zip(number(high)).map(|(low, high)| (low < high, Self::Values(low, high)))
            }
            _ => None,
        };
        found.filter(|(rising, _)| *rising).map(|(_, windowing)| windowing).ok_or_else(wrong)
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
    fn windows_are_values_or_percentiles_and_black_is_below_white() {
        assert_eq!("10,200.5".parse(), Ok(Windowing::Values(10.0, 200.5)));
        assert_eq!("1%,99%".parse(), Ok(Windowing::Percentiles(1.0, 99.0)));
        for wrong in ["", "1", "2,1", "1,1", "1%,2", "0%,101%", "nan,2", "1,inf", "a,b"] {
            assert!(wrong.parse::<Windowing>().unwrap_err().contains("LOW,HIGH"), "{wrong}");
        }
        let values: Vec<f32> = (0..=100).map(|i| i as f32).collect();
        let window = Window::asked(&values, Windowing::Percentiles(10.0, 90.0));
        assert!((window.low - 10.0).abs() <= 1.0 && (window.high - 90.0).abs() <= 1.0, "{window:?}");
        assert_eq!((window.grey(9.0), window.grey(91.0)), (0, 255));
    }

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
