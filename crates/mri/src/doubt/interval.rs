//! 90 % intervals of any method's image: how much it changes when the noise is drawn anew and a share of the measured lines
//! is left out, times a factor that was measured on simulated anatomies.
//!
//! Fresh noise alone says nothing of what the method gets wrong. Leaving lines out does: where the picture hangs on few of
//! them it moves most. How much more or less it moves than it errs is a matter of the method and of the acceleration, and is what
//! the factor is for: it is chosen on anatomies of the training families so that 90 % of the pixels inside the body lie within
//! `factor × spread` of the noise-free fully sampled image, and checked on families that took no part in it.
//! An interval is a statement about pixels of a whole picture on average, not a promise for each.

use crate::grid::{Grid, Stack, ZERO};
use crate::random::Random;
use crate::sampling::Mask;

/// Images beside the one that is shown.
pub const MEMBERS: usize = 12;
/// Share of the lines, or points, outside the calibration block that each of them does without.
const LEFT_OUT: f64 = 0.15;

/// The factor of spread to half width: `base × R^power` at acceleration `R`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Factor {
    /// At acceleration 1.
    pub base: f64,
    /// How it changes with the acceleration.
    pub power: f64,
}

impl Factor {
    /// At an acceleration.
    pub fn at(self, acceleration: f64) -> f32 {
        (self.base * acceleration.max(1.0).powf(self.power)) as f32
    }
}

/// The factors of a method: where lines are left out the picture folds and less of it is seen to move.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Factors {
    /// For whole lines along the readout.
    pub lines: Factor,
    /// For points across both phase encodings.
    pub points: Factor,
}

impl Factors {
    /// For a mask.
    pub fn at(self, mask: &Mask) -> f32 {
        let factor = if lines(mask).is_some() { self.lines } else { self.points };
        factor.at(mask.acceleration())
    }
}

/// The pattern of lines, where all rows that hold something are sampled alike.
pub fn lines(mask: &Mask) -> Option<Vec<bool>> {
    let mut rows = mask.sampled().chunks_exact(mask.grid().cols.max(1)).filter(|row| row.contains(&true));
    let first = rows.next()?;
    rows.all(|row| row == first).then(|| first.to_vec())
}

/// The same scan once more, as far as one scan can say: noise of `sd` per real and imaginary part on top, and without some of what
/// was measured outside `block`.
pub fn member(kspace: &Stack, (mask, block): (&Mask, Grid), sd: f32, random: &mut Random) -> (Stack, Mask) {
    let mask = thinned(mask, block, random);
    let mut other = kspace.clone();
    for plane in other.planes_mut() {
        for (value, on) in plane.iter_mut().zip(mask.sampled()) {
            *value = if *on { *value + random.normal() * sd } else { ZERO };
        }
    }
    (other, mask)
}

fn thinned(mask: &Mask, block: Grid, random: &mut Random) -> Mask {
    let grid = mask.grid();
    let (first_row, first_col, size) = grid.centre(block);
    let (rows, cols) = (first_row..first_row + size.rows, first_col..first_col + size.cols);
    let mut keep = || random.uniform() >= LEFT_OUT;
    if let Some(lines) = lines(mask) {
        let kept: Vec<bool> =
            lines.iter().enumerate().map(|(col, on)| *on && (cols.contains(&col) || keep())).collect();
        let both = mask.sampled().iter().zip(kept.iter().cycle()).map(|(on, kept)| *on && *kept);
        return Mask::from_points(grid, both.collect()).unwrap_or_else(|| mask.clone());
    }
    let points = mask.sampled().iter().enumerate().map(|(at, on)| {
        let inside = rows.contains(&(at / grid.cols.max(1))) && cols.contains(&(at % grid.cols.max(1)));
        *on && (inside || keep())
    });
    Mask::from_points(grid, points.collect()).unwrap_or_else(|| mask.clone())
}

/// How far the members' magnitudes lie from the image's: root mean square over the members and over neighbouring pixels, because a dozen
/// images say little of a single one.
pub fn spread(image: &[f32], members: &[Vec<f32>], grid: Grid) -> Vec<f32> {
    let count = members.len().max(1) as f32;
    let mut squares = vec![0f32; image.len()];
    for member in members {
        squares.iter_mut().zip(member.iter().zip(image)).for_each(|(sum, (m, x))| *sum += (m - x).powi(2));
    }
    squares.iter_mut().for_each(|sum| *sum /= count);
    let cols = grid.cols.max(1);
    let around = |at: usize| -> f32 {
        let (row, col) = (at / cols, at % cols);
        let rows = row.saturating_sub(1)..(row + 2).min(grid.rows);
        let span = col.saturating_sub(1)..(col + 2).min(cols);
        let each = rows.flat_map(|r| span.clone().map(move |c| r * cols + c));
        let (sum, n) = each.filter_map(|at| squares.get(at)).fold((0f32, 0f32), |(s, n), v| (s + v, n + 1.0));
        (sum / n.max(1.0)).sqrt()
    };
    (0..image.len()).map(around).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::C32;
    use crate::sampling::random_lines;

    #[test]
    fn a_member_has_fresh_noise_fewer_lines_and_the_whole_centre() {
        let grid = Grid::new(24, 64);
        let kspace = Stack { grid, count: 2, values: vec![C32::new(3.0, 0.0); 2 * grid.pixels()] };
        let block = Grid::new(24, 10);
        let whole = Mask::from_lines(24, &random_lines(64, 40, 10, 1));
        let points = Mask::from_points(grid, whole.sampled().to_vec()).unwrap();
        for mask in [&whole, &points] {
            let (mut counts, mut sum) = (0, 0.0);
            for seed in 0..40 {
                let (other, thinner) = member(&kspace, (mask, block), 0.5, &mut Random::new(seed));
                counts += thinner.count();
                assert!((27..37).all(|col| thinner.sampled()[col]), "the centre stays");
                let pairs = thinner.sampled().iter().zip(mask.sampled());
                assert!(pairs.into_iter().all(|(now, before)| !now || *before));
                let noise: f32 =
                    other.values.iter().filter(|v| **v != ZERO).map(|v| (v - 3.0).norm_sqr()).sum();
                sum += noise / (2 * thinner.count()) as f32;
                assert_eq!(Mask::from_kspace(&other), thinner);
            }
            let share = counts as f64 / (40 * mask.count()) as f64;
            // 15 % of three quarters.
            assert!((share - 0.8875).abs() < 0.03, "{share}");
            assert!((sum / 40.0 - 0.5).abs() < 0.03, "{sum}");
        }
    }

    #[test]
    fn the_spread_is_the_deviation_of_the_members() {
        let grid = Grid::new(20, 20);
        let mut random = Random::new(1);
        let image = vec![10.0; 400];
        let members: Vec<Vec<f32>> =
            (0..50).map(|_| random.normals(400).iter().map(|v| 10.0 + 2.0 * v.re).collect()).collect();
        let spread = spread(&image, &members, grid);
        let mean = spread.iter().sum::<f32>() / 400.0;
        assert!((mean - 2.0).abs() < 0.1 && spread.iter().all(|s| (1.5..2.5).contains(s)), "{mean}");
    }
}
