//! Combining (<https://hl7.org/fhirpath/N1/#combining>).

use super::super::error::Error;
use super::super::eval::Evaluator;
use super::super::item::Collection;
use super::super::operators::union;
use super::{Call, Function};

pub(super) fn call<'a>(
    evaluator: &mut Evaluator<'_, 'a>,
    call: Call<'_, '_, 'a>,
) -> Result<Collection<'a>, Error> {
    let mut other = evaluator.scoped(call.first(), call.frame)?;
    let mut input = call.input;
    if call.function == Function::Union {
        let items = input.len() + other.len();
        evaluator.spend(items * items)?;
        return Ok(union(input, other));
    }
    evaluator.spend(other.len())?;
    input.append(&mut other);
    Ok(input)
}
