//! `=`, `~` and order (<https://hl7.org/fhirpath/N1/#equality>). `None` means that the answer is not known.

use super::error::Error;
use super::item::{Item, Node};
use crate::json::Value;
use rust_decimal::Decimal;
use std::cmp::Ordering;

/// Whether two collections are equal, item by item in order.
pub(super) fn collections_equal(a: &[Item<'_>], b: &[Item<'_>]) -> Option<bool> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    if a.len() != b.len() {
        return Some(false);
    }
    let mut known = true;
    for (a, b) in a.iter().zip(b) {
        match equal(a, b) {
            Some(false) => return Some(false),
            Some(true) => {}
            None => known = false,
        }
    }
    known.then_some(true)
}

/// Whether two items are equal.
pub(super) fn equal(a: &Item<'_>, b: &Item<'_>) -> Option<bool> {
    if let (Item::Node(a), Item::Node(b)) = (a, b)
        && !(a.is_primitive() && b.is_primitive())
    {
        return Some(nodes_equal(a, b));
    }
    match (a.clone().into_system(), b.clone().into_system()) {
        (Item::Boolean(a), Item::Boolean(b)) => Some(a == b),
        (Item::String(a), Item::String(b)) => Some(a == b),
        (Item::Date(a) | Item::DateTime(a), Item::Date(b) | Item::DateTime(b)) => {
            Some(a.compare(&b)?.is_eq())
        }
        (Item::Time(a), Item::Time(b)) => Some(a.compare(&b)?.is_eq()),
        (Item::Quantity(a), Item::Quantity(b)) => Some(a.compare(&b)?.is_eq()),
        (Item::Type(a), Item::Type(b)) => Some(a == b),
        // A primitive without a value equals another only by its extensions.
        (Item::Node(a), Item::Node(b)) => Some(nodes_equal(&a, &b)),
        (a, b) => Some(number(&a).zip(number(&b)).is_some_and(|(a, b)| a == b)),
    }
}

/// Elements are equal when their content is, whatever the order of members.
fn nodes_equal(a: &Node<'_>, b: &Node<'_>) -> bool {
    let same = |a: Option<&Value>, b: Option<&Value>| match (a, b) {
        (Some(a), Some(b)) => values_equal(a, b),
        (None, None) => true,
        _ => false,
    };
    same(a.value, b.value) && (a.value.is_some() || same(a.sibling, b.sibling))
}

fn values_equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            a == b || a.as_decimal().is_some_and(|d| b.as_decimal() == Some(d))
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| values_equal(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            let found =
                |(name, value): (&str, &Value)| b.get(name).is_some_and(|other| values_equal(value, other));
            a.len() == b.len() && a.iter().all(found)
        }
        (a, b) => a == b,
    }
}

/// Whether two collections are equivalent, in any order.
pub(super) fn collections_equivalent(a: &[Item<'_>], b: &[Item<'_>]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut left: Vec<&Item<'_>> = b.iter().collect();
    a.iter().all(|item| match left.iter().position(|other| equivalent(item, other)) {
        Some(at) => {
            left.swap_remove(at);
            true
        }
        None => false,
    })
}

/// Whether two items are equivalent: texts without case and spacing, numbers at the lesser precision.
pub(super) fn equivalent(a: &Item<'_>, b: &Item<'_>) -> bool {
    if let (Item::Node(a), Item::Node(b)) = (a, b)
        && !(a.is_primitive() && b.is_primitive())
        && !(a.system().is_some() && b.system().is_some())
    {
        return a.value.zip(b.value).is_some_and(|(a, b)| values_equivalent(a, b));
    }
    match (a.clone().into_system(), b.clone().into_system()) {
        (Item::String(a), Item::String(b)) => texts_equivalent(&a, &b),
        (Item::Date(a), Item::Date(b)) | (Item::DateTime(a), Item::DateTime(b)) => a.equivalent(&b),
        (Item::Time(a), Item::Time(b)) => a.equivalent(&b),
        (Item::Quantity(a), Item::Quantity(b)) => a.equivalent(&b),
        (a @ (Item::Integer(_) | Item::Decimal(_)), b) => {
            number(&a).zip(number(&b)).is_some_and(|(a, b)| decimals_equivalent(a, b))
        }
        (a, b) => equal(&a, &b) == Some(true),
    }
}

fn values_equivalent(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => match (a.as_decimal(), b.as_decimal()) {
            (Some(a), Some(b)) => decimals_equivalent(a, b),
            _ => a == b,
        },
        (Value::String(a), Value::String(b)) => texts_equivalent(a, b),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().all(|item| b.iter().any(|other| values_equivalent(item, other)))
        }
        (Value::Object(a), Value::Object(b)) => {
            // Ids of elements identify them and are no part of what they say.
            let content = |(name, _): &(&str, &Value)| *name != "id";
            let found =
                |(name, value): (&str, &Value)| b.get(name).is_some_and(|o| values_equivalent(value, o));
            a.iter().filter(content).count() == b.iter().filter(content).count()
                && a.iter().filter(content).all(found)
        }
        (a, b) => a == b,
    }
}

fn texts_equivalent(a: &str, b: &str) -> bool {
    let folded = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    folded(a) == folded(b)
}

/// Equal after rounding to the fewer decimal places, trailing zeros not counted.
pub(super) fn decimals_equivalent(a: Decimal, b: Decimal) -> bool {
    let (a, b) = (a.normalize(), b.normalize());
    let places = a.scale().min(b.scale());
    let round =
        |of: Decimal| of.round_dp_with_strategy(places, rust_decimal::RoundingStrategy::MidpointAwayFromZero);
    round(a) == round(b)
}

/// The order of two items; `None` when precision or units leave it open.
pub(super) fn compare(a: &Item<'_>, b: &Item<'_>) -> Result<Option<Ordering>, Error> {
    Ok(match (a.clone().into_system(), b.clone().into_system()) {
        (Item::String(a), Item::String(b)) => Some(a.cmp(&b)),
        (Item::Date(a) | Item::DateTime(a), Item::Date(b) | Item::DateTime(b)) => a.compare(&b),
        (Item::Time(a), Item::Time(b)) => a.compare(&b),
        (Item::Quantity(a), Item::Quantity(b)) => a.compare(&b),
        (a, b) => match (number(&a), number(&b)) {
            (Some(a), Some(b)) => Some(a.cmp(&b)),
            _ => {
                let (a, b) = (a.type_info().name, b.type_info().name);
                return Err(Error::execution(format!("{a} and {b} have no order")));
            }
        },
    })
}

/// The number of an integer or decimal.
pub(super) fn number(item: &Item<'_>) -> Option<Decimal> {
    match item {
        Item::Integer(number) => Some(Decimal::from(*number)),
        Item::Decimal(number) => Some(*number),
        _ => None,
    }
}
