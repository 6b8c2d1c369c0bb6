//! Anatomies that are never trained on: what validation is done with.

use super::bodies::{body, tissue};
use super::canvas::{Canvas, Paint, Walk};
use super::draw::{angle, chance, log_range, range, whole};
use super::outline::Outline;
use crate::random::Random;

/// A column of vertebrae and discs before a canal with its cord, seen from the side.
pub fn spine(canvas: &mut Canvas, random: &mut Random) -> Vec<Outline> {
    let outer = body(random, (0.55, 0.8)).polygon(random, 24, 0.04);
    let (fat, fluid, cord) = (tissue(random), tissue(random), tissue(random));
    canvas.fill(&outer, fat, random);
    let muscle = tissue(random);
    canvas.fill(&outer.scaled(0.9), muscle, random);
    let (count, bow, lean) = (whole(random, 5, 9), range(random, -0.25, 0.25), range(random, -0.15, 0.15));
    let height = 1.5 / count as f32;
    let (vertebra, disc) = (tissue(random), tissue(random));
    let along = |row: f32| bow * (1.5 * row).cos() + lean * row;
    for i in 0..=4 * count {
        let row = -0.75 + i as f32 * height / 4.0;
        let place = (row, along(row) + 0.24);
        canvas.fill(&Outline::disc(place, 0.07), fluid, random);
        canvas.fill(&Outline::disc(place, 0.035), cord, random);
    }
    for i in 0..count {
        let row = -0.75 + (i as f32 + 0.5) * height;
        let block =
            Outline::ellipse((row, along(row)), (0.55 * height, 0.2), 0.3 * bow).polygon(random, 10, 0.12);
        canvas.fill(&block, Paint::plain(0.05), random);
        canvas.fill(&block.scaled(0.92), vertebra, random);
        let between = row + 0.5 * height;
        let cushion = Outline::ellipse((between, along(between)), (0.14 * height, 0.15), 0.0);
        let value = disc.value * range(random, 0.4, 1.2);
        canvas.fill(&cushion, Paint { value, ..disc }, random);
        let spur = Outline::ellipse((row, along(row) + 0.42), (0.2 * height, 0.12), 0.3);
        canvas.fill(&spur, vertebra, random);
    }
    canvas.keep_inside(&outer);
    vec![outer]
}

/// Branching bright vessels on a dim ground.
pub fn vessels(canvas: &mut Canvas, random: &mut Random) -> Vec<Outline> {
    let outer = body(random, (0.7, 1.3)).spline(random, 10, 0.2);
    let ground = Paint { value: range(random, 0.08, 0.3), ..tissue(random) };
    canvas.fill(&outer, ground, random);
    let bright = range(random, 0.6, 1.0);
    for _ in 0..whole(random, 3, 7) {
        let root = angle(random);
        let from = outer.inside(root, 0.9);
        let heading = root + std::f32::consts::PI;
        let radius = range(random, 0.012, 0.035);
        branch(canvas, random, (from, heading), (radius, bright), 4);
    }
    canvas.keep_inside(&outer);
    vec![outer]
}

fn branch(
    canvas: &mut Canvas,
    random: &mut Random,
    (from, heading): ((f32, f32), f32),
    (radius, value): (f32, f32),
    depth: usize,
) {
    let length = range(random, 8.0, 20.0) * radius;
    let walk = Walk { from, heading, length, radius, bend: range(random, 0.5, 6.0) };
    canvas.tube(walk, Paint::plain(value * range(random, 0.8, 1.1)), random);
    if depth == 0 || radius < 0.003 {
        return;
    }
    for _ in 0..whole(random, 1, 3) {
        let share = range(random, 0.3, 1.0) * length;
        let at = (from.0 + share * heading.cos(), from.1 + share * heading.sin());
        let turn = heading + range(random, -1.2, 1.2);
        let thinner = radius * range(random, 0.5, 0.85);
        branch(canvas, random, (at, turn), (thinner, value), depth - 1);
    }
}

/// A mosaic: every pixel belongs to the nearest of some seeds, walls between them.
pub fn cells(canvas: &mut Canvas, random: &mut Random) -> Vec<Outline> {
    let outer = body(random, (0.8, 1.2));
    let count = whole(random, 12, 150);
    let seeds: Vec<((f32, f32), f32)> = (0..count)
        .map(|_| {
            let at = outer.inside(angle(random), (random.uniform() as f32).sqrt());
            (at, range(random, 0.1, 1.0))
        })
        .collect();
    let (wall, width) = (range(random, 0.0, 1.0), log_range(random, 0.003, 0.03));
    let walled = chance(random, 0.7);
    let (rows, cols) = (canvas.grid.rows, canvas.grid.cols);
    let at = |i: usize, count: usize| (i as f32 + 0.5) / count as f32 * 2.0 - 1.0;
    for (row, line) in canvas.amplitude.chunks_exact_mut(cols.max(1)).enumerate() {
        for (col, amplitude) in line.iter_mut().enumerate() {
            let (r, c) = (at(row, rows), at(col, cols));
            let cover = outer.cover(r, c, 3.0 / rows.max(cols) as f32);
            if cover > 0.0 {
                let (mut first, mut second, mut value) = (f32::MAX, f32::MAX, 0.0);
                for ((sr, sc), own) in &seeds {
                    let distance = (r - sr).hypot(c - sc);
                    if distance < first {
                        (second, first, value) = (first, distance, *own);
                    } else if distance < second {
                        second = distance;
                    }
                }
                let share = if walled { ((second - first) / width).clamp(0.0, 1.0) } else { 1.0 };
                *amplitude = cover * (share * value + (1.0 - share) * wall);
            }
        }
    }
    let haze = Paint { added: true, ..Paint::textured(range(random, 0.02, 0.15), 1.0) };
    canvas.fill(&outer, haze, random);
    vec![outer]
}
