//! `bevan import` of every Synthea bundle: nothing refused, everything read back equal, nothing doubled by a second run,
//! and the same end after kill -9 in the middle.

use crate::corpus::{self, located};
use crate::document::{content_without_id, read};
use crate::house::{Ran, command, database, run, text, until};
use crate::support::http::Client;
use crate::support::process::Bevan;
use fhir::json::Value;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::process::Stdio;

const FILES: usize = 30;
const RESOURCES: usize = 8_423;

/// The resources of the bundles, each with the address `file urn:uuid:…`, in order: some files share an address.
struct Given(Vec<(String, Value)>);

impl Given {
    fn read(files: &[PathBuf]) -> Self {
        let mut resources = Vec::new();
        for (number, file) in files.iter().enumerate() {
            let bundle = read(&std::fs::read(file).unwrap());
            for entry in bundle.items("entry") {
                let urn = format!("{number} {}", entry.text_at(&["fullUrl"]).unwrap());
                resources.push((urn, entry.get("resource").unwrap().clone()));
            }
        }
        assert_eq!(resources.len(), RESOURCES);
        Self(resources)
    }

    fn counts(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for (_, resource) in &self.0 {
            *counts.entry(kind(resource)).or_default() += 1;
        }
        counts
    }
}

fn kind(resource: &Value) -> String {
    resource.text_at(&["resourceType"]).unwrap().to_owned()
}

/// Every resource of those types, through search with paging.
fn everything(client: &mut Client, types: impl Iterator<Item = String>) -> Vec<Value> {
    let mut found = Vec::new();
    for name in types {
        let mut next = Some(format!("/fhir/{name}?_count=500"));
        while let Some(path) = next {
            let answer = client.get(&path).unwrap();
            assert_eq!(answer.status, 200, "{path}: {}", answer.text());
            let page = read(&answer.body);
            found.extend(page.items("entry").iter().map(|entry| entry.get("resource").unwrap().clone()));
            let link = page.items("link").iter().find(|link| link.text_at(&["relation"]) == Some("next"));
            next = link.map(|link| {
                format!("/fhir{}", link.text_at(&["url"]).unwrap().split("/fhir").nth(1).unwrap())
            });
        }
    }
    found
}

/// Replaces every text that `rename` knows, anywhere in a document.
fn renamed(value: &Value, rename: &dyn Fn(&str) -> Option<String>) -> Value {
    match value {
        Value::String(text) => rename(text).map_or_else(|| value.clone(), |text| Value::from(text.as_str())),
        Value::Array(items) => Value::Array(items.iter().map(|item| renamed(item, rename)).collect()),
        Value::Object(members) => {
            Value::object(members.iter().map(|(name, member)| (name.to_owned(), renamed(member, rename))))
        }
        other => other.clone(),
    }
}

/// Content with every reference inside the import struck out: it is the same whatever ids the server chose. Sorted.
fn shapes<'v>(resources: impl Iterator<Item = &'v Value>) -> Vec<String> {
    let local = |text: &str| {
        let (name, id) = text.split_once('/').unwrap_or(("", ""));
        (text.starts_with("urn:uuid:")
            || fhir::definitions::definitions().is_resource(name) && id.len() == 36)
            .then(|| "struck out".to_owned())
    };
    let mut shapes: Vec<String> =
        resources.map(|resource| content_without_id(&renamed(resource, &local))).collect();
    shapes.sort();
    shapes
}

fn synthea(test: &str) -> Option<(PathBuf, Vec<PathBuf>)> {
    let folder = located(test, "fhir/synthea")?;
    let files = corpus::files(&folder, ".json");
    assert_eq!(files.len(), FILES);
    Some((folder, files))
}

fn import(data: &Path, folder: &Path) -> Ran {
    let ran = run(&["import", "--data", text(data), text(folder)]);
    assert_eq!(ran.code, 0, "{ran:?}");
    ran
}

