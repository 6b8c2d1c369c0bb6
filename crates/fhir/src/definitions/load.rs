//! Reads the committed tables. Their format is described in `xtask/src/codegen`.
//!
//! A line that does not follow the format is passed over; the tests of this crate count what was read.

use super::Definitions;
use super::element::{Binding, ElementDef, Invariant, Strength, TypeRef};
use super::search::{Component, SearchKind, SearchParameter};
use super::type_def::{Kind, Member, TypeDef, TypeIndex};
use super::value_set::ValueSetCodes;
use std::collections::HashMap;

const STRUCTURES: &str = include_str!("../r4/structures.tsv");
const SEARCH_PARAMETERS: &str = include_str!("../r4/search-parameters.tsv");
const COMPARTMENTS: &str = include_str!("../r4/compartments.tsv");
const VALUE_SETS: &str = include_str!("../r4/value-sets.tsv");

/// Everything, with every lookup prepared.
pub(super) fn r4() -> Definitions {
    let mut d = Definitions::default();
    d.types = structures();
    d.type_by_name = (0..).zip(&d.types).map(|(index, t): (TypeIndex, _)| (t.name, index)).collect();
    value_sets(&mut d);
    bind(&mut d);
    inherit(&mut d);
    name_members(&mut d);
    search_parameters(&mut d);
    compartments(&mut d);
    d
}

/// The fields of each line that is not a comment.
fn records(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect())
}

/// Types with their own elements; nested elements become types named by their path.
fn structures() -> Vec<TypeDef> {
    let mut types: Vec<TypeDef> = Vec::new();
    let mut at: HashMap<&'static str, usize> = HashMap::new();
    // Where the last element stands: rules that follow belong to it, otherwise to the last type.
    let mut last: Option<(usize, usize)> = None;
    for record in records(STRUCTURES) {
        match *record.as_slice() {
            ["T", name, kind, base, abstract_] => {
                at.insert(name, types.len());
                types.push(type_def(name, kind_of(kind), (!base.is_empty()).then_some(base)));
                types.last_mut().iter_mut().for_each(|t| t.abstract_ = !abstract_.is_empty());
                last = None;
            }
            ["E", path, min, max, type_names, flags, strength, value_set] => {
                let Some((parent, _)) = path.rsplit_once('.') else { continue };
                let owner = *at.entry(parent).or_insert_with(|| {
                    types.push(type_def(parent, Kind::Complex, None));
                    types.len() - 1
                });
                let mut element = element(path, type_names);
                element.min = min.parse().unwrap_or(0);
                element.max = max.parse().ok();
                element.summary = flags.contains('s');
                element.modifier = flags.contains('m');
                element.binding = strength_of(strength).map(|strength| Binding { strength, value_set });
                if let Some(type_) = types.get_mut(owner) {
                    last = Some((owner, type_.elements.len()));
                    type_.elements.push(element);
                }
            }
            ["I", key, severity, expression] => {
                let invariant = Invariant { key, error: severity == "error", expression };
                let element = last.and_then(|(t, e)| types.get_mut(t)?.elements.get_mut(e));
                match element {
                    Some(element) => element.invariants.push(invariant),
                    None => types.last_mut().iter_mut().for_each(|t| t.invariants.push(invariant)),
                }
            }
            _ => {}
        }
    }
    base_of_nested(&mut types);
    types
}

fn type_def(name: &'static str, kind: Kind, base: Option<&'static str>) -> TypeDef {
    TypeDef {
        name,
        kind,
        base,
        abstract_: false,
        invariants: Vec::new(),
        elements: Vec::new(),
        members: Vec::new(),
        required: 0,
    }
}

fn element(path: &'static str, type_names: &'static str) -> ElementDef {
    let name = path.rsplit('.').next().unwrap_or(path);
    let content_reference = type_names.strip_prefix('#');
    let types = match content_reference {
        Some(_) => Vec::new(),
        None => type_names.split_whitespace().map(type_ref).collect(),
    };
    ElementDef {
        name,
        path,
        types,
        min: 0,
        max: None,
        binding: None,
        choice: name.ends_with("[x]"),
        content_reference,
        summary: false,
        modifier: false,
        invariants: Vec::new(),
        codes: None,
    }
}

/// `Reference(Patient|Group)` or a bare name.
fn type_ref(text: &'static str) -> TypeRef {
    match text.split_once('(') {
        Some((name, targets)) => {
            TypeRef { name, targets: targets.trim_end_matches(')').split('|').collect() }
        }
        None => TypeRef { name: text, targets: Vec::new() },
    }
}

/// A nested type specialises what its element declares: `BackboneElement`, or `Element` inside data types.
fn base_of_nested(types: &mut [TypeDef]) {
    let declared: HashMap<&'static str, &'static str> = types
        .iter()
        .flat_map(|t| &t.elements)
        .filter_map(|e| Some((e.path, e.types.first()?.name)))
        .collect();
    for type_ in types.iter_mut().filter(|t| t.name.contains('.')) {
        type_.base = declared.get(type_.name).copied();
    }
}

/// Gives every type the elements of its ancestors, those first.
fn inherit(d: &mut Definitions) {
    let own: Vec<Vec<ElementDef>> = d.types.iter_mut().map(|t| std::mem::take(&mut t.elements)).collect();
    for index in 0..d.types.len() {
        let mut chain = vec![index];
        let mut base = d.types.get(index).and_then(|t| t.base);
        while let Some(at) = base.and_then(|name| d.type_by_name.get(name)).map(|i| usize::from(*i)) {
            chain.push(at);
            base = d.types.get(at).and_then(|t| t.base);
        }
        let elements = chain.iter().rev().filter_map(|at| own.get(*at)).flatten().cloned().collect();
        if let Some(type_) = d.types.get_mut(index) {
            type_.elements = elements;
        }
    }
}

