//! `lowBoundary`, `highBoundary`, `precision`, `comparable` (<https://hl7.org/fhirpath/#lowboundary>).

use super::super::error::Error;
use super::super::eval::Evaluator;
use super::super::item::{Collection, Item};
use super::super::operators::single;
use super::{Call, Function};
use crate::time::DateTime;
use rust_decimal::{Decimal, RoundingStrategy};

pub(super) fn call<'a>(
    evaluator: &mut Evaluator<'_, 'a>,
    call: Call<'_, '_, 'a>,
) -> Result<Collection<'a>, Error> {
    let argument = match call.argument(0) {
        Some(argument) => evaluator.scoped(argument, call.frame)?,
        None => Vec::new(),
    };
    let Some(item) = single(call.input)? else { return Ok(Vec::new()) };
    let item = item.into_system();
    let argument = single(argument)?.map(Item::into_system);
    let result = match call.function {
        Function::Precision => precision(&item).map(|digits| Item::Integer(digits.into())),
        Function::Comparable => match (&item, &argument) {
            (Item::Quantity(a), Some(Item::Quantity(b))) => Some(Item::Boolean(a.comparable(b))),
            _ => return Err(Error::execution("comparable() needs two quantities")),
        },
        function => {
            let digits = match argument {
                None => None,
                Some(Item::Integer(digits)) => match u32::try_from(digits) {
                    Ok(digits) => Some(digits),
                    Err(_) => return Ok(Vec::new()),
                },
                Some(_) => return Err(Error::execution("a precision that is not an integer")),
            };
            boundary(&item, digits, function == Function::HighBoundary)
        }
    };
    Ok(result.into_iter().collect())
}

fn precision(item: &Item<'_>) -> Option<u32> {
    match item {
        Item::Integer(_) => Some(0),
        Item::Decimal(number) => Some(number.scale()),
        Item::Date(date) | Item::DateTime(date) => Some(date.digits()),
        Item::Time(time) => Some(time.digits()),
        _ => None,
    }
}

fn boundary<'a>(item: &Item<'_>, digits: Option<u32>, high: bool) -> Option<Item<'a>> {
    let moment =
        |date: &DateTime, digits| if high { date.high_boundary(digits) } else { date.low_boundary(digits) };
    match item {
        Item::Integer(number) => decimal(Decimal::from(*number), digits, high).map(Item::Decimal),
        Item::Decimal(number) => decimal(*number, digits, high).map(Item::Decimal),
        Item::Quantity(quantity) => {
            decimal(quantity.value, digits, high).map(|value| quantity.with_value(value).into())
        }
        Item::Date(date) => {
            let bound = Box::new(moment(date, digits.unwrap_or(8))?);
            Some(if bound.has_time() { Item::DateTime(bound) } else { Item::Date(bound) })
        }
        Item::DateTime(date) => moment(date, digits.unwrap_or(17)).map(|d| Item::DateTime(Box::new(d))),
        Item::Time(time) => {
            let digits = digits.unwrap_or(9);
            let bound = if high { time.high_boundary(digits) } else { time.low_boundary(digits) };
            bound.map(|t| Item::Time(Box::new(t)))
        }
        _ => None,
    }
}

/// Half a unit of the last digit below or above, with so many decimal places. A boundary that moves toward zero
/// is cut, one that moves away is rounded, as the official examples have it.
fn decimal(value: Decimal, digits: Option<u32>, high: bool) -> Option<Decimal> {
    let digits = digits.unwrap_or(8);
    if digits > 28 || value.scale() >= 28 {
        return None;
    }
    let half = Decimal::new(5, value.scale() + 1);
    let mut bound = if high { value.checked_add(half)? } else { value.checked_sub(half)? };
    let strategy = if bound.abs() > value.abs() {
        RoundingStrategy::MidpointAwayFromZero
    } else {
        RoundingStrategy::ToZero
    };
    bound = bound.round_dp_with_strategy(digits, strategy);
    bound.rescale(digits);
    (bound.scale() == digits).then_some(bound)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_decimals() {
        let table = [
            ("1.587", 8, "1.58650000", "1.58750000"),
            ("1.587", 2, "1.58", "1.59"),
            ("1", 0, "0", "2"),
            ("-1.587", 0, "-2", "-1"),
            ("120", 2, "119.50", "120.50"),
        ];
        for (text, digits, low, high) in table {
            let value = Decimal::from_str_exact(text).unwrap();
            assert_eq!(decimal(value, Some(digits), false).unwrap().to_string(), low);
            assert_eq!(decimal(value, Some(digits), true).unwrap().to_string(), high);
        }
        assert_eq!(decimal(Decimal::ONE, Some(29), true), None);
    }
}