/// The files in the order in which they went in: several are imported at once, and the mark of each is in its commit.
fn as_they_went_in(data: &Path, files: &[PathBuf]) -> Vec<PathBuf> {
    let database = database(data);
    let sql = "SELECT stream FROM fact WHERE stream LIKE 'import:%' ORDER BY id";
    let mut rows = database.prepare(sql).unwrap();
    let rows = rows.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let ordered: Vec<PathBuf> =
        rows.map(|stream| PathBuf::from(stream.unwrap().strip_prefix("import:").unwrap())).collect();
    let all = |files: &[PathBuf]| -> HashSet<PathBuf> {
        files.iter().map(|file| file.canonicalize().unwrap()).collect()
    };
    assert_eq!((ordered.len(), all(&ordered)), (files.len(), all(files)), "each file went in once");
    ordered
}

/// The address of every resource, in the order of the import: each bundle is one commit, and the change feed keeps the
/// order of its entries. The comparison that follows would fail for any two that were mixed up.
fn addresses(data: &Path) -> Vec<String> {
    let database = database(data);
    let sql = "SELECT t.name || '/' || r.id FROM version v JOIN resource r ON r.rid = v.rid \
               JOIN type t ON t.id = r.type ORDER BY v.position";
    let mut rows = database.prepare(sql).unwrap();
    let rows = rows.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

/// A server on an imported record; its demo people come after what was imported.
fn served(data: &Path) -> Bevan {
    Bevan::start(data)
}

#[test]
fn all_synthea_bundles_import_with_0_refused_and_read_back_equal() {
    let test = "all_synthea_bundles_import_with_0_refused_and_read_back_equal";
    let Some((folder, files)) = synthea(test) else { return };
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let ran = import(&data, &folder);
    let given = Given::read(&as_they_went_in(&data, &files));
    assert!(ran.err.contains("8423 written, 0 there already, 0 refused"), "{ran:?}");
    let again = import(&data, &folder);
    assert!(again.err.contains("0 written, 30 there already, 0 refused"), "{again:?}");
    let addresses = addresses(&data);
    assert_eq!(addresses.len(), RESOURCES, "nothing is doubled");

    let known: HashMap<&str, &str> =
        given.0.iter().zip(&addresses).map(|((urn, _), address)| (urn.as_str(), address.as_str())).collect();
    let bevan = served(&data);
    let pairs: Vec<_> = given.0.iter().zip(&addresses).collect();
    std::thread::scope(|scope| {
        for part in pairs.chunks(pairs.len().div_ceil(3)) {
            let (bevan, known) = (&bevan, &known);
            scope.spawn(move || {
                let mut client = bevan.system();
                for ((urn, resource), address) in part {
                    let answer = client.get(&format!("/fhir/{address}")).unwrap();
                    assert_eq!(answer.status, 200, "{address}");
                    let file = urn.split(' ').next().unwrap();
                    let address_of = |text: &str| known.get(format!("{file} {text}").as_str());
                    let resolved =
                        renamed(resource, &|text| address_of(text).map(|known| (*known).to_owned()));
                    let stored = content_without_id(&read(&answer.body));
                    assert!(
                        stored == content_without_id(&resolved),
                        "{address} came back otherwise: {stored}"
                    );
                }
            });
        }
    });
    for (name, count) in given.counts() {
        let database = database(&data);
        let sql = "SELECT count(*) FROM resource r JOIN type t ON t.id = r.type \
                   WHERE t.name = ?1 AND r.deleted = 0 AND r.position <= ?2";
        let stored: usize = database.query_row(sql, (&name, RESOURCES), |row| row.get(0)).unwrap();
        assert_eq!(stored, count, "{name}");
    }
}

#[test]
fn an_import_killed_in_the_middle_goes_on_where_it_stopped() {
    let test = "an_import_killed_in_the_middle_goes_on_where_it_stopped";
    let Some((folder, files)) = synthea(test) else { return };
    let (home, given) = (tempfile::tempdir().unwrap(), Given::read(&files));
    let data = home.path().join("data");
    for floor in [1_000, 4_000] {
        let mut child =
            command(&["import", "--data", text(&data), text(&folder)]).stderr(Stdio::null()).spawn().unwrap();
        until("the import is in the middle", 120, || written(&data) >= floor);
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(written(&data) < RESOURCES, "it was killed before its end");
    }
    let ran = import(&data, &folder);
    assert!(ran.err.contains(", 0 refused") && !ran.err.contains(" 0 there already"), "{ran:?}");
    assert_eq!(written(&data), RESOURCES, "nothing lost, nothing doubled");
    let bevan = served(&data);
    let stored = everything(&mut bevan.system(), given.counts().into_keys());
    let imported: Vec<Value> = {
        let addresses: HashSet<String> = addresses(&data).into_iter().take(RESOURCES).collect();
        let address = |one: &Value| format!("{}/{}", kind(one), one.text_at(&["id"]).unwrap());
        stored.into_iter().filter(|one| addresses.contains(&address(one))).collect()
    };
    let uninterrupted = shapes(given.0.iter().map(|(_, resource)| resource));
    assert!(shapes(imported.iter()) == uninterrupted, "the record is not that of an import in one go");
    drop(bevan);
    assert_eq!(run(&["doctor", "--data", text(&data)]).code, 0);
}

/// How many versions an import has committed so far; none while there is no database.
fn written(data: &Path) -> usize {
    let Ok(database) = rusqlite::Connection::open_with_flags(
        data.join("bevan.sqlite"),
        rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY,
    ) else {
        return 0;
    };
    database.query_row("SELECT count(*) FROM version", [], |row| row.get(0)).unwrap_or(0)
}

#[test]
fn what_is_refused_is_reported_with_its_place_and_stops_nothing() {
    let home = tempfile::tempdir().unwrap();
    let (data, report) = (home.path().join("data"), home.path().join("report.ndjson"));
    let write = |name: &str, bytes: &[u8]| std::fs::write(home.path().join(name), bytes).unwrap();
    write("a.ndjson", b"{\"resourceType\":\"Basic\",\"id\":\"a\",\"code\":{\"text\":\"x\"}}\n{\"resourceType\":\n\n{\"resourceType\":\"Patient\",\"birthDate\":\"2026-02-30\"}\n{\"resourceType\":\"Basic\",\"id\":\"b\",\"code\":{\"text\":\"x\"}}");
    write("b.json", b"{\"resourceType\":\"Basic\",\"id\":\"c\",\"code\":{\"text\":\"\xff\"}}");
    write("c.json", br#"{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"resourceType":"Basic","code":{"text":"x"}},"request":{"method":"POST","url":"Basic"}},{"resource":{"resourceType":"Basic"},"request":{"method":"POST","url":"Basic"}}]}"#);
    write("d.hl7", b"FHS|^~\\&\rBHS|^~\\&\rBTS|0\rFTS|1\r");
    write("e.hl7", b"PID|1||no header\rPV1|1\r");
    write("f.json", br#"{"resourceType":"Bundle","type":"searchset","entry":[{"resource":{"resourceType":"Basic","id":"a","meta":{"tag":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}]},"code":{"text":"x"}}}]}"#);
    let words = ["import", "--data", text(&data), "--report", text(&report), text(home.path())];
    let ran = run(&words);
    assert_eq!(ran.code, 4, "{ran:?}");
    assert!(ran.err.contains("2 written, 0 there already, 6 refused"), "{ran:?}");
    let lines = std::fs::read_to_string(&report).unwrap();
    let said: Vec<(String, String)> = lines
        .lines()
        .map(|line| {
            let line = read(line.as_bytes());
            let text = |name: &str| line.text_at(&[name]).unwrap().to_owned();
            (corpus::name(Path::new(&text("file"))) + ", " + &text("place"), text("reason"))
        })
        .collect();
    for (place, reason) in [
        ("a.ndjson, line 2", "line 1, column"),
        ("a.ndjson, line 4", "Patient.birthDate: birthDate is not a date that exists"),
        ("b.json, document", "UTF-8"),
        ("c.json, transaction", "entry[1]"),
        ("e.hl7, message", "no MSH segment"),
        ("f.json, entry 1", "Basic.meta.tag: this is a part of a resource"),
    ] {
        assert!(said.iter().any(|(at, why)| at == place && why.contains(reason)), "{place}: {said:?}");
    }
    let again = run(&words);
    assert_eq!(written(&data), 2, "{again:?}");
}
