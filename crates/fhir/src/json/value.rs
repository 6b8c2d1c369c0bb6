//! The tree: six kinds of value, objects as ordered members.

use super::number::Number;
use compact_str::CompactString;
use rust_decimal::Decimal;

/// Text of the document. Up to 24 bytes are stored in place, which covers element names and most codes.
pub type Text = CompactString;

/// One JSON value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Value {
    /// `null`, which FHIR allows only inside arrays of primitives.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number with the digits it was written with.
    Number(Number),
    /// A string.
    String(Text),
    /// An array.
    Array(Vec<Value>),
    /// An object.
    Object(Object),
}

/// Members in the order they were written; names are unique.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Object(Vec<(Text, Value)>);

impl Object {
    /// An empty object.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// An object of the given members. A later member of the same name replaces an earlier one.
    pub fn of<N: Into<Text>>(members: impl IntoIterator<Item = (N, Value)>) -> Self {
        let mut object = Self::new();
        for (name, value) in members {
            object.insert(name, value);
        }
        object
    }

    /// Wraps members whose names the parser has already found unique.
    pub(super) fn from_unique(members: Vec<(Text, Value)>) -> Self {
        Self(members)
    }

    /// The member of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, v)| v)
    }

    /// The member of that name, to change it.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        self.0.iter_mut().find(|(n, _)| n == name).map(|(_, v)| v)
    }

    /// Sets a member: in its place when it exists, otherwise at the end. Returns the value it replaced.
    pub fn insert(&mut self, name: impl Into<Text>, value: Value) -> Option<Value> {
        let name = name.into();
        match self.get_mut(&name) {
            Some(slot) => Some(std::mem::replace(slot, value)),
            None => {
                self.0.push((name, value));
                None
            }
        }
    }

    /// Removes a member and returns its value.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let at = self.0.iter().position(|(n, _)| n == name)?;
        Some(self.0.remove(at).1)
    }

    /// The members in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(n, v)| (n.as_str(), v))
    }

    /// The members in order, values open to change.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut Value)> {
        self.0.iter_mut().map(|(n, v)| (n.as_str(), v))
    }

    /// How many members there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no member.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Value {
    /// An object of the given members; see [`Object::of`].
    pub fn object<N: Into<Text>>(members: impl IntoIterator<Item = (N, Value)>) -> Self {
        Self::Object(Object::of(members))
    }

    /// The member of that name, when this is an object that has it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.as_object()?.get(name)
    }

    /// Follows member names downwards; at an array the first item is taken.
    #[must_use]
    pub fn at(&self, path: &[&str]) -> Option<&Value> {
        path.iter().try_fold(self, |value, name| match value {
            Value::Array(items) => items.first()?.get(name),
            other => other.get(name),
        })
    }

    /// The text at a path of member names; see [`Value::at`].
    #[must_use]
    pub fn text_at(&self, path: &[&str]) -> Option<&str> {
        match self.at(path)? {
            Value::Array(items) => items.first()?.as_str(),
            other => other.as_str(),
        }
    }

    /// The items of the array member of that name; empty when absent or not an array.
    #[must_use]
    pub fn items(&self, name: &str) -> &[Value] {
        self.get(name).and_then(Value::as_array).unwrap_or_default()
    }

    /// The string, when this is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Value::String(text) = self { Some(text) } else { None }
    }

    /// The truth value, when this is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        if let Value::Bool(truth) = self { Some(*truth) } else { None }
    }

    /// The number, when this is one.
    #[must_use]
    pub fn as_number(&self) -> Option<&Number> {
        if let Value::Number(number) = self { Some(number) } else { None }
    }

    /// The items, when this is an array.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Value]> {
        if let Value::Array(items) = self { Some(items) } else { None }
    }

    /// The object, when this is one.
    #[must_use]
    pub fn as_object(&self) -> Option<&Object> {
        if let Value::Object(object) = self { Some(object) } else { None }
    }

    /// The object, when this is one, to change it.
    pub fn as_object_mut(&mut self) -> Option<&mut Object> {
        if let Value::Object(object) = self { Some(object) } else { None }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::String(Text::new(text))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::String(Text::from(text))
    }
}

impl From<Text> for Value {
    fn from(text: Text) -> Self {
        Value::String(text)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Value::Bool(truth)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Value::Number(number.into())
    }
}

impl From<Decimal> for Value {
    fn from(number: Decimal) -> Self {
        Value::Number(number.into())
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Value::Object(object)
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Self {
        Value::Array(items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn insert_replaces_in_place() {
        let mut object = Object::of([("a", Value::from(1)), ("b", Value::from(2))]);
        assert_eq!(object.insert("a", Value::from(3)), Some(Value::from(1)));
        assert_eq!(object.iter().map(|(n, _)| n).collect::<Vec<_>>(), ["a", "b"]);
    }

    #[test]
    fn walks_down_through_first_items() {
        let name = Value::object([("family", Value::from("Okoro"))]);
        let patient = Value::object([("name", Value::Array(vec![name]))]);
        assert_eq!(patient.text_at(&["name", "family"]), Some("Okoro"));
        assert_eq!(patient.text_at(&["name", "given"]), None);
    }
}
