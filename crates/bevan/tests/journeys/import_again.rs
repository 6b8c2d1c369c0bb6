//! `bevan import` of files that break off, and a second import of what was refused: nothing is kept back, nothing doubled.

use crate::document::read;
use crate::house::{Ran, database, run, text};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write as _;
use std::path::Path;
use tempfile::TempDir;

/// A folder of files, and a record beside it.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        std::fs::create_dir(place.0.path().join("files")).unwrap();
        place
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.0.path().join("files").join(name), bytes).unwrap();
    }

    fn import(&self) -> Ran {
        let (data, report) = (self.0.path().join("data"), self.0.path().join("report.ndjson"));
        let files = self.0.path().join("files");
        run(&["import", "--data", text(&data), "--report", text(&report), text(&files)])
    }

    /// File, place and reason of each refusal of the last import.
    fn refusals(&self) -> Vec<(String, String, String)> {
        let report = std::fs::read_to_string(self.0.path().join("report.ndjson")).unwrap();
        let of = |line: &str| {
            let line = read(line.as_bytes());
            let text = |name: &str| line.text_at(&[name]).unwrap().to_owned();
            let file = Path::new(&text("file")).file_name().unwrap().to_str().unwrap().to_owned();
            (file, text("place"), text("reason"))
        };
        report.lines().map(of).collect()
    }

    /// How many resources there are.
    fn resources(&self) -> u64 {
        let sql = "SELECT count(*) FROM resource";
        database(&self.0.path().join("data")).query_row(sql, [], |row| row.get(0)).unwrap()
    }
}

/// Lines without ids: one that is imported twice is there twice.
fn lines(numbers: std::ops::Range<u32>) -> String {
    numbers.map(|n| format!("{{\"resourceType\":\"Basic\",\"code\":{{\"text\":\"b{n}\"}}}}\n")).collect()
}

fn gz(text: &str) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(text.as_bytes()).unwrap();
    packed.finish().unwrap()
}

#[test]
fn a_gz_that_was_cut_off_is_reported_and_what_follows_is_read() {
    let place = Place::new();
    let whole = gz(&lines(0..2_600));
    place.put("a.ndjson.gz", &whole[..whole.len() - whole.len() / 8]);
    place.put("b.ndjson", lines(0..3).as_bytes());
    let first = place.import();
    assert_eq!(first.code, 4, "{first:?}");
    let kept = place.resources() - 3;
    assert!((1_000..2_600).contains(&kept), "{first:?}");
    assert!(first.err.contains(&format!("{} written, 0 there already, 1 refused", kept + 3)), "{first:?}");
    let said = place.refusals();
    let [(file, at, reason)] = said.as_slice() else { panic!("{said:?}") };
    assert_eq!((file.as_str(), at), ("a.ndjson.gz", &format!("after line {kept}")));
    assert!(reason.starts_with(&format!("{kept} lines were read and are kept")), "{reason}");

    let again = place.import();
    assert_eq!(again.code, 4, "{again:?}");
    assert!(again.err.contains(&format!("0 written, {} there already, 1 refused", kept + 3)), "{again:?}");

    place.put("a.ndjson.gz", &whole);
    let mended = place.import();
    assert_eq!(mended.code, 0, "{mended:?}");
    let rest = 2_600 - kept;
    assert!(mended.err.contains(&format!("{rest} written, {} there already, 0", kept + 3)), "{mended:?}");
    assert_eq!(place.resources(), 2_603, "nothing lost, nothing doubled");
}

