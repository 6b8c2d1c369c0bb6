//! `cargo xtask test`: the Rust tests, then the suites that need a built binary. The size sets how long the heavy
//! ones run; it never changes what they assert.

use crate::{assets, browser, clients, codegen, fuzz, setup, shell};
use anyhow::{Context, Result, bail};
use std::path::Path;

/// How much of the heavy suites to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// A minute, for the desk.
    Quick,
    /// What CI runs.
    Usual,
    /// Hours, before a release.
    Full,
}

pub fn run(root: &Path, arguments: &[String]) -> Result<()> {
    let size = size(arguments)?;
    eprintln!("test size: {size:?}");
    setup::build(root)?;
    packages(root);
    if let Err(error) = setup::imaging(root) {
        eprintln!("tools that imaging tests compare with could not be brought: {error:#}");
    }
    rust(root)?;
    planted(root)?;
    if size == Size::Quick {
        println!(
            "not run at size quick: crash cycles, fuzz targets, FHIR clients of others, browser journeys"
        );
        return Ok(());
    }
    crash(root, size)?;
    fuzz::run(root, arguments)?;
    clients::run(root)?;
    browser::run(root)
}

/// Plants access bugs one at a time and shows that the access matrix finds each. A build of its own, never optimised.
fn planted(root: &Path) -> Result<()> {
    let feature = ["--features", "planted-access-bugs", "--test", "access-planted"];
    let words = [&["test", "--quiet", "--package", "bevan"][..], &feature, &["--", "--nocapture"]].concat();
    shell::run(root, "cargo", &words).context("planted access bugs")
}

/// Kills the process under load, again and again, and compares with an outside ledger.
fn crash(root: &Path, size: Size) -> Result<()> {
    let cycles = if size == Size::Full { "10000" } else { "60" };
    let words =
        ["test", "--quiet", "--release", "--package", "bevan", "--test", "crash", "--", "--cycles", cycles];
    shell::run(root, "cargo", &words).context("crash cycles")
}

/// Brings the packages that some tests compare with. Without them those tests say that they are skipped, or fail in CI.
fn packages(root: &Path) {
    let brought = codegen::fetch(root).and_then(|()| assets::run(root, &["--fetch".to_owned()]));
    if let Err(error) = brought {
        eprintln!("packages that tests compare with could not be brought: {error:#}");
    }
}

/// The size after `--size`; `usual` when absent.
pub fn size(arguments: &[String]) -> Result<Size> {
    match arguments {
        [] => Ok(Size::Usual),
        [flag, value] if flag == "--size" => match value.as_str() {
            "quick" => Ok(Size::Quick),
            "usual" => Ok(Size::Usual),
            "full" => Ok(Size::Full),
            other => bail!("unknown size {other:?}: quick, usual or full"),
        },
        other => bail!("unknown arguments {other:?}"),
    }
}

/// Unit and integration tests. Plain `cargo test`, so that a fresh machine needs nothing more.
fn rust(root: &Path) -> Result<()> {
    shell::run(root, "cargo", &["test", "--workspace", "--quiet", "--no-fail-fast"]).context("Rust tests")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_size() {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(size(&words("")).unwrap(), Size::Usual);
        assert_eq!(size(&words("--size full")).unwrap(), Size::Full);
        assert!(size(&words("--size huge")).is_err());
        assert!(size(&words("--bogus")).is_err());
    }
}
