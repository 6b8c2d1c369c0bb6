//! NIfTI-1 single files (`.nii.gz`), single precision, with sform and qform in RAS millimetres.
//! <https://nifti.nimh.nih.gov/nifti-1>. Positions come in as DICOM has them (LPS); x and y change sign here.

use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

/// Where voxels lie in the patient, in LPS millimetres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Geometry {
    /// Voxels along columns (fastest), rows and slices.
    pub sizes: [usize; 3],
    /// Voxel size along the same axes, mm.
    pub spacing_mm: [f32; 3],
    /// Unit directions of the same axes, LPS; at right angles.
    pub directions: [[f32; 3]; 3],
    /// Centre of the first voxel, LPS mm.
    pub origin_mm: [f32; 3],
}

/// The file's bytes; `None` when the number of voxels is not the geometry's or too large for the format.
pub fn write(geometry: &Geometry, voxels: &[f32]) -> Option<Vec<u8>> {
    if voxels.len() != geometry.sizes.iter().product::<usize>() || voxels.is_empty() {
        return None;
    }
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(&header(geometry)?).ok()?;
    let bytes: Vec<u8> = voxels.iter().flat_map(|v| v.to_le_bytes()).collect();
    encoder.write_all(&bytes).ok()?;
    encoder.finish().ok()
}

/// 348 bytes of header and 4 that say there is no extension.
fn header(geometry: &Geometry) -> Option<Vec<u8>> {
    let axes = ras_axes(geometry);
    let (quaternion, handedness) = quaternion(&axes);
    let mut out = Header(Vec::with_capacity(352));
    out.i32(348).zeros(36);
    out.i16(3);
    for size in geometry.sizes {
        out.i16(i16::try_from(size).ok()?);
    }
    out.i16(1).i16(1).i16(1).i16(1);
    out.zeros(14); // intent
    out.i16(16).i16(32).i16(0); // float32, bits, first slice
    out.f32(handedness);
    geometry.spacing_mm.iter().for_each(|mm| {
        out.f32(*mm);
    });
    out.zeros(16).f32(352.0).f32(1.0).f32(0.0); // data offset, slope, intercept
    out.zeros(3).0.push(2); // millimetres
    out.zeros(24); // display range, slice timing, unused
    out.zeros(80 + 24); // description, auxiliary file
    out.i16(1).i16(1); // qform and sform: scanner coordinates
    quaternion.iter().for_each(|value| {
        out.f32(*value);
    });
    let [x, y, z] = geometry.origin_mm;
    let origin = [-x, -y, z];
    origin.iter().for_each(|mm| {
        out.f32(*mm);
    });
    for (row, origin) in origin.iter().enumerate() {
        for (axis, spacing) in axes.iter().zip(geometry.spacing_mm) {
            out.f32(axis.get(row).copied()? * spacing);
        }
        out.f32(*origin);
    }
    out.zeros(16).0.extend_from_slice(b"n+1\0");
    out.zeros(4);
    Some(out.0)
}

struct Header(Vec<u8>);

impl Header {
    fn zeros(&mut self, count: usize) -> &mut Self {
        self.0.resize(self.0.len() + count, 0);
        self
    }

    fn i16(&mut self, value: i16) -> &mut Self {
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }

    fn i32(&mut self, value: i32) -> &mut Self {
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }

    fn f32(&mut self, value: f32) -> &mut Self {
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }
}

fn ras_axes(geometry: &Geometry) -> [[f32; 3]; 3] {
    geometry.directions.map(|[x, y, z]| [-x, -y, z])
}

