//! A reader, and in [`write`] a writer, of the part of HDF5 that raw MR data use: groups by symbol table, compound, array, variable-length and
//! string types, compact, contiguous and chunked storage, deflate and shuffle.
//!
//! Works on bytes, holds no state and trusts nothing: every address and size is checked against the file, every walk
//! is bounded, and what newer versions of the format do differently is refused by name.
//! HDF5 File Format Specification 3.0: <https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html>.

mod cursor;
mod datatype;
mod object;
mod storage;
pub mod write;

pub use datatype::{Datatype, Kind, Member};
pub use storage::Dataset;

use super::FormatError;
use cursor::Cursor;

/// What a reader may allocate.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of one dataset, without what its variable-length elements point to.
    pub dataset_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { dataset_bytes: 1 << 30 }
    }
}

/// Members of a group or nodes of a tree beyond which a file is taken for a trap.
const MOST_NODES: usize = 1 << 22;
/// Levels of a tree.
const DEEPEST: usize = 16;

/// A file in memory.
#[derive(Clone, Copy)]
pub struct File<'a> {
    bytes: &'a [u8],
    root: u64,
    limits: Limits,
}

impl<'a> File<'a> {
    /// Reads the superblock.
    pub fn open(bytes: &'a [u8], limits: Limits) -> Result<Self, FormatError> {
        if !bytes.starts_with(b"\x89HDF\r\n\x1a\n") {
            return Err(FormatError::NotThisFormat("HDF5"));
        }
        let mut cursor = Cursor::at(bytes, 8)?;
        let version = cursor.u8()?;
        if version > 1 {
            return Err(FormatError::Unsupported(format!(
                "HDF5 superblock version {version}; versions 0 and 1 are"
            )));
        }
        cursor.skip(4)?;
        let sizes = (cursor.u8()?, cursor.u8()?);
        if sizes != (8, 8) {
            return Err(FormatError::Unsupported("HDF5 addresses that are not of 8 bytes".into()));
        }
        cursor.skip(if version == 1 { 13 } else { 9 })?;
        if cursor.u64()? != 0 {
            return Err(FormatError::Unsupported("HDF5 with a user block".into()));
        }
        cursor.skip(24 + 8)?;
        Ok(Self { bytes, root: cursor.u64()?, limits })
    }

    /// Names in the group at `path` (`"/"` for the root), in the file's order.
    pub fn names(&self, path: &str) -> Result<Vec<String>, FormatError> {
        Ok(object::links(self.bytes, self.find(path)?)?.into_iter().map(|(name, _)| name).collect())
    }

    /// Reads a dataset whole; `None` when there is none of that name.
    pub fn dataset(&self, path: &str) -> Result<Option<Dataset>, FormatError> {
        let (group, name) = path.rsplit_once('/').unwrap_or(("", path));
        let links = object::links(self.bytes, self.find(group)?)?;
        let Some((_, address)) = links.iter().find(|(link, _)| link == name) else { return Ok(None) };
        storage::read(self.bytes, *address, self.limits).map(Some)
    }

    /// The bytes a variable-length element (16 bytes in a dataset) points to, `size` bytes per item.
    pub fn sequence(&self, element: &[u8], size: usize) -> Result<&'a [u8], FormatError> {
        storage::sequence(self.bytes, element, size)
    }

    fn find(&self, path: &str) -> Result<u64, FormatError> {
        path.split('/').filter(|part| !part.is_empty()).try_fold(self.root, |address, part| {
            let links = object::links(self.bytes, address)?;
            let found = links.into_iter().find(|(name, _)| name == part);
            found
                .map(|(_, address)| address)
                .ok_or_else(|| FormatError::Malformed(format!("no group {part}")))
        })
    }
}
