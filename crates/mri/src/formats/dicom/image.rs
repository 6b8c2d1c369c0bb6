//! One slice as a file: place, pixels, and the header that a file begins with.

use super::DicomError;
use super::dataset::{Dataset, is_uid};
use super::modules::{
    Description, MR_IMAGE_STORAGE, Software, Uids, derivation, measured, referenced, shared,
};
use crate::formats::mrd::About;
use crate::formats::png::Window;

const EXPLICIT_LITTLE_ENDIAN: &str = "1.2.840.10008.1.2.1";
/// Of this writer; made once from a random UUID.
pub(super) const IMPLEMENTATION: &str = "2.25.250870236139871045862374985402131817297";

/// How stored numbers become values: `value = slope × stored`, the same for every slice of a series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    /// Value of one step.
    pub slope: f32,
}

impl Scale {
    /// The finest scale that holds everything in 16 bits. Values that are not numbers are left out.
    pub fn of(values: &[f32]) -> Self {
        let top = values.iter().copied().filter(|v| v.is_finite()).fold(0f32, f32::max);
        Self { slope: if top > 0.0 { top / f32::from(u16::MAX) } else { 1.0 } }
    }

    fn stored(self, value: f32) -> u16 {
        // A value that is not a number becomes 0: `as` saturates.
        (value / self.slope).round() as u16
    }
}

/// The picture of a slice: rows from top to bottom.
#[derive(Debug, Clone, Copy)]
pub struct Pixels<'a> {
    /// Rows.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
    /// Magnitudes.
    pub values: &'a [f32],
    /// The series' scale.
    pub scale: Scale,
    /// The series' window, in values.
    pub window: Window,
}

/// Where a slice lies and which one it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Slice {
    /// Identifier of the image.
    pub uid: String,
    /// Number in the series, from 1.
    pub number: u32,
    /// Contrast, from 0: chooses the echo time.
    pub contrast: usize,
    /// Number in time, from 1, and how many there are.
    pub moment: (u32, u32),
    /// Centre of the first pixel, LPS mm.
    pub origin_mm: [f32; 3],
    /// Directions in which columns and rows are counted, LPS.
    pub directions: [[f32; 3]; 2],
    /// Distance of columns and of rows, mm.
    pub spacing_mm: [f32; 2],
    /// Thickness and distance of slices, mm.
    pub thickness_mm: [f32; 2],
}

/// The file's bytes.
pub fn write(
    (about, uids): (&About, &Uids),
    (software, description): (&Software, &Description),
    slice: &Slice,
    pixels: &Pixels,
) -> Result<Vec<u8>, DicomError> {
    let mut data = shared(about, uids, software, description)?;
    is_uid(&slice.uid).then_some(()).ok_or(DicomError::Uid("the image's"))?;
    data.uid((0x0008, 0x0016), MR_IMAGE_STORAGE);
    data.uid((0x0008, 0x0018), &slice.uid);
    data.codes((0x0008, 0x0008), &["DERIVED", "PRIMARY", "OTHER"]);
    data.whole((0x0020, 0x0013), slice.number);
    measured(&mut data, about, description.volume);
    derivation(&mut data, description);
    referenced(&mut data, about);
    times(&mut data, about, slice);
    place(&mut data, slice)?;
    window(&mut data, pixels);
    let mut real = Dataset::default();
    real_world(&mut real, pixels);
    data.item((0x0040, 0x9096), &real);
    picture(&mut data, pixels, 1)?;
    Ok(file(MR_IMAGE_STORAGE, &slice.uid, software, &data))
}

/// A dataset as a file.
pub(super) fn file(class: &str, uid: &str, software: &Software, data: &Dataset) -> Vec<u8> {
    let mut file = vec![0; 128];
    file.extend(b"DICM");
    file.extend(meta(class, uid, software));
    file.extend(data.bytes());
    file
}

