//! Coil sensitivities from the fully sampled centre of k-space.

mod espirit;
mod kernels;
mod leading;

pub use espirit::{Espirit, Maps, espirit};
