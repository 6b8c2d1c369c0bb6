//! Where the third-party test data stands. Tests read it in place; it is never copied into the repository.

use std::path::PathBuf;

/// The directory `shared/data` beside the checkout, or `BEVAN_SHARED`. When it is missing the test is reported
/// as skipped by name, and fails where `CI` is true.
#[expect(clippy::disallowed_methods, reason = "a test may ask its environment where the data is")]
pub fn shared(test: &str, path: &str) -> Option<PathBuf> {
    let named = std::env::var_os("BEVAN_SHARED").map(PathBuf::from);
    let mut roots = named.into_iter().chain(
        PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .ancestors()
            .map(|a| a.join("shared/data"))
            .collect::<Vec<_>>(),
    );
    let found = roots.find_map(|root| Some(root.join(path)).filter(|p| p.exists()));
    if found.is_none() {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{test}: shared test data not found");
        eprintln!("skipped: {test}: shared test data not found");
    }
    found
}
