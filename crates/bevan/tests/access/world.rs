//! Four made-up people in two hospitals, one of them under two numbers, in a real store in a directory of its own.

use super::audited::looked_at;
use super::expect::{CLOSED_TO_CARER, Class, LABEL, Owner, Who};
use super::family;
use super::files;
use super::letters;
use super::records::{
    ELSEWHERE, HOSPITAL_A, HOSPITAL_B, OF_A_PATIENT, OTHER_PRACTICE, PRACTICE, Record, about, base, canary,
    id, patient, person, ward_of,
};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use store::{
    Actor, BreakGlass, Clock, Entropy, Environment, IfMatch, Options, Prepared, Purpose, Role, Scopes, Store,
    Withheld,
};

/// A store and what is in it.
pub struct World {
    pub store: Store,
    pub known: Arc<Known>,
    /// The store's clock.
    pub clock: Arc<Hands>,
    _folder: tempfile::TempDir,
}

/// What is in a store.
#[derive(Default)]
pub struct Known {
    pub records: Vec<Record>,
    /// Canaries to the record that holds them; those that nobody may see to nothing.
    pub canaries: HashMap<u32, Option<usize>>,
}

impl std::ops::Deref for World {
    type Target = Known;

    fn deref(&self) -> &Known {
        &self.known
    }
}

/// A clock that stands until it is moved, so that two worlds tell the same times.
#[derive(Default)]
pub struct Hands(AtomicU64);

impl Hands {
    /// Moves it on.
    pub fn pass(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for Hands {
    fn now(&self) -> jiff::Timestamp {
        let start: jiff::Timestamp = "2026-11-22T10:00:00Z".parse().expect("a time");
        start + std::time::Duration::from_secs(self.0.load(Ordering::SeqCst))
    }
}

/// Numbers that never repeat and are the same in every run.
pub struct Counting(pub AtomicU64);

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let mut state = self.0.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
            state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            let word = (state ^ (state >> 31)).to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
    }
}

impl World {
    /// Everything.
    pub fn whole() -> Self {
        std::thread::spawn(|| {
            let mut world = Self::build(records());
            let mut known = Known { records: world.records.clone(), canaries: world.canaries.clone() };
            for event in looked_at(&world.store) {
                known.canaries.insert(event.number, Some(known.records.len()));
                known.records.push(event);
            }
            known.canaries.insert(letters::DEAD, None);
            known.canaries.insert(letters::WAITING, None);
            letters::arrive(&world.store);
            world.known = Arc::new(known);
            world
        })
        .join()
        .expect("a world")
    }

    /// Everything, and those who act for others, and what can be booked and ordered.
    pub fn with_family() -> Self {
        std::thread::spawn(|| {
            let mut world = Self::whole();
            let mut known = Known { records: world.records.clone(), canaries: world.canaries.clone() };
            for record in family::records().into_iter().chain(files::records()) {
                record.versions.iter().for_each(|version| put(&world.store, version));
                known.canaries.insert(record.number, Some(known.records.len()));
                known.records.push(record);
            }
            family::documents().iter().for_each(|document| put(&world.store, document));
            // Another organisation's emergency, which is no business of the hospital's privacy officer.
            let glass =
                BreakGlass { patient: patient(Owner::Dee).into(), reason: "fell in the street".into() };
            let doctor = Actor {
                role: Role::Surgery { break_glass: Some(glass) },
                purpose: Purpose::EmergencyTreat,
                ..actor(Who::Surgery).expect("somebody")
            };
            let dee = patient(Owner::Dee);
            world.store.read_blocking(doctor, move |s| s.read("Patient", &dee)).expect("read");
            world.known = Arc::new(known);
            world
        })
        .join()
        .expect("a world")
    }

    /// Only what somebody may read: the rest never existed here.
    pub fn seen_by(who: Who) -> Self {
        let mut kept: Vec<Record> = records().into_iter().filter(|record| record.is_open_to(who)).collect();
        for record in &mut kept {
            // What was there before a resource moved must not matter, so here it was something else.
            if record.buried.take().is_some() {
                record.versions[0] = about(record.type_, 9998, (&id(9997), HOSPITAL_B));
                record.versions[0]["id"] = json!(id(record.number));
            }
        }
        Self::of(kept)
    }

    /// On a thread of its own, because blocking writes are not for a runtime's threads.
    fn of(records: Vec<Record>) -> Self {
        std::thread::spawn(move || Self::build(records)).join().expect("a world")
    }

