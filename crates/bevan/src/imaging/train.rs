//! `bevan mri train`: starts the training code, which is Python with PyTorch, with this binary as its generator.

use super::Size;
use crate::exit::Exit;
use anyhow::{Context, Result, bail};
use clap::Args;
use std::path::PathBuf;
use std::process::Command;

/// Options of `mri train`.
#[derive(Args, Debug)]
pub struct Train {
    /// Folder of the checkpoint and of the weights; a run there goes on
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Training time of the whole run
    #[arg(long)]
    pub budget_minutes: f64,
    /// Stop this command after so long; the same command goes on later
    #[arg(long)]
    pub minutes: Option<f64>,
    /// Size of the samples
    #[arg(long, value_enum, default_value = "full")]
    pub size: Size,
    /// The same seed gives the same samples
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Folder of the training code
    #[arg(long, value_name = "DIR", default_value = "training")]
    pub code: PathBuf,
    /// A Python that has PyTorch and NumPy
    #[arg(long, default_value = "python3")]
    pub python: PathBuf,
}

/// Runs the command.
pub fn run(arguments: &Train) -> Result<Exit> {
    let script = arguments.code.join("train.py");
    if !script.is_file() {
        bail!("{} is not there: --code names the folder `training` of the source", script.display());
    }
    let binary = std::env::current_exe().context("cannot find this program's own file")?;
    let generator = format!("'{}' mri generate", binary.display());
    let mut command = Command::new(&arguments.python);
    command.arg(&script).args(["--generator", &generator]).arg("--out").arg(&arguments.out);
    command.args(["--budget-minutes", &arguments.budget_minutes.to_string()]);
    command.args(["--size", arguments.size.name(), "--seed", &arguments.seed.to_string()]);
    if let Some(minutes) = arguments.minutes {
        command.args(["--minutes", &minutes.to_string()]);
    }
    let python = arguments.python.display();
    let status = command.status().with_context(|| format!("cannot start {python}"))?;
    Ok(if status.success() { Exit::Done } else { Exit::Failed })
}
