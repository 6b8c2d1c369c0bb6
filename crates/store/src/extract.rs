//! What a document contributes to search and access: index rows, compartments, relationships. Pure, so that it runs
//! away from the writer, and again for the version before, whose rows have to go.

use crate::relation::{Stated, stated};
use fhir::definitions::definitions;
use fhir::index::{Entry, Extractor, IndexValue};
use fhir::json::{Text, Value};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Everything the store derives from one document.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Derived {
    /// Search rows without duplicates.
    pub rows: Vec<Row>,
    /// Patients whose compartment holds the resource; a Patient itself is left out, as its id may not be chosen yet.
    pub patients: Vec<Text>,
    /// What it states about who cares for its patient.
    pub stated: Stated,
}

/// One index row, names not yet interned.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Row {
    /// Number of the search parameter.
    pub param: u16,
    pub cell: Cell,
}

/// The columns of an index row between `p` and `rid`. An empty system or target is stored as 0.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Cell {
    String { folded: String, exact: String },
    Token { code: Text, system: Text },
    Reference { id: Text, target: Text },
    Date { lo: i64, hi: i64 },
    Number { lo: Real, hi: Real },
    Quantity { lo: Real, hi: Real, code: Text, system: Text },
    Uri(Text),
}

/// A finite floating-point number that compares by its bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Real(u64);

impl Real {
    pub(crate) fn of(number: f64) -> Self {
        // Zero has two forms of bits.
        Self(if number == 0.0 { 0 } else { number.to_bits() })
    }

    pub(crate) fn get(self) -> f64 {
        f64::from_bits(self.0)
    }
}

impl From<Decimal> for Real {
    fn from(number: Decimal) -> Self {
        Self::of(number.to_f64().unwrap_or_default())
    }
}

impl Derived {
    /// The patients that a search parameter of the resource points at, in its compartments or not.
    pub(crate) fn referenced_patients(&self) -> impl Iterator<Item = &Text> {
        self.rows.iter().filter_map(|row| match &row.cell {
            Cell::Reference { id, target } if target == "Patient" => Some(id),
            _ => None,
        })
    }
}

/// Derives everything from a document.
pub(crate) fn derive(document: &Value) -> Derived {
    let extractor = Extractor::r4();
    let mut rows = Vec::new();
    for entry in extractor.extract(document) {
        append(entry, &mut rows);
    }
    let mut seen = HashSet::with_capacity(rows.len());
    let fresh: Vec<bool> = rows.iter().map(|row| seen.insert(row)).collect();
    let mut fresh = fresh.into_iter();
    rows.retain(|_| fresh.next() == Some(true));
    let mut patients = extractor.compartment_patients(document);
    if document.text_at(&["resourceType"]) == Some("Patient")
        && let Some(own) = document.text_at(&["id"])
    {
        patients.retain(|patient| patient != own);
    }
    Derived { rows, patients, stated: stated(document) }
}

/// Parameters that table `resource` answers.
static OF_THE_ROW: LazyLock<Vec<u16>> = LazyLock::new(|| {
    let of = |code| definitions().search_parameter("Patient", code).map(|parameter| parameter.id);
    ["_id", "_lastUpdated"].into_iter().filter_map(of).collect()
});

