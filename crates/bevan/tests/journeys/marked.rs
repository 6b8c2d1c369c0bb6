//! Whatever patients read comes from the message catalogue, so that a translation is a file. A house speaks the language in which
//! each message stands in brackets; a patient and a carer open every page that they can reach, after staff have ordered, booked
//! and written for them. What stands outside of brackets must be data: a string of the record, of a set of questions, or of the
//! house's own settings.

use crate::appointments::{neighbours, search};
use crate::assisted::{approved, authorised, begun, book, order};
use crate::browser::Browser;
use crate::support::http::Client;
use crate::support::process::Bevan;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use catalogue::MARKS;
use fhir::json::Value;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Names of things that are called the same in every language: this site, its ways to pay a call, units, codes.
const NAMES: &[&str] = &[
    "bevan",
    "bevan-session",
    "bevan-visit",
    "bsl",
    "mmhg",
    "°c",
    "×10⁹/l",
    "×10¹²/l",
    "µg/l",
    "snomed ct",
    "loinc",
    "dm+d",
    "icd-10",
    "rxnorm",
    "ucum",
];

/// Addresses that no patient reads: the list of made-up people of a demonstration among them.
const OTHERS: [&str; 5] = ["/staff", "/assets", "/sign-out", "/sign-in", "/fhir"];

/// How many pages of one shape are opened.
const ALIKE: usize = 4;

/// What of a page stands in no brackets.
fn outside(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut depth = 0_i32;
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        push(&rest[..at], &mut depth, &mut found);
        rest = &rest[at..];
        for unread in ["script", "style"] {
            if rest.starts_with(&format!("<{unread}")) {
                rest = rest.split_once(&format!("</{unread}")).map_or("", |(_, after)| after);
            }
        }
        let end = rest.find('>').map_or(rest.len(), |end| end + 1);
        for read in [" aria-label=\"", " title=\"", " alt=\"", " placeholder=\""] {
            let words = rest[..end].split(read).nth(1).and_then(|after| after.split('"').next());
            push(words.unwrap_or_default(), &mut 0, &mut found);
        }
        // A message never goes on past the block that holds it.
        if ["</p", "</li", "</h1", "</h2", "</h3", "</dd", "</dt", "</td", "</th", "</label"]
            .iter()
            .any(|tag| rest.starts_with(tag))
        {
            assert_eq!(depth, 0, "a bracket without its other half before {}", &rest[..end]);
        }
        rest = &rest[end..];
    }
    found
}

/// The pieces of a text that stand in no brackets.
fn push(text: &str, depth: &mut i32, found: &mut Vec<String>) {
    let mut piece = String::new();
    for letter in decoded(text).chars() {
        if letter == MARKS.0 {
            *depth += 1;
        }
        if *depth == 0 {
            piece.push(letter);
        } else {
            piece.push(',');
        }
        if letter == MARKS.1 {
            *depth -= 1;
        }
    }
    found.extend(pieces(&piece));
}

fn decoded(text: &str) -> String {
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
        .iter()
        .fold(text.to_owned(), |text, (code, letter)| text.replace(code, letter))
}

/// A text between its punctuation, in small letters; without what has no letters.
fn pieces(text: &str) -> Vec<String> {
    let parts = text.split([',', '.', ';', ':', '(', ')', '–', '\n', '“', '”', '·', '•']);
    let worded = |part: &str| {
        let kept = part.trim_matches(|c: char| !c.is_alphabetic() && !matches!(c, '×' | '°' | 'µ'));
        kept.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
    };
    parts.map(worded).filter(|piece| piece.chars().filter(|c| c.is_alphabetic()).count() > 1).collect()
}

/// Every string of a document.
fn strings(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            for (name, member) in object.iter() {
                match member.as_str().filter(|_| name == "data") {
                    Some(data) => into.extend(letter(data)),
                    None => strings(member, into),
                }
            }
            names(value, into);
        }
        Value::Array(items) => items.iter().for_each(|item| strings(item, into)),
        Value::String(text) => {
            let text = decoded(&text.replace(['<', '>'], ","));
            into.extend(pieces(&text));
        }
        _ => {}
    }
}

