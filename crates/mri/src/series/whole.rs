//! A series is one method's: a reader compares slices with one another. Where the gate keeps the network from a few planes
//! (air at the end of a volume), those are made simpler and said; where it keeps it from more, all of them are.

use super::frames::made;
use super::{Gate, Method, Request, Series, SeriesError};
use crate::formats::mrd::Scan;

/// Share of the planes asked about beyond which the whole series is made by the simpler method.
const MOST_OUTSIDE: f64 = 0.1;

/// Reconstructs everything; `done(planes, of)` is called as planes are finished, from any thread.
pub fn reconstruct(
    scan: &Scan,
    request: &Request,
    done: &(dyn Fn(usize, usize) + Sync),
) -> Result<Series, SeriesError> {
    let first = made(scan, request, done)?;
    let Some(reason) = reason_against(&first) else { return Ok(first) };
    let planes = first.facts().count();
    let simpler = Request { method: Some(Method::CgSense), lambda: None, ..*request };
    let again = |plane, of| done(planes + plane, planes + of);
    let mut series = made(scan, &simpler, &again)?;
    let facts = series.volumes.iter_mut().flat_map(|volume| &mut volume.facts);
    for (facts, before) in facts.zip(first.facts()) {
        facts.gate.clone_from(&before.gate);
        let simpler_still = facts.fallback.take();
        facts.fallback = Some(simpler_still.map_or(reason.clone(), |why| format!("{reason}; {why}")));
    }
    Ok(series)
}

/// Why the series is not to be the network's, where too many of its planes are not.
fn reason_against(series: &Series) -> Option<String> {
    let asked = series.facts().filter(|facts| facts.gate.is_some()).count();
    let outside = series.facts().filter_map(|facts| match &facts.gate {
        Some(Gate::Outside(reason)) => Some(reason),
        _ => None,
    });
    let reasons: Vec<&String> = outside.collect();
    let first = reasons.first()?;
    let count = reasons.len();
    (count as f64 > MOST_OUTSIDE * asked as f64).then(|| {
        format!(
            "learned was not shown, {count} of {asked} planes are outside what the network knows: {first}"
        )
    })
}
