//! Noise pre-whitening: `Ψ = L Lᴴ`, `y ← L⁻¹ y`, after which noise is white with unit variance in every coil.
//! Pruessmann et al., MRM 46:638 (2001), appendix A.

use crate::grid::{C32, Stack};
use crate::linalg::{C64, cholesky, solve_lower};

/// The covariance `Ψ_cd = mean n_c n̄_d` of noise samples, channel by channel; `None` without samples or when channels
/// differ in length.
pub fn noise_covariance(channels: &[Vec<C32>]) -> Option<Vec<C64>> {
    let samples = channels.first()?.len();
    if samples < 2 || channels.iter().any(|channel| channel.len() != samples) {
        return None;
    }
    let inner = |a: &[C32], b: &[C32]| crate::grid::dot(b, a) / samples as f64;
    Some(channels.iter().flat_map(|a| channels.iter().map(move |b| inner(a, b))).collect())
}

/// The factor of a noise covariance.
#[derive(Debug, Clone)]
pub struct Whitening {
    coils: usize,
    factor: Vec<C64>,
}

impl Whitening {
    /// `None` when the covariance is not positive definite (too few samples, or a dead channel).
    pub fn new(covariance: &[C64], coils: usize) -> Option<Self> {
        cholesky(covariance, coils).map(|factor| Self { coils, factor })
    }

    /// Whitens k-space in place; `false` when it has another number of coils.
    pub fn apply(&self, kspace: &mut Stack) -> bool {
        if kspace.count != self.coils {
            return false;
        }
        let mut sample = vec![C64::new(0.0, 0.0); self.coils];
        for pixel in 0..kspace.grid.pixels() {
            for (to, plane) in sample.iter_mut().zip(kspace.planes()) {
                *to = plane.get(pixel).map_or(C64::new(0.0, 0.0), |v| C64::new(v.re.into(), v.im.into()));
            }
            solve_lower(&self.factor, &mut sample);
            for (from, plane) in sample.iter().zip(kspace.planes_mut()) {
                if let Some(to) = plane.get_mut(pixel) {
                    *to = C32::new(from.re as f32, from.im as f32);
                }
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::Grid;
    use crate::random::Random;

    #[test]
    fn correlated_noise_becomes_white() {
        let mut random = Random::new(3);
        let base: Vec<Vec<C32>> = (0..3).map(|_| random.normals(4000)).collect();
        let mix = |i: usize| C32::new(base[0][i].re, base[0][i].im) * 2.0;
        let coils = vec![
            (0..4000).map(mix).collect::<Vec<_>>(),
            (0..4000).map(|i| mix(i) * C32::new(0.3, 0.4) + base[1][i] * 0.5).collect(),
            (0..4000).map(|i| base[2][i] - base[1][i] * 0.7).collect(),
        ];
        let whitening = Whitening::new(&noise_covariance(&coils).unwrap(), 3).unwrap();
        let mut stack = Stack::from_values(Grid::new(40, 100), coils.concat()).unwrap();
        assert!(whitening.apply(&mut stack));
        let white: Vec<Vec<C32>> = stack.planes().map(<[C32]>::to_vec).collect();
        for (i, value) in noise_covariance(&white).unwrap().iter().enumerate() {
            let expected = if i % 4 == 0 { 1.0 } else { 0.0 };
            assert!((value - C64::new(expected, 0.0)).norm() < 1e-5, "{i} {value}");
        }
    }

    #[test]
    fn a_dead_channel_and_missing_noise_are_none() {
        let noise = vec![Random::new(1).normals(100), vec![C32::new(0.0, 0.0); 100]];
        assert!(Whitening::new(&noise_covariance(&noise).unwrap(), 2).is_none());
        assert!(noise_covariance(&[]).is_none());
    }
}