#[test]
fn a_file_that_is_no_gz_and_one_that_cannot_be_read_stop_nothing() {
    let place = Place::new();
    place.put("a.ndjson.gz", b"this is not compressed");
    place.put("b.ndjson.gz", b"");
    let mut spoilt = gz(&lines(0..100));
    let end = spoilt.len() - 6;
    spoilt[end] ^= 1;
    place.put("c.ndjson.gz", &spoilt);
    place.put("d.ndjson", lines(0..3).as_bytes());
    let ran = place.import();
    assert_eq!(ran.code, 4, "{ran:?}");
    assert!(ran.err.contains("103 written, 0 there already, 3 refused"), "{ran:?}");
    let said = place.refusals();
    for (file, at) in
        [("a.ndjson.gz", "after line 0"), ("b.ndjson.gz", "after line 0"), ("c.ndjson.gz", "after line 100")]
    {
        assert!(said.iter().any(|one| (one.0.as_str(), one.1.as_str()) == (file, at)), "{said:?}");
    }
}

#[test]
fn what_was_refused_is_refused_again_with_its_reason() {
    let place = Place::new();
    let line = |code: &str| format!("{{\"resourceType\":\"Basic\",\"code\":{{\"text\":\"{code}\"}}}}\n");
    let bad = "{\"resourceType\":\"Basic\",\"nonsense\":1}\n";
    place.put("a.ndjson", format!("{}{bad}\n{}", line("a"), line("b")).as_bytes());
    let entries = format!(r#"[{{"resource":{}}},{{"resource":{}}}]"#, line("c").trim(), bad.trim());
    let bundle = format!(r#"{{"resourceType":"Bundle","type":"collection","entry":{entries}}}"#);
    place.put("b.json", bundle.as_bytes());
    // A discharge without a patient becomes a dead letter.
    place.put("c.hl7", b"MSH|^~\\&|A|B|C|D|20260101||ADT^A03|1|P|2.4\rEVN||20260101\r");
    let first = place.import();
    assert_eq!(first.code, 4, "{first:?}");
    let said = place.refusals();
    assert_eq!(said.len(), 3, "{said:?}");
    let second = place.import();
    assert_eq!(second.code, 4, "{second:?}");
    assert!(second.err.contains("0 written, 3 there already, 3 refused"), "{second:?}");
    assert_eq!(place.refusals(), said, "the same places and reasons");
    assert_eq!(place.resources(), 3);

    place.put("a.ndjson", format!("{}{}\n{}{}", line("a"), line("x"), line("b"), line("d")).as_bytes());
    let mended = place.import();
    assert!(mended.err.contains("2 written, 3 there already, 2 refused"), "{mended:?}");
    assert!(place.refusals().iter().all(|(file, ..)| file != "a.ndjson"));
    assert_eq!(place.resources(), 5, "what stands around the mended line is not doubled");
}

/// A transaction with one Basic resource about the patient whom another bundle brings.
fn about(number: &str) -> String {
    format!(
        "{{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[{{\"resource\":{{\"resourceType\":\"Basic\",\
         \"code\":{{\"text\":\"x\"}},\"subject\":{{\"reference\":\"Patient?identifier=a|{number}\"}}}},\
         \"request\":{{\"method\":\"POST\",\"url\":\"Basic\"}}}}]}}"
    )
}

fn bringing(number: &str) -> String {
    format!(
        "{{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":[{{\"resource\":{{\"resourceType\":\"Patient\",\
         \"identifier\":[{{\"system\":\"a\",\"value\":\"{number}\"}}]}},\
         \"request\":{{\"method\":\"POST\",\"url\":\"Patient\"}}}}]}}"
    )
}

#[test]
fn a_bundle_that_refers_to_a_later_one_goes_in_after_it() {
    let place = Place::new();
    for number in 1..=9 {
        place.put(&format!("a{number}.json"), about(&number.to_string()).as_bytes());
        place.put(&format!("z{number}.json"), bringing(&number.to_string()).as_bytes());
    }
    place.put("b.json", about("nobody").as_bytes());
    let ran = place.import();
    assert_eq!(ran.code, 4, "{ran:?}");
    assert!(ran.err.contains("18 written, 0 there already, 1 refused"), "{ran:?}");
    let refused: Vec<_> = place.refusals().into_iter().map(|(file, at, _)| (file, at)).collect();
    assert_eq!(refused, [("b.json".to_owned(), "transaction".to_owned())], "told once");
    assert_eq!(place.resources(), 18);
}
