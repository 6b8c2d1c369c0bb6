//! The functions, one file per group of the specification.

mod boundary;
mod combining;
mod conversion;
mod encoding;
mod existence;
mod fhir;
mod filtering;
mod math;
mod pattern;
mod resolve;
mod sorting;
mod string;
mod subsetting;
mod tree;
mod utility;

use super::ast::Expr;
use super::error::Error;
use super::eval::{Evaluator, Frame};
use super::item::Collection;

/// A call under evaluation.
pub(super) struct Call<'x, 'f, 'a> {
    pub(super) function: Function,
    pub(super) arguments: &'x [Expr],
    pub(super) input: Collection<'a>,
    pub(super) frame: &'x Frame<'f, 'a>,
}

impl<'x> Call<'x, '_, '_> {
    /// The argument at a place, when it was given.
    pub(super) fn argument(&self, at: usize) -> Option<&'x Expr> {
        self.arguments.get(at)
    }

    /// The first argument of a function that requires one.
    pub(super) fn first(&self) -> &'x Expr {
        self.arguments.first().unwrap_or(&Expr::Empty)
    }
}

/// The functions. `is`, `as` and `ofType` are steps of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    Empty,
    Exists,
    All,
    AllTrue,
    AnyTrue,
    AllFalse,
    AnyFalse,
    SubsetOf,
    SupersetOf,
    Count,
    Distinct,
    IsDistinct,
    Not,
    Where,
    Select,
    Repeat,
    Aggregate,
    Single,
    First,
    Last,
    Tail,
    Skip,
    Take,
    Intersect,
    Exclude,
    Union,
    Combine,
    Iif,
    ToBoolean,
    ToInteger,
    ToDecimal,
    ToString,
    ToDate,
    ToDateTime,
    ToTime,
    ToQuantity,
    ConvertsToBoolean,
    ConvertsToInteger,
    ConvertsToDecimal,
    ConvertsToString,
    ConvertsToDate,
    ConvertsToDateTime,
    ConvertsToTime,
    ConvertsToQuantity,
    IndexOf,
    LastIndexOf,
    Substring,
    StartsWith,
    EndsWith,
    Contains,
    Upper,
    Lower,
    Length,
    ToChars,
    Trim,
    Split,
    Join,
    Replace,
    Matches,
    MatchesFull,
    ReplaceMatches,
    Encode,
    Decode,
    Escape,
    Unescape,
    Abs,
    Ceiling,
    Exp,
    Floor,
    Ln,
    Log,
    Power,
    Round,
    Sqrt,
    Truncate,
    Children,
    Descendants,
    Trace,
    Now,
    Today,
    TimeOfDay,
    DefineVariable,
    Sort,
    Type,
    ConformsTo,
    HasValue,
    GetValue,
    Extension,
    HasExtension,
    Resolve,
    MemberOf,
    HtmlChecks,
    LowBoundary,
    HighBoundary,
    Precision,
    Comparable,
}

