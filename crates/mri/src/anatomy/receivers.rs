//! Receive coils: current loops around the body, smooth spots, or random low-order polynomials, with correlated noise.
//!
//! Sensitivities are complex lattices ([`Lattice`]); combining coils is combining lattices, so receivers are whitened
//! and compressed before anything is transformed, and the cost of a scan follows the virtual coils and not the real ones.

use super::draw::{angle, chance, log_range, range};
use super::field::Lattice;
use crate::grid::{C32, ZERO};
use crate::linalg::C64;
use crate::random::Random;
use std::f32::consts::{PI, TAU};

/// Points along a side of the lattice.
const SIDE: usize = 22;
/// Straight pieces of a loop.
const PIECES: usize = 12;

/// Receivers and the covariance of their noise.
#[derive(Debug, Clone)]
pub struct Receivers {
    /// One sensitivity per coil.
    pub coils: Vec<Lattice>,
    /// `count × count`, Hermitian, row by row.
    pub covariance: Vec<C64>,
}

impl Receivers {
    /// `count` coils of a random kind.
    pub fn draw(random: &mut Random, count: usize) -> Self {
        let coils = match random.below(10) {
            0..=5 => loops(random, count),
            6..=7 => spots(random, count),
            _ => polynomials(random, count),
        };
        Self { coils, covariance: covariance(random, count) }
    }
}

/// Rectangular arrays and rings of loops: `B_x − i B_y` of each by Biot and Savart, in a random plane of the array.
fn loops(random: &mut Random, count: usize) -> Vec<Lattice> {
    let (radius, reach) = (range(random, 0.25, 0.7), range(random, 1.15, 1.7));
    let flat = chance(random, 0.3);
    let rings = if count > 8 && chance(random, 0.6) { 2 } else { 1 };
    let (tilt, start) = (range(random, -0.5, 0.5), angle(random));
    (0..count)
        .map(|coil| {
            let (ring, place) = (coil % rings, coil / rings);
            let share = (place as f32 + range(random, -0.15, 0.15)) / count.div_ceil(rings) as f32;
            let height =
                (ring as f32 - 0.5 * (rings as f32 - 1.0)) * 1.2 * radius + tilt * range(random, 0.5, 1.0);
            let (centre, normal) = if flat {
                let side = if coil % 2 == 0 { 1.0 } else { -1.0 };
                ([side * reach, 2.0 * share - 1.0, height], [-side, 0.0, 0.0])
            } else {
                let turn = start + TAU * share;
                ([reach * turn.cos(), reach * turn.sin(), height], [-turn.cos(), -turn.sin(), 0.0])
            };
            let (size, spin) = (radius * range(random, 0.9, 1.1), angle(random));
            let wire = wire(centre, normal, size);
            let turn = C32::from_polar(range(random, 0.7, 1.3), spin);
            Lattice::new(SIDE, |row, col| field(&wire, [row, col, 0.0]) * turn)
        })
        .collect()
}

/// Corners of a loop around `centre`.
fn wire(centre: [f32; 3], normal: [f32; 3], radius: f32) -> Vec<[f32; 3]> {
    // Two directions across the normal: one along z, one in the plane.
    let across = [-normal[1], normal[0], 0.0];
    let at = |i: usize| {
        let (sin, cos) = (TAU * i as f32 / PIECES as f32).sin_cos();
        let [x, y, z] = centre;
        [x + radius * cos * across[0], y + radius * cos * across[1], z + radius * sin]
    };
    (0..=PIECES).map(at).collect()
}

/// `B_x − i B_y` at a point.
fn field(wire: &[[f32; 3]], [px, py, pz]: [f32; 3]) -> C32 {
    wire.iter().zip(wire.iter().skip(1)).fold(ZERO, |sum, ([ax, ay, az], [bx, by, bz])| {
        let (dx, dy, dz) = (bx - ax, by - ay, bz - az);
        let (rx, ry, rz) = (px - 0.5 * (ax + bx), py - 0.5 * (ay + by), pz - 0.5 * (az + bz));
        let cube = (rx * rx + ry * ry + rz * rz + 0.01).powf(1.5);
        sum + C32::new((dy * rz - dz * ry) / cube, -(dz * rx - dx * rz) / cube)
    })
}

