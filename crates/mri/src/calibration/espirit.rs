//! ESPIRiT: sensitivities as eigenvectors, to eigenvalue 1, of the operator that k-space patches are consistent with.
//! Uecker, Lai, Murphy, Virtue, Elad, Pauly, Vasanawala, Lustig, MRM 71:990 (2014).

use super::kernels::Kernels;
use super::leading::leading_pairs;
use crate::grid::{C32, Grid, Stack, ZERO};
use crate::linalg::{C64, hermitian_eigen};

/// Settings; the defaults are the field's.
#[derive(Debug, Clone, Copy)]
pub struct Espirit {
    /// Calibration block at most this large.
    pub calibration: Grid,
    /// Side of a patch.
    pub kernel: usize,
    /// Squared singular values above this fraction of the largest span the signal (BART's `-t` means the square too).
    pub threshold: f64,
    /// Pixels whose eigenvalue is below are cut from the maps.
    pub crop: f32,
    /// Number of map sets; 2 where the field of view is tighter than the object.
    pub sets: usize,
}

impl Default for Espirit {
    fn default() -> Self {
        Self { calibration: Grid::new(24, 24), kernel: 6, threshold: 0.001, crop: 0.8, sets: 1 }
    }
}

/// Sensitivities of unit norm and their eigenvalues.
#[derive(Debug, Clone)]
pub struct Maps {
    /// One stack of a map per coil for each set.
    pub sets: Vec<Stack>,
    /// Eigenvalue of each pixel in each set.
    pub eigenvalues: Vec<Vec<f32>>,
}

/// Maps of the size of `kspace` from its centre `block`, which must be fully sampled; `None` when the block is
/// smaller than a patch or empty of signal.
pub fn espirit(kspace: &Stack, block: Grid, settings: &Espirit) -> Option<Maps> {
    let block =
        Grid::new(block.rows.min(settings.calibration.rows), block.cols.min(settings.calibration.cols));
    let calibration = kspace.crop(block);
    let kernels = Kernels::learn(&calibration, settings.kernel, settings.threshold)?;
    let principal = principal_coil(&calibration)?;
    let (grid, coils, wanted) = (kspace.grid, kspace.count, settings.sets.clamp(1, kspace.count));
    let mut maps = Maps {
        sets: vec![Stack::zeros(coils, grid); wanted],
        eigenvalues: vec![vec![0.0; grid.pixels()]; wanted],
    };
    let mut rows = kernels.rows(grid);
    let mut vectors = Vec::new();
    for row in 0..grid.rows {
        let covariance = rows.at(row);
        let values = leading_pairs(covariance, coils, grid.cols, wanted, &mut vectors);
        for (set, (found, values)) in vectors.iter().zip(&values).enumerate() {
            let (Some(stack), Some(kept)) = (maps.sets.get_mut(set), maps.eigenvalues.get_mut(set)) else {
                continue;
            };
            let span = row * grid.cols..(row + 1) * grid.cols;
            if let Some(kept) = kept.get_mut(span.clone()) {
                kept.copy_from_slice(values);
            }
            let turns = turns(found, &principal, values, settings.crop);
            for (plane, found) in stack.planes_mut().zip(found.chunks_exact(grid.cols)) {
                for ((to, from), turn) in plane.get_mut(span.clone())?.iter_mut().zip(found).zip(&turns) {
                    *to = from * turn;
                }
            }
        }
    }
    Some(maps)
}

/// Per pixel the phase that makes the principal coil real, or 0 where the eigenvalue says there is no signal.
fn turns(vectors: &[C32], principal: &[C32], values: &[f32], crop: f32) -> Vec<C32> {
    let mut along = vec![ZERO; values.len()];
    for (row, weight) in vectors.chunks_exact(values.len().max(1)).zip(principal) {
        along.iter_mut().zip(row).for_each(|(sum, v)| *sum += weight.conj() * v);
    }
    let unit = |sum: &C32| if sum.norm() > 0.0 { sum.conj() / sum.norm() } else { C32::new(1.0, 0.0) };
    along.iter().zip(values).map(|(sum, value)| if *value > crop { unit(sum) } else { ZERO }).collect()
}

/// The combination of coils that holds most of the calibration signal.
fn principal_coil(calibration: &Stack) -> Option<Vec<C32>> {
    let inner = |a: &[C32], b: &[C32]| crate::grid::dot(b, a);
    let gram: Vec<C64> =
        calibration.planes().flat_map(|a| calibration.planes().map(move |b| inner(a, b))).collect();
    let eigen = hermitian_eigen(&gram, calibration.count)?;
    let top = eigen.vectors().last().filter(|_| eigen.values.last().is_some_and(|v| *v > 0.0))?;
    Some(top.iter().map(|v| C32::new(v.re as f32, v.im as f32)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::ellipse_mask;
    use crate::phantom::{Phantom, add_noise};

    /// Mean |⟨s, t⟩| of unit vectors inside the head.
    fn likeness(found: &Stack, truth: &Stack, mask: &[bool]) -> f64 {
        let rss = truth.rss();
        let (mut sum, mut count) = (0.0, 0.0);
        for pixel in (0..mask.len()).filter(|p| mask[*p]) {
            let inner: C32 = found
                .planes()
                .zip(truth.planes())
                .map(|(s, t)| s[pixel].conj() * t[pixel] / rss[pixel])
                .sum();
            sum += f64::from(inner.norm());
            count += 1.0;
        }
        sum / count
    }

    #[test]
    fn finds_the_phantoms_own_sensitivities_and_cuts_the_air() {
        for (rows, cols, coils) in [(96, 96, 8), (80, 97, 4)] {
            let phantom = Phantom::head(Grid::new(rows, cols), coils, 2);
            let mut kspace = phantom.kspace();
            add_noise(&mut kspace.values, 1e-3, 1);
            let maps = espirit(&kspace, Grid::new(24, 24), &Espirit::default()).unwrap();
            let mask = ellipse_mask(phantom.grid, 0.86, 0.62);
            let like = likeness(&maps.sets[0], &phantom.maps(), &mask);
            assert!(like > 0.99, "{like}");
            let norms = maps.sets[0].rss();
            assert!(norms.iter().all(|n| *n == 0.0 || (n - 1.0).abs() < 1e-3));
            assert_eq!(norms[0], 0.0, "the corner holds no signal");
        }
    }

    #[test]
    fn a_second_set_is_orthogonal_and_empty_where_the_object_does_not_fold() {
        let phantom = Phantom::head(Grid::new(64, 64), 6, 2);
        let maps = espirit(&phantom.kspace(), Grid::new(24, 24), &Espirit { sets: 2, ..Espirit::default() })
            .unwrap();
        assert!(maps.eigenvalues[0][32 * 64 + 32] > 0.95 && maps.eigenvalues[1][32 * 64 + 32] < 0.8);
        assert_eq!(maps.sets[1].rss()[32 * 64 + 32], 0.0);
    }

    #[test]
    fn too_little_or_empty_calibration_is_none() {
        let kspace = Phantom::head(Grid::new(32, 32), 2, 1).kspace();
        assert!(espirit(&kspace, Grid::new(5, 24), &Espirit::default()).is_none());
        assert!(
            espirit(&Stack::zeros(2, Grid::new(32, 32)), Grid::new(24, 24), &Espirit::default()).is_none()
        );
    }
}
