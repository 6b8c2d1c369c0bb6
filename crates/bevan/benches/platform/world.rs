//! The population under load, made and imported by the product's own commands.

use crate::support::http::Client;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// From this many people on, records are lean: demographics, problems, medicines, allergies, last measurements.
pub const LEAN_FROM: u64 = 10_000;
/// People whose records are imported as transaction bundles, at most.
const BUNDLES: usize = 500;

/// A data directory with an imported population.
pub struct World {
    /// The data directory.
    pub data: PathBuf,
    /// The import from NDJSON.
    pub ndjson: Import,
    /// The import from transaction bundles, a person each.
    pub bundles: Import,
    /// Bundles there were.
    pub bundle_count: usize,
}

/// One run of `bevan import`.
pub struct Import {
    /// Resources imported.
    pub resources: u64,
    /// How long it took, from start to end of the process.
    pub seconds: f64,
    /// Size of the database and its log afterwards.
    pub bytes: u64,
}

impl World {
    /// Generates people and imports them, once as NDJSON and some of them as transaction bundles.
    pub fn make(folder: &Path, people: u64) -> Self {
        let (out, data) = (folder.join("people"), folder.join("data"));
        let (number, out_text) = (people.to_string(), out.display().to_string());
        let mut arguments = vec!["synth", "--people", &number, "--seed", "7", "--out", &out_text];
        if people >= LEAN_FROM {
            arguments.push("--lean");
        }
        run(&arguments);
        let ndjson = import(&data, &out, lines(&out));
        let bundles = folder.join("bundles");
        let (bundle_count, resources) = write_bundles(&out.join("people-0000.ndjson"), &bundles);
        let bundles = import(&folder.join("data-of-bundles"), &bundles, resources);
        Self { data, ndjson, bundles, bundle_count }
    }
}

/// Ids of up to 1,000 patients whom the client may see.
pub fn patient_ids(client: &mut Client) -> Vec<String> {
    let answer = client.get("/fhir/Patient?_count=1000&_elements=id").expect("a page of patients");
    let urls = texts(&answer.text(), "\"fullUrl\":\"");
    urls.iter().filter_map(|url| url.rsplit('/').next().map(str::to_owned)).collect()
}

/// Family names of up to 1,000 patients whom the client may see, as often as they occur.
pub fn families(client: &mut Client) -> Vec<String> {
    let answer = client.get("/fhir/Patient?_count=1000").expect("a page of patients");
    let plain = |name: &String| name.bytes().all(|byte| byte.is_ascii_alphabetic());
    texts(&answer.text(), "\"family\":\"").into_iter().filter(plain).collect()
}

/// How many patients an answer to these searches holds, on average.
pub fn patients_an_answer(client: &mut Client, searches: &[String]) -> f64 {
    let asked = searches.len().min(100);
    let held = |path: &String| {
        let answer = client.get(path).expect("a page of patients").text();
        answer.matches("\"fullUrl\"").count()
    };
    let patients: usize = searches.iter().take(asked).map(held).sum();
    patients as f64 / asked.max(1) as f64
}

fn import(data: &Path, from: &Path, resources: u64) -> Import {
    let started = Instant::now();
    run(&["import", "--data", &data.display().to_string(), &from.display().to_string()]);
    let seconds = started.elapsed().as_secs_f64();
    let size = |name: &str| data.join(name).metadata().map_or(0, |about| about.len());
    Import { resources, seconds, bytes: size("bevan.sqlite") + size("bevan.sqlite-wal") }
}

/// What stands between a mark and the next quote.
fn texts(text: &str, mark: &str) -> Vec<String> {
    text.split(mark).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

fn run(arguments: &[&str]) {
    let status = Command::new(env!("CARGO_BIN_EXE_bevan")).args(arguments).status().expect("bevan runs");
    assert!(status.success(), "bevan {arguments:?}: {status}");
}

/// A transaction bundle for each of the first people of a file, whose records each begin with the Patient.
fn write_bundles(people: &Path, folder: &Path) -> (usize, u64) {
    std::fs::create_dir_all(folder).expect("a folder for bundles");
    let text = std::fs::read_to_string(people).expect("the people");
    let mut records: Vec<Vec<&str>> = Vec::new();
    for line in text.lines() {
        if line.starts_with("{\"resourceType\":\"Patient\"") {
            records.push(Vec::new());
        }
        records.last_mut().expect("a record begins with its Patient").push(line);
    }
    records.truncate(BUNDLES);
    for (number, record) in records.iter().enumerate() {
        let entries: Vec<String> = record.iter().map(|line| entry(line)).collect();
        let file = std::fs::File::create(folder.join(format!("person-{number:05}.json"))).expect("a bundle");
        let mut out = std::io::BufWriter::new(file);
        let head = "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[";
        write!(out, "{head}{}]}}", entries.join(",")).expect("a bundle is written");
    }
    (records.len(), records.iter().map(|record| record.len() as u64).sum())
}

fn entry(line: &str) -> String {
    let first =
        |mark: &str| line.split(mark).nth(1).and_then(|rest| rest.split('"').next()).expect("a member");
    let (name, id) = (first("\"resourceType\":\""), first("\"id\":\""));
    format!("{{\"resource\":{line},\"request\":{{\"method\":\"PUT\",\"url\":\"{name}/{id}\"}}}}")
}

fn lines(folder: &Path) -> u64 {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    files
        .filter_map(|path| std::fs::read(path).ok())
        .map(|bytes| bytes.iter().filter(|byte| **byte == b'\n').count() as u64)
        .sum()
}
