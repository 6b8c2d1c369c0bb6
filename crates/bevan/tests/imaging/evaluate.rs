//! `bevan mri evaluate` as a person runs it.

use super::{bevan, err};
use serde_json::Value;

const SCANS: [&str; 8] = ["mri", "evaluate", "--pixels", "64", "--accelerations", "3", "--cases", "1"];

/// On scans of a family that training never sees, unless the options name another.
fn evaluate(options: &[&str]) -> (Option<i32>, String, String) {
    let family: &[&str] = if options.contains(&"--families") { &[] } else { &["--families", "spine"] };
    let ran = bevan(&[&SCANS[..], family, options].concat());
    (ran.status.code(), String::from_utf8_lossy(&ran.stdout).into_owned(), err(&ran))
}

#[test]
fn classic_outcomes_of_an_earlier_run_are_taken_for_the_same_scans_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (first, second) = (path("first.ndjson"), path("second.ndjson"));
    let (code, table, said) = evaluate(&["--out", &first]);
    assert_eq!(code, Some(0), "{said}");
    assert!(table.contains("| Poisson disc, 03 |") && table.contains("total-variation"), "{table}");

    // One figure is changed by hand: it is taken, so nothing was run again.
    let text = std::fs::read_to_string(&first).unwrap();
    let mut trials: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    trials[0]["outcomes"]["cg-sense"]["nrmse"] = 9.5.into();
    let changed: String = trials.iter().map(|trial| format!("{trial}\n")).collect();
    std::fs::write(&first, &changed).unwrap();
    let (code, _, said) = evaluate(&["--classics", &first, "--out", &second]);
    assert_eq!(code, Some(0), "{said}");
    let again = std::fs::read_to_string(&second).unwrap();
    let again: Vec<Value> = again.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(again.len(), trials.len());
    for (before, after) in trials.iter().zip(&again) {
        for method in ["zero-filled", "cg-sense", "l1-wavelet", "total-variation"] {
            let nrmse = |trial: &Value| trial["outcomes"][method]["nrmse"].as_f64().unwrap();
            assert!((nrmse(before) - nrmse(after)).abs() < 1e-12, "{method}: {before} {after}");
        }
    }

    trials[0]["rows"] = 1.into();
    std::fs::write(&first, format!("{}\n", trials[0])).unwrap();
    let (code, _, said) = evaluate(&["--classics", &first]);
    assert!(code != Some(0) && said.contains("it was made with other options"), "{said}");
    std::fs::write(&first, "{}\n").unwrap();
    let (_, _, said) = evaluate(&["--classics", &first]);
    assert!(said.contains("line 1 is no trial"), "{said}");
}

#[test]
fn only_the_methods_that_are_asked_for_are_run() {
    let (code, table, said) = evaluate(&["--methods", "zero-filled,cg-sense"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(table.contains("zero-filled") && table.contains("cg-sense"), "{table}");
    assert!(!table.contains("l1-wavelet") && !table.contains("total-variation"), "{table}");
    let (code, _, said) = evaluate(&["--methods", "magic"]);
    assert!(code == Some(2) && said.contains("one of zero-filled, cg-sense"), "{said}");
    let (code, _, said) = evaluate(&["--methods", "learned"]);
    assert!(code != Some(0) && said.contains("needs --weights"), "{said}");
}

#[test]
fn intervals_are_counted_for_every_method() {
    let folder = tempfile::tempdir().unwrap();
    let factors = folder.path().join("factors.json").to_str().unwrap().to_owned();
    let (code, table, said) = evaluate(&["--intervals", "--families", "limb", "--out", &factors]);
    assert_eq!(code, Some(0), "{said}");
    let fitted: Value = serde_json::from_str(&std::fs::read_to_string(&factors).unwrap()).unwrap();
    for method in ["cg-sense", "l1-wavelet", "total-variation"] {
        assert!(table.contains(&format!("{method}: nine tenths")), "{method}: {table}");
        let base = fitted[method]["lines"][0].as_f64().unwrap();
        assert!(base > 0.0 && table.contains(&format!("{base:.3} × R^")), "{fitted} {table}");
    }
    // On kinds that training never sees nothing is fitted.
    let (_, table, _) = evaluate(&["--intervals", "--methods", "cg-sense", "--out", &factors]);
    assert!(table.contains("cg-sense") && !table.contains("l1-wavelet"), "{table}");
    assert_eq!(std::fs::read_to_string(&factors).unwrap(), "{}");
    let (code, _, said) = evaluate(&["--intervals", "--lesions"]);
    assert!(code == Some(2) && said.contains("cannot be used with"), "{said}");
}
