//! From an element to its children: lists flattened, choices by their stem, primitives with their `_` sibling.

use super::item::{Collection, Item, Node};
use crate::definitions::{Kind, TypeDef, definitions};
use crate::json::{Object, Value};
use std::borrow::Cow;

impl<'a> Node<'a> {
    /// A whole resource.
    #[must_use]
    pub fn resource(value: &'a Value) -> Self {
        Self { value: Some(value), sibling: None, type_: resource_type(value) }
    }

    /// An element of a known type.
    #[must_use]
    pub fn element(value: &'a Value, type_: &'static TypeDef) -> Self {
        Self { value: Some(value), sibling: None, type_: Some(type_) }
    }

    /// The object that holds the children: the value, or a primitive's sibling.
    fn content(&self) -> Option<&'a Object> {
        match self.value {
            Some(Value::Object(object)) => Some(object),
            _ => self.sibling?.as_object(),
        }
    }

    /// Appends the children of that name.
    pub fn member(&self, name: &str, out: &mut Collection<'a>) {
        let Some(object) = self.content() else { return };
        let Some(type_) = self.type_ else { return untyped(object, name, out) };
        let plain = type_.member(name);
        match plain.and_then(|m| Some((m, type_.element_at(m)?))) {
            Some((member, element)) if !element.choice => {
                append(object, name, definitions().type_at(member.type_), out);
            }
            // `valueQuantity` is not a FHIRPath name; the choice is called `value`.
            Some(_) => {}
            None => choice(object, type_, name, out),
        }
    }

    /// Appends every child, in the order of the document.
    pub fn children(&self, out: &mut Collection<'a>) {
        let Some(object) = self.content() else { return };
        for (name, _) in object.iter() {
            let bare = name.strip_prefix('_').unwrap_or(name);
            if bare == "resourceType" || (bare != name && object.get(bare).is_some()) {
                continue;
            }
            let member = self.type_.and_then(|t| t.member(bare));
            append(object, bare, member.and_then(|m| definitions().type_at(m.type_)), out);
        }
    }
}

/// The type of a resource by its `resourceType`.
pub(super) fn resource_type(value: &Value) -> Option<&'static TypeDef> {
    definitions().type_(value.get("resourceType")?.as_str()?)
}

fn choice<'a>(object: &'a Object, type_: &'static TypeDef, stem: &str, out: &mut Collection<'a>) {
    for (name, _) in object.iter() {
        let bare = name.strip_prefix('_').unwrap_or(name);
        let suffix = bare.strip_prefix(stem).and_then(|s| s.bytes().next());
        if !suffix.is_some_and(|b| b.is_ascii_uppercase()) || (bare != name && object.get(bare).is_some()) {
            continue;
        }
        let Some(member) = type_.member(bare) else { continue };
        if type_.element_at(member).is_some_and(|e| e.choice && e.stem() == stem) {
            append(object, bare, definitions().type_at(member.type_), out);
        }
    }
}

/// Without definitions: the member itself, or those that extend its name by a type.
fn untyped<'a>(object: &'a Object, name: &str, out: &mut Collection<'a>) {
    let before = out.len();
    append(object, name, None, out);
    if out.len() > before {
        return;
    }
    for (candidate, _) in object.iter() {
        let suffix = candidate.strip_prefix(name).filter(|s| s.starts_with(|c: char| c.is_ascii_uppercase()));
        let type_ = suffix.and_then(type_of_suffix);
        if type_.is_some() {
            append(object, candidate, type_, out);
        }
    }
}

/// The type that a choice's suffix names: `Quantity`, `dateTime` for `DateTime`.
fn type_of_suffix(suffix: &str) -> Option<&'static TypeDef> {
    let mut letters = suffix.chars();
    let lower: String = letters.next().map(|c| c.to_ascii_lowercase()).into_iter().chain(letters).collect();
    definitions().type_(&lower).or_else(|| definitions().type_(suffix)).filter(|t| t.kind != Kind::Resource)
}

/// Appends the value of one JSON member with its sibling, item by item.
fn append<'a>(object: &'a Object, name: &str, type_: Option<&'static TypeDef>, out: &mut Collection<'a>) {
    let sibling = match type_ {
        Some(t) if t.kind != Kind::Primitive => None,
        _ => object.get(&sibling_name(name)),
    };
    let value = object.get(name);
    match (value, sibling) {
        (Some(Value::Array(values)), sibling) => {
            let siblings = sibling.and_then(Value::as_array).unwrap_or_default();
            for at in 0..values.len().max(siblings.len()) {
                push(values.get(at), siblings.get(at), type_, out);
            }
        }
        (None, Some(Value::Array(siblings))) => {
            siblings.iter().for_each(|sibling| push(None, Some(sibling), type_, out));
        }
        (value, sibling) => push(value, sibling, type_, out),
    }
}

fn sibling_name(name: &str) -> Cow<'static, str> {
    Cow::Owned(format!("_{name}"))
}

fn push<'a>(
    value: Option<&'a Value>,
    sibling: Option<&'a Value>,
    type_: Option<&'static TypeDef>,
    out: &mut Collection<'a>,
) {
    let value = value.filter(|v| **v != Value::Null);
    let sibling = sibling.filter(|s| **s != Value::Null);
    if value.is_none() && sibling.is_none() {
        return;
    }
    // The type of a resource inside another is its own, not the declared `Resource`; none when it is unknown.
    let declared_resource = type_.is_none_or(|t| t.kind == Kind::Resource);
    let type_ = match value {
        Some(value) if declared_resource && value.get("resourceType").is_some() => resource_type(value),
        _ => type_,
    };
    out.push(Item::Node(Node { value, sibling, type_ }));
}
