//! What `/metrics` says: in the form that collectors read, of everything an operator watches, and of nobody. What it is read
//! with here takes nothing but that form; where Python's `prometheus_client` is installed, its parser must read the same.

use crate::browser::Browser;
use crate::house::{House, run, running, text, until};
use crate::support::mllp::{Sender, code};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::process::{Command, Stdio};

const CANARY: &str = "Kanarienvogel";

/// One sample: its name, its labels, its value as it stands.
type Sample = (String, BTreeMap<String, String>, String);

/// The samples of each family, with its kind. Panics at whatever the format does not allow.
fn families(page: &str) -> BTreeMap<String, (String, Vec<Sample>)> {
    let mut families: BTreeMap<String, (String, Vec<Sample>)> = BTreeMap::new();
    let (mut helped, mut current) = (None, String::new());
    assert!(page.ends_with('\n'), "the last line has an end");
    for line in page.lines() {
        if let Some(rest) = line.strip_prefix("# HELP ") {
            helped = rest.split_once(' ').map(|(name, _)| name.to_owned());
        } else if let Some(rest) = line.strip_prefix("# TYPE ") {
            let (name, kind) = rest.split_once(' ').expect("a kind");
            assert_eq!(helped.as_deref(), Some(name), "help comes first: {line}");
            assert!(matches!(kind, "counter" | "gauge" | "histogram"), "{line}");
            assert!(
                families.insert(name.to_owned(), (kind.to_owned(), Vec::new())).is_none(),
                "twice: {line}"
            );
            current = name.to_owned();
        } else {
            let sample = sample(line);
            let (kind, samples) = families.get_mut(&current).expect("a family");
            let ending =
                sample.0.strip_prefix(current.as_str()).unwrap_or_else(|| panic!("another family: {line}"));
            let fits = if kind == "histogram" {
                matches!(ending, "_bucket" | "_sum" | "_count")
            } else {
                ending.is_empty()
            };
            assert!(fits, "{line}");
            let known = samples.iter().any(|(name, labels, _)| (name, labels) == (&sample.0, &sample.1));
            assert!(!known, "twice: {line}");
            samples.push(sample);
        }
    }
    families
}

fn sample(line: &str) -> Sample {
    let (head, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("no value: {line}"));
    assert!(value == "+Inf" || value.parse::<f64>().is_ok_and(f64::is_finite), "no number: {line}");
    let (name, rest) = head.split_once('{').map_or((head, None), |(name, rest)| (name, Some(rest)));
    assert!(is_name(name), "{line}");
    let mut labels = BTreeMap::new();
    let mut rest = match rest {
        Some(rest) => rest.strip_suffix('}').unwrap_or_else(|| panic!("no end: {line}")),
        None => "",
    };
    while !rest.is_empty() {
        let (label, after) = rest.split_once("=\"").unwrap_or_else(|| panic!("no label: {line}"));
        assert!(is_name(label) && !label.contains(':'), "{line}");
        let mut value = String::new();
        let mut letters = after.char_indices();
        let end = loop {
            match letters.next().unwrap_or_else(|| panic!("no quote: {line}")) {
                (at, '"') => break at,
                (_, '\\') => value.push(match letters.next().map(|(_, letter)| letter) {
                    Some('n') => '\n',
                    Some(letter @ ('"' | '\\')) => letter,
                    other => panic!("{other:?} escaped: {line}"),
                }),
                (_, letter) => value.push(letter),
            }
        };
        assert!(labels.insert(label.to_owned(), value).is_none(), "twice: {line}");
        rest = &after[end + 1..];
        rest = rest.strip_prefix(',').unwrap_or(rest);
    }
    (name.to_owned(), labels, value.to_owned())
}

fn is_name(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && letters.all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '_' | ':'))
}

/// Each histogram has ascending bounds, counts that do not fall, and as many values beyond no bound as it counts.
fn histograms_hold(families: &BTreeMap<String, (String, Vec<Sample>)>) {
    let mut held = 0;
    for (name, (_, samples)) in families.iter().filter(|(_, (kind, _))| kind == "histogram") {
        let mut series: BTreeMap<BTreeMap<String, String>, Vec<(f64, u64)>> = BTreeMap::new();
        for (_, labels, value) in samples.iter().filter(|(sample, ..)| *sample == format!("{name}_bucket")) {
            let mut labels = labels.clone();
            let bound = labels.remove("le").expect("a bound");
            let bound = if bound == "+Inf" { f64::INFINITY } else { bound.parse().expect("a bound") };
            series.entry(labels).or_default().push((bound, value.parse().expect("a count")));
        }
        for (labels, buckets) in series {
            assert!(
                buckets.is_sorted_by(|one, next| one.0 < next.0 && one.1 <= next.1),
                "{name} {labels:?} {buckets:?}"
            );
            let last = buckets.last().expect("a bucket");
            let of = |ending: &str| {
                let wanted = format!("{name}_{ending}");
                let found = samples.iter().find(|(sample, with, _)| (sample, with) == (&wanted, &labels));
                found.unwrap_or_else(|| panic!("no {wanted} {labels:?}")).2.clone()
            };
            assert_eq!((last.0, last.1.to_string()), (f64::INFINITY, of("count")), "{name} {labels:?}");
            assert!(of("sum").parse::<f64>().expect("a sum") >= 0.0);
            held += 1;
        }
    }
    assert!(held > 5, "only {held} histograms");
}

