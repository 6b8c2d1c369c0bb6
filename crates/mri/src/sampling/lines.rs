//! Masks of phase-encoding lines: pseudo-random with a full centre, and equispaced with a full centre.

use crate::random::splitmix64;

/// `total` of `count` lines: `centre` contiguous ones from `count/2 − centre/2`, then those with the smallest
/// `splitmix64((seed << 32) + i)` until the total is reached.
pub fn random_lines(count: usize, total: usize, centre: usize, seed: u64) -> Vec<bool> {
    let first = (count / 2).saturating_sub(centre / 2);
    let mut lines: Vec<bool> = (0..count).map(|i| (first..first + centre).contains(&i)).collect();
    let mut outer: Vec<(u64, usize)> = (0..count)
        .filter(|i| !(first..first + centre).contains(i))
        .map(|i| (splitmix64((seed << 32).wrapping_add(i as u64)), i))
        .collect();
    outer.sort_unstable();
    for (_, i) in outer.into_iter().take(total.saturating_sub(centre)) {
        if let Some(line) = lines.get_mut(i) {
            *line = true;
        }
    }
    lines
}

/// Every `every`-th line from `offset`, and `centre` contiguous ones.
pub fn equispaced_lines(count: usize, every: usize, offset: usize, centre: usize) -> Vec<bool> {
    let first = (count / 2).saturating_sub(centre / 2);
    let on_grid = |i: usize| i % every.max(1) == offset % every.max(1);
    (0..count).map(|i| on_grid(i) || (first..first + centre).contains(&i)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn indices(lines: &[bool]) -> Vec<usize> {
        lines.iter().enumerate().filter(|(_, on)| **on).map(|(i, _)| i).collect()
    }

    #[test]
    fn gives_the_reference_masks() {
        let four = indices(&random_lines(320, 80, 26, 4));
        assert_eq!((four.len(), four.iter().sum::<usize>()), (80, 11_583));
        assert_eq!(four[..8], [2, 4, 5, 6, 7, 12, 13, 14]);
        let eight = indices(&random_lines(320, 40, 12, 8));
        assert_eq!((eight.len(), eight.iter().sum::<usize>()), (40, 6_228));
        assert_eq!(eight[..8], [41, 43, 45, 60, 61, 64, 66, 71]);
    }

    #[test]
    fn equispaced_keeps_grid_and_centre() {
        assert_eq!(indices(&equispaced_lines(16, 4, 1, 4)), [1, 5, 6, 7, 8, 9, 13]);
    }
}
