//! Where third-party test data stands. Tests read it in place; it is never copied into the repository. Each test crate that
//! needs it includes this file by its path, as no crate is below all of them.

use std::path::{Path, PathBuf};

/// A path below the shared data (`BEVAN_SHARED`, or `shared/data` beside the checkout or one of its parents) or below the
/// repository. When it is missing the test is reported as skipped by name, and fails where `CI` is true.
#[expect(clippy::disallowed_methods, reason = "a test may ask its environment where the data is")]
pub fn located(test: &str, path: &str) -> Option<PathBuf> {
    let named = std::env::var_os("BEVAN_SHARED").map(PathBuf::from);
    let named = named.iter().flat_map(|root| [root.join("data"), root.clone()]);
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let above = above.flat_map(|folder| [folder.join("shared/data"), folder.to_path_buf()]);
    let found = named.chain(above).map(|root| root.join(path)).find(|path| path.exists());
    if found.is_none() {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "{test}: {path} not found");
        eprintln!("skipped: {test}: shared test data not found ({path})");
    }
    found
}
