//! Closed curves that are seen from their middle: ellipses, polygons, splines and wavy borders.
//!
//! The field of view is `[−1, 1)` along rows and columns. A curve is a radius for each direction, stretched to two half
//! axes and turned; how much of a pixel it covers follows from the distance to the curve along the ray from the middle.

use super::draw::{angle, range};
use crate::random::Random;
use std::f32::consts::TAU;

const DIRECTIONS: usize = 256;

/// A closed curve.
#[derive(Debug, Clone)]
pub struct Outline {
    /// Row and column of the middle.
    pub centre: (f32, f32),
    /// Half axes.
    pub half: (f32, f32),
    cos: f32,
    sin: f32,
    radii: [f32; DIRECTIONS],
    least: f32,
    most: f32,
}

impl Outline {
    /// An ellipse.
    pub fn ellipse(centre: (f32, f32), half: (f32, f32), turn: f32) -> Self {
        Self::of(centre, half, turn, [1.0; DIRECTIONS])
    }

    /// A disc.
    pub fn disc(centre: (f32, f32), radius: f32) -> Self {
        Self::ellipse(centre, (radius, radius), 0.0)
    }

    /// A polygon of `corners` at random radii between `1 − depth` and 1.
    pub fn polygon(self, random: &mut Random, corners: usize, depth: f32) -> Self {
        let knots = knots(random, corners, depth);
        // Between two corners a straight line, not a straight radius.
        let step = TAU / knots.len() as f32;
        self.with(|direction| {
            let (before, after, part) = between(&knots, direction);
            let (from, to) = (part * step, (1.0 - part) * step);
            before * after * step.sin() / (before * from.sin() + after * to.sin()).max(1e-6)
        })
    }

    /// A smooth curve through random radii between `1 − depth` and 1.
    pub fn spline(self, random: &mut Random, count: usize, depth: f32) -> Self {
        let knots = knots(random, count, depth);
        let at = |i: usize| knots.get(i % knots.len()).copied().unwrap_or(1.0);
        self.with(|direction| {
            let place = direction * knots.len() as f32;
            let (i, t) = (place as usize + knots.len(), place.fract());
            catmull_rom([at(i - 1), at(i), at(i + 1), at(i + 2)], t)
        })
    }

    /// The same curve with waves of random phase: `strength` at order 2, less above.
    pub fn wavy(self, random: &mut Random, orders: usize, strength: f32) -> Self {
        let waves: Vec<(f32, f32, f32)> = (2..2 + orders)
            .map(|order| {
                let size = strength * range(random, 0.3, 1.0) / (order as f32 - 1.0).sqrt();
                (order as f32, size, angle(random))
            })
            .collect();
        let plain = self.radii;
        self.with(|direction| {
            let own = plain.get((direction * DIRECTIONS as f32) as usize).copied().unwrap_or(1.0);
            let sum: f32 =
                waves.iter().map(|(k, size, phase)| size * (k * direction * TAU + phase).cos()).sum();
            own * (1.0 + sum).max(0.1)
        })
    }

    /// The same curve scaled about its middle.
    pub fn scaled(&self, factor: f32) -> Self {
        Self { half: (self.half.0 * factor, self.half.1 * factor), ..self.clone() }
    }

    /// The same curve somewhere else.
    pub fn moved(&self, centre: (f32, f32)) -> Self {
        Self { centre, ..self.clone() }
    }

    /// Largest distance from the middle.
    pub fn reach(&self) -> f32 {
        self.half.0.max(self.half.1) * self.most
    }

    /// Share of a pixel at `(row, col)` that lies inside, where the border is `soft` wide.
    pub fn cover(&self, row: f32, col: f32, soft: f32) -> f32 {
        let (dr, dc) = (row - self.centre.0, col - self.centre.1);
        let (a, b) =
            ((dr * self.cos + dc * self.sin) / self.half.0, (dc * self.cos - dr * self.sin) / self.half.1);
        let rho = a.hypot(b);
        let margin = soft / self.half.0.min(self.half.1);
        if rho + margin < self.least {
            return 1.0;
        }
        if rho - margin > self.most {
            return 0.0;
        }
        let turn = (b.atan2(a) / TAU).rem_euclid(1.0) * DIRECTIONS as f32;
        let (i, part) = (turn as usize, turn.fract());
        let at = |i: usize| self.radii.get(i % DIRECTIONS).copied().unwrap_or(1.0);
        let radius = at(i) + (at(i + 1) - at(i)) * part;
        let unit = dr.hypot(dc) / rho.max(1e-6);
        ((radius - rho) * unit / soft + 0.5).clamp(0.0, 1.0)
    }

