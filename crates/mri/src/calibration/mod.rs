//! Coil sensitivities from the fully sampled centre of k-space.

mod espirit;
mod kernels;
mod leading;
mod scattered;

pub use espirit::{Espirit, Maps, espirit};
pub use scattered::{central_kspace, measured_block};
