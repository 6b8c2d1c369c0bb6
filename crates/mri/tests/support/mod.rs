//! Programs that tests hold this crate against.

use std::process::Command;

/// Whether a program is installed. Without it a test is skipped with a word, and fails in CI, which installs it.
#[expect(clippy::disallowed_methods, reason = "tests read whether they run in CI")]
pub fn has(test: &str, program: &str, package: &str) -> bool {
    let found = Command::new("sh").args(["-c", &format!("command -v {program}")]).output();
    if found.is_ok_and(|output| output.status.success()) {
        return true;
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "CI needs {program} of {package}");
    eprintln!("skipped: {test}: {package} is not installed");
    false
}
