//! Checking an expression against the definitions before any document is seen.
//!
//! Only what is certain is refused: where a type cannot be known, everything is allowed.

use super::ast::{Expr, Step, TypeName, TypeStep};
use super::error::Error;
use super::functions::Function;
use super::types;
use crate::definitions::{Kind, TypeDef, definitions};

/// What is known about the items of an expression.
#[derive(Clone, Debug)]
struct Known {
    /// The types they may have; `None` when anything is possible.
    types: Option<Vec<&'static TypeDef>>,
    ordered: bool,
}

impl Known {
    const ANYTHING: Self = Self { types: None, ordered: true };

    fn of(type_: &'static TypeDef) -> Self {
        // An abstract resource may be any resource.
        let open = type_.abstract_ && type_.kind == Kind::Resource;
        Self { types: (!open).then(|| vec![type_]), ordered: true }
    }
}

/// Checks a tree whose focus has the given type.
pub(super) fn check(tree: &Expr, type_: &'static TypeDef, ordered: bool) -> Result<(), Error> {
    Checker { ordered }.expr(tree, &Known::of(type_)).map(|_| ())
}

struct Checker {
    /// Whether functions that depend on order are refused on collections without one.
    ordered: bool,
}

impl Checker {
    fn expr(&self, expr: &Expr, this: &Known) -> Result<Known, Error> {
        match expr {
            Expr::This => Ok(this.clone()),
            Expr::Step(step) => self.head(step, this),
            Expr::Path(head, steps) => {
                let first = self.expr(head, this)?;
                steps.iter().try_fold(first, |known, step| self.step(step, &known, this))
            }
            Expr::Sign(_, operand) => self.expr(operand, this).map(|_| Known::ANYTHING),
            Expr::Binary(_, left, right) => {
                self.expr(left, this)?;
                self.expr(right, this).map(|_| Known::ANYTHING)
            }
            Expr::Is(operand, name) => {
                self.expr(operand, this)?;
                types::resolve(name).map(|_| Known::ANYTHING)
            }
            Expr::As(operand, name) => {
                self.expr(operand, this)?;
                cast(name)
            }
            _ => Ok(Known::ANYTHING),
        }
    }

    fn head(&self, step: &Step, this: &Known) -> Result<Known, Error> {
        if let (Step::Member(name), Some(types)) = (step, &this.types)
            && name.starts_with(|c: char| c.is_ascii_uppercase())
        {
            if types.iter().any(|t| definitions().is_a(t.name, name)) {
                return Ok(this.clone());
            }
            return Err(unknown(name, types));
        }
        self.step(step, this, this)
    }

    fn step(&self, step: &Step, input: &Known, this: &Known) -> Result<Known, Error> {
        match step {
            Step::Member(name) => member(name, input),
            Step::Item(index) => {
                self.expr(index, this)?;
                self.in_order("[]", input)?;
                Ok(input.clone())
            }
            Step::Type(TypeStep::Is, name) => types::resolve(name).map(|_| Known::ANYTHING),
            // An unknown name may still be reached only at run time, and is refused there.
            Step::Type(_, name) => cast(name),
            Step::Call(function, arguments) => self.call(*function, arguments, input, this),
        }
    }

    fn call(
        &self,
        function: Function,
        arguments: &[Expr],
        input: &Known,
        this: &Known,
    ) -> Result<Known, Error> {
        use Function as F;
        let focus = if function.binds_this() { input } else { this };
        // The step of a repetition sees its own results, whose types differ.
        let focus = if function == F::Repeat { &Known::ANYTHING } else { focus };
        let mut results = Vec::with_capacity(arguments.len());
        for argument in arguments {
            results.push(self.expr(argument, focus)?);
        }
        match function {
            F::Skip | F::First | F::Last | F::Tail | F::Take => {
                self.in_order(function.name(), input)?;
                Ok(input.clone())
            }
            F::Where | F::Single | F::Trace | F::Distinct | F::Exclude | F::Sort | F::DefineVariable => {
                Ok(input.clone())
            }
            F::Select => Ok(results.into_iter().next().unwrap_or(Known::ANYTHING)),
            F::Children | F::Descendants => Ok(Known { types: None, ordered: false }),
            F::Extension => Ok(definitions().type_("Extension").map_or(Known::ANYTHING, Known::of)),
            _ => Ok(Known::ANYTHING),
        }
    }

    fn in_order(&self, name: &str, input: &Known) -> Result<(), Error> {
        if self.ordered && !input.ordered {
            return Err(Error::semantic(format!("{name} on a collection without order")));
        }
        Ok(())
    }
}

fn cast(name: &TypeName) -> Result<Known, Error> {
    Ok(types::resolve(name)?.fhir.map_or(Known::ANYTHING, Known::of))
}

fn member(name: &str, input: &Known) -> Result<Known, Error> {
    let Some(types) = &input.types else { return Ok(Known { ordered: input.ordered, ..Known::ANYTHING }) };
    let mut found = Vec::new();
    let mut open = false;
    for type_ in types {
        let before = found.len();
        let children = type_.members().iter().filter(|m| {
            type_.element_at(m).is_some_and(|e| if e.choice { e.stem() == name } else { e.name == name })
        });
        found.extend(children.filter_map(|m| definitions().type_at(m.type_)));
        // An element may be declared without a type that the tables know.
        open |= found.len() == before && type_.elements().iter().any(|e| e.stem() == name);
    }
    if found.is_empty() && !open {
        return Err(unknown(name, types));
    }
    open |= found.iter().any(|t| t.abstract_);
    Ok(Known { types: (!open).then_some(found), ordered: input.ordered })
}

fn unknown(name: &str, types: &[&'static TypeDef]) -> Error {
    let names: Vec<_> = types.iter().map(|t| t.name).collect();
    Error::semantic(format!("{name} is not an element of {}", names.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::super::compile;
    use super::*;

    #[test]
    fn refuses_only_what_cannot_be() {
        let patient = definitions().type_("Patient").unwrap();
        let observation = definitions().type_("Observation").unwrap();
        let refused = [
            ("name.given1", patient),
            ("Encounter.name", patient),
            ("Observation.valueQuantity.unit", observation),
            ("(Observation.value as Period).unit", observation),
            ("name.where(nope = 1)", patient),
            ("gender.as(string1)", patient),
        ];
        for (text, type_) in refused {
            assert!(matches!(compile(text).unwrap().check(type_), Err(Error::Semantic(_))), "{text}");
        }
        let allowed = [
            ("Resource.id | contained.anything", patient),
            ("Observation.value.unit", observation),
            ("Observation.component.value.as(Quantity).code", observation),
            ("descendants().nope", patient),
            ("name.select(given | family).trace('x')", patient),
        ];
        for (text, type_) in allowed {
            assert_eq!(compile(text).unwrap().check(type_), Ok(()), "{text}");
        }
    }
}
