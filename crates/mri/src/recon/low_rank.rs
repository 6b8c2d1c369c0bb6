//! Locally low rank reconstruction of a series: `Σ_t ½‖A_t x_t − y_t‖² + λ Σ_blocks ‖·‖_*` by FISTA.

use super::{Image, Problem, ReconError};
use crate::alg::{FistaSettings, fista};
use crate::grid::{C32, Stack, ZERO};
use crate::prox::LowRank;

/// How to run it.
#[derive(Debug, Clone, Copy)]
pub struct LocallyLowRank {
    /// Number of iterations.
    pub iterations: usize,
    /// Weight on scaled data.
    pub lambda: f32,
    /// Side of a block.
    pub block: usize,
    /// Draws the shifts.
    pub seed: u64,
}

impl Default for LocallyLowRank {
    fn default() -> Self {
        Self { iterations: 60, lambda: 0.01, block: 8, seed: 0 }
    }
}

/// Reconstructs the frames of a series together: one plane per frame in the result.
pub fn locally_low_rank(frames: &[Problem], settings: &LocallyLowRank) -> Result<Image, ReconError> {
    let first = frames.first().ok_or(ReconError::NoSignal)?;
    let (grid, pixels) = (first.grid(), first.grid().pixels());
    if frames.iter().any(|frame| frame.grid() != grid || frame.sets() != 1) {
        return Err(ReconError::Shapes);
    }
    // One scale for the whole series, the first frame's, so that frames stay comparable.
    let scale_of = |frame: &Problem| frame.scale() / first.scale();
    let right: Vec<C32> =
        frames.iter().flat_map(|f| f.right().iter().map(move |v| v * scale_of(f))).collect();
    let normal = |x: &[C32], out: &mut [C32]| {
        let planes = x.chunks_exact(pixels).zip(out.chunks_exact_mut(pixels));
        frames.iter().zip(planes).for_each(|(frame, (x, out))| frame.normal(x, out));
    };
    let prox = LowRank::new(grid, settings.block, settings.seed);
    let mut shrink = |iteration: usize, x: &mut [C32]| prox.apply(iteration, x, settings.lambda);
    let fista_settings = FistaSettings {
        iterations: settings.iterations,
        step: 1.0,
        momentum: true,
        stop_at_turn: false,
        average: 1,
    };
    let (x, iterations) = fista(&normal, &right, vec![ZERO; right.len()], &mut shrink, &fista_settings);
    let values = x.iter().map(|v| v * first.scale()).collect();
    Ok(Image { sets: Stack { grid, count: frames.len(), values }, iterations })
}

#[cfg(test)]
mod tests {
    use super::super::tests::unit_maps;
    use super::super::{CgSense, cg_sense};
    use super::*;
    use crate::grid::{Grid, norm};
    use crate::sampling::{Mask, random_lines};

    /// Eight frames whose mixture of two heads changes, each with other lines; what they are, and each alone by CG-SENSE.
    fn series() -> (Vec<Problem>, Vec<C32>, Vec<C32>) {
        let grid = Grid::new(48, 48);
        let maps = unit_maps(48, 48, 4);
        let base = crate::fft::centred_inverse(&crate::phantom::Phantom::head(grid, 1, 1).kspace()).values;
        let other = crate::fft::centred_inverse(&crate::phantom::Phantom::random(grid, 1, 7).kspace()).values;
        let (mut frames, mut truth, mut single) = (Vec::new(), Vec::new(), Vec::new());
        for t in 0..8u64 {
            let weight = (t as f32 * 0.7).sin();
            let x: Vec<C32> = base.iter().zip(&other).map(|(a, b)| a + b * weight).collect();
            let coils = maps.planes().flat_map(|s| s.iter().zip(&x).map(|(s, x)| s * x)).collect();
            let mut kspace = crate::fft::centred(&Stack { grid, count: 4, values: coils });
            let mask = Mask::from_lines(48, &random_lines(48, 12, 4, t));
            mask.apply(&mut kspace);
            let problem = Problem::new(&kspace, &mask, vec![maps.clone()]).unwrap();
            single.extend(cg_sense(&problem, &CgSense::default()).sets.values);
            frames.push(problem);
            truth.extend(x);
        }
        (frames, truth, single)
    }

    #[test]
    fn the_objective_falls_and_settles() {
        let (frames, _, _) = series();
        let settings = LocallyLowRank { lambda: 0.02, ..LocallyLowRank::default() };
        let (scale, pixels) = (frames[0].scale(), frames[0].grid().pixels());
        let value = |iterations| {
            let image = locally_low_rank(&frames, &LocallyLowRank { iterations, ..settings }).unwrap();
            let x: Vec<C32> = image.sets.values.iter().map(|v| v / scale).collect();
            let misfit: f64 = frames
                .iter()
                .zip(x.chunks_exact(pixels))
                .map(|(frame, x)| {
                    // Each frame is scaled by its own data; the series by the first's.
                    let own = f64::from(scale / frame.scale());
                    let x: Vec<C32> = x.iter().map(|v| v * own as f32).collect();
                    frame.misfit(&x) / (own * own)
                })
                .sum();
            let prox = LowRank::new(frames[0].grid(), settings.block, 99);
            let penalty: f64 = (0..16).map(|shift| prox.value(shift, &x)).sum::<f64>() / 16.0;
            misfit + f64::from(settings.lambda) * penalty
        };
        let [first, early, late, end] = [2, 10, 60, 150].map(value);
        assert!(first > early && early > late, "{first} {early} {late}");
        assert!((late - end).abs() < 0.02 * (first - end), "{first} {late} {end}");
    }

    #[test]
    fn frames_that_share_an_anatomy_help_one_another() {
        let (frames, truth, single) = series();
        let image =
            locally_low_rank(&frames, &LocallyLowRank { lambda: 0.02, ..LocallyLowRank::default() }).unwrap();
        let error =
            |x: &[C32]| norm(&x.iter().zip(&truth).map(|(a, b)| a - b).collect::<Vec<_>>()) / norm(&truth);
        let (together, alone) = (error(&image.sets.values), error(&single));
        assert!(together < 0.7 * alone, "{together} {alone}");
    }
}
