//! Messages and answers of national services: each is taken and comes back equal, or is refused for the reason that stands
//! in `national.tsv`.

use crate::corpus::{compare, located};
use crate::document::{content_without_id, refusal};
use crate::house::running;
use fhir::json::{Limits, parse};
use std::path::{Path, PathBuf};

/// Files of each service; the loss of one fails the test.
const SERVICES: [(&str, usize); 3] = [("eps", 70), ("bars", 45), ("pds", 12)];

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "json") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn national_messages_are_taken_or_say_precisely_what_is_wrong_with_them() {
    let test = "national_messages_are_taken_or_say_precisely_what_is_wrong_with_them";
    let Some(folder) = located(test, "fhir/eps").and_then(|eps| eps.parent().map(Path::to_path_buf)) else {
        return;
    };
    let house = running();
    let mut client = house.bevan.system();
    let mut lines = Vec::new();
    let mut taken = 0;
    for (service, count) in SERVICES {
        let files = files(&folder.join(service));
        assert_eq!(files.len(), count, "{service}");
        for file in files {
            let (name, bytes) = (crate::corpus::name(&file), std::fs::read(&file).unwrap());
            let given = parse(&bytes, &Limits::default()).ok();
            let kind = given.as_ref().and_then(|given| given.text_at(&["resourceType"])).unwrap_or("Bundle");
            let answer = client.post_fhir(&format!("/fhir/{kind}"), &bytes).unwrap();
            if answer.status == 201 {
                let location =
                    answer.header("location").unwrap().split("/_history").next().unwrap().to_owned();
                let stored =
                    client.get(&format!("/fhir{}", location.split("/fhir").nth(1).unwrap())).unwrap();
                let stored = content_without_id(&crate::document::read(&stored.body));
                assert!(stored == content_without_id(&given.unwrap()), "{name} came back otherwise");
                taken += 1;
            } else {
                let (status, code, place, words) = refusal(&answer);
                lines.push(format!("{service}\t{name}\t{status}\t{code}\t{place}\t{words}"));
            }
        }
    }
    println!("{taken} national messages taken, {} refused", lines.len());
    compare(&lines, include_str!("national.tsv"), "national.tsv");
}
