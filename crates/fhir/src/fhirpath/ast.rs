//! The tree of an expression. Paths are flat lists of steps, so that a long path is not a deep tree.

use super::functions::Function;
use super::quantity::Quantity;
use crate::json::Text;
use crate::time::{DateTime, Time};
use rust_decimal::Decimal;

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expr {
    /// `{}`
    Empty,
    Boolean(bool),
    Integer(i64),
    Decimal(Decimal),
    String(String),
    Date(DateTime),
    DateTime(DateTime),
    Time(Time),
    Quantity(Quantity),
    /// `$this`
    This,
    /// `$index`
    Index,
    /// `$total`
    Total,
    /// `%name`
    Variable(Text),
    /// A member or a call on the focus.
    Step(Box<Step>),
    /// Steps one after another.
    Path(Box<Expr>, Vec<Step>),
    /// `-x` when true, `+x` otherwise.
    Sign(bool, Box<Expr>),
    Binary(Operator, Box<Expr>, Box<Expr>),
    /// `x is T`
    Is(Box<Expr>, TypeName),
    /// `x as T`
    As(Box<Expr>, TypeName),
}

/// What may follow a dot, and the indexer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    Member(Text),
    /// `[x]`
    Item(Expr),
    Call(Function, Vec<Expr>),
    /// `is(T)`, `as(T)`, `ofType(T)`
    Type(TypeStep, TypeName),
}

/// The functions whose argument is a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TypeStep {
    Is,
    As,
    OfType,
}

/// `Patient`, `FHIR.Patient`, `System.String`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TypeName {
    pub(crate) namespace: Option<Text>,
    pub(crate) name: Text,
}

/// The binary operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Multiply,
    Divide,
    Div,
    Mod,
    Add,
    Subtract,
    Concatenate,
    Union,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
    Equivalent,
    NotEquivalent,
    In,
    Contains,
    And,
    Or,
    Xor,
    Implies,
}
