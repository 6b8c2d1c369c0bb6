//! A scan of a random anatomy: painted on a grid twice as fine, seen through receivers, cut to the scan's k-space,
//! with noise and a mask. One seed rebuilds all of it.
//!
//! Receivers are whitened by a covariance estimated from finite noise samples (or not at all) and compressed to the
//! wanted number, as for a real scan; whatever the estimate left is in the noise. What a scanner leaves empty at the
//! edges of k-space is empty in the reference too.

use super::canvas::Canvas;
use super::draw::{chance, log_range, range, whole};
use super::family::Family;
use super::field::{Lattice, phase};
use super::masks::Sampling;
use super::outline::Outline;
use super::receivers::Receivers;
use crate::fft::{centred_along_cols, centred_inverse};
use crate::grid::{C32, Grid, Stack, ZERO, percentile};
use crate::linalg::{C64, cholesky, hermitian_eigen, solve_lower};
use crate::random::Random;
use crate::sampling::Mask;
use crate::trial::Lesion;

/// What to make.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// Rows and columns of the image.
    pub grid: Grid,
    /// Virtual receivers after compression.
    pub coils: usize,
    /// The anatomy.
    pub family: Family,
    /// The sampling.
    pub sampling: Sampling,
    /// Wanted acceleration.
    pub acceleration: f64,
    /// Noise of the image, relative to its 99th percentile.
    pub noise: f32,
}

/// Most physical receivers.
const MOST_RECEIVERS: usize = 32;

/// A simulated scan.
#[derive(Debug, Clone, PartialEq)]
pub struct Scan {
    /// Masked noisy k-space of the virtual coils.
    pub kspace: Stack,
    /// Where it was sampled.
    pub mask: Mask,
    /// Noise-free images of the virtual coils.
    pub coil_images: Stack,
    /// Where the body is.
    pub support: Vec<bool>,
    /// Standard deviation of noise per real and imaginary part.
    pub noise_sd: f32,
    /// Physical receivers.
    pub receivers: usize,
}

impl Scan {
    /// Makes the scan of `seed`.
    pub fn draw(plan: &Plan, seed: u64) -> Self {
        Self::draw_with(plan, seed, None)
    }

    /// The same with a lesion.
    pub fn draw_with(plan: &Plan, seed: u64, lesion: Option<Lesion>) -> Self {
        let random = Random::new(seed);
        let grid = plan.grid;
        let fine = Grid::new(2 * grid.rows, 2 * grid.cols);
        let (mut object, bodies) = object(plan.family, fine, &mut random.part(1));
        if let Some(lesion) = lesion {
            insert(&lesion, &mut object, fine);
        }
        let mut draw = random.part(2);
        let receivers = whole(&mut draw, plan.coils, MOST_RECEIVERS.min(4 * plan.coils).max(plan.coils));
        let array = Receivers::draw(&mut draw, receivers);
        let (coils, covariance) = virtual_coils(&array, plan.coils, &object, fine, &mut draw);
        let mut full = kspace(&object, &coils, grid);
        let mut mask = plan.sampling.draw(grid, plan.acceleration, &mut random.part(3));
        cut_edges(&mut full, &mut mask, &mut random.part(4));
        let coil_images = centred_inverse(&full);
        let noise_sd = plan.noise * percentile(&coil_images.rss(), 0.99) / std::f32::consts::SQRT_2;
        add_noise(&mut full, &mask, (&covariance, noise_sd), &mut random.part(5));
        mask.apply(&mut full);
        let support = support(grid, &bodies);
        Self { kspace: full, mask, coil_images, support, noise_sd, receivers }
    }

    /// Root sum of squares of the noise-free coil images.
    pub fn reference(&self) -> Vec<f32> {
        self.coil_images.rss()
    }
}

