//! One plane: coil k-space to a magnitude, by the method asked for or the next simpler one.

use super::fit::{Axis, fitted};
use super::partial::{completed, filled, is_complete};
use super::{Doubt, Facts, Gate, Method, Request, Residual};
use crate::calibration::{Espirit, espirit};
use crate::doubt::interval::{self, MEMBERS, member};
use crate::doubt::{g_factor, magnitude_spread, with_noise};
use crate::fft::centred_inverse;
use crate::grid::{Grid, Stack, norm_sqr};
use crate::learned::gate::Conditions;
use crate::prepare::{CoilBasis, CoilCompression};
use crate::random::Random;
use crate::recon::{self, CgSense, Grappa, Image, L1Wavelet, Problem, TvFista};
use crate::sampling::Mask;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Lines and samples below which sensitivities are not learnt.
const LEAST_CALIBRATION: usize = 8;

/// What a plane is made from.
#[derive(Clone)]
pub struct Input {
    /// What the image is made from.
    pub image: Stack,
    /// The same with calibration lines, or the mean of all frames.
    pub calibration: Stack,
    /// Whether noise is white with unit variance.
    pub white: bool,
}

/// A plane's magnitudes.
pub struct Plane {
    /// The image.
    pub image: Vec<f32>,
    /// The zero-filled image.
    pub zero_filled: Vec<f32>,
    /// How far to trust each pixel, where it was asked for and is known.
    pub doubt: BTreeMap<Doubt, Vec<f32>>,
    /// What the image does not explain.
    pub residual: Option<Residual>,
    /// How it was made.
    pub facts: Facts,
}

/// Complex images whose root sum of squares is the magnitude, and what they leave of the data.
pub struct Made {
    /// The images.
    pub images: Stack,
    /// What they do not explain, where the method has a model of the data.
    pub residual: Option<Residual>,
}

impl Made {
    fn of(images: Stack) -> Self {
        Self { images, residual: None }
    }
}

/// A plane to make, and what is known before.
pub struct Begun {
    /// Compressed.
    pub input: Input,
    /// What was measured.
    pub mask: Mask,
    /// Size of the calibration block.
    pub block: Grid,
    maps: OnceLock<Result<Vec<Stack>, String>>,
    zero_filled: Vec<f32>,
    wanted: Method,
    /// What is known of how it is made.
    pub facts: Facts,
}

/// Makes the plane.
pub fn plane(input: Input, request: &Request, axes: (Axis, Axis)) -> Plane {
    let mut begun = Begun::of(input, request, axes);
    let made = begun.attempt(begun.wanted, request);
    begun.finished(made, request, axes)
}

impl Begun {
    /// Compresses and counts.
    pub fn of(input: Input, request: &Request, (rows, cols): (Axis, Axis)) -> Self {
        let mask = Mask::from_kspace(&input.image);
        let zero_filled = fitted(centred_inverse(&input.image), rows, cols).rss();
        let input = compressed(input, request.most_coils());
        let complete = is_complete(&mask);
        let block = Mask::from_kspace(&input.calibration).calibration_block(Grid::new(24, 24));
        let wanted = request.method.unwrap_or(if complete { Method::ZeroFilled } else { Method::L1Wavelet });
        let mut facts = Facts {
            method: wanted,
            fallback: None,
            acceleration: mask.acceleration(),
            residual: None,
            expected_residual: None,
            coils: input.image.count,
            calibration: (block.rows, block.cols),
            partial_fourier: false,
            gate: None,
        };
        if input.white {
            let power = norm_sqr(&input.image.values).max(f64::MIN_POSITIVE);
            facts.expected_residual = Some(((mask.count() * input.image.count) as f64 / power).sqrt());
        }
        Self { input, mask, block, maps: OnceLock::new(), zero_filled, wanted, facts }
    }

