//! `bevan mri generate`: the samples a trainer reads, in the layout of [`stream`].

use super::Size;
use crate::exit::Exit;
use anyhow::Result;
use clap::Args;
use mri::anatomy::stream;
use std::io::{self, BufWriter, ErrorKind};

/// Options of `mri generate`.
#[derive(Args, Debug)]
pub struct Generate {
    /// The same seed gives the same samples
    #[arg(default_value_t = 1)]
    pub seed: u64,
    /// First batch
    #[arg(default_value_t = 0)]
    pub first: u64,
    /// Every so many batches, for several processes that share a stream
    #[arg(default_value_t = 1)]
    pub step: u64,
    /// Number of batches
    #[arg(default_value_t = 1)]
    pub batches: u64,
    /// Size of the samples
    #[arg(value_enum, default_value = "full")]
    pub size: Size,
}

/// Runs the command.
pub fn run(arguments: &Generate) -> Result<Exit> {
    match written(arguments) {
        // A trainer that has enough closes the pipe.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(Exit::Done),
        other => Ok(other.map(|()| Exit::Done)?),
    }
}

fn written(arguments: &Generate) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    for i in 0..arguments.batches {
        let index = arguments.first.saturating_add(i.saturating_mul(arguments.step));
        let (shape, samples) = stream::batch(arguments.size.into(), arguments.seed, index);
        stream::write(&mut out, &shape, &samples)?;
    }
    Ok(())
}
