//! Orthogonal Daubechies-4-tap wavelet transform of a plane, periodic, with a cyclic shift.
//!
//! A plane whose sides do not divide by 2^levels is first put into a larger plane of zeros, so that `WᴴW = I`
//! always holds, while `WWᴴ = I` holds only for sides that divide. Daubechies, "Ten Lectures on Wavelets", §6.4.

use super::LinearOperator;
use crate::grid::{C32, Grid, ZERO};

/// Low-pass taps (1±√3, 3±√3 over 4√2).
const LOW: [f32; 4] = [0.482_962_9, 0.836_516_3, 0.224_143_86, -0.129_409_52];
/// High-pass taps: the low-pass ones reversed with alternating sign.
const HIGH: [f32; 4] = [LOW[3], -LOW[2], LOW[1], -LOW[0]];

/// The transform of one plane size. Coefficients lie as in the textbook picture: coarsest band in the corner.
#[derive(Debug, Clone)]
pub struct Wavelet {
    grid: Grid,
    padded: Grid,
    levels: usize,
    shift: (usize, usize),
}

impl Wavelet {
    /// As many levels as leave a coarsest band of at least `smallest` along both sides (16 is usual).
    pub fn new(grid: Grid, smallest: usize) -> Self {
        let mut levels = 0;
        while grid.rows.min(grid.cols) >> (levels + 1) >= smallest.max(4) {
            levels += 1;
        }
        let round = |n: usize| n.next_multiple_of(1 << levels);
        Self { grid, padded: Grid::new(round(grid.rows), round(grid.cols)), levels, shift: (0, 0) }
    }

    /// The same transform of the plane shifted cyclically by `rows`, `cols`.
    pub fn shifted(&self, rows: usize, cols: usize) -> Self {
        Self { shift: (rows % self.padded.rows.max(1), cols % self.padded.cols.max(1)), ..self.clone() }
    }

    /// Number of levels.
    pub fn levels(&self) -> usize {
        self.levels
    }

    /// Rows and columns of the coefficient plane.
    pub fn coefficients(&self) -> Grid {
        self.padded
    }

    /// Size of the coarsest band, in the corner of the coefficient plane.
    pub fn coarsest(&self) -> Grid {
        Grid::new(self.padded.rows >> self.levels, self.padded.cols >> self.levels)
    }

    fn load(&self, x: &[C32], y: &mut [C32]) {
        if self.grid != self.padded {
            y.fill(ZERO);
        }
        let cols = self.padded.cols;
        for (row, line) in x.chunks_exact(self.grid.cols).enumerate() {
            let to = (row + self.shift.0) % self.padded.rows;
            let Some(target) = y.chunks_exact_mut(cols).nth(to) else { continue };
            let ahead = (cols - self.shift.1).min(line.len());
            let (first, rest) = line.split_at(ahead);
            let (wrapped, straight) = target.split_at_mut(self.shift.1);
            straight.iter_mut().zip(first).for_each(|(to, from)| *to = *from);
            wrapped.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        }
    }

    fn unload(&self, y: &[C32], x: &mut [C32]) {
        let cols = self.padded.cols;
        for (row, line) in x.chunks_exact_mut(self.grid.cols).enumerate() {
            let from = (row + self.shift.0) % self.padded.rows;
            let Some(source) = y.chunks_exact(cols).nth(from) else { continue };
            let ahead = (cols - self.shift.1).min(line.len());
            let (first, rest) = line.split_at_mut(ahead);
            let (wrapped, straight) = source.split_at(self.shift.1);
            first.iter_mut().zip(straight).for_each(|(to, from)| *to = *from);
            rest.iter_mut().zip(wrapped).for_each(|(to, from)| *to = *from);
        }
    }

    fn level(&self, level: usize) -> (usize, usize) {
        (self.padded.rows >> level, self.padded.cols >> level)
    }

    /// [`LinearOperator::forward`] with a buffer of the coefficients' size given.
    pub fn analyse(&self, x: &[C32], y: &mut [C32], buffer: &mut [C32]) {
        self.load(x, y);
        let stride = self.padded.cols;
        for (rows, cols) in (0..self.levels).map(|level| self.level(level)) {
            split_rows(y, buffer, stride, (rows, cols));
            for (from, to) in buffer.chunks_exact(stride).zip(y.chunks_exact_mut(stride)).take(rows) {
                split_line(from.split_at(cols).0, to.split_at_mut(cols).0);
            }
        }
    }

    /// [`LinearOperator::adjoint`] with a buffer of the coefficients' size given; spoils `y`.
    pub fn synthesise(&self, y: &mut [C32], x: &mut [C32], buffer: &mut [C32]) {
        let stride = self.padded.cols;
        for (rows, cols) in (0..self.levels).rev().map(|level| self.level(level)) {
            for (from, to) in y.chunks_exact(stride).zip(buffer.chunks_exact_mut(stride)).take(rows) {
                join_line(from.split_at(cols).0, to.split_at_mut(cols).0);
            }
            join_rows(buffer, y, stride, (rows, cols));
        }
        self.unload(y, x);
    }
}

