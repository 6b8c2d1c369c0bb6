//! From the encoded to the reconstructed matrix: cut the field of view, then change the number of pixels in k-space.

use crate::fft::{centred, centred_inverse};
use crate::formats::FormatError;
use crate::formats::mrd::Header;
use crate::grid::{Grid, Stack};

/// Enlargement beyond which a header is taken for a trap.
const MOST_ENLARGED: usize = 4;

/// Pixels to keep of an axis and pixels to make of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Axis {
    /// The middle part of the encoded field of view.
    pub keep: usize,
    /// Pixels of the image.
    pub make: usize,
}

/// The three axes of a header.
pub fn axes(header: &Header) -> Result<[Axis; 3], FormatError> {
    let (encoded, recon) = (&header.encoded, &header.recon);
    let mut axes = [Axis { keep: 1, make: 1 }; 3];
    let sizes = encoded.matrix.iter().zip(&recon.matrix);
    let fields = encoded.field_of_view_mm.iter().zip(&recon.field_of_view_mm);
    for (axis, ((measured, wanted), (from_mm, to_mm))) in axes.iter_mut().zip(sizes.zip(fields)) {
        // A single partition is a slice: its encoded thickness says nothing about cutting.
        let share = if *measured == 1 { 1.0 } else { (to_mm / from_mm).min(1.0) };
        let keep = ((*measured as f32 * share).round() as usize).clamp(1, *measured);
        if *wanted > MOST_ENLARGED * keep {
            return Err(FormatError::Malformed(format!(
                "a reconstructed matrix of {wanted} from {keep} encoded points"
            )));
        }
        *axis = Axis { keep, make: if *measured == 1 { 1 } else { *wanted } };
    }
    Ok(axes)
}

/// Images of the wanted size and field of view.
pub fn fitted(images: Stack, rows: Axis, cols: Axis) -> Stack {
    let (keep, make) = (Grid::new(rows.keep, cols.keep), Grid::new(rows.make, cols.make));
    let images = if images.grid == keep { images } else { images.crop(keep) };
    if images.grid == make {
        return images;
    }
    let kspace = centred(&images);
    let smaller = Grid::new(keep.rows.min(make.rows), keep.cols.min(make.cols));
    centred_inverse(&kspace.crop(smaller).pad(make))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::mrd::Space;
    use crate::phantom::Phantom;

    fn header(encoded: Space, recon: Space) -> Header {
        Header { encoded, recon, centre: [0, 0], trajectory: "cartesian".into(), field_strength_t: None }
    }

    #[test]
    fn oversampling_is_cut_and_phase_is_interpolated() {
        let encoded = Space { matrix: [512, 200, 1], field_of_view_mm: [600.0, 300.0, 6.0] };
        let recon = Space { matrix: [256, 256, 1], field_of_view_mm: [300.0, 300.0, 5.0] };
        let axis = |keep, make| Axis { keep, make };
        assert_eq!(axes(&header(encoded, recon)).unwrap(), [axis(256, 256), axis(200, 256), axis(1, 1)]);
        let huge = Space { matrix: [9000, 256, 1], ..recon };
        assert!(axes(&header(encoded, huge)).is_err());
    }

    #[test]
    fn more_pixels_are_the_phantoms_own_at_that_size() {
        // k-space of the larger matrix, cut to the smaller one's, is what padding starts from.
        let large = Phantom::head(Grid::new(48, 40), 1, 1).kspace();
        let small = centred_inverse(&large.crop(Grid::new(48, 30)));
        let fitted = fitted(small, Axis { keep: 48, make: 48 }, Axis { keep: 30, make: 40 });
        let mut cut = large.clone();
        let lines: Vec<bool> = (0..40).map(|col| (5..35).contains(&col)).collect();
        crate::sampling::Mask::from_lines(48, &lines).apply(&mut cut);
        let expected = centred_inverse(&cut);
        let gap = fitted.values.iter().zip(&expected.values).map(|(a, b)| (a - b).norm());
        assert!(gap.fold(0f32, f32::max) < 1e-4);
    }
}