fn times(data: &mut Dataset, about: &About, slice: &Slice) {
    let sequence = &about.sequence;
    // One value stands for all contrasts.
    let of = |values: &[f64]| values.get(slice.contrast).or(values.first()).copied();
    let mut put = |tag, value: Option<f64>| {
        data.decimals(tag, value.as_slice());
    };
    put((0x0018, 0x0080), of(&sequence.repetition_ms));
    put((0x0018, 0x0081), of(&sequence.echo_ms));
    if let Some(inversion) = of(&sequence.inversion_ms).filter(|ms| *ms > 0.0) {
        data.decimals((0x0018, 0x0082), &[inversion]);
    }
    if let Some(flip) = of(&sequence.flip_deg) {
        data.decimals((0x0018, 0x1314), &[flip]);
    }
    data.whole((0x0018, 0x0086), slice.contrast as u32 + 1);
    let (moment, moments) = slice.moment;
    if moments > 1 {
        data.whole((0x0020, 0x0100), moment).whole((0x0020, 0x0105), moments);
    }
}

/// Refuses what is no place in a patient.
pub(super) fn checked(slice: &Slice) -> Result<(), DicomError> {
    let [along, down] = slice.directions;
    let dot = |a: [f32; 3], b: [f32; 3]| a.iter().zip(&b).map(|(a, b)| a * b).sum::<f32>();
    let unit = |v| (dot(v, v) - 1.0).abs() < 1e-3;
    let sizes = slice.spacing_mm.iter().chain(&slice.thickness_mm);
    let positive = sizes.clone().all(|mm| *mm > 0.0 && mm.is_finite());
    let finite = slice.origin_mm.iter().all(|mm| mm.is_finite());
    if !(unit(along) && unit(down) && dot(along, down).abs() < 1e-3 && positive && finite) {
        return Err(DicomError::Geometry);
    }
    Ok(())
}

fn place(data: &mut Dataset, slice: &Slice) -> Result<(), DicomError> {
    checked(slice)?;
    let wide = |values: &[f32]| -> Vec<f64> { values.iter().map(|v| f64::from(*v)).collect() };
    data.decimals((0x0020, 0x0032), &wide(&slice.origin_mm));
    data.decimals((0x0020, 0x0037), &wide(&slice.directions.concat()));
    let [columns, rows] = slice.spacing_mm;
    data.decimals((0x0028, 0x0030), &wide(&[rows, columns]));
    let [thickness, between] = slice.thickness_mm;
    data.decimals((0x0018, 0x0050), &wide(&[thickness])).decimals((0x0018, 0x0088), &wide(&[between]));
    Ok(())
}

/// Pixels of so many frames and how they are stored.
pub(super) fn picture(data: &mut Dataset, pixels: &Pixels, frames: usize) -> Result<(), DicomError> {
    let size = |n: usize| u16::try_from(n).ok().filter(|n| *n > 0).ok_or(DicomError::Pixels);
    let (rows, columns) = (size(pixels.rows)?, size(pixels.columns)?);
    let count = frames.checked_mul(pixels.rows * pixels.columns);
    if count != Some(pixels.values.len()) || pixels.values.len() > 1 << 28 {
        return Err(DicomError::Pixels);
    }
    data.shorts((0x0028, 0x0002), &[1]).codes((0x0028, 0x0004), &["MONOCHROME2"]);
    data.shorts((0x0028, 0x0010), &[rows]).shorts((0x0028, 0x0011), &[columns]);
    data.shorts((0x0028, 0x0100), &[16]).shorts((0x0028, 0x0101), &[16]);
    data.shorts((0x0028, 0x0102), &[15]).shorts((0x0028, 0x0103), &[0]);
    let stored: Vec<u16> = pixels.values.iter().map(|value| pixels.scale.stored(*value)).collect();
    data.words((0x7fe0, 0x0010), &stored);
    Ok(())
}

/// The window, in stored numbers.
pub(super) fn window(data: &mut Dataset, pixels: &Pixels) {
    let slope = f64::from(pixels.scale.slope);
    let (centre, width) = pixels.window.centre_width();
    data.decimals((0x0028, 0x1050), &[(f64::from(centre) / slope).round()]);
    data.decimals((0x0028, 0x1051), &[(f64::from(width) / slope).round().max(1.0)]);
}

