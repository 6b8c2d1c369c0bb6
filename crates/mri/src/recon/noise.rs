//! How strong the noise of a scan is, from the scan itself: what lies far from the centre of k-space is mostly noise.

use crate::grid::{Stack, percentile};
use crate::sampling::Mask;

/// From here outwards, as a share of the way to the edge.
const OUTER: f32 = 0.8;
/// Fewer samples say nothing of their own.
const FEWEST: usize = 64;

/// Standard deviation of the noise per real and imaginary part, from the median of the measured samples' magnitudes near the
/// edges; it is too large where a picture is sharp and hardly noisy. With few such samples, all are taken.
pub fn noise_level(kspace: &Stack, mask: &Mask) -> f32 {
    let grid = kspace.grid;
    let far = |at: usize, count: usize| (2.0 * at as f32 / count as f32 - 1.0).abs() >= OUTER;
    let measured = |all: bool| -> Vec<f32> {
        let planes = kspace.planes().flat_map(|plane| plane.iter().zip(mask.sampled()).enumerate());
        let wanted = planes.filter(|(i, (_, sampled))| {
            **sampled && (all || far(i / grid.cols, grid.rows) || far(i % grid.cols, grid.cols))
        });
        wanted.map(|(_, (value, _))| value.norm()).collect()
    };
    let outer = measured(false);
    let magnitudes = if outer.len() < FEWEST { measured(true) } else { outer };
    // The magnitude of such noise has a median of σ·√(2 ln 2).
    percentile(&magnitudes, 0.5) / (2.0 * std::f32::consts::LN_2).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::anatomy::{Family, Plan, Sampling, Scan};
    use crate::grid::Grid;

    #[test]
    fn noise_is_found_in_scans_of_every_mask_and_never_too_small() {
        for (i, sampling) in Sampling::LINES.into_iter().chain(Sampling::POINTS).enumerate() {
            for (noise, most) in [(0.03, 1.3), (0.01, 1.8), (0.003, 4.0)] {
                let grid = Grid::new(128, 112);
                let family = Family::Head;
                let scan = Scan::draw(
                    &Plan { grid, coils: 6, family, sampling, acceleration: 4.0, noise },
                    i as u64,
                );
                let share = noise_level(&scan.kspace, &scan.mask) / scan.noise_sd;
                assert!((0.9..most).contains(&share), "{sampling} {noise}: {share}");
            }
        }
    }
}
