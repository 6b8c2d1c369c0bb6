//! `bevan mri`: making scans that are no patient's, training a network on them, and comparing every method.

mod earlier;
mod evaluate;
mod generate;
mod intervals;
mod pictures;
mod train;

use crate::exit::Exit;
use anyhow::Result;
use clap::{Subcommand, ValueEnum};
use mri::anatomy::stream;

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Learning {
    /// Write simulated samples for training, from one seed, to standard output
    #[command(after_help = "Example:\n  bevan mri generate 1 0 1 10 full > samples.bin")]
    Generate(generate::Generate),
    /// Train the reconstruction network on simulated scans, with PyTorch
    #[command(
        after_help = "Example:\n  bevan mri train --out run --budget-minutes 30 --size small\n\nThe same command goes on where a run stopped."
    )]
    Train(train::Train),
    /// Compare the methods on simulated scans of kinds the network never saw
    #[command(
        after_help = "Examples:\n  bevan mri evaluate --cases 4\n  bevan mri evaluate --weights network.safetensors --cases 20 --lesions --out trials.ndjson"
    )]
    Evaluate(evaluate::Evaluate),
}

/// How large samples are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Size {
    /// For a GPU
    Full,
    /// For some hours of a processor
    Medium,
    /// For a look whether everything works
    Small,
}

impl Size {
    fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Medium => "medium",
            Self::Small => "small",
        }
    }
}

impl From<Size> for stream::Size {
    fn from(size: Size) -> Self {
        match size {
            Size::Full => Self::Full,
            Size::Medium => Self::Medium,
            Size::Small => Self::Small,
        }
    }
}

/// Runs the command.
pub fn run(command: &Learning) -> Result<Exit> {
    match command {
        Learning::Generate(arguments) => generate::run(arguments),
        Learning::Train(arguments) => train::run(arguments),
        Learning::Evaluate(arguments) => evaluate::run(arguments),
    }
}