/// How stored numbers become values.
pub(super) fn real_world(data: &mut Dataset, pixels: &Pixels) {
    data.concept((0x0040, 0x08ea), ["1", "UCUM", "no units"]);
    data.text((0x0040, 0x9210), "SH", "signal").text((0x0028, 0x3003), "LO", "signal, arbitrary units");
    data.shorts((0x0040, 0x9216), &[0]).shorts((0x0040, 0x9211), &[u16::MAX]);
    data.doubles((0x0040, 0x9224), &[0.0]).doubles((0x0040, 0x9225), &[f64::from(pixels.scale.slope)]);
}

/// Group 2 with its length in front.
fn meta(class: &str, uid: &str, software: &Software) -> Vec<u8> {
    let mut meta = Dataset::default();
    meta.uid((0x0002, 0x0002), class).uid((0x0002, 0x0003), uid);
    meta.uid((0x0002, 0x0010), EXPLICIT_LITTLE_ENDIAN).uid((0x0002, 0x0012), IMPLEMENTATION);
    meta.text((0x0002, 0x0013), "SH", &format!("{} {}", software.product, software.version));
    let version = b"\x02\x00\x01\x00OB\x00\x00\x02\x00\x00\x00\x00\x01";
    let body = meta.bytes();
    let mut out = b"\x02\x00\x00\x00UL\x04\x00".to_vec();
    out.extend(((version.len() + body.len()) as u32).to_le_bytes());
    out.extend(version);
    out.extend(body);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(slice: &Slice, values: &[f32]) -> Result<Vec<u8>, DicomError> {
        let uids =
            Uids { study: "1.2.3".into(), series: "2.25.1".into(), frame_of_reference: "2.25.2".into() };
        let software = Software { product: "Bevan".into(), version: "0".into() };
        let description = Description {
            number: 1,
            title: "t".into(),
            derivation: "d".into(),
            comments: "c".into(),
            volume: false,
        };
        let scale = Scale::of(values);
        let pixels = Pixels { rows: 2, columns: 3, values, scale, window: Window::of(values) };
        write((&About::default(), &uids), (&software, &description), slice, &pixels)
    }

    fn slice() -> Slice {
        Slice {
            uid: "2.25.9".into(),
            number: 1,
            contrast: 0,
            moment: (1, 1),
            origin_mm: [0.0; 3],
            directions: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]],
            spacing_mm: [1.0; 2],
            thickness_mm: [5.0; 2],
        }
    }

    #[test]
    fn pixels_end_the_file_in_order_within_half_a_step() {
        let values = [0.0, 1.0, 2.0, 3.0, 4.0, 9.0];
        let bytes = written(&slice(), &values).unwrap();
        assert_eq!(&bytes[128..132], b"DICM");
        let stored = bytes[bytes.len() - 12..].chunks(2).map(|b| u16::from_le_bytes([b[0], b[1]]));
        let slope = Scale::of(&values).slope;
        for (stored, value) in stored.zip(values) {
            assert!((f32::from(stored) * slope - value).abs() <= slope / 2.0);
        }
        assert_eq!(bytes, written(&slice(), &values).unwrap());
    }

    #[test]
    fn what_is_no_place_no_picture_or_no_identifier_is_refused() {
        let values = [1.0; 6];
        let crooked = Slice { directions: [[1.0, 0.0, 0.0], [1.0, 0.0, 0.0]], ..slice() };
        let nowhere = Slice { origin_mm: [f32::NAN; 3], ..slice() };
        for wrong in [crooked, nowhere] {
            assert_eq!(written(&wrong, &values), Err(DicomError::Geometry));
        }
        assert_eq!(written(&slice(), &values[1..]), Err(DicomError::Pixels));
        let nameless = Slice { uid: "x".into(), ..slice() };
        assert_eq!(written(&nameless, &values), Err(DicomError::Uid("the image's")));
    }
}
