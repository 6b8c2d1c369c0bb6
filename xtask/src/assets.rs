//! `cargo xtask assets`: compiles the pages' style sheet from our scss and the pinned nhsuk-frontend, and brings the font,
//! into `crates/web/assets`, where they are committed so that a build needs no Node. With `--fetch` it only brings the npm
//! packages into `.build/npm` (tests compare components with nhsuk-frontend's own fixtures there); with `--check` it
//! compiles beside the committed files and fails when they are stale.

use crate::shell;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;

const PINS: &str = "crates/web/npm";
const CACHE: &str = ".build/npm";
const OUT: &str = "crates/web/assets";
const STYLE: &str = "bevan.css";
const FONT: &str = "atkinson-hyperlegible-next.woff2";
const FONT_SOURCE: &str = "@fontsource-variable/atkinson-hyperlegible-next/files/\
                           atkinson-hyperlegible-next-latin-wght-normal.woff2";

pub fn run(root: &Path, arguments: &[String]) -> Result<()> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    fetch(root)?;
    match arguments.as_slice() {
        ["--fetch"] => Ok(()),
        [] => {
            fs::write(root.join(OUT).join(STYLE), compile(root)?)?;
            fs::copy(root.join(CACHE).join("node_modules").join(FONT_SOURCE), root.join(OUT).join(FONT))?;
            Ok(())
        }
        ["--check"] => {
            if fs::read_to_string(root.join(OUT).join(STYLE))? != compile(root)? {
                bail!("{OUT}/{STYLE} is stale: run cargo xtask assets");
            }
            let source = fs::read(root.join(CACHE).join("node_modules").join(FONT_SOURCE))?;
            if fs::read(root.join(OUT).join(FONT))? != source {
                bail!("{OUT}/{FONT} is stale: run cargo xtask assets");
            }
            Ok(())
        }
        other => bail!("assets takes --fetch or --check, not {other:?}"),
    }
}

/// Brings the pinned packages into the cache; nothing to do while the pins are the ones that were installed.
fn fetch(root: &Path) -> Result<()> {
    let cache = root.join(CACHE);
    let lock = fs::read(root.join(PINS).join("package-lock.json")).context("the pins are missing")?;
    let stamp = cache.join("installed-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    fs::create_dir_all(&cache)?;
    for file in ["package.json", "package-lock.json", ".npmrc"] {
        fs::copy(root.join(PINS).join(file), cache.join(file))
            .with_context(|| format!("cannot copy {file}"))?;
    }
    shell::run(root, "npm", &["ci", "--prefix", CACHE, "--ignore-scripts", "--no-audit", "--no-fund"])?;
    fs::write(stamp, lock)?;
    Ok(())
}

/// The compiled style sheet, under a line that says where it comes from.
fn compile(root: &Path) -> Result<String> {
    let sass = format!("{CACHE}/node_modules/.bin/sass");
    let load = format!("--load-path={CACHE}/node_modules");
    let style = "crates/web/styles/bevan.scss";
    let arguments =
        [load.as_str(), "--style=compressed", "--no-source-map", "--no-charset", "--quiet-deps", style];
    let css = shell::output(root, &sass, &arguments).context("sass cannot compile the style sheet")?;
    let version = version(root, "nhsuk-frontend")?;
    let header = format!(
        "/* Made by `cargo xtask assets` from crates/web/styles and nhsuk-frontend {version} (MIT, Crown Copyright). \
         Do not edit. */\n"
    );
    Ok(header + css.trim_start_matches('\u{feff}'))
}

fn version(root: &Path, package: &str) -> Result<String> {
    let text = fs::read_to_string(root.join(CACHE).join("node_modules").join(package).join("package.json"))?;
    let version =
        text.lines().find_map(|line| line.trim().strip_prefix("\"version\": \"")?.split('"').next());
    version.map(str::to_owned).with_context(|| format!("{package} states no version"))
}
