//! MR image reconstruction: from undersampled raw data to images, by the field's classic methods.
//!
//! The problem: `y_c = P F S_c x + n_c`, with `x` the image, `S_c` the sensitivity of coil `c`, `F` the unitary
//! centred Fourier transform, `P` the sampling and `n_c` noise; the answer: `argmin_x ½‖Ax − y‖² + λ R(x)`.
//! [`phantom`] makes data, [`formats`] reads and writes them, [`prepare`] whitens and compresses, [`calibration`]
//! finds the sensitivities, [`linop`] holds `A`, [`prox`] holds `R`, [`alg`] the iterations, and [`recon`] puts them
//! together under the names physicists use. [`series`] goes the whole way from a raw scan to images with their places in
//! the patient, [`export`] makes files of them. [`learned`] reconstructs by a trained network, and [`anatomy`] makes
//! the scans it is trained on. [`doubt`] says how uncertain an image is, [`metrics`] how far it is from the truth, and
//! [`trial`] which method comes nearest.
//!
//! Invariants: knows no patients and uses none of our crates; reads no clock, no entropy and no environment; the
//! same data, settings and seed give the same image bit for bit at any thread count (threads share slices, never
//! sums); no input file makes a reader panic or allocate beyond its limits.

pub mod alg;
pub mod anatomy;
pub mod calibration;
pub mod doubt;
pub mod export;
pub mod fft;
pub mod formats;
pub mod grid;
pub mod learned;
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
pub mod trial;

pub use grid::{C32, Grid, Stack};
