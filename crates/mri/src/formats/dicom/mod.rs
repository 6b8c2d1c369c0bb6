//! DICOM MR images, written only: one classic file a slice or one enhanced file a volume, explicit little-endian,
//! uncompressed; and their sending to a peer.
//!
//! An image made here is always a derived image of a series of its own: it says what made it and how, keeps the study
//! and the frame of reference of the scan, and never carries the scanner's own series or instance identifiers.
//! PS3.3 A.4 (MR Image IOD), PS3.5 §7 (data elements), PS3.10 §7 (files): <https://www.dicomstandard.org/current>.

mod association;
mod command;
mod dataset;
mod enhanced;
mod file;
mod image;
mod modules;
mod pdu;

pub use association::{Association, SendError, Titles};
pub use dataset::is_uid;
pub use enhanced::{ENHANCED_MR_IMAGE_STORAGE, write as write_enhanced};
pub use file::FileParts;
pub use image::{Pixels, Scale, Slice, write};
pub use modules::{Description, MR_IMAGE_STORAGE, Software, Uids};

use thiserror::Error;

/// Why no file was written.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum DicomError {
    /// An identifier is not made of digits and dots, or is too long.
    #[error("{0} is not a DICOM identifier")]
    Uid(&'static str),
    /// The number of pixels is not rows times columns, or too large for the format.
    #[error("the pixels do not fill the picture")]
    Pixels,
    /// Directions are not unit vectors at right angles, or a place is not a number.
    #[error("the slice's place in the patient is not a place")]
    Geometry,
}
