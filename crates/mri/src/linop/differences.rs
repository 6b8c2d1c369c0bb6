//! Finite differences along both axes with periodic ends: `∇x`, the two components one plane after the other.
//! `‖∇‖² ≤ 8`.

use super::LinearOperator;
use crate::grid::{C32, Grid};

/// Forward differences `x[r+1, c] − x[r, c]` and `x[r, c+1] − x[r, c]`.
pub struct Differences {
    grid: Grid,
}

impl Differences {
    /// For one plane.
    pub fn new(grid: Grid) -> Self {
        Self { grid }
    }
}

impl LinearOperator for Differences {
    fn domain(&self) -> usize {
        self.grid.pixels()
    }

    fn range(&self) -> usize {
        2 * self.grid.pixels()
    }

    fn forward(&self, x: &[C32], y: &mut [C32]) {
        let cols = self.grid.cols;
        let (down, across) = y.split_at_mut(self.grid.pixels());
        let next_rows = x.chunks_exact(cols).cycle().skip(1);
        let lines = x.chunks_exact(cols).zip(next_rows);
        for ((line, below), (down, across)) in
            lines.zip(down.chunks_exact_mut(cols).zip(across.chunks_exact_mut(cols)))
        {
            down.iter_mut().zip(below.iter().zip(line)).for_each(|(d, (b, x))| *d = b - x);
            across.iter_mut().zip(line.windows(2)).for_each(|(d, pair)| {
                if let [x, right] = pair {
                    *d = right - x;
                }
            });
            if let (Some(d), Some(first), Some(last)) = (across.last_mut(), line.first(), line.last()) {
                *d = first - last;
            }
        }
    }

    fn adjoint(&self, y: &[C32], x: &mut [C32]) {
        let Grid { rows, cols } = self.grid;
        let (down, across) = y.split_at(self.grid.pixels());
        let above = down.chunks_exact(cols).cycle().skip(rows.saturating_sub(1));
        let lines = down.chunks_exact(cols).zip(above).zip(across.chunks_exact(cols));
        for (x, ((down, above), across)) in x.chunks_exact_mut(cols).zip(lines) {
            x.iter_mut().zip(above.iter().zip(down)).for_each(|(x, (a, d))| *x = a - d);
            x.iter_mut().skip(1).zip(across.windows(2)).for_each(|(x, pair)| {
                if let [left, here] = pair {
                    *x += left - here;
                }
            });
            if let (Some(x), Some(first), Some(last)) = (x.first_mut(), across.first(), across.last()) {
                *x += last - first;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alg::largest_eigenvalue;
    use crate::linop::check;

    #[test]
    fn passes_the_operator_tests() {
        for (rows, cols) in [(8, 8), (9, 5), (1, 6), (6, 1), (2, 2)] {
            let operator = Differences::new(Grid::new(rows, cols));
            assert!(check::adjoint_gap(&operator, 1) < 1e-5, "{rows} {cols}");
            assert!(check::linearity_gap(&operator, 2) < 1e-5);
        }
    }

    #[test]
    fn norm_is_at_most_eight() {
        let operator = Differences::new(Grid::new(16, 16));
        let top = largest_eigenvalue(&|x, out| operator.normal(x, out), 256, 200);
        assert!((7.5..=8.0001).contains(&top), "{top}");
    }
}
