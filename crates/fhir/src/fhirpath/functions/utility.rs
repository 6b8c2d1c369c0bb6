//! Utility functions and reflection (<https://hl7.org/fhirpath/N1/#utility-functions>).

use super::super::error::Error;
use super::super::eval::{Evaluator, Frame};
use super::super::item::{Collection, Item};
use super::{Call, Function};
use crate::json::Text;
use crate::time::{DateTime, Time};

pub(super) fn call<'a>(
    evaluator: &mut Evaluator<'_, 'a>,
    call: Call<'_, '_, 'a>,
) -> Result<Collection<'a>, Error> {
    match call.function {
        Function::Trace => trace(evaluator, call),
        Function::DefineVariable => define(evaluator, call),
        Function::Type => Ok(call.input.iter().map(|item| Item::Type(Box::new(item.type_info()))).collect()),
        function => moment(evaluator, function),
    }
}

/// Nothing is written anywhere: a trace must not carry a patient's values into a log. Its arguments are
/// evaluated, so that a faulty one is found.
fn trace<'a>(evaluator: &mut Evaluator<'_, 'a>, call: Call<'_, '_, 'a>) -> Result<Collection<'a>, Error> {
    evaluator.text(call.first(), call.frame)?;
    if let Some(projection) = call.argument(1) {
        for (index, item) in call.input.iter().enumerate() {
            evaluator.scoped(projection, &Frame { total: call.frame.total, ..Frame::of(item, index) })?;
        }
    }
    Ok(call.input)
}

fn define<'a>(evaluator: &mut Evaluator<'_, 'a>, call: Call<'_, '_, 'a>) -> Result<Collection<'a>, Error> {
    let Some(name) = evaluator.text(call.first(), call.frame)? else {
        return Err(Error::execution("defineVariable() without a name"));
    };
    let taken = ["context", "resource", "rootResource", "sct", "loinc", "ucum"].contains(&name.as_ref());
    if taken || evaluator.defined.iter().any(|(n, _)| *n == *name) {
        return Err(Error::execution(format!("%{name} is defined already")));
    }
    let value = match call.argument(1) {
        Some(argument) => evaluator.scoped(argument, &Frame { this: &call.input, ..*call.frame })?,
        None => call.input.clone(),
    };
    evaluator.spend(value.len())?;
    evaluator.defined.push((Text::new(&name), value));
    Ok(call.input)
}

fn moment<'a>(evaluator: &Evaluator<'_, 'a>, function: Function) -> Result<Collection<'a>, Error> {
    let Some(now) = evaluator.context.now else {
        return Err(Error::execution(format!("{}() without a clock", function.name())));
    };
    let zone = &evaluator.context.zone;
    let local = now.to_zoned(zone.clone());
    let item = match function {
        Function::Now => DateTime::of_timestamp(now, zone).map(|d| Item::DateTime(Box::new(d))),
        Function::Today => {
            let (month, day) = (u8::try_from(local.month()), u8::try_from(local.day()));
            let date = month.ok().zip(day.ok()).and_then(|(m, d)| DateTime::of_day(local.year(), m, d));
            date.map(|d| Item::Date(Box::new(d)))
        }
        _ => Time::parse(&local.strftime("%H:%M:%S.%3f").to_string()).map(|t| Item::Time(Box::new(t))),
    };
    Ok(item.into_iter().collect())
}
