//! Subsetting (<https://hl7.org/fhirpath/N1/#subsetting>).

use super::super::error::Error;
use super::super::eval::Evaluator;
use super::super::item::Collection;
use super::super::operators::{holds, single};
use super::existence::distinct;
use super::{Call, Function};

pub(super) fn call<'a>(
    evaluator: &mut Evaluator<'_, 'a>,
    call: Call<'_, '_, 'a>,
) -> Result<Collection<'a>, Error> {
    use Function as F;
    match call.function {
        F::Intersect | F::Exclude => {
            let other = evaluator.scoped(call.first(), call.frame)?;
            evaluator.spend(call.input.len() * other.len())?;
            let kept =
                call.input.into_iter().filter(|item| holds(&other, item) == (call.function == F::Intersect));
            let kept: Collection<'a> = kept.collect();
            if call.function == F::Intersect { distinct(evaluator, kept) } else { Ok(kept) }
        }
        F::Skip | F::Take => {
            let Some(number) = evaluator.integer(call.first(), call.frame)? else { return Ok(Vec::new()) };
            let number = usize::try_from(number).unwrap_or(0);
            let items = call.input.into_iter();
            Ok(if call.function == F::Skip {
                items.skip(number).collect()
            } else {
                items.take(number).collect()
            })
        }
        F::Single => Ok(single(call.input)?.into_iter().collect()),
        F::First => Ok(call.input.into_iter().take(1).collect()),
        F::Last => Ok(call.input.into_iter().last().into_iter().collect()),
        _ => Ok(call.input.into_iter().skip(1).collect()),
    }
}
