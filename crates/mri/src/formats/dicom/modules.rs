//! The attributes that all slices of a series share: patient, study, series, equipment, how it was measured and made.

use super::DicomError;
use super::dataset::{Dataset, is_uid};
use crate::formats::mrd::About;

/// The class of classic images.
pub const MR_IMAGE_STORAGE: &str = "1.2.840.10008.5.1.4.1.1.4";

/// Identifiers of a series. Series and instances are new; the study is the scan's where the scan names one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uids {
    /// Study.
    pub study: String,
    /// Series.
    pub series: String,
    /// Frame of reference.
    pub frame_of_reference: String,
}

/// What made the images.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Software {
    /// Name of the product.
    pub product: String,
    /// Its version.
    pub version: String,
}

/// What a series is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description {
    /// Number in the study.
    pub number: u32,
    /// `SeriesDescription`: method and counted acceleration.
    pub title: String,
    /// Method, parameters and input in words.
    pub derivation: String,
    /// What a reader must know: research use, what was assumed, what fell back.
    pub comments: String,
    /// Whether second phase encoding made it a volume.
    pub volume: bool,
}

/// Fills in what neither differs between the slices of a series nor between classic and enhanced images.
pub fn shared(
    about: &About,
    uids: &Uids,
    software: &Software,
    description: &Description,
) -> Result<Dataset, DicomError> {
    for (uid, name) in [
        (&uids.study, "the study's"),
        (&uids.series, "the series'"),
        (&uids.frame_of_reference, "the frame of reference's"),
    ] {
        is_uid(uid).then_some(()).ok_or(DicomError::Uid(name))?;
    }
    let mut data = Dataset::default();
    data.codes((0x0008, 0x0005), &["ISO_IR 192"]);
    patient_and_study(&mut data, about, &uids.study);
    series(&mut data, about, uids, description);
    equipment(&mut data, about, (software, description));
    Ok(data)
}

fn patient_and_study(data: &mut Dataset, about: &About, study_uid: &str) {
    let (subject, study) = (&about.subject, &about.study);
    let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
    let digits = |text: &Option<String>, most: usize| -> String {
        or_empty(text).chars().filter(char::is_ascii_digit).take(most).collect()
    };
    let date = |text: &Option<String>| Some(digits(text, 8)).filter(|d| d.len() == 8).unwrap_or_default();
    data.text((0x0010, 0x0010), "PN", &or_empty(&subject.name));
    data.text((0x0010, 0x0020), "LO", &or_empty(&subject.id));
    data.text((0x0010, 0x0030), "DA", &date(&subject.birth_date));
    data.text((0x0010, 0x0040), "CS", &or_empty(&subject.sex));
    if let Some(weight) = subject.weight_kg {
        data.decimals((0x0010, 0x1030), &[weight]);
    }
    data.uid((0x0020, 0x000d), study_uid);
    data.text((0x0008, 0x0020), "DA", &date(&study.date));
    let time = digits(&study.time, 6);
    data.text((0x0008, 0x0030), "TM", if time.len() == 6 { &time } else { "" });
    data.text((0x0008, 0x0090), "PN", &or_empty(&study.referring_physician));
    data.text((0x0020, 0x0010), "SH", &or_empty(&study.id));
    data.text((0x0008, 0x0050), "SH", &or_empty(&study.accession_number));
    data.optional((0x0008, 0x1030), "LO", study.description.as_deref());
    data.optional((0x0018, 0x0015), "CS", study.body_part.as_deref().map(str::to_uppercase).as_deref());
}

fn series(data: &mut Dataset, about: &About, uids: &Uids, description: &Description) {
    let position = about.measurement.patient_position.as_deref().unwrap_or_default();
    data.codes((0x0008, 0x0060), &["MR"]);
    data.uid((0x0020, 0x000e), &uids.series);
    data.whole((0x0020, 0x0011), description.number);
    data.text((0x0008, 0x103e), "LO", &description.title);
    data.optional((0x0018, 0x1030), "LO", about.measurement.protocol.as_deref());
    data.text((0x0018, 0x5100), "CS", position);
    data.uid((0x0020, 0x0052), &uids.frame_of_reference);
    data.text((0x0020, 0x1040), "LO", "");
}

