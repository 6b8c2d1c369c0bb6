//! What is known of one source's person, folded from its events, and its links to others.
//!
//! A merge is a link that can be ended, never a rewriting: every fact stays with the key it came under, so ending
//! the link gives back exactly what was there. An NHS number links nobody; two people whose NHS numbers are both
//! verified and differ are not linked at all but parked for a person to look at.

use super::clinical::Allergy;
use super::event::{Event, Kind};
use super::moment::Moment;
use super::person::{Address, Field};
use super::person::{Clinician, Coded, Contact, Demographics, Identifier, Name, PatientKey, Subject};
use super::sequence::{ORDERS, Orders, Settled, settle};
use fhir::json::Text;
use std::collections::BTreeSet;

/// Which way a link points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// The other record is the one to use.
    ReplacedBy,
    /// The other record gave way to this one.
    Replaces,
}

/// A link that holds now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The other person.
    pub other: PatientKey,
    /// Which way.
    pub direction: Direction,
    /// Since when.
    pub since: Moment,
    /// Sender of the message that linked them.
    pub facility: String,
    /// Control id of that message.
    pub control_id: String,
    /// Both have verified NHS numbers, and they differ: not in force until a person decides.
    pub parked: bool,
}

/// Demographics as they stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Names.
    pub names: Option<Vec<Name>>,
    /// Date of birth.
    pub birth: Option<Moment>,
    /// FHIR administrative gender.
    pub gender: Option<String>,
    /// Addresses.
    pub addresses: Option<Vec<Address>>,
    /// Telephone numbers and e-mail addresses.
    pub contacts: Option<Vec<Contact>>,
    /// Language.
    pub language: Option<Coded>,
    /// Marital status.
    pub marital: Option<Coded>,
    /// Ethnic category.
    pub ethnicity: Option<Coded>,
    /// Whether dead.
    pub deceased: Option<bool>,
    /// When the person died.
    pub died_at: Option<Moment>,
    /// Registered practice.
    pub practice: Option<Clinician>,
    /// NHS number verification status as stated.
    pub nhs_number_status: Option<String>,
    /// What the source deleted and has not stated since, as members of the FHIR resource or URLs of its extensions.
    pub deleted: BTreeSet<&'static str>,
}

/// One source's person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The source's key.
    pub key: PatientKey,
    /// Every identifier ever given under this key.
    pub identifiers: Vec<Identifier>,
    /// Demographics.
    pub known: Known,
    /// Whether the source keeps the record active.
    pub active: bool,
    /// Links in force, and parked ones.
    pub links: Vec<Link>,
    /// Allergies as last stated, withdrawn ones included.
    pub allergies: Vec<Allergy>,
}

/// Folds the person known by `key`. The events may speak of others too: those of linked people decide whether a
/// link is parked.
#[must_use]
pub fn fold_person<'a>(key: &PatientKey, events: impl IntoIterator<Item = &'a Event>) -> Option<Person> {
    fold_person_by(key, events, &ORDERS)
}

/// [`fold_person`] with the orders given.
#[must_use]
pub fn fold_person_by<'a>(
    key: &PatientKey,
    events: impl IntoIterator<Item = &'a Event>,
    orders: &Orders,
) -> Option<Person> {
    let mut settled = settle(events, orders);
    settled.sort_by_cached_key(orders.source);
    let named = settled.iter().any(|one| match &one.event.kind {
        Kind::Merge { prior } | Kind::Renumber { prior } | Kind::Unmerge { prior } => prior == key,
        _ => false,
    });
    let links = links(key, &settled);
    let mut person = own_facts(key, &settled);
    if person.is_none() && !named {
        return None;
    }
    let person_ref = person.get_or_insert_with(|| Person {
        key: key.clone(),
        identifiers: Vec::new(),
        known: Known::default(),
        active: true,
        links: Vec::new(),
        allergies: Vec::new(),
    });
    person_ref.links = links;
    person
}

/// Whose verified NHS number is what, from the person's own facts.
#[must_use]
pub fn verified_nhs_number(person: &Person) -> Option<&str> {
    let verified = person.known.nhs_number_status.as_deref() == Some("01");
    person
        .identifiers
        .iter()
        .find(|identifier| verified && identifier.authority == "NHS")
        .map(|identifier| identifier.value.as_str())
}

fn subject_of<'a>(key: &PatientKey, event: &'a Event) -> Option<&'a Subject> {
    match &event.kind {
        Kind::Swap(_, side) if side.subject.key == *key => Some(&side.subject),
        _ if event.subject.key == *key => Some(&event.subject),
        _ => None,
    }
}

