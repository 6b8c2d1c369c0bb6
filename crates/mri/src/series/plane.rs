//! One plane: coil k-space to a magnitude, by the method asked for or the next simpler one.

use super::fit::{Axis, fitted};
use super::{Facts, Gate, Method, Request};
use crate::calibration::{Espirit, espirit};
use crate::doubt::{magnitude_spread, with_noise};
use crate::fft::centred_inverse;
use crate::grid::{Grid, Stack, norm_sqr};
use crate::learned::gate::Conditions;
use crate::prepare::{CoilBasis, CoilCompression, PartialFourier, partial_fourier};
use crate::random::Random;
use crate::recon::{self, CgSense, Grappa, Image, L1Wavelet, Problem, TvFista};
use crate::sampling::Mask;

/// Lines and samples below which sensitivities are not learnt.
const LEAST_CALIBRATION: usize = 8;
/// Beyond this share of the longer side, the shorter side of k-space counts as complete.
const SYMMETRIC: f32 = 0.9;

/// What a plane is made from.
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
    /// Standard deviation that noise makes.
    pub noise: Option<Vec<f32>>,
    /// How it was made.
    pub facts: Facts,
}

/// Makes the plane.
pub fn plane(input: Input, request: &Request, (rows, cols): (Axis, Axis)) -> Plane {
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
    let made = attempt(wanted, &input, (&mask, block), request, &mut facts);
    let images = match made {
        Ok(images) => images,
        Err(reason) => fall_back(&input, (&mask, block), request, (wanted, reason), &mut facts),
    };
    let images = fitted(images, rows, cols);
    let noise = spread(&input, (&mask, block), request, (&images, &facts, rows, cols));
    Plane { image: images.rss(), zero_filled, noise, facts }
}

/// Noise carried through, where it is known, asked for, and the method is linear. Filling a side of k-space is not.
fn spread(
    input: &Input,
    (mask, block): (&Mask, Grid),
    request: &Request,
    (images, facts, rows, cols): (&Stack, &Facts, Axis, Axis),
) -> Option<Vec<f32>> {
    if request.replicas == 0 || !input.white || !facts.method.is_linear() || facts.partial_fourier {
        return None;
    }
    let mut random = Random::new(request.seed).part(1);
    let request = Request { method: Some(facts.method), ..*request };
    magnitude_spread(images, request.replicas, &mut |_| {
        let image = with_noise(&input.image, mask, &mut random);
        let noisy = Input { image, calibration: input.calibration.clone(), white: true };
        let made = attempt(facts.method, &noisy, (mask, block), &request, &mut facts.clone()).ok()?;
        Some(fitted(made, rows, cols))
    })
}

