//! FHIR's own functions (<https://hl7.org/fhir/R4/fhirpath.html#functions>).

use super::super::error::Error;
use super::super::eval::Evaluator;
use super::super::item::{Collection, Item, Node};
use super::super::types::node_is;
use super::string::only_text;
use super::{Call, Function};
use crate::definitions::{ValueSetCodes, definitions};
use crate::json::Value;

const STRUCTURES: &str = "http://hl7.org/fhir/StructureDefinition/";

pub(super) fn call<'a>(
    evaluator: &mut Evaluator<'_, 'a>,
    call: Call<'_, '_, 'a>,
) -> Result<Collection<'a>, Error> {
    let argument = match call.argument(0) {
        Some(argument) => evaluator.text(argument, call.frame)?,
        None => None,
    };
    let argument = argument.as_deref();
    match call.function {
        Function::Extension => Ok(argument.map(|url| extensions(&call.input, url)).unwrap_or_default()),
        Function::HasExtension => {
            let found = argument.is_some_and(|url| !extensions(&call.input, url).is_empty());
            Ok(vec![Item::Boolean(found)])
        }
        Function::HasValue => Ok(vec![Item::Boolean(value(&call.input).is_some())]),
        Function::GetValue => Ok(value(&call.input).into_iter().collect()),
        Function::ConformsTo => conforms_to(&call.input, argument),
        Function::MemberOf => Ok(argument.and_then(|url| member_of(&call.input, url)).into_iter().collect()),
        _ => Ok(vec![Item::Boolean(only_text(call.input)?.is_some_and(|html| is_safe(&html)))]),
    }
}

fn extensions<'a>(input: &[Item<'a>], url: &str) -> Collection<'a> {
    let mut found = Vec::new();
    for item in input {
        if let Item::Node(node) = item {
            node.member("extension", &mut found);
        }
    }
    let of_url = |node: &Node<'a>| node.value.and_then(|v| v.get("url")).and_then(Value::as_str) == Some(url);
    found.retain(|item| matches!(item, Item::Node(node) if of_url(node)));
    found
}

/// The System value of the only item, when that is a primitive with a value.
fn value<'a>(input: &[Item<'a>]) -> Option<Item<'a>> {
    match input {
        [Item::Node(node)] if node.is_primitive() => node.system(),
        [Item::Node(_)] => None,
        [item] => Some(item.clone()),
        _ => None,
    }
}

/// Only the standard's own types are known here; a profile's URL is an error, not a silent yes or no.
fn conforms_to<'a>(input: &[Item<'a>], url: Option<&str>) -> Result<Collection<'a>, Error> {
    let Some(url) = url else { return Ok(Vec::new()) };
    let name = url.strip_prefix(STRUCTURES).filter(|name| definitions().type_(name).is_some());
    let Some(name) = name else { return Err(Error::execution(format!("unknown structure {url}"))) };
    let conforms = input.iter().all(|item| matches!(item, Item::Node(node) if node_is(node, name)));
    Ok(vec![Item::Boolean(conforms)])
}

/// Membership of a value set whose codes are in the definitions; empty for any other.
fn member_of<'a>(input: &[Item<'a>], url: &str) -> Option<Item<'a>> {
    let codes = definitions().value_set_codes(url)?;
    let [item] = input else { return None };
    let member = match item {
        Item::Node(Node { value: Some(value @ Value::Object(_)), .. }) => match value.get("coding") {
            Some(codings) => codings.as_array()?.iter().any(|coding| has_coding(codes, coding)),
            None => has_coding(codes, value),
        },
        other => codes.contains_code(&other.as_text()?),
    };
    Some(Item::Boolean(member))
}

fn has_coding(codes: &ValueSetCodes, coding: &Value) -> bool {
    let text = |name: &str| coding.get(name).and_then(Value::as_str);
    text("code").is_some_and(|code| text("system").is_some_and(|system| codes.contains(system, code)))
}

/// A narrative without scripts, forms, frames, event handlers and foreign documents.
fn is_safe(html: &str) -> bool {
    const REFUSED: [&str; 9] =
        ["<script", "<iframe", "<object", "<embed", "<form", "<input", "<link", "<base", "javascript:"];
    let lower = html.to_ascii_lowercase();
    let mut tags = lower.split('<').skip(1).filter_map(|after| after.split('>').next());
    let handler =
        tags.any(|tag| tag.split_ascii_whitespace().any(|word| word.starts_with("on") && word.contains('=')));
    !handler && !REFUSED.iter().any(|refused| lower.contains(refused))
}
