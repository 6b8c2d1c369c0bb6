//! Filtering, projection and aggregation (<https://hl7.org/fhirpath/N1/#filtering-and-projection>).

use super::super::error::Error;
use super::super::eval::{Evaluator, Frame};
use super::super::item::{Collection, Item};
use super::super::operators::holds;
use super::{Call, Function};

pub(super) fn call<'a>(
    evaluator: &mut Evaluator<'_, 'a>,
    call: Call<'_, '_, 'a>,
) -> Result<Collection<'a>, Error> {
    match call.function {
        Function::Repeat => repeat(evaluator, &call),
        Function::Aggregate => aggregate(evaluator, &call),
        function => {
            let mut out = Vec::new();
            for (index, item) in call.input.iter().enumerate() {
                let frame = Frame { total: call.frame.total, ..Frame::of(item, index) };
                if function == Function::Select {
                    out.append(&mut evaluator.scoped(call.first(), &frame)?);
                    evaluator.spend(0)?;
                } else if evaluator.holds(call.first(), &frame)? {
                    out.push(item.clone());
                }
            }
            evaluator.spend(out.len())?;
            Ok(out)
        }
    }
}

/// Applies the projection to its own results until nothing new appears.
fn repeat<'a>(evaluator: &mut Evaluator<'_, 'a>, call: &Call<'_, '_, 'a>) -> Result<Collection<'a>, Error> {
    let mut out: Collection<'a> = Vec::new();
    let mut layer = call.input.clone();
    while !layer.is_empty() {
        let mut next: Collection<'a> = Vec::new();
        for (index, item) in layer.iter().enumerate() {
            let frame = Frame { total: call.frame.total, ..Frame::of(item, index) };
            for found in evaluator.scoped(call.first(), &frame)? {
                evaluator.spend(out.len())?;
                if !holds(&out, &found) {
                    out.push(found.clone());
                    next.push(found);
                }
            }
        }
        layer = next;
    }
    Ok(out)
}

fn aggregate<'a>(
    evaluator: &mut Evaluator<'_, 'a>,
    call: &Call<'_, '_, 'a>,
) -> Result<Collection<'a>, Error> {
    let mut total = match call.argument(1) {
        Some(initial) => evaluator.scoped(initial, call.frame)?,
        None => Vec::<Item<'a>>::new(),
    };
    for (index, item) in call.input.iter().enumerate() {
        let frame = Frame { total: Some(&total), ..Frame::of(item, index) };
        total = evaluator.scoped(call.first(), &frame)?;
        evaluator.spend(total.len())?;
    }
    Ok(total)
}
