//! The network of `--method learned`: a file's, or the one that is shipped. Which it was is said in everything it makes.

use crate::reconstruct::sha256;
use anyhow::{Context, Result, ensure};
use mri::learned::{Learned, SHIPPED, Weights};
use mri::series::Method;
use std::path::Path;

/// Largest file of weights, bytes.
const LARGEST: u64 = 64 << 20;

/// A network and the hash of its file.
pub struct Network {
    learned: Learned,
    sha256: String,
}

impl Network {
    /// For a method; `None` for those that need none.
    pub fn of(method: Option<Method>, file: Option<&Path>) -> Result<Option<Self>> {
        if method != Some(Method::Learned) {
            ensure!(file.is_none(), "--weights is for --method learned");
            return Ok(None);
        }
        let Some(path) = file else {
            return Self::read(SHIPPED).context("the shipped weights").map(Some);
        };
        let name = || format!("{}", path.display());
        let size = std::fs::metadata(path).with_context(|| format!("cannot read {}", name()))?.len();
        ensure!(size <= LARGEST, "{} is larger than any file of weights", name());
        let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", name()))?;
        Self::read(&bytes).with_context(|| format!("{} cannot be used", name())).map(Some)
    }

    fn read(bytes: &[u8]) -> Result<Self> {
        Ok(Self { learned: Learned::read(bytes)?, sha256: sha256(bytes) })
    }

    /// What is asked for with it.
    pub fn weights(&self) -> Weights<'_> {
        Weights { learned: &self.learned, sha256: &self.sha256 }
    }
}
