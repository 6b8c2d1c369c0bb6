//! Plain member paths as walkers over the document: no collections, no types at run time.

use crate::definitions::{Strength, TypeDef, definitions};
use crate::fhirpath::{Expr, Function, Operator, Step, TypeName, TypeStep};
use crate::json::{Object, Text, Value};
use crate::reference::{self, Target};

/// A value that a parameter found, with its type.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leaf<'a> {
    pub(super) value: &'a Value,
    pub(super) type_: &'static str,
    /// The code system of a code whose binding requires exactly one.
    pub(super) implied_system: Option<&'static str>,
}

/// A path from a resource to its values.
#[derive(Debug)]
pub(super) struct Walk {
    hops: Vec<Hop>,
    /// The type of the values, when the last hop is no choice.
    type_: &'static str,
    implied_system: Option<&'static str>,
}

/// One step of a path.
#[derive(Debug)]
enum Hop {
    /// A member; its array is walked item by item.
    Member(Text),
    /// A choice: JSON members with the types of their values.
    Choice(Vec<(Text, &'static str)>),
    /// One item of an array member.
    Item(Text, usize),
    /// Only values whose member has that text.
    Equals(Text, Text),
    /// Only references to that type.
    Targets(&'static str),
}

impl Walk {
    /// The walker of an expression on a resource type; `None` when only the engine can evaluate it.
    pub(super) fn compile(expression: &Expr, type_: &'static TypeDef) -> Option<Self> {
        let (head, steps) = match expression {
            Expr::Path(head, steps) => (head.as_ref(), steps.as_slice()),
            other => (other, [].as_slice()),
        };
        let mut path = match head {
            Expr::Path(..) => Path::of(Self::compile(head, type_)?, type_)?,
            Expr::Step(step) => match step.as_ref() {
                Step::Member(name) if definitions().is_a(type_.name, name) => Path::at(type_),
                step => {
                    let mut path = Path::at(type_);
                    path.add(step)?;
                    path
                }
            },
            _ => return None,
        };
        for step in steps {
            path.add(step)?;
        }
        Some(Self { hops: path.hops, type_: path.types.first()?.name, implied_system: path.implied_system })
    }

    /// Calls back with every value at the end of the path.
    pub(super) fn leaves<'a>(&self, resource: &'a Value, found: &mut dyn FnMut(Leaf<'a>)) {
        let mut visit = Visit { walk: self, resource, found };
        visit.follow(resource, &self.hops);
    }
}

/// One walk over one resource.
struct Visit<'w, 'a> {
    walk: &'w Walk,
    resource: &'a Value,
    found: &'w mut dyn FnMut(Leaf<'a>),
}

impl<'a> Visit<'_, 'a> {
    fn follow(&mut self, value: &'a Value, hops: &[Hop]) {
        let Some((hop, rest)) = hops.split_first() else { return self.leaf(value, self.walk.type_) };
        let Value::Object(object) = value else { return };
        match hop {
            Hop::Member(name) => items(object, name).iter().for_each(|item| self.follow(item, rest)),
            Hop::Choice(options) => {
                for (name, type_) in options {
                    for item in items(object, name) {
                        if rest.is_empty() { self.leaf(item, type_) } else { self.follow(item, rest) }
                    }
                }
            }
            Hop::Item(name, at) => {
                if let Some(item) = items(object, name).get(*at) {
                    self.follow(item, rest);
                }
            }
            Hop::Equals(name, text) => {
                if object.get(name).and_then(Value::as_str) == Some(text) {
                    self.follow(value, rest);
                }
            }
            Hop::Targets(wanted) => {
                if target_type(object, self.resource).is_some_and(|t| definitions().is_a(t, wanted)) {
                    self.follow(value, rest);
                }
            }
        }
    }

    fn leaf(&mut self, value: &'a Value, type_: &'static str) {
        if *value != Value::Null {
            (self.found)(Leaf { value, type_, implied_system: self.walk.implied_system });
        }
    }
}

/// The items of a member, one when it is no array.
fn items<'a>(object: &'a Object, name: &str) -> &'a [Value] {
    match object.get(name) {
        Some(Value::Array(items)) => items,
        Some(value) => std::slice::from_ref(value),
        None => &[],
    }
}

/// The type that a reference points at, by the contained resource, its text, or its `type`.
fn target_type<'a>(reference: &'a Object, resource: &'a Value) -> Option<&'a str> {
    let text = reference.get("reference").and_then(Value::as_str).unwrap_or_default();
    let found = match reference::parse(text) {
        Target::Contained("") => resource.get("resourceType"),
        Target::Contained(id) => {
            let contained = resource.items("contained").iter();
            contained.filter(|c| c.text_at(&["id"]) == Some(id)).find_map(|c| c.get("resourceType"))
        }
        Target::Resource { type_, .. } => return Some(type_),
        Target::Other(_) => None,
    };
    found.or_else(|| reference.get("type")).and_then(Value::as_str)
}

