//! `bevan mri evaluate`: every method on the same simulated scans, as tables and as one line a trial.

use super::earlier::Earlier;
use super::{intervals, pictures};
use crate::exit::Exit;
use anyhow::{Context, Result, ensure};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use mri::Grid;
use mri::anatomy::{Family, Plan, Sampling};
use mri::learned::{Learned, Network, Tensors};
use mri::random::splitmix64;
use mri::trial::{self, Asked, Contestant, Trial};
use rayon::prelude::*;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Seeds of trials begin here; training never comes this far.
const FIRST_SEED: u64 = 1 << 60;

/// Options of `mri evaluate`.
#[derive(Args, Debug)]
pub struct Evaluate {
    /// A network's weights (safetensors); without, only the classic methods are compared
    #[arg(long, value_name = "FILE")]
    pub weights: Option<PathBuf>,
    /// Scans of each family, sampling and acceleration
    #[arg(long, default_value_t = 4)]
    pub cases: u64,
    /// Families, or `held-out` or `training`
    #[arg(long, value_delimiter = ',', default_value = "held-out")]
    pub families: Vec<String>,
    /// Methods [default: all; the learned one with --weights]
    #[arg(long, value_delimiter = ',', value_parser = contestant)]
    pub methods: Vec<Contestant>,
    /// Accelerations
    #[arg(long, value_delimiter = ',', default_values_t = [2.0, 4.0, 6.0, 8.0])]
    pub accelerations: Vec<f64>,
    /// Pixels along a side; each scan's sides vary by a quarter
    #[arg(long, default_value_t = 192)]
    pub pixels: usize,
    /// Put a small feature into every scan and see how much of it is kept; takes twice as long
    #[arg(long)]
    pub lesions: bool,
    /// See how often 90 % intervals hold, at the methods' own weights, in place of comparing the methods
    #[arg(long, conflicts_with = "lesions")]
    pub intervals: bool,
    /// The same seed gives the same scans
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Write one line (NDJSON) for each trial to this file; with --intervals, the factors fitted on training families (JSON)
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Take the classic methods' outcomes of the same scans from the `--out` of an earlier run with the same options
    #[arg(long, value_name = "FILE", conflicts_with = "intervals")]
    pub classics: Option<PathBuf>,
    /// Draw the scans of which the network makes least, and a usual one, as PNG with a list into this directory
    #[arg(long, value_name = "DIR", requires = "weights", conflicts_with = "intervals")]
    pub pictures: Option<PathBuf>,
    /// Threads [default: one for each core]. The figures do not depend on them
    #[arg(long)]
    pub threads: Option<usize>,
}

fn contestant(name: &str) -> Result<Contestant, String> {
    let named = Contestant::ALL.into_iter().find(|one| one.name() == name);
    named.ok_or_else(|| format!("one of {}", Contestant::ALL.map(Contestant::name).join(", ")))
}

/// Runs the command.
pub fn run(arguments: &Evaluate) -> Result<Exit> {
    ensure!((64..=512).contains(&arguments.pixels), "--pixels goes from 64 to 512");
    ensure!(
        arguments.accelerations.iter().all(|r| (1.0..=16.0).contains(r)),
        "accelerations go from 1 to 16"
    );
    let bytes = arguments
        .weights
        .as_ref()
        .map(|path| std::fs::read(path).with_context(|| format!("cannot read {}", path.display())));
    let bytes = bytes.transpose()?;
    let network = bytes.as_deref().map(|bytes| network(arguments, bytes)).transpose()?;
    let methods: &[Contestant] =
        if arguments.methods.is_empty() { &Contestant::ALL } else { &arguments.methods };
    ensure!(network.is_some() || methods != [Contestant::Learned], "the learned method needs --weights FILE");
    let plans = plans(arguments)?;
    let earlier = arguments.classics.as_deref().map(Earlier::read).transpose()?.unwrap_or_default();
    let known = plans.iter().map(|(plan, seed)| earlier.of(plan, *seed, arguments.lesions));
    let known: Vec<_> = known.collect::<Result<_>>()?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(arguments.threads.unwrap_or(0)).build()?;
    let bar = ProgressBar::new(plans.len() as u64);
    bar.set_style(
        ProgressStyle::with_template("{wide_bar} {pos} of {len} scans {eta} left")
            .unwrap_or_else(|_| ProgressStyle::default_bar()),
    );
    if arguments.intervals {
        let learned = bytes.as_deref().map(Learned::read).transpose()?;
        let asked = Asked { methods, network: learned.as_ref().map(|one| &one.network), lesion: false };
        let held = pool.install(|| intervals::held(&plans, &asked, &|| bar.inc(1)));
        bar.finish_and_clear();
        if let Some(path) = &arguments.out {
            let factors = intervals::fitted(&held).to_string();
            std::fs::write(path, factors).with_context(|| format!("cannot write {}", path.display()))?;
        }
        tell!("{}", intervals::tables(&held, learned.as_ref()));
        return Ok(Exit::Done);
    }
    let asked = Asked { methods, network: network.as_ref(), lesion: arguments.lesions };
    let trials: Vec<Trial> = pool.install(|| {
        let one = |((plan, seed), known): (&(Plan, u64), &Vec<_>)| {
            let trial = trial::run(plan, *seed, &asked, known);
            bar.inc(1);
            trial
        };
        plans.par_iter().zip(&known).filter_map(one).collect()
    });
    bar.finish_and_clear();
    if let Some(path) = &arguments.out {
        let lines: String = trials.iter().map(|trial| format!("{}\n", line(trial))).collect();
        std::fs::write(path, lines).with_context(|| format!("cannot write {}", path.display()))?;
    }
    if let Some(directory) = &arguments.pictures {
        pictures::write(directory, &trials, &asked)?;
    }
    tell!(
        "{} of {} scans; classic methods have the best weight of their list for each.\n",
        trials.len(),
        plans.len()
    );
    let tables = [
        ("sampling, R", by_sampling as fn(&Trial) -> String),
        ("family", |trial: &Trial| trial.plan.family.to_string()),
        ("all", |_: &Trial| "all".to_owned()),
    ];
    for (title, key) in tables {
        tell!("{}", trial::markdown(title, &trial::summarise(&trials, key)));
    }
    Ok(Exit::Done)
}

