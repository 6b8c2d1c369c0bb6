//! GRAPPA for regular line sampling: missing lines as linear combinations of their measured neighbours in all
//! coils, weights learnt from the calibration lines. Griswold et al., MRM 47:1202 (2002).

use super::ReconError;
use crate::grid::{C32, Grid, Stack, ZERO};
use crate::linalg::{C64, cholesky, solve_cholesky};
use crate::sampling::Mask;

/// Kernel and regularisation.
#[derive(Debug, Clone, Copy)]
pub struct Grappa {
    /// Neighbours along the readout (odd).
    pub readout: usize,
    /// Measured lines used, half on each side.
    pub lines: usize,
    /// Tikhonov weight relative to the mean power of the sources.
    pub ridge: f64,
    /// Calibration block at most this large.
    pub calibration: Grid,
}

impl Default for Grappa {
    fn default() -> Self {
        Self { readout: 5, lines: 4, ridge: 1e-3, calibration: Grid::new(usize::MAX, 32) }
    }
}

/// Fills in the missing lines of k-space. The mask must hold every `R`-th line and a full centre.
pub fn grappa(kspace: &Stack, mask: &Mask, settings: &Grappa) -> Result<Stack, ReconError> {
    grappa_from(kspace, mask, &kspace.crop(mask.calibration_block(settings.calibration)), settings)
}

/// [`grappa`] with weights from a fully sampled `calibration` block measured beside the lines.
pub fn grappa_from(
    kspace: &Stack,
    mask: &Mask,
    calibration: &Stack,
    settings: &Grappa,
) -> Result<Stack, ReconError> {
    let lines =
        mask.lines().filter(|_| mask.grid() == kspace.grid).ok_or(ReconError::Sampling("not lines"))?;
    let (every, offset) = regular(&lines).ok_or(ReconError::Sampling("lines are not regular"))?;
    let block = calibration.grid;
    if block.cols <= every * (settings.lines.max(2) - 1) || block.rows < settings.readout {
        return Err(ReconError::Sampling("too few calibration lines"));
    }
    let mut filled = kspace.clone();
    for shift in 1..every {
        let kernel = Kernel { every, shift, readout: settings.readout, lines: settings.lines };
        let weights = kernel.learn(calibration, settings.ridge).ok_or(ReconError::NoSignal)?;
        for col in (0..lines.len()).filter(|col| !lines.get(*col).copied().unwrap_or(true)) {
            if (col + every - offset) % every == shift {
                kernel.fill(kspace, &mut filled, col, &weights);
            }
        }
    }
    Ok(filled)
}

/// Smallest `R` and offset such that every `R`-th line is sampled and the rest are only in the centre.
fn regular(lines: &[bool]) -> Option<(usize, usize)> {
    let outer = lines.iter().position(|on| *on)?;
    let next = lines.iter().skip(outer + 1).position(|on| *on)? + 1;
    let offset = outer % next;
    lines.iter().skip(offset).step_by(next).all(|on| *on).then_some((next, offset))
}

struct Kernel {
    every: usize,
    shift: usize,
    readout: usize,
    lines: usize,
}

impl Kernel {
    /// Columns of the sources relative to the target.
    fn columns(&self) -> Vec<isize> {
        let first = -(self.shift as isize) - ((self.lines / 2).max(1) as isize - 1) * self.every as isize;
        (0..self.lines.max(2) as isize).map(|i| first + i * self.every as isize).collect()
    }

    /// Source values around a target, coil by coil; zeros beyond the edge.
    fn sources(&self, data: &Stack, row: usize, col: usize, out: &mut Vec<C32>) {
        out.clear();
        let half = (self.readout / 2) as isize;
        for plane in data.planes() {
            for dc in self.columns() {
                let source = col.checked_add_signed(dc).filter(|c| *c < data.grid.cols);
                for dr in -half..=half {
                    let place = row.checked_add_signed(dr).filter(|r| *r < data.grid.rows).zip(source);
                    let index = place.map(|(r, c)| r * data.grid.cols + c);
                    out.push(index.and_then(|i| plane.get(i)).copied().unwrap_or(ZERO));
                }
            }
        }
    }