/// The person from facts under its own key. Mere mentions come first, so that anything stated outweighs them.
fn own_facts(key: &PatientKey, settled: &[Settled<'_>]) -> Option<Person> {
    let of = |mention: bool| {
        let own = settled.iter().filter_map(|one| Some((one.event, subject_of(key, one.event)?)));
        own.filter(move |(event, _)| (event.kind == Kind::Mention) == mention)
    };
    let mut person: Option<Person> = None;
    for (event, subject) in of(true).chain(of(false)) {
        let person = person.get_or_insert_with(|| Person {
            key: key.clone(),
            identifiers: Vec::new(),
            known: Known::default(),
            active: true,
            links: Vec::new(),
            allergies: Vec::new(),
        });
        person.active = event.kind != Kind::Deactivate;
        person.known.learn(&subject.demographics);
        for identifier in &subject.identifiers {
            let same =
                |one: &Identifier| one.value == identifier.value && one.authority == identifier.authority;
            if !person.identifiers.iter().any(same) {
                person.identifiers.push(identifier.clone());
            }
        }
        if event.subject.key == *key {
            for allergy in &event.allergies {
                person.allergies.retain(|known| known.substance != allergy.substance);
                person.allergies.push(allergy.clone());
            }
        }
    }
    if let Some(person) = &mut person {
        person.identifiers.sort_by(|a, b| (&a.authority, &a.value).cmp(&(&b.authority, &b.value)));
        person.allergies.sort_by(|a, b| a.substance.cmp(&b.substance));
    }
    person
}

impl Known {
    fn learn(&mut self, said: &Demographics) {
        self.mark("name", &said.names);
        self.mark("birthDate", &said.birth);
        self.mark("gender", &said.gender);
        self.mark("address", &said.addresses);
        self.mark("telecom", &said.contacts);
        self.mark("communication", &said.language);
        self.mark("maritalStatus", &said.marital);
        self.mark(fhir::systems::ETHNIC_CATEGORY, &said.ethnicity);
        self.mark("generalPractitioner", &said.practice);
        said.names.apply(&mut self.names);
        said.birth.apply(&mut self.birth);
        said.gender.apply(&mut self.gender);
        said.addresses.apply(&mut self.addresses);
        said.contacts.apply(&mut self.contacts);
        said.language.apply(&mut self.language);
        said.marital.apply(&mut self.marital);
        said.ethnicity.apply(&mut self.ethnicity);
        said.deceased.apply(&mut self.deceased);
        said.died_at.apply(&mut self.died_at);
        said.practice.apply(&mut self.practice);
        said.nhs_number_status.apply(&mut self.nhs_number_status);
        if said.deceased == Field::Set(false) {
            self.died_at = None;
        }
    }
}

impl Known {
    fn mark<T>(&mut self, member: &'static str, said: &Field<T>) {
        match said {
            Field::Absent => {}
            Field::Delete => {
                self.deleted.insert(member);
            }
            Field::Set(_) => {
                self.deleted.remove(member);
            }
        }
    }
}

/// The links that hold: of each pair the last word of the source counts.
fn links(key: &PatientKey, settled: &[Settled<'_>]) -> Vec<Link> {
    let mut links: Vec<Link> = Vec::new();
    for one in settled {
        let (prior, joins) = match &one.event.kind {
            Kind::Merge { prior } | Kind::Renumber { prior } => (prior, true),
            Kind::Unmerge { prior } => (prior, false),
            _ => continue,
        };
        let survivor = &one.event.subject.key;
        let (other, direction) = match () {
            () if prior == survivor => continue,
            () if prior == key => (survivor, Direction::ReplacedBy),
            () if survivor == key => (prior, Direction::Replaces),
            () => continue,
        };
        links.retain(|link| link.other != *other);
        if joins {
            links.push(Link {
                other: other.clone(),
                direction,
                since: one.occurred_at.clone(),
                facility: one.event.source.facility.clone(),
                control_id: one.event.message.control_id.clone(),
                parked: false,
            });
        }
    }
    let mine = own_facts(key, settled);
    for link in &mut links {
        let other = own_facts(&link.other, settled);
        let numbers =
            [&mine, &other].map(|person| person.as_ref().and_then(verified_nhs_number).map(Text::new));
        link.parked = matches!(&numbers, [Some(a), Some(b)] if a != b);
    }
    links.sort_by(|a, b| (a.direction, &a.other).cmp(&(b.direction, &b.other)));
    links
}
