//! `bevan routes`: the addresses of the pages as a table of words, for those who write the rules of a proxy and for the
//! browser gate, which counts what no journey visits. Reads nothing and starts nothing.

use crate::exit::Exit;
use anyhow::Result;
use std::io::Write;
use web::Verb;

/// Runs the command: one line an address, its parts divided by tabs.
pub fn run() -> Result<Exit> {
    let mut out = std::io::stdout().lock();
    for route in web::routes() {
        let verb = if route.verb == Verb::Get { "GET" } else { "POST" };
        let mirror = route.mirror().unwrap_or_default();
        writeln!(out, "{verb}\t{}\t{:?}\t{mirror}", route.path, route.who)?;
    }
    Ok(Exit::Done)
}
