//! Where the third-party test data stands. It is read in place and never copied into the repository.

use std::path::{Path, PathBuf};

/// A folder below the shared data: `BEVAN_SHARED`, or `shared/data` beside the checkout. When it is missing the test is
/// reported as skipped by name, and fails where `CI` is true.
#[expect(clippy::disallowed_methods, reason = "a test may ask its environment where the data is")]
pub fn located(test: &str, path: &str) -> Option<PathBuf> {
    let named = std::env::var_os("BEVAN_SHARED").map(PathBuf::from);
    let named = named.iter().flat_map(|root| [root.join("data"), root.clone()]);
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|folder| folder.join("shared/data"));
    let found = named.chain(above).map(|root| root.join(path)).find(|path| path.exists());
    if found.is_none() {
        assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "{test}: {path} not found");
        eprintln!("skipped: {test}: shared test data not found");
    }
    found
}