/// A walker under construction.
struct Path {
    hops: Vec<Hop>,
    /// The types at the end; several after a choice.
    types: Vec<&'static TypeDef>,
    implied_system: Option<&'static str>,
}

impl Path {
    fn at(type_: &'static TypeDef) -> Self {
        Self { hops: Vec::new(), types: vec![type_], implied_system: None }
    }

    /// Continues a finished walker.
    fn of(walk: Walk, root: &'static TypeDef) -> Option<Self> {
        let types = match walk.hops.last() {
            None => vec![root],
            Some(Hop::Choice(options)) => {
                options.iter().filter_map(|(_, t)| definitions().type_(t)).collect()
            }
            Some(_) => vec![definitions().type_(walk.type_)?],
        };
        Some(Self { hops: walk.hops, types, implied_system: walk.implied_system })
    }

    fn add(&mut self, step: &Step) -> Option<()> {
        match step {
            Step::Member(name) => self.member(name),
            Step::Item(Expr::Integer(at)) => self.item(usize::try_from(*at).ok()?),
            Step::Type(TypeStep::As | TypeStep::OfType, name) => self.cast(name),
            Step::Call(Function::Where, arguments) => self.filter(arguments.first()?),
            Step::Call(Function::Extension, arguments) => {
                let Expr::String(url) = arguments.first()? else { return None };
                self.member(&Text::const_new("extension"))?;
                self.hops.push(Hop::Equals(Text::const_new("url"), Text::new(url)));
                Some(())
            }
            _ => None,
        }
    }

    fn member(&mut self, name: &Text) -> Option<()> {
        let [type_] = self.types.as_slice() else { return None };
        // The type of a resource inside another is known only in the document.
        if type_.abstract_ {
            return None;
        }
        let element = type_.element(name).filter(|e| e.stem() == name)?;
        self.implied_system = None;
        if element.choice {
            let members = type_
                .members()
                .iter()
                .filter(|m| type_.element_at(m).is_some_and(|e| e.name == element.name));
            let options: Vec<_> =
                members.filter_map(|m| Some((Text::new(&m.name), definitions().type_at(m.type_)?))).collect();
            self.types = options.iter().map(|(_, type_)| *type_).collect();
            self.hops
                .push(Hop::Choice(options.into_iter().map(|(name, type_)| (name, type_.name)).collect()));
            return Some(());
        }
        let type_ = definitions().type_at(type_.member(name)?.type_)?;
        if let (Some(binding), "code") = (element.binding, type_.name)
            && binding.strength == Strength::Required
        {
            self.implied_system = only_system(binding.value_set);
        }
        self.types = vec![type_];
        self.hops.push(Hop::Member(name.clone()));
        Some(())
    }

    /// An index counts over the whole collection, so only the first hop can take it.
    fn item(&mut self, at: usize) -> Option<()> {
        let [Hop::Member(name)] = self.hops.as_slice() else { return None };
        self.hops = vec![Hop::Item(name.clone(), at)];
        Some(())
    }

    fn cast(&mut self, name: &TypeName) -> Option<()> {
        let wanted = definitions().type_(&name.name)?;
        match self.hops.last_mut() {
            Some(Hop::Choice(options)) => options.retain(|(_, type_)| *type_ == wanted.name),
            _ if self.types.iter().all(|t| t.name == wanted.name) => {}
            _ => return None,
        }
        self.types = vec![wanted];
        Some(())
    }

    fn filter(&mut self, criterion: &Expr) -> Option<()> {
        let hop = match criterion {
            Expr::Binary(Operator::Equal, left, right) => match (left.as_ref(), right.as_ref()) {
                (Expr::Step(step), Expr::String(text)) => match step.as_ref() {
                    Step::Member(name) => Hop::Equals(name.clone(), Text::new(text)),
                    _ => return None,
                },
                _ => return None,
            },
            Expr::Is(operand, name) => match operand.as_ref() {
                Expr::Step(step) if matches!(step.as_ref(), Step::Call(Function::Resolve, _)) => {
                    Hop::Targets(definitions().type_(&name.name)?.name)
                }
                _ => return None,
            },
            _ => return None,
        };
        if self.types.len() != 1 {
            return None;
        }
        self.hops.push(hop);
        Some(())
    }
}

/// The code system of a value set that has exactly one.
fn only_system(value_set: &str) -> Option<&'static str> {
    let mut systems = definitions().value_set_codes(value_set)?.iter().map(|(system, _)| system);
    let first = systems.next()?;
    systems.all(|system| system == first).then_some(first)
}
