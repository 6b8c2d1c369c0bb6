//! Which scans a reader is told of, with which order and which report: every mixture of whose they are, where they stand, how they are
//! labelled and what they name, against rules written down here one by one.
#![expect(clippy::unwrap_used, reason = "tests stop at what they do not expect")]

use care::record::{Line, Part, Scan};
use care::view::{Section, Unseen};
use care::{Actor, Care, Purpose, Role};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use store::{Clock, Entropy, Environment, IfMatch, Options, Prepared, Store, Withheld};

struct Ticking(AtomicI64);

impl Clock for Ticking {
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::from_second(self.0.fetch_add(1, Ordering::Relaxed)).unwrap()
    }
}

struct Counting(AtomicU64);

impl Entropy for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = self.0.fetch_add(0x9e37_79b9, Ordering::Relaxed).to_le_bytes()[1];
        }
    }
}

/// A person, the same person's earlier number, and somebody else.
const PEOPLE: [&str; 3] = ["now", "before", "other"];
const STATUSES: [&str; 3] = ["available", "cancelled", "entered-in-error"];

/// One study, with an order and a report of its own.
#[derive(Clone, Debug)]
struct Study {
    id: String,
    of: &'static str,
    status: &'static str,
    sealed: bool,
    order_of: &'static str,
    report_of: &'static str,
    report_sealed: bool,
    report_status: &'static str,
}

/// Every mixture.
fn mixtures() -> Vec<Study> {
    let mut all = Vec::new();
    for of in PEOPLE {
        for status in STATUSES {
            for sealed in [false, true] {
                for (order_of, report_of) in [("now", "now"), ("before", "other"), ("other", "before")] {
                    for (report_sealed, report_status) in
                        [(false, "final"), (true, "final"), (false, "entered-in-error")]
                    {
                        let id = format!("study-{}", all.len());
                        all.push(Study {
                            id,
                            of,
                            status,
                            sealed,
                            order_of,
                            report_of,
                            report_sealed,
                            report_status,
                        });
                    }
                }
            }
        }
    }
    all
}

/// Who reads the record of `now`.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Reader {
    Patient,
    /// Somebody who acts for them, with every category and the labels of a carer.
    Carer,
    /// The same without appointments, which are what opens orders.
    NoOrders,
}

/// What a reader is told: the study, its order and its report.
type Told = (String, Option<String>, Vec<String>);

/// The rules, one by one.
fn told(study: &Study, reader: Reader) -> Option<Told> {
    let acts = reader != Reader::Patient;
    let theirs = |of: &str| of == "now" || of == "before";
    if !theirs(study.of) || study.status == "entered-in-error" || (acts && study.sealed) {
        return None;
    }
    let order = (theirs(study.order_of) && reader != Reader::NoOrders).then(|| format!("order-{}", study.id));
    let report = theirs(study.report_of) && study.report_status == "final" && !(acts && study.report_sealed);
    let reports = report.then(|| format!("report-{}", study.id));
    Some((study.id.clone(), order, reports.into_iter().collect()))
}

struct House {
    care: Care,
    store: Store,
    _folder: tempfile::TempDir,
}

impl House {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let environment = Environment {
            clock: Arc::new(Ticking(AtomicI64::new(1_795_341_600))),
            entropy: Arc::new(Counting(AtomicU64::new(7))),
        };
        let store = Store::open(folder.path(), Options::default(), environment).unwrap();
        let house = Self { care: Care::new(store.clone()), store, _folder: folder };
        let link = |type_: &str, other: &str| {
            format!(r#","link":[{{"type":"{type_}","other":{{"reference":"Patient/{other}"}}}}]"#)
        };
        for (id, links) in [
            ("now", link("replaces", "before")),
            ("before", link("replaced-by", "now")),
            ("other", String::new()),
        ] {
            house
                .put(&format!(
                    r#"{{"resourceType":"Patient","id":"{id}","name":[{{"text":"Person {id}"}}]{links}}}"#
                ))
                .await;
        }
        house
    }

    async fn put(&self, text: &str) {
        let value = fhir::json::parse(text.as_bytes(), &fhir::json::Limits::default()).unwrap();
        let resource = Prepared::new(value).unwrap();
        self.store.write(Actor::system("test"), move |t| t.update(&resource, IfMatch::Any)).await.unwrap();
    }

