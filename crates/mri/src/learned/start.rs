//! What the network starts from: three images that the classic methods make of the scan, with weights that follow its noise.
//!
//! Their mean is the first image. How they differ says where the scan is noise, edge or texture, so every cascade sees
//! the differences too: little total variation against much, and wavelets against both. What forty years of
//! mathematics can undo, the network need not learn; a processor can then train it in hours.

use crate::grid::C32;
use crate::recon::{Image, L1Wavelet, Problem, TvFista, l1_wavelet, total_variation};

/// A weight: so many standard deviations of the noise, and on scaled data at least so much, because few samples ask for some
/// even without noise.
struct Weight {
    of_noise: f32,
    least: f32,
}

/// Little and much total variation: on generated scans the best weight is near a fifth of the noise.
const LITTLE: Weight = Weight { of_noise: 0.1, least: 0.0003 };
const MUCH: Weight = Weight { of_noise: 0.4, least: 0.0015 };
const WAVELET: Weight = Weight { of_noise: 0.3, least: 0.0005 };
/// Half the usual iterations: a third opinion, not a final image.
const WAVELET_ITERATIONS: usize = 50;
/// Noise where the scan cannot be asked, along a trajectory.
const USUAL_NOISE: f32 = 0.007;

impl Weight {
    fn at(&self, noise: f32) -> f32 {
        (self.of_noise * noise).max(self.least)
    }
}

/// The planes that the network starts from, on scaled data.
#[derive(Debug, Clone, PartialEq)]
pub struct Start {
    /// The mean of the classic images.
    pub image: Vec<C32>,
    /// Little less much total variation; wavelets less the mean of both.
    pub hints: [Vec<C32>; 2],
}

impl Start {
    /// Of a problem with one set of sensitivities. The three images are made side by side.
    pub fn of(problem: &Problem) -> Self {
        let variation = |lambda| total_variation(problem, &TvFista { lambda, ..TvFista::default() });
        let noise = problem.noise().unwrap_or(USUAL_NOISE);
        let wavelet =
            L1Wavelet { iterations: WAVELET_ITERATIONS, lambda: WAVELET.at(noise), ..L1Wavelet::default() };
        let ((little, much), wavelet) = rayon::join(
            || rayon::join(|| variation(LITTLE.at(noise)), || variation(MUCH.at(noise))),
            || l1_wavelet(problem, &wavelet),
        );
        Self::from_images([&little, &much, &wavelet], problem.scale())
    }

    fn from_images([little, much, wavelet]: [&Image; 3], scale: f32) -> Self {
        let pairs = little.sets.values.iter().zip(&much.sets.values);
        let (image, (contrast, third)): (Vec<C32>, (Vec<C32>, Vec<C32>)) = pairs
            .zip(&wavelet.sets.values)
            .map(|((little, much), wavelet)| {
                let variation = (little + much) * 0.5;
                let mean = (little + much + wavelet) / (3.0 * scale);
                (mean, ((little - much) / scale, (wavelet - variation) / scale))
            })
            .unzip();
        Self { image, hints: [contrast, third] }
    }
}
