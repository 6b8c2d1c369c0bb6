//! The project's chores: `cargo xtask help` lists them. One file per chore; nothing here is part of the product.

mod assets;
mod bench;
mod browser;
mod check;
mod clients;
mod codegen;
mod demo;
mod fuzz;
mod screenshots;
mod setup;
mod shell;
mod test;
mod tidy;

use anyhow::{Result, bail};

const HELP: &str = "\
cargo xtask CHORE

  demo       build and run the demo: a made-up world, live traffic, the addresses and sign-ins
  check      format, lints, house rules, licences and sources of dependencies
  test       every test; --size quick|usual|full sets how long the heavy suites run
  browser    the journeys in Chromium alone
  screenshots the main pages of a demo, for the README, into docs/screenshots
  clients    FHIR clients that others wrote, against a running server
  bench      every benchmark; --size as for test
  fuzz       every fuzz target for a bounded time; --size as for test
  assets     the pages' style sheet and font, from npm; --check compares only, --fetch only brings the packages
  codegen    the FHIR R4 tables, from npm; --check compares only, --fetch only brings the package
  tidy       the house rules alone: arrows, sizes, docs, SQL, clocks, links, access rows
";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (chore, rest) = arguments.split_first().map_or(("help", &[][..]), |(c, r)| (c.as_str(), r));
    let root = shell::root()?;
    match (chore, rest) {
        ("demo", rest) => demo::run(&root, rest),
        ("bench", rest) => bench::run(&root, rest),
        ("fuzz", rest) => fuzz::run(&root, rest),
        ("browser", []) => browser::run(&root),
        ("screenshots", []) => screenshots::run(&root),
        ("clients", []) => clients::run(&root),
        ("check", []) => check::run(&root),
        ("test", rest) => test::run(&root, rest),
        ("assets", rest) => assets::run(&root, rest),
        ("codegen", rest) => codegen::run(&root, rest),
        ("tidy", []) => tidy::run(&root),
        ("help" | "--help" | "-h", _) => {
            print!("{HELP}");
            Ok(())
        }
        _ => bail!("unknown chore {chore:?}; `cargo xtask help` lists them"),
    }
}
