//! The shapes everything is computed on: a plane of pixels and a stack of such planes.
//!
//! A plane has `rows` (readout) and `cols` (phase encoding; contiguous in memory), so that the axis that is
//! undersampled in a Cartesian scan is the one a Fourier transform runs over without stride. A stack holds coil
//! images, coil k-space, sensitivity maps or the frames of a series, plane after plane.
//! No general n-dimensional array: every algorithm here is a loop over planes, and slices of `Complex<f32>` say that.

use num_complex::Complex;

/// Single-precision complex number, the element of every image and of all raw data.
pub type C32 = Complex<f32>;

/// Zero, shorter to write in `vec![ZERO; n]`.
pub const ZERO: C32 = C32::new(0.0, 0.0);

/// Size of one plane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Grid {
    /// Readout samples.
    pub rows: usize,
    /// Phase-encoding lines.
    pub cols: usize,
}

impl Grid {
    /// A plane of `rows` × `cols`.
    pub const fn new(rows: usize, cols: usize) -> Self {
        Self { rows, cols }
    }

    /// Number of pixels.
    pub const fn pixels(self) -> usize {
        self.rows * self.cols
    }

    /// Rows and columns exchanged.
    pub const fn transposed(self) -> Self {
        Self { rows: self.cols, cols: self.rows }
    }

    /// The block of `size` around the centre (`n/2`), cut to the plane: first row, first column, size.
    pub fn centre(self, size: Self) -> (usize, usize, Self) {
        let size = Self::new(size.rows.min(self.rows), size.cols.min(self.cols));
        (self.rows / 2 - size.rows / 2, self.cols / 2 - size.cols / 2, size)
    }
}

/// Planes of one size, one after the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Stack {
    /// Size of each plane.
    pub grid: Grid,
    /// Number of planes (coils, frames or maps).
    pub count: usize,
    /// `count × rows × cols` values, columns fastest.
    pub values: Vec<C32>,
}

impl Stack {
    /// A stack of zeros.
    pub fn zeros(count: usize, grid: Grid) -> Self {
        Self { grid, count, values: vec![ZERO; count * grid.pixels()] }
    }

    /// Takes `values` as a stack; `None` when their number is not a multiple of a plane.
    pub fn from_values(grid: Grid, values: Vec<C32>) -> Option<Self> {
        let pixels = grid.pixels();
        if pixels == 0 || !values.len().is_multiple_of(pixels) {
            return None;
        }
        Some(Self { grid, count: values.len() / pixels, values })
    }

    /// The planes in order.
    pub fn planes(&self) -> std::slice::ChunksExact<'_, C32> {
        self.values.chunks_exact(self.grid.pixels().max(1))
    }

    /// The planes in order, to write.
    pub fn planes_mut(&mut self) -> std::slice::ChunksExactMut<'_, C32> {
        self.values.chunks_exact_mut(self.grid.pixels().max(1))
    }

    /// Root of the sum of squares over the planes.
    pub fn rss(&self) -> Vec<f32> {
        let mut sum = vec![0f32; self.grid.pixels()];
        for plane in self.planes() {
            for (total, value) in sum.iter_mut().zip(plane) {
                *total += value.norm_sqr();
            }
        }
        sum.iter_mut().for_each(|total| *total = total.sqrt());
        sum
    }

    /// The centre block of every plane.
    pub fn crop(&self, size: Grid) -> Self {
        let (row, col, size) = self.grid.centre(size);
        let values = self.planes().flat_map(|plane| {
            plane
                .chunks_exact(self.grid.cols.max(1))
                .skip(row)
                .take(size.rows)
                .flat_map(move |line| line.iter().skip(col).take(size.cols))
        });
        Self { grid: size, count: self.count, values: values.copied().collect() }
    }

    /// Every plane in the centre of a larger plane of zeros.
    pub fn pad(&self, grid: Grid) -> Self {
        let mut padded = Self::zeros(self.count, grid);
        let (row, col, size) = grid.centre(self.grid);
        for (from, to) in self.planes().zip(padded.planes_mut()) {
            let lines = to.chunks_exact_mut(grid.cols.max(1)).skip(row).take(size.rows);
            for (from, to) in from.chunks_exact(self.grid.cols.max(1)).zip(lines) {
                to.iter_mut().skip(col).zip(from).for_each(|(to, from)| *to = *from);
            }
        }
        padded
    }

    /// Rows and columns of every plane exchanged.
    pub fn transposed(&self) -> Self {
        self.clone().into_transposed()
    }

    /// Rows and columns of every plane exchanged, in place but for one plane.
    pub fn into_transposed(mut self) -> Self {
        let grid = self.grid;
        let mut plane = vec![ZERO; grid.pixels()];
        for values in self.planes_mut() {
            plane.copy_from_slice(values);
            crate::fft::transpose(&plane, values, grid);
        }
        Self { grid: grid.transposed(), ..self }
    }
}