    /// Weights per target coil: least squares over every place in the calibration block.
    fn learn(&self, block: &Stack, ridge: f64) -> Option<Vec<Vec<C64>>> {
        let columns = self.columns();
        let (least, most) = (*columns.first()?, *columns.last()?);
        let size = block.count * columns.len() * self.readout;
        let mut gram = vec![C64::new(0.0, 0.0); size * size];
        let mut right = vec![vec![C64::new(0.0, 0.0); size]; block.count];
        let mut sources = Vec::with_capacity(size);
        let half = self.readout / 2;
        for row in half..block.grid.rows.saturating_sub(half) {
            for col in (-least) as usize..block.grid.cols.saturating_sub(most.max(0) as usize) {
                self.sources(block, row, col, &mut sources);
                let wide: Vec<C64> = sources.iter().map(|v| C64::new(v.re.into(), v.im.into())).collect();
                for (line, a) in gram.chunks_exact_mut(size).zip(&wide) {
                    line.iter_mut().zip(&wide).for_each(|(g, b)| *g += a.conj() * b);
                }
                for (right, plane) in right.iter_mut().zip(block.planes()) {
                    let target = plane.get(row * block.grid.cols + col)?;
                    let target = C64::new(target.re.into(), target.im.into());
                    right.iter_mut().zip(&wide).for_each(|(r, a)| *r += a.conj() * target);
                }
            }
        }
        let power = gram.iter().step_by(size + 1).map(|g| g.re).sum::<f64>() / size as f64;
        gram.iter_mut().step_by(size + 1).for_each(|g| *g += ridge * power);
        let factor = cholesky(&gram, size)?;
        right.iter_mut().for_each(|right| solve_cholesky(&factor, right));
        Some(right)
    }

    fn fill(&self, from: &Stack, to: &mut Stack, col: usize, weights: &[Vec<C64>]) {
        let mut sources = Vec::new();
        let cols = from.grid.cols;
        for row in 0..from.grid.rows {
            self.sources(from, row, col, &mut sources);
            for (plane, weights) in to.planes_mut().zip(weights) {
                let sum = sources
                    .iter()
                    .zip(weights)
                    .fold(C64::new(0.0, 0.0), |sum, (s, w)| sum + w * C64::new(s.re.into(), s.im.into()));
                if let Some(value) = plane.get_mut(row * cols + col) {
                    *value = C32::new(sum.re as f32, sum.im as f32);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{head, nrmse_of};
    use super::super::zero_filled;
    use super::*;
    use crate::sampling::{equispaced_lines, random_lines};

    #[test]
    fn regular_two_and_three_fold_lines_are_filled() {
        for (every, bound) in [(2, 0.05), (3, 0.1)] {
            let mask = Mask::from_lines(96, &equispaced_lines(96, every, 1, 20));
            let case = head(96, 8, mask, 0.002);
            let filled = grappa(&case.kspace, &case.mask, &Grappa::default()).unwrap();
            let error = nrmse_of(&case, &zero_filled(&filled));
            assert!(error < bound && error < 0.5 * case.zero_filled_nrmse(), "R {every}: {error}");
        }
    }

    #[test]
    fn random_lines_and_a_thin_centre_are_refused() {
        let irregular = head(48, 2, Mask::from_lines(48, &random_lines(48, 16, 4, 1)), 0.0);
        let thin = head(48, 2, Mask::from_lines(48, &equispaced_lines(48, 4, 0, 2)), 0.0);
        for case in [irregular, thin] {
            assert!(matches!(
                grappa(&case.kspace, &case.mask, &Grappa::default()),
                Err(ReconError::Sampling(_))
            ));
        }
    }
}
