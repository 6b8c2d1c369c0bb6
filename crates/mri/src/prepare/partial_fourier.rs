//! Partial Fourier: missing lines on one side of k-space by projection onto a smooth phase (POCS).
//! Haacke, Lindskog, Lin, J. Magn. Reson. 92:126 (1991).

use crate::fft::{centred, centred_inverse};
use crate::grid::{C32, Stack};
use crate::sampling::Mask;

/// How to run it.
#[derive(Debug, Clone, Copy)]
pub struct PartialFourier {
    /// Projections.
    pub iterations: usize,
}

impl Default for PartialFourier {
    fn default() -> Self {
        Self { iterations: 10 }
    }
}

/// Fills the columns that `mask` lacks. The phase comes from the columns measured on both sides of the centre, with
/// a smooth window; coils are treated one by one. `None` when the mask is not of lines or has no symmetric centre.
pub fn partial_fourier(kspace: &Stack, mask: &Mask, settings: &PartialFourier) -> Option<Stack> {
    let lines = mask.lines().filter(|_| mask.grid() == kspace.grid)?;
    let centre = lines.len() / 2;
    let on = |col: Option<usize>| col.and_then(|col| lines.get(col)).copied().unwrap_or(false);
    let reach = (0..centre).take_while(|d| on(Some(centre + d)) && on(centre.checked_sub(*d))).count();
    if reach < 2 {
        return None;
    }
    let window = |col: usize| {
        let distance = col.abs_diff(centre) as f32 / reach as f32;
        if distance < 1.0 { 0.5 + 0.5 * (std::f32::consts::PI * distance).cos() } else { 0.0 }
    };
    let mut low = kspace.clone();
    for row in low.values.chunks_exact_mut(lines.len()) {
        row.iter_mut().enumerate().for_each(|(col, value)| *value *= window(col));
    }
    let phase: Vec<C32> = centred_inverse(&low)
        .values
        .iter()
        .map(|v| if v.norm() > 0.0 { v / v.norm() } else { C32::new(1.0, 0.0) })
        .collect();
    let mut filled = kspace.clone();
    for _ in 0..settings.iterations {
        let mut image = centred_inverse(&filled);
        for (value, phase) in image.values.iter_mut().zip(&phase) {
            *value = phase * (phase.conj() * *value).re.max(0.0);
        }
        filled = centred(&image);
        for (row, measured) in
            filled.values.chunks_exact_mut(lines.len()).zip(kspace.values.chunks_exact(lines.len()))
        {
            let columns = row.iter_mut().zip(measured).zip(&lines).filter(|(_, on)| **on);
            columns.for_each(|((value, measured), _)| *value = *measured);
        }
    }
    Some(filled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::{Grid, norm};
    use crate::phantom::Phantom;

    #[test]
    fn five_eighths_of_the_lines_give_most_of_the_rest_back() {
        let grid = Grid::new(96, 96);
        let full = Phantom::head(grid, 2, 1).kspace();
        let lines: Vec<bool> = (0..96).map(|col| col >= 36).collect();
        let mask = Mask::from_lines(96, &lines);
        let mut partial = full.clone();
        mask.apply(&mut partial);
        let filled = partial_fourier(&partial, &mask, &PartialFourier::default()).unwrap();
        let error = |x: &Stack| {
            norm(&x.values.iter().zip(&full.values).map(|(a, b)| a - b).collect::<Vec<_>>())
                / norm(&full.values)
        };
        assert!(error(&filled) < 0.6 * error(&partial), "{} {}", error(&filled), error(&partial));
        for (col, on) in lines.iter().enumerate() {
            assert!(!on || filled.values[col] == full.values[col], "measured values are kept");
        }
    }

    #[test]
    fn a_mask_without_a_symmetric_centre_is_none() {
        let kspace = Phantom::head(Grid::new(16, 16), 1, 1).kspace();
        let mask = Mask::from_lines(16, &(0..16).map(|col| col < 8).collect::<Vec<_>>());
        assert!(partial_fourier(&kspace, &mask, &PartialFourier::default()).is_none());
    }
}
