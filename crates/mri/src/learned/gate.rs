//! The gate before a learned image is shown: whether the scan, and the image made of it, are of the kind the weights
//! were trained and measured on. Outside, the classic method's image is shown and the reason is named.
//!
//! Two questions. Of the scan, before any work: acceleration, receivers, matrix, noise. Of the image, afterwards:
//! whether it explains the data as well as noise allows, and whether a few figures lie where training images' lay —
//! how much of the data the classic start left unexplained (wrong sensitivities, motion, a lost receiver), how far the
//! network moved from its start, and how its edges are spread. The card holds the 0.5th and 99.5th percentiles.

use super::card::Card;
use crate::grid::{C32, Grid, Stack, norm, norm_sqr};
use crate::recon::{Image, Problem};
use std::fmt;

/// What is known of a scan before it is reconstructed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Conditions {
    /// Points of the rectangle over measured points.
    pub acceleration: f64,
    /// Receivers after compression.
    pub coils: usize,
    /// Size of the image.
    pub grid: Grid,
    /// Standard deviation of noise per real and imaginary part, in the units of the data; `None` when not measured.
    pub noise: Option<f64>,
}

/// Figures of a reconstruction, each independent of units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figures {
    /// `‖Ax₀ − y‖/‖y‖` of the classic start.
    pub unexplained_by_start: f64,
    /// `‖Ax − y‖/‖y‖` of the image.
    pub unexplained: f64,
    /// `‖x − x₀‖/‖x₀‖`.
    pub changed: f64,
    /// Mean over root mean square of the image's gradient: near 1 for texture everywhere, small for few edges.
    pub edge_spread: f64,
    /// Root mean square of the gradient over that of the image.
    pub roughness: f64,
}

impl Figures {
    /// Their names, in the order of [`Figures::named`].
    pub const NAMES: [&str; 5] =
        ["unexplained_by_start", "unexplained", "changed", "edge_spread", "roughness"];

    /// Of an image and what it started from.
    pub fn of(problem: &Problem, image: &Image, start: &Image) -> Self {
        let apart: Vec<C32> =
            image.sets.values.iter().zip(&start.sets.values).map(|(x, x0)| x - x0).collect();
        let (mean, square) = gradient(&image.sets);
        let power = norm_sqr(&image.sets.values) / image.sets.values.len().max(1) as f64;
        Self {
            unexplained_by_start: problem.residual(start),
            unexplained: problem.residual(image),
            changed: norm(&apart) / norm(&start.sets.values).max(f64::MIN_POSITIVE),
            edge_spread: mean / square.sqrt().max(f64::MIN_POSITIVE),
            roughness: (square / power.max(f64::MIN_POSITIVE)).sqrt(),
        }
    }

    /// By name.
    pub fn named(&self) -> [(&'static str, f64); 5] {
        let [start, explained, changed, spread, rough] = Self::NAMES;
        [
            (start, self.unexplained_by_start),
            (explained, self.unexplained),
            (changed, self.changed),
            (spread, self.edge_spread),
            (rough, self.roughness),
        ]
    }
}

/// Mean and mean square of the gradient's length.
fn gradient(image: &Stack) -> (f64, f64) {
    let cols = image.grid.cols.max(1);
    let rows: Vec<&[C32]> = image.values.chunks_exact(cols).collect();
    let (mut sum, mut square, mut count) = (0.0, 0.0, 0usize);
    for (row, below) in rows.iter().zip(rows.iter().skip(1)) {
        for ((value, right), down) in row.iter().zip(row.iter().skip(1)).zip(below.iter()) {
            let length = f64::from((right - value).norm_sqr() + (down - value).norm_sqr());
            (sum, square, count) = (sum + length.sqrt(), square + length, count + 1);
        }
    }
    (sum / count.max(1) as f64, square / count.max(1) as f64)
}

/// Why a learned image is not shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Reason {
    /// What is outside.
    pub what: String,
    /// Its value.
    pub value: f64,
    /// Where it may lie.
    pub range: super::card::Range,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, value, range } = self;
        let (low, high) = (range.low, range.high);
        write!(f, "{what} is {value:.4}, and the network knows {low:.4} to {high:.4}")
    }
}

