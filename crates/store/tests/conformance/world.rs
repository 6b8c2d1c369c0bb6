//! A store in a temporary directory, in a world whose time and chance are known.

use fhir::json::{Limits, Text, Value, parse};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use store::{
    Actor, BreakGlass, Clock, Entropy, Environment, Options, Prepared, Purpose, Role, Scopes, Store, Withheld,
};

/// A clock that steps one millisecond at each look.
pub struct SteppingClock(AtomicI64);

impl Clock for SteppingClock {
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0.fetch_add(1000, Ordering::Relaxed)).unwrap()
    }
}

/// Chance from a seed (SplitMix64).
pub struct SeededEntropy(AtomicU64);

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let mut z = self
                .0
                .fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed)
                .wrapping_add(0x9e37_79b9_7f4a_7c15);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            let drawn = (z ^ (z >> 31)).to_le_bytes();
            chunk.copy_from_slice(&drawn[..chunk.len()]);
        }
    }
}

pub struct World {
    pub directory: tempfile::TempDir,
    pub environment: Environment,
}

impl World {
    pub fn new() -> Self {
        let clock = Arc::new(SteppingClock(AtomicI64::new(1_767_225_600_000_000)));
        let environment = Environment { clock, entropy: Arc::new(SeededEntropy(AtomicU64::new(7))) };
        Self { directory: tempfile::tempdir().unwrap(), environment }
    }

    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    pub fn open(&self) -> Store {
        self.try_open().unwrap()
    }

    pub fn try_open(&self) -> Result<Store, store::OpenError> {
        Store::open(self.path(), self.options(), self.environment.clone())
    }

    /// Opened as the server with that FHIR base.
    pub fn open_at(&self, base: &str) -> Store {
        let options = Options { base: Some(base.to_owned()), ..self.options() };
        Store::open(self.path(), options, self.environment.clone()).unwrap()
    }

    /// Opened so that the questions of one write may take no more than so many steps.
    pub fn open_within(&self, write_steps: u64) -> Store {
        let options = Options { write_steps, ..self.options() };
        Store::open(self.path(), options, self.environment.clone()).unwrap()
    }

    fn options(&self) -> Options {
        Options { readers: 2, reserve_bytes: 1 << 16, ..Options::default() }
    }
}

pub fn json(text: &str) -> Value {
    parse(text.as_bytes(), &Limits::default()).unwrap()
}

pub fn prepared(text: &str) -> Prepared {
    Prepared::new(json(text)).unwrap()
}

fn actor(id: &str, role: Role, organisation: &str) -> Actor {
    Actor {
        id: Text::from(id),
        name: format!("The {}", role.code()),
        role,
        organisation: Text::from(organisation),
        purpose: Purpose::Treat,
        trace: Text::from("trace-1"),
        via: None,
        behalf: None,
    }
}

pub fn backend() -> Actor {
    actor("client/test", Role::Backend { scopes: Scopes::everything() }, "")
}

/// A program with those scopes.
pub fn program(scopes: &str) -> Actor {
    actor("client/program", Role::Backend { scopes: Scopes::parse(scopes) }, "")
}

pub fn patient(id: &str) -> Actor {
    actor(&format!("Patient/{id}"), Role::Patient { patient: Text::from(id) }, "")
}

pub fn staff(organisation: &str) -> Actor {
    actor("Practitioner/nurse", Role::WardStaff { break_glass: None }, organisation)
}

pub fn breaking_glass(organisation: &str, patient: &str) -> Actor {
    let glass =
        BreakGlass { patient: Text::from(patient), reason: String::from("collapsed in the corridor") };
    actor("Practitioner/nurse", Role::WardStaff { break_glass: Some(glass) }, organisation)
}

/// Somebody who acts for a patient; types without a slash are closed, labels have one before them.
pub fn carer(patient: &str, withheld: &[&str]) -> Actor {
    let (labels, types): (Vec<&str>, Vec<&str>) = withheld.iter().partition(|word| word.starts_with('/'));
    let withheld = Withheld {
        types: types.into_iter().map(Text::from).collect(),
        labels: labels.into_iter().map(|label| Text::from(label.trim_start_matches('/'))).collect(),
    };
    let role = Role::Carer {
        patient: Text::from(patient),
        person: Text::from("parent"),
        relationship: Text::from("rel-1"),
        withheld,
    };
    actor("Patient/parent", role, "")
}

pub fn surgery(organisation: &str) -> Actor {
    actor("Practitioner/gp", Role::Surgery { break_glass: None }, organisation)
}

pub fn privacy(organisation: &str) -> Actor {
    actor("Practitioner/privacy", Role::Privacy, organisation)
}

pub fn operator() -> Actor {
    actor("Practitioner/operator", Role::Operator, "")
}
