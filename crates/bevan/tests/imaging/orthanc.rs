//! `bevan mri serve` sends to a real archive: Debian's `orthanc`, which files what it is sent by study and series.

use super::serve::{Service, free_port, has};
use super::{files, phantom};
use mri::formats::dicom::FileParts;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Debian keeps it outside the path of ordinary users.
const PROGRAM: &str = "/usr/sbin/Orthanc";

/// A running archive with nothing in it.
struct Archive {
    child: Child,
    dicom: u16,
    http: u16,
}

impl Archive {
    fn start(folder: &Path) -> Self {
        let (dicom, http) = (free_port(), free_port());
        let store = folder.join("archive");
        std::fs::create_dir(&store).unwrap();
        let settings = format!(
            r#"{{"Name":"test","StorageDirectory":{store:?},"IndexDirectory":{store:?},"Plugins":[],"Locale":"C",
                "DicomAet":"ORTHANC","DicomPort":{dicom},"DicomCheckCalledAet":true,"HttpPort":{http},
                "RemoteAccessAllowed":false,"AuthenticationEnabled":false,"DicomModalities":{{}}}}"#
        );
        let path = folder.join("orthanc.json");
        std::fs::write(&path, settings).unwrap();
        let child = Command::new(PROGRAM)
            .arg(&path)
            .current_dir(folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self { child, dicom, http }
    }

    /// What it answers over HTTP: the body.
    fn says(&self, path: &str) -> Vec<u8> {
        let mut connection = TcpStream::connect(("127.0.0.1", self.http)).unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        connection.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        connection.read_to_end(&mut answer).unwrap();
        assert!(answer.starts_with(b"HTTP/1.1 200"), "{path}: {}", String::from_utf8_lossy(&answer));
        let head = answer.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
        answer.split_off(head + 4)
    }

    fn value(&self, path: &str) -> serde_json::Value {
        serde_json::from_slice(&self.says(path)).unwrap()
    }
}

impl Drop for Archive {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn an_archive_files_both_series_under_the_scans_study_with_every_pixel() {
    if !has(PROGRAM, "orthanc", "sending to an archive") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let [watch, out] = ["scans", "images"].map(|name| folder.path().join(name));
    std::fs::create_dir(&watch).unwrap();
    let scan = phantom(folder.path(), &["--coils", "4", "--slices", "2"]);
    std::fs::rename(scan, watch.join("scan.h5")).unwrap();
    let archive = Archive::start(folder.path());
    // A title that is not the archive's is refused, and said so.
    let stranger = format!("STRANGER@127.0.0.1:{}", archive.dicom);
    let service = Service::start(&watch, &out, &["--send", &stranger]);
    let refused = service.says("refused the association").pop().unwrap();
    assert!(refused.contains("reason 7"), "called title not recognised: {refused}");
    drop(service);
    let peer = format!("ORTHANC@127.0.0.1:{}", archive.dicom);
    let service = Service::start(&watch, &out, &["--send", &peer]);
    service.says("4 images sent to ORTHANC");

    let counted = archive.value("/statistics");
    for (what, count) in [("CountStudies", 1), ("CountSeries", 2), ("CountInstances", 4)] {
        assert_eq!(counted[what], count, "{counted}");
    }
    let made = files(&out);
    let sent: Vec<FileParts> = made
        .iter()
        .filter(|(name, _)| name.ends_with(".dcm"))
        .map(|(_, file)| FileParts::of(file).unwrap())
        .collect();
    let held = archive.value("/instances?expand");
    assert_eq!(held.as_array().map(Vec::len), Some(sent.len()));
    for instance in held.as_array().unwrap() {
        let uid = instance["MainDicomTags"]["SOPInstanceUID"].as_str().unwrap();
        let ours = sent.iter().find(|file| file.instance == uid).unwrap();
        let pixels =
            archive.says(&format!("/instances/{}/content/7fe0-0010/0", instance["ID"].as_str().unwrap()));
        assert!(pixels.len() > 1000 && ours.data.ends_with(&pixels), "{uid}: pixels as they were sent");
    }
}
