//! FHIRPath 2.0 (<https://hl7.org/fhirpath/N1/>) on the lossless document, with the types of the definitions
//! (<https://hl7.org/fhir/R4/fhirpath.html>), and the later functions that the official R4 suite tests.
//!
//! Compile once, evaluate many times. Whatever the text and the document, nothing here panics, overflows the stack
//! or runs without bound; nothing reads a clock or the network: `resolve()` looks only into the resource's own
//! contained resources and the bundle around it.

mod ast;
mod check;
mod context;
mod equality;
mod error;
mod eval;
mod functions;
mod item;
mod lexer;
mod navigate;
mod operators;
mod parser;
mod quantity;
mod types;
mod ucum;

pub use context::Context;
pub use error::Error;
pub use item::{Collection, Item, Node, TypeInfo};
pub use quantity::Quantity;

pub(crate) use ast::{Expr, Operator, Step, TypeName, TypeStep};
pub(crate) use functions::Function;

use crate::definitions::TypeDef;
use crate::json::Value;

/// A compiled expression.
#[derive(Clone, Debug)]
pub struct Expression {
    text: String,
    tree: Expr,
}

/// Reads an expression.
///
/// # Errors
/// [`Error::Syntax`] with the place of the fault.
pub fn compile(text: &str) -> Result<Expression, Error> {
    Ok(Expression { text: text.to_owned(), tree: parser::parse(text)? })
}

impl Expression {
    /// The text it was compiled from.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn tree(&self) -> &Expr {
        &self.tree
    }

    /// An expression of a part of another's tree.
    pub(crate) fn of_tree(tree: Expr) -> Self {
        Self { text: String::new(), tree }
    }

    /// Evaluates on a resource.
    ///
    /// # Errors
    /// [`Error::Execution`] where the expression is not defined on the values it meets, [`Error::Semantic`] for
    /// an unknown type or, in a strict context, an unknown element; [`Error::TooCostly`] beyond the budget.
    pub fn evaluate<'a>(&self, context: &Context<'a>, resource: &'a Value) -> Result<Collection<'a>, Error> {
        self.evaluate_on(context, Node::resource(resource))
    }

    /// Evaluates on an element, which is then also `%resource`.
    ///
    /// # Errors
    /// As [`Expression::evaluate`].
    pub fn evaluate_on<'a>(&self, context: &Context<'a>, node: Node<'a>) -> Result<Collection<'a>, Error> {
        if context.strict
            && let Some(type_) = node.type_
        {
            self.check(type_)?;
        }
        let this = [Item::Node(node)];
        let frame = eval::Frame { this: &this, index: None, total: None };
        eval::Evaluator::new(context, node).scoped(&self.tree, &frame)
    }

    /// Whether the expression names only elements and types that exist, starting from a type.
    ///
    /// # Errors
    /// [`Error::Semantic`] names the element or type that does not.
    pub fn check(&self, type_: &'static TypeDef) -> Result<(), Error> {
        check::check(&self.tree, type_, false)
    }

    /// As [`Expression::check`], and refuses functions that depend on order after `children()` and
    /// `descendants()`, whose order is not defined.
    ///
    /// # Errors
    /// As [`Expression::check`].
    pub fn check_ordered(&self, type_: &'static TypeDef) -> Result<(), Error> {
        check::check(&self.tree, type_, true)
    }
}

#[cfg(test)]
mod tests;
