//! Type names against items: FHIR types by the definitions, System types by kind.

use super::ast::TypeName;
use super::error::Error;
use super::item::{Item, Node};
use crate::definitions::{Kind, TypeDef, definitions};

const SYSTEM: [&str; 8] = ["Boolean", "Integer", "Decimal", "String", "Date", "DateTime", "Time", "Quantity"];

/// What a type name may mean; an unqualified one may mean a FHIR type and a System type.
#[derive(Clone, Copy, Debug)]
pub(super) struct Type {
    pub(super) fhir: Option<&'static TypeDef>,
    system: Option<&'static str>,
}

/// Looks a name up. An unknown name is an error, except in the System namespace, where it matches nothing.
pub(super) fn resolve(name: &TypeName) -> Result<Type, Error> {
    let namespace = name.namespace.as_deref();
    let fhir = definitions().type_(&name.name).filter(|_| namespace != Some("System"));
    let system = SYSTEM.into_iter().find(|s| *s == name.name).filter(|_| namespace != Some("FHIR"));
    if fhir.is_none() && system.is_none() && namespace != Some("System") {
        return Err(Error::semantic(format!("unknown type {}", name.name)));
    }
    Ok(Type { fhir, system })
}

impl Type {
    /// Whether an item is of the type or of one derived from it.
    pub(super) fn includes(&self, item: &Item<'_>) -> bool {
        match item {
            Item::Node(node) => self.fhir.is_some_and(|type_| node_is(node, type_.name)),
            other => self.system.is_some_and(|name| other.type_info().name == name),
        }
    }

    /// Whether `as` and `ofType` let the item through: a primitive only when its type is that very type.
    pub(super) fn casts(&self, item: &Item<'_>) -> bool {
        match (item, self.fhir) {
            (Item::Node(node), Some(type_)) if type_.kind == Kind::Primitive => {
                node.type_name() == Some(type_.name)
            }
            _ => self.includes(item),
        }
    }
}

/// Whether an element is of the named type or of one derived from it.
pub(super) fn node_is(node: &Node<'_>, name: &str) -> bool {
    node.type_.is_some_and(|type_| type_.name == name || definitions().is_a(type_.name, name))
}