type Row = (&'static str, Function, usize, usize);

/// Name, function, fewest and most arguments; in alphabetical order.
const TABLE: &[Row] = &[
    ("abs", Function::Abs, 0, 0),
    ("aggregate", Function::Aggregate, 1, 2),
    ("all", Function::All, 1, 1),
    ("allFalse", Function::AllFalse, 0, 0),
    ("allTrue", Function::AllTrue, 0, 0),
    ("anyFalse", Function::AnyFalse, 0, 0),
    ("anyTrue", Function::AnyTrue, 0, 0),
    ("ceiling", Function::Ceiling, 0, 0),
    ("children", Function::Children, 0, 0),
    ("combine", Function::Combine, 1, 1),
    ("comparable", Function::Comparable, 1, 1),
    ("conformsTo", Function::ConformsTo, 1, 1),
    ("contains", Function::Contains, 1, 1),
    ("convertsToBoolean", Function::ConvertsToBoolean, 0, 0),
    ("convertsToDate", Function::ConvertsToDate, 0, 0),
    ("convertsToDateTime", Function::ConvertsToDateTime, 0, 0),
    ("convertsToDecimal", Function::ConvertsToDecimal, 0, 0),
    ("convertsToInteger", Function::ConvertsToInteger, 0, 0),
    ("convertsToQuantity", Function::ConvertsToQuantity, 0, 1),
    ("convertsToString", Function::ConvertsToString, 0, 0),
    ("convertsToTime", Function::ConvertsToTime, 0, 0),
    ("count", Function::Count, 0, 0),
    ("decode", Function::Decode, 1, 1),
    ("defineVariable", Function::DefineVariable, 1, 2),
    ("descendants", Function::Descendants, 0, 0),
    ("distinct", Function::Distinct, 0, 0),
    ("empty", Function::Empty, 0, 0),
    ("encode", Function::Encode, 1, 1),
    ("endsWith", Function::EndsWith, 1, 1),
    ("escape", Function::Escape, 1, 1),
    ("exclude", Function::Exclude, 1, 1),
    ("exists", Function::Exists, 0, 1),
    ("exp", Function::Exp, 0, 0),
    ("extension", Function::Extension, 1, 1),
    ("first", Function::First, 0, 0),
    ("floor", Function::Floor, 0, 0),
    ("getValue", Function::GetValue, 0, 0),
    ("hasExtension", Function::HasExtension, 1, 1),
    ("hasValue", Function::HasValue, 0, 0),
    ("highBoundary", Function::HighBoundary, 0, 1),
    ("htmlChecks", Function::HtmlChecks, 0, 0),
    ("iif", Function::Iif, 2, 3),
    ("indexOf", Function::IndexOf, 1, 1),
    ("intersect", Function::Intersect, 1, 1),
    ("isDistinct", Function::IsDistinct, 0, 0),
    ("join", Function::Join, 0, 1),
    ("last", Function::Last, 0, 0),
    ("lastIndexOf", Function::LastIndexOf, 1, 1),
    ("length", Function::Length, 0, 0),
    ("ln", Function::Ln, 0, 0),
    ("log", Function::Log, 1, 1),
    ("lowBoundary", Function::LowBoundary, 0, 1),
    ("lower", Function::Lower, 0, 0),
    ("matches", Function::Matches, 1, 1),
    ("matchesFull", Function::MatchesFull, 1, 1),
    ("memberOf", Function::MemberOf, 1, 1),
    ("not", Function::Not, 0, 0),
    ("now", Function::Now, 0, 0),
    ("power", Function::Power, 1, 1),
    ("precision", Function::Precision, 0, 0),
    ("repeat", Function::Repeat, 1, 1),
    ("replace", Function::Replace, 2, 2),
    ("replaceMatches", Function::ReplaceMatches, 2, 2),
    ("resolve", Function::Resolve, 0, 0),
    ("round", Function::Round, 0, 1),
    ("select", Function::Select, 1, 1),
    ("single", Function::Single, 0, 0),
    ("skip", Function::Skip, 1, 1),
    ("sort", Function::Sort, 0, 8),
    ("split", Function::Split, 1, 1),
    ("sqrt", Function::Sqrt, 0, 0),
    ("startsWith", Function::StartsWith, 1, 1),
    ("subsetOf", Function::SubsetOf, 1, 1),
    ("substring", Function::Substring, 1, 2),
    ("supersetOf", Function::SupersetOf, 1, 1),
    ("tail", Function::Tail, 0, 0),
    ("take", Function::Take, 1, 1),
    ("timeOfDay", Function::TimeOfDay, 0, 0),
    ("toBoolean", Function::ToBoolean, 0, 0),
    ("toChars", Function::ToChars, 0, 0),
    ("toDate", Function::ToDate, 0, 0),
    ("toDateTime", Function::ToDateTime, 0, 0),
    ("toDecimal", Function::ToDecimal, 0, 0),
    ("toInteger", Function::ToInteger, 0, 0),
    ("toQuantity", Function::ToQuantity, 0, 1),
    ("toString", Function::ToString, 0, 0),
    ("toTime", Function::ToTime, 0, 0),
    ("today", Function::Today, 0, 0),
    ("trace", Function::Trace, 1, 2),
    ("trim", Function::Trim, 0, 0),
    ("truncate", Function::Truncate, 0, 0),
    ("type", Function::Type, 0, 0),
    ("unescape", Function::Unescape, 1, 1),
    ("union", Function::Union, 1, 1),
    ("upper", Function::Upper, 0, 0),
    ("where", Function::Where, 1, 1),
];

/// The function of that name that takes so many arguments; otherwise the reason.
pub(super) fn find(name: &str, arguments: usize) -> Result<Function, String> {
    let row = TABLE.binary_search_by(|(n, ..)| (*n).cmp(name)).ok().and_then(|at| TABLE.get(at));
    match row {
        Some((_, function, least, most)) if (*least..=*most).contains(&arguments) => Ok(*function),
        Some((_, _, least, most)) => Err(format!("{name}() takes {least} to {most} arguments")),
        None => Err(format!("unknown function {name}()")),
    }
}

impl Function {
    /// What the language calls it.
    pub(super) fn name(self) -> &'static str {
        TABLE.iter().find(|(_, function, ..)| *function == self).map_or("", |(name, ..)| name)
    }

    /// Whether its arguments are evaluated with each item of the input as `$this`.
    pub(super) fn binds_this(self) -> bool {
        use Function as F;
        matches!(
            self,
            F::Where
                | F::Select
                | F::Repeat
                | F::All
                | F::Exists
                | F::Aggregate
                | F::Iif
                | F::Sort
                | F::Trace
                | F::DefineVariable
        )
    }
}

