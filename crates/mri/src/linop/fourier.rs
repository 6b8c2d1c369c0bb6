//! The unitary centred Fourier transform of a stack of planes: its adjoint is its inverse.

use super::LinearOperator;
use crate::fft;
use crate::grid::{C32, Grid, Stack};

/// Image to k-space, plane by plane.
pub struct Fourier {
    grid: Grid,
    count: usize,
}

impl Fourier {
    /// For `count` planes of size `grid`.
    pub fn new(grid: Grid, count: usize) -> Self {
        Self { grid, count }
    }

    fn stack(&self, values: &[C32]) -> Stack {
        Stack { grid: self.grid, count: self.count, values: values.to_vec() }
    }
}

impl LinearOperator for Fourier {
    fn domain(&self) -> usize {
        self.count * self.grid.pixels()
    }

    fn range(&self) -> usize {
        self.domain()
    }

    fn forward(&self, x: &[C32], y: &mut [C32]) {
        y.copy_from_slice(&fft::centred(&self.stack(x)).values);
    }

    fn adjoint(&self, y: &[C32], x: &mut [C32]) {
        x.copy_from_slice(&fft::centred_inverse(&self.stack(y)).values);
    }

    fn normal(&self, x: &[C32], out: &mut [C32]) {
        out.copy_from_slice(x);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::linop::check;

    #[test]
    fn passes_the_operator_tests() {
        for (rows, cols, count) in [(8, 8, 1), (9, 12, 3), (15, 7, 32)] {
            let operator = Fourier::new(Grid::new(rows, cols), count);
            assert!(check::adjoint_gap(&operator, 1) < 1e-5);
            assert!(check::linearity_gap(&operator, 2) < 1e-5);
            assert!(check::normal_gap(&operator, 3) < 1e-5);
        }
    }
}
