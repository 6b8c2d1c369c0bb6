//! The mask of the object: above 5 % of the reference's 99.5th percentile, closed with radius 3, holes filled,
//! largest component; or a known ellipse.

use crate::grid::{Grid, percentile};
use std::collections::VecDeque;

/// Pixels inside an ellipse whose half axes are fractions of half the plane.
pub fn ellipse_mask(grid: Grid, half_rows: f64, half_cols: f64) -> Vec<bool> {
    let part = |at: usize, size: usize| (at as f64 - (size / 2) as f64) / (size as f64 / 2.0);
    let inside = |r: usize, c: usize| {
        (part(r, grid.rows) / half_rows).powi(2) + (part(c, grid.cols) / half_cols).powi(2) <= 1.0
    };
    (0..grid.rows).flat_map(|r| (0..grid.cols).map(move |c| inside(r, c))).collect()
}

/// The object in a reference image.
pub fn object_mask(grid: Grid, reference: &[f32]) -> Vec<bool> {
    let threshold = 0.05 * percentile(reference, 0.995);
    let bright: Vec<bool> = reference.iter().map(|value| *value > threshold).collect();
    let closed = invert(&dilate(grid, &invert(&dilate(grid, &bright, 3)), 3));
    let outside = border_component(grid, &invert(&closed));
    largest_component(grid, &invert(&outside))
}

fn invert(mask: &[bool]) -> Vec<bool> {
    mask.iter().map(|on| !on).collect()
}

fn dilate(grid: Grid, mask: &[bool], radius: isize) -> Vec<bool> {
    let disc: Vec<(isize, isize)> = (-radius..=radius)
        .flat_map(|dr| (-radius..=radius).map(move |dc| (dr, dc)))
        .filter(|(dr, dc)| dr * dr + dc * dc <= radius * radius)
        .collect();
    let on = |at: usize| disc.iter().any(|offset| step(grid, at, *offset).is_some_and(|i| is_on(mask, i)));
    (0..mask.len()).map(on).collect()
}

fn is_on(mask: &[bool], at: usize) -> bool {
    mask.get(at).copied().unwrap_or(false)
}

fn step(grid: Grid, at: usize, (dr, dc): (isize, isize)) -> Option<usize> {
    let row = (at / grid.cols).checked_add_signed(dr).filter(|row| *row < grid.rows)?;
    let col = (at % grid.cols).checked_add_signed(dc).filter(|col| *col < grid.cols)?;
    Some(row * grid.cols + col)
}

/// Everything in `mask` that touches the border through `mask`.
fn border_component(grid: Grid, mask: &[bool]) -> Vec<bool> {
    let border = |at: &usize| {
        let (row, col) = (at / grid.cols, at % grid.cols);
        row == 0 || col == 0 || row + 1 == grid.rows || col + 1 == grid.cols
    };
    let mut found = vec![false; mask.len()];
    for start in (0..mask.len()).filter(border) {
        fill(grid, mask, start, &mut found);
    }
    found
}

fn largest_component(grid: Grid, mask: &[bool]) -> Vec<bool> {
    let mut seen = vec![false; mask.len()];
    let mut best = vec![false; mask.len()];
    let mut best_size = 0;
    for start in 0..mask.len() {
        if !is_on(mask, start) || is_on(&seen, start) {
            continue;
        }
        let mut component = vec![false; mask.len()];
        fill(grid, mask, start, &mut component);
        seen.iter_mut().zip(&component).for_each(|(seen, on)| *seen |= on);
        let size = component.iter().filter(|on| **on).count();
        if size > best_size {
            (best, best_size) = (component, size);
        }
    }
    best
}

fn fill(grid: Grid, mask: &[bool], start: usize, found: &mut [bool]) {
    let mut queue = VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        if !is_on(mask, at) || is_on(found, at) {
            continue;
        }
        if let Some(found) = found.get_mut(at) {
            *found = true;
        }
        queue.extend([(-1, 0), (1, 0), (0, -1), (0, 1)].iter().filter_map(|offset| step(grid, at, *offset)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_filled_and_specks_dropped() {
        let grid = Grid::new(40, 40);
        let disc = ellipse_mask(grid, 0.6, 0.6);
        let mut image: Vec<f32> = disc.iter().map(|on| if *on { 1.0 } else { 0.0 }).collect();
        for at in [20 * 40 + 20, 20 * 40 + 21, 21 * 40 + 20] {
            image[at] = 0.0; // a hole
        }
        image[0] = 1.0; // a speck
        let mask = object_mask(grid, &image);
        assert!(mask[20 * 40 + 20] && !mask[0]);
        let differ = mask.iter().zip(&disc).filter(|(a, b)| a != b).count();
        assert!(differ <= 8, "{differ}");
    }
}
