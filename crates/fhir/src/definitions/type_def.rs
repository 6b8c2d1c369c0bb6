//! One type: its elements, inherited ones included, and its JSON members.

use super::element::{ElementDef, Invariant};

/// The place of a type in the table.
pub type TypeIndex = u16;

/// What sort of type it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A resource.
    Resource,
    /// A data type of several elements, or a backbone element.
    Complex,
    /// A single value.
    Primitive,
}

/// A type of the standard.
#[derive(Clone, Debug)]
pub struct TypeDef {
    /// Its name; a backbone element has its path: `Patient.contact`.
    pub name: &'static str,
    /// What sort it is.
    pub kind: Kind,
    /// The type it specialises.
    pub base: Option<&'static str>,
    /// Whether no document can be of this very type.
    pub abstract_: bool,
    /// Rules stated on the type itself; those of its ancestors hold too.
    pub invariants: Vec<Invariant>,
    pub(super) elements: Vec<ElementDef>,
    pub(super) members: Vec<Member>,
    /// Bit n is set when element n must stand at least once.
    pub(crate) required: u128,
}

/// A name that may stand in a JSON object of a type.
#[derive(Clone, Debug)]
pub struct Member {
    /// The JSON name: `valueQuantity`.
    pub name: String,
    /// The concrete type of its values.
    pub type_: TypeIndex,
    /// Its element: the place in [`TypeDef::elements`].
    pub element: u16,
}

impl TypeDef {
    /// The elements in the order of the standard, inherited ones first.
    #[must_use]
    pub fn elements(&self) -> &[ElementDef] {
        &self.elements
    }

    /// The JSON members, in alphabetical order.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// The JSON member of that name (without the underscore of a primitive's sibling).
    #[must_use]
    pub fn member(&self, name: &str) -> Option<&Member> {
        let at = self.members.binary_search_by(|m| m.name.as_str().cmp(name)).ok()?;
        self.members.get(at)
    }

    /// The element that a member of this type belongs to.
    #[must_use]
    pub fn element_at(&self, member: &Member) -> Option<&ElementDef> {
        self.elements.get(usize::from(member.element))
    }

    /// An element by name (`value`, `value[x]`) or by JSON member (`valueQuantity`).
    #[must_use]
    pub fn element(&self, name: &str) -> Option<&ElementDef> {
        match self.member(name) {
            Some(member) => self.element_at(member),
            None => self.elements.iter().find(|e| e.name == name || e.stem() == name),
        }
    }
}
