//! Where slices lie: from the readouts' positions and directions to voxel geometry.

use crate::formats::mrd::{Acquisition, Header};
use crate::formats::nifti::Geometry;

/// Directions used when a scan has none: axial, readout from right to left, phase from front to back.
const AXIAL: [[f32; 3]; 3] = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];

/// A slice's centre and directions as its first readout has them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stand {
    /// Centre, LPS mm.
    pub centre: [f32; 3],
    /// Readout, phase and slice directions.
    pub directions: [[f32; 3]; 3],
    /// Whether the directions were made up.
    pub assumed: bool,
}

impl Stand {
    /// Of a readout; directions that are not at right angles or of unit length count as missing.
    pub fn of(acquisition: &Acquisition) -> Self {
        let [read, phase, slice] = acquisition.directions;
        let usable = acquisition.directions.iter().all(|v| (dot(*v, *v) - 1.0).abs() < 1e-2)
            && [dot(read, phase), dot(phase, slice), dot(slice, read)].iter().all(|d| d.abs() < 1e-2);
        let centre = acquisition.position.map(|mm| if mm.is_finite() { mm } else { 0.0 });
        let directions = if usable { acquisition.directions.map(unit) } else { AXIAL };
        Self { centre, directions, assumed: !usable }
    }

    /// How far along the slice direction it lies.
    pub fn height(&self, along: [f32; 3]) -> f32 {
        dot(self.centre, along)
    }
}

fn dot(a: [f32; 3], b: [f32; 3]) -> f32 {
    a.iter().zip(&b).map(|(a, b)| a * b).sum()
}

fn unit(v: [f32; 3]) -> [f32; 3] {
    let length = dot(v, v).sqrt().max(f32::MIN_POSITIVE);
    v.map(|c| c / length)
}

fn moved(from: [f32; 3], steps: &[(f32, [f32; 3])]) -> [f32; 3] {
    steps.iter().fold(from, |[x, y, z], (mm, [u, v, w])| [x + mm * u, y + mm * v, z + mm * w])
}

/// Geometry of a frame and the first pixel of each of its slices.
pub struct Placed {
    /// For volume formats.
    pub geometry: Geometry,
    /// Slice by slice.
    pub origins_mm: Vec<[f32; 3]>,
    /// Thickness of a slice.
    pub thickness_mm: f32,
    /// Whether the slices are not evenly spaced along their direction, which volume formats cannot say.
    pub uneven: bool,
}

/// Slices measured one by one, in order of their height.
pub fn slices(header: &Header, stands: &[Stand]) -> Option<Placed> {
    let first = stands.first()?;
    let [_, _, along] = first.directions;
    let spacing = pixel_mm(header);
    let thickness = header.encoded.field_of_view_mm.last().copied()?;
    let origins: Vec<[f32; 3]> =
        stands.iter().map(|s| corner(header, s.centre, (&s.directions, spacing))).collect();
    let gaps: Vec<f32> = stands
        .windows(2)
        .filter_map(|pair| Some(pair.last()?.height(along) - pair.first()?.height(along)))
        .collect();
    let mean = gaps.iter().sum::<f32>() / gaps.len().max(1) as f32;
    let between = if gaps.is_empty() || mean < 1e-3 { thickness } else { mean };
    let uneven = gaps.iter().any(|gap| (gap - between).abs() > 0.05 * between)
        || stands.iter().any(|stand| stand.directions != first.directions);
    Some(placed(header, (first, origins), ([spacing.0, spacing.1, between], thickness), uneven))
}

/// Partitions of a volume around its centre.
pub fn partitions(header: &Header, stand: &Stand) -> Placed {
    let spacing = pixel_mm(header);
    let ([_, _, count], [_, _, field]) = (header.recon.matrix, header.recon.field_of_view_mm);
    let between = field / count as f32;
    let [_, _, along] = stand.directions;
    let centre = (count / 2) as f32;
    let origin = |slice: usize| {
        let middle = moved(stand.centre, &[((slice as f32 - centre) * between, along)]);
        corner(header, middle, (&stand.directions, spacing))
    };
    let origins = (0..count).map(origin).collect();
    placed(header, (stand, origins), ([spacing.0, spacing.1, between], between), false)
}

fn pixel_mm(header: &Header) -> (f32, f32) {
    let ([columns, rows, _], [width, height, _]) = (header.recon.matrix, header.recon.field_of_view_mm);
    (width / columns as f32, height / rows as f32)
}

/// The transform puts the centre of the field of view at pixel `n/2`.
fn corner(header: &Header, centre: [f32; 3], (directions, mm): (&[[f32; 3]; 3], (f32, f32))) -> [f32; 3] {
    let [columns, rows, _] = header.recon.matrix;
    let [read, phase, _] = *directions;
    moved(centre, &[(-((columns / 2) as f32) * mm.0, read), (-((rows / 2) as f32) * mm.1, phase)])
}

fn placed(
    header: &Header,
    (first, origins_mm): (&Stand, Vec<[f32; 3]>),
    (spacing_mm, thickness_mm): ([f32; 3], f32),
    uneven: bool,
) -> Placed {
    let [columns, rows, _] = header.recon.matrix;
    let geometry = Geometry {
        sizes: [columns, rows, origins_mm.len()],
        spacing_mm,
        directions: first.directions,
        origin_mm: origins_mm.first().copied().unwrap_or_default(),
    };
    Placed { geometry, origins_mm, thickness_mm, uneven }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::mrd::Space;

    fn header(slices: usize) -> Header {
        let space = Space { matrix: [8, 4, slices], field_of_view_mm: [80.0, 20.0, 6.0] };
        Header {
            encoded: space,
            recon: space,
            centre: [2, 0],
            trajectory: "cartesian".into(),
            field_strength_t: None,
        }
    }

    fn stand(z: f32) -> Stand {
        Stand { centre: [1.0, 2.0, z], directions: AXIAL, assumed: false }
    }

    #[test]
    fn the_centre_of_a_slice_is_its_middle_pixel() {
        let placed = slices(&header(1), &[stand(-10.0), stand(-2.0)]).unwrap();
        assert_eq!(placed.origins_mm, [[1.0 - 40.0, 2.0 - 10.0, -10.0], [-39.0, -8.0, -2.0]]);
        assert_eq!((placed.geometry.spacing_mm, placed.thickness_mm), ([10.0, 5.0, 8.0], 6.0));
        assert!(!placed.uneven);
        assert!(slices(&header(1), &[stand(0.0), stand(5.0), stand(20.0)]).unwrap().uneven);
    }

    #[test]
    fn partitions_lie_around_the_centre() {
        let placed = partitions(&header(3), &stand(0.0));
        let heights: Vec<f32> = placed.origins_mm.iter().map(|o| o[2]).collect();
        assert_eq!(heights, [-2.0, 0.0, 2.0]);
    }
}
