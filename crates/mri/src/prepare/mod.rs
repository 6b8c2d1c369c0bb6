//! What happens to raw data before reconstruction: noise is whitened, readout oversampling removed, coils are
//! compressed, and a partly measured half of k-space is filled.

mod compress;
mod oversampling;
mod partial_fourier;
mod whiten;

pub use compress::{CoilBasis, CoilCompression, compress_coils};
pub use oversampling::remove_oversampling;
pub use partial_fourier::{PartialFourier, partial_fourier};
pub use whiten::{Whitening, noise_covariance};
