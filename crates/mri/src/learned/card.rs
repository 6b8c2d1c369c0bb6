//! What a set of weights was trained for and measured on: the ranges outside which it is not to be used.
//!
//! The card travels in the weights' own file (`__metadata__.card`, JSON), so that one hash names both.

use super::gate::Figures;
use super::tensors::{Tensors, WeightsError};
use crate::doubt::interval::{Factor, Factors};
use serde_json::Value;

/// A closed range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// Least.
    pub low: f64,
    /// Most.
    pub high: f64,
}

impl Range {
    /// Whether `value` lies inside; what is not a number never does.
    pub fn holds(self, value: f64) -> bool {
        value >= self.low && value <= self.high
    }
}

/// The card.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// Name of the weights.
    pub name: String,
    /// Their version, where the card has one.
    pub version: Option<String>,
    /// Points of the rectangle over measured points.
    pub acceleration: Range,
    /// Receivers after compression.
    pub coils: Range,
    /// Readout samples and phase-encoding lines.
    pub matrix: Range,
    /// Standard deviation of noise in the image over the data's scale.
    pub noise: Range,
    /// Residual over the residual that noise alone would leave.
    pub residual: Range,
    /// Spread to half width of a 90 % interval, `base × R^power`, where it was measured: `{"lines": [base, power], "points": …}`.
    pub interval: Option<Factors>,
    /// Figures of images as training had them, in the order of [`Figures::NAMES`].
    pub figures: [Range; 5],
}

impl Card {
    /// From a file's texts.
    pub fn read(tensors: &Tensors) -> Result<Self, WeightsError> {
        let text = tensors.metadata.get("card").ok_or(WeightsError::Card("itself"))?;
        let card: Value = serde_json::from_str(text).map_err(|_| WeightsError::Card("JSON"))?;
        let one = |name: &'static str| card.get(name).and_then(range).ok_or(WeightsError::Card(name));
        // Each of them: a card that left one out would leave a door in the gate.
        let figure = |name: &'static str| card.get("figures")?.get(name).and_then(range);
        let [start, explained, changed, spread, rough] =
            Figures::NAMES.map(|name| figure(name).ok_or(WeightsError::Card(name)));
        Ok(Self {
            name: card.get("name").and_then(Value::as_str).ok_or(WeightsError::Card("name"))?.to_owned(),
            version: card.get("version").and_then(Value::as_str).map(str::to_owned),
            acceleration: one("acceleration")?,
            coils: one("coils")?,
            matrix: one("matrix")?,
            noise: one("noise")?,
            residual: one("residual")?,
            interval: card.get("interval").and_then(factors),
            figures: [start?, explained?, changed?, spread?, rough?],
        })
    }
}

fn factors(value: &Value) -> Option<Factors> {
    let one =
        |name: &str| value.get(name).and_then(range).map(|pair| Factor { base: pair.low, power: pair.high });
    Some(Factors { lines: one("lines")?, points: one("points")? })
}

fn range(value: &Value) -> Option<Range> {
    match value.as_array()?.as_slice() {
        [low, high] => Some(Range { low: low.as_f64()?, high: high.as_f64()? }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn a_card_says_all_its_ranges_or_is_refused() {
        let text = r#"{"name":"n","acceleration":[2,10],"coils":[2,12],"matrix":[96,512],"noise":[0.001,0.04],
            "residual":[0.5,3],"figures":{"unexplained_by_start":[0,1],"unexplained":[0,1],"changed":[0.01,0.4],
            "edge_spread":[0,1],"roughness":[0,1]}}"#;
        let read = |text: &str| {
            let metadata = BTreeMap::from([("card".to_owned(), text.to_owned())]);
            Card::read(&Tensors { metadata, ..Tensors::default() })
        };
        let card = read(text).unwrap();
        assert!(card.acceleration.holds(4.0) && !card.acceleration.holds(f64::NAN));
        assert_eq!(card.interval, None);
        let with =
            text.replace("\"figures\"", "\"interval\":{\"lines\":[2,0.5],\"points\":[3,0]},\"figures\"");
        assert_eq!(read(&with).unwrap().interval.map(|f| f.lines.base + f.points.base), Some(5.0));
        assert_eq!(card.figures[2], Range { low: 0.01, high: 0.4 });
        for name in Figures::NAMES {
            let without = text.replace(&format!("\"{name}\""), "\"another\"");
            assert_eq!(read(&without).err(), Some(WeightsError::Card(name)));
        }
        assert_eq!(read(&text.replace("matrix", "x")).err(), Some(WeightsError::Card("matrix")));
        assert_eq!(Card::read(&Tensors::default()).err(), Some(WeightsError::Card("itself")));
    }
}
