//! Readout oversampling: transform along the readout, keep the middle of the field of view, transform back.

use crate::fft::centred_along_cols;
use crate::grid::{Grid, Stack};

/// k-space of the middle `rows` of the field of view along the readout.
pub fn remove_oversampling(kspace: &Stack, rows: usize) -> Stack {
    if rows >= kspace.grid.rows {
        return kspace.clone();
    }
    let image = centred_along_cols(&kspace.transposed(), true);
    let cropped = image.crop(Grid::new(image.grid.rows, rows));
    centred_along_cols(&cropped, false).into_transposed()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fft::centred_inverse;
    use crate::phantom::Phantom;

    #[test]
    fn the_image_is_the_middle_of_the_oversampled_one() {
        let kspace = Phantom::head(Grid::new(64, 24), 2, 1).kspace();
        let removed = remove_oversampling(&kspace, 32);
        assert_eq!(removed.grid, Grid::new(32, 24));
        let (all, middle) = (centred_inverse(&kspace).crop(removed.grid), centred_inverse(&removed));
        assert!(all.values.iter().zip(&middle.values).all(|(a, b)| (a - b).norm() < 1e-5));
    }
}
