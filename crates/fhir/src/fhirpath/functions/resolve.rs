//! `resolve()`: contained resources and the bundle around, never the network.

use super::super::eval::Evaluator;
use super::super::item::{Collection, Item, Node};
use crate::definitions::definitions;
use crate::json::{Object, Value};
use crate::reference::{self, Target};

/// What a reference that cannot be followed stands for: a resource of which only the type is known.
static UNKNOWN: Value = Value::Object(Object::new());

pub(super) fn resolve<'a>(evaluator: &Evaluator<'_, 'a>, input: &[Item<'a>]) -> Collection<'a> {
    input.iter().filter_map(|item| target(evaluator, item)).map(Item::Node).collect()
}

fn target<'a>(evaluator: &Evaluator<'_, 'a>, item: &Item<'a>) -> Option<Node<'a>> {
    let element = match item {
        Item::Node(Node { value: Some(value @ Value::Object(_)), .. }) => Some(*value),
        _ => None,
    };
    let text = match element {
        Some(element) => element.get("reference").and_then(Value::as_str),
        None => None,
    };
    let own = if element.is_none() { item.as_text() } else { None };
    let text = text.or(own.as_deref());
    if let Some(text) = text
        && let Some(found) = evaluator.documents().find_map(|document| look(document, text))
    {
        return Some(Node::resource(found));
    }
    if !evaluator.context.typed_references {
        return None;
    }
    let named = match text.map(reference::parse) {
        Some(Target::Resource { type_, .. }) => Some(type_),
        _ => element.and_then(|e| e.get("type")).and_then(Value::as_str),
    };
    Some(Node { value: Some(&UNKNOWN), sibling: None, type_: definitions().type_(named?) })
}

fn look<'a>(document: &'a Value, text: &str) -> Option<&'a Value> {
    match reference::parse(text) {
        Target::Contained("") => Some(document),
        Target::Contained(id) => {
            document.items("contained").iter().find(|c| c.get("id").and_then(Value::as_str) == Some(id))
        }
        target => {
            let entry = document.items("entry").iter().find(|entry| {
                let full_url = entry.get("fullUrl").and_then(Value::as_str).unwrap_or_default();
                full_url == text || same_resource(full_url, target)
            });
            entry?.get("resource")
        }
    }
}

/// Whether an entry's full URL ends in the type and id of a relative reference.
fn same_resource(full_url: &str, target: Target<'_>) -> bool {
    match (reference::parse(full_url), target) {
        (Target::Resource { type_: a, id: x, .. }, Target::Resource { base: "", type_: b, id: y, .. }) => {
            a == b && x == y
        }
        _ => false,
    }
}
