//! What an evaluation is given from outside: the moment, the container, variables and limits.

use super::item::{Collection, Item, Node};
use crate::json::{Text, Value};
use crate::time::default_zone;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The surroundings of an evaluation.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    pub(super) now: Option<Timestamp>,
    pub(super) zone: TimeZone,
    pub(super) container: Option<&'a Value>,
    pub(super) variables: Vec<(Text, Collection<'a>)>,
    pub(super) strict: bool,
    pub(super) steps: u64,
    pub(super) typed_references: bool,
}

impl Default for Context<'_> {
    fn default() -> Self {
        Self {
            now: None,
            zone: default_zone().clone(),
            container: None,
            variables: Vec::new(),
            strict: false,
            steps: 1_000_000,
            typed_references: false,
        }
    }
}

impl<'a> Context<'a> {
    /// No clock, no variables, a million steps.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The moment that `now()`, `today()` and `timeOfDay()` answer; without it they are errors.
    #[must_use]
    pub fn at(mut self, now: Timestamp) -> Self {
        self.now = Some(now);
        self
    }

    /// The resource that contains the one evaluated: `%rootResource`, and where `resolve()` looks.
    #[must_use]
    pub fn inside(mut self, container: &'a Value) -> Self {
        self.container = Some(container);
        self
    }

    /// Defines `%name`.
    #[must_use]
    pub fn with(mut self, name: &str, value: Collection<'a>) -> Self {
        self.variables.push((Text::new(name), value));
        self
    }

    /// Defines `%name` as an element.
    #[must_use]
    pub fn with_element(self, name: &str, node: Node<'a>) -> Self {
        self.with(name, vec![Item::Node(node)])
    }

    /// Checks the expression against the type of the resource before evaluating.
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// How many steps the evaluation may take.
    #[must_use]
    pub fn limited(mut self, steps: u64) -> Self {
        self.steps = steps;
        self
    }

    /// `resolve()` answers a reference that it cannot follow with an empty resource of the type that the
    /// reference names. Search parameters ask for no more (`resolve() is Patient`).
    #[must_use]
    pub fn with_typed_references(mut self) -> Self {
        self.typed_references = true;
        self
    }
}
