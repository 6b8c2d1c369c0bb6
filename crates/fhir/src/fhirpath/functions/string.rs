//! String manipulation (<https://hl7.org/fhirpath/N1/#string-manipulation>). Positions count characters.

use super::super::error::Error;
use super::super::eval::Evaluator;
use super::super::item::{Collection, Item};
use super::super::operators::{single, whole};
use super::{Call, Function};
use std::borrow::Cow;

/// The longest text that one call may build.
const MAX_TEXT: usize = 1 << 20;

pub(super) fn call<'a>(
    evaluator: &mut Evaluator<'_, 'a>,
    call: Call<'_, '_, 'a>,
) -> Result<Collection<'a>, Error> {
    use Function as F;
    let Some(text) = subject(&call)? else { return Ok(Vec::new()) };
    evaluator.spend(text.len() / 64)?;
    match call.function {
        F::Upper => return Ok(vec![Item::text(text.to_uppercase())]),
        F::Lower => return Ok(vec![Item::text(text.to_lowercase())]),
        F::Trim => return Ok(vec![Item::text(text.trim().to_owned())]),
        F::Length => return Ok(count(text.chars().count())),
        F::ToChars => {
            evaluator.spend(text.len())?;
            return Ok(text.chars().map(|c| Item::text(c.to_string())).collect());
        }
        F::Substring => return substring(evaluator, &call, &text),
        _ => {}
    }
    let Some(pattern) = evaluator.text(call.first(), call.frame)? else { return Ok(Vec::new()) };
    let pattern = pattern.as_ref();
    match call.function {
        F::StartsWith => Ok(vec![Item::Boolean(text.starts_with(pattern))]),
        F::EndsWith => Ok(vec![Item::Boolean(text.ends_with(pattern))]),
        F::Contains => Ok(vec![Item::Boolean(text.contains(pattern))]),
        F::IndexOf => Ok(position(&text, text.find(pattern))),
        F::LastIndexOf => Ok(position(&text, text.rfind(pattern))),
        F::Split => {
            let parts: Collection<'a> = if pattern.is_empty() {
                text.chars().map(|c| Item::text(c.to_string())).collect()
            } else {
                text.split(pattern).map(|part| Item::text(part.to_owned())).collect()
            };
            evaluator.spend(parts.len())?;
            Ok(parts)
        }
        _ => replace(evaluator, &call, &text, pattern),
    }
}

/// The input as one text: nothing when empty, an error when it is several items or no text.
pub(super) fn subject<'a>(call: &Call<'_, '_, 'a>) -> Result<Option<Cow<'a, str>>, Error> {
    match call.input.as_slice() {
        [] => Ok(None),
        [Item::Node(node)] if node.value.is_none() => Ok(None),
        [item] => match item.as_text() {
            Some(text) => Ok(Some(text)),
            None => {
                let (function, found) = (call.function.name(), item.type_info().name);
                Err(Error::semantic(format!("{function}() on {found}, which is not a text")))
            }
        },
        _ => Err(Error::execution(format!("{}() on several items", call.function.name()))),
    }
}

pub(super) fn join<'a>(
    evaluator: &mut Evaluator<'_, 'a>,
    call: Call<'_, '_, 'a>,
) -> Result<Collection<'a>, Error> {
    let separator = match call.argument(0) {
        Some(argument) => evaluator.text(argument, call.frame)?.unwrap_or_default(),
        None => Cow::Borrowed(""),
    };
    let mut out = String::new();
    for (at, item) in call.input.iter().enumerate() {
        let Some(text) = item.as_text() else { return Err(Error::execution("join() on what is not a text")) };
        if at > 0 {
            out.push_str(&separator);
        }
        out.push_str(&text);
        if out.len() > MAX_TEXT {
            return Err(Error::TooCostly);
        }
    }
    Ok(if call.input.is_empty() { Vec::new() } else { vec![Item::text(out)] })
}

fn replace<'a>(
    evaluator: &mut Evaluator<'_, 'a>,
    call: &Call<'_, '_, 'a>,
    text: &str,
    pattern: &str,
) -> Result<Collection<'a>, Error> {
    let Some(argument) = call.argument(1) else { return Ok(Vec::new()) };
    let Some(substitute) = evaluator.text(argument, call.frame)? else { return Ok(Vec::new()) };
    let places = if pattern.is_empty() { text.chars().count() + 1 } else { text.matches(pattern).count() };
    if places.saturating_mul(substitute.len()).saturating_add(text.len()) > MAX_TEXT {
        return Err(Error::TooCostly);
    }
    Ok(vec![Item::text(text.replace(pattern, &substitute))])
}

fn substring<'a>(
    evaluator: &mut Evaluator<'_, 'a>,
    call: &Call<'_, '_, 'a>,
    text: &str,
) -> Result<Collection<'a>, Error> {
    let start = evaluator.integer(call.first(), call.frame)?;
    let length = match call.argument(1) {
        Some(argument) => evaluator.integer(argument, call.frame)?,
        None => None,
    };
    let Some(start) = start.and_then(|s| usize::try_from(s).ok()) else { return Ok(Vec::new()) };
    let Some((at, _)) = text.char_indices().nth(start) else { return Ok(Vec::new()) };
    let rest = text.get(at..).unwrap_or_default();
    let taken = match length {
        Some(length) => rest.chars().take(usize::try_from(length).unwrap_or(0)).collect(),
        None => rest.to_owned(),
    };
    Ok(vec![Item::text(taken)])
}

fn position<'a>(text: &str, bytes: Option<usize>) -> Collection<'a> {
    match bytes {
        Some(at) => count(text.get(..at).unwrap_or_default().chars().count()),
        None => vec![Item::Integer(-1)],
    }
}

fn count<'a>(number: usize) -> Collection<'a> {
    i64::try_from(number).ok().and_then(whole).into_iter().collect()
}

/// The only item as text, for functions on one text.
pub(super) fn only_text<'a>(input: Collection<'a>) -> Result<Option<Cow<'a, str>>, Error> {
    Ok(single(input)?.and_then(|item| item.as_text()))
}