/// Bell-shaped spots with a slope of phase.
fn spots(random: &mut Random, count: usize) -> Vec<Lattice> {
    let width = range(random, 0.5, 1.1);
    (0..count)
        .map(|coil| {
            let turn = TAU * (coil as f32 + range(random, -0.3, 0.3)) / count as f32;
            let reach = range(random, 0.7, 1.4);
            let (row, col) = (reach * turn.cos(), reach * turn.sin());
            let (spin, slope) = (angle(random), (range(random, -PI, PI), range(random, -PI, PI)));
            Lattice::new(SIDE, |r, c| {
                let square = (r - row).powi(2) + (c - col).powi(2);
                C32::from_polar((-square / (2.0 * width * width)).exp(), spin + slope.0 * r + slope.1 * c)
            })
        })
        .collect()
}

/// Complex polynomials of third order with falling coefficients.
fn polynomials(random: &mut Random, count: usize) -> Vec<Lattice> {
    (0..count)
        .map(|_| {
            let terms: Vec<(i32, i32, C32)> = (0..4)
                .flat_map(|i| (0..4 - i).map(move |j| (i, j)))
                .map(|(i, j)| (i, j, random.normal() * 0.7f32.powi(i + j)))
                .collect();
            Lattice::new(SIDE, |r, c| terms.iter().map(|(i, j, w)| w * (r.powi(*i) * c.powi(*j))).sum())
        })
        .collect()
}

/// `G Gᴴ` with `G` near the identity: unequal gains, neighbours that share noise.
fn covariance(random: &mut Random, count: usize) -> Vec<C64> {
    let shared = range(random, 0.0, 0.25);
    let mixing: Vec<C64> = (0..count * count)
        .map(|i| {
            let (a, b) = (i / count, i % count);
            let apart = a.abs_diff(b).min(count - a.abs_diff(b)) as i32;
            let own = if a == b { log_range(random, 0.6, 1.6) } else { 0.0 };
            let drawn = random.normal() * shared * 0.5f32.powi(apart.min(30));
            C64::new(f64::from(own + drawn.re), f64::from(drawn.im))
        })
        .collect();
    let rows: Vec<&[C64]> = mixing.chunks_exact(count.max(1)).collect();
    let product = |a: &[C64], b: &[C64]| a.iter().zip(b).map(|(a, b)| a * b.conj()).sum::<C64>();
    rows.iter().flat_map(|a| rows.iter().map(move |b| product(a, b))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::Grid;
    use crate::linalg::cholesky;

    #[test]
    fn a_loop_is_strongest_before_itself_and_its_axis_field_is_the_formula() {
        let wire = wire([1.5, 0.0, 0.0], [-1.0, 0.0, 0.0], 0.5);
        let near = field(&wire, [1.0, 0.0, 0.0]).norm();
        let far = field(&wire, [-0.5, 0.0, 0.0]).norm();
        assert!(near > 5.0 * far);
        // On the axis the field falls as 1/(a² + x²)^{3/2}.
        let expected = ((0.25f32 + 4.0) / (0.25 + 0.25)).powf(1.5);
        assert!((near / far / expected - 1.0).abs() < 0.15, "{} {expected}", near / far);
    }

    #[test]
    fn every_kind_covers_the_field_and_noise_is_positive_definite() {
        for seed in 0..30 {
            let mut random = Random::new(seed);
            let count = 4 + (seed as usize * 5) % 29;
            let receivers = Receivers::draw(&mut random, count);
            assert_eq!(receivers.coils.len(), count);
            assert!(cholesky(&receivers.covariance, count).is_some(), "{seed}");
            let grid = Grid::new(16, 16);
            let mut sum = vec![0f32; grid.pixels()];
            for coil in &receivers.coils {
                sum.iter_mut().zip(coil.on(grid)).for_each(|(sum, s)| *sum += s.norm_sqr());
            }
            assert!(sum.iter().all(|s| *s > 0.0 && s.is_finite()));
        }
    }
}
