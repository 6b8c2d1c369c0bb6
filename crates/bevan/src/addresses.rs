//! `bevan routes`: the addresses of the pages as a table of words, for those who write the rules of a proxy and for the
//! browser gate, which counts what no journey visits. Reads nothing and starts nothing.

use crate::exit::Exit;
use anyhow::Result;
use std::io::Write;
use web::{Verb, Who};

/// Runs the command: one line an address, its parts divided by tabs.
pub fn run() -> Result<Exit> {
    let mut out = std::io::stdout().lock();
    for route in web::routes() {
        let verb = if route.verb == Verb::Get { "GET" } else { "POST" };
        let mirror = route.mirror().unwrap_or_default();
        writeln!(out, "{verb}\t{}\t{}\t{mirror}", route.path, words(route.who))?;
    }
    Ok(Exit::Done)
}

/// Who may open an address, in a word.
fn words(who: Who) -> &'static str {
    match who {
        Who::Anyone => "anyone",
        Who::SignedIn => "signed-in",
        Who::Patient => "patient",
        Who::Staff => "staff",
        Who::Ward => "ward",
        Who::Surgery => "surgery",
        Who::WardOrSurgery => "ward-or-surgery",
        Who::WardOrReception => "ward-or-reception",
        Who::Operator => "operator",
    }
}
