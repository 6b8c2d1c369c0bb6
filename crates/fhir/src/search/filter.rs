//! One filter: the parameter's name with its modifier, chain or `_has`, and its comma-separated values.

use super::escape::split;
use super::limits::{CHAIN_DEPTH_MAX, VALUE_LENGTH_MAX, VALUES_MAX};
use super::parse::{TOO_COSTLY, UNSUPPORTED, VALUE, issue};
use super::query::{Filter, FilterTarget, Modifier};
use super::value::{self, SearchValue, resource_type};
use crate::definitions::{SearchKind, SearchParameter, definitions};
use crate::issue::Issue;

/// Reads a filter on a type.
pub(super) fn read(base: &'static str, name: &str, raw: &str) -> Result<Filter, Issue> {
    if raw.len() > VALUE_LENGTH_MAX {
        return Err(issue(TOO_COSTLY, name, format!("is longer than {VALUE_LENGTH_MAX} bytes")));
    }
    Step { name, raw }.read(base, name, 0)
}

/// The search parameter of a type, when it has index rows to look at.
pub(super) fn parameter(base: &str, code: &str) -> Option<&'static SearchParameter> {
    let found = definitions().search_parameter(base, code)?;
    let indexed =
        !found.expression.is_empty() && !matches!(found.kind, SearchKind::Composite | SearchKind::Special);
    indexed.then_some(found)
}

/// The whole name and value while parts of the name are being read.
struct Step<'a> {
    name: &'a str,
    raw: &'a str,
}

