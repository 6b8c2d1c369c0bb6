//! Linear operators: forward, adjoint and normal maps between spaces of complex vectors.
//!
//! Every operator here passes [`check`]'s adjoint and linearity tests for odd and even sizes and 1 to 32 coils.
//! Operators are immutable once built and can be shared between threads.

pub mod check;
mod differences;
mod fourier;
mod sense;
mod wavelet;

pub use differences::Differences;
pub use fourier::Fourier;
pub use sense::Sense;
pub use wavelet::Wavelet;

use crate::grid::{C32, ZERO};

/// A linear map `A` with its adjoint `Aᴴ`.
pub trait LinearOperator: Send + Sync {
    /// Length of `x`.
    fn domain(&self) -> usize;
    /// Length of `y = Ax`.
    fn range(&self) -> usize;
    /// `y ← Ax`.
    fn forward(&self, x: &[C32], y: &mut [C32]);
    /// `x ← Aᴴy`.
    fn adjoint(&self, y: &[C32], x: &mut [C32]);
    /// `out ← AᴴAx`.
    fn normal(&self, x: &[C32], out: &mut [C32]) {
        let mut y = vec![ZERO; self.range()];
        self.forward(x, &mut y);
        self.adjoint(&y, out);
    }
}
