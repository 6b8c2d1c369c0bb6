//! Many slices at once: threads share slices, never sums, so an image is the same at any number of threads.
//!
//! A three-dimensional Cartesian scan becomes slices by a Fourier transform along its readout.

use crate::fft::centred_along_cols;
use crate::grid::{Grid, Stack};
use rayon::prelude::*;

/// Runs `reconstruct(index, slice)` over all slices on the current thread pool, results in order.
pub fn by_slice<S: Sync, R: Send>(slices: &[S], reconstruct: impl Fn(usize, &S) -> R + Sync) -> Vec<R> {
    slices.par_iter().enumerate().map(|(index, slice)| reconstruct(index, slice)).collect()
}

/// Splits three-dimensional coil k-space into slices across the readout. `partitions` are the coil stacks of each
/// second phase-encoding step (readout along rows, first phase along columns); slice `i` comes back with the second
/// phase along rows and the first along columns.
pub fn readout_slices(partitions: &[Stack]) -> Vec<Stack> {
    let Some(first) = partitions.first() else { return Vec::new() };
    let (coils, Grid { rows, cols }) = (first.count, first.grid);
    let hybrid: Vec<Stack> = partitions
        .iter()
        .map(|partition| centred_along_cols(&partition.transposed(), true).transposed())
        .collect();
    (0..rows)
        .map(|row| {
            let grid = Grid::new(partitions.len(), cols);
            let mut slice = Stack::zeros(coils, grid);
            for (coil, plane) in slice.planes_mut().enumerate() {
                for (line, partition) in plane.chunks_exact_mut(cols).zip(&hybrid) {
                    let start = (coil * rows + row) * cols;
                    line.copy_from_slice(
                        partition.values.get(start..start + cols).unwrap_or(line.to_vec().as_slice()),
                    );
                }
            }
            slice
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::head;
    use super::super::{L1Wavelet, l1_wavelet};
    use super::*;
    use crate::sampling::{Mask, random_lines};

    #[test]
    fn any_number_of_threads_gives_the_same_bits() {
        let cases: Vec<_> = (0..5)
            .map(|seed| head(32, 3, Mask::from_lines(32, &random_lines(32, 16, 6, seed)), 0.01))
            .collect();
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                by_slice(&cases, |index, case| {
                    let settings = L1Wavelet { iterations: 10, seed: index as u64, ..L1Wavelet::default() };
                    l1_wavelet(&case.problem(), &settings)
                })
            })
        };
        let one = run(1);
        assert_eq!(one, run(2));
        assert_eq!(one, run(5));
    }

    #[test]
    fn a_readout_transform_makes_slices_of_a_volume() {
        // A point in the volume: k-space is flat, and only its own slice holds signal.
        let (rows, cols, partitions) = (8, 6, 4);
        let grid = Grid::new(rows, cols);
        let flat = Stack { grid, count: 2, values: vec![crate::C32::new(1.0, 0.0); 2 * grid.pixels()] };
        let slices = readout_slices(&vec![flat; partitions]);
        assert_eq!(slices.len(), rows);
        for (row, slice) in slices.iter().enumerate() {
            assert_eq!((slice.count, slice.grid), (2, Grid::new(partitions, cols)));
            let expected = if row == rows / 2 { (rows as f32).sqrt() } else { 0.0 };
            assert!(slice.values.iter().all(|v| (v.norm() - expected).abs() < 1e-5), "{row}");
        }
    }
}
