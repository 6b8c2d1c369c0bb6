//! `bevan mri evaluate --intervals`: how often 90 % intervals hold.
//!
//! With scans of training families and of others, the factors are fitted on the former and the tables are of the latter alone;
//! with either alone, the factors are those that `bevan reconstruct` uses.

use mri::anatomy::{Family, Plan};
use mri::doubt::interval::Factors;
use mri::learned::Learned;
use mri::trial::interval::{Held, METHODS, factors, run};
use mri::trial::{Asked, Contestant};
use rayon::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A table's title and what its rows are of.
type Key = (&'static str, fn(&Held) -> String);

/// Scans asked about.
pub fn held(plans: &[(Plan, u64)], asked: &Asked<'_>, one_done: &(dyn Fn() + Sync)) -> Vec<Held> {
    let one = |(plan, seed): &(Plan, u64)| {
        let held = run(plan, *seed, asked);
        one_done();
        held.unwrap_or_default()
    };
    plans.par_iter().flat_map_iter(one).collect()
}

/// Fitted on the scans of training families, for each method: what a card's `interval` says. Nothing without such scans.
pub fn fitted(held: &[Held]) -> Value {
    let known = |contestant: Contestant| -> Vec<&Held> {
        let own = |one: &&Held| one.contestant == contestant && Family::TRAINING.contains(&one.plan.family);
        held.iter().filter(own).collect()
    };
    let one = |contestant: Contestant| {
        let known = known(contestant);
        let Factors { lines, points } = factors(&known);
        let both = json!({"lines": [lines.base, lines.power], "points": [points.base, points.power]});
        (!known.is_empty()).then(|| (contestant.name().to_owned(), both))
    };
    METHODS.into_iter().filter_map(one).collect::<serde_json::Map<_, _>>().into()
}

/// Tables for people.
pub fn tables(held: &[Held], network: Option<&Learned>) -> String {
    let (known, others): (Vec<&Held>, Vec<&Held>) =
        held.iter().partition(|one| Family::TRAINING.contains(&one.plan.family));
    let mut used: BTreeMap<Contestant, Factors> = METHODS
        .into_iter()
        .filter_map(|contestant| {
            let factors = match contestant {
                Contestant::Learned => network.and_then(|learned| learned.card.interval),
                other => other.method().interval_factors(),
            };
            Some((contestant, factors?))
        })
        .collect();
    let mut text = String::new();
    for contestant in METHODS {
        let own: Vec<&Held> = known.iter().copied().filter(|one| one.contestant == contestant).collect();
        if own.is_empty() {
            continue;
        }
        let Factors { lines, points } = factors(&own);
        let _ = writeln!(
            text,
            "{contestant}: nine tenths of the training families with {:.3} × R^{:.3} for lines, {:.3} × R^{:.3} for points",
            lines.base, lines.power, points.base, points.power
        );
        if !others.is_empty() {
            used.insert(contestant, Factors { lines, points });
        }
    }
    text.push('\n');
    let held = if others.is_empty() { known } else { others };
    let keys: [Key; 3] = [
        ("sampling, R", |one| format!("{}, {:02.0}", one.plan.sampling, one.plan.acceleration)),
        ("family", |one| one.plan.family.to_string()),
        ("all", |_| "all".to_owned()),
    ];
    for (title, key) in keys {
        let mut groups: BTreeMap<(String, Contestant), Vec<&Held>> = BTreeMap::new();
        held.iter().copied().for_each(|one| groups.entry((key(one), one.contestant)).or_default().push(one));
        let _ = writeln!(
            text,
            "| {title} | method | scans | held by 90 % intervals: mean, 5th to 95th percentile of scans | half width over the image | error and width go together |\n|---|---|---|---|---|---|"
        );
        for ((key, contestant), group) in groups {
            let _ = writeln!(
                text,
                "| {key} | {contestant} | {} | {} |",
                group.len(),
                row(&group, used.get(&contestant))
            );
        }
        text.push('\n');
    }
    text
}

fn row(group: &[&Held], factors: Option<&Factors>) -> String {
    let mean =
        |of: &dyn Fn(&Held) -> f64| group.iter().map(|one| of(one)).sum::<f64>() / group.len().max(1) as f64;
    let correlation = mean(&|one| one.correlation);
    let Some(factors) = factors else { return format!("no factor yet | – | {correlation:.2}") };
    let mut shares: Vec<f64> = group.iter().map(|one| one.covered(one.factor(factors))).collect();
    shares.sort_unstable_by(f64::total_cmp);
    let at = |share: f64| {
        let place = (share * shares.len().saturating_sub(1) as f64).round() as usize;
        100.0 * shares.get(place).copied().unwrap_or(f64::NAN)
    };
    let whole = 100.0 * shares.iter().sum::<f64>() / shares.len().max(1) as f64;
    let width = 100.0 * mean(&|one| one.spread * f64::from(one.factor(factors)));
    format!("{whole:.1} %, {:.0} to {:.0} % | {width:.1} % | {correlation:.2}", at(0.05), at(0.95))
}
