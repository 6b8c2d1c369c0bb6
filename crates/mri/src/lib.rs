//! MR image reconstruction: from undersampled raw data to images, by the field's classic methods.
//!
//! The problem: `y_c = P F S_c x + n_c`, with `x` the image, `S_c` the sensitivity of coil `c`, `F` the unitary
//! centred Fourier transform, `P` the sampling and `n_c` noise; the answer: `argmin_x ½‖Ax − y‖² + λ R(x)`.
//! [`phantom`] makes data, [`formats`] reads and writes them, [`prepare`] whitens and compresses, [`calibration`]
//! finds the sensitivities, [`linop`] holds `A`, [`prox`] holds `R`, [`alg`] the iterations, and [`recon`] puts them
//! together under the names physicists use. [`series`] goes the whole way from a raw scan to images with their places in
//! the patient, [`export`] makes files of them. [`doubt`] says how uncertain an image is, [`metrics`] says how far an image is from the truth.
//!
//! Invariants: knows no patients and uses none of our crates; reads no clock, no entropy and no environment; the
//! same data, settings and seed give the same image bit for bit at any thread count (threads share slices, never
//! sums); no input file makes a reader panic or allocate beyond its limits.

pub mod alg;
pub mod calibration;
pub mod doubt;
pub mod export;
pub mod fft;
pub mod formats;
pub mod grid;
pub mod linalg;
pub mod linop;
pub mod metrics;
pub mod nufft;
pub mod phantom;
pub mod prepare;
pub mod prox;
pub mod random;
pub mod recon;
pub mod sampling;
pub mod series;

pub use grid::{C32, Grid, Stack};