/// How many samples the parser of Python's `prometheus_client` finds; `None` where it is not installed.
fn read_by_others(page: &str) -> Option<usize> {
    const SCRIPT: &str = "import sys\nfrom prometheus_client.parser import text_string_to_metric_families as read\n\
                          print(sum(len(family.samples) for family in read(sys.stdin.read())))";
    let there = Command::new("python3")
        .args(["-c", "import prometheus_client.parser"])
        .stderr(Stdio::null())
        .status();
    if !there.is_ok_and(|status| status.success()) {
        eprintln!("skipped: metrics read by prometheus_client: it is not installed");
        return None;
    }
    let mut reader = Command::new("python3")
        .args(["-c", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 runs");
    reader.stdin.take().expect("its input").write_all(page.as_bytes()).expect("sent");
    let output = reader.wait_with_output().expect("it ends");
    assert!(output.status.success(), "prometheus_client does not read the page");
    Some(String::from_utf8_lossy(&output.stdout).trim().parse().expect("a count"))
}

/// The addresses that the pages and the FHIR door have, and those of whoever runs the house.
fn templates() -> BTreeSet<String> {
    let listed = run(&["routes"]).out;
    let pages = listed.lines().flat_map(|line| {
        let parts: Vec<&str> = line.split('\t').collect();
        [parts[1].to_owned(), parts.get(3).unwrap_or(&"").to_string()]
    });
    let fhir = interop::fhir::ROUTES.iter().map(|route| format!("/fhir{}", route.path.trim_end_matches('/')));
    let own = ["/assets/{file}", "/livez", "/readyz", "/metrics", "other"].map(str::to_owned);
    pages.chain(fhir).chain(own).collect()
}

fn page(house: &House) -> String {
    let answer = house.bevan.client().get("/metrics").unwrap();
    assert_eq!(answer.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    answer.text()
}

/// Asks for this person everywhere that a name can be written, and sends it by every door.
fn leave_traces(house: &House) {
    let mut system = house.bevan.system();
    let patient = format!(r#"{{"resourceType":"Patient","id":"{CANARY}","name":[{{"family":"{CANARY}"}}]}}"#);
    assert_eq!(system.put_fhir(&format!("/fhir/Patient/{CANARY}"), patient.as_bytes()).unwrap().status, 201);
    let condition = format!("family={CANARY}");
    let created = system.send(
        "POST",
        "/fhir/Patient",
        &[("Content-Type", "application/fhir+json"), ("If-None-Exist", &condition)],
        patient.as_bytes(),
    );
    assert_eq!(created.unwrap().status, 200);
    for path in [
        format!("/fhir/Patient/{CANARY}"),
        format!("/fhir/Patient?family={CANARY}"),
        format!("/fhir/{CANARY}"),
        format!("/fhir/Patient/{CANARY}/_history/1"),
        format!("/fhir/a/b/c/d/{CANARY}"),
        format!("/{CANARY}?name={CANARY}"),
        format!("/assets/{CANARY}.css"),
        format!("/staff/patients/{CANARY}"),
        format!("/livez?{CANARY}"),
    ] {
        system.get(&path).unwrap();
    }
    system.send(&CANARY.to_uppercase(), "/fhir", &[("X-Name", CANARY)], b"").unwrap();
    house.bevan.client().bearer(CANARY).get("/fhir/Patient").unwrap();
    let mut staff = Browser::signed_in(&house.bevan, "ward-manager");
    staff.post("/staff/patients", "/staff/patients", &[("q", CANARY)]);
    staff.get(&format!("/staff/patients/{CANARY}/results"));
    let message = format!(
        "MSH|^~\\&|{CANARY}|RX1|BEVAN|BEVAN|20261101090000||ADT^A28|{CANARY}|P|2.4\rEVN|A28|20261101090000\r\
         PID|1||{CANARY}^^^RX1||{CANARY}^SAM||19700101|F\r"
    );
    let answer = Sender::connect(house.bevan.mllp).unwrap().send(message.as_bytes()).unwrap();
    assert_eq!(code(&answer).as_deref(), Some("AA"));
    house.settled();
}

#[test]
fn metrics_are_read_by_collectors_and_name_nobody() {
    let house = running();
    leave_traces(&house);
    let page = page(&house);
    assert!(!page.to_lowercase().contains(&CANARY.to_lowercase()), "{page}");
    let families = families(&page);
    histograms_hold(&families);
    if let Some(samples) = read_by_others(&page) {
        assert_eq!(samples, families.values().map(|(_, samples)| samples.len()).sum::<usize>());
    }
    let templates = templates();
    for (_, samples) in families.values() {
        for (name, labels, _) in samples {
            for (label, value) in labels {
                let bounded = match label.as_str() {
                    "route" => templates.contains(value),
                    "method" => matches!(value.as_str(), "GET" | "POST" | "PUT" | "DELETE" | "other"),
                    "status" => matches!(value.as_str(), "1xx" | "2xx" | "3xx" | "4xx" | "5xx"),
                    "le" => true,
                    _ => false,
                };
                assert!(bounded, "{name} {labels:?}");
            }
        }
    }
    let count = |family: &str, wanted: &[(&str, &str)]| -> u64 {
        let samples = &families.get(family).unwrap_or_else(|| panic!("no {family}")).1;
        let fits = |labels: &BTreeMap<String, String>| {
            wanted.iter().all(|(name, value)| labels.get(*name).map(String::as_str) == Some(value))
        };
        samples
            .iter()
            .filter(|(_, labels, _)| fits(labels))
            .map(|(.., value)| value.parse::<u64>().unwrap())
            .sum()
    };
    let requests = "bevan_http_requests_total";
    let read = [("route", "/fhir/{type}/{id}"), ("method", "GET"), ("status", "2xx")];
    assert_eq!(count(requests, &read), 1);
    assert_eq!(count(requests, &[("route", "/fhir/{type}/{id}"), ("method", "PUT"), ("status", "2xx")]), 1);
    assert_eq!(count(requests, &[("route", "/fhir/{type}"), ("method", "GET"), ("status", "4xx")]), 2);
    assert_eq!(count(requests, &[("route", "other"), ("status", "4xx")]), 2);
    assert_eq!(count(requests, &[("route", "/staff/patients/{id}"), ("status", "3xx")]), 1, "signed out");
    assert_eq!(count(requests, &[("method", "other")]), 1);
    let of_commits = |ending: &str| {
        let name = format!("bevan_store_commit_{ending}");
        let (_, samples) =
            families.values().find(|(_, all)| all.iter().any(|one| one.0 == name)).expect("a family");
        samples.iter().find(|one| one.0 == name).unwrap().2.clone()
    };
    assert!(of_commits("writes_sum").parse::<u64>().unwrap() >= 2);
    assert!(of_commits("reads_sum").parse::<u64>().unwrap() >= 2);
    assert!(of_commits("duration_seconds_sum").parse::<f64>().unwrap() > 0.0);
    assert!(
        of_commits("duration_seconds_count").parse::<u64>().unwrap()
            >= of_commits("writes_count").parse().unwrap()
    );
    assert_eq!(count("bevan_store_commits_failed_total", &[]), 0);
    assert!(count("bevan_inbox_applied", &[]) + count("bevan_inbox_dead", &[]) >= 1);
    assert!(count("bevan_store_database_bytes", &[]) > 0);
}

#[test]
fn the_age_of_the_last_whole_backup_is_told() {
    let house = running();
    let age = || {
        let families = families(&page(&house));
        families["bevan_backup_age_seconds"].1[0].2.clone()
    };
    assert_eq!(age(), "+Inf", "without a backup an alarm goes off");
    let data = text(&house.bevan.data).to_owned();
    let full = house.folder.path().join("full");
    std::fs::create_dir(&full).unwrap();
    std::fs::write(full.join("file"), "x").unwrap();
    assert_eq!(run(&["backup", "--data", &data, "--to", text(&full)]).code, 1);
    assert_eq!(age(), "+Inf", "a backup that was not made counts for nothing");
    let target = house.folder.path().join("backup");
    assert_eq!(run(&["backup", "--data", &data, "--to", text(&target)]).code, 0);
    let first: u64 = age().parse().unwrap();
    assert!(first < 600, "{first}");
    until("a backup grows older", 20, || age().parse::<u64>().unwrap() > first);
    let other = house.folder.path().join("restored");
    assert_eq!(run(&["restore", "--from", text(&target), "--data", text(&other)]).code, 0);
    assert!(!other.join("bevan.backed-up").exists(), "a restored record has no backup of its own yet");
}