/// Whether the scan is of a kind the weights know; the first reason against it.
pub fn scan(card: &Card, conditions: &Conditions, scale: f32) -> Result<(), Reason> {
    let Grid { rows, cols } = conditions.grid;
    let known = [
        ("the acceleration", Some(conditions.acceleration), card.acceleration),
        ("the number of receivers", Some(conditions.coils as f64), card.coils),
        ("the number of readout samples", Some(rows as f64), card.matrix),
        ("the number of lines", Some(cols as f64), card.matrix),
        ("the noise", conditions.noise.map(|sd| sd / f64::from(scale)), card.noise),
    ];
    known.into_iter().try_for_each(|(what, value, range)| match value {
        Some(value) if !range.holds(value) => Err(Reason { what: what.into(), value, range }),
        _ => Ok(()),
    })
}

/// Whether the image is of a kind the weights make; `over_noise` is its residual over the one that noise alone leaves, where
/// noise is known.
pub fn image(card: &Card, figures: &Figures, over_noise: Option<f64>) -> Result<(), Reason> {
    if let Some(value) = over_noise.filter(|value| !card.residual.holds(*value)) {
        return Err(Reason { what: "the residual over noise's".into(), value, range: card.residual });
    }
    figures.named().into_iter().zip(card.figures).try_for_each(|((name, value), range)| {
        if range.holds(value) {
            return Ok(());
        }
        Err(Reason { what: name.replace('_', " "), value, range })
    })
}

#[cfg(test)]
mod tests {
    use super::super::card::Range;
    use super::*;

    fn card() -> Card {
        let wide = Range { low: 0.0, high: 1e9 };
        Card {
            name: "test".into(),
            version: None,
            acceleration: Range { low: 2.0, high: 8.0 },
            coils: Range { low: 4.0, high: 12.0 },
            matrix: Range { low: 96.0, high: 512.0 },
            noise: Range { low: 0.0, high: 0.05 },
            residual: Range { low: 0.5, high: 2.0 },
            interval: None,
            figures: [wide, wide, Range { low: 0.0, high: 0.5 }, wide, wide],
        }
    }

    #[test]
    fn the_scan_is_refused_for_the_first_thing_outside() {
        let good = Conditions { acceleration: 4.0, coils: 8, grid: Grid::new(320, 320), noise: Some(0.02) };
        assert_eq!(scan(&card(), &good, 1.0), Ok(()));
        let refused = |conditions| scan(&card(), &conditions, 1.0).unwrap_err().to_string();
        let fast = refused(Conditions { acceleration: 12.0, ..good });
        assert_eq!(fast, "the acceleration is 12.0000, and the network knows 2.0000 to 8.0000");
        assert!(refused(Conditions { coils: 1, ..good }).starts_with("the number of receivers"));
        assert!(refused(Conditions { grid: Grid::new(320, 64), ..good }).starts_with("the number of lines"));
        assert!(refused(Conditions { noise: Some(0.2), ..good }).starts_with("the noise"));
        assert_eq!(
            scan(&card(), &Conditions { noise: Some(0.2), ..good }, 10.0),
            Ok(()),
            "noise is relative"
        );
    }

    #[test]
    fn the_image_is_refused_for_its_residual_or_its_figures() {
        let figures = Figures {
            unexplained_by_start: 0.1,
            unexplained: 0.1,
            changed: 0.2,
            edge_spread: 0.5,
            roughness: 0.3,
        };
        assert_eq!(image(&card(), &figures, Some(1.0)), Ok(()));
        assert!(image(&card(), &figures, Some(10.0)).is_err());
        assert_eq!(image(&card(), &figures, None), Ok(()), "without noise readouts it cannot be asked");
        let moved = image(&card(), &Figures { changed: f64::NAN, ..figures }, None).unwrap_err();
        assert!(moved.to_string().starts_with("changed is NaN"));
    }
}
