//! What a reconstructed series becomes on disk: DICOM, NIfTI, PNG previews and a machine-readable account.
//!
//! Every file is given to the caller as a path and bytes; nothing is opened here. The same series and provenance give
//! the same bytes. The account ([`account`]) is handed over last, so that a folder without it was not finished.

mod account;
mod dicom;
mod json;
mod pictures;
mod report;

use crate::formats::dicom::{DicomError, Software};
use crate::formats::mrd::About;
use crate::series::{Request, Series, Volume};
use thiserror::Error;

/// Where a series comes from and what made it.
pub struct Provenance<'a> {
    /// What the scan's header says.
    pub about: &'a About,
    /// Hash of the scan's file, in hexadecimal.
    pub input_sha256: &'a str,
    /// What made the images.
    pub software: &'a Software,
    /// What was asked for.
    pub request: &'a Request<'a>,
    /// A unique identifier that is a function of the name given.
    pub uid: &'a dyn Fn(&str) -> String,
}

/// Which kinds of files to make. The account is always made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kinds {
    /// DICOM MR images.
    pub dicom: bool,
    /// DICOM as one Enhanced MR image a volume in place of one classic image a slice.
    pub enhanced: bool,
    /// NIfTI volumes.
    pub nifti: bool,
    /// PNG previews.
    pub png: bool,
}

/// Why files could not be made.
#[derive(Debug, Error)]
pub enum ExportError {
    /// An image could not be written as DICOM.
    #[error("DICOM: {0}")]
    Dicom(#[from] DicomError),
    /// An image is larger than a format can say.
    #[error("the image is too large for {0}")]
    TooLarge(&'static str),
    /// The place for the files did not take one.
    #[error("cannot write {0}: {1}")]
    Write(String, std::io::Error),
}

/// Takes a file: its path inside the output folder, and its bytes.
pub type Take<'a> = &'a mut dyn FnMut(&str, Vec<u8>) -> std::io::Result<()>;

/// The two images of every volume.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Image,
    ZeroFilled,
}

impl Which {
    const ALL: [Self; 2] = [Self::Image, Self::ZeroFilled];

    fn name(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::ZeroFilled => "zero-filled",
        }
    }

    fn values(self, volume: &Volume) -> &[f32] {
        match self {
            Self::Image => &volume.image,
            Self::ZeroFilled => &volume.zero_filled,
        }
    }
}

/// A DICOM series as it was written, for those who list images.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filed {
    /// The study's identifier.
    pub study: String,
    /// Its own.
    pub uid: String,
    /// Its number in the study.
    pub number: u32,
    /// Its title.
    pub title: String,
    /// How it was made, in words.
    pub derivation: String,
    /// The class of its images.
    pub class: &'static str,
    /// Number and identifier of every image.
    pub images: Vec<(u32, String)>,
}

/// Hands over every file of a series, and says which DICOM series there are.
pub fn export(
    series: &Series,
    provenance: &Provenance,
    kinds: Kinds,
    take: Take,
) -> Result<Vec<Filed>, ExportError> {
    let mut give = |path: String, bytes: Vec<u8>| match take(&path, bytes) {
        Ok(()) => Ok(path),
        Err(error) => Err(ExportError::Write(path, error)),
    };
    let (mut paths, mut filed) = (Vec::new(), Vec::new());
    for which in Which::ALL {
        if kinds.dicom {
            let mut take = |path, bytes| give(path, bytes).map(drop);
            filed.push(dicom::files(series, provenance, (which, kinds.enhanced), &mut take)?);
        }
        for volume in &series.volumes {
            if kinds.nifti {
                let bytes = crate::formats::nifti::write(&volume.geometry, which.values(volume));
                let bytes = bytes.ok_or(ExportError::TooLarge("NIfTI"))?;
                paths.push(give(format!("{}{}.nii.gz", which.name(), suffix(series, volume)), bytes)?);
            }
        }
        if kinds.png {
            pictures::files(series, (which, provenance.request.window), &mut |path, bytes| {
                give(path, bytes).map(drop)
            })?;
        }
    }
    for volume in &series.volumes {
        for (doubt, values) in volume.doubt.iter().filter(|_| kinds.nifti) {
            let bytes = crate::formats::nifti::write(&volume.geometry, values);
            let bytes = bytes.ok_or(ExportError::TooLarge("NIfTI"))?;
            paths.push(give(format!("{}{}.nii.gz", doubt.name(), suffix(series, volume)), bytes)?);
        }
    }
    if kinds.png {
        pictures::residuals(series, &mut |path, bytes| give(path, bytes).map(drop))?;
    }
    give("report.html".into(), report::page(series, provenance).into_bytes())?;
    give("series.json".into(), account::text(series, provenance, &paths).into_bytes())?;
    Ok(filed)
}

/// What tells a volume's file from the others': nothing where there is one volume.
fn suffix(series: &Series, volume: &Volume) -> String {
    if series.volumes.len() < 2 {
        return String::new();
    }
    let frame = volume.frame;
    let parts = [
        ("slab", frame.slice),
        ("contrast", frame.contrast),
        ("phase", frame.phase),
        ("repetition", frame.repetition),
        ("set", frame.set),
    ];
    let varies = |at: usize| {
        let index = |v: &Volume| {
            let f = v.frame;
            [f.slice, f.contrast, f.phase, f.repetition, f.set].get(at).copied()
        };
        series.volumes.iter().any(|other| index(other) != index(volume))
    };
    let named = parts.iter().enumerate().filter(|(at, _)| varies(*at));
    named.map(|(_, (name, number))| format!("-{name}{number:03}")).collect()
}
