//! Learned reconstruction: a small unrolled network with data consistency, trained on generated data only.
//!
//! [`Learned`] reads one file of weights with its card, makes an image where the card allows it and says why where it
//! does not. The training code is `training/` in the repository; it runs the same start, the same data term and the
//! same layers, and a committed sample of its output is held against this code within 1e-4. Research use.

mod card;
mod conv;
pub mod gate;
mod network;
mod start;
mod tensors;
mod unet;
mod weights;

pub use card::{Card, Range};
pub use conv::{Conv, Instructions, Lane, Maps, Taps};
pub use network::{Network, System};
pub use start::Start;
pub use tensors::{Tensor, Tensors, WeightsError};
pub use weights::{SHIPPED, Weights};

use crate::grid::norm;
use crate::recon::{Image, Problem};
use gate::{Conditions, Figures, Reason};

/// Weights and their card.
#[derive(Debug, Clone)]
pub struct Learned {
    /// The network.
    pub network: Network,
    /// Where it may be used.
    pub card: Card,
}

impl Learned {
    /// From a safetensors file.
    pub fn read(bytes: &[u8]) -> Result<Self, WeightsError> {
        let tensors = Tensors::read(bytes)?;
        Ok(Self { network: Network::new(&tensors)?, card: Card::read(&tensors)? })
    }

    /// The image and what the gate saw, or why the classic method is to be used. `samples` is the number of measured values of all receivers;
    /// with the noise it gives the residual that noise alone would leave.
    pub fn reconstruct(
        &self,
        problem: &Problem,
        conditions: &Conditions,
        samples: usize,
    ) -> Result<(Image, Seen), Refused> {
        gate::scan(&self.card, conditions, problem.scale())?;
        let (image, start) = self.network.reconstruct(problem).ok_or(Refused::Sets)?;
        if !norm(&image.sets.values).is_finite() {
            return Err(Refused::NotFinite);
        }
        let expected = conditions.noise.map(|sd| {
            let energy = problem.data_norm().max(f64::MIN_POSITIVE);
            (2.0 * samples as f64).sqrt() * sd / energy
        });
        let figures = Figures::of(problem, &image, &start);
        let over_noise = expected.map(|expected| figures.unexplained / expected.max(f64::MIN_POSITIVE));
        gate::image(&self.card, &figures, over_noise)?;
        Ok((image, Seen { figures, over_noise }))
    }
}

/// What the gate saw of an image that it let through.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    /// The image's figures.
    pub figures: Figures,
    /// The residual over the one that noise alone leaves, where noise is known.
    pub over_noise: Option<f64>,
}

/// Why there is no learned image.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum Refused {
    /// Outside what the weights know.
    #[error("{0}")]
    Outside(Reason),
    /// The network knows one set of sensitivities.
    #[error("the network does not know several sets of sensitivities")]
    Sets,
    /// The network's image holds a value that is not a number.
    #[error("the network's image did not stay finite")]
    NotFinite,
}

impl From<Reason> for Refused {
    fn from(reason: Reason) -> Self {
        Self::Outside(reason)
    }
}
