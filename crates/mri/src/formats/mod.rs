//! Files in and out. Readers take bytes and limits, return a named [`FormatError`] for what is broken, and never
//! panic or allocate beyond the limits.

pub mod cfl;
pub mod dicom;
pub mod hdf5;
pub mod mrd;
pub mod nifti;
pub mod png;

use thiserror::Error;

/// What is wrong with a file.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum FormatError {
    /// The file is not of this format at all.
    #[error("not a {0} file")]
    NotThisFormat(&'static str),
    /// The file ends early, or a size in it points beyond its end.
    #[error("truncated: {0}")]
    Truncated(&'static str),
    /// A part contradicts the format or another part.
    #[error("malformed: {0}")]
    Malformed(String),
    /// The format allows it, this reader does not.
    #[error("not supported: {0}")]
    Unsupported(String),
    /// Larger than the limits given.
    #[error("too large: {0}")]
    TooLarge(&'static str),
}
