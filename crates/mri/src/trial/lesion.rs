//! Small features put into an anatomy, and how much of them an image keeps.
//!
//! A lesion is a disc a few pixels wide whose contrast to its surroundings is known. Kept is the share of its signal
//! that shows when images with and without it are compared, with the same noise and mask; invented is what looks like
//! a spot of that size and is not in the reference.

use crate::grid::Grid;

/// A disc that changes the signal below it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lesion {
    /// Row and column of the middle, in `[−1, 1)`.
    pub centre: (f32, f32),
    /// Diameter, pixels of the scan.
    pub diameter: f32,
    /// Change of signal, relative.
    pub contrast: f32,
}

/// Half of the side of the window that a spot is looked for with, pixels.
const SPOT: usize = 2;
/// Half of the side of its surroundings.
const AROUND: usize = 6;
/// Contrast beyond which a difference from the reference counts as an invented or lost spot.
const STRIKING: f64 = 0.15;

impl Lesion {
    /// The factor of the signal at a place of a fine grid of `rows` × `cols` pixels over the field of view.
    pub fn factor(&self, (row, col): (f32, f32), fine: Grid) -> f32 {
        // Two fine pixels make one of the scan, and the field of view is 2 wide.
        let (dr, dc) =
            ((row - self.centre.0) * fine.rows as f32 / 4.0, (col - self.centre.1) * fine.cols as f32 / 4.0);
        let cover = (0.5 * self.diameter - dr.hypot(dc) + 0.5).clamp(0.0, 1.0);
        1.0 + self.contrast * cover
    }

    /// Pixels of the scan inside.
    fn pixels(&self, grid: Grid) -> impl Iterator<Item = usize> {
        let at = |i: usize, n: usize| (i as f32 + 0.5) / n as f32 * 2.0 - 1.0;
        let inside = move |i: &usize| {
            let (row, col) = (at(i / grid.cols, grid.rows), at(i % grid.cols, grid.cols));
            let (dr, dc) = (
                (row - self.centre.0) * grid.rows as f32 / 2.0,
                (col - self.centre.1) * grid.cols as f32 / 2.0,
            );
            dr.hypot(dc) <= 0.5 * self.diameter + 0.5
        };
        (0..grid.pixels()).filter(inside)
    }

    /// Share of the lesion's signal in the reference that the image has: images with and without it, references with and
    /// without it.
    pub fn kept(&self, grid: Grid, image: [&[f32]; 2], reference: [&[f32]; 2]) -> f64 {
        let change = |[with, without]: [&[f32]; 2]| -> f64 {
            let pixel = |values: &[f32], i: usize| f64::from(values.get(i).copied().unwrap_or(0.0));
            self.pixels(grid).map(|i| pixel(with, i) - pixel(without, i)).sum()
        };
        change(image) / change(reference)
    }
}

/// Per mille of the body where a spot of 5 pixels stands out otherwise than in the reference by more than 15 % of its
/// surroundings.
pub fn false_spots(grid: Grid, image: &[f32], reference: &[f32], body: &[bool]) -> f64 {
    let (found, truth) = (standing_out(grid, image), standing_out(grid, reference));
    let inside: Vec<bool> = found
        .iter()
        .zip(&truth)
        .zip(body)
        .filter(|(_, on)| **on)
        .filter_map(|((found, truth), _)| Some((found.as_ref()? - truth.as_ref()?).abs() > STRIKING))
        .collect();
    1000.0 * inside.iter().filter(|on| **on).count() as f64 / inside.len().max(1) as f64
}

/// Mean of the spot over the mean of its surroundings, less 1; `None` at the edge and where there is no signal.
fn standing_out(grid: Grid, image: &[f32]) -> Vec<Option<f64>> {
    let sums = integral(grid, image);
    let width = grid.cols + 1;
    let box_sum = |row: usize, col: usize, half: usize| -> Option<f64> {
        let (top, left) = (row.checked_sub(half)?, col.checked_sub(half)?);
        let (bottom, right) = (row + half + 1, col + half + 1);
        if bottom > grid.rows || right > grid.cols {
            return None;
        }
        let at = |r: usize, c: usize| sums.get(r * width + c).copied().unwrap_or(0.0);
        Some(at(bottom, right) - at(top, right) - at(bottom, left) + at(top, left))
    };
    let area = |half: usize| ((2 * half + 1) * (2 * half + 1)) as f64;
    let level = 0.1 * f64::from(crate::grid::percentile(image, 0.99));
    (0..grid.pixels())
        .map(|i| {
            let (row, col) = (i / grid.cols.max(1), i % grid.cols.max(1));
            let (spot, all) = (box_sum(row, col, SPOT)?, box_sum(row, col, AROUND)?);
            let around = (all - spot) / (area(AROUND) - area(SPOT));
            (around > level).then(|| spot / area(SPOT) / around - 1.0)
        })
        .collect()
}

/// Sums over everything above and left of a corner.
fn integral(grid: Grid, image: &[f32]) -> Vec<f64> {
    let mut sums = vec![0.0; grid.cols + 1];
    for line in image.chunks_exact(grid.cols.max(1)) {
        let above: Vec<f64> = sums.iter().rev().take(grid.cols + 1).rev().copied().collect();
        let mut run = 0.0;
        sums.push(0.0);
        for (value, above) in line.iter().zip(above.iter().skip(1)) {
            run += f64::from(*value);
            sums.push(run + above);
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lesion_at_half_contrast_is_half_kept() {
        let grid = Grid::new(64, 64);
        let lesion = Lesion { centre: (0.1, -0.2), diameter: 4.0, contrast: 0.2 };
        let at = |i: usize| (i as f32 + 0.5) / 128.0 * 2.0 - 1.0;
        let fine = Grid::new(128, 128);
        // Mean of the four fine pixels of each pixel.
        let picture = |share: f32| -> Vec<f32> {
            (0..64 * 64)
                .map(|i| {
                    let (r, c) = (2 * (i / 64), 2 * (i % 64));
                    let four = [(r, c), (r + 1, c), (r, c + 1), (r + 1, c + 1)];
                    let sum: f32 = four.iter().map(|(r, c)| lesion.factor((at(*r), at(*c)), fine)).sum();
                    1.0 + share * (sum / 4.0 - 1.0)
                })
                .collect()
        };
        let (none, half, whole) = (picture(0.0), picture(0.5), picture(1.0));
        let kept = lesion.kept(grid, [&half, &none], [&whole, &none]);
        assert!((kept - 0.5).abs() < 1e-3, "{kept}");
        let area: f32 = whole.iter().map(|v| (v - 1.0) / 0.2).sum();
        assert!((area / (std::f32::consts::PI * 4.0) - 1.0).abs() < 0.1, "{area}");
    }

    #[test]
    fn an_invented_spot_is_counted_and_a_faint_one_is_not() {
        let grid = Grid::new(40, 40);
        let flat = vec![1.0f32; 1600];
        let spotted = |height: f32| -> Vec<f32> {
            (0..1600)
                .map(|i| {
                    let spot = (18..23).contains(&(i / 40)) && (18..23).contains(&(i % 40));
                    if spot { 1.0 + height } else { 1.0 }
                })
                .collect()
        };
        let body = vec![true; 1600];
        assert_eq!(false_spots(grid, &flat, &flat, &body), 0.0);
        assert_eq!(false_spots(grid, &spotted(0.1), &flat, &body), 0.0);
        assert!(false_spots(grid, &spotted(0.3), &flat, &body) > 0.5);
    }
}
