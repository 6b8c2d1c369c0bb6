//! From a raw scan to an ImagingStudy in the record: of the patient and for the order that were named, or not at all.

use super::{bevan, err, phantom};
use std::path::{Path, PathBuf};

const PATIENTS: &str = r#"{"resourceType":"Patient","id":"one","identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}]}
{"resourceType":"Patient","id":"two","identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990079196"}]}
{"resourceType":"ServiceRequest","id":"order","identifier":[{"value":"R5.1"}],"status":"active","intent":"order","subject":{"reference":"Patient/one"}}
"#;

fn import(folder: &Path, file: &Path) -> (i32, String) {
    let (data, report) = (folder.join("data"), folder.join("report.ndjson"));
    let paths = [&data, &report, &file.to_path_buf()].map(|path: &PathBuf| path.display().to_string());
    let [data, report, file] = &paths;
    let ran = bevan(&["import", "--data", data, "--report", report, file]);
    let said = std::fs::read_to_string(folder.join("report.ndjson")).unwrap_or_default();
    (ran.status.code().unwrap(), format!("{} {said}", err(&ran)))
}

#[test]
fn a_study_is_filed_with_the_named_patient_and_order_and_with_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let scan = phantom(folder.path(), &["--coils", "4", "--slices", "2"]);
    let people = folder.path().join("people.ndjson");
    std::fs::write(&people, PATIENTS).unwrap();
    assert_eq!(import(folder.path(), &people).0, 0);
    let study = |name: &str, options: &[&str]| {
        let out = folder.path().join(name);
        let words = ["reconstruct", scan.to_str().unwrap(), "--out", out.to_str().unwrap(), "--no-png"];
        let ran = bevan(&[&words[..], options].concat());
        assert_eq!(ran.status.code(), Some(0), "{}", err(&ran));
        out.join("imaging-study.json")
    };
    assert!(!study("nobody", &[]).exists(), "without a patient there is no study");
    let good = study("good", &["--patient", "999 000 0018", "--accession", "R5.1"]);
    let text = std::fs::read_to_string(&good).unwrap();
    assert!(text.contains("\"numberOfInstances\": 4") && text.contains("not for diagnosis"), "{text}");
    let (code, said) = import(folder.path(), &good);
    assert_eq!(code, 0, "{said}");
    // The order is the first patient's: it is not linked with the second's images, and neither are the images.
    let wrong = study("wrong", &["--patient", "9990079196", "--accession", "R5.1"]);
    let (code, said) = import(folder.path(), &wrong);
    assert!(code == 4 && said.contains("a conditional reference matches nothing"), "{code} {said}");
    let unknown = study("unknown", &["--patient", "https://hospital.example/mrn|77"]);
    let (code, said) = import(folder.path(), &unknown);
    assert!(code == 4 && said.contains("a conditional reference matches nothing"), "{code} {said}");
    assert!(!said.contains("9990079196"), "no number in a report: {said}");
}

#[test]
fn what_the_scan_says_of_the_patient_is_not_overruled() {
    let folder = tempfile::tempdir().unwrap();
    let path = phantom(folder.path(), &["--coils", "2"]);
    let bytes = std::fs::read(&path).unwrap();
    let mut scan = mri::formats::mrd::read(&bytes, mri::formats::mrd::Limits::default()).unwrap();
    let subject = "<subjectInformation><patientID>999 007 9196</patientID></subjectInformation><encoding>";
    scan.xml = scan.xml.replacen("<encoding>", subject, 1);
    assert!(scan.xml.contains("999 007 9196"));
    std::fs::write(&path, mri::formats::mrd::write(&scan).unwrap()).unwrap();
    let out = folder.path().join("out");
    let words = ["reconstruct", path.to_str().unwrap(), "--out", out.to_str().unwrap(), "--patient"];
    let ran = bevan(&[&words[..], &["9990000018"]].concat());
    assert_eq!(ran.status.code(), Some(1));
    assert!(err(&ran).contains("names another patient") && !out.exists(), "{}", err(&ran));
    let local = "https://hospital.example/mrn|A-78";
    let ran = bevan(&[&words[..], &[local]].concat());
    assert!(err(&ran).contains("names another patient") && !out.exists(), "{}", err(&ran));
    let ran = bevan(&[&words[..], &[local, "--other-number"]].concat());
    assert_eq!(ran.status.code(), Some(0), "{}", err(&ran));
    assert!(err(&ran).contains("note: the scan's own number"), "{}", err(&ran));
    std::fs::remove_dir_all(&out).unwrap();
    let ran = bevan(&[&words[..], &["9990079196"]].concat());
    assert_eq!(ran.status.code(), Some(0), "{}", err(&ran));
    assert!(!err(&ran).contains("own number"), "{}", err(&ran));
}
