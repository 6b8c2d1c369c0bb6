//! The walk over a document beside its definitions.

use super::place::Place;
use super::{MAX_DEPTH, MAX_ISSUES, binding, primitive, reference};
use crate::definitions::{Definitions, ElementDef, Kind, TypeDef, definitions};
use crate::issue::{Issue, IssueCode};
use crate::json::{Object, Text, Value};

/// The faults of a value that should be of a type.
pub(super) fn validate(value: &Value, type_: &'static TypeDef) -> Vec<Issue> {
    let mut walk =
        Walk { definitions: definitions(), issues: Vec::new(), depth: 0, contained: false, ids: None };
    let root = value.get("resourceType").and_then(Value::as_str);
    let known = root.and_then(|name| walk.definitions.type_(name)).filter(|t| t.kind == Kind::Resource);
    let place = Place::root(known.unwrap_or(type_).name);
    walk.value(type_, value, &place);
    walk.issues
}

struct Walk {
    definitions: &'static Definitions,
    issues: Vec<Issue>,
    depth: usize,
    /// Whether the walk is inside a contained resource, which must not contain another.
    contained: bool,
    /// The ids of what the resource around the walk contains; `None` outside any resource.
    ids: Option<Vec<Text>>,
}

/// A JSON member with what the definitions say about it.
#[derive(Clone, Copy)]
struct Slot<'a> {
    name: &'a str,
    element: &'static ElementDef,
    concrete: &'static TypeDef,
    object: &'a Object,
}

impl Walk {
    fn report(&mut self, code: IssueCode, diagnostics: String, place: &Place) {
        if self.issues.len() == MAX_ISSUES {
            let cut = format!("only the first {MAX_ISSUES} faults are listed");
            self.issues.push(Issue::information(cut));
        } else if self.issues.len() < MAX_ISSUES {
            self.issues.push(Issue::error(code, diagnostics).at(place.to_string()));
        }
    }

    fn full(&self) -> bool {
        self.issues.len() > MAX_ISSUES
    }

    /// A value that is not a primitive.
    fn value(&mut self, type_: &'static TypeDef, value: &Value, place: &Place) {
        let Value::Object(object) = value else {
            let diagnostics = format!("must be a JSON object of type {}", type_.name);
            return self.report(IssueCode::Structure, diagnostics, place);
        };
        if self.depth >= MAX_DEPTH {
            return self.report(IssueCode::TooLong, format!("nested deeper than {MAX_DEPTH} levels"), place);
        }
        self.depth += 1;
        match type_.kind {
            Kind::Resource => self.resource(type_, object, place),
            _ => self.object(type_, object, place),
        }
        self.depth -= 1;
    }

    fn resource(&mut self, expected: &'static TypeDef, object: &Object, place: &Place) {
        let Some(name) = object.get("resourceType").and_then(Value::as_str) else {
            return self.report(IssueCode::Required, "resourceType is missing".into(), place);
        };
        let actual = self.definitions.type_(name).filter(|t| t.kind == Kind::Resource && !t.abstract_);
        let Some(actual) = actual else {
            let diagnostics = "resourceType names no resource of R4".into();
            return self.report(IssueCode::NotSupported, diagnostics, place);
        };
        if !self.definitions.is_a(actual.name, expected.name) {
            let diagnostics = format!("expected a {}, found a {}", expected.name, actual.name);
            return self.report(IssueCode::Invalid, diagnostics, place);
        }
        if self.contained {
            return self.object(actual, object, place);
        }
        let outer = self.ids.replace(contained_ids(object));
        self.object(actual, object, place);
        self.ids = outer;
    }

