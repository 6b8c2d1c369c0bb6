//! Conversion and `iif` (<https://hl7.org/fhirpath/N1/#conversion>).

use super::super::equality::number;
use super::super::error::Error;
use super::super::eval::{Evaluator, Frame};
use super::super::item::{Collection, Item};
use super::super::operators::{single, whole};
use super::super::quantity::Quantity;
use super::{Call, Function};
use crate::time::{DateTime, Kind, Precision, Time};
use rust_decimal::Decimal;

/// `iif(criterion, then, otherwise)`: only the chosen branch is evaluated.
pub(super) fn iif<'a>(
    evaluator: &mut Evaluator<'_, 'a>,
    call: Call<'_, '_, 'a>,
) -> Result<Collection<'a>, Error> {
    if call.input.len() > 1 {
        return Err(Error::execution("iif() on more than one item"));
    }
    let frame = Frame { this: &call.input, ..*call.frame };
    let criterion = evaluator.scoped(call.first(), &frame)?;
    let holds = match criterion.as_slice() {
        [] => false,
        [item] => {
            item.as_bool().ok_or_else(|| Error::semantic("the criterion of iif() is not a truth value"))?
        }
        _ => return Err(Error::semantic("the criterion of iif() is more than one item")),
    };
    match call.argument(if holds { 1 } else { 2 }) {
        Some(branch) => evaluator.scoped(branch, &frame),
        None => Ok(Vec::new()),
    }
}

pub(super) fn call<'a>(
    evaluator: &mut Evaluator<'_, 'a>,
    call: Call<'_, '_, 'a>,
) -> Result<Collection<'a>, Error> {
    use Function as F;
    let unit = match call.argument(0) {
        Some(argument) => evaluator.text(argument, call.frame)?,
        None => None,
    };
    let Some(item) = single(call.input)? else { return Ok(Vec::new()) };
    let item = item.into_system();
    let (converted, asks) = match call.function {
        F::ToBoolean => (boolean(&item).map(Item::Boolean), false),
        F::ConvertsToBoolean => (boolean(&item).map(Item::Boolean), true),
        F::ToInteger => (integer(&item), false),
        F::ConvertsToInteger => (integer(&item), true),
        F::ToDecimal => (decimal(&item).map(Item::Decimal), false),
        F::ConvertsToDecimal => (decimal(&item).map(Item::Decimal), true),
        F::ToString => (item.written().map(Item::String), false),
        F::ConvertsToString => (item.written().map(Item::String), true),
        F::ToDate => (date(&item), false),
        F::ConvertsToDate => (date(&item), true),
        F::ToDateTime => (date_time(&item), false),
        F::ConvertsToDateTime => (date_time(&item), true),
        F::ToTime => (time(&item), false),
        F::ConvertsToTime => (time(&item), true),
        F::ToQuantity => (quantity(&item, unit.as_deref()), false),
        _ => (quantity(&item, unit.as_deref()), true),
    };
    if asks {
        return Ok(vec![Item::Boolean(converted.is_some())]);
    }
    Ok(converted.into_iter().collect())
}

fn boolean(item: &Item<'_>) -> Option<bool> {
    match item {
        Item::Boolean(truth) => Some(*truth),
        Item::String(text) => match text.to_ascii_lowercase().as_str() {
            "true" | "t" | "yes" | "y" | "1" | "1.0" => Some(true),
            "false" | "f" | "no" | "n" | "0" | "0.0" => Some(false),
            _ => None,
        },
        other => {
            let number = number(other)?;
            (number.is_zero() || number == Decimal::ONE).then_some(!number.is_zero())
        }
    }
}

fn integer<'a>(item: &Item<'_>) -> Option<Item<'a>> {
    match item {
        Item::Integer(number) => whole(*number),
        Item::Boolean(truth) => whole((*truth).into()),
        Item::String(text) => {
            let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
            let formed = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
            formed.then(|| text.parse().ok().and_then(whole)).flatten()
        }
        _ => None,
    }
}

fn decimal(item: &Item<'_>) -> Option<Decimal> {
    match item {
        Item::Boolean(truth) => Some(Decimal::from(u8::from(*truth))),
        Item::String(text) => {
            let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
            let (before, after) = digits.split_once('.').unwrap_or((digits, "0"));
            let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
            let unsigned = text.strip_prefix('+').unwrap_or(text);
            (all_digits(before) && all_digits(after))
                .then(|| Decimal::from_str_exact(unsigned).ok())
                .flatten()
        }
        other => number(other),
    }
}

fn date<'a>(item: &Item<'_>) -> Option<Item<'a>> {
    let read = match item {
        Item::Date(date) | Item::DateTime(date) => date.low_boundary(date.digits().min(8))?,
        Item::String(text) => {
            let value = DateTime::parse(Kind::Partial, text)?;
            value.low_boundary(value.digits().min(8))?
        }
        _ => return None,
    };
    Some(Item::Date(Box::new(read)))
}

fn date_time<'a>(item: &Item<'_>) -> Option<Item<'a>> {
    match item {
        Item::Date(date) | Item::DateTime(date) => Some(Item::DateTime(date.clone())),
        Item::String(text) => DateTime::parse(Kind::Partial, text).map(|d| Item::DateTime(Box::new(d))),
        _ => None,
    }
}

fn time<'a>(item: &Item<'_>) -> Option<Item<'a>> {
    let read = match item {
        Item::Time(time) => return Some(Item::Time(time.clone())),
        Item::String(text) => Time::parse_partial(text)?,
        Item::DateTime(moment) if moment.precision() >= Precision::Hour => {
            Time::parse_partial(moment.as_str().split_once('T')?.1.split(['Z', '+', '-']).next()?)?
        }
        _ => return None,
    };
    Some(Item::Time(Box::new(read)))
}

fn quantity<'a>(item: &Item<'_>, unit: Option<&str>) -> Option<Item<'a>> {
    let quantity = match item {
        Item::Quantity(quantity) => quantity.as_ref().clone(),
        Item::Boolean(truth) => Quantity::of_unit(Decimal::from(u8::from(*truth)), "1"),
        Item::String(text) => Quantity::parse(text)?,
        other => Quantity::of_unit(number(other)?, "1"),
    };
    match unit {
        Some(unit) if unit != quantity.unit => quantity.converted(unit).map(Item::from),
        _ => Some(quantity.into()),
    }
}
