//! Regular expressions, in time linear in the text: no backtracking, no look-around.

use super::super::error::Error;
use super::super::eval::Evaluator;
use super::super::item::{Collection, Item};
use super::string::subject;
use super::{Call, Function};
use regex::{Regex, RegexBuilder};

/// Bytes that a compiled pattern may take.
const MAX_PATTERN: usize = 1 << 20;
/// Steps that compiling a pattern counts as.
const COMPILATION: usize = 1000;
/// The longest text that a replacement may build.
const MAX_TEXT: usize = 1 << 20;

pub(super) fn call<'a>(
    evaluator: &mut Evaluator<'_, 'a>,
    call: Call<'_, '_, 'a>,
) -> Result<Collection<'a>, Error> {
    let text = subject(&call)?;
    let pattern = evaluator.text(call.first(), call.frame)?;
    let Some((text, pattern)) = text.zip(pattern) else { return Ok(Vec::new()) };
    evaluator.spend(text.len() / 16 + pattern.len())?;
    match call.function {
        Function::Matches => Ok(vec![Item::Boolean(compiled(evaluator, &pattern)?.is_match(&text))]),
        Function::MatchesFull => {
            Ok(vec![Item::Boolean(compiled(evaluator, &format!(r"\A(?:{pattern})\z"))?.is_match(&text))])
        }
        _ => {
            let Some(argument) = call.argument(1) else { return Ok(Vec::new()) };
            let Some(substitute) = evaluator.text(argument, call.frame)? else { return Ok(Vec::new()) };
            if pattern.is_empty() {
                return Ok(vec![Item::String(text)]);
            }
            Ok(vec![Item::text(replaced(&compiled(evaluator, &pattern)?, &text, &substitute)?)])
        }
    }
}

/// The compiled pattern, from this evaluation's store when it was there before.
fn compiled(evaluator: &mut Evaluator<'_, '_>, pattern: &str) -> Result<Regex, Error> {
    if let Some(known) = evaluator.patterns.get(pattern) {
        return Ok(known.clone());
    }
    evaluator.spend(COMPILATION)?;
    let fresh = compile(pattern)?;
    evaluator.patterns.insert(pattern.to_owned(), fresh.clone());
    Ok(fresh)
}

fn compile(pattern: &str) -> Result<Regex, Error> {
    let built =
        RegexBuilder::new(pattern).dot_matches_new_line(true).size_limit(MAX_PATTERN).nest_limit(64).build();
    built.map_err(|_| Error::execution("a regular expression that is malformed, too large, or looks around"))
}

fn replaced(pattern: &Regex, text: &str, substitute: &str) -> Result<String, Error> {
    let substitute = braced(substitute);
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for captures in pattern.captures_iter(text) {
        let Some(found) = captures.get(0) else { continue };
        out.push_str(text.get(copied..found.start()).unwrap_or_default());
        let groups = substitute.matches('$').count().saturating_mul(found.len());
        if out.len().saturating_add(groups).saturating_add(substitute.len()) > MAX_TEXT {
            return Err(Error::TooCostly);
        }
        captures.expand(&substitute, &mut out);
        copied = found.end();
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    Ok(out)
}

/// `$1x` means group 1 and then `x`; the library would read a group named `1x`.
fn braced(substitute: &str) -> String {
    let mut out = String::with_capacity(substitute.len() + 4);
    let mut rest = substitute;
    while let Some((before, after)) = rest.split_once('$') {
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        let (group, tail) = after.split_at_checked(digits).unwrap_or(("", after));
        out.push_str(before);
        if group.is_empty() {
            out.push('$');
        } else {
            out.push_str("${");
            out.push_str(group);
            out.push('}');
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replaces_with_groups() {
        let pattern = compile(r"(\d+)/(\d+)").unwrap();
        assert_eq!(replaced(&pattern, "on 11/30.", "$2-$1x").unwrap(), "on 30-11x.");
        assert_eq!(replaced(&pattern, "on 11/30.", "${1}$$").unwrap(), "on 11$.");
    }

    #[test]
    fn refuses_patterns_that_cost_too_much() {
        assert!(compile("(?=a)").is_err());
        assert!(compile(&"(".repeat(500)).is_err());
        assert!(compile(r"\pL{1000}{1000}").is_err());
    }
}
