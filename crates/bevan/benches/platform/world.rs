//! The population under load, made by the product's own commands, and the messages sent to it.

use crate::support::http::Client;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// A data directory with an imported population.
pub struct World {
    /// The data directory.
    pub data: PathBuf,
    /// Resources imported.
    pub resources: u64,
    /// Seconds the import took.
    pub import_s: f64,
    /// Size of the data directory after the import.
    pub bytes_on_disk: u64,
}

impl World {
    /// Generates people and imports them.
    pub fn make(folder: &Path, people: u64) -> Self {
        let (out, data) = (folder.join("people"), folder.join("data"));
        run(&["synth", "--people", &people.to_string(), "--seed", "7", "--out", &out.display().to_string()]);
        let resources = lines(&out);
        let started = Instant::now();
        run(&["import", "--data", &data.display().to_string(), &out.display().to_string()]);
        let import_s = started.elapsed().as_secs_f64();
        Self { resources, import_s, bytes_on_disk: size(&data), data }
    }

    /// Up to 1,000 patients' ids.
    pub fn patient_ids(&self, client: &mut Client) -> Vec<String> {
        let answer = client.get("/fhir/Patient?_count=1000&_elements=id").expect("a page of patients");
        texts(&answer.text(), "\"fullUrl\":\"")
            .iter()
            .filter_map(|url| url.rsplit('/').next().map(str::to_owned))
            .collect()
    }

    /// Family names of up to 1,000 patients.
    pub fn families(&self, client: &mut Client) -> Vec<String> {
        let answer = client.get("/fhir/Patient?_count=1000").expect("a page of patients");
        let plain = |name: &String| name.bytes().all(|byte| byte.is_ascii_alphabetic());
        texts(&answer.text(), "\"family\":\"").into_iter().filter(plain).collect()
    }
}

/// What stands between a mark and the next quote.
fn texts(text: &str, mark: &str) -> Vec<String> {
    text.split(mark).skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

fn run(arguments: &[&str]) {
    let status = Command::new(env!("CARGO_BIN_EXE_bevan")).args(arguments).status().expect("bevan runs");
    assert!(status.success(), "bevan {arguments:?}: {status}");
}

fn lines(folder: &Path) -> u64 {
    files(folder)
        .iter()
        .filter_map(|path| std::fs::read(path).ok())
        .map(|bytes| bytes.iter().filter(|b| **b == b'\n').count() as u64)
        .sum()
}

fn size(folder: &Path) -> u64 {
    files(folder).iter().filter_map(|path| path.metadata().ok()).map(|of| of.len()).sum()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// One vital sign of nobody in particular, different each time.
pub fn observation(client: usize, number: u64) -> String {
    format!(
        "{{\"resourceType\":\"Observation\",\"status\":\"final\",\"identifier\":[{{\"system\":\"urn:bench\",\"value\":\"{client}-{number}\"}}],\
         \"code\":{{\"coding\":[{{\"system\":\"http://loinc.org\",\"code\":\"8867-4\",\"display\":\"Heart rate\"}}]}},\
         \"effectiveDateTime\":\"2026-11-22T09:00:00Z\",\"valueQuantity\":{{\"value\":{},\"unit\":\"beats/minute\",\
         \"system\":\"http://unitsofmeasure.org\",\"code\":\"/min\"}}}}",
        50 + number % 100
    )
}

/// An A08 of a person of its own for each client.
pub fn update(client: usize, number: u64) -> String {
    format!(
        "MSH|^~\\&|BENCH|XEX{client:02}|BEVAN|BEVAN|20261122090000||ADT^A08|B{client}-{number}|P|2.4\r\
         EVN||20261122090000\rPID|1||{client}^^^BENCH||EXAMPLE{client}^ALEX||19700101|M\rPV1|1|I|W1^B1^{client}||||||||||||||||V{client}\r"
    )
}

/// Resident memory of a process in MB.
pub fn resident_mb(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<f64>().ok()).unwrap_or_default() / 1000.0
}

/// Processor and cores.
pub fn machine() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        cpu.lines().find(|line| line.starts_with("model name")).and_then(|line| line.split(": ").nth(1));
    format!(
        "{} × {}",
        std::thread::available_parallelism().map_or(0, usize::from),
        model.unwrap_or("unknown processor")
    )
}