/// The rotation as (b, c, d) and the sign of the third axis.
fn quaternion(axes: &[[f32; 3]; 3]) -> ([f32; 3], f32) {
    let [i, j, k] = axes.map(|axis| axis.map(f64::from));
    let [i0, i1, i2] = i;
    let [j0, j1, j2] = j;
    let cross = [i1 * j2 - i2 * j1, i2 * j0 - i0 * j2, i0 * j1 - i1 * j0];
    let handedness: f64 = cross.iter().zip(&k).map(|(a, b)| a * b).sum::<f64>().signum();
    let [k0, k1, k2] = k.map(|v| v * handedness);
    // Each squared component of the quaternion; the largest is taken as divisor.
    let squares = [1.0 + i0 + j1 + k2, 1.0 + i0 - j1 - k2, 1.0 - i0 + j1 - k2, 1.0 - i0 - j1 + k2];
    let largest = squares.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |(at, _)| at);
    let root = squares.iter().copied().fold(0.0, f64::max).sqrt();
    let (half, scale) = (0.5 * root, 0.5 / root);
    let (a, b, c, d) = match largest {
        0 => (half, (j2 - k1) * scale, (k0 - i2) * scale, (i1 - j0) * scale),
        1 => ((j2 - k1) * scale, half, (i1 + j0) * scale, (k0 + i2) * scale),
        2 => ((k0 - i2) * scale, (i1 + j0) * scale, half, (j2 + k1) * scale),
        _ => ((i1 - j0) * scale, (k0 + i2) * scale, (j2 + k1) * scale, half),
    };
    let sign = if a < 0.0 { -1.0 } else { 1.0 };
    ([b, c, d].map(|v| (v * sign) as f32), handedness as f32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn bytes_of(geometry: &Geometry, voxels: &[f32]) -> Vec<u8> {
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(&write(geometry, voxels).unwrap()[..]).read_to_end(&mut plain).unwrap();
        plain
    }

    fn f32_at(bytes: &[u8], at: usize) -> f32 {
        f32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
    }

    /// Directions turned about two axes; the third axis mirrored when asked.
    fn tilted(mirror: f32) -> Geometry {
        let ((s, c), (t, d)) = (0.4f32.sin_cos(), (-1.1f32).sin_cos());
        let (i, j) = ([c, s, 0.0], [-s * d, c * d, t]);
        let k = [i[1] * j[2] - i[2] * j[1], i[2] * j[0] - i[0] * j[2], i[0] * j[1] - i[1] * j[0]];
        Geometry {
            sizes: [3, 2, 2],
            spacing_mm: [0.8, 1.2, 5.0],
            directions: [i, j, k.map(|v| v * mirror)],
            origin_mm: [10.0, -20.0, 30.0],
        }
    }

    #[test]
    fn sform_places_voxels_in_ras_and_qform_agrees() {
        for geometry in [tilted(1.0), tilted(-1.0)] {
            let voxels: Vec<f32> = (0..12).map(|i| i as f32).collect();
            let bytes = bytes_of(&geometry, &voxels);
            assert_eq!((bytes.len(), &bytes[344..348]), (352 + 48, &b"n+1\0"[..]));
            assert_eq!(f32_at(&bytes, 352 + 4 * 7), 7.0);
            assert_eq!([f32_at(&bytes, 80), f32_at(&bytes, 84), f32_at(&bytes, 88)], geometry.spacing_mm);
            let sform = |row: usize, col: usize| f32_at(&bytes, 280 + 16 * row + 4 * col);
            let [b, c, d] = [256, 260, 264].map(|at| f32_at(&bytes, at));
            let a = (1.0 - b * b - c * c - d * d).max(0.0).sqrt();
            let rotation = [
                [a * a + b * b - c * c - d * d, 2.0 * (b * c - a * d), 2.0 * (b * d + a * c)],
                [2.0 * (b * c + a * d), a * a + c * c - b * b - d * d, 2.0 * (c * d - a * b)],
                [2.0 * (b * d - a * c), 2.0 * (c * d + a * b), a * a + d * d - b * b - c * c],
            ];
            for (row, line) in rotation.iter().enumerate() {
                let flip = if row < 2 { -1.0 } else { 1.0 };
                assert!((sform(row, 3) - flip * geometry.origin_mm[row]).abs() < 1e-4);
                for (col, entry) in line.iter().enumerate() {
                    let expected = flip * geometry.directions[col][row] * geometry.spacing_mm[col];
                    assert!((sform(row, col) - expected).abs() < 1e-4);
                    let hand = if col == 2 { f32_at(&bytes, 76) } else { 1.0 };
                    let turned = entry * geometry.spacing_mm[col] * hand;
                    assert!((turned - expected).abs() < 1e-4, "{row} {col}: {turned} {expected}");
                }
            }
        }
    }

    #[test]
    fn a_wrong_number_of_voxels_is_refused() {
        assert!(write(&tilted(1.0), &[0.0; 11]).is_none());
    }
}
