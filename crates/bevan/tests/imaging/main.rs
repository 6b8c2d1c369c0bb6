//! `bevan reconstruct` as a person runs it: files, words, exit codes. Scans come from Debian's `ismrmrd-tools`.
#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up has failed")]

mod bart;
mod evaluate;
mod learned;
mod orthanc;
mod serve;
mod study;
#[path = "../../../mri/tests/support/weights.rs"]
mod weights;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn bevan(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bevan")).args(words).output().unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// A scan of the generator, or `None` with a word where it is not installed; CI installs it.
#[expect(clippy::disallowed_methods, reason = "tests read whether they run in CI")]
fn scan(test: &str, folder: &Path, options: &[&str]) -> Option<PathBuf> {
    let path = folder.join("scan.h5");
    let made =
        Command::new("ismrmrd_generate_cartesian_shepp_logan").args(options).arg("-o").arg(&path).output();
    if made.is_err() {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "CI needs ismrmrd-tools");
        eprintln!("skipped: {test}: ismrmrd-tools is not installed");
        return None;
    }
    Some(path)
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(next) = waiting.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().display().to_string();
                found.insert(name, std::fs::read(path).unwrap());
            }
        }
    }
    found
}

#[test]
fn a_scan_becomes_images_that_do_not_depend_on_threads() {
    let folder = tempfile::tempdir().unwrap();
    let options = ["-m", "48", "-c", "4", "-a", "2", "-w", "16"];
    let Some(scan) = scan("reconstruct", folder.path(), &options) else { return };
    let run = |name: &str, threads: &str| {
        let out = folder.path().join(name);
        let words =
            ["reconstruct", scan.to_str().unwrap(), "--out", out.to_str().unwrap(), "--threads", threads];
        let ran = bevan(&words);
        assert_eq!(ran.status.code(), Some(0), "{}", err(&ran));
        let said = String::from_utf8_lossy(&ran.stdout).into_owned();
        assert!(said.starts_with("l1-wavelet, 2 planes, acceleration 2.00"), "{said}");
        assert!(err(&ran).contains("note: the scan names no directions"), "{}", err(&ran));
        files(&out)
    };
    let one = run("one", "1");
    assert_eq!(one, run("three", "3"));
    for name in
        ["dicom/image/00001.dcm", "dicom/zero-filled/00002.dcm", "image-repetition001.nii.gz", "series.json"]
    {
        assert!(one.contains_key(name), "{name}: {:?}", one.keys());
    }
    let account = String::from_utf8_lossy(&one["series.json"]).into_owned();
    assert!(
        account.contains("\"method\":\"l1-wavelet\"") && account.contains("not for diagnosis"),
        "{account}"
    );
}

#[test]
fn what_cannot_be_done_as_asked_is_done_simpler_and_said() {
    let folder = tempfile::tempdir().unwrap();
    let Some(scan) = scan("fallback", folder.path(), &["-m", "32", "-c", "4", "-a", "4"]) else { return };
    let out = folder.path().join("out");
    let words = [
        "reconstruct",
        scan.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
        "--method",
        "cg-sense",
        "--no-nifti",
    ];
    let ran = bevan(&words);
    // Four repetitions measure all lines between them: sensitivities come from their mean.
    assert_eq!(ran.status.code(), Some(0), "{}", err(&ran));
    assert!(!files(&out).keys().any(|name| name.ends_with(".nii.gz")));

    let out = folder.path().join("grappa");
    let words = ["reconstruct", scan.to_str().unwrap(), "--out", out.to_str().unwrap(), "--method", "grappa"];
    let ran = bevan(&words);
    assert_eq!(ran.status.code(), Some(0), "{}", err(&ran));
}