    fn object(&mut self, type_: &'static TypeDef, object: &Object, place: &Place) {
        if object.is_empty() {
            return self.report(IssueCode::Structure, "an object must not be empty".into(), place);
        }
        let mut seen = 0_u128;
        let mut choices: Vec<(u16, &str)> = Vec::new();
        for (name, value) in object.iter() {
            if self.full() {
                return;
            }
            let bare = name.strip_prefix('_').unwrap_or(name);
            let sibling = bare.len() != name.len();
            if name == "resourceType" && type_.kind == Kind::Resource {
                continue;
            }
            let found = type_.member(bare).and_then(|m| {
                let concrete = self.definitions.type_at(m.type_)?;
                Some((m, type_.element_at(m)?, concrete))
            });
            let found = found.filter(|(.., concrete)| !sibling || concrete.kind == Kind::Primitive);
            let Some((member, element, concrete)) = found else {
                self.unknown(type_, name, place);
                continue;
            };
            seen |= 1_u128.checked_shl(u32::from(member.element)).unwrap_or(0);
            if element.choice {
                if choices.iter().any(|(e, n)| *e == member.element && *n != bare) {
                    let diagnostics = format!("only one type of {} may be given", element.name);
                    self.report(IssueCode::Structure, diagnostics, &place.element(element.stem()));
                }
                choices.push((member.element, bare));
            }
            let slot = Slot { name: bare, element, concrete, object };
            let at = place.element(element.stem());
            if sibling { self.sibling(slot, value, &at) } else { self.member(slot, value, &at) }
        }
        self.missing(type_, seen, place);
        self.whole(type_, object, !choices.is_empty(), place);
    }

    /// Rules on an object as a whole: every element has content, an extension has a value or parts, not both.
    fn whole(&mut self, type_: &TypeDef, object: &Object, has_value: bool, place: &Place) {
        if type_.kind == Kind::Complex && object.len() == 1 && object.get("id").is_some() {
            self.report(IssueCode::Structure, "an element must have more than an id".into(), place);
        }
        if type_.name == "Extension" && has_value == object.get("extension").is_some() {
            let diagnostics = "an extension has either a value or extensions".into();
            self.report(IssueCode::Structure, diagnostics, place);
        }
    }

    fn unknown(&mut self, type_: &TypeDef, name: &str, place: &Place) {
        // A name is repeated only when it looks like one: anything may stand in an unknown member's place.
        let plain = name.len() <= 64 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        let shown = if plain { format!("\"{name}\"") } else { "of that name".to_owned() };
        self.report(IssueCode::Structure, format!("{} has no element {shown}", type_.name), place);
    }

    fn missing(&mut self, type_: &'static TypeDef, seen: u128, place: &Place) {
        let missing = type_.required & !seen;
        if missing == 0 {
            return;
        }
        for (index, element) in (0_u32..).zip(type_.elements()) {
            if missing.checked_shr(index).is_some_and(|bits| bits & 1 == 1) {
                let diagnostics = format!("{} is required", element.name);
                self.report(IssueCode::Required, diagnostics, &place.element(element.stem()));
            }
        }
    }

    /// A member without an underscore.
    fn member(&mut self, slot: Slot, value: &Value, place: &Place) {
        if !slot.element.is_list() {
            return match value {
                Value::Array(_) => self.report(IssueCode::Structure, "must not be an array".into(), place),
                single => self.single(slot, single, place),
            };
        }
        let Value::Array(items) = value else {
            return self.report(IssueCode::Structure, "must be an array".into(), place);
        };
        self.count(slot.element, items.len(), place);
        // Looked up once: a list may hold a million gaps and the object a million names.
        let gaps = slot.concrete.kind == Kind::Primitive && items.contains(&Value::Null);
        let siblings = if gaps { slot.object.get(&format!("_{}", slot.name)) } else { None };
        let siblings = siblings.and_then(Value::as_array).unwrap_or_default();
        for (index, item) in items.iter().enumerate() {
            if self.full() {
                return;
            }
            let at = place.item(index);
            if *item != Value::Null || !gaps {
                self.single(slot, item, &at);
            } else if siblings.get(index).is_none_or(|s| *s == Value::Null) {
                let diagnostics = "null without an extension in its place".into();
                self.report(IssueCode::Structure, diagnostics, &at);
            }
        }
    }

