//! `bevan mri evaluate --pictures`: the scans of which the network makes least, as pictures with a list.

use anyhow::{Context, Result};
use mri::trial::picture::{BRIGHTER, Why, both, case, strip};
use mri::trial::{Asked, Outcome, Trial};
use std::fmt::Write as _;
use std::path::Path;

/// One PNG for each reason but those whose scan is there already, and `pictures.md`.
pub fn write(directory: &Path, trials: &[Trial], asked: &Asked<'_>) -> Result<()> {
    std::fs::create_dir_all(directory).with_context(|| format!("cannot make {}", directory.display()))?;
    let save = |name: &str, bytes: &[u8]| {
        let path = directory.join(name);
        std::fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))
    };
    let mut list = format!(
        "Above: fully sampled, the best classic image at its best weight, the network's. Below: their errors, {BRIGHTER} times brighter.\n\n"
    );
    let mut shown: Vec<&Trial> = Vec::new();
    for why in Why::ALL {
        let Some(trial) = case(trials, why) else { continue };
        if shown.contains(&trial) {
            continue;
        }
        shown.push(trial);
        let Some(bytes) = strip(trial, asked) else { continue };
        let name = format!("{}.png", why.name());
        save(&name, &bytes)?;
        if let Some(words) = words(trial) {
            let _ = writeln!(list, "- `{name}`: {words}");
        }
    }
    save("pictures.md", list.as_bytes())
}

fn words(trial: &Trial) -> Option<String> {
    let (learned, classic) = both(trial)?;
    let figures = |one: &Outcome| {
        let kept = one.lesion_kept.map(|kept| format!(", {:.0} % of the feature kept", 100.0 * kept));
        format!(
            "NRMSE {:.4}, SSIM {:.4}, {:.1} per mille false spots{}",
            one.nrmse,
            one.ssim,
            one.false_spots,
            kept.unwrap_or_default()
        )
    };
    Some(format!(
        "{}, {} at {:.1} times, noise {:.1} %: {} {}; learned {}",
        trial.plan.family,
        trial.plan.sampling,
        trial.acceleration,
        100.0 * trial.plan.noise,
        classic.contestant,
        figures(classic),
        figures(learned)
    ))
}
