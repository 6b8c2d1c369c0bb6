//! How far an image is from a reference: NRMSE, PSNR, SSIM, inside a mask of the object.
//!
//! Magnitudes are first scaled by one scalar `a = Σ|x|r / Σ|x|²` inside the mask. The mask matters: half of an MR
//! picture is air, where the reference holds noise and the reconstruction zeros, and whole-image figures reward or
//! punish that.

mod object;
mod ssim;

pub use object::{ellipse_mask, object_mask};
pub use ssim::ssim;

use crate::grid::Grid;

/// The figures of one image.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// `‖a|x| − r‖/‖r‖` in the mask.
    pub nrmse: f64,
    /// `20 log₁₀(max r / √mean (a|x| − r)²)` in the mask, dB.
    pub psnr_db: f64,
    /// Mean structural similarity in the mask.
    pub ssim: f64,
    /// NRMSE of the whole image (with its own scalar).
    pub nrmse_whole: f64,
}

/// Scores `image` against `reference` (magnitudes) inside `mask`.
pub fn score(grid: Grid, image: &[f32], reference: &[f32], mask: &[bool]) -> Score {
    let scaled = rescaled(image, reference, mask);
    let everything = vec![true; image.len()];
    let peak = reference.iter().fold(0f32, |top, r| top.max(*r));
    let inside = mask.iter().filter(|on| **on).count().max(1);
    let (error, _) = squares(&scaled, reference, mask);
    Score {
        nrmse: nrmse(&scaled, reference, mask),
        psnr_db: 20.0 * (f64::from(peak) / (error / inside as f64).sqrt().max(f64::MIN_POSITIVE)).log10(),
        ssim: ssim(grid, &scaled, reference, mask, peak),
        nrmse_whole: nrmse(&rescaled(image, reference, &everything), reference, &everything),
    }
}

/// `image` times the scalar that brings it nearest to the reference inside the mask.
pub fn rescaled(image: &[f32], reference: &[f32], mask: &[bool]) -> Vec<f32> {
    let pairs = || image.iter().zip(reference).zip(mask).filter(|(_, on)| **on).map(|(pair, _)| pair);
    let cross: f64 = pairs().map(|(x, r)| f64::from(*x) * f64::from(*r)).sum();
    let power: f64 = pairs().map(|(x, _)| f64::from(*x).powi(2)).sum();
    let factor = if power > 0.0 { (cross / power) as f32 } else { 0.0 };
    image.iter().map(|x| x * factor).collect()
}

/// `‖x − r‖/‖r‖` inside the mask, without scaling.
pub fn nrmse(image: &[f32], reference: &[f32], mask: &[bool]) -> f64 {
    let (error, power) = squares(image, reference, mask);
    (error / power.max(f64::MIN_POSITIVE)).sqrt()
}

fn squares(image: &[f32], reference: &[f32], mask: &[bool]) -> (f64, f64) {
    let pairs = image.iter().zip(reference).zip(mask).filter(|(_, on)| **on);
    pairs.fold((0.0, 0.0), |(error, power), ((x, r), _)| {
        (error + f64::from(x - r).powi(2), power + f64::from(*r).powi(2))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scaled_copy_is_perfect_and_an_offset_is_what_hand_computes() {
        let grid = Grid::new(16, 16);
        let reference: Vec<f32> = (0..256).map(|i| 1.0 + (i % 7) as f32).collect();
        let mask = vec![true; 256];
        let copy: Vec<f32> = reference.iter().map(|r| 3.0 * r).collect();
        let perfect = score(grid, &copy, &reference, &mask);
        assert!(perfect.nrmse < 1e-6 && (perfect.ssim - 1.0).abs() < 1e-6);
        let offset: Vec<f32> = reference.iter().map(|r| r + 0.5).collect();
        let power: f64 = reference.iter().map(|r| f64::from(*r).powi(2)).sum();
        assert!((nrmse(&offset, &reference, &mask) - 0.5 * 16.0 / power.sqrt()).abs() < 1e-7);
    }

    #[test]
    fn what_lies_outside_the_mask_does_not_count() {
        let grid = Grid::new(8, 8);
        let reference = vec![1.0f32; 64];
        let mask: Vec<bool> = (0..64).map(|i| i < 32).collect();
        let image: Vec<f32> = (0..64).map(|i| if i < 32 { 1.0 } else { 9.0 }).collect();
        let score = score(grid, &image, &reference, &mask);
        assert!(score.nrmse < 1e-7 && score.nrmse_whole > 0.3);
    }
}
