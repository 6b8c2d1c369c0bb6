//! The non-uniform Fourier transform: images to samples anywhere in k-space, and the normal operator without them.
//!
//! `y(k_j) = 1/√N Σ_r x(r) e^{−2πi k_j·r}` by Kaiser–Bessel interpolation on a two-fold finer grid. [`Toeplitz`] is
//! `AᴴA` as a convolution on a grid of twice the size, so that iterations do no gridding.
//! Fessler, Sutton, IEEE TSP 51:560 (2003); Beatty, Nishimura, Pauly, IEEE TMI 24:799 (2005); Wajer, Pruessmann,
//! ISMRM 2001, 767 (Toeplitz).

mod density;
mod gridding;
mod kernel;
mod sense;
mod toeplitz;

pub use density::{area_density, ramp_density};
pub use gridding::Nufft;
pub use kernel::{KaiserBessel, bessel_i0};
pub use sense::ScatteredSense;
pub use toeplitz::Toeplitz;
