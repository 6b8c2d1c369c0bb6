//! The binary: command line, configuration, wiring and workers. The only crate that reads the environment,
//! the machine's clock and its entropy.

fn main() {}
