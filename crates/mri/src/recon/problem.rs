//! What every iterative method starts from: the encoding operator and the scaled `Aᴴy`.

use super::noise::noise_level;
use crate::grid::{C32, Grid, Stack, ZERO, norm, percentile};
use crate::linop::{LinearOperator, Sense};
use crate::nufft::ScatteredSense;
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

/// How much each sample of a trajectory counts in `½‖Ax − y‖²`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weighting {
    /// All the same: what noise that is white asks for. Slow to converge where the centre is measured many times over.
    Even,
    /// By its area of k-space, at most one cell: crowded samples count together as one, as averages of a line do, and a few
    /// iterations are enough (Pruessmann et al., MRM 46:638, 2001).
    Area,
}

/// A slice to reconstruct.
pub struct Problem {
    operator: Box<dyn LinearOperator>,
    grid: Grid,
    sets: usize,
    /// What the normal operator is divided by, so that its norm is at most 1.
    bound: f32,
    right: Vec<C32>,
    scale: f32,
    energy: f64,
    /// Standard deviation of noise on scaled data, where it was asked of the scan.
    noise: Option<f32>,
}

impl Problem {
    /// Coil k-space (pre-whitened, centred), its mask and one or more sets of sensitivities of at most unit norm.
    pub fn new(kspace: &Stack, mask: &Mask, sets: Vec<Stack>) -> Result<Self, ReconError> {
        let count = sets.len();
        let operator = Sense::new(sets, mask).ok_or(ReconError::Shapes)?;
        if kspace.grid != operator.grid() || kspace.values.len() != operator.range() {
            return Err(ReconError::Shapes);
        }
        let scale = signal_scale(kspace);
        let problem = Self::scaled(Box::new(operator), (kspace.grid, count), 1.0, (&kspace.values, scale))?;
        Ok(Self { noise: Some(noise_level(kspace, mask) / scale), ..problem })
    }

    /// Samples at `points` in cycles per field of view, coil after coil, and one set of sensitivities of at most unit norm.
    /// `areas` are what each sample stands for in k-space. The scale is the 99th percentile of the gridded image.
    pub fn scattered(
        samples: &[C32],
        (points, areas): (&[(f32, f32)], &[f32]),
        maps: Stack,
        weighting: Weighting,
    ) -> Result<Self, ReconError> {
        let (grid, count) = (maps.grid, points.len());
        if count == 0 || areas.len() != count || samples.len() != count * maps.count || maps.count == 0 {
            return Err(ReconError::Shapes);
        }
        let weights: Vec<f32> = match weighting {
            Weighting::Even => vec![1.0; count],
            Weighting::Area => areas.iter().map(|area| area.min(1.0)).collect(),
        };
        let roots: Vec<f32> = weights.iter().map(|weight| weight.sqrt()).collect();
        let operator = ScatteredSense::new(maps, points, weights);
        // The adjoint multiplies by the weights' roots: what is left of the area is multiplied here.
        let rest = areas.iter().zip(&roots).map(|(area, root)| area / root.max(f32::MIN_POSITIVE));
        let rest: Vec<f32> = rest.collect();
        let times = |factors: &[f32]| -> Vec<C32> {
            samples.iter().zip(factors.iter().cycle()).map(|(y, factor)| y * factor).collect()
        };
        let mut gridded = vec![ZERO; grid.pixels()];
        operator.adjoint(&times(&rest), &mut gridded);
        let magnitude: Vec<f32> = gridded.iter().map(|v| v.norm()).collect();
        drop(gridded);
        let bound = operator.bound() as f32;
        let data = times(&roots);
        Self::scaled(Box::new(operator), (grid, 1), bound, (&data, percentile(&magnitude, 0.99)))
    }

    fn scaled(
        operator: Box<dyn LinearOperator>,
        (grid, sets): (Grid, usize),
        bound: f32,
        (data, scale): (&[C32], f32),
    ) -> Result<Self, ReconError> {
        if data.iter().any(|v| !(v.re.is_finite() && v.im.is_finite())) {
            return Err(ReconError::NotFinite);
        }
        if !(scale > 0.0 && scale.is_finite() && bound > 0.0) {
            return Err(ReconError::NoSignal);
        }
        let mut right = vec![ZERO; operator.domain()];
        operator.adjoint(data, &mut right);
        right.iter_mut().for_each(|value| *value /= scale * bound);
        let energy = (norm(data) / f64::from(scale)).powi(2) / f64::from(bound);
        Ok(Self { operator, grid, sets, bound, right, scale, energy, noise: None })
    }

    /// Size of the image.
    pub fn grid(&self) -> Grid {
        self.grid
    }

    /// Number of sensitivity sets.
    pub fn sets(&self) -> usize {
        self.sets
    }

    /// What the data were divided by.
    pub fn scale(&self) -> f32 {
        self.scale
    }

    /// Standard deviation of noise per real and imaginary part on scaled data, as [`noise_level`] finds it; `None` along a
    /// trajectory.
    pub fn noise(&self) -> Option<f32> {
        self.noise
    }

    /// `‖y‖` in the units of the data.
    pub fn data_norm(&self) -> f64 {
        (self.energy * f64::from(self.bound)).sqrt() * f64::from(self.scale)
    }

    /// `Aᴴy` on scaled data.
    pub fn right(&self) -> &[C32] {
        &self.right
    }

    /// `out ← AᴴAx`, of norm at most 1.
    pub fn normal(&self, x: &[C32], out: &mut [C32]) {
        self.operator.normal(x, out);
        if self.bound != 1.0 {
            out.iter_mut().for_each(|value| *value /= self.bound);
        }
    }

