//! Outcomes of an earlier `mri evaluate --out`: methods without training need no second run for another network.

use anyhow::{Context, Result, ensure};
use mri::anatomy::Plan;
use mri::trial::{Contestant, Outcome};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// Outcomes by the scan's seed, each with what was simulated.
#[derive(Debug, Default)]
pub struct Earlier(BTreeMap<u64, Value>);

impl Earlier {
    /// From a file of one trial a line.
    pub fn read(path: &Path) -> Result<Self> {
        let text =
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let trial = |(number, line): (usize, &str)| {
            let trial: Option<Value> = serde_json::from_str(line).ok();
            let seed = trial.as_ref().and_then(|trial| trial.get("seed")?.as_u64());
            let whole = seed.zip(trial);
            whole.with_context(|| format!("{}: line {} is no trial", path.display(), number))
        };
        (1..).zip(text.lines()).map(trial).collect::<Result<_>>().map(Self)
    }

    /// Classic methods' outcomes of the very same scan; none where the file lacks it. With `lesion`, only outcomes that had one.
    pub fn of(&self, plan: &Plan, seed: u64, lesion: bool) -> Result<Vec<Outcome>> {
        let Some(trial) = self.0.get(&seed) else { return Ok(Vec::new()) };
        let same = trial.get("family").and_then(Value::as_str) == Some(plan.family.name())
            && trial.get("sampling").and_then(Value::as_str) == Some(plan.sampling.name())
            && trial.get("wanted").and_then(Value::as_f64) == Some(plan.acceleration)
            && trial.get("rows").and_then(Value::as_u64) == Some(plan.grid.rows as u64)
            && trial.get("cols").and_then(Value::as_u64) == Some(plan.grid.cols as u64);
        ensure!(same, "--classics holds another scan of seed {seed}: it was made with other options");
        let outcomes = Contestant::CLASSIC.into_iter().filter_map(|contestant| {
            let outcome = outcome(contestant, trial.get("outcomes")?.get(contestant.name())?)?;
            (outcome.lesion_kept.is_some() || !lesion).then_some(outcome)
        });
        Ok(outcomes.collect())
    }
}

fn outcome(contestant: Contestant, value: &Value) -> Option<Outcome> {
    let number = |name: &str| value.get(name).and_then(Value::as_f64);
    Some(Outcome {
        contestant,
        lambda: number("lambda")? as f32,
        nrmse: number("nrmse")?,
        ssim: number("ssim")?,
        lesion_kept: number("lesion_kept"),
        false_spots: number("false_spots")?,
    })
}
