//! Evaluation of the tree. Every step and every item produced is counted against the context's budget.

use super::ast::{Expr, Operator, Step, TypeName, TypeStep};
use super::context::Context;
use super::error::Error;
use super::functions;
use super::item::{Collection, Item, Node};
use super::operators;
use super::types;
use crate::json::{Text, Value};
use regex::Regex;
use std::borrow::Cow;
use std::collections::HashMap;

/// The longest text an expression may build.
const MAX_TEXT: usize = 1 << 20;

/// One evaluation.
pub(super) struct Evaluator<'c, 'a> {
    pub(super) context: &'c Context<'a>,
    pub(super) root: Node<'a>,
    steps: u64,
    /// What `defineVariable` added, innermost last.
    pub(super) defined: Vec<(Text, Collection<'a>)>,
    /// Regular expressions compiled so far.
    pub(super) patterns: HashMap<String, Regex>,
}

/// What `$this`, `$index` and `$total` are.
#[derive(Clone, Copy)]
pub(super) struct Frame<'f, 'a> {
    pub(super) this: &'f [Item<'a>],
    pub(super) index: Option<usize>,
    pub(super) total: Option<&'f [Item<'a>]>,
}

impl<'f, 'a> Frame<'f, 'a> {
    /// The frame of one item of a collection.
    pub(super) fn of(item: &'f Item<'a>, index: usize) -> Self {
        Self { this: std::slice::from_ref(item), index: Some(index), total: None }
    }
}

impl<'c, 'a> Evaluator<'c, 'a> {
    pub(super) fn new(context: &'c Context<'a>, root: Node<'a>) -> Self {
        Self { context, root, steps: context.steps, defined: Vec::new(), patterns: HashMap::new() }
    }

    /// Counts work; an error when there was too much.
    pub(super) fn spend(&mut self, steps: usize) -> Result<(), Error> {
        self.steps = self.steps.checked_sub(steps as u64 + 1).ok_or(Error::TooCostly)?;
        Ok(())
    }

