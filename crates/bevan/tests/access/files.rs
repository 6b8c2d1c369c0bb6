//! Documents whose files lie in Binaries beside them, only in the worlds of the people's door: whose each document is, which file
//! it names, and whether that file may go with it. A Binary is in nobody's compartment, so nothing but the document says whose it is.

use super::door::Call;
use super::expect::{Class, Owner, may_read};
use super::findings::Findings;
use super::pages::judge::Judge;
use super::pages::visitors::{House, Post, Visitor};
use super::records::{HOSPITAL_A, NOBODY, Record, about, canary, id, patient};
use super::scan::Scanner;
use super::world::World;
use base64::Engine as _;
use serde_json::{Value, json};
use std::sync::Arc;

/// A document of Ann's with a file.
pub const OWN: u32 = 981;

/// A document: its number, whose it is, the number of its file, and whether that file goes with it.
const PAPERS: [(u32, Owner, u32, bool); 8] = [
    (OWN, Owner::Ann, 982, true),
    // Two say that it is theirs, and the file says nothing.
    (983, Owner::Cas, 984, false),
    (985, Owner::Ann, 984, false),
    (986, Owner::Eve, LABELLED, true),
    // Two say that it is theirs, and the file says that it is Cas's.
    (988, Owner::Ann, STATED, false),
    (995, Owner::Cas, STATED, true),
    (990, Owner::AnnBefore, 991, true),
    // No such file.
    (992, Owner::Ann, 993, false),
];
/// The file that is not for whoever acts for Eve.
const LABELLED: u32 = 987;
/// The file that says that it is Cas's.
const STATED: u32 = 989;
/// A file that no document names.
const UNNAMED: u32 = 994;

/// The documents. Their files belong to those whose documents rightly name them; the rest to nobody who looks.
pub fn records() -> Vec<Record> {
    let mut all = Vec::new();
    for (number, owner, file, _) in PAPERS {
        let mut json = about("DocumentReference", number, (&patient(owner), HOSPITAL_A));
        json["content"] = json!([{"attachment": {"contentType": "application/rtf", "title": canary(number),
            "url": format!("Binary/{}", id(file))}}]);
        all.push(record("DocumentReference", number, &[owner], json));
    }
    for (number, owner) in [
        (982, Owner::Ann),
        (984, Owner::Cas),
        (LABELLED, Owner::Eve),
        (STATED, Owner::Cas),
        (991, Owner::AnnBefore),
    ] {
        let mut made = record("Binary", number, &[owner], binary(number));
        made.sealed = number == LABELLED;
        all.push(made);
    }
    all.push(record("Binary", UNNAMED, &[], binary(UNNAMED)));
    all
}

fn binary(number: u32) -> Value {
    let data = base64::engine::general_purpose::STANDARD.encode(canary(number));
    let mut json =
        json!({"resourceType": "Binary", "id": id(number), "contentType": "application/rtf", "data": data});
    if number == LABELLED {
        json["meta"] = json!({"security": [
            {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": super::expect::LABEL}]});
    }
    if number == STATED {
        json["securityContext"] = json!({"reference": format!("Patient/{}", patient(Owner::Cas))});
    }
    json
}

fn record(type_: &'static str, number: u32, owners: &[Owner], json: Value) -> Record {
    Record {
        number,
        type_,
        class: Class::Clinical,
        owners: owners.to_vec(),
        versions: vec![json],
        deleted: false,
        buried: None,
        sealed: false,
    }
}

/// Everybody asks for every file, below every document, on their own pages, in somebody's place, and at work.
pub async fn walk(world: &Arc<World>, visitors: &[Visitor], findings: &Findings) {
    for visitor in visitors.iter().copied().filter(|_| !findings.enough()) {
        let house = House::here(world);
        let judge = Judge { visitor, scanner: Scanner::new(&world.known), findings, secure: false };
        let mut browser = house.visitor(visitor).await;
        let documents =
            PAPERS.iter().map(|(number, owner, file, fits)| (*number, Some((*owner, *file, *fits))));
        for (number, named) in documents.chain([(UNNAMED, None), (NOBODY, None)]) {
            for (path, whose) in places(visitor, &id(number)) {
                findings.cell();
                let call = Call::get(path);
                let answer = browser.send(&call).await;
                judge.judge(&call, &answer);
                let opened =
                    named.filter(|(owner, file, fits)| *fits && opens(visitor, (*owner, *file), whose));
                let shown = answer.status == 200;
                if shown != opened.is_some() {
                    judge.complain("file", &call, &format!("{} for {named:?}", answer.status));
                }
                if let Some((_, file, _)) = opened {
                    let kept =
                        answer.header("content-disposition").is_some_and(|how| how.starts_with("attachment"));
                    let shut = answer
                        .header("content-security-policy")
                        .is_some_and(|how| how.ends_with("; sandbox"));
                    if !answer.body.contains(&canary(file)) || !kept || !shut {
                        judge.complain("file", &call, &answer.text());
                    }
                } else if !matches!(answer.status, 303 | 403 | 404) {
                    judge.complain("status", &call, &format!("{} of what is closed", answer.status));
                }
            }
        }
    }
}

/// The addresses at which a visitor asks for the file of a document, and below whom.
fn places(visitor: Visitor, document: &str) -> Vec<(String, Option<Owner>)> {
    let prefix = visitor.acts_by().map_or_else(String::new, |by| format!("/as/{by}"));
    let own = (format!("{prefix}/record/documents/{document}/1"), None);
    // Whoever acts for somebody is looked at on their pages; at work they are somebody else, who comes as well.
    let staff = Owner::ALL.into_iter().filter(|_| visitor.acts_by().is_none());
    let below = |owner| (format!("/staff/patients/{}/documents/{document}/1", patient(owner)), Some(owner));
    std::iter::once(own).chain(staff.map(below)).collect()
}

/// Whether somebody has a file, by the table of rights and by the page that it is asked for on.
fn opens(visitor: Visitor, (owner, file): (Owner, u32), below: Option<Owner>) -> bool {
    let right = may_read(visitor.who(), ("DocumentReference", Class::Clinical), &[owner]);
    match below {
        None => right && visitor.owns(owner) && !(file == LABELLED && visitor.own() == Some(Owner::Eve)),
        // A record is opened below the person's own number, or the one that gave way to it.
        Some(below) => {
            let named = owner == below
                || [owner, below].iter().all(|one| matches!(one, Owner::Ann | Owner::AnnBefore));
            visitor.post() == Post::Ward && right && named
        }
    }
}
