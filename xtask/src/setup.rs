//! Whether this machine has what a chore needs. What can be installed is installed when that is possible without
//! asking (root on Debian); otherwise the exact command is printed and the chore stops.

use crate::shell;
use anyhow::{Result, bail};
use std::path::Path;

/// A program, and the Debian package that brings it.
struct Tool {
    program: &'static str,
    package: &'static str,
}

const BROWSER: &[Tool] = &[Tool { program: "chromium", package: "chromium" }];
const NODE: &[Tool] = &[Tool { program: "node", package: "nodejs" }, Tool { program: "npm", package: "npm" }];
/// What raw MR data and images are held against.
const IMAGING: &[Tool] = &[
    Tool { program: "ismrmrd_generate_cartesian_shepp_logan", package: "ismrmrd-tools" },
    Tool { program: "dcmdump", package: "dcmtk" },
    Tool { program: "dciodvfy", package: "dicom3tools" },
    Tool { program: "Orthanc", package: "orthanc" },
];
/// Without a metric twin of Arial, Chromium falls back to a serif and screenshots lie.
const FONTS: &str = "fonts-liberation";

/// What a build needs beyond Rust: a C compiler for the bundled SQLite.
pub fn build(root: &Path) -> Result<()> {
    let missing =
        if shell::output(root, "cc", &["--version"]).is_some() { vec![] } else { vec!["build-essential"] };
    install(root, &missing)
}

/// What the browser journeys need: Node, npm, Chromium, a font.
pub fn browser(root: &Path) -> Result<()> {
    let mut missing: Vec<&str> = NODE
        .iter()
        .chain(BROWSER)
        .filter(|tool| shell::output(root, tool.program, &["--version"]).is_none())
        .map(|tool| tool.package)
        .collect();
    if !Path::new("/usr/share/fonts/truetype/liberation").is_dir() {
        missing.push(FONTS);
    }
    install(root, &missing)
}

/// What the imaging tests compare with; they say that they are skipped without, and fail in CI.
pub fn imaging(root: &Path) -> Result<()> {
    let there = |program: &str| {
        shell::output(root, "sh", &["-c", &format!("PATH=$PATH:/usr/sbin command -v {program}")])
            .is_some_and(|p| !p.is_empty())
    };
    let missing: Vec<&str> =
        IMAGING.iter().filter(|tool| !there(tool.program)).map(|tool| tool.package).collect();
    install(root, &missing)
}

fn install(root: &Path, missing: &[&str]) -> Result<()> {
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    let root_user = shell::output(root, "id", &["-u"]).is_some_and(|id| id.trim() == "0");
    if !root_user || shell::output(root, "apt-get", &["--version"]).is_none() {
        bail!("this machine lacks: {list}. On Debian: sudo apt-get install -y {list}");
    }
    let variables = [("DEBIAN_FRONTEND", "noninteractive")];
    shell::run_with(root, "apt-get", &["update", "-q"], &variables)?;
    let mut arguments = vec!["install", "-y", "-q", "--no-install-recommends"];
    arguments.extend(missing);
    shell::run_with(root, "apt-get", &arguments, &variables)
}

/// A cargo subcommand built from crates.io, once per machine.
pub fn cargo_tool(root: &Path, name: &str, version: &str) -> Result<()> {
    if shell::output(root, "cargo", &[name, "--version"]).is_some() {
        return Ok(());
    }
    let package = format!("cargo-{name}");
    shell::run(root, "cargo", &["install", "--locked", &package, "--version", version])
}