    /// The plane of what was made, or of the next simpler method.
    pub fn finished(
        mut self,
        made: Result<Made, String>,
        request: &Request,
        (rows, cols): (Axis, Axis),
    ) -> Plane {
        let Made { images, residual } = match made {
            Ok(made) => made,
            Err(reason) => self.fall_back(request, reason),
        };
        let images = fitted(images, rows, cols);
        let mut doubt = BTreeMap::new();
        if let Some(noise) = self.spread(request, &images, (rows, cols)) {
            if matches!(self.facts.method, Method::CgSense | Method::Grappa) {
                let pixels = |axis: Axis| (axis.keep as f32 / axis.make.max(1) as f32).min(1.0);
                // Of a fully sampled image on a finer matrix each pixel has less noise.
                let full = (pixels(rows) * pixels(cols)).sqrt();
                let g = g_factor(&noise, self.facts.acceleration).into_iter().map(|g| g / full);
                doubt.insert(Doubt::GFactor, g.collect());
            }
            doubt.insert(Doubt::Noise, noise);
        }
        if let Some(interval) = self.interval(request, &images, (rows, cols)) {
            doubt.insert(Doubt::Interval, interval);
        }
        Plane { image: images.rss(), zero_filled: self.zero_filled, doubt, residual, facts: self.facts }
    }

    /// Noise carried through, where it is known, asked for, and the method is linear. Filling a side of k-space is not.
    fn spread(&self, request: &Request, images: &Stack, (rows, cols): (Axis, Axis)) -> Option<Vec<f32>> {
        let facts = &self.facts;
        if request.replicas == 0 || !self.input.white || !facts.method.is_linear() || facts.partial_fourier {
            return None;
        }
        let mut random = Random::new(request.seed).part(1);
        magnitude_spread(images, request.replicas, &mut |_| {
            let noisy = with_noise(&self.input.image, &self.mask, &mut random);
            Some(fitted(self.again(facts.method, &noisy, &self.mask, request)?, rows, cols))
        })
    }

    /// Half widths of 90 % intervals, where noise is known and the method has a factor. An image with a side of k-space filled, or with
    /// two sets of sensitivities, is of no kind that a factor was measured on.
    fn interval(&self, request: &Request, images: &Stack, (rows, cols): (Axis, Axis)) -> Option<Vec<f32>> {
        let facts = &self.facts;
        if !request.intervals || !self.input.white || facts.partial_fourier || images.count != 1 {
            return None;
        }
        let factors = match facts.method {
            Method::Learned => request.weights?.learned.card.interval,
            method => method.interval_factors(),
        }?;
        // What fell back was made at the simpler method's own weight.
        let lambda = request.lambda.filter(|_| facts.fallback.is_none());
        let request = Request { lambda, ..*request };
        let mut random = Random::new(request.seed).part(2);
        let sd = std::f32::consts::FRAC_1_SQRT_2;
        let members = (0..MEMBERS).map(|_| {
            let (kspace, mask) = member(&self.input.image, (&self.mask, self.block), sd, &mut random);
            Some(fitted(self.again(facts.method, &kspace, &mask, &request)?, rows, cols).rss())
        });
        let members: Vec<Vec<f32>> = members.collect::<Option<_>>()?;
        let factor = factors.at(&self.mask);
        let spread = interval::spread(&images.rss(), &members, images.grid);
        Some(spread.into_iter().map(|sd| sd * factor).collect())
    }

    /// Images of other data by the same method, with the same sensitivities and without asking a gate.
    pub fn again(&self, method: Method, kspace: &Stack, mask: &Mask, request: &Request) -> Option<Stack> {
        match method {
            Method::ZeroFilled => Some(centred_inverse(&filled(kspace, mask).0)),
            Method::Grappa => self.grappa(kspace, mask).ok(),
            _ => {
                let problem = Problem::new(kspace, mask, self.maps(request).clone().ok()?).ok()?;
                let image = match method {
                    Method::Learned => request.weights?.learned.network.reconstruct(&problem)?.0,
                    _ => solved(method, &problem, request),
                };
                Some(completed(image, mask, method).0.sets)
            }
        }
    }

    /// CG-SENSE if that can be done, else zero filling.
    fn fall_back(&mut self, request: &Request, reason: String) -> Made {
        let wanted = self.wanted;
        let simpler = Request { lambda: None, ..*request };
        let mut reason = format!("{wanted} was not possible: {reason}");
        if wanted != Method::CgSense && wanted != Method::ZeroFilled {
            match self.attempt(Method::CgSense, &simpler) {
                Ok(made) => {
                    (self.facts.method, self.facts.fallback) = (Method::CgSense, Some(reason));
                    return made;
                }
                Err(why) if reason.ends_with(&why) => {}
                Err(why) => reason = format!("{reason}; nor was cg-sense: {why}"),
            }
        }
        (self.facts.method, self.facts.fallback) = (Method::ZeroFilled, Some(reason));
        let (filled, partial) = filled(&self.input.image, &self.mask);
        self.facts.partial_fourier = partial;
        Made::of(centred_inverse(&filled))
    }

