//! Coil compression: the fewest virtual coils that keep a share of the signal energy. Buehrer et al., MRM 57:1131
//! (2007).

use crate::grid::{C32, Stack, ZERO, dot};
use crate::linalg::{C64, hermitian_eigen};

/// How far to compress.
#[derive(Debug, Clone, Copy)]
pub struct CoilCompression {
    /// Share of the energy to keep, 0–1.
    pub energy: f64,
    /// At most this many virtual coils.
    pub most: usize,
}

/// Virtual coils, strongest first. Data must be whitened: the combinations are then orthonormal and noise stays white.
pub fn compress_coils(kspace: &Stack, settings: &CoilCompression) -> Stack {
    CoilBasis::learn(kspace, settings).map_or_else(|| kspace.clone(), |basis| basis.apply(kspace))
}

/// The combinations of coils that hold most of the signal.
#[derive(Debug, Clone)]
pub struct CoilBasis {
    /// Weights of the coils, one list per virtual coil.
    rows: Vec<Vec<C32>>,
}

impl CoilBasis {
    /// Learns from data; `None` when they have no eigenvectors.
    pub fn learn(kspace: &Stack, settings: &CoilCompression) -> Option<Self> {
        let gram: Vec<C64> = kspace.planes().flat_map(|a| kspace.planes().map(move |b| dot(b, a))).collect();
        let eigen = hermitian_eigen(&gram, kspace.count)?;
        let total: f64 = eigen.values.iter().sum();
        let mut kept = 0.0;
        let mut rows = Vec::new();
        for (value, vector) in eigen.values.iter().zip(eigen.vectors()).rev() {
            if rows.len() >= settings.most.max(1) || (!rows.is_empty() && kept >= settings.energy * total) {
                break;
            }
            kept += value;
            rows.push(vector.iter().map(|w| C32::new(w.re as f32, -w.im as f32)).collect());
        }
        Some(Self { rows })
    }

    /// Number of virtual coils.
    pub fn count(&self) -> usize {
        self.rows.len()
    }

    /// The virtual coils of any data of the same receivers.
    pub fn apply(&self, kspace: &Stack) -> Stack {
        let mut values = Vec::with_capacity(self.rows.len() * kspace.grid.pixels());
        for weights in &self.rows {
            let mut virtual_coil = vec![ZERO; kspace.grid.pixels()];
            for (plane, weight) in kspace.planes().zip(weights) {
                virtual_coil.iter_mut().zip(plane).for_each(|(sum, v)| *sum += weight * v);
            }
            values.extend(virtual_coil);
        }
        Stack { grid: kspace.grid, count: self.rows.len(), values }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::{Grid, norm_sqr};
    use crate::phantom::Phantom;

    #[test]
    fn few_virtual_coils_hold_the_energy_of_many() {
        let kspace = Phantom::head(Grid::new(48, 48), 16, 1).kspace();
        let settings = CoilCompression { energy: 0.99, most: 16 };
        let small = compress_coils(&kspace, &settings);
        let share = norm_sqr(&small.values) / norm_sqr(&kspace.values);
        assert!(small.count < 12 && (0.99..1.0001).contains(&share), "{} {share}", small.count);
        assert_eq!(compress_coils(&kspace, &CoilCompression { energy: 1.0, most: 3 }).count, 3);
    }

    #[test]
    fn all_virtual_coils_keep_the_rss_image() {
        let kspace = Phantom::head(Grid::new(20, 24), 5, 1).kspace();
        let turned = compress_coils(&kspace, &CoilCompression { energy: 2.0, most: 5 });
        let (a, b) = (crate::recon::zero_filled(&kspace), crate::recon::zero_filled(&turned));
        assert!(a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-4));
    }
}
