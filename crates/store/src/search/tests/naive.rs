//! What search means, in plain Rust over the lists: written from the specification, not from the SQL.

use super::world::{Cell, Item, World};
use crate::access::Class;
use crate::{Actor, Role};
use fhir::search::{
    Filter, FilterTarget, Implied, Modifier, Prefix, Query, ReferenceValue, SearchValue, SortTarget,
    TokenValue, fold,
};
use fhir::time::default_zone;
use rust_decimal::prelude::ToPrimitive;
use std::cmp::Ordering;

/// Whether an actor may see an item.
pub fn visible(world: &World, actor: &Actor, item: &Item) -> bool {
    let about = |patient: &str| item.patients.iter().any(|p| p == patient);
    let cared_for = |past: bool| {
        world
            .relationships
            .iter()
            .any(|(p, organisation, open)| about(p) && *organisation == actor.organisation && (*open || past))
    };
    let reference = Class::of(item.type_) == Class::Reference;
    match &actor.role {
        Role::System => true,
        Role::Patient { patient } => reference || about(patient),
        Role::Carer { patient, withheld, .. } => {
            let labelled = |label: &str| {
                item.cells.iter().any(|(code, cell)| {
                    *code == "_security" && matches!(cell, Cell::Token(_, code) if *code == label)
                })
            };
            let kept_back = withheld.types.iter().any(|closed| closed == item.type_)
                || withheld.labels.iter().any(|label| labelled(label));
            !kept_back && (reference || about(patient))
        }
        Role::Unproven => reference,
        Role::WardStaff { break_glass } | Role::Surgery { break_glass } => {
            reference || cared_for(false) || break_glass.as_ref().is_some_and(|glass| about(&glass.patient))
        }
        Role::Receptionist => {
            reference || (["Patient", "Encounter"].contains(&item.type_) && cared_for(true))
        }
        _ => unreachable!("not generated"),
    }
}

/// The matches of a query in its order.
pub fn matches<'a>(world: &'a World, actor: &Actor, query: &Query) -> Vec<&'a Item> {
    let mut found: Vec<(usize, &Item)> = world
        .items
        .iter()
        .enumerate()
        .filter(|(_, item)| item.type_ == query.resource_type && visible(world, actor, item))
        .filter(|(_, item)| query.filters.iter().all(|filter| holds(world, actor, filter, item)))
        .collect();
    let reversed = query.sort.last().is_some_and(|key| key.descending);
    found.sort_by(|(place, a), (other, b)| {
        for key in &query.sort {
            let (x, y) = (value(a, &key.target, key.descending), value(b, &key.target, key.descending));
            let order = match (x, y) {
                (None, None) => Ordering::Equal,
                (None, Some(_)) => return Ordering::Greater,
                (Some(_), None) => return Ordering::Less,
                (Some(x), Some(y)) if key.descending => y.partial_cmp(&x).unwrap(),
                (Some(x), Some(y)) => x.partial_cmp(&y).unwrap(),
            };
            if order != Ordering::Equal {
                return order;
            }
        }
        if reversed { other.cmp(place) } else { place.cmp(other) }
    });
    found.into_iter().map(|(_, item)| item).collect()
}

#[derive(Clone, PartialEq, PartialOrd)]
enum Sortable {
    Text(String),
    Integer(i64),
    Real(f64),
}

fn value(item: &Item, target: &SortTarget, greatest: bool) -> Option<Sortable> {
    let param = match target {
        SortTarget::Id => return Some(Sortable::Text(item.id.clone())),
        SortTarget::LastUpdated => return Some(Sortable::Integer(item.updated)),
        SortTarget::Param(param) => param.code,
    };
    let values = item.cells.iter().filter(|(code, _)| *code == param).filter_map(|(_, cell)| {
        Some(match cell {
            Cell::Text(text) => Sortable::Text(fold(text)),
            Cell::Token(_, code) => Sortable::Text((*code).to_owned()),
            Cell::Uri(uri) | Cell::Url(uri) => Sortable::Text((*uri).to_owned()),
            Cell::Reference(_, id) => Sortable::Text(id.clone()),
            Cell::Range(lo, hi) => Sortable::Integer(if greatest { *hi } else { *lo }),
            Cell::Number(lo, hi) => Sortable::Real(if greatest { *hi } else { *lo }),
            Cell::Quantity(value, ..) => Sortable::Real(*value),
            Cell::Identifier(..) => return None,
        })
    });
    values.reduce(|a, b| if (b > a) == greatest { b } else { a })
}

