//! Methods by name, and what may be asked of them.

use crate::doubt::interval::{Factor, Factors};
use crate::formats::png::Windowing;
use crate::learned::Weights;
use std::fmt;
use std::str::FromStr;

/// A way to make an image of a plane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Root of the sum of squares of the coil images; missing points are zero.
    ZeroFilled,
    /// Least squares with sensitivities.
    CgSense,
    /// Missing lines from their neighbours; regular lines only.
    Grappa,
    /// Sparse in wavelets.
    L1Wavelet,
    /// Piecewise flat.
    TotalVariation,
    /// Images of one place made together: their differences are few.
    LocallyLowRank,
    /// By a trained network; needs [`Request::weights`].
    Learned,
}

impl Method {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::ZeroFilled,
        Self::CgSense,
        Self::Grappa,
        Self::L1Wavelet,
        Self::TotalVariation,
        Self::LocallyLowRank,
        Self::Learned,
    ];

    /// The name on the command line and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::ZeroFilled => "zero-filled",
            Self::CgSense => "cg-sense",
            Self::Grappa => "grappa",
            Self::L1Wavelet => "l1-wavelet",
            Self::TotalVariation => "total-variation",
            Self::LocallyLowRank => "llr",
            Self::Learned => "learned",
        }
    }

    /// A few letters for a series' title.
    pub fn short(self) -> &'static str {
        match self {
            Self::ZeroFilled => "ZF",
            Self::CgSense => "SENSE",
            Self::Grappa => "GRAPPA",
            Self::L1Wavelet => "L1W",
            Self::TotalVariation => "TV",
            Self::LocallyLowRank => "LLR",
            Self::Learned => "AI",
        }
    }

    /// Whether twice the data give twice the image, so that noise can be carried through.
    pub fn is_linear(self) -> bool {
        matches!(self, Self::ZeroFilled | Self::CgSense | Self::Grappa)
    }

    /// What the spread of the method's images is multiplied with for a 90 % interval, fitted on scans of the training families by
    /// `bevan mri evaluate --intervals --families training,held-out`. The network's stands on its card.
    pub fn interval_factors(self) -> Option<Factors> {
        let (lines, points) = match self {
            Self::CgSense => ((0.529, 1.517), (1.137, 0.396)),
            Self::L1Wavelet => ((0.749, 1.395), (1.774, 0.311)),
            Self::TotalVariation => ((0.926, 1.245), (2.195, 0.291)),
            Self::ZeroFilled | Self::Grappa | Self::LocallyLowRank | Self::Learned => return None,
        };
        let factor = |(base, power)| Factor { base, power };
        Some(Factors { lines: factor(lines), points: factor(points) })
    }

    /// The weight used when none is asked for, on scaled data.
    pub fn default_lambda(self) -> Option<f32> {
        match self {
            Self::ZeroFilled | Self::Grappa | Self::Learned => None,
            Self::CgSense => Some(0.003),
            Self::L1Wavelet | Self::TotalVariation => Some(0.002),
            Self::LocallyLowRank => Some(0.01),
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Method {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|method| method.name() == text);
        found.ok_or_else(|| {
            let names: Vec<&str> = Self::ALL.iter().map(|method| method.name()).collect();
            format!("no method {text:?}; there are auto, {}", names.join(", "))
        })
    }
}

/// What is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Request<'a> {
    /// The method; `None` takes zero filling where nothing is missing and L1-wavelet otherwise.
    pub method: Option<Method>,
    /// Weight on scaled data, or the method's own.
    pub lambda: Option<f32>,
    /// At most this many virtual coils.
    pub coils: Option<usize>,
    /// Make 90 % intervals.
    pub intervals: bool,
    /// Two sets of sensitivities: for a field of view tighter than the object.
    pub two_sets: bool,
    /// Draws the random shifts of L1-wavelet and LLR, and noise.
    pub seed: u64,
    /// Images with fresh noise that the noise map of a linear method is made from; 0 for no map.
    pub replicas: usize,
    /// From black to white, in place of 0 to the 99.5th percentile.
    pub window: Option<Windowing>,
    /// What the learned method goes by.
    pub weights: Option<Weights<'a>>,
}

impl Request<'_> {
    /// Receivers to compress to: as asked, or what the network knows.
    pub fn most_coils(&self) -> Option<usize> {
        let known = || self.weights.filter(|_| self.method == Some(Method::Learned));
        self.coils.or_else(|| known().map(|weights| weights.learned.card.coils.high as usize))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back() {
        for method in Method::ALL {
            assert_eq!(method.name().parse(), Ok(method));
        }
        assert!("magic".parse::<Method>().unwrap_err().contains("cg-sense"));
    }
}