    fn attempt(&mut self, method: Method, request: &Request) -> Result<Made, String> {
        if self.input.image.values.iter().all(|v| *v == crate::grid::ZERO) {
            return Err("no signal in the data".into());
        }
        match method {
            Method::ZeroFilled => {
                let (filled, partial) = filled(&self.input.image, &self.mask);
                self.facts.partial_fourier = partial;
                return Ok(Made::of(centred_inverse(&filled)));
            }
            Method::Grappa => return self.grappa(&self.input.image, &self.mask).map(Made::of),
            Method::LocallyLowRank => {
                return Err("it takes several images of one place, and there is one".into());
            }
            _ => {}
        }
        let problem = self.problem(request)?;
        let image = match method {
            Method::Learned => self.learned(&problem, request)?,
            _ => solved(method, &problem, request),
        };
        self.checked(&problem, image, method)
    }

    /// The plane's equations.
    pub fn problem(&self, request: &Request) -> Result<Problem, String> {
        let maps = self.maps(request).clone()?;
        Problem::new(&self.input.image, &self.mask, maps).map_err(|error| error.to_string())
    }

    /// Sensitivities, learnt once.
    fn maps(&self, request: &Request) -> &Result<Vec<Stack>, String> {
        self.maps.get_or_init(|| {
            let block = self.block;
            if block.rows < LEAST_CALIBRATION || block.cols < LEAST_CALIBRATION {
                return Err(format!(
                    "sensitivities need a fully measured centre of {LEAST_CALIBRATION} × {LEAST_CALIBRATION}, here {} × {}",
                    block.rows, block.cols
                ));
            }
            let sets = if request.two_sets && request.method != Some(Method::Learned) { 2 } else { 1 };
            let settings = Espirit { sets, ..Espirit::default() };
            let maps = espirit(&self.input.calibration, block, &settings);
            Ok(maps.ok_or("no sensitivities could be learnt from the centre of k-space")?.sets)
        })
    }

    fn grappa(&self, kspace: &Stack, mask: &Mask) -> Result<Stack, String> {
        let calibrated = Mask::from_kspace(&self.input.calibration);
        let settings = Grappa::default();
        let block = self.input.calibration.crop(calibrated.calibration_block(settings.calibration));
        let made = recon::grappa_from(kspace, mask, &block, &settings);
        made.map(|filled| centred_inverse(&filled)).map_err(|error| error.to_string())
    }

    /// What came of a method that has a model of the data, with the side of k-space that was not measured filled.
    pub fn checked(&mut self, problem: &Problem, image: Image, method: Method) -> Result<Made, String> {
        if image.sets.values.iter().any(|v| !(v.re.is_finite() && v.im.is_finite())) {
            return Err("the iterations did not stay finite".into());
        }
        let (image, partial) = completed(image, &self.mask, method);
        self.facts.partial_fourier = partial;
        self.facts.residual = Some(problem.residual(&image));
        let values = problem.unexplained(&image, &self.input.image);
        let residual = values.map(|values| Residual { grid: self.mask.grid(), values });
        Ok(Made { images: image.sets, residual })
    }

    /// By the network, if its gate lets scan and image through.
    fn learned(&mut self, problem: &Problem, request: &Request) -> Result<Image, String> {
        let weights = request.weights.ok_or("there are no weights")?;
        let coils = self.input.image.count;
        let conditions = Conditions {
            acceleration: self.mask.acceleration(),
            coils,
            grid: problem.grid(),
            // White noise has unit variance, half of it in each part.
            noise: self.input.white.then_some(std::f64::consts::FRAC_1_SQRT_2),
        };
        let made = weights.learned.reconstruct(problem, &conditions, self.mask.count() * coils);
        let (image, seen) = made.map_err(|refused| {
            let reason = refused.to_string();
            self.facts.gate = Some(Gate::Outside(reason.clone()));
            reason
        })?;
        self.facts.gate = Some(Gate::Inside(seen));
        Ok(image)
    }
}

