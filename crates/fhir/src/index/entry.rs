//! What an extraction yields.

use crate::json::Text;
use rust_decimal::Decimal;
use std::collections::HashSet;

/// One value of one search parameter.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// The number of the search parameter: [`crate::definitions::SearchParameter::id`].
    pub param: u16,
    /// What a search compares with.
    pub value: IndexValue,
}

/// A value in the form that its kind of search compares.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum IndexValue {
    /// A text.
    String {
        /// As searches compare it; see [`crate::search::fold`].
        folded: String,
        /// As written.
        exact: String,
    },
    /// A code. One without code and system carries only the text of a concept.
    Token {
        /// The code system; for a code with a required binding to one system, that system.
        system: Option<Text>,
        /// The code, identifier value or truth value.
        code: Option<Text>,
        /// What `:text` searches: a display, a concept's text, an identifier type's text.
        text: Option<String>,
    },
    /// A reference.
    Reference {
        /// The type of the resource, when known.
        type_: Option<Text>,
        /// Its id. For what is no reference to a resource by type and id, the whole text (`urn:uuid:…`, `#p1`, a
        /// canonical without version); empty when there is only an identifier.
        id: Text,
        /// The version that the reference names.
        version: Option<Text>,
        /// The whole text, when it is absolute.
        url: Option<Text>,
        /// System and value of a logical reference.
        identifier: Option<(Option<Text>, Text)>,
    },
    /// Half-open UTC microseconds; open ends are `i64::MIN` and `i64::MAX`.
    Date {
        /// The first moment.
        lo: i64,
        /// The moment after the last.
        hi: i64,
    },
    /// A number or a range of numbers. The precision that digits imply belongs to the value searched for, so a
    /// single number is the point `lo = hi`.
    Number {
        /// The least it may be; `Decimal::MIN` when open.
        lo: Decimal,
        /// The most it may be; `Decimal::MAX` when open.
        hi: Decimal,
        /// The number as written.
        value: Decimal,
    },
    /// A quantity: a point like a number, or the interval of its comparator or range.
    Quantity {
        /// The least it may be; `Decimal::MIN` when open.
        lo: Decimal,
        /// The most it may be; `Decimal::MAX` when open.
        hi: Decimal,
        /// The number as written; of a range, its low end or else its high end.
        value: Decimal,
        /// The system of the unit's code.
        system: Option<Text>,
        /// The unit's code; of money, its currency.
        code: Option<Text>,
        /// The unit in words.
        unit: Option<Text>,
    },
    /// A URI.
    Uri(Text),
}

/// Entries under construction.
#[derive(Default)]
pub(super) struct Entries {
    all: Vec<Entry>,
    param: u16,
    /// Where the entries of the present parameter begin.
    start: usize,
}

impl Entries {
    /// From here on entries are of this parameter.
    pub(super) fn begin(&mut self, param: u16) {
        self.distinct();
        self.start = self.all.len();
        self.param = param;
    }

    pub(super) fn push(&mut self, value: IndexValue) {
        self.all.push(Entry { param: self.param, value });
    }

    pub(super) fn finish(mut self) -> Vec<Entry> {
        self.distinct();
        self.all
    }

    fn distinct(&mut self) {
        if self.all.len() < self.start + 2 {
            return;
        }
        let own = self.all.split_off(self.start);
        let mut seen = HashSet::with_capacity(own.len());
        let fresh: Vec<bool> = own.iter().map(|entry| seen.insert(entry)).collect();
        self.all.extend(own.into_iter().zip(fresh).filter_map(|(entry, fresh)| fresh.then_some(entry)));
    }
}
