//! Trials summed up: mean, median and worst tenth of every method, never a mean alone.

use super::{Contestant, Outcome, Trial};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// How a method did over many trials.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// Number of trials.
    pub trials: usize,
    /// Mean, median and mean of the worst tenth of the error.
    pub nrmse: [f64; 3],
    /// Mean, median and mean of the worst tenth of the similarity.
    pub ssim: [f64; 3],
    /// Share of trials in which no other method had a smaller error.
    pub best: f64,
    /// Median share of a lesion's contrast that is kept, and the share of lesions kept to 90 % or more.
    pub lesion: Option<[f64; 2]>,
    /// Mean per mille of the object with spots that are not in the reference, or without those that are.
    pub false_spots: f64,
}

/// Summaries by a key of the trial and by method.
pub fn summarise(
    trials: &[Trial],
    key: impl Fn(&Trial) -> String,
) -> BTreeMap<(String, Contestant), Summary> {
    let mut groups: BTreeMap<(String, Contestant), Vec<(&Trial, &Outcome)>> = BTreeMap::new();
    for trial in trials {
        for outcome in &trial.outcomes {
            groups.entry((key(trial), outcome.contestant)).or_default().push((trial, outcome));
        }
    }
    groups.into_iter().map(|(key, group)| (key, summary(&group))).collect()
}

fn summary(group: &[(&Trial, &Outcome)]) -> Summary {
    let values = |of: &dyn Fn(&Outcome) -> f64| -> Vec<f64> {
        let mut values: Vec<f64> = group.iter().map(|(_, outcome)| of(outcome)).collect();
        values.sort_unstable_by(f64::total_cmp);
        values
    };
    let wins = group
        .iter()
        .filter(|(trial, outcome)| trial.outcomes.iter().all(|o| outcome.nrmse <= o.nrmse))
        .count();
    let mut kept: Vec<f64> = group.iter().filter_map(|(_, outcome)| outcome.lesion_kept).collect();
    kept.sort_unstable_by(f64::total_cmp);
    let whole = kept.iter().filter(|kept| **kept >= 0.9).count();
    let ssim = spread(values(&|outcome| -outcome.ssim)).map(|value| -value);
    Summary {
        trials: group.len(),
        nrmse: spread(values(&|outcome| outcome.nrmse)),
        ssim,
        best: wins as f64 / group.len().max(1) as f64,
        lesion: (!kept.is_empty()).then(|| [spread(kept.clone())[1], whole as f64 / kept.len() as f64]),
        false_spots: spread(values(&|outcome| outcome.false_spots))[0],
    }
}

/// Mean, median and mean of the largest tenth of sorted values.
fn spread(sorted: Vec<f64>) -> [f64; 3] {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
    let worst = sorted.len() - sorted.len().div_ceil(10);
    let median = sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN);
    [mean(&sorted), median, mean(sorted.get(worst..).unwrap_or_default())]
}

/// A table for people; the best of each group's mean and worst tenth in bold.
pub fn markdown(title: &str, summaries: &BTreeMap<(String, Contestant), Summary>) -> String {
    let mut text = format!(
        "| {title} | method | trials | NRMSE mean / median / worst tenth | SSIM mean / median / worst tenth | best in | lesions kept: median, ≥ 90 % | false spots ‰ |\n|---|---|---|---|---|---|---|---|\n"
    );
    let mut last = "";
    for ((key, contestant), summary) in summaries {
        let group = || summaries.iter().filter(|((other, _), _)| other == key).map(|(_, summary)| summary);
        let show = |of: fn(&Summary) -> [f64; 3], lower: bool| {
            let cells = (0..3).map(|i| {
                let at = |summary: &Summary| of(summary).get(i).copied().unwrap_or(f64::NAN);
                let best = group()
                    .all(|other| if lower { at(summary) <= at(other) } else { at(summary) >= at(other) });
                let cell = format!("{:.4}", at(summary));
                if best && i != 1 { format!("**{cell}**") } else { cell }
            });
            cells.collect::<Vec<_>>().join(" / ")
        };
        let lesions = summary
            .lesion
            .map_or("–".into(), |[median, whole]| format!("{median:.2}, {:.0} %", 100.0 * whole));
        let shown = if key == last { "" } else { key };
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "| {shown} | {contestant} | {} | {} | {} | {:.0} % | {lesions} | {:.1} |",
            summary.trials,
            show(|summary| summary.nrmse, true),
            show(|summary| summary.ssim, false),
            100.0 * summary.best,
            summary.false_spots,
        );
        last = key;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::anatomy::{Family, Plan, Sampling};
    use crate::grid::Grid;

    fn trial(seed: u64, errors: [f64; 2]) -> Trial {
        let outcome = |(contestant, nrmse)| Outcome {
            contestant,
            lambda: 0.0,
            nrmse,
            ssim: 1.0 - nrmse,
            lesion_kept: Some(1.0 - nrmse),
            false_spots: 0.0,
        };
        Trial {
            plan: Plan {
                grid: Grid::new(64, 64),
                coils: 4,
                family: Family::Cells,
                sampling: Sampling::Poisson,
                acceleration: 4.0,
                noise: 0.01,
            },
            seed,
            acceleration: 4.0,
            noise: 0.01,
            outcomes: [Contestant::CgSense, Contestant::Learned]
                .into_iter()
                .zip(errors)
                .map(outcome)
                .collect(),
            figures: None,
        }
    }

    #[test]
    fn the_worst_tenth_is_the_worst_and_wins_are_counted() {
        let trials: Vec<Trial> = (1..=20).map(|i| trial(i, [i as f64 / 100.0, 0.055])).collect();
        let table = summarise(&trials, |trial| trial.plan.sampling.to_string());
        let of = |contestant| table[&("Poisson disc".to_owned(), contestant)];
        let (cg, learned) = (of(Contestant::CgSense), of(Contestant::Learned));
        assert!((cg.nrmse[0] - 0.105).abs() < 1e-9 && (cg.nrmse[2] - 0.195).abs() < 1e-9, "{cg:?}");
        assert!((cg.ssim[2] - 0.805).abs() < 1e-9, "the worst similarity is the lowest");
        assert_eq!((cg.best, learned.best), (0.25, 0.75));
        assert_eq!(cg.lesion.unwrap()[1], 0.5);
        let text = markdown("mask", &table);
        assert!(text.contains("| Poisson disc | cg-sense | 20 | 0.1050 / 0.1100 / 0.1950"), "{text}");
        assert!(text.contains("**0.0550**"), "{text}");
    }
}
