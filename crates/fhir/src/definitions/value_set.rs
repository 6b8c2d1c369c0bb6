//! The codes of a value set.

use std::collections::{HashMap, HashSet};

/// Codes by code system.
#[derive(Clone, Debug, Default)]
pub struct ValueSetCodes {
    pub(super) by_system: HashMap<&'static str, Vec<&'static str>>,
    pub(super) all: HashSet<&'static str>,
}

impl ValueSetCodes {
    /// Whether some system of the set has the code; for elements of type `code`, which carry no system.
    #[must_use]
    pub fn contains_code(&self, code: &str) -> bool {
        self.all.contains(code)
    }

    /// Whether that system's code is in the set.
    #[must_use]
    pub fn contains(&self, system: &str, code: &str) -> bool {
        self.all.contains(code) && self.by_system.get(system).is_some_and(|codes| codes.contains(&code))
    }

    /// Every code with its system, in no particular order of systems.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.by_system.iter().flat_map(|(system, codes)| codes.iter().map(|code| (*system, *code)))
    }
}