/// Low and high rows of neighbouring rows: rows of `from` → upper and lower half of `to`.
fn split_rows(from: &[C32], to: &mut [C32], stride: usize, (rows, cols): (usize, usize)) {
    let (low, high) = to.split_at_mut(rows / 2 * stride);
    let at = |row: usize| line(from, row % rows, stride, cols);
    for (i, (low, high)) in
        low.chunks_exact_mut(stride).zip(high.chunks_exact_mut(stride)).take(rows / 2).enumerate()
    {
        let four = [at(2 * i), at(2 * i + 1), at(2 * i + 2), at(2 * i + 3)];
        combine(low.split_at_mut(cols).0, four, LOW);
        combine(high.split_at_mut(cols).0, four, HIGH);
    }
}

/// The transpose of [`split_rows`].
fn join_rows(from: &[C32], to: &mut [C32], stride: usize, (rows, cols): (usize, usize)) {
    let half = rows / 2;
    let (low, high) = (
        |row: usize| line(from, row % half, stride, cols),
        |row: usize| line(from, half + row % half, stride, cols),
    );
    for (i, pair) in to.chunks_exact_mut(2 * stride).take(half).enumerate() {
        let (even, odd) = pair.split_at_mut(stride);
        let four = [low(i), low(i + half - 1), high(i), high(i + half - 1)];
        combine(even.split_at_mut(cols).0, four, [LOW[0], LOW[2], HIGH[0], HIGH[2]]);
        combine(odd.split_at_mut(cols).0, four, [LOW[1], LOW[3], HIGH[1], HIGH[3]]);
    }
}

fn line(values: &[C32], row: usize, stride: usize, cols: usize) -> &[C32] {
    values.get(row * stride..row * stride + cols).unwrap_or_default()
}

/// `out ← Σ taps_k lines_k`.
fn combine(out: &mut [C32], [a, b, c, d]: [&[C32]; 4], taps: [f32; 4]) {
    for ((((out, a), b), c), d) in out.iter_mut().zip(a).zip(b).zip(c).zip(d) {
        *out = a * taps[0] + b * taps[1] + c * taps[2] + d * taps[3];
    }
}

fn filter(four: [C32; 4], taps: [f32; 4]) -> C32 {
    four[0] * taps[0] + four[1] * taps[1] + four[2] * taps[2] + four[3] * taps[3]
}

/// Low half and high half of one line.
fn split_line(from: &[C32], to: &mut [C32]) {
    let (low, high) = to.split_at_mut(from.len() / 2);
    for ((low, high), four) in low.iter_mut().zip(high.iter_mut()).zip(from.windows(4).step_by(2)) {
        if let &[a, b, c, d] = four {
            *low = filter([a, b, c, d], LOW);
            *high = filter([a, b, c, d], HIGH);
        }
    }
    if let ([.., c, d], [a, b, ..], Some(low), Some(high)) = (from, from, low.last_mut(), high.last_mut()) {
        *low = filter([*c, *d, *a, *b], LOW);
        *high = filter([*c, *d, *a, *b], HIGH);
    }
}

/// The transpose of [`split_line`].
fn join_line(from: &[C32], to: &mut [C32]) {
    let (low, high) = from.split_at(from.len() / 2);
    let (even, odd) = ([LOW[0], LOW[2], HIGH[0], HIGH[2]], [LOW[1], LOW[3], HIGH[1], HIGH[3]]);
    let (Some(&low_last), Some(&high_last)) = (low.last(), high.last()) else { return };
    let mut before = (low_last, high_last);
    for (pair, (&low, &high)) in to.chunks_exact_mut(2).zip(low.iter().zip(high)) {
        let four = [low, before.0, high, before.1];
        if let [first, second] = pair {
            *first = filter(four, even);
            *second = filter(four, odd);
        }
        before = (low, high);
    }
}

impl LinearOperator for Wavelet {
    fn domain(&self) -> usize {
        self.grid.pixels()
    }

    fn range(&self) -> usize {
        self.padded.pixels()
    }

    fn forward(&self, x: &[C32], y: &mut [C32]) {
        self.analyse(x, y, &mut vec![ZERO; self.range()]);
    }

    fn adjoint(&self, y: &[C32], x: &mut [C32]) {
        self.synthesise(&mut y.to_vec(), x, &mut vec![ZERO; self.range()]);
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
    fn passes_the_operator_tests_at_any_size_and_shift() {
        for (rows, cols) in [(64, 64), (32, 48), (33, 70), (4, 4), (128, 20)] {
            let grid = Grid::new(rows, cols);
            for operator in [Wavelet::new(grid, 8), Wavelet::new(grid, 8).shifted(5, 11)] {
                assert!(check::adjoint_gap(&operator, 1) < 1e-5, "{rows} {cols}");
                assert!(check::linearity_gap(&operator, 2) < 1e-5);
                assert!(check::normal_gap(&operator, 3) < 1e-5, "WᴴW = I at {rows} {cols}");
            }
        }
    }

    #[test]
    fn a_flat_plane_has_only_coarsest_coefficients() {
        let grid = Grid::new(64, 32);
        let wavelet = Wavelet::new(grid, 8);
        assert_eq!((wavelet.levels(), wavelet.coarsest()), (2, Grid::new(16, 8)));
        let mut y = vec![ZERO; grid.pixels()];
        wavelet.forward(&vec![C32::new(1.0, 0.0); grid.pixels()], &mut y);
        for (index, value) in y.iter().enumerate() {
            let coarse = index / 32 < 16 && index % 32 < 8;
            assert!((value.norm() - if coarse { 4.0 } else { 0.0 }).abs() < 1e-4);
        }
    }
}
