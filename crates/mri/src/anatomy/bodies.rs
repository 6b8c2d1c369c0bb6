//! Training anatomies that are built like parts of a body: shells, organs, bones, muscles.

use super::canvas::{Canvas, Paint, Walk};
use super::draw::{angle, chance, log_range, place, range, whole};
use super::outline::Outline;
use crate::random::Random;
use std::f32::consts::{FRAC_PI_2, PI};

/// A signal for a tissue, any brightness, sometimes textured, sometimes with a phase of its own (fat in water).
pub fn tissue(random: &mut Random) -> Paint {
    let texture = if chance(random, 0.7) { log_range(random, 0.02, 0.4) } else { 0.0 };
    let phase = chance(random, 0.12).then(|| range(random, -3.2, 3.2));
    Paint { phase, soft: range(random, 1.2, 3.0), ..Paint::textured(range(random, 0.12, 1.0), texture) }
}

/// A body's outline: most of the field of view, near its middle.
pub fn body(random: &mut Random, aspect: (f32, f32)) -> Outline {
    let (size, stretch) = (range(random, 0.6, 0.93), range(random, aspect.0, aspect.1));
    let half = if stretch > 1.0 { (size / stretch, size) } else { (size, size * stretch) };
    let half = if chance(random, 0.5) { half } else { (half.1, half.0) };
    let centre = (range(random, -1.0, 1.0) * (0.95 - half.0), range(random, -1.0, 1.0) * (0.95 - half.1));
    Outline::ellipse(centre, half, range(random, -0.3, 0.3)).wavy(random, 4, 0.03)
}

/// Shells around folded tissue with ventricles, nuclei and vessels.
pub fn head(canvas: &mut Canvas, random: &mut Random) -> Vec<Outline> {
    let outer = body(random, (0.72, 0.95));
    let skin = tissue(random);
    canvas.fill(&outer, skin, random);
    let mut size = range(random, 0.9, 0.97);
    canvas.fill(&outer.scaled(size), Paint::plain(range(random, 0.0, 0.15)), random);
    size -= range(random, 0.02, 0.07);
    let fluid = tissue(random);
    canvas.fill(&outer.scaled(size), fluid, random);
    let (grey, white) = (tissue(random), tissue(random));
    let cortex = outer.scaled(size - range(random, 0.02, 0.05)).wavy(random, 20, 0.03);
    canvas.fill(&cortex, grey, random);
    let folds = whole(random, 12, 40);
    for _ in 0..folds {
        let (turn, depth) = (angle(random), range(random, 0.75, 0.98));
        let walk = Walk {
            from: cortex.inside(turn, depth),
            heading: turn + PI + range(random, -0.6, 0.6),
            length: range(random, 0.05, 0.25),
            radius: range(random, 0.004, 0.014),
            bend: range(random, 2.0, 12.0),
        };
        canvas.tube(walk, fluid, random);
    }
    let core = cortex.scaled(range(random, 0.7, 0.86)).wavy(random, 24, 0.06);
    canvas.fill(&core, white, random);
    for side in [-1.0, 1.0] {
        for _ in 0..whole(random, 1, 3) {
            let (depth, spread) = (range(random, 0.05, 0.4), range(random, -0.5, 0.5));
            let at = core.inside(side * FRAC_PI_2 + spread, depth);
            let half = (range(random, 0.03, 0.16), range(random, 0.02, 0.08));
            let shape = Outline::ellipse(at, half, angle(random)).spline(random, 7, 0.5);
            let paint = if chance(random, 0.6) { fluid } else { tissue(random) };
            canvas.fill(&shape, paint, random);
        }
    }
    sprinkle(canvas, random, &core, (3, 14), (0.006, 0.05));
    vec![outer]
}