#[test]
fn refusals_say_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let run = |words: &[&str], code: i32, says: &str| {
        let ran = bevan(words);
        assert_eq!(ran.status.code(), Some(code), "{words:?}: {}", err(&ran));
        assert!(err(&ran).contains(says), "{words:?}: {}", err(&ran));
    };
    std::fs::write(path("siemens.dat"), b"not HDF5").unwrap();
    run(&["reconstruct", &path("none.h5"), "--out", &path("a")], 1, "cannot read");
    run(&["reconstruct", &path("siemens.dat"), "--out", &path("b")], 1, "siemens_to_ismrmrd");
    run(&["reconstruct", &path("siemens.dat"), "--out", &path("c"), "--method", "magic"], 1, "cg-sense");
    run(&["reconstruct", &path("siemens.dat"), "--out", &path("d"), "--lambda=-1"], 1, "--lambda");
    run(&["reconstruct", &path("siemens.dat"), "--out", &path("")], 1, "is not empty");
    run(&["reconstruct", &path("siemens.dat")], 2, "--out");
}

/// A phantom's scan, of 48 pixels unless the options name another size; no tools needed.
fn phantom(folder: &Path, options: &[&str]) -> PathBuf {
    let path = folder.join("phantom.h5");
    let size: &[&str] = if options.contains(&"--size") { &[] } else { &["--size", "48"] };
    let ran = bevan(&[&["mri", "phantom", "--out", path.to_str().unwrap()], size, options].concat());
    assert_eq!(ran.status.code(), Some(0), "{}", err(&ran));
    path
}

#[test]
fn a_phantom_goes_the_whole_way_and_its_noise_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let scan = phantom(folder.path(), &["--coils", "6", "--slices", "2", "--acceleration", "2"]);
    let out = folder.path().join("out");
    let ran = bevan(&["reconstruct", scan.to_str().unwrap(), "--out", out.to_str().unwrap(), "--coils", "5"]);
    assert_eq!(ran.status.code(), Some(0), "{}", err(&ran));
    assert!(!err(&ran).contains("noise"), "noise readouts were used: {}", err(&ran));
    let account = std::fs::read_to_string(out.join("series.json")).unwrap();
    assert!(account.contains("\"coils\":5") && !account.contains("\"expected_residual\":null"), "{account}");
    assert!(bevan(&["mri", "phantom", "--out", scan.to_str().unwrap()]).status.code() == Some(1));
}

#[test]
fn doubt_and_windows_that_are_asked_for_are_in_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let scan = phantom(folder.path(), &["--coils", "6", "--acceleration", "2"]);
    let run = |name: &str, options: &[&str]| {
        let out = folder.path().join(name);
        let words = ["reconstruct", scan.to_str().unwrap(), "--out", out.to_str().unwrap()];
        let ran = bevan(&[&words[..], options].concat());
        assert_eq!(ran.status.code(), Some(0), "{}", err(&ran));
        (files(&out), std::fs::read_to_string(out.join("series.json")).unwrap())
    };
    let (made, account) = run("doubt", &["--method", "cg-sense", "--noise-map", "8", "--window", "1.5,20"]);
    for name in ["noise.nii.gz", "g-factor.nii.gz", "png/residual-plane001.png"] {
        assert!(made.contains_key(name), "{name}: {:?}", made.keys());
    }
    let report = String::from_utf8_lossy(&made["report.html"]).into_owned();
    assert!(report.contains("g-factor, 0 to") && report.contains("does not explain, k-space"));
    assert!(account.contains("\"window\":[1.5,20]"), "{account}");
    let (plain, _) = run("plain", &["--method", "cg-sense"]);
    assert!(plain["png/image-slice001.png"] != made["png/image-slice001.png"]);
    let (percent, _) = run("percent", &["--method", "cg-sense", "--window", "0%,99.5%"]);
    assert_eq!(plain["png/image-slice001.png"], percent["png/image-slice001.png"]);
    let (two, account) = run("two", &["--method", "cg-sense", "--map-sets", "2"]);
    assert!(two["image.nii.gz"] != plain["image.nii.gz"] && account.contains("cg-sense"));
}

