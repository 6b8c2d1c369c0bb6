//! Numbers and quantities as points or ranges
//! (<https://hl7.org/fhir/R4/search.html#number>, <https://hl7.org/fhir/R4/search.html#quantity>).

use super::entry::{Entries, IndexValue};
use super::walk::Leaf;
use crate::json::{Text, Value};
use rust_decimal::Decimal;

/// The system of currency codes.
const CURRENCIES: &str = "urn:iso:std:iso:4217";

/// Appends a number, or a range of numbers.
pub(super) fn append_number(leaf: &Leaf<'_>, entries: &mut Entries) {
    if let Some((lo, hi, value)) = interval(leaf) {
        entries.push(IndexValue::Number { lo, hi, value });
    }
}

/// Appends a quantity, an amount of money, a range or the origin of sampled data.
pub(super) fn append_quantity(leaf: &Leaf<'_>, entries: &mut Entries) {
    let unit_of = match leaf.type_ {
        "Range" => leaf.value.get("low").or_else(|| leaf.value.get("high")),
        "SampledData" => leaf.value.get("origin"),
        _ => Some(leaf.value),
    };
    let Some(((lo, hi, value), unit_of)) = interval(leaf).zip(unit_of) else { return };
    let text = |name: &str| unit_of.get(name).and_then(Value::as_str).map(Text::new);
    let (system, code) = match text("currency") {
        Some(currency) => (Some(Text::const_new(CURRENCIES)), Some(currency)),
        None => (text("system"), text("code")),
    };
    entries.push(IndexValue::Quantity { lo, hi, value, system, code, unit: text("unit") });
}

/// Low end, high end and the number as written.
fn interval(leaf: &Leaf<'_>) -> Option<(Decimal, Decimal, Decimal)> {
    let quantity = |name: &str| leaf.value.get(name).and_then(of_quantity);
    match (leaf.type_, leaf.value) {
        ("Range", _) => match (quantity("low"), quantity("high")) {
            (Some(low), Some(high)) => Some((low.0, high.1, low.2)),
            (Some(low), None) => Some((low.0, Decimal::MAX, low.2)),
            (None, Some(high)) => Some((Decimal::MIN, high.1, high.2)),
            (None, None) => None,
        },
        ("SampledData", _) => quantity("origin"),
        (_, Value::Number(number)) => number.as_decimal().map(|n| (n, n, n)),
        (_, value) => of_quantity(value),
    }
}

fn of_quantity(value: &Value) -> Option<(Decimal, Decimal, Decimal)> {
    let number = value.get("value")?.as_number()?.as_decimal()?;
    Some(match value.get("comparator").and_then(Value::as_str) {
        Some("<" | "<=") => (Decimal::MIN, number, number),
        Some(">" | ">=") => (number, Decimal::MAX, number),
        _ => (number, number, number),
    })
}
