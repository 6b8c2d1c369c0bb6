//! Training anatomies that are built like no body: statistics of natural images, noise of all scales, and test objects.

use super::bodies::{body, tissue};
use super::canvas::{Canvas, Paint, Walk};
use super::draw::{angle, chance, log_range, range, whole};
use super::field::Lattice;
use super::outline::Outline;
use crate::random::Random;

/// Any outline that a body could have, and some it could not.
fn ground(random: &mut Random) -> Outline {
    let outline = body(random, (0.6, 1.4));
    let corners = whole(random, 3, 9);
    match random.below(4) {
        0 => outline.polygon(random, corners, 0.3),
        1 => outline.spline(random, 9, 0.4),
        _ => outline,
    }
}

/// Shapes over shapes, sizes by a power law, as leaves on the ground (dead leaves model).
pub fn leaves(canvas: &mut Canvas, random: &mut Random) -> Vec<Outline> {
    let outer = ground(random);
    let paint = tissue(random);
    canvas.fill(&outer, paint, random);
    for _ in 0..whole(random, 60, 260) {
        let size = log_range(random, 0.008, 0.35);
        let at = outer.inside(angle(random), (random.uniform() as f32).sqrt());
        let shape = Outline::ellipse(at, (size, size * range(random, 0.3, 1.0)), angle(random));
        let corners = whole(random, 3, 8);
        let shape = match random.below(3) {
            0 => shape,
            1 => shape.polygon(random, corners, 0.4),
            _ => shape.spline(random, corners, 0.5),
        };
        let paint = tissue(random);
        canvas.fill(&shape, paint, random);
    }
    canvas.keep_inside(&outer);
    vec![outer]
}

/// Noise of several scales, here continuous, there cut at a level.
pub fn clouds(canvas: &mut Canvas, random: &mut Random) -> Vec<Outline> {
    let outer = ground(random);
    let paint = Paint { texture: range(random, 0.1, 0.6), ..tissue(random) };
    canvas.fill(&outer, paint, random);
    for _ in 0..whole(random, 1, 4) {
        let side = whole(random, 6, 60);
        let field = Lattice::noise(random, side).on(canvas.grid);
        let (level, sharp) = (range(random, -0.5, 1.0), log_range(random, 1.0, 30.0));
        let (low, high) = (range(random, 0.1, 1.2), range(random, 0.1, 1.2));
        for (amplitude, value) in canvas.amplitude.iter_mut().zip(&field) {
            let part = 0.5 + 0.5 * ((value.re - level) * sharp).clamp(-1.0, 1.0);
            *amplitude *= low + (high - low) * part;
        }
    }
    super::bodies::sprinkle(canvas, random, &outer, (0, 30), (0.005, 0.1));
    canvas.keep_inside(&outer);
    vec![outer]
}

/// Combs, lattices of dots, thin curves and wedges: what resolution is tested with.
pub fn bars(canvas: &mut Canvas, random: &mut Random) -> Vec<Outline> {
    let outer = ground(random);
    let paint = tissue(random);
    canvas.fill(&outer, paint, random);
    for _ in 0..whole(random, 4, 12) {
        let at = outer.inside(angle(random), range(random, 0.0, 0.75));
        let paint = Paint { phase: None, ..tissue(random) };
        let (turn, size) = (angle(random), range(random, 0.004, 0.03));
        let (cos, sin) = (turn.cos(), turn.sin());
        let gap = size * range(random, 2.0, 4.5);
        let (count, lines) = (whole(random, 3, 9), if chance(random, 0.5) { 1 } else { 6 });
        for (i, j) in (0..count).flat_map(|i| (0..lines).map(move |j| (i, j))) {
            let (a, b) = (i as f32 * gap, j as f32 * gap);
            let shape = Outline::ellipse(
                (at.0 + a * cos - b * sin, at.1 + a * sin + b * cos),
                if lines == 1 { (size, size * 8.0) } else { (size, size) },
                turn,
            );
            let shape = if lines == 1 { shape.polygon(random, 4, 0.0) } else { shape };
            canvas.fill(&shape, paint, random);
        }
    }
    for _ in 0..whole(random, 4, 20) {
        let walk = Walk {
            from: outer.inside(angle(random), range(random, 0.0, 0.9)),
            heading: angle(random),
            length: range(random, 0.2, 1.0),
            radius: log_range(random, 0.003, 0.02),
            bend: range(random, 0.0, 10.0),
        };
        let paint = tissue(random);
        canvas.tube(walk, paint, random);
    }
    canvas.keep_inside(&outer);
    vec![outer]
}