/// One or two limbs: fat, fascia, muscles with fibres, bones with bright marrow in dark bone.
pub fn limb(canvas: &mut Canvas, random: &mut Random) -> Vec<Outline> {
    let limbs = if chance(random, 0.25) {
        let size = range(random, 0.3, 0.44);
        let shift = range(random, 0.46, 0.52);
        [-shift, shift]
            .map(|c| Outline::disc((range(random, -0.3, 0.3), c), size).wavy(random, 4, 0.06))
            .to_vec()
    } else {
        vec![body(random, (0.7, 1.0)).wavy(random, 5, 0.05)]
    };
    let (fat, fascia, muscle) = (tissue(random), tissue(random), tissue(random));
    for outer in &limbs {
        canvas.fill(outer, fat, random);
        let inner = outer.scaled(range(random, 0.75, 0.95)).wavy(random, 8, 0.03);
        canvas.fill(&inner, fascia, random);
        let size = inner.reach();
        for i in 0..whole(random, 5, 14) {
            let at = inner.inside(i as f32 * 2.4 + angle(random) * 0.1, range(random, 0.3, 0.75));
            let half = (size * range(random, 0.15, 0.4), size * range(random, 0.1, 0.3));
            let shape = Outline::ellipse(at, half, angle(random)).spline(random, 6, 0.4);
            let value = muscle.value * range(random, 0.8, 1.2);
            canvas.fill(&shape, Paint { value, ..muscle }, random);
        }
        for _ in 0..whole(random, 1, 3) {
            let at = inner.inside(angle(random), range(random, 0.0, 0.5));
            let radius = size * range(random, 0.1, 0.35);
            let bone = Outline::ellipse(at, (radius, radius * range(random, 0.7, 1.0)), angle(random))
                .spline(random, 8, 0.3);
            canvas.fill(&bone, Paint::plain(range(random, 0.0, 0.1)), random);
            let marrow = Paint { texture: range(random, 0.05, 0.4), ..tissue(random) };
            canvas.fill(&bone.scaled(range(random, 0.78, 0.95)), marrow, random);
        }
        sprinkle(canvas, random, &inner, (2, 12), (0.008, 0.04));
    }
    limbs
}

/// A wide outline with organs, bowel holding air, vessels and a vertebra.
pub fn trunk(canvas: &mut Canvas, random: &mut Random) -> Vec<Outline> {
    let outer = body(random, (1.1, 1.5));
    let (fat, wall, ground) = (tissue(random), tissue(random), tissue(random));
    canvas.fill(&outer, fat, random);
    let inner = outer.scaled(range(random, 0.75, 0.93)).wavy(random, 6, 0.04);
    canvas.fill(&inner, wall, random);
    let cavity = inner.scaled(range(random, 0.85, 0.95)).wavy(random, 8, 0.03);
    canvas.fill(&cavity, ground, random);
    for _ in 0..whole(random, 3, 8) {
        let at = cavity.inside(angle(random), range(random, 0.2, 0.75));
        let half = (range(random, 0.08, 0.35), range(random, 0.08, 0.3));
        let organ = Outline::ellipse(at, half, angle(random)).spline(random, 8, 0.45);
        let paint = tissue(random);
        canvas.fill(&organ, paint, random);
        sprinkle(canvas, random, &organ, (0, 10), (0.005, 0.03));
    }
    for _ in 0..whole(random, 0, 12) {
        let at = cavity.inside(angle(random), range(random, 0.1, 0.8));
        let radius = range(random, 0.03, 0.1);
        let loop_of_bowel = Outline::disc(at, radius).wavy(random, 8, 0.12);
        let rim = tissue(random);
        canvas.fill(&loop_of_bowel, rim, random);
        let content = if chance(random, 0.4) { Paint::plain(0.0) } else { tissue(random) };
        canvas.fill(&loop_of_bowel.scaled(range(random, 0.6, 0.9)), content, random);
    }
    for _ in 0..whole(random, 2, 8) {
        let walk = Walk {
            from: cavity.inside(angle(random), range(random, 0.1, 0.9)),
            heading: angle(random),
            length: range(random, 0.2, 0.9),
            radius: range(random, 0.006, 0.03),
            bend: range(random, 1.0, 8.0),
        };
        let paint = tissue(random);
        canvas.tube(walk, paint, random);
    }
    vec![outer]
}

/// Small shapes inside an outline, of any brightness.
pub fn sprinkle(
    canvas: &mut Canvas,
    random: &mut Random,
    within: &Outline,
    (fewest, most): (usize, usize),
    (smallest, largest): (f32, f32),
) {
    for _ in 0..whole(random, fewest, most) {
        let (away, turn) = (place(random, 0.9), angle(random));
        let at = within.inside(turn, away.0.hypot(away.1));
        let half = (log_range(random, smallest, largest), log_range(random, smallest, largest));
        let shape = Outline::ellipse(at, half, angle(random));
        let shape = if chance(random, 0.5) { shape.spline(random, 6, 0.4) } else { shape };
        let paint = tissue(random);
        canvas.fill(&shape, paint, random);
    }
}
