//! `bevan mri serve` with a watched folder and a peer to send to: Debian's `storescp` of `dcmtk`.

use super::{files, phantom};
use mri::formats::dicom::FileParts;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Long enough for a busy machine; nothing waits for it to pass.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running service and what it says.
pub struct Service {
    child: Child,
    lines: Receiver<String>,
}

impl Service {
    pub fn start(watch: &Path, out: &Path, options: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_bevan"))
            .args(["mri", "serve", "--settle", "1", "--watch"])
            .arg(watch)
            .arg("--out")
            .arg(out)
            .args(options)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (give, lines) = channel();
        let (stdout, stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        for stream in [Box::new(stdout) as Box<dyn Read + Send>, Box::new(stderr)] {
            let give = give.clone();
            std::thread::spawn(move || {
                BufReader::new(stream).lines().map_while(Result::ok).all(|line| give.send(line).is_ok())
            });
        }
        Self { child, lines }
    }

    /// Reads on until a line holds the words; all lines on the way.
    pub fn says(&self, words: &str) -> Vec<String> {
        let mut heard = Vec::new();
        while !heard.last().is_some_and(|line: &String| line.contains(words)) {
            let next = self.lines.recv_timeout(PATIENCE);
            assert!(next.is_ok(), "never said {words:?}, but {heard:?}");
            heard.extend(next);
        }
        heard
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_watched_scan_becomes_images_once_and_a_cut_one_waits() {
    let folder = tempfile::tempdir().unwrap();
    let scan = std::fs::read(phantom(folder.path(), &["--coils", "4"])).unwrap();
    let (watch, out) = (folder.path().join("scans"), folder.path().join("images"));
    std::fs::create_dir(&watch).unwrap();
    let put = |name: &str, bytes: &[u8]| {
        let partial = watch.join("unfinished");
        std::fs::write(&partial, bytes).unwrap();
        std::fs::rename(partial, watch.join(name)).unwrap();
    };
    let service = Service::start(&watch, &out, &[]);
    put("a.h5", &scan[..scan.len() / 2]);
    put("notes.txt", b"not a scan");
    put(".b.h5", &scan);
    service.says("is cut");
    assert_eq!(files(&out).len(), 0, "a cut file makes nothing");
    put("a.h5", &scan);
    service.says("1 planes");
    put("again.h5", &scan);
    service.says("has its images already");
    let made = files(&out);
    assert!(made.keys().any(|name| name.ends_with("dicom/image/00001.dcm")), "{:?}", made.keys());
    assert_eq!(std::fs::read_dir(&out).unwrap().count(), 1, "one scan, one folder, nothing unfinished");
    drop(service);

    // Started again: nothing is made twice.
    let service = Service::start(&watch, &out, &[]);
    let mut heard = service.says("has its images already");
    heard.extend(service.says("has its images already"));
    assert!(!heard.iter().any(|line| line.contains("planes")), "{heard:?}");
    assert!(files(&out) == made);
    assert!(std::fs::read(watch.join("a.h5")).unwrap() == scan, "the scan is left as it was");
}

/// Whether a program is here; in CI it has to be.
#[expect(clippy::disallowed_methods, reason = "tests read whether they run in CI")]
pub fn has(program: &str, package: &str, test: &str) -> bool {
    let found = Command::new(program).arg("--version").output().is_ok();
    assert!(found || std::env::var("CI").as_deref() != Ok("true"), "CI needs {package}");
    if !found {
        eprintln!("skipped: {test}: {package} is not installed");
    }
    found
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[test]
fn images_reach_a_peer_that_was_away_at_first() {
    if !has("storescp", "dcmtk", "sending") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let [watch, out, archive] = ["scans", "images", "archive"].map(|name| folder.path().join(name));
    for path in [&watch, &archive] {
        std::fs::create_dir(path).unwrap();
    }
    let scan = phantom(folder.path(), &["--coils", "4", "--slices", "2"]);
    std::fs::rename(scan, watch.join("scan.h5")).unwrap();
    let port = free_port().to_string();
    let peer = format!("ARCHIVE@127.0.0.1:{port}");
    let service = Service::start(&watch, &out, &["--send", &peer]);
    service.says("it is tried again");
    let mut storescp = Command::new("storescp")
        .args(["--aetitle", "ARCHIVE", "--bit-preserving", "--output-directory"])
        .arg(&archive)
        .arg(&port)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    service.says("4 images sent to ARCHIVE");
    storescp.kill().unwrap();
    storescp.wait().unwrap();

    let made = files(&out);
    let sent: Vec<&Vec<u8>> =
        made.iter().filter(|(name, _)| name.ends_with(".dcm")).map(|(_, file)| file).collect();
    let taken = files(&archive);
    assert_eq!((sent.len(), taken.len()), (4, 4));
    for file in sent {
        let ours = FileParts::of(file).unwrap();
        let same = taken.values().any(|file| FileParts::of(file) == Ok(ours));
        assert!(same, "{} arrived as it was sent", ours.instance);
    }
    let marker = made.iter().find(|(name, _)| name.ends_with("sent.json")).unwrap().1;
    assert!(String::from_utf8_lossy(marker).contains("\"images\":4"));
}
