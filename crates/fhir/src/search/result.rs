//! The parameters that shape the answer: `_sort`, `_include`, `_revinclude`, `_total`, `_summary`, `_elements`,
//! `_count` (<https://hl7.org/fhir/R4/search.html#return>).

use super::filter::{parameter, refers_to};
use super::limits::{COUNT_MAX, SORT_KEYS_MAX};
use super::parse::{TOO_COSTLY, UNSUPPORTED, VALUE, issue};
use super::query::{Include, SortKey, SortTarget, Summary, TotalMode};
use super::value::resource_type;
use crate::definitions::{SearchKind, SearchParameter, definitions};
use crate::issue::Issue;

/// Adds the keys of a `_sort` value.
pub(super) fn sort(base: &str, raw: &str, keys: &mut Vec<SortKey>) -> Result<(), Issue> {
    for key in raw.split(',') {
        let (descending, code) = key.strip_prefix('-').map_or((false, key), |code| (true, code));
        let target = match code {
            "_id" => SortTarget::Id,
            "_lastUpdated" => SortTarget::LastUpdated,
            _ => SortTarget::Param(parameter(base, code).ok_or_else(|| {
                issue(UNSUPPORTED, "_sort", format!("has a key that is not a search parameter of {base}"))
            })?),
        };
        keys.push(SortKey { target, descending });
    }
    if keys.len() > SORT_KEYS_MAX {
        return Err(issue(TOO_COSTLY, "_sort", format!("has more than {SORT_KEYS_MAX} keys")));
    }
    Ok(())
}

/// Reads `_count`, lowered to the most a page can hold.
pub(super) fn count(raw: &str) -> Result<u32, Issue> {
    if raw.is_empty() || !raw.bytes().all(|b| b.is_ascii_digit()) {
        return Err(issue(VALUE, "_count", "needs a number that is not negative"));
    }
    Ok(raw.parse().unwrap_or(COUNT_MAX).min(COUNT_MAX))
}

/// Reads `_total`.
pub(super) fn total(raw: &str) -> Result<TotalMode, Issue> {
    match raw {
        "none" => Ok(TotalMode::None),
        "estimate" => Ok(TotalMode::Estimate),
        "accurate" => Ok(TotalMode::Accurate),
        _ => Err(issue(VALUE, "_total", "needs none, estimate or accurate")),
    }
}

/// Reads `_summary`.
pub(super) fn summary(raw: &str) -> Result<Summary, Issue> {
    match raw {
        "false" => Ok(Summary::False),
        "true" => Ok(Summary::True),
        "text" => Ok(Summary::Text),
        "data" => Ok(Summary::Data),
        "count" => Ok(Summary::Count),
        _ => Err(issue(VALUE, "_summary", "needs true, false, text, data or count")),
    }
}

/// Adds the names of an `_elements` value: top-level elements of the type, with or without the type before them.
pub(super) fn elements(base: &str, raw: &str, names: &mut Vec<String>) -> Result<(), Issue> {
    for name in raw.split(',') {
        let name = name.strip_prefix(base).and_then(|rest| rest.strip_prefix('.')).unwrap_or(name);
        if name.is_empty() || definitions().element(base, name).is_none() {
            return Err(issue(UNSUPPORTED, "_elements", format!("names what is not an element of {base}")));
        }
        if !names.iter().any(|n| n == name) {
            names.push(name.to_owned());
        }
    }
    Ok(())
}

/// Reads an `_include` (`forward`) or `_revinclude` of a search on `base`. `name` is the whole parameter name.
pub(super) fn include(base: &'static str, name: &str, raw: &str) -> Result<Include, Issue> {
    let (plain, word) = name.split_once(':').map_or((name, None), |(plain, word)| (plain, Some(word)));
    let forward = plain == "_include";
    let iterate = match word {
        None => false,
        Some("iterate") => true,
        Some(_) => return Err(issue(UNSUPPORTED, name, "has a modifier that is not supported for it")),
    };
    if forward && raw == "*" {
        return Ok(Include { source_type: base, param: None, target_type: None, iterate });
    }
    let mut pieces = raw.splitn(3, ':');
    let (Some(source), Some(code), target) = (pieces.next(), pieces.next(), pieces.next()) else {
        return Err(issue(VALUE, name, "needs the form Type:reference or Type:reference:Target"));
    };
    let typed = |text: &str| {
        resource_type(text).ok_or_else(|| issue(UNSUPPORTED, name, "names a type that R4 does not have"))
    };
    let source_type = typed(source)?;
    let target_type = target.map(typed).transpose()?;
    let param = match code {
        "*" => None,
        code => Some(reference(name, source_type, code)?),
    };
    if forward && !iterate && source_type != base {
        return Err(issue(UNSUPPORTED, name, format!("starts from another type than {base}; use :iterate")));
    }
    let lands_on = if forward || iterate { target_type } else { target_type.or(Some(base)) };
    if let (Some(param), Some(target)) = (param, lands_on)
        && !refers_to(param, target)
    {
        return Err(issue(UNSUPPORTED, name, format!("follows a reference that never names {target}")));
    }
    Ok(Include { source_type, param, target_type, iterate })
}

fn reference(name: &str, source_type: &str, code: &str) -> Result<&'static SearchParameter, Issue> {
    parameter(source_type, code).filter(|p| p.kind == SearchKind::Reference).ok_or_else(|| {
        issue(UNSUPPORTED, name, format!("names what is not a reference parameter of {source_type}"))
    })
}
