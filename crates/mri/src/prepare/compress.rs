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
    let gram: Vec<C64> = kspace.planes().flat_map(|a| kspace.planes().map(move |b| dot(b, a))).collect();
    let Some(eigen) = hermitian_eigen(&gram, kspace.count) else { return kspace.clone() };
    let total: f64 = eigen.values.iter().sum();
    let mut kept = 0.0;
    let mut values = Vec::new();
    let mut count = 0;
    for (value, vector) in eigen.values.iter().zip(eigen.vectors()).rev() {
        if count >= settings.most.max(1) || (count > 0 && kept >= settings.energy * total) {
            break;
        }
        kept += value;
        count += 1;
        let mut virtual_coil = vec![ZERO; kspace.grid.pixels()];
        for (plane, weight) in kspace.planes().zip(vector) {
            let weight = C32::new(weight.re as f32, -weight.im as f32);
            virtual_coil.iter_mut().zip(plane).for_each(|(sum, v)| *sum += weight * v);
        }
        values.extend(virtual_coil);
    }
    Stack { grid: kspace.grid, count, values }
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
