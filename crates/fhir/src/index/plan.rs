//! Compiling the search parameters of each resource type.

use super::walk::{Leaf, Walk};
use crate::definitions::{SearchKind, SearchParameter, definitions};
use crate::fhirpath::{Context, Expr, Expression, Function, Item, Operator, Step, TypeStep, compile};
use crate::json::{Text, Value};
use std::collections::HashMap;

/// What is extracted from one resource type.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) rules: Vec<Rule>,
    pub(super) is_patient: bool,
}

/// One search parameter on one resource type.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) param: u16,
    pub(super) kind: SearchKind,
    /// Whether its references put the resource into a patient's compartment.
    pub(super) compartment: bool,
    pub(super) sources: Vec<Source>,
}

/// One branch of a parameter's expression.
#[derive(Debug)]
pub(super) enum Source {
    Walk(Walk),
    Engine(Expression),
}

/// Every resource type with its rules.
pub(super) fn plans() -> HashMap<&'static str, Plan> {
    let mut branches: HashMap<u16, Vec<Expr>> = HashMap::new();
    let resource_types = definitions().resource_types();
    resource_types.map(|type_| (type_, plan(type_, &mut branches))).collect()
}

fn plan(type_: &'static str, branches: &mut HashMap<u16, Vec<Expr>>) -> Plan {
    let compartment = definitions().compartment_params("Patient", type_);
    let parameters = definitions().search_parameters(type_).filter(|p| is_extracted(p));
    let rules = parameters.map(|parameter| {
        let all = branches.entry(parameter.id).or_insert_with(|| split(parameter.expression));
        let own = all.iter().filter(|branch| applies(branch, type_));
        Rule {
            param: parameter.id,
            kind: parameter.kind,
            compartment: parameter.kind == SearchKind::Reference && compartment.contains(&parameter.code),
            sources: own.map(|branch| source(branch, type_)).collect(),
        }
    });
    Plan { rules: rules.filter(|rule| !rule.sources.is_empty()).collect(), is_patient: type_ == "Patient" }
}

/// Whether a parameter has entries of its own.
pub(super) fn is_extracted(parameter: &SearchParameter) -> bool {
    !parameter.expression.is_empty() && !matches!(parameter.kind, SearchKind::Composite | SearchKind::Special)
}

/// The branches of an expression's top-level unions; none when it does not compile (a test sees to that).
fn split(expression: &str) -> Vec<Expr> {
    fn flatten(tree: Expr, out: &mut Vec<Expr>) {
        match tree {
            Expr::Binary(Operator::Union, left, right) => {
                flatten(*left, out);
                flatten(*right, out);
            }
            other => out.push(other),
        }
    }
    let mut out = Vec::new();
    if let Ok(expression) = compile(expression) {
        flatten(filtering(expression.tree().clone()), &mut out);
    }
    out.into_iter().map(valued).collect()
}

/// A branch that ends in an extension means the extension's value.
pub(super) fn valued(branch: Expr) -> Expr {
    match branch {
        Expr::Path(head, mut steps) => {
            if let Some(Step::Call(Function::Extension, _)) = steps.last() {
                steps.push(Step::Member(Text::const_new("value")));
            }
            Expr::Path(head, steps)
        }
        other => other,
    }
}

/// Published expressions say `as` on collections and mean `ofType`, which FHIRPath keeps apart.
pub(super) fn filtering(tree: Expr) -> Expr {
    let boxed = |tree: Box<Expr>| Box::new(filtering(*tree));
    match tree {
        Expr::As(operand, name) => Expr::Path(boxed(operand), vec![Step::Type(TypeStep::OfType, name)]),
        Expr::Binary(operator, left, right) => Expr::Binary(operator, boxed(left), boxed(right)),
        Expr::Sign(minus, operand) => Expr::Sign(minus, boxed(operand)),
        Expr::Is(operand, name) => Expr::Is(boxed(operand), name),
        Expr::Path(head, steps) => Expr::Path(boxed(head), steps.into_iter().map(filtering_step).collect()),
        Expr::Step(step) => Expr::Step(Box::new(filtering_step(*step))),
        other => other,
    }
}

fn filtering_step(step: Step) -> Step {
    match step {
        Step::Type(TypeStep::As, name) => Step::Type(TypeStep::OfType, name),
        Step::Call(function, arguments) => {
            Step::Call(function, arguments.into_iter().map(filtering).collect())
        }
        other => other,
    }
}

/// Whether a branch begins with a type that the resource type is, or with none.
fn applies(branch: &Expr, type_: &str) -> bool {
    match branch {
        Expr::Step(step) => match step.as_ref() {
            Step::Member(name) if name.starts_with(|c: char| c.is_ascii_uppercase()) => {
                definitions().is_a(type_, name)
            }
            _ => true,
        },
        Expr::Path(head, _) => applies(head, type_),
        Expr::Binary(_, left, right) => applies(left, type_) && applies(right, type_),
        _ => true,
    }
}

fn source(branch: &Expr, type_: &'static str) -> Source {
    let walk = definitions().type_(type_).and_then(|type_| Walk::compile(branch, type_));
    walk.map_or_else(|| Source::Engine(Expression::of_tree(branch.clone())), Source::Walk)
}

impl Rule {
    /// Calls back with every value that the parameter finds in a resource.
    pub(super) fn leaves<'a>(&self, resource: &'a Value, found: &mut dyn FnMut(Leaf<'a>)) {
        for source in &self.sources {
            match source {
                Source::Walk(walk) => walk.leaves(resource, found),
                Source::Engine(expression) => evaluate(expression, resource, found),
            }
        }
    }
}

/// The values that an expression finds. One that fails on a document finds nothing in it.
pub(super) fn evaluate<'a>(expression: &Expression, resource: &'a Value, found: &mut dyn FnMut(Leaf<'a>)) {
    let context = Context::new().with_typed_references();
    for item in expression.evaluate(&context, resource).unwrap_or_default() {
        match item {
            Item::Node(node) => {
                if let Some((value, type_)) = node.value.zip(node.type_) {
                    found(Leaf { value, type_: type_.name, implied_system: None });
                }
            }
            Item::Boolean(truth) => {
                let value = if truth { &Value::Bool(true) } else { &Value::Bool(false) };
                found(Leaf { value, type_: "boolean", implied_system: None });
            }
            _ => {}
        }
    }
}
