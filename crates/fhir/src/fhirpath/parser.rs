//! Tokens to a tree: precedence climbing over the grammar of <https://hl7.org/fhirpath/N1/#grammar>.
//!
//! Depth is bounded, so that neither parsing nor evaluating nor dropping a tree can exhaust the stack.

use super::ast::{Expr, Operator, Step, TypeName, TypeStep};
use super::error::Error;
use super::functions;
use super::lexer::{Token, TokenKind, tokens};
use super::quantity::Quantity;
use crate::json::Text;
use crate::time::{self, DateTime, Kind, Time};
use rust_decimal::Decimal;

/// Expressions inside one another.
const MAX_DEPTH: usize = 64;
/// Operators one after another in one expression, which nest to the left.
const MAX_OPERATORS: usize = 128;
/// Bytes of an expression.
const MAX_LENGTH: usize = 64 << 10;

/// Reads one expression that fills the whole text.
pub(super) fn parse(text: &str) -> Result<Expr, Error> {
    if text.len() > MAX_LENGTH {
        return Err(Error::syntax(MAX_LENGTH, "an expression longer than 64 KiB"));
    }
    let mut parser = Parser { tokens: tokens(text)?, at: 0, depth: 0, operators: 0 };
    let expr = parser.expression(0)?;
    match parser.peek() {
        TokenKind::End => Ok(expr),
        _ => parser.fail("text after the expression"),
    }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    operators: usize,
}

/// What stands between two operands, and how tightly it binds.
enum Infix {
    Operator(Operator),
    Is,
    As,
}

impl Parser {
    fn peek(&self) -> &TokenKind {
        self.tokens.get(self.at).map_or(&TokenKind::End, |t| &t.kind)
    }

    fn fail<T>(&self, reason: &str) -> Result<T, Error> {
        let offset = self.tokens.get(self.at).or(self.tokens.last()).map_or(0, |t| t.offset);
        Err(Error::syntax(offset, reason))
    }

    fn accept(&mut self, symbol: &str) -> bool {
        let found = matches!(self.peek(), TokenKind::Symbol(s) if *s == symbol);
        self.at += usize::from(found);
        found
    }

    fn require(&mut self, symbol: &str) -> Result<(), Error> {
        if self.accept(symbol) { Ok(()) } else { self.fail(&format!("expected '{symbol}'")) }
    }

