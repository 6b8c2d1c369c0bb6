//! Zero-filled root sum of squares: always made, as the picture that nothing was assumed for.

use crate::fft::centred_inverse;
use crate::grid::Stack;

/// `√Σ_c |Fᴴ y_c|²`.
pub fn zero_filled(kspace: &Stack) -> Vec<f32> {
    centred_inverse(kspace).rss()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::{Grid, norm};
    use crate::phantom::Phantom;

    #[test]
    fn keeps_the_energy_of_full_sampling() {
        let kspace = Phantom::head(Grid::new(33, 40), 3, 1).kspace();
        let power: f64 = zero_filled(&kspace).iter().map(|v| f64::from(*v).powi(2)).sum();
        assert!((power.sqrt() / norm(&kspace.values) - 1.0).abs() < 1e-5);
    }
}