    fn build(records: Vec<Record>) -> Self {
        let memory = std::path::Path::new("/dev/shm");
        let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
        let folder = folder.expect("a directory");
        let clock = Arc::new(Hands::default());
        let environment =
            Environment { clock: clock.clone(), entropy: Arc::new(Counting(AtomicU64::new(1))) };
        let options = Options { readers: 2, ..Options::default() };
        let store = Store::open(folder.path(), options, environment).expect("a store");
        let known = Arc::new(Known::of(records));
        for record in &known.records {
            for version in &record.versions {
                put(&store, version);
            }
            if record.deleted {
                let (type_, id) = (record.type_, record.id());
                let gone =
                    store.write_blocking(Actor::system("seed"), move |t| t.delete(type_, &id, IfMatch::Any));
                gone.expect("deleted");
            }
        }
        Self { store, known, clock, _folder: folder }
    }
}

impl Known {
    pub fn of(records: Vec<Record>) -> Self {
        let mut canaries = HashMap::new();
        for (at, record) in records.iter().enumerate() {
            canaries.insert(record.number, Some(at));
            if let Some(buried) = record.buried {
                canaries.insert(buried, None);
            }
        }
        Self { records, canaries }
    }

    /// The only record of a type and owner, or the first. The Patients of a merge are also each other's, their own first.
    pub fn of_owner(&self, type_: &str, owner: Owner) -> Option<&Record> {
        let own =
            |r: &&Record| r.owners == [owner] || r.type_ == "Patient" && r.owners.first() == Some(&owner);
        self.records.iter().find(|r| r.type_ == type_ && own(r))
    }

    /// Whether somebody may read whatever holds a canary.
    pub fn may_see(&self, who: Who, number: u32) -> bool {
        match self.canaries.get(&number) {
            Some(Some(at)) => {
                let record = &self.records[*at];
                record.is_open_to(who)
            }
            Some(None) => who == Who::Full,
            None => true,
        }
    }
}

/// Writes one document.
pub fn put(store: &Store, document: &Value) {
    let document = fhir::json::parse(document.to_string().as_bytes(), &fhir::json::Limits::default());
    let prepared = Prepared::new(document.expect("JSON")).expect("a valid resource");
    store.write_blocking(Actor::system("seed"), move |t| t.update(&prepared, IfMatch::Any)).expect("written");
}

/// Who is behind a name, as whoever authenticates would say.
pub fn actor(who: Who) -> Option<Actor> {
    let (role, organisation) = match who {
        // Nobody signs in as somebody in another's place.
        Who::Anonymous | Who::Helped => return None,
        Who::Patient => (Role::Patient { patient: patient(Owner::Ann).into() }, ""),
        Who::Unproven => (Role::Unproven, ""),
        Who::Carer => {
            let withheld = Withheld { types: vec![CLOSED_TO_CARER.into()], labels: vec![LABEL.into()] };
            let (patient, person) = (patient(Owner::Ann).into(), patient(Owner::Dee).into());
            (Role::Carer { patient, person, relationship: "none".into(), withheld }, "")
        }
        Who::Surgery => (Role::Surgery { break_glass: None }, PRACTICE),
        Who::SurgeryElsewhere => (Role::Surgery { break_glass: None }, OTHER_PRACTICE),
        // Signs in as whoever they are; acting for Eve is asked about at every request.
        Who::CarerEve => (Role::Patient { patient: patient(Owner::Hal).into() }, ""),
        Who::Privacy => (Role::Privacy, ELSEWHERE),
        Who::PatientCas => (Role::Patient { patient: patient(Owner::Cas).into() }, ""),
        Who::Ward => (Role::WardStaff { break_glass: None }, HOSPITAL_A),
        Who::WardBefore => (Role::WardStaff { break_glass: None }, HOSPITAL_B),
        Who::WardElsewhere => (Role::WardStaff { break_glass: None }, ELSEWHERE),
        Who::WardGlass => {
            let glass =
                BreakGlass { patient: patient(Owner::Cas).into(), reason: "found unconscious".into() };
            (Role::WardStaff { break_glass: Some(glass) }, ELSEWHERE)
        }
        Who::Receptionist => (Role::Receptionist, HOSPITAL_A),
        Who::Operator => (Role::Operator, HOSPITAL_A),
        Who::Narrow => (Role::Backend { scopes: Scopes::parse("system/Patient.rs") }, ""),
        Who::Writer => (Role::Backend { scopes: Scopes::parse("system/Observation.cud") }, ""),
        Who::Full => (Role::Backend { scopes: Scopes::everything() }, ""),
    };
    let purpose = if who == Who::WardGlass { Purpose::EmergencyTreat } else { Purpose::Treat };
    let id = match &role {
        Role::Patient { patient } => format!("Patient/{patient}"),
        _ => format!("Device/{who:?}"),
    };
    let (id, organisation) = (id.as_str().into(), organisation.into());
    Some(Actor {
        id,
        name: format!("{who:?}"),
        role,
        organisation,
        purpose,
        trace: "".into(),
        via: None,
        behalf: None,
    })
}

