//! Existence (<https://hl7.org/fhirpath/N1/#existence>).

use super::super::equality::equal;
use super::super::error::Error;
use super::super::eval::{Evaluator, Frame};
use super::super::item::{Collection, Item};
use super::super::operators::{holds, truth};
use super::{Call, Function};

pub(super) fn call<'a>(
    evaluator: &mut Evaluator<'_, 'a>,
    call: Call<'_, '_, 'a>,
) -> Result<Collection<'a>, Error> {
    use Function as F;
    let input = &call.input;
    let answer = match call.function {
        F::Empty => input.is_empty(),
        F::Exists => match call.argument(0) {
            None => !input.is_empty(),
            Some(_) => quantify(evaluator, &call, true)?,
        },
        F::All => !quantify(evaluator, &call, false)?,
        F::AllTrue => truths(input)?.all(|t| t),
        F::AnyTrue => truths(input)?.any(|t| t),
        F::AllFalse => truths(input)?.all(|t| !t),
        F::AnyFalse => truths(input)?.any(|t| !t),
        F::SubsetOf | F::SupersetOf => {
            let other = evaluator.scoped(call.first(), call.frame)?;
            evaluator.spend(input.len() * other.len())?;
            let (part, whole) = if call.function == F::SubsetOf { (input, &other) } else { (&other, input) };
            part.iter().all(|item| holds(whole, item))
        }
        F::Count => return Ok(vec![Item::Integer(i64::try_from(input.len()).unwrap_or(i64::MAX))]),
        F::Distinct => return distinct(evaluator, call.input),
        F::IsDistinct => distinct(evaluator, input.clone())?.len() == input.len(),
        _ => return Ok(truth(input)?.map(|t| Item::Boolean(!t)).into_iter().collect()),
    };
    Ok(vec![Item::Boolean(answer)])
}

/// Whether the criterion gives the wanted answer for some item.
fn quantify<'a>(
    evaluator: &mut Evaluator<'_, 'a>,
    call: &Call<'_, '_, 'a>,
    wanted: bool,
) -> Result<bool, Error> {
    for (index, item) in call.input.iter().enumerate() {
        let frame = Frame { total: call.frame.total, ..Frame::of(item, index) };
        if evaluator.holds(call.first(), &frame)? == wanted {
            return Ok(true);
        }
    }
    Ok(false)
}

fn truths(input: &[Item<'_>]) -> Result<impl Iterator<Item = bool>, Error> {
    let truths: Option<Vec<bool>> = input.iter().map(Item::as_bool).collect();
    truths.map(Vec::into_iter).ok_or_else(|| Error::execution("expected truth values only"))
}

/// The collection without duplicates.
pub(super) fn distinct<'a>(
    evaluator: &mut Evaluator<'_, 'a>,
    input: Collection<'a>,
) -> Result<Collection<'a>, Error> {
    let mut out: Collection<'a> = Vec::with_capacity(input.len());
    for item in input {
        evaluator.spend(out.len())?;
        if !out.iter().any(|other| equal(other, &item) == Some(true)) {
            out.push(item);
        }
    }
    Ok(out)
}
