//! `--method learned` as a person runs it, with weights that nobody trained.

use super::{bevan, err, phantom};

const CARD: &str = concat!(
    r#"{"name":"sketch","acceleration":[1,5],"coils":[2,8],"matrix":[32,512],"noise":[0,1],"residual":[0,99],"#,
    r#""figures":{"unexplained_by_start":[0,9],"unexplained":[0,9],"changed":[0,9],"edge_spread":[0,9],"roughness":[0,9]}}"#
);

#[test]
fn weights_make_an_image_and_a_scan_they_do_not_know_is_made_without_them() {
    let folder = tempfile::tempdir().unwrap();
    let weights = folder.path().join("w.safetensors");
    std::fs::write(&weights, crate::weights::file(CARD, 1)).unwrap();
    let scan = phantom(folder.path(), &["--coils", "6", "--acceleration", "2"]);
    let run = |name: &str, weights: &std::path::Path| {
        let out = folder.path().join(name);
        let words =
            ["reconstruct", scan.to_str().unwrap(), "--out", out.to_str().unwrap(), "--method", "learned"];
        let ran = bevan(&[&words[..], &["--weights", weights.to_str().unwrap()]].concat());
        (ran, std::fs::read_to_string(out.join("series.json")).unwrap_or_default())
    };
    let (ran, account) = run("known", &weights);
    assert_eq!(ran.status.code(), Some(0), "{}", err(&ran));
    assert!(String::from_utf8_lossy(&ran.stdout).starts_with("learned, 1 planes"));
    assert!(account.contains(r#""weights":{"name":"sketch","version":null,"sha256":""#), "{account}");

    std::fs::write(&weights, crate::weights::file(&CARD.replace("[32,512]", "[96,512]"), 1)).unwrap();
    let (ran, account) = run("unknown", &weights);
    assert_eq!(ran.status.code(), Some(4), "{}", err(&ran));
    assert!(err(&ran).contains("fallback: learned was not shown"), "{}", err(&ran));
    assert!(account.contains(r#""method":"cg-sense""#) && account.contains("readout samples"), "{account}");
}

#[test]
fn weights_that_are_none_are_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let scan = phantom(folder.path(), &["--coils", "4"]);
    let weights = folder.path().join("w.safetensors");
    let whole = crate::weights::file(CARD, 1);
    let refused = |options: &[&str], says: &str| {
        let out = folder.path().join("out");
        let words = ["reconstruct", scan.to_str().unwrap(), "--out", out.to_str().unwrap()];
        let ran = bevan(&[&words[..], options].concat());
        assert_eq!(ran.status.code(), Some(1), "{options:?}: {}", err(&ran));
        assert!(err(&ran).contains(says), "{options:?}: {}", err(&ran));
        assert!(!out.exists(), "nothing is begun");
    };
    let given = ["--method", "learned", "--weights", weights.to_str().unwrap()];
    refused(&given, "cannot read");
    std::fs::write(&weights, &whole[..whole.len() - 4]).unwrap();
    refused(&given, "beyond the end of the file");
    std::fs::write(&weights, b"no weights").unwrap();
    refused(&given, "not a whole safetensors file");
    // A layer of another width than the one before it gives.
    let length = usize::try_from(u64::from_le_bytes(whole[..8].try_into().unwrap())).unwrap();
    let header = String::from_utf8_lossy(&whole[8..8 + length]).into_owned();
    let other = header.replace("\"shape\":[16,16,3,3]", "\"shape\":[8,32,3,3]");
    assert!(other != header && other.len() < header.len());
    let mut changed = whole.clone();
    changed.splice(8..8 + length, format!("{other:length$}").bytes());
    std::fs::write(&weights, changed).unwrap();
    refused(&given, "does not fit its neighbours");
    refused(&["--weights", weights.to_str().unwrap()], "is for --method learned");
}

#[test]
fn without_a_file_the_shipped_weights_are_asked_and_named() {
    let folder = tempfile::tempdir().unwrap();
    let scan = phantom(folder.path(), &["--coils", "6", "--acceleration", "3", "--size", "128"]);
    let out = folder.path().join("out");
    let words =
        ["reconstruct", scan.to_str().unwrap(), "--out", out.to_str().unwrap(), "--method", "learned"];
    let ran = bevan(&words);
    let account = std::fs::read_to_string(out.join("series.json")).unwrap();
    assert!(account.contains(r#""name":"bevan-2026-11""#), "{account}");
    // A head of ellipses is not what the network knows: its gate may let it through or not, and either is said.
    match ran.status.code() {
        Some(0) => assert!(String::from_utf8_lossy(&ran.stdout).starts_with("learned, ")),
        Some(4) => assert!(err(&ran).contains("fallback: learned was not shown"), "{}", err(&ran)),
        other => panic!("{other:?}: {}", err(&ran)),
    }
}
