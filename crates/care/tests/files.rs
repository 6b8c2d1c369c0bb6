//! Files that lie in Binaries beside a document: they open with it, to whoever may read it, with an audit row of their own, and
//! nothing of what is another's opens because a document names it.
#![expect(clippy::unwrap_used, reason = "tests stop at what they do not expect")]

use care::record::{Line, Part, SheetKind};
use care::view::Unseen;
use care::{Actor, Care, Purpose, Role};
use fhir::json::{Limits, parse};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use store::{Clock, Entropy, Environment, IfMatch, Options, Prepared, Store};

struct Standing;

impl Clock for Standing {
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::from_second(1_795_341_600).unwrap()
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

const BASE: &str = "https://health.example/fhir";

/// A record that knows its own address, with two patients.
fn house(folder: &tempfile::TempDir) -> Store {
    let environment =
        Environment { clock: Arc::new(Standing), entropy: Arc::new(Counting(AtomicU64::new(7))) };
    let options = Options { base: Some(BASE.to_owned()), ..Options::default() };
    let store = Store::open(folder.path(), options, environment).unwrap();
    for id in ["p1", "p2"] {
        put(&store, &format!(r#"{{"resourceType":"Patient","id":"{id}"}}"#));
    }
    store
}

fn put(store: &Store, text: &str) {
    let resource = Prepared::new(parse(text.as_bytes(), &Limits::default()).unwrap()).unwrap();
    store.write_blocking(Actor::system("test"), move |t| t.update(&resource, IfMatch::Any)).unwrap();
}

/// A PDF of its own id, with more members.
fn binary(store: &Store, id: &str, more: &str) {
    put(
        store,
        &format!(
            r#"{{"resourceType":"Binary","id":"{id}",{more}"contentType":"application/pdf","data":"JVBERi0xLjcK"}}"#
        ),
    );
}

/// A document of somebody's that names files by their addresses.
fn document(store: &Store, id: &str, of: &str, urls: &[&str]) {
    let content: Vec<String> = urls
        .iter()
        .map(|url| format!(r#"{{"attachment":{{"contentType":"application/pdf","url":"{url}"}}}}"#))
        .collect();
    put(
        store,
        &format!(
            r#"{{"resourceType":"DocumentReference","id":"{id}","status":"current","subject":{{"reference":"Patient/{of}"}},"content":[{}]}}"#,
            content.join(",")
        ),
    );
}

fn patient(id: &str) -> Actor {
    Actor {
        id: format!("Patient/{id}").as_str().into(),
        role: Role::Patient { patient: id.into() },
        purpose: Purpose::PatientRequest,
        ..Actor::system("asked")
    }
}

/// Which of a document's files open, by their numbers: on its page, and by themselves.
fn opened(store: &Store, whose: &str, document: &str) -> Vec<usize> {
    let (care, actor) = (Care::new(store.clone()), patient(whose));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let Ok(entry) = care.entry(&actor, whose, (Part::Documents, document)).await else {
            return Vec::new();
        };
        let Line::Paper(paper) = entry.line else { return Vec::new() };
        let listed: Vec<usize> = paper.sheets.iter().map(|one| one.number).collect();
        let mut open = Vec::new();
        for number in 1..=5 {
            match care.sheet(&actor, whose, (document, number)).await {
                Ok(whole) => {
                    assert_eq!(
                        (whole.sheet.kind, whole.body.as_slice()),
                        (SheetKind::Pdf, &b"%PDF-1.7\n"[..])
                    );
                    open.push(number);
                }
                Err(why) => assert_eq!(why, Unseen::NotFound, "{number}"),
            }
        }
        assert_eq!(listed, open, "what is listed is what opens");
        open
    })
}

#[test]
fn a_file_opens_with_the_document_that_names_it_by_whichever_address() {
    let folder = tempfile::tempdir().unwrap();
    let store = house(&folder);
    for id in ["b1", "b2", "b3"] {
        binary(&store, id, "");
    }
    let (whole, elsewhere) = (format!("{BASE}/Binary/b2"), "https://elsewhere.example/fhir/Binary/b3");
    document(&store, "d", "p1", &["Binary/b1", &whole, elsewhere, "Binary/none", "Patient/p1"]);
    assert_eq!(opened(&store, "p1", "d"), [1, 2]);
    assert_eq!(opened(&store, "p2", "d"), [0; 0], "the document is not theirs");
    let rows = store.read_blocking(Actor::system("t"), |s| s.audit_about_patient("p1", 200, None)).unwrap();
    let of_file = |id: &str, outcome: u8| {
        let mine = rows.iter().filter(|row| row.agent == *"Patient/p1" && row.outcome == outcome);
        let named = |row: &&store::audit::AuditRecord| {
            row.resource_type.as_deref() == Some("Binary") && row.id.as_deref() == Some(id)
        };
        mine.filter(named).count()
    };
    assert!(of_file("b1", 0) >= 2 && of_file("b2", 0) >= 2, "each look at a file is in the log: {rows:?}");
    assert_eq!(of_file("b3", 0), 0);
    assert!(of_file("none", 4) >= 1, "and each that found none");
}

#[test]
fn naming_a_file_of_somebody_elses_opens_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = house(&folder);
    for id in ["theirs", "whole", "version"] {
        binary(&store, id, "");
    }
    let whole = format!("{BASE}/Binary/whole");
    document(&store, "of-p2", "p2", &["Binary/theirs", &whole, "Binary/version/_history/1"]);
    document(&store, "of-p1", "p1", &["Binary/theirs", "Binary/whole", "Binary/version"]);
    assert_eq!(opened(&store, "p1", "of-p1"), [0; 0]);
    // To its own patient neither, as long as two say that it is theirs; once one of them does, it is.
    assert_eq!(opened(&store, "p2", "of-p2"), [0; 0]);
    document(&store, "of-p1", "p1", &["Binary/none"]);
    assert_eq!(opened(&store, "p2", "of-p2"), [1, 2]);
}

#[test]
fn what_a_file_says_of_itself_counts() {
    let folder = tempfile::tempdir().unwrap();
    let store = house(&folder);
    let context = |reference: &str| format!(r#""securityContext":{{"reference":"{reference}"}},"#);
    binary(&store, "of-p1", &context("Patient/p1"));
    binary(&store, "of-d", &context(&format!("{BASE}/DocumentReference/d")));
    binary(&store, "of-p2", &context("Patient/p2"));
    binary(&store, "of-result", &context("DiagnosticReport/r"));
    document(&store, "d", "p1", &["Binary/of-p1", "Binary/of-d", "Binary/of-p2", "Binary/of-result"]);
    assert_eq!(opened(&store, "p1", "d"), [1, 2]);
    document(&store, "of-another", "p2", &["Binary/of-p1"]);
    assert_eq!(opened(&store, "p1", "d"), [1, 2], "nobody takes it away by naming it");
    assert_eq!(opened(&store, "p2", "of-another"), [0; 0]);
}