fn by_sampling(trial: &Trial) -> String {
    format!("{}, {:02.0}", trial.plan.sampling, trial.plan.acceleration)
}

fn network(arguments: &Evaluate, bytes: &[u8]) -> Result<Network> {
    let network = Tensors::read(bytes).and_then(|tensors| Network::new(&tensors));
    network.with_context(|| format!("{}", arguments.weights.as_deref().unwrap_or(Path::new("")).display()))
}

fn plans(arguments: &Evaluate) -> Result<Vec<(Plan, u64)>> {
    let mut families = Vec::new();
    for name in &arguments.families {
        match name.as_str() {
            "held-out" => families.extend(Family::HELD_OUT),
            "training" => families.extend(Family::TRAINING),
            name => families.push(name.parse().map_err(anyhow::Error::msg)?),
        }
    }
    let mut plans = Vec::new();
    for case in 0..arguments.cases {
        for family in &families {
            for sampling in Sampling::LINES.into_iter().chain(Sampling::POINTS) {
                for acceleration in &arguments.accelerations {
                    let index = plans.len() as u64 + (case << 32);
                    let seed = FIRST_SEED | splitmix64(arguments.seed ^ splitmix64(index)) >> 4;
                    plans.push((plan(arguments.pixels, (*family, sampling, *acceleration), seed), seed));
                }
            }
        }
    }
    Ok(plans)
}

/// Sides, receivers and noise vary with the seed.
fn plan(pixels: usize, (family, sampling, acceleration): (Family, Sampling, f64), seed: u64) -> Plan {
    let mut random = mri::random::Random::new(seed).part(77);
    let mut side = || {
        let share = 0.875 + 0.25 * random.uniform();
        (pixels as f64 * share) as usize / 2 * 2
    };
    let grid = Grid::new(side(), side());
    let coils = 4 + random.below(7);
    let noise = (0.002f64.ln() + (0.03f64 / 0.002).ln() * random.uniform()).exp() as f32;
    Plan { grid, coils, family, sampling, acceleration, noise }
}

fn line(trial: &Trial) -> Value {
    let outcomes = trial.outcomes.iter().map(|o| {
        let outcome = json!({"lambda": o.lambda, "nrmse": o.nrmse, "ssim": o.ssim, "lesion_kept": o.lesion_kept, "false_spots": o.false_spots});
        (o.contestant.name().to_owned(), outcome)
    });
    let figures = trial.figures.map(|(figures, over_noise)| {
        let mut named: serde_json::Map<String, Value> =
            figures.named().into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect();
        named.insert("residual_over_noise".into(), json!(over_noise));
        named
    });
    json!({
        "family": trial.plan.family.name(), "sampling": trial.plan.sampling.name(), "wanted": trial.plan.acceleration, "acceleration": trial.acceleration,
        "rows": trial.plan.grid.rows, "cols": trial.plan.grid.cols, "coils": trial.plan.coils, "noise": trial.plan.noise, "noise_over_scale": trial.noise, "seed": trial.seed,
        "outcomes": outcomes.collect::<serde_json::Map<String, Value>>(), "figures": figures,
    })
}