/// `⟨a, b⟩ = Σ conj(a) b`, summed in double precision.
pub fn dot(a: &[C32], b: &[C32]) -> Complex<f64> {
    a.iter().zip(b).fold(Complex::new(0.0, 0.0), |sum, (a, b)| {
        let product = a.conj() * b;
        sum + Complex::new(f64::from(product.re), f64::from(product.im))
    })
}

/// `‖a‖²`: sums of 16 in single precision, added in double.
pub fn norm_sqr(a: &[C32]) -> f64 {
    a.chunks(16).map(|chunk| f64::from(chunk.iter().map(C32::norm_sqr).sum::<f32>())).sum()
}

/// `‖a‖`.
pub fn norm(a: &[C32]) -> f64 {
    norm_sqr(a).sqrt()
}

/// Real part of `⟨a, b⟩`: sums of 16 in single precision, added in double.
pub fn dot_re(a: &[C32], b: &[C32]) -> f64 {
    let part = |a: &[C32], b: &[C32]| a.iter().zip(b).map(|(a, b)| a.re * b.re + a.im * b.im).sum::<f32>();
    a.chunks(16).zip(b.chunks(16)).map(|(a, b)| f64::from(part(a, b))).sum()
}

/// Value at `fraction` (0–1) of the sorted magnitudes; 0 for nothing.
pub fn percentile(magnitudes: &[f32], fraction: f64) -> f32 {
    if magnitudes.is_empty() {
        return 0.0;
    }
    let mut sorted = magnitudes.to_vec();
    let at = ((sorted.len() - 1) as f64 * fraction.clamp(0.0, 1.0)).round() as usize;
    *sorted.select_nth_unstable_by(at, f32::total_cmp).1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crop_undoes_pad() {
        for (inner, outer) in [(Grid::new(3, 4), Grid::new(8, 7)), (Grid::new(4, 5), Grid::new(5, 9))] {
            let values = (0..2 * inner.pixels()).map(|i| C32::new(i as f32, 1.0)).collect();
            let stack = Stack::from_values(inner, values).unwrap();
            assert_eq!(stack.pad(outer).crop(inner), stack);
        }
    }

    #[test]
    fn centre_keeps_the_middle_sample() {
        // Sample n/2 of the large plane is sample m/2 of the block, for odd and even sizes.
        for (n, m) in [(8, 4), (8, 5), (9, 4), (9, 5)] {
            let (row, _, _) = Grid::new(n, 1).centre(Grid::new(m, 1));
            assert_eq!(row + m / 2, n / 2);
        }
    }

    #[test]
    fn percentile_of_a_ramp() {
        let ramp: Vec<f32> = (0..=100).map(|i| i as f32).collect();
        assert_eq!(percentile(&ramp, 0.99), 99.0);
        assert_eq!(percentile(&[], 0.5), 0.0);
    }
}
