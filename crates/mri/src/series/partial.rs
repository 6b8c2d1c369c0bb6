//! A side of k-space that was not measured: where it is missing, and filling it by the image's own smooth phase.
//!
//! Without undersampling the coils' k-space is filled. An iterative method first resolves what lies between the measured lines;
//! the phase constraint is then the last step, on the k-space of its image, where everything between the first and the last
//! measured line is kept.

use super::Method;
use crate::fft::{centred, centred_inverse};
use crate::grid::{Grid, Stack};
use crate::prepare::{PartialFourier, partial_fourier};
use crate::recon::Image;
use crate::sampling::Mask;

/// Beyond this share of the longer side, the shorter side of k-space counts as complete.
const SYMMETRIC: f32 = 0.9;
/// A side is missing, and not left out by chance, where the sides differ by more than so many of the widest gaps inside …
const GAPS: usize = 2;

/// … and only where so many lines or more lie on the longer side beyond the end of the shorter: fewer may do so by chance.
const BEYOND: usize = 8;

/// The measured part of an axis.
#[derive(Debug, Clone, Copy)]
struct Span {
    first: usize,
    last: usize,
    /// Most neighbouring positions inside that hold nothing.
    gap: usize,
    /// Measured positions that lie further from the centre than the last one of the shorter side.
    beyond: usize,
}

impl Span {
    fn of(on: impl Iterator<Item = bool>) -> Option<Self> {
        let on: Vec<bool> = on.collect();
        let measured: Vec<usize> = on.iter().enumerate().filter(|(_, on)| **on).map(|(at, _)| at).collect();
        let (first, last) = (*measured.first()?, *measured.last()?);
        let gaps = measured.iter().zip(measured.iter().skip(1)).map(|(a, b)| b - a - 1);
        let mut span = Self { first, last, gap: gaps.max().unwrap_or(0), beyond: 0 };
        let centre = on.len() / 2;
        if let Some((short, _)) = span.sides(on.len()) {
            let far =
                |at: &&usize| (**at + 1).saturating_sub(centre).max(centre.saturating_sub(**at)) > short;
            span.beyond = measured.iter().filter(far).count();
        }
        Some(span)
    }

    fn whole(length: usize) -> Self {
        Self { first: 0, last: length.saturating_sub(1), gap: 0, beyond: 0 }
    }

    /// Positions measured before the centre of `length` and from it on, the fewer first.
    fn sides(self, length: usize) -> Option<(usize, usize)> {
        let centre = length / 2;
        let (before, after) = (centre.checked_sub(self.first)?, (self.last + 1).checked_sub(centre)?);
        Some((before.min(after), before.max(after)))
    }

    /// Itself, or everything where its sides differ by no more than its gaps explain.
    fn if_one_sided(self, length: usize) -> Self {
        let differ = self.sides(length).is_some_and(|(short, long)| long - short > GAPS * (self.gap + 1));
        if differ && self.beyond >= BEYOND { self } else { Self::whole(length) }
    }

    fn is_whole(self, length: usize) -> bool {
        (self.first, self.last + 1) == (0, length)
    }
}

/// Rows and columns.
fn spans(mask: &Mask) -> Option<[Span; 2]> {
    let Grid { cols, .. } = mask.grid();
    let sampled = mask.sampled();
    let rows = sampled.chunks_exact(cols.max(1)).map(|row| row.contains(&true));
    let columns = (0..cols).map(|col| sampled.iter().skip(col).step_by(cols.max(1)).any(|on| *on));
    Some([Span::of(rows)?, Span::of(columns)?])
}

/// Whether everything between the first and the last measured row and column is measured.
pub fn is_complete(mask: &Mask) -> bool {
    spans(mask).is_some_and(|[rows, cols]| {
        (rows.last + 1 - rows.first) * (cols.last + 1 - cols.first) == mask.count()
    })
}

/// k-space with a side that was not measured filled from the other, where that is all that is missing.
pub fn filled(kspace: &Stack, mask: &Mask) -> (Stack, bool) {
    match spans(mask).filter(|_| is_complete(mask)) {
        Some(spans) => sides(kspace.clone(), spans),
        None => (kspace.clone(), false),
    }
}

/// An image whose measured lines lie mostly on one side, with the other side filled. The network's is left as it is.
pub fn completed(image: Image, mask: &Mask, method: Method) -> (Image, bool) {
    let Grid { rows, cols } = mask.grid();
    let Some(spans) = spans(mask).filter(|_| method != Method::Learned) else { return (image, false) };
    let [down, across] = spans;
    let [down, across] = [down.if_one_sided(rows), across.if_one_sided(cols)];
    if down.is_whole(rows) && across.is_whole(cols) {
        return (image, false);
    }
    let (kspace, done) = sides(centred(&image.sets), [down, across]);
    if done { (Image { sets: centred_inverse(&kspace), ..image }, true) } else { (image, false) }
}