    async fn study(&self, one: &Study) {
        let Study { id, of, status, order_of, report_of, report_status, .. } = one;
        let label = |sealed: bool| if sealed { r#","meta":{"security":[{"code":"R"}]}"# } else { "" };
        self.put(&format!(
            r#"{{"resourceType":"ServiceRequest","id":"order-{id}","status":"completed","intent":"order","code":{{"text":"CT"}},
            "subject":{{"reference":"Patient/{order_of}"}}}}"#
        ))
        .await;
        self.put(&format!(
            r#"{{"resourceType":"ImagingStudy","id":"{id}","status":"{status}","subject":{{"reference":"Patient/{of}"}}{},
            "basedOn":[{{"reference":"ServiceRequest/order-{id}"}}],"description":"Chest"}}"#,
            label(one.sealed)
        ))
        .await;
        self.put(&format!(
            r#"{{"resourceType":"DiagnosticReport","id":"report-{id}","status":"{report_status}","code":{{"text":"CT"}},
            "subject":{{"reference":"Patient/{report_of}"}}{},"imagingStudy":[{{"reference":"ImagingStudy/{id}"}}]}}"#,
            label(one.report_sealed)
        ))
        .await;
    }

    async fn scans(&self, actor: &Actor) -> Section<Scan> {
        self.care.record(actor, "now", Part::Scans, None).await.unwrap().scans.unwrap()
    }
}

fn actor(reader: Reader) -> Actor {
    let role = match reader {
        Reader::Patient => Role::Patient { patient: "now".into() },
        Reader::Carer | Reader::NoOrders => {
            let types = if reader == Reader::NoOrders { vec!["ServiceRequest".into()] } else { Vec::new() };
            carer(types)
        }
    };
    Actor { role, purpose: Purpose::PatientRequest, ..Actor::system("t") }
}

fn carer(types: Vec<fhir::json::Text>) -> Role {
    let withheld = Withheld { types, labels: vec!["R".into()] };
    Role::Carer { patient: "now".into(), person: "carer".into(), relationship: "bond".into(), withheld }
}

fn as_told(one: &Scan) -> Told {
    let reports = one.reports.iter().map(|report| report.id.clone()).collect();
    (one.id.clone(), one.order.as_ref().map(|order| order.id.clone()), reports)
}

#[tokio::test]
async fn each_reader_is_told_what_the_rules_say_and_nothing_else() {
    let house = House::open().await;
    let all = mixtures();
    for one in &all {
        house.study(one).await;
    }
    for reader in [Reader::Patient, Reader::Carer, Reader::NoOrders] {
        let actor = actor(reader);
        let found = house.scans(&actor).await;
        let mut listed: Vec<Told> = found.items().iter().map(as_told).collect();
        let mut expected: Vec<Told> = all.iter().filter_map(|one| told(one, reader)).collect();
        listed.sort();
        expected.sort();
        assert!(expected.len() > 10, "{reader:?}");
        assert_eq!(listed, expected, "{reader:?}");
        // And each page of one study says the same as the list.
        for one in &all {
            let entry = house.care.entry(&actor, "now", (Part::Scans, &one.id)).await;
            match (told(one, reader), entry.map(|entry| entry.line)) {
                (Some(expected), Ok(Line::Scan(scan))) => assert_eq!(as_told(&scan), expected, "{reader:?}"),
                (None, Err(Unseen::NotFound)) => {}
                (expected, other) => panic!("{reader:?} {one:?}: {expected:?} and {other:?}"),
            }
        }
    }
}

#[tokio::test]
async fn whoever_may_see_no_scans_is_told_that_and_not_that_there_are_none() {
    let house = House::open().await;
    let patient = actor(Reader::Patient);
    assert_eq!(house.scans(&patient).await.items().len(), 0);
    let closed = Actor { role: carer(vec!["ImagingStudy".into()]), ..patient };
    assert_eq!(house.scans(&closed).await, Section::NoAccess);
    let entry = house.care.entry(&closed, "now", (Part::Scans, "study-0")).await;
    assert_eq!(entry.unwrap_err(), Unseen::NoAccess);
}
