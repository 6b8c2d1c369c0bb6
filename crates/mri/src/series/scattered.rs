//! One plane measured along a trajectory: samples to a magnitude, by the method asked for or the next simpler one.

use super::fit::{Axis, fitted};
use super::plane::{Plane, solved};
use super::{Facts, Method, Request};
use crate::calibration::{Espirit, central_kspace, espirit, measured_block};
use crate::formats::mrd::Samples;
use crate::grid::{C32, Grid, Stack, ZERO};
use crate::linop::LinearOperator;
use crate::nufft::{Nufft, area_density};
use crate::prepare::{CoilBasis, CoilCompression};
use crate::recon::{Problem, Weighting};
use crate::sampling::measured_cells;
use std::collections::BTreeMap;

/// A side of the measured centre below which sensitivities are not learnt.
const LEAST_CALIBRATION: usize = 8;
/// Counted acceleration up to which nothing but the corners of k-space is missing.
const COMPLETE: f64 = 1.4;

/// What a plane is made from.
pub struct ScatteredInput {
    /// What the image is made from.
    pub image: Samples,
    /// The same, or all frames of the slice.
    pub calibration: Samples,
    /// Whether noise is white with unit variance.
    pub white: bool,
}

/// Samples with what each stands for.
struct Measured {
    samples: Samples,
    areas: Vec<f32>,
}

impl Measured {
    fn of(samples: Samples, grid: Grid) -> (Self, Nufft) {
        let transform = Nufft::new(grid, &samples.points);
        let areas = area_density(&transform, samples.points.len());
        (Self { samples, areas }, transform)
    }

    fn places(&self) -> (&[(f32, f32)], &[f32]) {
        (&self.samples.points, &self.areas)
    }

    /// Coil images by gridding: each sample by its area.
    fn gridded(&self, transform: &Nufft) -> Stack {
        let grid = transform.grid();
        let values = &self.samples.values;
        let images = values.planes().flat_map(|plane| {
            let weighted: Vec<C32> = plane.iter().zip(&self.areas).map(|(y, area)| y * area).collect();
            let mut image = vec![ZERO; grid.pixels()];
            transform.adjoint(&weighted, &mut image);
            image
        });
        Stack { grid, count: values.count, values: images.collect() }
    }
}

/// Makes the plane of size `grid`, the encoded matrix.
pub fn scattered(input: ScatteredInput, request: &Request, grid: Grid, (rows, cols): (Axis, Axis)) -> Plane {
    let input = compressed(input, request.coils, grid);
    let own = input.calibration == input.image;
    let (measured, transform) = Measured::of(input.image, grid);
    let zero_filled = measured.gridded(&transform);
    let block = measured_block(&input.calibration.points);
    let cells = measured_cells(measured.samples.points.iter().copied());
    let acceleration = grid.pixels() as f64 / cells.max(1) as f64;
    let chosen = if acceleration <= COMPLETE { Method::CgSense } else { Method::L1Wavelet };
    let wanted = request.method.unwrap_or(chosen);
    let mut facts = Facts {
        method: wanted,
        fallback: None,
        acceleration,
        residual: None,
        expected_residual: None,
        coils: measured.samples.values.count,
        calibration: (block, block),
        partial_fourier: false,
        gate: None,
    };
    let maps = sensitivities(&measured, (!own).then_some(&input.calibration), block, grid);
    let try_one = |method: Method, facts: &mut Facts, request: &Request| {
        let image = attempt(method, &measured, &maps, request)?;
        let Some((image, residual, expected)) = image else { return Ok(zero_filled.clone()) };
        facts.residual = Some(residual);
        facts.expected_residual = input.white.then_some(expected);
        Ok::<Stack, String>(image)
    };
    let images = match try_one(wanted, &mut facts, request) {
        Ok(images) => images,
        Err(reason) => {
            let mut reason = format!("{wanted} was not possible: {reason}");
            let simpler = Request { lambda: None, ..*request };
            let second = match wanted {
                Method::CgSense => Err(String::new()),
                _ => try_one(Method::CgSense, &mut facts, &simpler),
            };
            facts.method = if second.is_ok() { Method::CgSense } else { Method::ZeroFilled };
            if let Err(why) = &second
                && !reason.ends_with(why.as_str())
            {
                reason = format!("{reason}; nor was cg-sense: {why}");
            }
            facts.fallback = Some(reason);
            second.unwrap_or_else(|_| zero_filled.clone())
        }
    };
    let magnitude = |stack: Stack| fitted(stack, rows, cols).rss();
    Plane {
        image: magnitude(images),
        zero_filled: magnitude(zero_filled),
        doubt: BTreeMap::new(),
        residual: None,
        facts,
    }
}

fn compressed(input: ScatteredInput, most: Option<usize>, grid: Grid) -> ScatteredInput {
    let count = input.image.values.count;
    let Some(most) = most.filter(|most| *most < count) else { return input };
    let settings = CoilCompression { energy: 1.0, most };
    let (calibration, _) = Measured::of(input.calibration, grid);
    // Samples crowd in the centre: their areas keep it from outweighing the rest.
    let mut even = calibration.samples.values.clone();
    for plane in even.planes_mut() {
        plane.iter_mut().zip(&calibration.areas).for_each(|(y, area)| *y *= area.max(0.0).sqrt());
    }
    let calibration = calibration.samples;
    match CoilBasis::learn(&even, &settings) {
        Some(basis) => {
            let apply = |s: &Samples| Samples { points: s.points.clone(), values: basis.apply(&s.values) };
            ScatteredInput {
                image: apply(&input.image),
                calibration: apply(&calibration),
                white: input.white,
            }
        }
        None => ScatteredInput { calibration, ..input },
    }
}

