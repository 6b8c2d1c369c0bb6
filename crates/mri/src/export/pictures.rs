//! PNG previews: one a slice, one window for the whole series, no text in the picture.

use super::{ExportError, Which, suffix};
use crate::formats::png::{Window, Windowing, write};
use crate::grid::Grid;
use crate::series::{Residual, Series};

/// As asked for, or from black at 0 to white at the 99.5th percentile of all volumes.
pub fn window(series: &Series, which: Which, asked: Option<Windowing>) -> Window {
    let windows = series.volumes.iter().map(|volume| match asked {
        Some(windowing) => Window::asked(which.values(volume), windowing),
        None => Window::of(which.values(volume)),
    });
    let widest = |a: Window, b: Window| Window { low: a.low.min(b.low), high: a.high.max(b.high) };
    windows.reduce(widest).unwrap_or(Window { low: 0.0, high: f32::MIN_POSITIVE })
}

/// What each plane leaves of the measured data, k-space with its centre in the middle; from nothing to the 99.5th percentile.
pub fn residuals(
    series: &Series,
    give: &mut dyn FnMut(String, Vec<u8>) -> Result<(), ExportError>,
) -> Result<(), ExportError> {
    for volume in &series.volumes {
        for (number, residual) in volume.residuals.iter().enumerate() {
            let Some(residual) = residual else { continue };
            let bytes = residual_picture(residual).ok_or(ExportError::TooLarge("PNG"))?;
            give(format!("png/residual{}-plane{:03}.png", suffix(series, volume), number + 1), bytes)?;
        }
    }
    Ok(())
}

/// One plane's; rows run along the readout.
pub fn residual_picture(residual: &Residual) -> Option<Vec<u8>> {
    let measured: Vec<f32> = residual.values.iter().copied().filter(|v| *v > 0.0).collect();
    write(residual.grid, &residual.values, Window::of(&measured))
}

/// Every slice of every volume.
pub fn files(
    series: &Series,
    (which, asked): (Which, Option<Windowing>),
    give: &mut dyn FnMut(String, Vec<u8>) -> Result<(), ExportError>,
) -> Result<(), ExportError> {
    let window = window(series, which, asked);
    for volume in &series.volumes {
        let [columns, rows, _] = volume.geometry.sizes;
        let slices = which.values(volume).chunks_exact(volume.slice_pixels().max(1));
        for (number, slice) in slices.enumerate() {
            let bytes = write(Grid::new(rows, columns), slice, window).ok_or(ExportError::TooLarge("PNG"))?;
            let name = which.name();
            give(format!("png/{name}{}-slice{:03}.png", suffix(series, volume), number + 1), bytes)?;
        }
    }
    Ok(())
}