/// The complex picture on the fine grid.
fn object(family: Family, fine: Grid, random: &mut Random) -> (Vec<C32>, Vec<Outline>) {
    let mut canvas = Canvas::new(fine, random);
    let bodies = family.paint(&mut canvas, random);
    let side = whole(random, 4, 7);
    let strength = range(random, 0.0, 0.5);
    let bias = Lattice::new(side, |_, _| C32::new(strength * random.normal().re, 0.0)).on(fine);
    let turns = if chance(random, 0.2) { range(random, 1.0, 3.0) } else { range(random, 0.0, 1.0) };
    let slow = phase(random, turns).on(fine);
    let jump = jump(random);
    let at = |i: usize, count: usize| (i as f32 + 0.5) / count as f32 * 2.0 - 1.0;
    let values = canvas.amplitude.iter().zip(&canvas.phase).zip(bias.iter().zip(&slow)).enumerate();
    let object = values.map(|(i, ((amplitude, own), (bias, slow)))| {
        if *amplitude == 0.0 {
            return ZERO;
        }
        let sudden = jump.as_ref().map_or(0.0, |(outline, size)| {
            let (row, col) = (at(i / fine.cols, fine.rows), at(i % fine.cols, fine.cols));
            size * outline.cover(row, col, 0.004)
        });
        C32::from_polar(amplitude * bias.re.exp(), own + slow.re + sudden)
    });
    (object.collect(), bodies)
}

fn insert(lesion: &Lesion, object: &mut [C32], fine: Grid) {
    let at = |i: usize, count: usize| (i as f32 + 0.5) / count as f32 * 2.0 - 1.0;
    for (i, value) in object.iter_mut().enumerate() {
        *value *= lesion.factor((at(i / fine.cols, fine.rows), at(i % fine.cols, fine.cols)), fine);
    }
}

/// A region whose phase differs at once, in some scans.
fn jump(random: &mut Random) -> Option<(Outline, f32)> {
    chance(random, 0.2).then(|| {
        let centre = (range(random, -0.8, 0.8), range(random, -0.8, 0.8));
        let half = (range(random, 0.1, 0.8), range(random, 0.1, 0.8));
        let outline = Outline::ellipse(centre, half, range(random, 0.0, 3.0)).spline(random, 7, 0.5);
        (outline, range(random, -3.2, 3.2))
    })
}

/// Sensitivities of `count` virtual coils, strongest first, and the covariance of what noise they have.
fn virtual_coils(
    array: &Receivers,
    count: usize,
    object: &[C32],
    fine: Grid,
    random: &mut Random,
) -> (Vec<Lattice>, Vec<C64>) {
    let physical = array.coils.len();
    let identity =
        |i: usize| if i.is_multiple_of(physical + 1) { C64::new(1.0, 0.0) } else { C64::new(0.0, 0.0) };
    let factor = chance(random, 0.85)
        .then(|| cholesky(&estimated(&array.covariance, physical, random), physical))
        .flatten()
        .unwrap_or_else(|| (0..physical * physical).map(identity).collect());
    // Rows of `L⁻¹`: whitened coil by whitened coil the weights of the physical ones.
    let inverse = inverse_lower(&factor, physical);
    let white: Vec<Lattice> =
        inverse.chunks_exact(physical).map(|row| Lattice::combined(&array.coils, &single(row))).collect();
    let basis = strongest(&white, count, object, fine);
    let weights: Vec<Vec<C64>> =
        basis.chunks_exact(physical).map(|row| product(row, &inverse, physical)).collect();
    let coils = basis.chunks_exact(physical).map(|row| Lattice::combined(&white, &single(row))).collect();
    let noise = |a: &[C64], b: &[C64]| -> C64 {
        let through = array.covariance.chunks_exact(physical).zip(a);
        through.map(|(row, a)| a * row.iter().zip(b).map(|(c, b)| c * b.conj()).sum::<C64>()).sum()
    };
    let covariance = weights.iter().flat_map(|a| weights.iter().map(move |b| noise(a, b))).collect();
    (coils, normalised(covariance, count))
}

/// Mean variance 1, so that the noise level means the same with and without whitening.
fn normalised(mut covariance: Vec<C64>, count: usize) -> Vec<C64> {
    let mean = covariance.iter().step_by(count + 1).map(|v| v.re).sum::<f64>() / count.max(1) as f64;
    covariance.iter_mut().for_each(|v| *v /= mean.max(f64::MIN_POSITIVE));
    covariance
}