#[test]
fn a_cut_file_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let scan = phantom(folder.path(), &["--coils", "2"]);
    let bytes = std::fs::read(&scan).unwrap();
    std::fs::write(&scan, &bytes[..bytes.len() / 2]).unwrap();
    let out = folder.path().join("out");
    let ran = bevan(&["reconstruct", scan.to_str().unwrap(), "--out", out.to_str().unwrap()]);
    assert_eq!(ran.status.code(), Some(1));
    assert!(err(&ran).contains("was it copied whole?"), "{}", err(&ran));
}

#[test]
fn a_stream_comes_back_as_images() {
    let folder = tempfile::tempdir().unwrap();
    let scan = phantom(folder.path(), &["--coils", "4", "--slices", "2"]);
    let scan =
        mri::formats::mrd::read(&std::fs::read(scan).unwrap(), mri::formats::mrd::Limits::default()).unwrap();
    let out = folder.path().join("images");
    let mut port = Command::new(env!("CARGO_BIN_EXE_bevan"))
        .args(["mri", "serve", "--listen", "127.0.0.1:0", "--out", out.to_str().unwrap()])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let mut said = String::new();
    let mut lines = std::io::BufReader::new(port.stdout.take().unwrap());
    std::io::BufRead::read_line(&mut lines, &mut said).unwrap();
    let address = said.trim().rsplit(' ').next().unwrap().to_owned();

    // A stream that is none is given up, and the next one is served.
    let mut broken = std::net::TcpStream::connect(&address).unwrap();
    std::io::Write::write_all(&mut broken, b"GET / HTTP/1.1").unwrap();
    drop(broken);
    let exchange = || {
        let mut connection = std::net::TcpStream::connect(&address).unwrap();
        mri::formats::mrd::stream::write_stream(&scan, &mut connection).unwrap();
        let mut answer = Vec::new();
        std::io::Read::read_to_end(&mut connection, &mut answer).unwrap();
        answer
    };
    let (first, second) = (exchange(), exchange());
    port.kill().unwrap();
    port.wait().unwrap();
    assert_eq!(first.len(), 2 * (2 + 198 + 8 + 4 * 48 * 48) + 2, "two images and the close");
    assert!(first == second, "the same scan gives the same images");
    let folders = std::fs::read_dir(&out).unwrap().count();
    assert_eq!(folders, 1, "the same scan lands in the same folder");
    assert!(files(&out).keys().any(|name| name.ends_with("dicom/image/00002.dcm")));
}

#[test]
fn spokes_and_arms_become_images_and_a_method_of_lines_falls_back() {
    for trajectory in ["radial", "spiral"] {
        let folder = tempfile::tempdir().unwrap();
        let scan =
            phantom(folder.path(), &["--coils", "6", "--trajectory", trajectory, "--acceleration", "2.5"]);
        let run = |name: &str, options: &[&str]| {
            let out = folder.path().join(name);
            bevan(
                &[&["reconstruct", scan.to_str().unwrap(), "--out", out.to_str().unwrap()], options].concat(),
            )
        };
        let ran = run("auto", &[]);
        assert_eq!(ran.status.code(), Some(0), "{trajectory}: {}", err(&ran));
        let said = String::from_utf8_lossy(&ran.stdout).into_owned();
        assert!(said.starts_with("l1-wavelet, 1 planes"), "{trajectory}: {said}");
        assert!(err(&ran).contains("taken for cycles per field of view"), "{trajectory}: {}", err(&ran));
        let made = files(&folder.path().join("auto"));
        assert!(made.contains_key("dicom/image/00001.dcm") && made.contains_key("report.html"));
        let ran = run("one", &["--threads", "1", "--coils", "4"]);
        assert_eq!(ran.status.code(), Some(0), "{trajectory}: {}", err(&ran));

        let ran = run("grappa", &["--method", "grappa"]);
        assert_eq!(ran.status.code(), Some(4), "{trajectory}: {}", err(&ran));
        assert!(err(&ran).contains("fallback: grappa was not possible: it takes lines"), "{}", err(&ran));
        let account = std::fs::read_to_string(folder.path().join("grappa/series.json")).unwrap();
        assert!(account.contains("\"method\":\"cg-sense\""), "{account}");
    }
}
