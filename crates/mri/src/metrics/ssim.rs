//! Structural similarity. Wang, Bovik, Sheikh, Simoncelli, IEEE TIP 13:600 (2004), with a 7 × 7 uniform window,
//! K₁ = 0.01, K₂ = 0.03 and sample covariance (n/(n−1)), the convention of fastMRI's figures.

use crate::grid::Grid;

const WINDOW: usize = 7;

/// Mean SSIM over the pixels of `mask` whose window lies inside the plane; `range` is the reference's maximum (of
/// the whole volume, where the plane is one of many).
pub fn ssim(grid: Grid, image: &[f32], reference: &[f32], mask: &[bool], range: f32) -> f64 {
    if grid.rows < WINDOW || grid.cols < WINDOW {
        return f64::NAN;
    }
    let product = |a: &[f32], b: &[f32]| -> Vec<f64> {
        a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).collect()
    };
    let ones = vec![1.0f32; image.len()];
    let mean_x = means(grid, &product(image, &ones));
    let mean_r = means(grid, &product(reference, &ones));
    let mean_xx = means(grid, &product(image, image));
    let mean_rr = means(grid, &product(reference, reference));
    let mean_xr = means(grid, &product(image, reference));
    let (c1, c2) = ((0.01 * f64::from(range)).powi(2), (0.03 * f64::from(range)).powi(2));
    let n = (WINDOW * WINDOW) as f64;
    let unbiased = n / (n - 1.0);
    let moments = mean_x.iter().zip(&mean_r).zip(mean_xx.iter().zip(&mean_rr)).zip(&mean_xr);
    let values = moments.map(|(((x, r), (xx, rr)), xr)| {
        let (var_x, var_r, cov) = (unbiased * (xx - x * x), unbiased * (rr - r * r), unbiased * (xr - x * r));
        (2.0 * x * r + c1) * (2.0 * cov + c2) / ((x * x + r * r + c1) * (var_x + var_r + c2))
    });
    let half = WINDOW / 2;
    let centres = mask
        .chunks_exact(grid.cols)
        .skip(half)
        .take(grid.rows + 1 - WINDOW)
        .flat_map(|line| line.iter().skip(half).take(grid.cols + 1 - WINDOW));
    let (sum, count) =
        values.zip(centres).filter(|(_, on)| **on).fold((0.0, 0usize), |(sum, n), (v, _)| (sum + v, n + 1));
    sum / count.max(1) as f64
}

/// Mean of every full window, in the order of window corners.
fn means(grid: Grid, values: &[f64]) -> Vec<f64> {
    let slide = |line: &[f64]| -> Vec<f64> { line.windows(WINDOW).map(|w| w.iter().sum()).collect() };
    let rows: Vec<Vec<f64>> = values.chunks_exact(grid.cols).map(slide).collect();
    rows.windows(WINDOW)
        .flat_map(|window| {
            let width = grid.cols + 1 - WINDOW;
            (0..width).map(move |col| {
                let sum: f64 = window.iter().filter_map(|row| row.get(col)).sum();
                sum / (WINDOW * WINDOW) as f64
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_is_like_itself_and_flat_planes_give_the_luminance_term() {
        let grid = Grid::new(12, 10);
        let all = vec![true; 120];
        let ramp: Vec<f32> = (0..120).map(|i| i as f32).collect();
        assert!((ssim(grid, &ramp, &ramp, &all, 119.0) - 1.0).abs() < 1e-12);
        // Flat 1 against flat 2: variances vanish, so SSIM = (2·1·2 + c1)/(1 + 4 + c1).
        let c1 = (0.01f64 * 2.0).powi(2);
        let found = ssim(grid, &[1.0; 120], &[2.0; 120], &all, 2.0);
        assert!((found - (4.0 + c1) / (5.0 + c1)).abs() < 1e-9, "{found}");
    }

    #[test]
    fn a_plane_smaller_than_the_window_has_no_value() {
        assert!(ssim(Grid::new(5, 5), &[1.0; 25], &[1.0; 25], &[true; 25], 1.0).is_nan());
    }
}