fn compressed(input: Input, most: Option<usize>) -> Input {
    let Some(most) = most.filter(|most| *most < input.image.count) else { return input };
    let settings = CoilCompression { energy: 1.0, most };
    match CoilBasis::learn(&input.calibration, &settings) {
        Some(basis) => Input {
            image: basis.apply(&input.image),
            calibration: basis.apply(&input.calibration),
            white: input.white,
        },
        None => input,
    }
}

/// By one of the iterative methods; anything else is CG-SENSE.
pub fn solved(method: Method, problem: &Problem, request: &Request) -> Image {
    let lambda = request.lambda.or(method.default_lambda()).unwrap_or_default();
    match method {
        Method::L1Wavelet => {
            recon::l1_wavelet(problem, &L1Wavelet { lambda, seed: request.seed, ..L1Wavelet::default() })
        }
        Method::TotalVariation => recon::total_variation(problem, &TvFista { lambda, ..TvFista::default() }),
        _ => recon::cg_sense(problem, &CgSense { lambda, ..CgSense::default() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::{ellipse_mask, score};
    use crate::phantom::{Phantom, add_noise};
    use crate::sampling::{equispaced_lines, random_lines};

    const SIDE: usize = 64;

    fn made(lines: &[bool], request: &Request) -> (Plane, f64) {
        let grid = Grid::new(SIDE, SIDE);
        let mut kspace = Phantom::head(grid, 6, 1).kspace();
        let reference = recon::zero_filled(&kspace);
        add_noise(&mut kspace.values, 0.002, 1);
        Mask::from_lines(SIDE, lines).apply(&mut kspace);
        let input = Input { calibration: kspace.clone(), image: kspace, white: false };
        let axis = Axis { keep: SIDE, make: SIDE };
        let plane = plane(input, request, (axis, axis));
        let error = score(grid, &plane.image, &reference, &ellipse_mask(grid, 0.92, 0.69)).nrmse;
        (plane, error)
    }

    #[test]
    fn the_method_follows_what_was_measured() {
        let (full, error) = made(&[true; SIDE], &Request::default());
        assert!(full.facts.method == Method::ZeroFilled && error < 0.05 && !full.facts.partial_fourier);
        let partial: Vec<bool> = (0..SIDE).map(|col| col >= 20).collect();
        let (half, error) = made(&partial, &Request::default());
        assert!(half.facts.partial_fourier && error < 0.1, "{error}");
        let (fast, error) = made(&random_lines(SIDE, 24, 12, 1), &Request::default());
        assert_eq!((fast.facts.method, fast.facts.fallback), (Method::L1Wavelet, None));
        assert!(error < 0.15 && fast.facts.residual.unwrap() < 0.2, "{error} {:?}", fast.facts.residual);
        let grappa = Request { method: Some(Method::Grappa), ..Request::default() };
        let (regular, error) = made(&equispaced_lines(SIDE, 2, 0, 20), &grappa);
        assert!(regular.facts.fallback.is_none() && error < 0.1, "{error}");
    }

    #[test]
    fn what_is_not_possible_falls_back_and_says_so() {
        let grappa = Request { method: Some(Method::Grappa), ..Request::default() };
        let (plane, error) = made(&random_lines(SIDE, 24, 12, 1), &grappa);
        assert_eq!(plane.facts.method, Method::CgSense);
        assert!(plane.facts.fallback.unwrap().contains("not regular") && error < 0.3);
        let (blind, _) = made(&equispaced_lines(SIDE, 4, 1, 0), &Request::default());
        assert_eq!(blind.facts.method, Method::ZeroFilled);
        assert!(blind.facts.fallback.unwrap().contains("fully measured centre"));
    }

    #[test]
    fn silence_is_a_black_picture_with_a_reason() {
        let (plane, _) = made(&[false; SIDE], &Request::default());
        assert!(plane.facts.fallback.unwrap().contains("no signal"));
        assert!(plane.image.iter().all(|v| *v == 0.0));
    }
}