    /// A place inside, `depth` (0–1) of the way from the middle to the border in direction `turn`.
    pub fn inside(&self, turn: f32, depth: f32) -> (f32, f32) {
        let at = (turn / TAU).rem_euclid(1.0) * DIRECTIONS as f32;
        let radius = depth * self.radii.get(at as usize % DIRECTIONS).copied().unwrap_or(1.0);
        let (a, b) = (radius * turn.cos() * self.half.0, radius * turn.sin() * self.half.1);
        (self.centre.0 + a * self.cos - b * self.sin, self.centre.1 + a * self.sin + b * self.cos)
    }

    fn of(centre: (f32, f32), half: (f32, f32), turn: f32, radii: [f32; DIRECTIONS]) -> Self {
        let most = radii.iter().fold(0f32, |most, r| most.max(*r));
        let least = radii.iter().fold(f32::MAX, |least, r| least.min(*r));
        let half = (half.0.max(1e-4), half.1.max(1e-4));
        Self { centre, half, cos: turn.cos(), sin: turn.sin(), radii, least, most }
    }

    fn with(self, radius: impl Fn(f32) -> f32) -> Self {
        let radii = std::array::from_fn(|i| radius(i as f32 / DIRECTIONS as f32).clamp(0.02, 4.0));
        let turn = self.sin.atan2(self.cos);
        Self::of(self.centre, self.half, turn, radii)
    }
}

fn knots(random: &mut Random, count: usize, depth: f32) -> Vec<f32> {
    (0..count.max(3)).map(|_| range(random, 1.0 - depth, 1.0)).collect()
}

/// The knots before and after a direction (0–1), and how far between.
fn between(knots: &[f32], direction: f32) -> (f32, f32, f32) {
    let place = direction * knots.len() as f32;
    let at = |i: usize| knots.get(i % knots.len().max(1)).copied().unwrap_or(1.0);
    (at(place as usize), at(place as usize + 1), place.fract())
}

fn catmull_rom([a, b, c, d]: [f32; 4], t: f32) -> f32 {
    let [v1, v2, v3] = [c - a, 2.0 * a - 5.0 * b + 4.0 * c - d, 3.0 * (b - c) + d - a];
    b + 0.5 * t * (v1 + t * (v2 + t * v3))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Area by counting, over the field of view's 4.
    fn area(outline: &Outline) -> f32 {
        let n = 400;
        let at = |i: usize| (i as f32 + 0.5) / n as f32 * 2.0 - 1.0;
        let sum: f32 = (0..n * n).map(|i| outline.cover(at(i / n), at(i % n), 0.005)).sum();
        4.0 * sum / (n * n) as f32
    }

    #[test]
    fn areas_are_those_of_the_shapes() {
        let ellipse = Outline::ellipse((0.1, -0.2), (0.5, 0.3), 0.7);
        assert!((area(&ellipse) / (std::f32::consts::PI * 0.15) - 1.0).abs() < 0.01);
        let square = Outline::disc((0.0, 0.0), 0.6).polygon(&mut Random::new(1), 4, 0.0);
        assert!((area(&square) / (2.0 * 0.36) - 1.0).abs() < 0.02, "{}", area(&square));
        let spline = Outline::disc((0.0, 0.0), 0.6).spline(&mut Random::new(2), 7, 0.4);
        assert!(area(&spline) < std::f32::consts::PI * 0.36 && area(&spline) > 0.3);
    }

    #[test]
    fn places_inside_are_inside() {
        let outline = Outline::ellipse((0.2, 0.1), (0.5, 0.2), 1.1).wavy(&mut Random::new(3), 6, 0.1);
        for i in 0..50 {
            let (row, col) = outline.inside(i as f32, 0.9);
            assert!(outline.cover(row, col, 0.001) > 0.99);
            let (row, col) = outline.inside(i as f32, 1.1);
            assert!(outline.cover(row, col, 0.001) < 0.01);
        }
    }
}
