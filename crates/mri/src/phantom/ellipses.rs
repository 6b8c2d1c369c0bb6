//! Ellipses and their Fourier transforms. The field of view is [−1, 1)²; rows run along the first coordinate.
//!
//! An ellipse with half axes `a, b`, turned by `α` about its centre `c`, transforms to
//! `ab · J₁(2πq)/q · e^{−2πi k·c}` with `q = |(a k′₁, b k′₂)|` and `k′` turned by `α`; `πab` at 0. Coordinates of the
//! modified Shepp–Logan head: Toft, PhD thesis, DTU 1996.

use super::bessel_j1;
use crate::linalg::C64;
use crate::random::Random;
use std::f64::consts::{PI, TAU};

/// One ellipse of uniform intensity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ellipse {
    /// Added inside.
    pub intensity: f64,
    /// Half axes along rows and columns before turning.
    pub axes: (f64, f64),
    /// Centre.
    pub centre: (f64, f64),
    /// Turn in radians.
    pub angle: f64,
}

impl Ellipse {
    /// Whether a point lies inside.
    pub fn holds(&self, row: f64, col: f64) -> bool {
        let (u, v) = self.turned(row - self.centre.0, col - self.centre.1);
        (u / self.axes.0).powi(2) + (v / self.axes.1).powi(2) <= 1.0
    }

    fn turned(&self, u: f64, v: f64) -> (f64, f64) {
        let (sin, cos) = self.angle.sin_cos();
        (cos * u + sin * v, cos * v - sin * u)
    }

    /// The transform at `(k_row, k_col)` in cycles per unit length.
    fn at(&self, k: (f64, f64)) -> C64 {
        let (u, v) = self.turned(k.0, k.1);
        let (a, b) = self.axes;
        let q = (a * u).hypot(b * v);
        let size = if q < 1e-9 { PI * a * b } else { a * b * bessel_j1(TAU * q) / q };
        C64::from_polar(self.intensity * size, -TAU * (k.0 * self.centre.0 + k.1 * self.centre.1))
    }
}

/// Transform of the sum of ellipses.
pub fn transform(ellipses: &[Ellipse], k: (f64, f64)) -> C64 {
    ellipses.iter().map(|e| e.at(k)).sum()
}

/// The modified Shepp–Logan head, its long axis along rows.
pub fn shepp_logan() -> Vec<Ellipse> {
    // Intensity, half axes (long, short as given: along columns, along rows), centre (columns, rows), degrees.
    const TABLE: [[f64; 6]; 10] = [
        [1.0, 0.69, 0.92, 0.0, 0.0, 0.0],
        [-0.8, 0.6624, 0.874, 0.0, -0.0184, 0.0],
        [-0.2, 0.11, 0.31, 0.22, 0.0, -18.0],
        [-0.2, 0.16, 0.41, -0.22, 0.0, 18.0],
        [0.1, 0.21, 0.25, 0.0, 0.35, 0.0],
        [0.1, 0.046, 0.046, 0.0, 0.1, 0.0],
        [0.1, 0.046, 0.046, 0.0, -0.1, 0.0],
        [0.1, 0.046, 0.023, -0.08, -0.605, 0.0],
        [0.1, 0.023, 0.023, 0.0, -0.606, 0.0],
        [0.1, 0.023, 0.046, 0.06, -0.605, 0.0],
    ];
    TABLE
        .iter()
        .map(|&[intensity, across, along, col, row, degrees]| Ellipse {
            intensity,
            axes: (along, across),
            centre: (-row, col),
            angle: degrees.to_radians(),
        })
        .collect()
}

/// A skull, its filling and 12 to 24 random ellipses inside.
pub fn random_ellipses(seed: u64) -> Vec<Ellipse> {
    let mut random = Random::new(seed).part(1);
    let mut between = |low: f64, high: f64| low + (high - low) * random.uniform();
    let (long, short, angle) = (between(0.75, 0.93), between(0.6, 0.75), between(-0.3, 0.3));
    let rim = between(0.02, 0.06);
    let outer = Ellipse { intensity: 1.0, axes: (long, short), centre: (0.0, 0.0), angle };
    let inner = Ellipse { intensity: -between(0.4, 0.8), axes: (long - rim, short - rim), ..outer };
    let mut ellipses = vec![outer, inner];
    for _ in 0..between(12.0, 24.0) as usize {
        let (radius, turn) = (between(0.0, 0.5), between(0.0, TAU));
        ellipses.push(Ellipse {
            intensity: between(-0.2, 0.3),
            axes: (between(0.02, 0.25), between(0.02, 0.25)),
            centre: (radius * turn.cos(), radius * turn.sin()),
            angle: between(0.0, PI),
        });
    }
    ellipses
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transform_is_the_integral() {
        let ellipse = Ellipse { intensity: 0.7, axes: (0.5, 0.2), centre: (0.1, -0.3), angle: 0.6 };
        let steps = 800;
        for k in [(0.0, 0.0), (1.3, -0.4), (0.2, 2.5)] {
            let mut sum = C64::new(0.0, 0.0);
            for i in 0..steps * steps {
                let at = |j: usize| -1.0 + 2.0 * (j as f64 + 0.5) / steps as f64;
                let (row, col) = (at(i / steps), at(i % steps));
                if ellipse.holds(row, col) {
                    sum += C64::from_polar(0.7, -TAU * (k.0 * row + k.1 * col));
                }
            }
            let integral = sum * (2.0 / steps as f64).powi(2);
            assert!((integral - transform(&[ellipse], k)).norm() < 1e-3, "{k:?}");
        }
    }

    #[test]
    fn the_head_is_not_its_own_mirror_image() {
        let head = shepp_logan();
        let value = |r: f64, c: f64| head.iter().filter(|e| e.holds(r, c)).map(|e| e.intensity).sum::<f64>();
        assert_ne!(value(0.0, 0.35), value(0.0, -0.35));
        assert_ne!(value(0.55, 0.0), value(-0.55, 0.0));
        assert!((value(0.0, 0.0) - 0.2).abs() < 1e-12);
    }
}
