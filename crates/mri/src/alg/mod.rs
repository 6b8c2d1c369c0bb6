//! Iterations that know nothing of MR: conjugate gradients, FISTA, POCS and the power method, over closures.
//!
//! Each works on complex vectors and stops after a fixed number of iterations or at a relative change; none looks
//! at a clock, so the same input gives the same bits.

mod conjugate_gradient;
mod fista;
mod power;

pub use conjugate_gradient::{CgOutcome, CgSettings, conjugate_gradient};
pub use fista::{FistaSettings, fista};
pub use power::largest_eigenvalue;