    /// Evaluates in a scope of its own: variables defined inside are gone afterwards.
    pub(super) fn scoped(&mut self, expr: &Expr, frame: &Frame<'_, 'a>) -> Result<Collection<'a>, Error> {
        let defined = self.defined.len();
        let result = self.expr(expr, frame);
        self.defined.truncate(defined);
        result
    }

    fn expr(&mut self, expr: &Expr, frame: &Frame<'_, 'a>) -> Result<Collection<'a>, Error> {
        self.spend(0)?;
        Ok(match expr {
            Expr::Empty => Vec::new(),
            Expr::Boolean(truth) => vec![Item::Boolean(*truth)],
            Expr::Integer(number) => vec![Item::Integer(*number)],
            Expr::Decimal(number) => vec![Item::Decimal(*number)],
            Expr::String(text) => {
                self.spend(text.len() / 64)?;
                vec![Item::text(text.clone())]
            }
            Expr::Date(date) => vec![Item::Date(Box::new(date.clone()))],
            Expr::DateTime(moment) => vec![Item::DateTime(Box::new(moment.clone()))],
            Expr::Time(time) => vec![Item::Time(Box::new(time.clone()))],
            Expr::Quantity(quantity) => vec![quantity.clone().into()],
            Expr::This => self.copied(frame.this)?,
            Expr::Index => {
                frame.index.and_then(|i| i64::try_from(i).ok()).map(Item::Integer).into_iter().collect()
            }
            Expr::Total => self.copied(frame.total.unwrap_or_default())?,
            Expr::Variable(name) => {
                let value = self.variable(name)?;
                self.check_size(&value)?;
                value
            }
            Expr::Step(step) => self.head(step, frame)?,
            Expr::Path(head, steps) => {
                let mut current = self.expr(head, frame)?;
                for step in steps {
                    self.spend(current.len())?;
                    current = self.step(step, current, frame)?;
                }
                current
            }
            Expr::Sign(minus, operand) => operators::sign(*minus, self.scoped(operand, frame)?)?,
            Expr::Binary(operator, left, right) => self.binary(*operator, left, right, frame)?,
            Expr::Is(operand, name) => {
                let operand = self.scoped(operand, frame)?;
                self.type_step(TypeStep::Is, name, operand)?
            }
            Expr::As(operand, name) => {
                let operand = self.scoped(operand, frame)?;
                self.type_step(TypeStep::As, name, operand)?
            }
        })
    }

    /// A step on the focus itself. A type's name there means the focus when it is of that type.
    fn head(&mut self, step: &Step, frame: &Frame<'_, 'a>) -> Result<Collection<'a>, Error> {
        if let Step::Member(name) = step
            && name.starts_with(|c: char| c.is_ascii_uppercase())
        {
            let named = |item: &&Item<'a>| matches!(item, Item::Node(node) if types::node_is(node, name));
            return Ok(frame.this.iter().filter(named).cloned().collect());
        }
        let input = self.copied(frame.this)?;
        self.step(step, input, frame)
    }

    fn step(
        &mut self,
        step: &Step,
        input: Collection<'a>,
        frame: &Frame<'_, 'a>,
    ) -> Result<Collection<'a>, Error> {
        match step {
            Step::Member(name) => self.member(name, &input),
            Step::Item(index) => {
                let index = self.scoped(index, frame)?;
                let [Item::Integer(at)] = index.as_slice() else {
                    return Err(Error::execution("an index that is not one integer"));
                };
                let at = usize::try_from(*at).ok();
                Ok(at.and_then(|at| input.into_iter().nth(at)).into_iter().collect())
            }
            Step::Type(step, name) => self.type_step(*step, name, input),
            Step::Call(function, arguments) => {
                let result = functions::call(self, *function, arguments, input, frame)?;
                self.check_size(&result)?;
                Ok(result)
            }
        }
    }

    fn member(&mut self, name: &str, input: &[Item<'a>]) -> Result<Collection<'a>, Error> {
        let mut out = Vec::with_capacity(input.len());
        for item in input {
            match item {
                Item::Node(node) => node.member(name, &mut out),
                Item::Type(info) if name == "name" => out.push(Item::text(info.name.to_string())),
                Item::Quantity(quantity) if name == "value" => out.push(Item::Decimal(quantity.value)),
                Item::Quantity(quantity) if name == "unit" => out.push(Item::text(quantity.unit.to_string())),
                Item::Type(info) if name == "namespace" => out.push(Item::text(info.namespace)),
                _ => {}
            }
        }
        self.spend(out.len())?;
        Ok(out)
    }

    fn type_step(
        &self,
        step: TypeStep,
        name: &TypeName,
        input: Collection<'a>,
    ) -> Result<Collection<'a>, Error> {
        let type_ = types::resolve(name)?;
        if step == TypeStep::OfType {
            return Ok(input.into_iter().filter(|item| type_.casts(item)).collect());
        }
        match input.as_slice() {
            [] => Ok(Vec::new()),
            [item] if step == TypeStep::Is => Ok(vec![Item::Boolean(type_.includes(item))]),
            [item] => Ok(if type_.casts(item) { input } else { Vec::new() }),
            _ => Err(Error::execution("a type operator on more than one item")),
        }
    }

    fn binary(
        &mut self,
        operator: Operator,
        left: &Expr,
        right: &Expr,
        frame: &Frame<'_, 'a>,
    ) -> Result<Collection<'a>, Error> {
        let left = self.scoped(left, frame)?;
        if let Some(decided) = operators::decided_early(operator, &left)? {
            return Ok(vec![Item::Boolean(decided)]);
        }
        let right = self.scoped(right, frame)?;
        let cost = match operator {
            Operator::Union | Operator::Equivalent | Operator::NotEquivalent => {
                left.len() * (right.len() + left.len())
            }
            _ => left.len() + right.len(),
        };
        self.spend(cost)?;
        let result = operators::binary(operator, left, right)?;
        self.check_size(&result)?;
        Ok(result)
    }

    /// A copy of items, paid for by its size.
    fn copied(&mut self, items: &[Item<'a>]) -> Result<Collection<'a>, Error> {
        self.check_size(items)?;
        Ok(items.to_vec())
    }

    /// Counts the size of a result, and refuses a text that is too long.
    fn check_size(&mut self, result: &[Item<'a>]) -> Result<(), Error> {
        let mut size = result.len();
        for item in result {
            if let Item::String(Cow::Owned(text)) = item {
                if text.len() > MAX_TEXT {
                    return Err(Error::TooCostly);
                }
                size += text.len() / 64;
            }
        }
        self.spend(size)
    }

    fn variable(&self, name: &str) -> Result<Collection<'a>, Error> {
        let own = self.defined.iter().rev().chain(&self.context.variables).find(|(n, _)| n == name);
        if let Some((_, value)) = own {
            return Ok(value.clone());
        }
        let text = |text: &'static str| Ok(vec![Item::text(text)]);
        match name {
            "context" | "resource" => Ok(vec![Item::Node(self.root)]),
            "rootResource" => Ok(vec![Item::Node(self.context.container.map_or(self.root, Node::resource))]),
            "sct" => text("http://snomed.info/sct"),
            "loinc" => text("http://loinc.org"),
            "ucum" => text("http://unitsofmeasure.org"),
            _ => {
                let url = |kind: &str, id: &str| vec![Item::text(format!("http://hl7.org/fhir/{kind}/{id}"))];
                let known = name.strip_prefix("vs-").map(|id| url("ValueSet", id));
                let known =
                    known.or_else(|| name.strip_prefix("ext-").map(|id| url("StructureDefinition", id)));
                known.ok_or_else(|| Error::execution(format!("unknown variable %{name}")))
            }
        }
    }

    /// Whether an argument holds for one item: a single truth value, empty counting as false.
    pub(super) fn holds(&mut self, expr: &Expr, frame: &Frame<'_, 'a>) -> Result<bool, Error> {
        let result = self.scoped(expr, frame)?;
        Ok(operators::truth(&result)?.unwrap_or(false))
    }

    /// An argument that is one text, or nothing.
    pub(super) fn text(&mut self, expr: &Expr, frame: &Frame<'_, 'a>) -> Result<Option<Cow<'a, str>>, Error> {
        let result = self.scoped(expr, frame)?;
        match result.as_slice() {
            [] => Ok(None),
            [item] => match item.as_text() {
                Some(text) => Ok(Some(text)),
                None => Err(Error::execution(format!("expected a text, found {}", item.type_info().name))),
            },
            _ => Err(Error::execution("expected one text, found several items")),
        }
    }

    /// An argument that is one integer, or nothing.
    pub(super) fn integer(&mut self, expr: &Expr, frame: &Frame<'_, 'a>) -> Result<Option<i64>, Error> {
        let mut result = self.scoped(expr, frame)?;
        match (result.len(), result.pop().map(Item::into_system)) {
            (0, _) => Ok(None),
            (1, Some(Item::Integer(number))) => Ok(Some(number)),
            _ => Err(Error::execution("expected one integer")),
        }
    }

    /// The documents in which `resolve()` may look.
    pub(super) fn documents(&self) -> impl Iterator<Item = &'a Value> + use<'a> {
        self.root.value.into_iter().chain(self.context.container)
    }
}