    /// `½‖Ax − y‖²` on scaled data, from `AᴴA` and `Aᴴy`. Exact when `y` holds zeros where nothing was sampled.
    pub fn misfit(&self, x: &[C32]) -> f64 {
        let mut normal = vec![ZERO; x.len()];
        self.normal(x, &mut normal);
        let quadratic = crate::grid::dot_re(x, &normal);
        0.5 * (quadratic - 2.0 * crate::grid::dot_re(x, &self.right) + self.energy)
    }

    /// `‖Ax − y‖/‖y‖` of an image made from this problem: the share of the data that it does not explain.
    pub fn residual(&self, image: &Image) -> f64 {
        let x: Vec<C32> = image.sets.values.iter().map(|value| value / self.scale).collect();
        (2.0 * self.misfit(&x).max(0.0) / self.energy).sqrt()
    }

    /// `|Ax − y|` of every point of k-space, root of the sum of squares over the receivers, of an image made from `data`, which hold
    /// zeros where nothing was sampled. `None` along a trajectory, whose samples have no points of their own.
    pub fn unexplained(&self, image: &Image, data: &Stack) -> Option<Vec<f32>> {
        if self.operator.range() != data.values.len() || data.grid != self.grid {
            return None;
        }
        let mut apart = vec![ZERO; self.operator.range()];
        self.operator.forward(&image.sets.values, &mut apart);
        apart.iter_mut().zip(&data.values).for_each(|(apart, y)| *apart -= y);
        Some(Stack { grid: data.grid, count: data.count, values: apart }.rss())
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
    use crate::phantom::{Phantom, transform};
    use crate::sampling::radial_spokes;

    #[test]
    fn scale_follows_the_data_and_not_the_matrix() {
        let (small, large) =
            (Phantom::head(Grid::new(64, 64), 2, 1), Phantom::head(Grid::new(128, 128), 2, 1));
        let (a, b) = (signal_scale(&small.kspace()), signal_scale(&large.kspace()));
        assert!((a / b - 1.0).abs() < 0.05, "{a} {b}");
    }

    #[test]
    fn a_point_that_was_spoilt_is_what_is_not_explained() {
        let grid = Grid::new(32, 32);
        let phantom = Phantom::head(grid, 6, 1);
        let mut maps = phantom.maps();
        let rss = maps.rss();
        maps.planes_mut().for_each(|map| map.iter_mut().zip(&rss).for_each(|(s, r)| *s /= *r));
        let mask = Mask::from_lines(32, &crate::sampling::equispaced_lines(32, 2, 0, 8));
        let mut kspace = phantom.kspace();
        mask.apply(&mut kspace);
        let top = kspace.values.iter().map(|v| v.norm()).fold(0f32, f32::max);
        kspace.values[5 * 32 + 10] += top;
        let problem = Problem::new(&kspace, &mask, vec![maps]).unwrap();
        let image = crate::recon::cg_sense(&problem, &crate::recon::CgSense::default());
        let left = problem.unexplained(&image, &kspace).unwrap();
        let worst = (0..left.len()).max_by(|a, b| left[*a].total_cmp(&left[*b]));
        assert_eq!(worst, Some(5 * 32 + 10));
        let share = left.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>().sqrt() / norm(&kspace.values);
        assert!((share - problem.residual(&image)).abs() < 1e-3, "{share} {}", problem.residual(&image));
        assert!(left.iter().zip(mask.sampled()).all(|(v, on)| *on || *v == 0.0));
    }

    #[test]
    fn unusable_data_are_refused_by_name() {
        let phantom = Phantom::head(Grid::new(16, 16), 2, 1);
        let (mut kspace, maps, mask) = (phantom.kspace(), phantom.maps(), Mask::full(phantom.grid));
        let refusal = |kspace: &Stack, maps: &[Stack]| Problem::new(kspace, &mask, maps.to_vec()).err();
        assert_eq!(refusal(&kspace, &[]), Some(ReconError::Shapes));
        let silence = Stack::zeros(2, phantom.grid);
        assert_eq!(refusal(&silence, std::slice::from_ref(&maps)), Some(ReconError::NoSignal));
        kspace.values[3].re = f32::NAN;
        assert_eq!(refusal(&kspace, &[maps]), Some(ReconError::NotFinite));
    }

    #[test]
    fn radial_samples_of_the_head_come_back_as_the_head() {
        let grid = Grid::new(64, 64);
        let ellipses = crate::phantom::shepp_logan();
        let flat = Stack { grid, count: 1, values: vec![C32::new(1.0, 0.0); grid.pixels()] };
        let trajectory = radial_spokes(64, 128, 100);
        let at = |(u, v): &(f32, f32)| {
            let value = transform(&ellipses, (f64::from(*u) / 2.0, f64::from(*v) / 2.0)) * 16.0;
            C32::new(value.re as f32, value.im as f32)
        };
        let samples: Vec<C32> = trajectory.points.iter().map(at).collect();
        let areas = crate::nufft::ramp_density(&trajectory);
        let places = (trajectory.points.as_slice(), areas.as_slice());
        let problem = Problem::scattered(&samples, places, flat, Weighting::Even).unwrap();
        let settings = crate::recon::CgSense { lambda: 1e-4, ..Default::default() };
        let image = crate::recon::cg_sense(&problem, &settings);
        let drawn: Vec<f32> = (0..grid.pixels())
            .map(|i| ((i / 64) as f64 / 32.0 - 1.0, (i % 64) as f64 / 32.0 - 1.0))
            .map(|(r, c)| ellipses.iter().filter(|e| e.holds(r, c)).map(|e| e.intensity as f32).sum())
            .collect();
        let inside = crate::metrics::ellipse_mask(grid, 0.8, 0.58);
        let error = crate::metrics::nrmse(&image.magnitude(), &drawn, &inside);
        assert!(error < 0.3, "ringing and nothing else, in absolute units: {error}");
    }
}
