//! Math (<https://hl7.org/fhirpath/N1/#math>). Results that are no number, or too large, are empty.

use super::super::equality::number;
use super::super::error::Error;
use super::super::eval::Evaluator;
use super::super::item::{Collection, Item};
use super::super::operators::{single, whole};
use super::{Call, Function};
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use rust_decimal::{Decimal, MathematicalOps, RoundingStrategy};

pub(super) fn call<'a>(
    evaluator: &mut Evaluator<'_, 'a>,
    call: Call<'_, '_, 'a>,
) -> Result<Collection<'a>, Error> {
    use Function as F;
    let Some(item) = single(call.input)? else { return Ok(Vec::new()) };
    let argument = match call.arguments.first() {
        None => None,
        Some(argument) => match single(evaluator.scoped(argument, call.frame)?)? {
            None => return Ok(Vec::new()),
            some => some.map(Item::into_system),
        },
    };
    let item = item.into_system();
    if let (F::Abs, Item::Quantity(quantity)) = (call.function, &item) {
        return Ok(vec![quantity.with_value(quantity.value.abs()).into()]);
    }
    let Some(value) = number(&item) else {
        return Err(Error::execution(format!("{}() on {}", call.function.name(), item.type_info().name)));
    };
    let operand = match &argument {
        None => None,
        Some(argument) => match number(argument) {
            None => {
                return Err(Error::execution(format!("{}() by what is not a number", call.function.name())));
            }
            some => some,
        },
    };
    let result = match call.function {
        F::Abs => match item {
            Item::Integer(number) => whole(number.abs()),
            _ => Some(Item::Decimal(value.abs())),
        },
        F::Ceiling => integer(value.ceil()),
        F::Floor => integer(value.floor()),
        F::Truncate => integer(value.trunc()),
        F::Exp => real(value, f64::exp),
        F::Ln => real(value, f64::ln),
        F::Log => operand.and_then(|base| base.to_f64()).and_then(|base| real(value, |x| x.log(base))),
        F::Sqrt => value.sqrt().map(Item::Decimal),
        F::Round => round(&item, value, operand)?,
        _ => power(&item, value, argument.as_ref(), operand),
    };
    Ok(result.into_iter().collect())
}

fn integer<'a>(value: Decimal) -> Option<Item<'a>> {
    value.to_i64().and_then(whole)
}

/// Through floating point: about fifteen digits.
fn real<'a>(value: Decimal, function: impl Fn(f64) -> f64) -> Option<Item<'a>> {
    Decimal::from_f64(function(value.to_f64()?)).map(Item::Decimal)
}

fn round<'a>(item: &Item<'_>, value: Decimal, places: Option<Decimal>) -> Result<Option<Item<'a>>, Error> {
    let Some(places) = places.unwrap_or_default().to_u32().filter(|p| *p <= 28) else {
        return Err(Error::execution("round() to a precision that is negative or beyond 28"));
    };
    if let Item::Integer(number) = item {
        return Ok(whole(*number));
    }
    let rounded = value.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
    Ok(Some(Item::Decimal(rounded)))
}

fn power<'a>(
    item: &Item<'_>,
    value: Decimal,
    argument: Option<&Item<'_>>,
    exponent: Option<Decimal>,
) -> Option<Item<'a>> {
    if let (Item::Integer(base), Some(Item::Integer(exponent))) = (item, argument)
        && let Ok(exponent) = u32::try_from(*exponent)
    {
        return base.checked_pow(exponent).and_then(whole);
    }
    let exponent = exponent?;
    if exponent.fract().is_zero()
        && let Some(times) = exponent.to_u64().filter(|n| *n <= 1000)
    {
        return value.checked_powu(times).map(Item::Decimal);
    }
    let exponent = exponent.to_f64()?;
    real(value, |base| base.powf(exponent))
}
