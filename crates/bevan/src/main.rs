//! The binary: command line, configuration, wiring and workers. The only crate that reads the environment,
//! the machine's clock and its entropy.

mod cli;
mod config;
mod exit;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    eprintln!("{cli:?}");
    exit::Exit::Done.into()
}
