//! `sort(keys…)`: a key with a minus sign sorts downwards; items without a key come first.

use super::super::ast::Expr;
use super::super::equality::compare;
use super::super::error::Error;
use super::super::eval::{Evaluator, Frame};
use super::super::item::{Collection, Item};
use super::super::operators::single;
use super::Call;
use std::cmp::Ordering;

pub(super) fn sort<'a>(
    evaluator: &mut Evaluator<'_, 'a>,
    call: Call<'_, '_, 'a>,
) -> Result<Collection<'a>, Error> {
    let mut keyed = Vec::with_capacity(call.input.len());
    for (index, item) in call.input.iter().enumerate() {
        let frame = Frame { total: call.frame.total, ..Frame::of(item, index) };
        let mut keys = Vec::with_capacity(call.arguments.len().max(1));
        for argument in call.arguments {
            keys.push(single(evaluator.scoped(direction(argument).1, &frame)?)?);
        }
        if keys.is_empty() {
            keys.push(Some(item.clone()));
        }
        evaluator.spend(call.input.len().ilog2() as usize)?;
        keyed.push((keys, item.clone()));
    }
    let mut fault = None;
    keyed.sort_by(|(a, _), (b, _)| {
        let pairs = a.iter().zip(b).enumerate();
        let mut orders = pairs.map(|(at, (a, b))| {
            let down = call.argument(at).is_some_and(|argument| direction(argument).0);
            order(a.as_ref(), b.as_ref(), down).unwrap_or_else(|error| {
                fault = Some(error);
                Ordering::Equal
            })
        });
        orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    });
    match fault {
        Some(error) => Err(error),
        None => Ok(keyed.into_iter().map(|(_, item)| item).collect()),
    }
}

/// Whether a key sorts downwards, and the key itself.
fn direction(argument: &Expr) -> (bool, &Expr) {
    match argument {
        Expr::Sign(true, key) => (true, key),
        key => (false, key),
    }
}

fn order(a: Option<&Item<'_>>, b: Option<&Item<'_>>, down: bool) -> Result<Ordering, Error> {
    Ok(match (a, b) {
        (Some(a), Some(b)) => {
            let order = compare(a, b)?.unwrap_or(Ordering::Equal);
            if down { order.reverse() } else { order }
        }
        (a, b) => a.is_some().cmp(&b.is_some()),
    })
}