impl Step<'_> {
    fn read(&self, base: &'static str, rest: &str, depth: usize) -> Result<Filter, Issue> {
        if depth > CHAIN_DEPTH_MAX {
            return Err(issue(TOO_COSTLY, self.name, format!("has more than {CHAIN_DEPTH_MAX} steps")));
        }
        if let Some(rest) = rest.strip_prefix("_has:") {
            return self.has(base, rest, depth);
        }
        match rest.split_once('.') {
            Some((head, tail)) => self.chain(base, head, tail, depth),
            None => self.plain(base, rest),
        }
    }

    fn has(&self, base: &'static str, rest: &str, depth: usize) -> Result<Filter, Issue> {
        let mut pieces = rest.splitn(3, ':');
        let (Some(source), Some(code), Some(inner)) = (pieces.next(), pieces.next(), pieces.next()) else {
            return Err(issue(VALUE, self.name, "needs the form _has:Type:reference:parameter"));
        };
        let source_type = self.type_named(source)?;
        let param = self.reference(source_type, code)?;
        if !refers_to(param, base) {
            return Err(issue(
                UNSUPPORTED,
                self.name,
                format!("follows a reference that never names {base}"),
            ));
        }
        let inner = Box::new(self.read(source_type, inner, depth + 1)?);
        Ok(Filter {
            target: FilterTarget::Has { source_type, param, inner },
            modifier: None,
            values: Vec::new(),
        })
    }

    fn chain(&self, base: &'static str, head: &str, tail: &str, depth: usize) -> Result<Filter, Issue> {
        let (code, given) = head.split_once(':').map_or((head, None), |(code, name)| (code, Some(name)));
        let param = self.reference(base, code)?;
        let target_type = match given {
            Some(name) => self.type_named(name)?,
            None => self.only_target(param, tail)?,
        };
        if !refers_to(param, target_type) {
            return Err(issue(
                UNSUPPORTED,
                self.name,
                format!("follows a reference that never names {target_type}"),
            ));
        }
        let inner = Box::new(self.read(target_type, tail, depth + 1)?);
        Ok(Filter {
            target: FilterTarget::Chain { param, target_type, inner },
            modifier: None,
            values: Vec::new(),
        })
    }

    fn plain(&self, base: &'static str, rest: &str) -> Result<Filter, Issue> {
        let (code, word) = rest.split_once(':').map_or((rest, None), |(code, word)| (code, Some(word)));
        let param = self.parameter(base, code)?;
        let target = match code {
            "_id" => FilterTarget::Id,
            "_lastUpdated" => FilterTarget::LastUpdated,
            _ => FilterTarget::Param(param),
        };
        let modifier = match word {
            Some(word) => Some(self.modifier(&target, param, word)?),
            None => None,
        };
        let raws = split(self.raw, ',');
        if raws.len() > VALUES_MAX {
            return Err(issue(TOO_COSTLY, self.name, format!("has more than {VALUES_MAX} values")));
        }
        let values = raws
            .into_iter()
            .map(|raw| self.value(&target, param, (modifier, raw)))
            .collect::<Result<_, _>>()?;
        Ok(Filter { target, modifier, values })
    }

    fn value(
        &self,
        target: &FilterTarget,
        param: &SearchParameter,
        (modifier, raw): (Option<Modifier>, &str),
    ) -> Result<SearchValue, Issue> {
        let read = value::read(param.kind, modifier, raw).map_err(|why| issue(VALUE, self.name, why))?;
        match (target, &read) {
            (FilterTarget::Id, SearchValue::Token(token))
                if token.system.is_some() || !token.code.as_deref().is_some_and(value::is_id) =>
            {
                Err(issue(VALUE, self.name, "needs a logical id"))
            }
            _ => Ok(read),
        }
    }

    fn modifier(
        &self,
        target: &FilterTarget,
        param: &SearchParameter,
        word: &str,
    ) -> Result<Modifier, Issue> {
        let refused = || issue(UNSUPPORTED, self.name, "has a modifier that is not supported for it");
        let found = match word {
            "exact" => Modifier::Exact,
            "contains" => Modifier::Contains,
            "missing" => Modifier::Missing,
            "not" => Modifier::Not,
            "identifier" => Modifier::Identifier,
            "above" => Modifier::Above,
            "below" => Modifier::Below,
            name => {
                let named = resource_type(name).ok_or_else(refused)?;
                if param.kind == SearchKind::Reference && !refers_to(param, named) {
                    return Err(issue(
                        UNSUPPORTED,
                        self.name,
                        format!("is a reference that never names {named}"),
                    ));
                }
                Modifier::Type(named)
            }
        };
        let fits = match (target, found) {
            (FilterTarget::Param(_), Modifier::Missing) => true,
            (FilterTarget::Param(_), _) => fits(param.kind, found),
            _ => false,
        };
        if fits { Ok(found) } else { Err(refused()) }
    }

    fn parameter(&self, base: &str, code: &str) -> Result<&'static SearchParameter, Issue> {
        parameter(base, code).ok_or_else(|| {
            let known =
                definitions().search_parameter(base, code).is_some() || code == "_has" || code == "_list";
            let why = if known { "is not supported by this server" } else { "is not a search parameter of" };
            match known {
                true => issue(UNSUPPORTED, self.name, why),
                false => issue(UNSUPPORTED, self.name, format!("{why} {base}")),
            }
        })
    }

    fn reference(&self, base: &str, code: &str) -> Result<&'static SearchParameter, Issue> {
        let param = self.parameter(base, code)?;
        if param.kind == SearchKind::Reference {
            return Ok(param);
        }
        Err(issue(UNSUPPORTED, self.name, "follows a parameter that is not a reference"))
    }

    fn type_named(&self, name: &str) -> Result<&'static str, Issue> {
        resource_type(name).ok_or_else(|| issue(UNSUPPORTED, self.name, "names a type that R4 does not have"))
    }

    /// The type a chain without one means: the only target that has the next parameter.
    fn only_target(&self, param: &'static SearchParameter, tail: &str) -> Result<&'static str, Issue> {
        if let [only] = param.targets.as_slice() {
            return Ok(only);
        }
        if param.code == "patient" && refers_to(param, "Patient") {
            return Ok("Patient");
        }
        let code = tail.split([':', '.']).next().unwrap_or(tail);
        let knows = |target: &&&'static str| code == "_has" || parameter(target, code).is_some();
        let candidates: Vec<&'static str> = param.targets.iter().filter(knows).copied().collect();
        match candidates.as_slice() {
            [only] => Ok(only),
            [] => {
                Err(issue(UNSUPPORTED, self.name, "follows a reference to types without the next parameter"))
            }
            several => {
                let shown: Vec<_> = several.iter().take(5).copied().collect();
                let why =
                    format!("could follow to several types ({}); name one after a colon", shown.join(", "));
                Err(issue(VALUE, self.name, why))
            }
        }
    }
}

fn fits(kind: SearchKind, modifier: Modifier) -> bool {
    matches!(
        (kind, modifier),
        (SearchKind::String, Modifier::Exact | Modifier::Contains)
            | (SearchKind::Token, Modifier::Not)
            | (SearchKind::Reference, Modifier::Type(_) | Modifier::Identifier)
            | (SearchKind::Uri, Modifier::Above | Modifier::Below)
    )
}

/// Whether a reference parameter may name a type; one without stated targets may name any.
pub(super) fn refers_to(param: &SearchParameter, name: &str) -> bool {
    param.targets.is_empty() || param.targets.iter().any(|t| *t == name || *t == "Resource")
}