fn equipment(data: &mut Dataset, about: &About, (software, description): (&Software, &Description)) {
    let system = &about.system;
    data.text((0x0008, 0x0070), "LO", system.vendor.as_deref().unwrap_or_default());
    data.optional((0x0008, 0x1090), "LO", system.model.as_deref());
    data.optional((0x0008, 0x0080), "LO", system.institution.as_deref());
    data.optional((0x0008, 0x1010), "SH", system.station.as_deref());
    let mut made_by = Dataset::default();
    made_by.concept((0x0040, 0xa170), ["109102", "DCM", "Processing Equipment"]);
    made_by.text((0x0008, 0x0070), "LO", &software.product);
    made_by.text((0x0008, 0x1090), "LO", &software.product);
    made_by.text((0x0018, 0x1020), "LO", &software.version);
    made_by.text((0x0018, 0xa003), "ST", &description.derivation);
    data.item((0x0018, 0xa001), &made_by);
    data.text((0x0020, 0x4000), "LT", &description.comments);
    data.codes((0x0028, 0x0301), &["NO"]);
    data.codes((0x0028, 0x2110), &["00"]);
}

/// How the image was made of what.
pub fn derivation(data: &mut Dataset, description: &Description) {
    data.text((0x0008, 0x2111), "ST", &description.derivation);
    data.concept((0x0008, 0x9215), ["RAWRECON", "99BEVAN", "Reconstruction from raw data"]);
}

/// Images that the scan was planned on, those with identifiers that are none left out. Raw data do not name their class: they are
/// taken for MR images, as localisers are.
pub fn referenced(data: &mut Dataset, about: &About) {
    let given = about.measurement.referenced_images.iter().filter(|uid| is_uid(uid));
    let items: Vec<Dataset> = given
        .map(|uid| {
            let mut item = Dataset::default();
            item.uid((0x0008, 0x1150), MR_IMAGE_STORAGE).uid((0x0008, 0x1155), uid);
            item
        })
        .collect();
    if !items.is_empty() {
        data.items((0x0008, 0x1140), &items);
    }
}

/// How it was measured, in the words of the classic image.
pub fn measured(data: &mut Dataset, about: &About, volume: bool) {
    let (scanning, variant) = scanning(about.sequence.kind.as_deref().unwrap_or_default());
    let codes = [scanning, "IR"];
    let inverted = about.sequence.inversion_ms.iter().any(|ms| *ms > 0.0);
    data.codes((0x0018, 0x0020), codes.get(..if inverted { 2 } else { 1 }).unwrap_or_default());
    data.codes((0x0018, 0x0021), &[variant]);
    data.codes((0x0018, 0x0022), &[]);
    data.codes((0x0018, 0x0023), &[if volume { "3D" } else { "2D" }]);
    data.text((0x0018, 0x0091), "IS", "").text((0x0020, 0x0060), "CS", "");
    if let Some(tesla) = about.system.field_strength_t {
        data.decimals((0x0018, 0x0087), &[tesla]);
    }
}

/// `ScanningSequence` and `SequenceVariant`; what is not known is called research mode, which the standard has.
fn scanning(kind: &str) -> (&'static str, &'static str) {
    let kind = kind.to_ascii_lowercase();
    let holds = |names: &[&str]| names.iter().any(|name| kind.contains(name));
    if holds(&["epi"]) {
        ("EP", "NONE")
    } else if holds(&["flash", "spgr", "gre", "gradient", "ssfp"]) {
        ("GR", "NONE")
    } else if holds(&["tse", "fse", "turbospin", "spin", "haste"]) {
        ("SE", "NONE")
    } else {
        ("RM", "NONE")
    }
}