/// The covariance as some hundreds to thousands of noise samples show it.
fn estimated(covariance: &[C64], count: usize, random: &mut Random) -> Vec<C64> {
    let samples = log_range(random, 300.0, 20_000.0);
    let off = 1.0 / samples.sqrt();
    let mut drawn = covariance.to_vec();
    for i in 0..count {
        for j in 0..=i {
            let size = |k: usize| covariance.get(k * (count + 1)).map_or(0.0, |v| v.re.abs()).sqrt();
            let normal = random.normal() * off * (size(i) * size(j)) as f32;
            let error = C64::new(normal.re.into(), if i == j { 0.0 } else { normal.im.into() });
            if let Some(v) = drawn.get_mut(i * count + j) {
                *v += error;
            }
            if let Some(v) = drawn.get_mut(j * count + i).filter(|_| i != j) {
                *v += error.conj();
            }
        }
    }
    drawn
}

fn inverse_lower(factor: &[C64], count: usize) -> Vec<C64> {
    let columns: Vec<Vec<C64>> = (0..count)
        .map(|column| {
            let mut unit: Vec<C64> =
                (0..count).map(|i| C64::new(if i == column { 1.0 } else { 0.0 }, 0.0)).collect();
            solve_lower(factor, &mut unit);
            unit
        })
        .collect();
    (0..count).flat_map(|row| columns.iter().filter_map(move |column| column.get(row).copied())).collect()
}

/// The orthonormal combinations of white coils with most signal, estimated on every 16th pixel of the object.
fn strongest(white: &[Lattice], count: usize, object: &[C32], fine: Grid) -> Vec<C64> {
    let coarse = Grid::new(fine.rows.div_ceil(16), fine.cols.div_ceil(16));
    let seen: Vec<C32> = (0..coarse.pixels())
        .map(|i| {
            let (row, col) = (16 * (i / coarse.cols), 16 * (i % coarse.cols));
            object.get(row * fine.cols + col).copied().unwrap_or(ZERO)
        })
        .collect();
    let images: Vec<Vec<C32>> =
        white.iter().map(|coil| coil.on(coarse).iter().zip(&seen).map(|(s, m)| s * m).collect()).collect();
    let gram: Vec<C64> =
        images.iter().flat_map(|a| images.iter().map(move |b| crate::grid::dot(b, a))).collect();
    let Some(eigen) = hermitian_eigen(&gram, white.len()) else { return Vec::new() };
    eigen.vectors().rev().take(count).flatten().map(C64::conj).collect()
}

fn product(row: &[C64], matrix: &[C64], count: usize) -> Vec<C64> {
    let mut sum = vec![C64::new(0.0, 0.0); count];
    for (weight, line) in row.iter().zip(matrix.chunks_exact(count.max(1))) {
        sum.iter_mut().zip(line).for_each(|(sum, value)| *sum += weight * value);
    }
    sum
}

fn single(row: &[C64]) -> Vec<C32> {
    row.iter().map(|w| C32::new(w.re as f32, w.im as f32)).collect()
}

/// k-space of the object through the coils: the centre of the fine grid's.
fn kspace(object: &[C32], coils: &[Lattice], grid: Grid) -> Stack {
    let fine = Grid::new(2 * grid.rows, 2 * grid.cols);
    let mut values = Vec::with_capacity(coils.len() * grid.pixels());
    for coil in coils {
        let seen = coil.on(fine).iter().zip(object).map(|(s, m)| s * m).collect();
        let image = Stack { grid: fine, count: 1, values: seen };
        let lines = centred_along_cols(&image, false).crop(Grid::new(fine.rows, grid.cols));
        let plane = centred_along_cols(&lines.into_transposed(), false).crop(grid.transposed());
        values.extend(plane.into_transposed().values);
    }
    Stack { grid, count: coils.len(), values }
}

