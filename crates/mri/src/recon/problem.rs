//! What every iterative method starts from: the encoding operator and the scaled `Aᴴy`.

use crate::grid::{C32, Grid, Stack, ZERO, norm, percentile};
use crate::linop::{LinearOperator, Sense};
use crate::sampling::Mask;
use thiserror::Error;

/// Why a reconstruction cannot start.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum ReconError {
    /// Shapes of data, mask and maps differ.
    #[error("data, mask and sensitivities have different sizes")]
    Shapes,
    /// Nothing measured, or zeros only.
    #[error("no signal in the data")]
    NoSignal,
    /// NaN or infinity among the data.
    #[error("data hold a value that is not a number")]
    NotFinite,
    /// The sampled points do not allow this method.
    #[error("this sampling does not suit the method: {0}")]
    Sampling(&'static str),
}

/// An image, one plane per set of sensitivities.
#[derive(Debug, Clone, PartialEq)]
pub struct Image {
    /// The planes, in the units of the data.
    pub sets: Stack,
    /// Iterations that made it.
    pub iterations: usize,
}

impl Image {
    /// Magnitude: root sum of squares over the sets.
    pub fn magnitude(&self) -> Vec<f32> {
        self.sets.rss()
    }
}

/// A slice to reconstruct.
pub struct Problem {
    operator: Sense,
    right: Vec<C32>,
    scale: f32,
    energy: f64,
}

impl Problem {
    /// Coil k-space (pre-whitened, centred), its mask and one or more sets of sensitivities of at most unit norm.
    pub fn new(kspace: &Stack, mask: &Mask, sets: &[Stack]) -> Result<Self, ReconError> {
        let operator = Sense::new(sets, mask).ok_or(ReconError::Shapes)?;
        if kspace.grid != operator.grid() || kspace.values.len() != operator.range() {
            return Err(ReconError::Shapes);
        }
        if kspace.values.iter().any(|v| !(v.re.is_finite() && v.im.is_finite())) {
            return Err(ReconError::NotFinite);
        }
        let scale = signal_scale(kspace);
        if !(scale > 0.0 && scale.is_finite()) {
            return Err(ReconError::NoSignal);
        }
        let mut right = vec![ZERO; operator.domain()];
        operator.adjoint(&kspace.values, &mut right);
        right.iter_mut().for_each(|value| *value /= scale);
        let energy = (norm(&kspace.values) / f64::from(scale)).powi(2);
        Ok(Self { operator, right, scale, energy })
    }

    /// Size of the image.
    pub fn grid(&self) -> Grid {
        self.operator.grid()
    }

    /// Number of sensitivity sets.
    pub fn sets(&self) -> usize {
        self.operator.sets()
    }

    /// What the data were divided by.
    pub fn scale(&self) -> f32 {
        self.scale
    }

    /// `Aᴴy` on scaled data.
    pub fn right(&self) -> &[C32] {
        &self.right
    }

    /// `out ← AᴴAx`.
    pub fn normal(&self, x: &[C32], out: &mut [C32]) {
        self.operator.normal(x, out);
    }

    /// `½‖Ax − y‖²` on scaled data, from `AᴴA` and `Aᴴy`. Exact when `y` holds zeros where nothing was sampled.
    pub fn misfit(&self, x: &[C32]) -> f64 {
        let mut normal = vec![ZERO; x.len()];
        self.normal(x, &mut normal);
        let quadratic = crate::grid::dot_re(x, &normal);
        0.5 * (quadratic - 2.0 * crate::grid::dot_re(x, &self.right) + self.energy)
    }

    /// The image of a scaled solution.
    pub fn image(&self, mut x: Vec<C32>, iterations: usize) -> Image {
        x.iter_mut().for_each(|value| *value *= self.scale);
        Image { sets: Stack { grid: self.grid(), count: self.sets(), values: x }, iterations }
    }
}

/// The 99th percentile of the RSS of the centre of k-space at its own low resolution, in units of the full image.
pub fn signal_scale(kspace: &Stack) -> f32 {
    let low = kspace.crop(Grid::new(32, 32));
    let image = crate::fft::centred_inverse(&low);
    // A unitary transform of fewer points gives pixels larger by √(N/n).
    let shrink = (low.grid.pixels() as f32 / kspace.grid.pixels().max(1) as f32).sqrt();
    percentile(&image.rss(), 0.99) * shrink
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::phantom::Phantom;

    #[test]
    fn scale_follows_the_data_and_not_the_matrix() {
        let (small, large) =
            (Phantom::head(Grid::new(64, 64), 2, 1), Phantom::head(Grid::new(128, 128), 2, 1));
        let (a, b) = (signal_scale(&small.kspace()), signal_scale(&large.kspace()));
        assert!((a / b - 1.0).abs() < 0.05, "{a} {b}");
    }

    #[test]
    fn unusable_data_are_refused_by_name() {
        let phantom = Phantom::head(Grid::new(16, 16), 2, 1);
        let (mut kspace, maps, mask) = (phantom.kspace(), phantom.maps(), Mask::full(phantom.grid));
        let refusal = |kspace: &Stack, maps: &[Stack]| Problem::new(kspace, &mask, maps).err();
        assert_eq!(refusal(&kspace, &[]), Some(ReconError::Shapes));
        assert_eq!(
            refusal(&Stack::zeros(2, phantom.grid), std::slice::from_ref(&maps)),
            Some(ReconError::NoSignal)
        );
        kspace.values[3].re = f32::NAN;
        assert_eq!(refusal(&kspace, &[maps]), Some(ReconError::NotFinite));
    }
}
