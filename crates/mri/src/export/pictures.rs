//! PNG previews: one a slice, one window for the whole series, no text in the picture.

use super::{ExportError, Which, suffix};
use crate::formats::png::{Window, write};
use crate::grid::Grid;
use crate::series::Series;

/// From black at 0 to white at the 99.5th percentile of all volumes.
pub fn window(series: &Series, which: Which) -> Window {
    let windows = series.volumes.iter().map(|volume| Window::of(which.values(volume)).high);
    Window { low: 0.0, high: windows.fold(f32::MIN_POSITIVE, f32::max) }
}

/// Every slice of every volume.
pub fn files(
    series: &Series,
    which: Which,
    give: &mut dyn FnMut(String, Vec<u8>) -> Result<(), ExportError>,
) -> Result<(), ExportError> {
    let window = window(series, which);
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
