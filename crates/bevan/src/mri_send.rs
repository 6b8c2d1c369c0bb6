//! Sends finished images on by C-STORE: every folder that says it is complete and not yet sent, each once.
//!
//! `sent.json` in a folder says that the peer has taken all of it. A stop before that sends the folder again, with the
//! same identifiers, which a peer takes for the same images. A peer that is away is tried again, less and less often.

use crate::mri_images::NAME_DIGITS;
use crate::reconstruct::write;
use anyhow::{Context, Result};
use mri::formats::dicom::{Association, FileParts, Titles};
use std::collections::HashMap;
use std::fmt;
use std::net::{TcpStream, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Between two looks at the folders.
const LOOK: Duration = Duration::from_secs(1);
/// Longest wait of a folder that could not be sent, in looks.
const LONGEST_WAIT: u32 = 300;
/// Silence after which a peer is given up.
const SILENCE: Duration = Duration::from_secs(30);
const MARKER: &str = "sent.json";

/// Where images go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    titles: Titles,
    address: String,
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.titles.called, self.address)
    }
}

impl Peer {
    /// From `TITLE@HOST:PORT` and our own title.
    pub fn of(text: &str, own: &str) -> Result<Self> {
        let (called, address) = text.split_once('@').context("--send takes TITLE@HOST:PORT")?;
        let port = address
            .rsplit_once(':')
            .and_then(|(host, port)| port.parse::<u16>().ok().filter(|port| *port > 0 && !host.is_empty()));
        port.context("--send takes TITLE@HOST:PORT")?;
        for title in [called, own] {
            let plain = title.bytes().all(|b| (b' '..=b'~').contains(&b) && b != b'\\');
            anyhow::ensure!(
                plain && !title.trim().is_empty() && title.len() <= 16,
                "a title has 1 to 16 plain characters, not {title:?}"
            );
        }
        let titles = Titles { called: called.into(), calling: own.into() };
        Ok(Self { titles, address: address.into() })
    }

    fn connected(&self) -> Result<TcpStream> {
        let mut last = None;
        for address in self.address.to_socket_addrs()? {
            match TcpStream::connect_timeout(&address, SILENCE) {
                Ok(connection) => {
                    connection.set_read_timeout(Some(SILENCE))?;
                    connection.set_write_timeout(Some(SILENCE))?;
                    return Ok(connection);
                }
                Err(error) => last = Some(error),
            }
        }
        Err(last.map_or_else(|| anyhow::anyhow!("no such host"), Into::into))
    }
}

/// A folder that could not be sent.
#[derive(Debug, Default)]
struct Trouble {
    failures: u32,
    wait: u32,
    said: String,
}

/// Sends for ever.
pub fn send(peer: &Peer, out: &Path) {
    let mut troubles: HashMap<PathBuf, Trouble> = HashMap::new();
    loop {
        for folder in unsent(out) {
            let trouble = troubles.entry(folder.clone()).or_default();
            if trouble.wait > 0 {
                trouble.wait -= 1;
                continue;
            }
            let name = folder.file_name().unwrap_or_default().display();
            match sent(peer, &folder) {
                Ok(count) => {
                    tell!("scan {name}: {count} images sent to {peer}");
                    troubles.remove(&folder);
                }
                Err(error) => {
                    trouble.wait = LONGEST_WAIT.min(1 << trouble.failures.min(16));
                    trouble.failures += 1;
                    let says = format!("{error:#}");
                    if trouble.said != says {
                        eprintln!("scan {name} is not sent to {peer}: {says}; it is tried again");
                        trouble.said = says;
                    }
                }
            }
        }
        std::thread::sleep(LOOK);
    }
}

/// Finished folders without a marker, by name.
fn unsent(out: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(out) else { return Vec::new() };
    let named = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.len() == NAME_DIGITS && name.bytes().all(|b| b.is_ascii_hexdigit())
    };
    let waits = |path: &PathBuf| path.join("series.json").is_file() && !path.join(MARKER).exists();
    let paths = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let mut folders: Vec<PathBuf> = paths.filter(|path| named(path) && waits(path)).collect();
    folders.sort();
    folders
}

/// All images of a folder over one association; how many there were.
fn sent(peer: &Peer, folder: &Path) -> Result<usize> {
    let mut files = Vec::new();
    for series in std::fs::read_dir(folder.join("dicom"))? {
        for file in std::fs::read_dir(series?.path())? {
            files.push(file?.path());
        }
    }
    files.sort();
    let first = std::fs::read(files.first().context("no DICOM files")?)?;
    let class = FileParts::of(&first).map_err(anyhow::Error::msg)?.class.to_owned();
    let mut association = Association::open(peer.connected()?, &peer.titles, &[&class])?;
    for file in &files {
        association.store(&std::fs::read(file)?)?;
    }
    association.release()?;
    let account = format!("{{\"peer\":\"{}\",\"images\":{}}}\n", quoted(&peer.to_string()), files.len());
    write(&folder.join(MARKER), account.as_bytes())?;
    Ok(files.len())
}

fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peers_are_read_and_others_refused_by_name() {
        let peer = Peer::of("PACS@10.0.0.1:11112", "BEVAN").unwrap();
        assert_eq!(peer.to_string(), "PACS@10.0.0.1:11112");
        for (text, own) in [
            ("PACS", "B"),
            ("PACS@host", "B"),
            ("PACS@:104", "B"),
            ("PACS@host:0", "B"),
            ("@host:104", "B"),
            ("A TITLE TOO LONG 1@host:104", "B"),
            ("PACS@host:104", ""),
            ("PÄCS@host:104", "B"),
        ] {
            assert!(Peer::of(text, own).is_err(), "{text} {own}");
        }
    }

    #[test]
    fn only_finished_folders_that_were_not_sent_are_waiting() {
        let out = tempfile::tempdir().unwrap();
        let make = |name: &str, file: &str| {
            std::fs::create_dir_all(out.path().join(name)).unwrap();
            std::fs::write(out.path().join(name).join(file), "").unwrap();
        };
        make("0123456789abcdef", "series.json");
        make("0123456789abcde0", "other");
        make("0123456789abcdef.unfinished", "series.json");
        make("holiday", "series.json");
        assert_eq!(unsent(out.path()), [out.path().join("0123456789abcdef")]);
        make("0123456789abcdef", MARKER);
        assert!(unsent(out.path()).is_empty());
    }
}
