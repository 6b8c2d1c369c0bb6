//! A volume as one file: Enhanced MR Image Storage, what all slices share said once and each slice's place beside it.
//! PS3.3 A.36 (IOD), C.7.6.16 (multi-frame functional groups), C.8.13 (Enhanced MR): <https://www.dicomstandard.org/current>.

use super::DicomError;
use super::dataset::{Dataset, is_uid};
use super::image::{Pixels, Slice, checked, file, picture, real_world, window};
use super::modules::{Description, Software, Uids, derivation, shared};
use crate::formats::mrd::About;

/// The class of enhanced images.
pub const ENHANCED_MR_IMAGE_STORAGE: &str = "1.2.840.10008.5.1.4.1.1.4.1";
/// The standard wants a day and a time of the content. Nothing here reads a clock: they are the study's, or this.
const NO_DATE: &str = "19000101";
const NO_TIME: &str = "000000";

/// The file's bytes. `slices` are those of one volume, in order, with the same directions and spacing; `pixels` holds all of
/// them, one after the other; `organisation` identifies the order of the frames. The first slice's identifier and number are the file's.
pub fn write(
    (about, uids): (&About, &Uids),
    (software, description): (&Software, &Description),
    (slices, organisation): (&[Slice], &str),
    pixels: &Pixels,
) -> Result<Vec<u8>, DicomError> {
    let first = slices.first().ok_or(DicomError::Pixels)?;
    slices.iter().try_for_each(checked)?;
    for (uid, name) in [(first.uid.as_str(), "the image's"), (organisation, "the order's of the frames")] {
        is_uid(uid).then_some(()).ok_or(DicomError::Uid(name))?;
    }
    let mut data = shared(about, uids, software, description)?;
    data.uid((0x0008, 0x0016), ENHANCED_MR_IMAGE_STORAGE).uid((0x0008, 0x0018), &first.uid);
    data.whole((0x0020, 0x0013), first.number).whole((0x0028, 0x0008), slices.len() as u32);
    image(&mut data, about, software);
    timing(&mut data, about, first.contrast);
    derivation(&mut data, description);
    dimensions(&mut data, organisation);
    data.item((0x5200, 0x9229), &common(about, first, pixels));
    let frames: Vec<Dataset> = slices.iter().zip(1..).map(|(slice, place)| frame(slice, place)).collect();
    data.items((0x5200, 0x9230), &frames);
    picture(&mut data, pixels, slices.len())?;
    Ok(file(ENHANCED_MR_IMAGE_STORAGE, &first.uid, software, &data))
}

/// Attributes of the whole object, those of equipment that must not be empty included.
fn image(data: &mut Dataset, about: &About, software: &Software) {
    kind(data, (0x0008, 0x0008));
    let or_unknown = |text: &Option<String>| text.clone().unwrap_or_else(|| "unknown".into());
    data.text((0x0008, 0x0070), "LO", &or_unknown(&about.system.vendor));
    data.text((0x0008, 0x1090), "LO", &or_unknown(&about.system.model));
    data.text((0x0018, 0x1000), "LO", "unknown");
    data.text((0x0018, 0x1020), "LO", &format!("{} {}", software.product, software.version));
    let digits = |text: &Option<String>, length: usize| -> Option<String> {
        let digits: String =
            text.iter().flat_map(|t| t.chars()).filter(char::is_ascii_digit).take(length).collect();
        (digits.len() == length).then_some(digits)
    };
    data.text((0x0008, 0x0023), "DA", &digits(&about.study.date, 8).unwrap_or_else(|| NO_DATE.into()));
    data.text((0x0008, 0x0033), "TM", &digits(&about.study.time, 6).unwrap_or_else(|| NO_TIME.into()));
    data.codes((0x0018, 0x9004), &["RESEARCH"]);
    // Not known from raw data and not to be left out: what MR scanners are built to is IEC 60601-2-33.
    data.codes((0x0018, 0x9174), &["IEC"]);
    data.codes((0x2050, 0x0020), &["IDENTITY"]);
    data.items((0x0040, 0x0555), &[]);
    if let Some(tesla) = about.system.field_strength_t {
        data.decimals((0x0018, 0x0087), &[tesla]);
    }
}

/// Repetition time and flip angle. Their functional group asks for echo trains, absorption rates and operating modes too, which raw
/// data do not say: they stand at the top, as in a classic image, which extended objects may have.
fn timing(data: &mut Dataset, about: &About, contrast: usize) {
    let of = |values: &[f64]| values.get(contrast).or(values.first()).copied();
    for (tag, value) in [
        ((0x0018, 0x0080), of(&about.sequence.repetition_ms)),
        ((0x0018, 0x1314), of(&about.sequence.flip_deg)),
    ] {
        if let Some(value) = value {
            data.decimals(tag, &[value]);
        }
    }
}