    fn count(&mut self, element: &ElementDef, count: usize, place: &Place) {
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        if count == 0 {
            self.report(IssueCode::Structure, "an array must not be empty".into(), place);
        } else if count < element.min {
            let diagnostics = format!("at least {} are required", element.min);
            self.report(IssueCode::Required, diagnostics, place);
        } else if element.max.is_some_and(|max| count > max) {
            self.report(IssueCode::Structure, "too many repetitions".into(), place);
        }
    }

    /// One value of an element.
    fn single(&mut self, slot: Slot, value: &Value, place: &Place) {
        let Slot { element, concrete, .. } = slot;
        if concrete.kind == Kind::Primitive {
            if let Some(fault) = primitive::fault(concrete.name, value) {
                let diagnostics = format!("{} {fault}", element.stem());
                return self.report(IssueCode::Value, diagnostics, place);
            }
        } else {
            let outer = self.contained;
            if element.path == "DomainResource.contained" {
                if outer {
                    let diagnostics = "a contained resource must not contain another".into();
                    self.report(IssueCode::Structure, diagnostics, place);
                }
                self.contained = true;
            } else if concrete.name == "Resource" {
                self.contained = false;
            }
            self.value(concrete, value, place);
            self.contained = outer;
        }
        if concrete.name == "Reference" {
            self.reference(element, value, &place.element("reference"));
        }
        if binding::required_codes(element).is_some_and(|codes| !binding::agrees(codes, concrete.name, value))
        {
            let value_set = element.binding.map(|b| b.value_set).unwrap_or_default();
            let diagnostics = format!("the code is not one of {value_set}");
            self.report(IssueCode::CodeInvalid, diagnostics, place);
        }
    }

    fn reference(&mut self, element: &ElementDef, value: &Value, place: &Place) {
        let Some(text) = value.get("reference").and_then(Value::as_str) else { return };
        if let Some(fault) = reference::fault(text) {
            self.report(IssueCode::Value, format!("reference {fault}"), place);
        } else if text.strip_prefix('#').is_some_and(|id| !self.contains(id)) {
            let diagnostics = "reference names a contained resource that is not there".into();
            self.report(IssueCode::NotFound, diagnostics, place);
        } else if reference::is_of_other_type(element, text) && self.issues.len() < MAX_ISSUES {
            let diagnostics = format!("{} does not list resources of this type", element.path);
            self.issues.push(Issue::warning(IssueCode::Value, diagnostics).at(place.to_string()));
        }
    }

    /// Whether the resource around the walk is that, or contains it.
    fn contains(&self, id: &str) -> bool {
        id.is_empty() || self.ids.as_ref().is_none_or(|ids| ids.iter().any(|i| i == id))
    }

    /// A member with an underscore: id and extensions of primitives.
    fn sibling(&mut self, slot: Slot, value: &Value, place: &Place) {
        let partner = slot.object.get(slot.name);
        if !slot.element.is_list() {
            self.value(slot.concrete, value, place);
            if partner.is_none() && value.as_object().is_some_and(|o| o.get("extension").is_none()) {
                self.report(IssueCode::Structure, "neither a value nor an extension".into(), place);
            }
            return;
        }
        let Value::Array(items) = value else {
            return self.report(IssueCode::Structure, "must be an array".into(), place);
        };
        if partner.and_then(Value::as_array).is_some_and(|p| p.len() != items.len()) {
            let diagnostics = format!("{0} and _{0} differ in length", slot.name);
            self.report(IssueCode::Structure, diagnostics, place);
        }
        if items.iter().all(|item| *item == Value::Null) {
            self.report(IssueCode::Structure, "an array must hold more than null".into(), place);
        }
        for (index, item) in items.iter().enumerate().filter(|(_, item)| **item != Value::Null) {
            if self.full() {
                return;
            }
            self.value(slot.concrete, item, &place.item(index));
        }
    }
}

/// The ids of the resources directly contained in one.
fn contained_ids(object: &Object) -> Vec<Text> {
    let contained = object.get("contained").and_then(Value::as_array).unwrap_or_default();
    let ids = contained.iter().filter_map(|r| r.get("id").and_then(Value::as_str));
    ids.map(|id| Text::new(id.trim_start_matches('#'))).collect()
}