/// Gives numbers out and collects what was made.
struct Maker(Vec<Record>);

impl Maker {
    fn next(&self) -> u32 {
        self.0.len() as u32 + 1
    }

    fn add(&mut self, (type_, class): (&'static str, Class), owners: &[Owner], json: Value) {
        let (number, owners) = (self.next(), owners.to_vec());
        let versions = vec![json];
        self.0.push(Record {
            number,
            type_,
            class,
            owners,
            versions,
            deleted: false,
            buried: None,
            sealed: false,
        });
    }

    fn last(&mut self) -> &mut Record {
        self.0.last_mut().expect("one was added")
    }
}

const EVERYBODY: [(Owner, &str); 5] = [
    (Owner::Ann, HOSPITAL_A),
    (Owner::Ben, HOSPITAL_A),
    (Owner::Cas, HOSPITAL_B),
    (Owner::Dee, HOSPITAL_B),
    (Owner::AnnBefore, HOSPITAL_B),
];

/// All resources, in the order in which they are written.
pub fn records() -> Vec<Record> {
    let mut made = Maker(Vec::new());
    for (owner, _) in EVERYBODY {
        let number = made.next();
        let mut json = person(number);
        if owner == Owner::Ann {
            json["generalPractitioner"] =
                json!([{"identifier": {"system": fhir::systems::ODS, "value": PRACTICE}}]);
        }
        let owners = merge(&mut json, owner, (Owner::Ann, Owner::AnnBefore));
        made.add(("Patient", Class::Administrative), &owners, json);
    }
    places(&mut made);
    for (owner, of) in EVERYBODY {
        for (type_, class) in OF_A_PATIENT {
            let number = made.next();
            made.add((type_, *class), &[owner], about(type_, number, (&patient(owner), of)));
        }
        let numbers = |type_: &str| {
            let found = made.0.iter().rev().find(|r| r.type_ == type_ && r.owners == [owner]);
            found.map(|r| r.id()).expect("made above")
        };
        let (encounter, observation) = (numbers("Encounter"), numbers("Observation"));
        for record in made.0.iter_mut().filter(|r| r.owners == [owner]) {
            let json = record.versions.last_mut().expect("a version");
            if matches!(record.type_, "Observation" | "Condition" | "DiagnosticReport") {
                json["encounter"] = json!({"reference": format!("Encounter/{encounter}")});
            }
            if record.type_ == "DiagnosticReport" {
                json["result"] = json!([{"reference": format!("Observation/{observation}")}]);
            }
            if record.type_ == "Encounter" && owner == Owner::Ben {
                json["status"] = json!("finished");
                json["period"]["end"] = json!("2026-11-21T08:00:00Z");
            }
            // A second version of the same owner.
            let again = json.clone();
            record.versions.push(again);
            record.versions[1]["language"] = json!("en-GB");
        }
        let number = made.next();
        made.add(
            ("Observation", Class::Clinical),
            &[owner],
            about("Observation", number, (&patient(owner), of)),
        );
        made.last().deleted = true;
    }
    across(&mut made);
    made.0
}

/// Links the two Patients of a merge, and says whose compartments each is then in.
pub fn merge(json: &mut Value, owner: Owner, (now, before): (Owner, Owner)) -> Vec<Owner> {
    let (kind, other) = match owner {
        _ if owner == now => ("replaces", before),
        _ if owner == before => ("replaced-by", now),
        _ => return vec![owner],
    };
    json["link"] = json!([{"type": kind, "other": {"reference": format!("Patient/{}", patient(other))}}]);
    vec![owner, other]
}

/// Hospitals, wards and staff.
fn places(made: &mut Maker) {
    for of in [HOSPITAL_A, HOSPITAL_B, ELSEWHERE] {
        let number = made.next();
        let mut organisation = Value::Object(base("Organization", number));
        organisation["id"] = json!(fhir::identity::organization(of));
        organisation["identifier"] = json!([{"system": fhir::systems::ODS, "value": of}]);
        organisation["name"] = json!(format!("Hospital {of}"));
        made.add(("Organization", Class::Reference), &[], organisation);
        let number = made.next();
        let mut ward = Value::Object(base("Location", number));
        ward["id"] = json!(ward_of(of));
        ward["name"] = json!(format!("Ward of {of}"));
        ward["status"] = json!("active");
        ward["physicalType"] = json!({"coding": [{"system":
            "http://terminology.hl7.org/CodeSystem/location-physical-type", "code": "wa"}]});
        ward["managingOrganization"] =
            json!({"reference": format!("Organization/{}", fhir::identity::organization(of))});
        made.add(("Location", Class::Reference), &[], ward);
    }
    let number = made.next();
    let mut doctor = Value::Object(base("Practitioner", number));
    doctor["name"] = json!([{"family": canary(number)}]);
    made.add(("Practitioner", Class::Reference), &[], doctor);
}

/// Resources of two people, of nobody, moved from one to another, and of a type that only one person has.
fn across(made: &mut Maker) {
    let with = |made: &Maker, type_: &str, owner: Owner| {
        let found = made.0.iter().find(|r| r.type_ == type_ && r.owners == [owner]);
        found.map(Record::id).expect("made above")
    };
    // Ann's and Cas's at once.
    let number = made.next();
    let mut both = about("Observation", number, (&patient(Owner::Ann), HOSPITAL_A));
    both["performer"] = json!([{"reference": format!("Patient/{}", patient(Owner::Cas))}]);
    made.add(("Observation", Class::Clinical), &[Owner::Ann, Owner::Cas], both);
    // Ann's, pointing at Cas's observation and encounter, and Cas's pointing at Ann's.
    for (owner, other, of) in [(Owner::Ann, Owner::Cas, HOSPITAL_A), (Owner::Cas, Owner::Ann, HOSPITAL_B)] {
        let number = made.next();
        let mut report = about("DiagnosticReport", number, (&patient(owner), of));
        report["result"] =
            json!([{"reference": format!("Observation/{}", with(made, "Observation", other))}]);
        report["encounter"] = json!({"reference": format!("Encounter/{}", with(made, "Encounter", other))});
        made.add(("DiagnosticReport", Class::Clinical), &[owner], report);
    }
    // Moved from Cas to Ann, and from Ann to Dee.
    for (from, to) in [(Owner::Cas, Owner::Ann), (Owner::Ann, Owner::Dee)] {
        let number = made.next();
        let buried = 9000 + number;
        let mut before = about("Condition", buried, (&patient(from), HOSPITAL_A));
        before["id"] = json!(id(number));
        made.add(
            ("Condition", Class::Clinical),
            &[to],
            about("Condition", number, (&patient(to), HOSPITAL_A)),
        );
        made.last().versions.insert(0, before);
        made.last().buried = Some(buried);
    }
    // Ann's, and not for everybody's eyes.
    let number = made.next();
    let mut sealed = about("Observation", number, (&patient(Owner::Ann), HOSPITAL_A));
    sealed["meta"]["security"] =
        json!([{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": LABEL}]);
    made.add(("Observation", Class::Clinical), &[Owner::Ann], sealed);
    made.last().sealed = true;
    // Nobody's.
    let number = made.next();
    let mut ownerless = about("Observation", number, ("", ""));
    ownerless.as_object_mut().map(|m| m.remove("subject"));
    made.add(("Observation", Class::Clinical), &[], ownerless);
    let number = made.next();
    let mut group = Value::Object(base("Group", number));
    group["type"] = json!("person");
    group["actual"] = json!(true);
    group["member"] = json!([{"entity": {"reference": format!("Patient/{}", patient(Owner::Ann))}}]);
    made.add(("Group", Class::Other), &[], group);
    // A type that only Cas has.
    let number = made.next();
    let order = about("NutritionOrder", number, (&patient(Owner::Cas), HOSPITAL_B));
    made.add(("NutritionOrder", Class::Clinical), &[Owner::Cas], order);
}