fn append(Entry { param, value }: Entry, rows: &mut Vec<Row>) {
    if OF_THE_ROW.contains(&param) {
        return;
    }
    let mut push = |cell| rows.push(Row { param, cell });
    match value {
        IndexValue::String { folded, exact } => push(Cell::String { folded, exact }),
        IndexValue::Token { system, code, .. } => {
            push(Cell::Token { code: code.unwrap_or_default(), system: system.unwrap_or_default() });
        }
        IndexValue::Reference { type_, id, url, identifier, .. } => {
            // A contained resource is found by no search on its type.
            let contained = id.starts_with('#');
            match (url, type_) {
                (Some(url), _) => push(Cell::Reference { id: url, target: Text::default() }),
                (None, Some(target)) if !id.is_empty() && !contained => push(Cell::Reference { id, target }),
                (None, _) if !id.is_empty() => push(Cell::Reference { id, target: Text::default() }),
                _ => {}
            }
            if let Some((system, code)) = identifier {
                push(Cell::Token { code, system: system.unwrap_or_default() });
            }
        }
        IndexValue::Date { lo, hi } => push(Cell::Date { lo, hi }),
        IndexValue::Number { lo, hi, value } => {
            let (lo, hi) = ends(lo, hi, value);
            push(Cell::Number { lo, hi });
        }
        IndexValue::Quantity { lo, hi, value, system, code, unit } => {
            let (lo, hi) = ends(lo, hi, value);
            let code = code.unwrap_or_default();
            if let Some(unit) = unit.filter(|unit| *unit != code) {
                push(Cell::Quantity { lo, hi, code: unit, system: Text::default() });
            }
            push(Cell::Quantity { lo, hi, code, system: system.unwrap_or_default() });
        }
        IndexValue::Uri(uri) => push(Cell::Uri(uri)),
    }
}

/// One number is a point: what its digits imply is the business of the search value. Ranges and comparators keep ends.
fn ends(lo: Decimal, hi: Decimal, value: Decimal) -> (Real, Real) {
    let one = match (value.checked_sub(lo), hi.checked_sub(value)) {
        (Some(below), Some(above)) => below == above,
        _ => false,
    };
    if one { (value.into(), value.into()) } else { (lo.into(), hi.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fhir::json::{Limits, parse};

    fn derived(text: &str) -> Derived {
        derive(&parse(text.as_bytes(), &Limits::default()).unwrap())
    }

    fn rows(derived: &Derived, resource_type: &str, code: &str) -> Vec<Cell> {
        let param = definitions().search_parameter(resource_type, code).unwrap().id;
        derived.rows.iter().filter(|row| row.param == param).map(|row| row.cell.clone()).collect()
    }

    #[test]
    fn an_observation_becomes_rows() {
        let found = derived(
            r#"{"resourceType":"Observation","id":"o","status":"final","code":{"coding":[{"system":"s","code":"c"}]},
            "subject":{"reference":"Patient/p","identifier":{"system":"i","value":"9"}},
            "valueQuantity":{"value":5.40,"unit":"milligram","system":"u","code":"mg"}}"#,
        );
        assert_eq!(found.patients, ["p"]);
        assert_eq!(found.referenced_patients().next().unwrap(), "p");
        assert!(
            rows(&found, "Observation", "code")
                .contains(&Cell::Token { code: "c".into(), system: "s".into() })
        );
        let subject = rows(&found, "Observation", "subject");
        assert!(subject.contains(&Cell::Reference { id: "p".into(), target: "Patient".into() }));
        assert!(subject.contains(&Cell::Token { code: "9".into(), system: "i".into() }));
        let point = Real::of(5.4);
        let quantity = rows(&found, "Observation", "value-quantity");
        let of = |code: &str, system: &str| Cell::Quantity {
            lo: point,
            hi: point,
            code: code.into(),
            system: system.into(),
        };
        assert_eq!(quantity, [of("milligram", ""), of("mg", "u")]);
        assert!(rows(&found, "Observation", "_id").is_empty());
    }

    #[test]
    fn a_patient_is_not_named_before_its_id_is_chosen() {
        let found = derived(
            r#"{"resourceType":"Patient","id":"a","link":[{"other":{"reference":"Patient/b"},"type":"seealso"}]}"#,
        );
        assert_eq!(found.patients, ["b"]);
    }

    #[test]
    fn ranges_keep_their_ends() {
        let d = |text: &str| text.parse::<Decimal>().unwrap();
        assert_eq!(ends(d("5.35"), d("5.45"), d("5.4")), (Real::of(5.4), Real::of(5.4)));
        assert_eq!(ends(Decimal::MIN, d("5"), d("5")), (Decimal::MIN.into(), Real::of(5.0)));
        assert_eq!(ends(d("4.5"), d("10.5"), d("5")), (Real::of(4.5), Real::of(10.5)));
        assert_eq!(Real::of(-0.0), Real::of(0.0));
    }
}