/// CG-SENSE if that can be done, else zero filling.
fn fall_back(
    input: &Input,
    sampling: (&Mask, Grid),
    request: &Request,
    (wanted, reason): (Method, String),
    facts: &mut Facts,
) -> Stack {
    let simpler = Request { lambda: None, ..*request };
    let mut reason = format!("{wanted} was not possible: {reason}");
    if wanted != Method::CgSense && wanted != Method::ZeroFilled {
        match attempt(Method::CgSense, input, sampling, &simpler, facts) {
            Ok(images) => {
                (facts.method, facts.fallback) = (Method::CgSense, Some(reason));
                return images;
            }
            Err(why) if reason.ends_with(&why) => {}
            Err(why) => reason = format!("{reason}; nor was cg-sense: {why}"),
        }
    }
    (facts.method, facts.fallback) = (Method::ZeroFilled, Some(reason));
    let (filled, partial) = filled(&input.image, sampling.0);
    facts.partial_fourier = partial;
    centred_inverse(&filled)
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

/// Complex images whose root sum of squares is the magnitude.
fn attempt(
    method: Method,
    input: &Input,
    (mask, block): (&Mask, Grid),
    request: &Request,
    facts: &mut Facts,
) -> Result<Stack, String> {
    if input.image.values.iter().all(|v| *v == crate::grid::ZERO) {
        return Err("no signal in the data".into());
    }
    match method {
        Method::ZeroFilled => {
            let (filled, partial) = filled(&input.image, mask);
            facts.partial_fourier = partial;
            return Ok(centred_inverse(&filled));
        }
        Method::Grappa => {
            let calibrated = Mask::from_kspace(&input.calibration);
            let settings = Grappa::default();
            let block = input.calibration.crop(calibrated.calibration_block(settings.calibration));
            let made = recon::grappa_from(&input.image, mask, &block, &settings);
            return made.map(|filled| centred_inverse(&filled)).map_err(|error| error.to_string());
        }
        _ => {}
    }
    if block.rows < LEAST_CALIBRATION || block.cols < LEAST_CALIBRATION {
        return Err(format!(
            "sensitivities need a fully measured centre of {LEAST_CALIBRATION} × {LEAST_CALIBRATION}, here {} × {}",
            block.rows, block.cols
        ));
    }
    let maps = espirit(&input.calibration, block, &Espirit::default())
        .ok_or("no sensitivities could be learnt from the centre of k-space")?;
    let problem = Problem::new(&input.image, mask, maps.sets).map_err(|error| error.to_string())?;
    let image = match method {
        Method::Learned => learned(&problem, (input, mask), request, facts)?,
        _ => solved(method, &problem, request),
    };
    if image.sets.values.iter().any(|v| !(v.re.is_finite() && v.im.is_finite())) {
        return Err("the iterations did not stay finite".into());
    }
    facts.residual = Some(problem.residual(&image));
    Ok(image.sets)
}

/// By the network, if its gate lets scan and image through.
fn learned(
    problem: &Problem,
    (input, mask): (&Input, &Mask),
    request: &Request,
    facts: &mut Facts,
) -> Result<Image, String> {
    let weights = request.weights.ok_or("there are no weights")?;
    let conditions = Conditions {
        acceleration: mask.acceleration(),
        coils: input.image.count,
        grid: problem.grid(),
        // White noise has unit variance, half of it in each part.
        noise: input.white.then_some(std::f64::consts::FRAC_1_SQRT_2),
    };
    let made = weights.learned.reconstruct(problem, &conditions, mask.count() * input.image.count);
    let (image, seen) = made.map_err(|refused| {
        let reason = refused.to_string();
        facts.gate = Some(Gate::Outside(reason.clone()));
        reason
    })?;
    facts.gate = Some(Gate::Inside(seen));
    Ok(image)
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

/// First and last measured row and column.
fn extent(mask: &Mask) -> Option<[(usize, usize); 2]> {
    let Grid { cols, .. } = mask.grid();
    let row_on = |row: &[bool]| row.iter().any(|on| *on);
    let mut rows = mask.sampled().chunks_exact(cols.max(1)).enumerate().filter(|(_, row)| row_on(row));
    let first = rows.next()?.0;
    let last = rows.next_back().map_or(first, |(row, _)| row);
    let on = |col: &usize| mask.sampled().iter().skip(*col).step_by(cols.max(1)).any(|on| *on);
    Some([(first, last), ((0..cols).find(on)?, (0..cols).rev().find(on)?)])
}

/// Whether everything between the first and the last measured row and column is measured.
fn is_complete(mask: &Mask) -> bool {
    extent(mask).is_some_and(|[rows, cols]| (rows.1 + 1 - rows.0) * (cols.1 + 1 - cols.0) == mask.count())
}

/// k-space with a side that was not measured filled from the other, where that is what is missing.
fn filled(kspace: &Stack, mask: &Mask) -> (Stack, bool) {
    let Some([rows, cols]) = extent(mask).filter(|_| is_complete(mask)) else {
        return (kspace.clone(), false);
    };
    let mut done = (kspace.clone(), false);
    for ((first, last), turned) in [(cols, false), (rows, true)] {
        let stack = if turned { done.0.transposed() } else { done.0.clone() };
        if let Some(found) = one_side(&stack, first, last) {
            done = (if turned { found.into_transposed() } else { found }, true);
        }
    }
    done
}

/// Columns `first..=last` are measured: fills the shorter side up to the length of the longer one.
fn one_side(kspace: &Stack, first: usize, last: usize) -> Option<Stack> {
    let Grid { rows, cols } = kspace.grid;
    let centre = cols / 2;
    let (before, after) = (centre.checked_sub(first)?, (last + 1).checked_sub(centre)?);
    let (short, long) = (before.min(after), before.max(after));
    if short as f32 >= SYMMETRIC * long as f32 || long - short < 2 {
        return None;
    }
    let measured: Vec<bool> = (0..cols).map(|col| (first..=last).contains(&col)).collect();
    let mask = Mask::from_lines(rows, &measured);
    let mut filled = partial_fourier(kspace, &mask, &PartialFourier::default())?;
    // Beyond the longer side nothing was measured at all: the picture's resolution ends there.
    let kept: Vec<bool> = (0..cols).map(|col| col + long >= centre && col < centre + long).collect();
    Mask::from_lines(rows, &kept).apply(&mut filled);
    Some(filled)
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