fn sides(kspace: Stack, [rows, cols]: [Span; 2]) -> (Stack, bool) {
    let mut done = (kspace, false);
    for (span, turned) in [(cols, false), (rows, true)] {
        let stack = if turned { done.0.transposed() } else { done.0.clone() };
        if let Some(found) = one_side(&stack, span) {
            done = (if turned { found.into_transposed() } else { found }, true);
        }
    }
    done
}

/// Columns of the span are measured: fills the shorter side up to the length of the longer one.
fn one_side(kspace: &Stack, span: Span) -> Option<Stack> {
    let Grid { rows, cols } = kspace.grid;
    let centre = cols / 2;
    let (short, long) = span.sides(cols)?;
    if short as f32 >= SYMMETRIC * long as f32 || long - short < 2 {
        return None;
    }
    let measured: Vec<bool> = (0..cols).map(|col| (span.first..=span.last).contains(&col)).collect();
    let mask = Mask::from_lines(rows, &measured);
    let mut filled = partial_fourier(kspace, &mask, &PartialFourier::default())?;
    // Beyond the longer side nothing was measured at all: the picture's resolution ends there.
    let kept: Vec<bool> = (0..cols).map(|col| col + long >= centre && col < centre + long).collect();
    Mask::from_lines(rows, &kept).apply(&mut filled);
    Some(filled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::{ellipse_mask, score};
    use crate::phantom::{Phantom, add_noise};
    use crate::recon::{self, CgSense, L1Wavelet, Problem, TvFista};
    use crate::sampling::{equispaced_lines, random_lines};

    const SIDE: usize = 96;

    /// Errors of the image as it comes out of the iterations and with its missing side filled.
    fn errors(lines: &[bool], solve: &dyn Fn(&Problem) -> Image, method: Method) -> (f64, f64, bool) {
        let grid = Grid::new(SIDE, SIDE);
        let phantom = Phantom::head(grid, 6, 1);
        let mut maps = phantom.maps();
        let rss = maps.rss();
        maps.planes_mut().for_each(|map| map.iter_mut().zip(&rss).for_each(|(s, r)| *s /= *r));
        let mut kspace = phantom.kspace();
        let reference = recon::zero_filled(&kspace);
        add_noise(&mut kspace.values, 0.002, 1);
        let mask = Mask::from_lines(SIDE, lines);
        mask.apply(&mut kspace);
        let image = solve(&Problem::new(&kspace, &mask, vec![maps]).unwrap());
        let error = |image: &Image| {
            score(grid, &image.magnitude(), &reference, &ellipse_mask(grid, 0.92, 0.69)).nrmse
        };
        let before = error(&image);
        let (after, filled) = completed(image, &mask, method);
        (before, error(&after), filled)
    }

    #[test]
    fn every_second_line_of_five_eighths_gives_most_of_the_picture_back() {
        let mut lines = equispaced_lines(SIDE, 2, 0, 20);
        lines.iter_mut().take(SIDE * 3 / 8).for_each(|on| *on = false);
        type Solver<'a> = (Method, &'a dyn Fn(&Problem) -> Image, f64);
        let solvers: [Solver; 3] = [
            (Method::CgSense, &|p| recon::cg_sense(p, &CgSense::default()), 0.1),
            (Method::L1Wavelet, &|p| recon::l1_wavelet(p, &L1Wavelet::default()), 0.1),
            (Method::TotalVariation, &|p| recon::total_variation(p, &TvFista::default()), 0.1),
        ];
        for (method, solve, bound) in solvers {
            let (before, after, filled) = errors(&lines, solve, method);
            assert!(filled && after < bound && after < 0.8 * before, "{method}: {before} {after}");
        }
        let (before, after, filled) =
            errors(&lines, &|p| recon::cg_sense(p, &CgSense::default()), Method::Learned);
        assert!(!filled && before == after, "the network's image is left alone");
    }

    #[test]
    fn lines_that_lie_more_on_one_side_by_chance_are_no_missing_side() {
        for seed in 0..40 {
            for total in [12, 24, 48] {
                let mask = Mask::from_lines(SIDE, &random_lines(SIDE, total, 8, seed));
                let image = Image { sets: Stack::zeros(1, mask.grid()), iterations: 0 };
                assert!(!completed(image, &mask, Method::CgSense).1, "{seed} {total}");
            }
        }
    }
}