    fn expression(&mut self, least: u8) -> Result<Expr, Error> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.fail("an expression nested too deeply");
        }
        let mut left = self.unary()?;
        while let Some((infix, binds)) = self.infix().filter(|(_, binds)| *binds >= least) {
            self.at += 1;
            self.operators += 1;
            if self.operators > MAX_OPERATORS {
                return self.fail("an expression of too many operators");
            }
            left = match infix {
                Infix::Is => Expr::Is(Box::new(left), self.type_name()?),
                Infix::As => Expr::As(Box::new(left), self.type_name()?),
                Infix::Operator(operator) => {
                    let right = self.expression(binds + 1)?;
                    Expr::Binary(operator, Box::new(left), Box::new(right))
                }
            };
        }
        self.depth -= 1;
        Ok(left)
    }

    fn infix(&self) -> Option<(Infix, u8)> {
        use Operator as O;
        let (operator, binds) = match self.peek() {
            TokenKind::Word(word) => match word.as_str() {
                "is" => return Some((Infix::Is, 8)),
                "as" => return Some((Infix::As, 8)),
                "div" => (O::Div, 10),
                "mod" => (O::Mod, 10),
                "in" => (O::In, 4),
                "contains" => (O::Contains, 4),
                "and" => (O::And, 3),
                "or" => (O::Or, 2),
                "xor" => (O::Xor, 2),
                "implies" => (O::Implies, 1),
                _ => return None,
            },
            TokenKind::Symbol(symbol) => match *symbol {
                "*" => (O::Multiply, 10),
                "/" => (O::Divide, 10),
                "+" => (O::Add, 9),
                "-" => (O::Subtract, 9),
                "&" => (O::Concatenate, 9),
                "|" => (O::Union, 7),
                "<" => (O::Less, 6),
                "<=" => (O::LessOrEqual, 6),
                ">" => (O::Greater, 6),
                ">=" => (O::GreaterOrEqual, 6),
                "=" => (O::Equal, 5),
                "!=" => (O::NotEqual, 5),
                "~" => (O::Equivalent, 5),
                "!~" => (O::NotEquivalent, 5),
                _ => return None,
            },
            _ => return None,
        };
        Some((Infix::Operator(operator), binds))
    }

    fn unary(&mut self) -> Result<Expr, Error> {
        let mut signs = Vec::new();
        loop {
            if self.accept("-") {
                signs.push(true);
            } else if self.accept("+") {
                signs.push(false);
            } else {
                break;
            }
            self.operators += 1;
            if self.operators > MAX_OPERATORS {
                return self.fail("too many signs");
            }
        }
        let operand = self.path()?;
        Ok(signs.into_iter().rev().fold(operand, |inner, minus| Expr::Sign(minus, Box::new(inner))))
    }

    fn path(&mut self) -> Result<Expr, Error> {
        let head = self.term()?;
        let mut steps = Vec::new();
        loop {
            if self.accept(".") {
                steps.push(self.step()?);
            } else if self.accept("[") {
                let index = self.expression(0)?;
                self.require("]")?;
                steps.push(Step::Item(index));
            } else {
                break;
            }
        }
        Ok(if steps.is_empty() { head } else { Expr::Path(Box::new(head), steps) })
    }

    fn term(&mut self) -> Result<Expr, Error> {
        let token = self.peek().clone();
        match token {
            TokenKind::Symbol("(") => {
                self.at += 1;
                let inner = self.expression(0)?;
                self.require(")")?;
                Ok(inner)
            }
            TokenKind::Symbol("{") => {
                self.at += 1;
                self.require("}")?;
                Ok(Expr::Empty)
            }
            TokenKind::Number(digits) => self.number(&digits),
            TokenKind::String(text) => self.taken(Some(Expr::String(text)), ""),
            TokenKind::Date(text) => {
                self.taken(DateTime::parse(Kind::Date, &text).map(Expr::Date), "not a date")
            }
            TokenKind::DateTime(text) => {
                let read = DateTime::parse(Kind::Partial, &text).map(Expr::DateTime);
                self.taken(read, "not a date and time")
            }
            TokenKind::Time(text) => self.taken(Time::parse_partial(&text).map(Expr::Time), "not a time"),
            TokenKind::Variable(name) => self.taken(Some(Expr::Variable(name)), ""),
            TokenKind::Special(name) => {
                let special = match name.as_str() {
                    "this" => Some(Expr::This),
                    "index" => Some(Expr::Index),
                    "total" => Some(Expr::Total),
                    _ => None,
                };
                self.taken(special, "not one of $this, $index, $total")
            }
            TokenKind::Word(word) if word == "true" || word == "false" => {
                self.taken(Some(Expr::Boolean(word == "true")), "")
            }
            TokenKind::Word(word)
                if matches!(word.as_str(), "div" | "mod" | "and" | "or" | "xor" | "implies") =>
            {
                self.fail("an operator without its left side")
            }
            TokenKind::Word(_) | TokenKind::Quoted(_) => Ok(Expr::Step(Box::new(self.step()?))),
            TokenKind::End => self.fail("the expression ends too early"),
            TokenKind::Symbol(_) => self.fail("unexpected symbol"),
        }
    }

    /// Consumes the token that was read as a term.
    fn taken(&mut self, read: Option<Expr>, refusal: &str) -> Result<Expr, Error> {
        match read {
            Some(expr) => {
                self.at += 1;
                Ok(expr)
            }
            None => self.fail(refusal),
        }
    }

    /// A number, or a quantity when a unit follows.
    fn number(&mut self, digits: &str) -> Result<Expr, Error> {
        let Ok(value) = Decimal::from_str_exact(digits) else { return self.fail("a number too long") };
        let integer = digits.parse::<i32>().ok().map(i64::from);
        if integer.is_none() && !digits.contains('.') {
            return self.fail("an integer beyond 32 bits");
        }
        self.at += 1;
        let quantity = match self.peek() {
            TokenKind::String(unit) => Some(Quantity::of_unit(value, unit)),
            TokenKind::Word(word) => {
                time::Unit::of_word(word).map(|unit| Quantity::of_calendar(value, word, unit))
            }
            _ => None,
        };
        match quantity {
            Some(quantity) => self.taken(Some(Expr::Quantity(quantity)), ""),
            None => Ok(integer.map_or(Expr::Decimal(value), Expr::Integer)),
        }
    }

    /// A member or a call. After a dot every word is a name, keywords too.
    fn step(&mut self) -> Result<Step, Error> {
        let name = self.name()?;
        if !self.accept("(") {
            return Ok(Step::Member(name));
        }
        let type_step = match name.as_str() {
            "is" => Some(TypeStep::Is),
            "as" => Some(TypeStep::As),
            "ofType" => Some(TypeStep::OfType),
            _ => None,
        };
        if let Some(step) = type_step {
            let type_name = self.type_name()?;
            self.require(")")?;
            return Ok(Step::Type(step, type_name));
        }
        let arguments = self.arguments()?;
        match functions::find(&name, arguments.len()) {
            Ok(function) => Ok(Step::Call(function, arguments)),
            Err(reason) => self.fail(&reason),
        }
    }

    fn arguments(&mut self) -> Result<Vec<Expr>, Error> {
        let mut arguments = Vec::new();
        if self.accept(")") {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.expression(0)?);
            if !self.accept(",") {
                self.require(")")?;
                return Ok(arguments);
            }
        }
    }

    fn name(&mut self) -> Result<Text, Error> {
        match self.peek().clone() {
            TokenKind::Word(name) | TokenKind::Quoted(name) => {
                self.at += 1;
                Ok(name)
            }
            _ => self.fail("expected a name"),
        }
    }

    fn type_name(&mut self) -> Result<TypeName, Error> {
        let name = self.name()?;
        let qualified = (name == "FHIR" || name == "System") && self.accept(".");
        if qualified {
            Ok(TypeName { namespace: Some(name), name: self.name()? })
        } else {
            Ok(TypeName { namespace: None, name })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree with every operator bracketed.
    fn shape(expr: &Expr) -> String {
        match expr {
            Expr::Binary(operator, a, b) => format!("({} {operator:?} {})", shape(a), shape(b)),
            Expr::Is(a, t) => format!("({} is {})", shape(a), t.name),
            Expr::As(a, t) => format!("({} as {})", shape(a), t.name),
            Expr::Sign(true, a) => format!("-{}", shape(a)),
            Expr::Integer(n) => n.to_string(),
            Expr::Path(head, steps) => format!("{}.{}", shape(head), steps.len()),
            Expr::Step(step) => match step.as_ref() {
                Step::Member(name) => name.to_string(),
                other => format!("{other:?}"),
            },
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn binds_as_the_grammar_says() {
        let table = [
            ("1+2*3+4", "((1 Add (2 Multiply 3)) Add 4)"),
            ("1 | 1 is Integer", "(1 Union (1 is Integer))"),
            ("1 > 2 is Boolean", "(1 Greater (2 is Boolean))"),
            ("-a.b = -5", "(-a.1 Equal -5)"),
            ("a and b or c implies d", "(((a And b) Or c) Implies d)"),
            ("a in b | c", "(a In (b Union c))"),
            ("a.contains.as(X)", "a.2"),
            ("a[0].b as FHIR.Quantity", "(a.2 as Quantity)"),
        ];
        for (text, expected) in table {
            assert_eq!(shape(&parse(text).unwrap()), expected);
        }
    }

    #[test]
    fn refuses_what_is_not_an_expression() {
        for text in [
            "",
            "2 +",
            "a..b",
            "a b",
            "(a",
            "a)",
            "nope()",
            "a.first(1)",
            "$that",
            "@2024-13",
            "99999999999",
            "a.is()",
            "{a}",
            "and b",
            "a.[0]",
            "1..2",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn bounds_depth_and_length() {
        for text in [
            "(".repeat(10_000),
            "-".repeat(10_000),
            "a+".repeat(10_000),
            "a.".repeat(100_000),
            "not(".repeat(500),
        ] {
            assert!(parse(&format!("{text}a")).is_err());
        }
        assert!(parse(&format!("a{}", ".b".repeat(5000))).is_ok());
    }
}
