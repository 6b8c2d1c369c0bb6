//! The operators (<https://hl7.org/fhirpath/N1/#operations>).

use super::ast::Operator;
use super::equality::{self, collections_equal, collections_equivalent, equal};
use super::error::Error;
use super::item::{Collection, Item};
use super::quantity::Quantity;
use crate::time;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// The result of `and`, `or` and `implies` when the left side alone decides.
pub(super) fn decided_early(operator: Operator, left: &[Item<'_>]) -> Result<Option<bool>, Error> {
    Ok(match operator {
        Operator::And => truth(left)?.filter(|t| !t),
        Operator::Or => truth(left)?.filter(|t| *t),
        Operator::Implies => truth(left)?.filter(|t| !t).map(|_| true),
        _ => None,
    })
}

/// Applies a binary operator.
pub(super) fn binary<'a>(
    operator: Operator,
    left: Collection<'a>,
    right: Collection<'a>,
) -> Result<Collection<'a>, Error> {
    use Operator as O;
    match operator {
        O::And | O::Or | O::Xor | O::Implies => Ok(logic(operator, truth(&left)?, truth(&right)?)),
        O::Equal => Ok(answer(collections_equal(&left, &right))),
        O::NotEqual => Ok(answer(collections_equal(&left, &right).map(|e| !e))),
        O::Equivalent => Ok(answer(Some(collections_equivalent(&left, &right)))),
        O::NotEquivalent => Ok(answer(Some(!collections_equivalent(&left, &right)))),
        O::Union => Ok(union(left, right)),
        O::In => membership(left, &right),
        O::Contains => membership(right, &left),
        O::Concatenate => concatenate(&left, &right),
        O::Less | O::LessOrEqual | O::Greater | O::GreaterOrEqual => order(operator, left, right),
        _ => {
            let Some((left, right)) = single(left)?.zip(single(right)?) else { return Ok(Vec::new()) };
            arithmetic(operator, left.into_system(), right.into_system())
        }
    }
}

