//! `series.json`: what was made, of what, how, and what a reader must know. Nothing about who was scanned.

use super::json::Json;
use super::{Provenance, Which, pictures};
use crate::learned::Weights;
use crate::series::{Facts, Gate, Series, Volume};

/// The account's text.
pub fn text(series: &Series, provenance: &Provenance, niftis: &[String]) -> String {
    let (software, request) = (provenance.software, provenance.request);
    let window = pictures::window(series, Which::Image, request.window);
    let asked = request.method.map_or("auto", |method| method.name());
    Json::object([
        ("software", Json::text(&software.product)),
        ("version", Json::text(&software.version)),
        ("intended", Json::text("research use, not for diagnosis")),
        ("input_sha256", Json::text(provenance.input_sha256)),
        ("asked_method", Json::text(asked)),
        ("lambda", Json::maybe(request.lambda.map(|l| Json::number(f64::from(l))))),
        ("coils", Json::maybe(request.coils.map(|n| Json::number(n as f64)))),
        ("seed", Json::number(request.seed as f64)),
        ("weights", Json::maybe(request.weights.map(weights))),
        ("window", Json::list([window.low, window.high].map(|v| Json::number(f64::from(v))))),
        ("notes", Json::list(series.notes.iter().map(|note| Json::text(note)))),
        ("fallbacks", Json::list(series.fallbacks().iter().map(|reason| Json::text(reason)))),
        ("nifti", Json::list(niftis.iter().map(|path| Json::text(path)))),
        ("volumes", Json::list(series.volumes.iter().map(volume))),
    ])
    .into_text()
}

fn volume(volume: &Volume) -> Json {
    let frame = volume.frame;
    let number = |n: u16| Json::number(f64::from(n));
    let floats = |values: &[f32]| Json::list(values.iter().map(|v| Json::number(f64::from(*v))));
    Json::object([
        ("slab", number(frame.slice)),
        ("contrast", number(frame.contrast)),
        ("phase", number(frame.phase)),
        ("repetition", number(frame.repetition)),
        ("set", number(frame.set)),
        ("sizes", Json::list(volume.geometry.sizes.map(|n| Json::number(n as f64)))),
        ("spacing_mm", floats(&volume.geometry.spacing_mm)),
        ("origin_lps_mm", floats(&volume.geometry.origin_mm)),
        ("planes", Json::list(volume.facts.iter().map(facts))),
    ])
}

fn weights(weights: Weights) -> Json {
    let card = &weights.learned.card;
    Json::object([
        ("name", Json::text(&card.name)),
        ("version", Json::maybe(card.version.as_deref().map(Json::text))),
        ("sha256", Json::text(weights.sha256)),
    ])
}

/// What the gate of the learned method said of a plane.
fn gate(gate: &Gate) -> Json {
    match gate {
        Gate::Outside(reason) => Json::object([("outside", Json::text(reason))]),
        Gate::Inside(seen) => {
            let over_noise = ("residual_over_noise", Json::maybe(seen.over_noise.map(Json::number)));
            let figures = seen.figures.named().map(|(name, value)| (name, Json::number(value)));
            Json::object(figures.into_iter().chain([over_noise]))
        }
    }
}

fn facts(facts: &Facts) -> Json {
    let maybe = |value: Option<f64>| Json::maybe(value.map(Json::number));
    let (rows, columns) = facts.calibration;
    Json::object([
        ("method", Json::text(facts.method.name())),
        ("fallback", Json::maybe(facts.fallback.as_deref().map(Json::text))),
        ("acceleration", Json::number(facts.acceleration)),
        ("residual", maybe(facts.residual)),
        ("expected_residual", maybe(facts.expected_residual)),
        ("gate", Json::maybe(facts.gate.as_ref().map(gate))),
        ("coils", Json::number(facts.coils as f64)),
        ("calibration", Json::list([rows, columns].map(|n| Json::number(n as f64)))),
        ("partial_fourier", Json::text(if facts.partial_fourier { "filled" } else { "none" })),
    ])
}