/// Lists the JSON names of each type: a choice has one for each of its types.
fn name_members(d: &mut Definitions) {
    let by_name = &d.type_by_name;
    for type_ in &mut d.types {
        let mut members = Vec::new();
        for (element, definition) in (0..).zip(&type_.elements) {
            let concrete = definition.content_reference.unwrap_or(definition.path);
            if let Some(nested) = by_name.get(concrete) {
                members.push(Member { name: definition.name.to_owned(), type_: *nested, element });
                continue;
            }
            for type_ref in &definition.types {
                let Some(index) = by_name.get(type_ref.name) else { continue };
                let name = if definition.choice {
                    choice_name(definition.stem(), type_ref.name)
                } else {
                    definition.name.to_owned()
                };
                members.push(Member { name, type_: *index, element });
            }
        }
        members.sort_by(|a, b| a.name.cmp(&b.name));
        type_.members = members;
        let required = (0_u32..).zip(&type_.elements).filter(|(_, e)| e.min > 0);
        type_.required = required.fold(0, |bits, (at, _)| bits | 1_u128.checked_shl(at).unwrap_or(0));
    }
}

/// `value` and `dateTime` make `valueDateTime`.
fn choice_name(stem: &str, type_name: &str) -> String {
    let mut letters = type_name.chars();
    let first = letters.next().map(|c| c.to_ascii_uppercase());
    stem.chars().chain(first).chain(letters).collect()
}

fn search_parameters(d: &mut Definitions) {
    for record in records(SEARCH_PARAMETERS) {
        match *record.as_slice() {
            ["P", index, name, code, kind, bases, targets, expression] => {
                let (Ok(id), Some(kind)) = (index.parse(), search_kind(kind)) else { continue };
                d.parameter_by_id.insert(name, id);
                d.parameters.push(SearchParameter {
                    id,
                    name,
                    code,
                    kind,
                    expression,
                    targets: targets.split_whitespace().collect(),
                    bases: bases.split_whitespace().collect(),
                    components: Vec::new(),
                });
            }
            ["C", parameter, expression] => {
                let component = Component { parameter, expression };
                d.parameters.last_mut().iter_mut().for_each(|p| p.components.push(component));
            }
            _ => {}
        }
    }
    d.parameters_by_type = parameters_by_type(d);
}

/// The numbers of each resource type's parameters, those of its ancestors included, in the order of the table.
fn parameters_by_type(d: &Definitions) -> HashMap<&'static str, Vec<u16>> {
    let mut by_base: HashMap<&'static str, Vec<u16>> = HashMap::new();
    for parameter in &d.parameters {
        for base in &parameter.bases {
            by_base.entry(base).or_default().push(parameter.id);
        }
    }
    let mut by_type = HashMap::new();
    for type_ in d.types.iter().filter(|t| t.kind == Kind::Resource) {
        let ancestry = std::iter::successors(Some(type_), |t| d.type_(t.base?));
        let mut ids: Vec<u16> = ancestry.filter_map(|t| by_base.get(t.name)).flatten().copied().collect();
        ids.sort_unstable();
        ids.dedup();
        by_type.insert(type_.name, ids);
    }
    by_type
}

fn compartments(d: &mut Definitions) {
    for record in records(COMPARTMENTS) {
        if let ["C", compartment, type_, codes] = *record.as_slice() {
            d.compartments.insert((compartment, type_), codes.split_whitespace().collect());
        }
    }
}

fn value_sets(d: &mut Definitions) {
    for record in records(VALUE_SETS) {
        match *record.as_slice() {
            ["V", url] => {
                let Ok(index) = u16::try_from(d.value_sets.len()) else { continue };
                d.value_set_by_url.insert(url, index);
                d.value_sets.push(ValueSetCodes::default());
            }
            ["S", system, codes] => {
                let Some(set) = d.value_sets.last_mut() else { continue };
                let codes: Vec<&'static str> = codes.split(' ').collect();
                set.all.extend(codes.iter().copied());
                set.by_system.insert(system, codes);
            }
            _ => {}
        }
    }
}

/// Notes beside each element with a required binding where its codes stand.
fn bind(d: &mut Definitions) {
    for element in d.types.iter_mut().flat_map(|t| &mut t.elements) {
        let required = element.binding.filter(|b| b.strength == Strength::Required);
        element.codes = required.and_then(|b| d.value_set_by_url.get(b.value_set).copied());
    }
}

fn kind_of(letter: &str) -> Kind {
    match letter {
        "R" => Kind::Resource,
        "P" => Kind::Primitive,
        _ => Kind::Complex,
    }
}

fn strength_of(word: &str) -> Option<Strength> {
    match word {
        "required" => Some(Strength::Required),
        "extensible" => Some(Strength::Extensible),
        "preferred" => Some(Strength::Preferred),
        "example" => Some(Strength::Example),
        _ => None,
    }
}

fn search_kind(word: &str) -> Option<SearchKind> {
    Some(match word {
        "string" => SearchKind::String,
        "token" => SearchKind::Token,
        "reference" => SearchKind::Reference,
        "date" => SearchKind::Date,
        "number" => SearchKind::Number,
        "quantity" => SearchKind::Quantity,
        "uri" => SearchKind::Uri,
        "composite" => SearchKind::Composite,
        "special" => SearchKind::Special,
        _ => return None,
    })
}