/// `-x` and `+x`.
pub(super) fn sign(minus: bool, operand: Collection<'_>) -> Result<Collection<'_>, Error> {
    let Some(item) = single(operand)? else { return Ok(Vec::new()) };
    let signed = match item.into_system() {
        Item::Integer(number) => whole(if minus { -number } else { number }),
        Item::Decimal(number) => Some(Item::Decimal(if minus { -number } else { number })),
        Item::Quantity(q) => Some(q.with_value(if minus { -q.value } else { q.value }).into()),
        other => return Err(Error::execution(format!("{} has no sign", other.type_info().name))),
    };
    Ok(signed.into_iter().collect())
}

/// The truth of a collection: none when empty, its own when it is one Boolean, true when it is one other item.
pub(super) fn truth(collection: &[Item<'_>]) -> Result<Option<bool>, Error> {
    match collection {
        [] => Ok(None),
        [item] => Ok(Some(item.as_bool().unwrap_or(true))),
        _ => Err(Error::execution("expected one truth value, found several items")),
    }
}

/// The only item; an error when there are several.
pub(super) fn single(mut collection: Collection<'_>) -> Result<Option<Item<'_>>, Error> {
    match collection.len() {
        0 | 1 => Ok(collection.pop()),
        _ => Err(Error::execution("expected one item, found several")),
    }
}

/// Both collections without duplicates.
pub(super) fn union<'a>(left: Collection<'a>, right: Collection<'a>) -> Collection<'a> {
    let mut out: Collection<'a> = Vec::with_capacity(left.len() + right.len());
    for item in left.into_iter().chain(right) {
        if !holds(&out, &item) {
            out.push(item);
        }
    }
    out
}

/// Whether a collection has an equal item.
pub(super) fn holds(collection: &[Item<'_>], item: &Item<'_>) -> bool {
    collection.iter().any(|other| equal(other, item) == Some(true))
}

/// A known answer as a collection.
fn answer<'a>(known: Option<bool>) -> Collection<'a> {
    known.map(Item::Boolean).into_iter().collect()
}

fn logic<'a>(operator: Operator, left: Option<bool>, right: Option<bool>) -> Collection<'a> {
    answer(match (operator, left, right) {
        (Operator::And, Some(false), _) | (Operator::And, _, Some(false)) => Some(false),
        (Operator::And, Some(true), Some(true)) => Some(true),
        (Operator::Or, Some(true), _) | (Operator::Or, _, Some(true)) => Some(true),
        (Operator::Or, Some(false), Some(false)) => Some(false),
        (Operator::Xor, Some(a), Some(b)) => Some(a != b),
        (Operator::Implies, Some(false), _) | (Operator::Implies, _, Some(true)) => Some(true),
        (Operator::Implies, Some(true), Some(false)) => Some(false),
        _ => None,
    })
}

fn membership<'a>(item: Collection<'a>, collection: &[Item<'a>]) -> Result<Collection<'a>, Error> {
    Ok(answer(single(item)?.map(|item| holds(collection, &item))))
}

fn concatenate<'a>(left: &[Item<'a>], right: &[Item<'a>]) -> Result<Collection<'a>, Error> {
    let mut out = String::new();
    for side in [left, right] {
        match side {
            [] => {}
            [item] => match item.as_text() {
                Some(text) => out.push_str(&text),
                None => return Err(Error::execution(format!("{} is not a text", item.type_info().name))),
            },
            _ => return Err(Error::execution("expected one text, found several items")),
        }
    }
    Ok(vec![Item::text(out)])
}

fn order<'a>(
    operator: Operator,
    left: Collection<'a>,
    right: Collection<'a>,
) -> Result<Collection<'a>, Error> {
    let Some((left, right)) = single(left)?.zip(single(right)?) else { return Ok(Vec::new()) };
    let order = equality::compare(&left, &right)?;
    Ok(answer(order.map(|order| match operator {
        Operator::Less => order.is_lt(),
        Operator::LessOrEqual => order.is_le(),
        Operator::Greater => order.is_gt(),
        _ => order.is_ge(),
    })))
}

/// An integer of 32 bits; nothing beyond.
pub(super) fn whole<'a>(number: i64) -> Option<Item<'a>> {
    i32::try_from(number).ok().map(|n| Item::Integer(n.into()))
}

fn arithmetic<'a>(operator: Operator, left: Item<'a>, right: Item<'a>) -> Result<Collection<'a>, Error> {
    use Operator as O;
    let result = match (operator, left, right) {
        (O::Divide, Item::Integer(a), Item::Integer(b)) => {
            Decimal::from(a).checked_div(Decimal::from(b)).map(Item::Decimal)
        }
        (_, Item::Integer(a), Item::Integer(b)) => integers(operator, a, b).and_then(whole),
        (O::Add, Item::String(a), Item::String(b)) => Some(Item::text(format!("{a}{b}"))),
        (O::Add | O::Subtract, Item::Date(a), Item::Quantity(b)) => {
            let (amount, unit) = calendar(operator, &b)?;
            a.plus(amount, unit).map(|d| Item::Date(Box::new(d)))
        }
        (O::Add | O::Subtract, Item::DateTime(a), Item::Quantity(b)) => {
            let (amount, unit) = calendar(operator, &b)?;
            a.plus(amount, unit).map(|d| Item::DateTime(Box::new(d)))
        }
        (O::Add | O::Subtract, Item::Time(a), Item::Quantity(b)) => {
            let (amount, unit) = calendar(operator, &b)?;
            a.plus(amount, unit).map(|t| Item::Time(Box::new(t)))
        }
        (_, Item::Quantity(a), Item::Quantity(b)) => quantities(operator, &a, &b)?.map(Item::from),
        (O::Multiply | O::Divide, Item::Quantity(a), b) if equality::number(&b).is_some() => {
            let factor = equality::number(&b).map(|n| Quantity::of_unit(n, "1"));
            factor.and_then(|f| quantities(operator, &a, &f).transpose()).transpose()?.map(Item::from)
        }
        (O::Multiply, a, Item::Quantity(b)) if equality::number(&a).is_some() => {
            equality::number(&a).and_then(|n| b.times(&Quantity::of_unit(n, "1"))).map(Item::from)
        }
        (_, a, b) => match equality::number(&a).zip(equality::number(&b)) {
            Some((x, y)) => decimals(operator, x, y),
            None => {
                let (a, b) = (a.type_info().name, b.type_info().name);
                return Err(Error::execution(format!("{operator:?} is not defined on {a} and {b}")));
            }
        },
    };
    Ok(result.into_iter().collect())
}

fn integers(operator: Operator, a: i64, b: i64) -> Option<i64> {
    match operator {
        Operator::Add => a.checked_add(b),
        Operator::Subtract => a.checked_sub(b),
        Operator::Multiply => a.checked_mul(b),
        Operator::Div => a.checked_div(b),
        Operator::Mod => a.checked_rem(b),
        _ => None,
    }
}

fn decimals<'a>(operator: Operator, a: Decimal, b: Decimal) -> Option<Item<'a>> {
    match operator {
        Operator::Add => a.checked_add(b).map(Item::Decimal),
        Operator::Subtract => a.checked_sub(b).map(Item::Decimal),
        Operator::Multiply => a.checked_mul(b).map(Item::Decimal),
        Operator::Divide => a.checked_div(b).map(Item::Decimal),
        Operator::Div => a.checked_div(b)?.trunc().to_i64().and_then(whole),
        Operator::Mod => a.checked_rem(b).map(Item::Decimal),
        _ => None,
    }
}

fn quantities(operator: Operator, a: &Quantity, b: &Quantity) -> Result<Option<Quantity>, Error> {
    Ok(match operator {
        Operator::Add => a.plus(b),
        Operator::Subtract => a.plus(&b.with_value(-b.value)),
        Operator::Multiply => a.times(b),
        Operator::Divide => a.divided_by(b),
        _ => return Err(Error::execution(format!("{operator:?} is not defined on quantities"))),
    })
}

/// A duration as whole calendar units. UCUM months and years are means of no calendar length and are refused.
fn calendar(operator: Operator, quantity: &Quantity) -> Result<(i64, time::Unit), Error> {
    let of_code = match quantity.unit.as_str() {
        "wk" => Some(time::Unit::Week),
        "d" => Some(time::Unit::Day),
        "h" => Some(time::Unit::Hour),
        "min" => Some(time::Unit::Minute),
        "s" => Some(time::Unit::Second),
        "ms" => Some(time::Unit::Millisecond),
        word => time::Unit::of_word(word),
    };
    let Some(unit) = quantity.calendar.or(of_code) else {
        return Err(Error::execution(format!("'{}' is not a calendar duration", quantity.unit)));
    };
    let whole = quantity.value.trunc().to_i64();
    let Some(amount) =
        whole.and_then(|n| if operator == Operator::Subtract { n.checked_neg() } else { Some(n) })
    else {
        return Err(Error::execution("a duration too long"));
    };
    Ok((amount, unit))
}
