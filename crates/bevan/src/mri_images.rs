//! Images of scans that arrive by themselves: one folder for each scan, named by the hash of its file, made once.
//!
//! A folder is made under another name and renamed when everything is in it, so that one that exists is complete. One
//! scan is reconstructed at a time: it takes all cores and much memory.

use crate::reconstruct::{Work, write};
use anyhow::{Context, Result};
use mri::export::Kinds;
use mri::formats::mrd::Scan;
use mri::series::{Request, Series};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Digits of the hash that name a folder.
pub const NAME_DIGITS: usize = 16;

/// Where images go and how they are made.
pub struct Images<'a> {
    out: PathBuf,
    request: Request<'a>,
    enhanced: bool,
    one_at_a_time: Mutex<()>,
}

impl<'a> Images<'a> {
    /// Into `out`; DICOM enhanced or classic.
    pub fn new(out: &Path, request: Request<'a>, enhanced: bool) -> Self {
        Self { out: out.to_path_buf(), request, enhanced, one_at_a_time: Mutex::new(()) }
    }

    fn folder(&self, sha256: &str) -> PathBuf {
        self.out.join(sha256.get(..NAME_DIGITS).unwrap_or(sha256))
    }

    /// Whether a scan's images are there.
    pub fn are_made(&self, sha256: &str) -> bool {
        self.folder(sha256).is_dir()
    }

    /// Makes a scan's images, and its folder where there is none yet. `file` is kept beside the images.
    pub fn made(&self, scan: &Scan, sha256: &str, file: Option<&[u8]>) -> Result<Series> {
        let _alone = self.one_at_a_time.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = self.folder(sha256);
        let unfinished = folder.with_extension("unfinished");
        if unfinished.exists() {
            std::fs::remove_dir_all(&unfinished)
                .with_context(|| format!("cannot remove {}", unfinished.display()))?;
        }
        let kinds = Kinds { dicom: true, enhanced: self.enhanced, nifti: true, png: true };
        let work = Work { scan, input_sha256: sha256, notes: &[], request: &self.request, kinds };
        let made = work.images(&unfinished)?;
        if let Some(file) = file {
            write(&unfinished.join("scan.h5"), file)?;
        }
        if folder.is_dir() {
            // Made before: the same scan gives the same files.
            std::fs::remove_dir_all(&unfinished)?;
        } else {
            std::fs::rename(&unfinished, &folder)
                .with_context(|| format!("cannot name {}", folder.display()))?;
        }
        Ok(made.series)
    }
}