/// Calls a function on its input.
pub(super) fn call<'a>(
    evaluator: &mut Evaluator<'_, 'a>,
    function: Function,
    arguments: &[Expr],
    input: Collection<'a>,
    frame: &Frame<'_, 'a>,
) -> Result<Collection<'a>, Error> {
    use Function as F;
    evaluator.spend(input.len())?;
    let call = Call { function, arguments, input, frame };
    match function {
        F::Empty
        | F::Exists
        | F::All
        | F::AllTrue
        | F::AnyTrue
        | F::AllFalse
        | F::AnyFalse
        | F::SubsetOf
        | F::SupersetOf
        | F::Count
        | F::Distinct
        | F::IsDistinct
        | F::Not => existence::call(evaluator, call),
        F::Where | F::Select | F::Repeat | F::Aggregate => filtering::call(evaluator, call),
        F::Single | F::First | F::Last | F::Tail | F::Skip | F::Take | F::Intersect | F::Exclude => {
            subsetting::call(evaluator, call)
        }
        F::Union | F::Combine => combining::call(evaluator, call),
        F::Iif => conversion::iif(evaluator, call),
        F::ToBoolean
        | F::ToInteger
        | F::ToDecimal
        | F::ToString
        | F::ToDate
        | F::ToDateTime
        | F::ToTime
        | F::ToQuantity
        | F::ConvertsToBoolean
        | F::ConvertsToInteger
        | F::ConvertsToDecimal
        | F::ConvertsToString
        | F::ConvertsToDate
        | F::ConvertsToDateTime
        | F::ConvertsToTime
        | F::ConvertsToQuantity => conversion::call(evaluator, call),
        F::IndexOf
        | F::LastIndexOf
        | F::Substring
        | F::StartsWith
        | F::EndsWith
        | F::Contains
        | F::Upper
        | F::Lower
        | F::Length
        | F::ToChars
        | F::Trim
        | F::Split
        | F::Replace => string::call(evaluator, call),
        F::Join => string::join(evaluator, call),
        F::Matches | F::MatchesFull | F::ReplaceMatches => pattern::call(evaluator, call),
        F::Encode | F::Decode | F::Escape | F::Unescape => encoding::call(evaluator, call),
        F::Abs
        | F::Ceiling
        | F::Exp
        | F::Floor
        | F::Ln
        | F::Log
        | F::Power
        | F::Round
        | F::Sqrt
        | F::Truncate => math::call(evaluator, call),
        F::Children | F::Descendants => tree::call(evaluator, call),
        F::Sort => sorting::sort(evaluator, call),
        F::Trace | F::Now | F::Today | F::TimeOfDay | F::DefineVariable | F::Type => {
            utility::call(evaluator, call)
        }
        F::ConformsTo
        | F::HasValue
        | F::GetValue
        | F::Extension
        | F::HasExtension
        | F::MemberOf
        | F::HtmlChecks => fhir::call(evaluator, call),
        F::Resolve => Ok(resolve::resolve(evaluator, &call.input)),
        F::LowBoundary | F::HighBoundary | F::Precision | F::Comparable => boundary::call(evaluator, call),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_function_by_name() {
        for (name, function, least, _) in TABLE {
            assert_eq!(find(name, *least), Ok(*function));
            assert_eq!(function.name(), *name);
        }
        assert!(find("nope", 0).is_err());
        assert!(find("count", 1).is_err());
    }
}
