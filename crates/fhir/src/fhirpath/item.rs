//! The items of a collection: elements of the document, and values of FHIRPath's own types.

use super::quantity::Quantity;
use crate::definitions::{Kind as TypeKind, TypeDef};
use crate::json::{Text, Value};
use crate::time::{DateTime, Kind, Time};
use rust_decimal::Decimal;
use std::borrow::Cow;

/// An ordered collection, the only kind of result there is.
pub type Collection<'a> = Vec<Item<'a>>;

/// One item of a collection.
#[derive(Clone, Debug, PartialEq)]
pub enum Item<'a> {
    /// An element of the document.
    Node(Node<'a>),
    /// `System.Boolean`
    Boolean(bool),
    /// `System.Integer`, of 32 bits
    Integer(i64),
    /// `System.Decimal`
    Decimal(Decimal),
    /// `System.String`
    String(Cow<'a, str>),
    /// `System.Date`
    Date(Box<DateTime>),
    /// `System.DateTime`
    DateTime(Box<DateTime>),
    /// `System.Time`
    Time(Box<Time>),
    /// `System.Quantity`
    Quantity(Box<Quantity>),
    /// What `type()` answers.
    Type(Box<TypeInfo>),
}

/// An element of the document with its type.
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    /// The value; absent when only the `_` sibling of a primitive is there.
    pub value: Option<&'a Value>,
    /// The `_` sibling of a primitive, with its id and extensions.
    pub sibling: Option<&'a Value>,
    /// The type, when the definitions know it.
    pub type_: Option<&'static TypeDef>,
}

/// The name of a type with its namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeInfo {
    /// `System` or `FHIR`.
    pub namespace: &'static str,
    /// `Integer`, `Patient`, `Patient.contact`.
    pub name: Text,
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        let type_name = |node: &Self| node.type_.map(|t| t.name);
        self.value == other.value && self.sibling == other.sibling && type_name(self) == type_name(other)
    }
}

impl<'a> Node<'a> {
    /// The name of the type.
    #[must_use]
    pub fn type_name(&self) -> Option<&'static str> {
        self.type_.map(|t| t.name)
    }

    /// The text, when the value is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&'a str> {
        self.value?.as_str()
    }

    /// Whether it is a single value rather than a group of elements.
    #[must_use]
    pub fn is_primitive(&self) -> bool {
        match self.type_ {
            Some(type_) => type_.kind == TypeKind::Primitive,
            None => !matches!(self.value, Some(Value::Object(_))),
        }
    }

    /// The value in FHIRPath's own types: a primitive, or a quantity. `None` for other groups of elements and
    /// for a primitive that has no value.
    #[must_use]
    pub fn system(&self) -> Option<Item<'a>> {
        match self.value? {
            Value::Bool(truth) => Some(Item::Boolean(*truth)),
            Value::Number(number) => {
                let integer = number.as_i64().filter(|_| self.type_name() != Some("decimal"));
                integer.map(Item::Integer).or_else(|| number.as_decimal().map(Item::Decimal))
            }
            Value::String(text) => Some(self.moment(text).unwrap_or(Item::String(Cow::Borrowed(text)))),
            object @ Value::Object(_) if self.is_quantity() => {
                Quantity::of_element(object).map(|q| Item::Quantity(Box::new(q)))
            }
            _ => None,
        }
    }

    fn moment(&self, text: &str) -> Option<Item<'a>> {
        match self.type_name()? {
            "date" => DateTime::parse(Kind::Partial, text).map(|d| Item::Date(Box::new(d))),
            "dateTime" | "instant" => {
                DateTime::parse(Kind::Partial, text).map(|d| Item::DateTime(Box::new(d)))
            }
            "time" => Time::parse_partial(text).map(|t| Item::Time(Box::new(t))),
            _ => None,
        }
    }

    fn is_quantity(&self) -> bool {
        self.type_.is_some_and(|t| t.name == "Quantity" || t.base == Some("Quantity"))
    }
}

impl<'a> Item<'a> {
    pub(super) fn text(text: impl Into<Cow<'a, str>>) -> Self {
        Self::String(text.into())
    }

    /// The item in FHIRPath's own types where it has such a value; itself otherwise.
    #[must_use]
    pub fn into_system(self) -> Self {
        match self {
            Self::Node(node) => node.system().unwrap_or(Self::Node(node)),
            other => other,
        }
    }

    /// The name of a System type; for elements, of their FHIR type.
    #[must_use]
    pub fn type_info(&self) -> TypeInfo {
        let name = match self {
            Self::Node(node) => {
                let name = node.type_name().unwrap_or("Element");
                return TypeInfo { namespace: "FHIR", name: Text::const_new(name) };
            }
            Self::Boolean(_) => "Boolean",
            Self::Integer(_) => "Integer",
            Self::Decimal(_) => "Decimal",
            Self::String(_) => "String",
            Self::Date(_) => "Date",
            Self::DateTime(_) => "DateTime",
            Self::Time(_) => "Time",
            Self::Quantity(_) => "Quantity",
            Self::Type(_) => "TypeInfo",
        };
        TypeInfo { namespace: "System", name: Text::const_new(name) }
    }

    /// The truth value, when it has one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Boolean(truth) => Some(*truth),
            Self::Node(node) => node.value?.as_bool(),
            _ => None,
        }
    }

    /// The text of a string or of an element whose value is a string.
    #[must_use]
    pub fn as_text(&self) -> Option<Cow<'a, str>> {
        match self {
            Self::String(text) => Some(text.clone()),
            Self::Node(node) => node.as_str().map(Cow::Borrowed),
            _ => None,
        }
    }

    /// How FHIRPath writes the value as text; `None` for groups of elements other than quantities.
    #[must_use]
    pub fn written(&self) -> Option<Cow<'a, str>> {
        Some(match self {
            Self::Node(node) => match node.value? {
                Value::String(text) => Cow::Borrowed(text.as_str()),
                Value::Number(number) => Cow::Borrowed(number.as_str()),
                _ => return node.system()?.written(),
            },
            Self::Boolean(truth) => Cow::Borrowed(if *truth { "true" } else { "false" }),
            Self::Integer(number) => Cow::Owned(number.to_string()),
            Self::Decimal(number) => Cow::Owned(number.to_string()),
            Self::String(text) => text.clone(),
            Self::Date(date) | Self::DateTime(date) => Cow::Owned(date.as_str().to_owned()),
            Self::Time(time) => Cow::Owned(time.as_str().to_owned()),
            Self::Quantity(quantity) => Cow::Owned(quantity.to_string()),
            Self::Type(_) => return None,
        })
    }
}

impl From<bool> for Item<'_> {
    fn from(truth: bool) -> Self {
        Self::Boolean(truth)
    }
}

impl<'a> From<Node<'a>> for Item<'a> {
    fn from(node: Node<'a>) -> Self {
        Self::Node(node)
    }
}

impl From<Quantity> for Item<'_> {
    fn from(quantity: Quantity) -> Self {
        Self::Quantity(Box::new(quantity))
    }
}