/// What a paper in base64 says.
fn letter(data: &str) -> Vec<String> {
    let bytes = STANDARD.decode(data).unwrap_or_default();
    pieces(&decoded(&String::from_utf8_lossy(&bytes).replace(['<', '>'], ",")))
}

/// The ways in which people are called by the parts of a name.
fn names(name: &Value, into: &mut BTreeSet<String>) {
    let Some(family) = name.text_at(&["family"]) else { return };
    let all =
        |member: &str| name.items(member).iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ");
    let (prefix, given) = (all("prefix"), all("given"));
    let first = given.split(' ').next().unwrap_or_default();
    for words in [
        given.clone(),
        format!("{given} {family}"),
        format!("{first} {family}"),
        format!("{prefix} {given} {family}"),
        format!("{prefix} {first} {family}"),
    ] {
        into.extend(pieces(&words));
    }
}

/// What is data: strings of the record that these people can reach, and what a deployer's files say.
fn data(client: &mut Client, people: &[Value]) -> BTreeSet<String> {
    let mut known: BTreeSet<String> = NAMES.iter().map(|name| (*name).to_owned()).collect();
    // Whose token this test reads the record with.
    known.insert(String::from("demo backend client"));
    for type_ in [
        "Organization",
        "Practitioner",
        "Location",
        "HealthcareService",
        "PractitionerRole",
        "Schedule",
        "Patient",
    ] {
        for one in search(client, &format!("/fhir/{type_}?_count=1000")) {
            strings(&one, &mut known);
        }
    }
    for person in people {
        let id = person.text_at(&["id"]).expect("an id");
        for type_ in [
            "AllergyIntolerance",
            "Appointment",
            "CarePlan",
            "Communication",
            "Composition",
            "Condition",
            "Consent",
            "DiagnosticReport",
            "DocumentReference",
            "Encounter",
            "Immunization",
            "MedicationRequest",
            "MedicationStatement",
            "Observation",
            "Procedure",
            "RelatedPerson",
            "ServiceRequest",
        ] {
            for one in search(client, &format!("/fhir/{type_}?patient=Patient/{id}&_count=1000")) {
                strings(&one, &mut known);
            }
        }
    }
    for file in [
        include_str!("../../../care/pathways/demonstration.toml"),
        include_str!("../../../care/pathways/advice.toml"),
    ] {
        for (at, text) in file.split('"').enumerate() {
            known.extend((at % 2 == 1).then(|| pieces(text)).into_iter().flatten());
        }
    }
    known
}

/// The shape of an address: ids are alike.
fn shape(address: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let open = |part: &str| if part.contains(|c: char| c.is_ascii_digit()) { "{}" } else { part }.to_owned();
    let names = query.split('&').filter_map(|pair| pair.split('=').next());
    format!(
        "{}?{}",
        path.split('/').map(open).collect::<Vec<_>>().join("/"),
        names.collect::<Vec<_>>().join("&")
    )
}

/// Opens all that can be reached by links; gives what stood outside of brackets and is no data, with the first page it was on.
fn walked(
    reader: &mut Browser,
    starts: &[&str],
    known: &BTreeSet<String>,
) -> (usize, BTreeMap<String, String>) {
    let mut wait: VecDeque<String> = starts.iter().map(|start| (*start).to_owned()).collect();
    let mut seen: BTreeSet<String> = wait.iter().cloned().collect();
    let mut alike: BTreeMap<String, usize> = BTreeMap::new();
    let mut found = BTreeMap::new();
    let mut pages = 0;
    while let Some(address) = wait.pop_front() {
        let answer = reader.get(&address);
        if !answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html")) {
            continue;
        }
        let html = answer.text();
        pages += 1;
        for piece in outside(&html).into_iter().filter(|piece| !known.contains(piece)) {
            found.entry(piece).or_insert_with(|| address.clone());
        }
        for link in html.split(" href=\"").skip(1).filter_map(|after| after.split('"').next()) {
            let link = decoded(link.split('#').next().unwrap_or_default());
            let ours = link.starts_with('/') && !OTHERS.iter().any(|other| link.starts_with(other));
            if ours && seen.insert(link.clone()) {
                let count = alike.entry(shape(&link)).or_default();
                *count += 1;
                if *count <= ALIKE {
                    wait.push_back(link);
                }
            }
        }
    }
    (pages, found)
}

