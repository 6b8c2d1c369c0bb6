//! Opening the data directory, with refusals as sentences and exit codes.

use crate::environment;
use crate::exit::Exit;
use anyhow::Result;
use std::path::Path;
use store::{OpenError, Options, Store};

/// Opens the record with the default limits.
pub fn open(directory: &Path) -> Result<Store> {
    open_with(directory, Options::default())
}

/// Opens the record.
pub fn open_with(directory: &Path, options: Options) -> Result<Store> {
    Ok(Store::open(directory, options, environment::machine())?)
}

/// The exit code for an error on its way out of `main`.
pub fn exit_of(error: &anyhow::Error) -> Exit {
    if matches!(error.downcast_ref::<OpenError>(), Some(OpenError::InUse(_))) {
        Exit::Busy
    } else {
        Exit::Failed
    }
}