/// What kind of picture it is; the object and its frames say the same.
fn kind(data: &mut Dataset, tag: (u16, u16)) {
    data.codes(tag, &["DERIVED", "PRIMARY", "VOLUME", "NONE"]);
    data.codes((0x0008, 0x9205), &["MONOCHROME"]).codes((0x0008, 0x9206), &["VOLUME"]);
    data.codes((0x0008, 0x9207), &["NONE"]).codes((0x0008, 0x9208), &["MAGNITUDE"]);
    data.codes((0x0008, 0x9209), &["UNKNOWN"]);
}

/// Frames are ordered by their place in the one stack.
fn dimensions(data: &mut Dataset, organisation: &str) {
    let mut named = Dataset::default();
    named.uid((0x0020, 0x9164), organisation);
    data.item((0x0020, 0x9221), &named);
    let index = |of: (u16, u16)| {
        let mut index = named.clone();
        index.pointer((0x0020, 0x9165), of).pointer((0x0020, 0x9167), (0x0020, 0x9111));
        index
    };
    data.items((0x0020, 0x9222), &[index((0x0020, 0x9056)), index((0x0020, 0x9057))]);
}

/// The functional groups that all frames share.
fn common(about: &About, slice: &Slice, pixels: &Pixels) -> Dataset {
    let wide = |values: &[f32]| -> Vec<f64> { values.iter().map(|v| f64::from(*v)).collect() };
    let mut groups = Dataset::default();
    let mut group = |tag, fill: &mut dyn FnMut(&mut Dataset)| {
        let mut item = Dataset::default();
        fill(&mut item);
        groups.item(tag, &item);
    };
    let ([columns, rows], [thickness, between]) = (slice.spacing_mm, slice.thickness_mm);
    group((0x0028, 0x9110), &mut |item| {
        item.decimals((0x0028, 0x0030), &wide(&[rows, columns]));
        item.decimals((0x0018, 0x0050), &wide(&[thickness])).decimals((0x0018, 0x0088), &wide(&[between]));
    });
    group((0x0020, 0x9116), &mut |item| {
        item.decimals((0x0020, 0x0037), &wide(&slice.directions.concat()));
    });
    // Which part of the body is not coded in raw data; the free text of the study stays at the top.
    group((0x0020, 0x9071), &mut |item| {
        item.codes((0x0020, 0x9072), &["U"]);
        item.concept((0x0008, 0x2218), ["38266002", "SCT", "Entire body"]);
    });
    group((0x0028, 0x9145), &mut |item| {
        item.decimals((0x0028, 0x1052), &[0.0]).decimals((0x0028, 0x1053), &[1.0]);
        item.text((0x0028, 0x1054), "LO", "US");
    });
    group((0x0028, 0x9132), &mut |item| window(item, pixels));
    group((0x0018, 0x9226), &mut |item| kind(item, (0x0008, 0x9007)));
    let sequence = &about.sequence;
    let of = |values: &[f64]| values.get(slice.contrast).or(values.first()).copied();
    if let Some(echo) = of(&sequence.echo_ms) {
        group((0x0018, 0x9114), &mut |item| {
            item.doubles((0x0018, 0x9082), &[echo]);
        });
    }
    group((0x0040, 0x9096), &mut |item| real_world(item, pixels));
    // The source is raw data and no image that could be referred to; how it was made stands at the top. Images that the scan was
    // planned on are not named: an enhanced image must say of which series they are, and raw data do not.
    groups.items((0x0008, 0x9124), &[]);
    groups
}

/// The functional groups of one frame: which it is and where it lies.
fn frame(slice: &Slice, place: u32) -> Dataset {
    let (mut content, mut position, mut groups) =
        (Dataset::default(), Dataset::default(), Dataset::default());
    content.text((0x0020, 0x9056), "SH", "1").longs((0x0020, 0x9057), &[place]);
    content.longs((0x0020, 0x9157), &[1, place]);
    let (moment, moments) = slice.moment;
    if moments > 1 {
        content.longs((0x0020, 0x9128), &[moment]);
    }
    let origin: Vec<f64> = slice.origin_mm.iter().map(|mm| f64::from(*mm)).collect();
    position.decimals((0x0020, 0x0032), &origin);
    groups.item((0x0020, 0x9111), &content).item((0x0020, 0x9113), &position);
    groups
}