/// Maps of unit norm, or why there are none.
fn sensitivities(
    measured: &Measured,
    other: Option<&Samples>,
    block: usize,
    grid: Grid,
) -> Result<Stack, String> {
    if block < LEAST_CALIBRATION {
        return Err(format!(
            "sensitivities need a measured centre of {LEAST_CALIBRATION} × {LEAST_CALIBRATION}, here {block} × {block}"
        ));
    }
    let centre = match other {
        Some(samples) => {
            let (calibration, _) = Measured::of(samples.clone(), grid);
            central_kspace(calibration.places(), &calibration.samples.values, grid)
        }
        None => central_kspace(measured.places(), &measured.samples.values, grid),
    };
    let maps = espirit(&centre, Grid::new(block, block), &Espirit::default());
    let first = maps.and_then(|maps| maps.sets.into_iter().next());
    let first = first.filter(|maps| maps.values.iter().any(|value| *value != ZERO));
    first.ok_or_else(|| "no sensitivities could be learnt from the centre of k-space".into())
}

/// The image, the share of the data it leaves, and the share that noise would leave; `None` for gridding alone.
fn attempt(
    method: Method,
    measured: &Measured,
    maps: &Result<Stack, String>,
    request: &Request,
) -> Result<Option<(Stack, f64, f64)>, String> {
    let values = &measured.samples.values.values;
    if values.iter().all(|v| *v == ZERO) {
        return Err("no signal in the data".into());
    }
    match method {
        Method::ZeroFilled => return Ok(None),
        Method::Grappa => return Err("it takes lines, and this is another trajectory".into()),
        Method::LocallyLowRank => return Err("it takes lines, and this is another trajectory".into()),
        Method::Learned => {
            return Err("the network knows lines and points, and this is another trajectory".into());
        }
        _ => {}
    }
    let maps = maps.clone()?;
    let problem =
        Problem::scattered(values, measured.places(), maps, Weighting::Area).map_err(|e| e.to_string())?;
    let image = solved(method, &problem, request);
    if image.sets.values.iter().any(|v| !(v.re.is_finite() && v.im.is_finite())) {
        return Err("the iterations did not stay finite".into());
    }
    let residual = problem.residual(&image);
    Ok(Some((image.sets, residual, noise_share(measured))))
}

/// What noise of unit variance leaves unexplained, each sample by its area as in the data term.
fn noise_share(measured: &Measured) -> f64 {
    let weight = |area: &f32| f64::from(area.min(1.0));
    let values = &measured.samples.values;
    let noise = measured.areas.iter().map(weight).sum::<f64>() * values.count as f64;
    let weighted = values.planes().flat_map(|plane| {
        plane.iter().zip(&measured.areas).map(move |(y, area)| f64::from(y.norm_sqr()) * weight(area))
    });
    (noise / weighted.sum::<f64>().max(f64::MIN_POSITIVE)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::{ellipse_mask, score};
    use crate::phantom::{Phantom, add_noise};
    use crate::recon::zero_filled;
    use crate::sampling::{radial_spokes, spiral_arms};

    const SIDE: usize = 64;

    fn made(points: Vec<(f32, f32)>, method: Option<Method>) -> (Plane, f64, f64) {
        let grid = Grid::new(SIDE, SIDE);
        let phantom = Phantom::head(grid, 6, 1);
        let reference = zero_filled(&phantom.kspace());
        let mut values = phantom.coils.samples(grid, &phantom.ellipses, &points);
        add_noise(&mut values.values, 0.002, 1);
        let samples = Samples { points, values };
        let input = ScatteredInput { image: samples.clone(), calibration: samples, white: false };
        let axis = Axis { keep: SIDE, make: SIDE };
        let request = Request { method, ..Request::default() };
        let plane = scattered(input, &request, grid, (axis, axis));
        let inside = ellipse_mask(grid, 0.92, 0.69);
        let error = |image: &[f32]| score(grid, image, &reference, &inside).nrmse;
        let errors = (error(&plane.image), error(&plane.zero_filled));
        (plane, errors.0, errors.1)
    }

    #[test]
    fn spokes_and_arms_become_the_head_and_missing_ones_are_made_up_for() {
        let (full, error, _) = made(radial_spokes(SIDE, 128, 101).points, None);
        assert!(full.facts.method == Method::CgSense && error < 0.15, "{error} {:?}", full.facts);
        for points in [radial_spokes(SIDE, 128, 32).points, spiral_arms(SIDE, 8, 3.0).points] {
            let (fast, error, gridded) = made(points, None);
            assert_eq!((fast.facts.method, &fast.facts.fallback), (Method::L1Wavelet, &None));
            assert!(error < 0.2 && error < 0.7 * gridded, "{error} {gridded}");
            assert!(fast.facts.acceleration > 1.4 && fast.facts.residual.is_some_and(|r| r < 0.2));
        }
    }

    #[test]
    fn what_is_not_possible_falls_back_and_says_so() {
        let (lines, error, _) = made(radial_spokes(SIDE, 128, 48).points, Some(Method::Grappa));
        assert!(lines.facts.method == Method::CgSense && error < 0.3, "{error}");
        assert!(lines.facts.fallback.unwrap().contains("another trajectory"));
        let (blind, _, _) = made(radial_spokes(SIDE, 128, 4).points, None);
        assert_eq!(blind.facts.method, Method::ZeroFilled);
        assert!(blind.facts.fallback.unwrap().contains("measured centre"));
        assert_eq!(blind.image, blind.zero_filled);
    }
}