#[test]
fn what_no_catalogue_says_is_found() {
    let known = BTreeSet::from([String::from("example surgery"), String::from("asthma")]);
    let wrong = |html: &str| -> Vec<String> {
        outside(html).into_iter().filter(|piece| !known.contains(piece)).collect()
    };
    let (open, close) = MARKS;
    let said = |words: &str| format!("{open}{words}{close}");
    assert!(
        wrong(&format!("<h1>{}</h1><p>Example Surgery, Asthma (12)</p>", said("Your record"))).is_empty()
    );
    assert!(
        wrong(&format!("<p>{open}See <a href=\"/help\">{}</a> for more{close}</p>", said("all ways")))
            .is_empty()
    );
    assert_eq!(wrong("<h1>Your record</h1>"), ["your record"]);
    assert_eq!(wrong(&format!("<p>Ward staff, {}</p>", said("at Example"))), ["ward staff"]);
    assert_eq!(wrong("<p>Asthma</p><img alt=\"A chart\">"), ["a chart"]);
}

#[test]
fn whatever_a_patient_reads_is_said_by_the_catalogue() {
    let folder = tempfile::tempdir().unwrap();
    let bevan = Bevan::start_with(folder.path(), &["--demo"], &[("BEVAN_SERVER_LANGUAGE", "marked")]);
    let people = neighbours(&bevan);
    let patient = people[0].text_at(&["id"]).expect("an id").to_owned();
    let mut client = bevan.system();
    // A letter on somebody's behalf, and notices to a family.
    authorised(&mut client, &patient);
    let mut surgery = Browser::signed_in(&bevan, "surgery");
    approved(&bevan, &mut surgery, &people[0]);
    let place = begun(&mut surgery, &patient);
    order(&mut surgery, &place);
    book(&mut surgery, &place);
    surgery.post(&format!("{place}/home"), "/staff/on-behalf/end", &[]);
    let letters = search(&mut client, &format!("/fhir/Communication?patient=Patient/{patient}"));
    let written: Vec<&str> =
        letters.iter().filter_map(|one| one.items("payload").first()?.text_at(&["contentString"])).collect();
    for said in ["did this for you", "can now act for you"] {
        let letter = written
            .iter()
            .find(|words| words.contains(said))
            .unwrap_or_else(|| panic!("no letter says {said}: {written:?}"));
        let known = BTreeSet::from([String::from("assistol 5mg tablets")]);
        let wrong: Vec<String> =
            outside(&format!("{letter}<p>")).into_iter().filter(|piece| !known.contains(piece)).collect();
        assert!(wrong.is_empty(), "{wrong:?} in {letter}");
    }

    let known = data(&mut client, &people);
    let mut wrong = BTreeMap::new();
    let mut pages = 0;
    for (mut reader, starts) in [
        (Browser::visitor(&bevan), ["/", "/nothing/here"]),
        (Browser::signed_in(&bevan, "patient"), ["/home", "/results/none"]),
        (Browser::signed_in(&bevan, "carer"), ["/home", "/family"]),
    ] {
        let (some, found) = walked(&mut reader, &starts, &known);
        pages += some;
        wrong.extend(found);
    }
    assert!(pages > 150, "{pages} pages");
    let wrong: Vec<String> = wrong.into_iter().map(|(piece, page)| format!("{piece:?} on {page}")).collect();
    assert!(wrong.is_empty(), "no catalogue says:\n{}", wrong.join("\n"));
}