fn holds(world: &World, actor: &Actor, filter: &Filter, item: &Item) -> bool {
    match &filter.target {
        FilterTarget::Id => filter.values.iter().any(|value| match value {
            SearchValue::Token(token) => token.code.as_deref() == Some(item.id.as_str()),
            _ => false,
        }),
        FilterTarget::LastUpdated => filter.values.iter().any(|value| match value {
            SearchValue::Date { prefix, value } => {
                let (low, high) = value.range(default_zone());
                let inside = low <= item.updated && item.updated < high;
                match prefix {
                    Prefix::Eq | Prefix::Ap => inside,
                    Prefix::Ne => !inside,
                    Prefix::Gt | Prefix::Sa => item.updated >= high,
                    Prefix::Lt | Prefix::Eb => item.updated < low,
                    Prefix::Ge => inside || item.updated >= high,
                    Prefix::Le => inside || item.updated < low,
                }
            }
            _ => false,
        }),
        FilterTarget::Param(param) => {
            let cells: Vec<&Cell> =
                item.cells.iter().filter(|(code, _)| *code == param.code).map(|(_, cell)| cell).collect();
            let any =
                filter.values.iter().any(|v| cells.iter().any(|cell| matches_cell(filter.modifier, v, cell)));
            match filter.modifier {
                Some(Modifier::Missing) => filter.values.contains(&SearchValue::Missing(cells.is_empty())),
                Some(Modifier::Not) => !any,
                _ => any,
            }
        }
        FilterTarget::Chain { param, target_type, inner } => item.cells.iter().any(|(code, cell)| {
            let Cell::Reference(name, id) = cell else { return false };
            *code == param.code
                && name == target_type
                && world.items.iter().any(|other| {
                    other.type_ == *name
                        && other.id == *id
                        && visible(world, actor, other)
                        && holds(world, actor, inner, other)
                })
        }),
        FilterTarget::Has { source_type, param, inner } => world.items.iter().any(|other| {
            other.type_ == *source_type
                && visible(world, actor, other)
                && other.cells.contains(&(param.code, Cell::Reference(item.type_, item.id.clone())))
                && holds(world, actor, inner, other)
        }),
    }
}

fn matches_cell(modifier: Option<Modifier>, value: &SearchValue, cell: &Cell) -> bool {
    match (value, cell) {
        (SearchValue::String(wanted), Cell::Text(text)) => match modifier {
            Some(Modifier::Exact) => text == wanted,
            Some(Modifier::Contains) => fold(text).contains(&fold(wanted)),
            _ => fold(text).starts_with(&fold(wanted)),
        },
        (SearchValue::Token(token), Cell::Token(system, code)) => is_token(token, system, code),
        (SearchValue::Token(token), Cell::Identifier(system, code)) => is_token(token, system, code),
        (SearchValue::Reference(ReferenceValue::Absolute(url)), Cell::Url(found)) => url == found,
        (
            SearchValue::Reference(ReferenceValue::Local { resource_type, id, .. }),
            Cell::Reference(name, found),
        ) => {
            let wanted = match modifier {
                Some(Modifier::Type(wanted)) => Some(wanted),
                _ => *resource_type,
            };
            *id == found.as_str() && wanted.is_none_or(|wanted| wanted == *name)
        }
        (SearchValue::Date { prefix, value }, Cell::Range(lo, hi)) => {
            let (low, high) = value.range(default_zone());
            let contained = low <= *lo && *hi <= high;
            let above = *hi > high;
            let below = *lo < low;
            match prefix {
                Prefix::Eq => contained,
                Prefix::Ne => !contained,
                Prefix::Gt => above,
                Prefix::Lt => below,
                Prefix::Ge => above || contained,
                Prefix::Le => below || contained,
                Prefix::Sa => *lo >= high,
                Prefix::Eb => *hi <= low,
                Prefix::Ap => *lo < high && *hi > low,
            }
        }
        (SearchValue::Number { prefix, value }, Cell::Number(lo, hi)) => {
            is_number(*prefix, value, (*lo, *hi))
        }
        (SearchValue::Quantity { prefix, value, system, unit }, Cell::Quantity(number, code, uri)) => {
            unit.as_ref().is_none_or(|unit| unit == code)
                && system.as_ref().is_none_or(|system| system == uri)
                && is_number(*prefix, value, (*number, *number))
        }
        (SearchValue::Uri(wanted), Cell::Uri(found)) => match modifier {
            Some(Modifier::Below) => found == wanted || found.starts_with(&format!("{wanted}/")),
            Some(Modifier::Above) => found == wanted || wanted.starts_with(&format!("{found}/")),
            _ => found == wanted,
        },
        _ => false,
    }
}

fn is_token(token: &TokenValue, system: &str, code: &str) -> bool {
    token.system.as_ref().is_none_or(|wanted| wanted == system)
        && token.code.as_ref().is_none_or(|wanted| wanted == code)
}

fn is_number(prefix: Prefix, value: &Implied, (lo, hi): (f64, f64)) -> bool {
    let [exact, low, high] = [value.value, value.low, value.high].map(|d| d.to_f64().unwrap());
    let equal = low <= lo && if lo == hi { hi < high } else { hi <= high };
    match prefix {
        Prefix::Eq => equal,
        Prefix::Ne => !equal,
        Prefix::Gt => hi > exact,
        Prefix::Lt => lo < exact,
        Prefix::Ge => hi >= exact,
        Prefix::Le => lo <= exact,
        Prefix::Sa => lo > exact,
        Prefix::Eb => hi < exact,
        Prefix::Ap => lo <= exact + exact.abs() / 10.0 && hi >= exact - exact.abs() / 10.0,
    }
}