/// In some scans the outermost lines or samples are not encoded: empty in data and reference.
fn cut_edges(full: &mut Stack, mask: &mut Mask, random: &mut Random) {
    if !chance(random, 0.25) {
        return;
    }
    let grid = full.grid;
    let share = (range(random, 0.75, 1.0), range(random, 0.75, 1.0));
    let size = |n: usize, share: f32| ((n as f32 * share) as usize).max(n / 2);
    let (row, col, kept) = grid.centre(Grid::new(size(grid.rows, share.0), size(grid.cols, share.1)));
    let inside = |i: usize| {
        (row..row + kept.rows).contains(&(i / grid.cols)) && (col..col + kept.cols).contains(&(i % grid.cols))
    };
    // The mask keeps whole rows of lines: only columns are taken away, rows are merely zero.
    let lines = mask.lines().is_some();
    let sampled = mask.sampled().iter().enumerate().map(|(i, on)| {
        let encoded = if lines { (col..col + kept.cols).contains(&(i % grid.cols)) } else { inside(i) };
        *on && encoded
    });
    if let Some(cut) = Mask::from_points(grid, sampled.collect()) {
        *mask = cut;
    }
    for plane in full.planes_mut() {
        plane.iter_mut().enumerate().filter(|(i, _)| !inside(*i)).for_each(|(_, value)| *value = ZERO);
    }
}

/// Correlated noise where something is sampled.
fn add_noise(full: &mut Stack, mask: &Mask, (covariance, sd): (&[C64], f32), random: &mut Random) {
    let count = full.count;
    let Some(factor) = cholesky(covariance, count) else { return };
    let rows: Vec<Vec<C32>> = factor.chunks_exact(count.max(1)).map(single).collect();
    let mut white = vec![ZERO; count];
    for pixel in (0..full.grid.pixels()).filter(|i| mask.sampled().get(*i) == Some(&true)) {
        white.iter_mut().for_each(|value| *value = random.normal() * sd);
        for (plane, row) in full.planes_mut().zip(&rows) {
            if let Some(value) = plane.get_mut(pixel) {
                *value += row.iter().zip(&white).map(|(a, b)| a * b).sum::<C32>();
            }
        }
    }
}

fn support(grid: Grid, bodies: &[Outline]) -> Vec<bool> {
    let at = |i: usize, count: usize| (i as f32 + 0.5) / count as f32 * 2.0 - 1.0;
    let inside = |i: usize| {
        let (row, col) = (at(i / grid.cols, grid.rows), at(i % grid.cols, grid.cols));
        bodies.iter().any(|body| body.cover(row, col, 0.01) > 0.5)
    };
    (0..grid.pixels()).map(inside).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::score;
    use crate::recon::zero_filled;

    fn plan(family: Family) -> Plan {
        Plan {
            grid: Grid::new(64, 72),
            coils: 5,
            family,
            sampling: Sampling::RandomLines,
            acceleration: 3.0,
            noise: 0.01,
        }
    }

    #[test]
    fn one_seed_gives_one_scan_bit_for_bit() {
        let make = |seed| Scan::draw(&plan(Family::Head), seed);
        assert_eq!(make(3), make(3));
        assert_ne!(make(3).kspace, make(4).kspace);
    }

    #[test]
    fn every_family_fills_a_body_and_nothing_else() {
        for family in Family::TRAINING.into_iter().chain(Family::HELD_OUT) {
            for seed in 0..4 {
                let scan = Scan::draw(&plan(family), seed);
                assert!(scan.kspace.values.iter().all(|v| v.re.is_finite() && v.im.is_finite()), "{family}");
                let reference = scan.reference();
                let power = |inside: bool| -> f32 {
                    let kept = reference.iter().zip(&scan.support).filter(|(_, on)| **on == inside);
                    kept.map(|(r, _)| r * r).sum()
                };
                assert!(
                    power(true) > 20.0 * power(false),
                    "{family} {seed} {} {}",
                    power(true),
                    power(false)
                );
                let share = scan.support.iter().filter(|on| **on).count() as f32 / 4608.0;
                assert!((0.15..0.95).contains(&share), "{family} {share}");
            }
        }
    }

    #[test]
    fn noise_has_its_level_and_full_sampling_shows_the_reference() {
        let plan = Plan { acceleration: 1.0, noise: 0.02, ..plan(Family::Limb) };
        let scan = Scan::draw(&plan, 7);
        assert!(scan.mask.acceleration() < 1.4);
        let score = score(plan.grid, &zero_filled(&scan.kspace), &scan.reference(), &scan.support);
        assert!(score.nrmse > 0.005 && score.nrmse < 0.4, "{}", score.nrmse);
    }
}
