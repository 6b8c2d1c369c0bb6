//! What the network starts from: three images that the classic methods make of the scan with fixed weights.
//!
//! Their mean is the first image. How they differ says where the scan is noise, edge or texture, so every cascade sees
//! the differences too: little total variation against much, and wavelets against both. What forty years of
//! mathematics can undo, the network need not learn; a processor can then train it in hours.

use crate::grid::C32;
use crate::recon::{Image, L1Wavelet, Problem, TvFista, l1_wavelet, total_variation};

/// Little and much total variation, on scaled data.
const TOTAL_VARIATION: [f32; 2] = [0.0008, 0.005];
/// Wavelets, on scaled data, with half the usual iterations: a third opinion, not a final image.
const WAVELET: L1Wavelet = L1Wavelet { iterations: 50, lambda: 0.002, seed: 0 };

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
        let [little, much] = TOTAL_VARIATION;
        let ((little, much), wavelet) = rayon::join(
            || rayon::join(|| variation(little), || variation(much)),
            || l1_wavelet(problem, &WAVELET),
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
