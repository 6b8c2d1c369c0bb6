//! Every resource that is made here is a resource of R4 and keeps the rules of its UK Core profile: required
//! elements, extensions and codes that the package has. The package is read where it lies.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at what it did not expect"
)]

#[path = "../../../tests/located.rs"]
mod data;

use fhir::json::{Limits, Value, parse};
use fhir::validate::structural;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Read;
use synth::{Detail, Plan, World, record};

/// Resources of the system and of some hundred people, among them the dead, children, and one without a number.
fn resources() -> Vec<Value> {
    let world = World::new(Plan { seed: 11, people: 350, start: "2026-11-02T08:00:00Z".parse().unwrap() });
    let unnumbered = world.person(synth::number::CAPACITY + 5);
    let mut all = world.resources();
    all.extend(synth::directory(&world));
    for person in world.people().chain([unnumbered]) {
        all.extend(record(&world, &person, Detail::Full));
    }
    all
}

#[test]
fn every_resource_is_structurally_sound() {
    let mut kinds: BTreeMap<String, u32> = BTreeMap::new();
    for resource in resources() {
        let issues = structural(&resource);
        assert!(issues.is_empty(), "{issues:?}\n{}", fhir::json::to_string(&resource));
        *kinds.entry(resource.text_at(&["resourceType"]).unwrap().to_owned()).or_default() += 1;
    }
    println!("{kinds:?}");
    assert_eq!(kinds.len(), 20, "{kinds:?}");
}

#[test]
fn every_resource_keeps_its_uk_core_profile() {
    let Some(package) = data::located(
        "every_resource_keeps_its_uk_core_profile",
        "fhir/packages/fhir.r4.ukcore.stu2-2.0.2.tgz",
    ) else {
        return;
    };
    let package = definitions(&std::fs::read(package).unwrap());
    assert!(package.len() > 190, "{}", package.len());
    let mut faults = BTreeSet::new();
    let mut profiles = BTreeSet::new();
    for resource in resources() {
        // The package has a profile of every type in use but these three.
        if matches!(
            resource.text_at(&["resourceType"]),
            Some("DocumentReference" | "Consent" | "Communication")
        ) {
            continue;
        }
        let url = resource.text_at(&["meta", "profile"]).unwrap().to_owned();
        match package.get(&url) {
            None => {
                faults.insert(format!("no profile {url}"));
            }
            Some(profile) => required(profile, &resource, &mut faults),
        }
        profiles.insert(url);
        codes(&package, &resource, &mut faults);
    }
    println!("{} profiles: {profiles:?}", profiles.len());
    assert!(faults.is_empty(), "{faults:#?}");
    assert_eq!(profiles.len(), 19);
}

/// The package's definitions by their URLs.
fn definitions(tgz: &[u8]) -> HashMap<String, Value> {
    let mut tar = Vec::new();
    flate2::read::GzDecoder::new(tgz).read_to_end(&mut tar).unwrap();
    let mut found = HashMap::new();
    let mut at = 0;
    while at + 512 <= tar.len() && tar[at] != 0 {
        let header = &tar[at..at + 512];
        let name = String::from_utf8_lossy(&header[..100]).trim_end_matches('\0').to_owned();
        let size = String::from_utf8_lossy(&header[124..136]);
        let size = usize::from_str_radix(size.trim_matches(['\0', ' ']), 8).unwrap();
        let body = &tar[at + 512..at + 512 + size];
        at += 512 + size.div_ceil(512) * 512;
        if !name.ends_with(".json") || name.contains("/examples/") {
            continue;
        }
        let Ok(value) = parse(body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body), &Limits::default()) else {
            continue;
        };
        if let Some(url) = value.text_at(&["url"]) {
            found.insert(url.to_owned(), value.clone());
        }
    }
    found
}

/// Elements that the profile's differential requires, wherever their parent is present.
fn required(profile: &Value, resource: &Value, faults: &mut BTreeSet<String>) {
    let kind = resource.text_at(&["resourceType"]).unwrap();
    for element in profile.get("differential").unwrap().items("element") {
        let id = element.text_at(&["id"]).unwrap();
        let least = element.get("min").and_then(Value::as_number).and_then(|n| n.as_i64()).unwrap_or(0);
        let steps: Vec<&str> = id.split('.').skip(1).collect();
        if least == 0 || steps.is_empty() || id.contains("extension") {
            continue;
        }
        if id.contains(':') {
            // The only required slices are the laboratory categories.
            let laboratory = resource
                .items("category")
                .iter()
                .any(|category| matches!(category.text_at(&["coding", "code"]), Some("LAB" | "laboratory")));
            if id.ends_with("category:laboratory") && !laboratory {
                faults.insert(format!("{kind}: {id}"));
            }
            continue;
        }
        let mut parents = vec![resource];
        for (at, step) in steps.iter().enumerate() {
            let name = step.trim_end_matches("[x]");
            let mut children = Vec::new();
            for parent in &parents {
                let members = parent.as_object().unwrap().iter();
                let same =
                    |member: &str| member == name || (step.ends_with("[x]") && member.starts_with(name));
                let held: Vec<&Value> =
                    members.filter(|(member, _)| same(member)).map(|(_, value)| value).collect();
                if held.is_empty() && at + 1 == steps.len() {
                    faults.insert(format!("{kind}: {id} is missing"));
                }
                for value in held {
                    match value {
                        Value::Array(items) => children.extend(items),
                        one => children.push(one),
                    }
                }
            }
            parents = children;
        }
    }
}

/// Extensions under UK Core's address that the national demographics service uses and the package does not define.
const NATIONAL: [&str; 1] = [fhir::systems::prescription::NOMINATED_PHARMACY];

/// Codes of the package's complete code systems exist with that display; extensions of UK Core are defined.
fn codes(package: &HashMap<String, Value>, value: &Value, faults: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| codes(package, item, faults)),
        Value::Object(object) => {
            let text = |name: &str| object.get(name).and_then(Value::as_str);
            let extension = text("url").filter(|url| url.contains("fhir.hl7.org.uk"));
            if let Some(url) = extension.filter(|url| !package.contains_key(*url) && !NATIONAL.contains(url))
            {
                faults.insert(format!("no extension {url}"));
            }
            let system =
                text("system").filter(|system| system.starts_with("https://fhir.hl7.org.uk/CodeSystem/"));
            if let (Some(system), Some(code)) = (system, text("code")) {
                let known = package.get(system).map(|known| known.items("concept")).unwrap_or_default();
                match known.iter().find(|concept| concept.text_at(&["code"]) == Some(code)) {
                    None => {
                        faults.insert(format!("{system} has no {code}"));
                    }
                    Some(concept) => {
                        let (display, ours) = (concept.text_at(&["display"]), text("display"));
                        if ours.is_some() && ours != display {
                            faults.insert(format!("{system}#{code} is {display:?}, not {ours:?}"));
                        }
                    }
                }
            }
            object.iter().for_each(|(_, member)| codes(package, member, faults));
        }
        _ => {}
    }
}
