//! A folder that scans are put into: each complete file becomes images once, whatever it is called and however often this
//! is started. Files are never changed, moved or removed.
//!
//! A file is taken when neither its size nor its time has changed for a while. One that turns out to be cut is left until
//! it changes. What is best: write under another ending, and rename.

use crate::mri_images::Images;
use crate::reconstruct::{advice, sha256};
use mri::formats::FormatError;
use mri::formats::mrd;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Between two looks at the folder.
const LOOK: Duration = Duration::from_secs(1);

/// What a file looks like from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    size: u64,
    modified: Option<SystemTime>,
}

/// Which files have settled.
#[derive(Debug, Default)]
pub struct Settling {
    seen: HashMap<PathBuf, (Look, u32)>,
}

impl Settling {
    /// Files that have now not changed for `looks` looks; each once, until it changes. Empty files never settle.
    pub fn settled(&mut self, files: Vec<(PathBuf, Look)>, looks: u32) -> Vec<PathBuf> {
        let mut ready = Vec::new();
        let mut now = HashMap::new();
        for (path, look) in files {
            let same = self.seen.get(&path).filter(|(before, _)| *before == look);
            let count = same.map_or(0, |(_, count)| count.saturating_add(1));
            if count == looks && look.size > 0 {
                ready.push(path.clone());
            }
            now.insert(path, (look, count));
        }
        self.seen = now;
        ready.sort();
        ready
    }
}

/// Looks at the folder for ever.
pub fn watch(folder: &Path, settle: u32, images: &Images) {
    let mut settling = Settling::default();
    let mut failed = false;
    loop {
        match files(folder) {
            Ok(files) => {
                failed = false;
                for path in settling.settled(files, settle) {
                    take(&path, images);
                }
            }
            Err(error) if !failed => {
                failed = true;
                eprintln!("{} cannot be looked at: {error}; it is tried again", folder.display());
            }
            Err(_) => {}
        }
        std::thread::sleep(LOOK);
    }
}

/// Scans by their ending; files that begin with a dot are somebody's unfinished work.
fn files(folder: &Path) -> std::io::Result<Vec<(PathBuf, Look)>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let hidden = path.file_name().is_none_or(|name| name.as_encoded_bytes().starts_with(b"."));
        let ending = path.extension().is_some_and(|ending| ending == "h5" || ending == "mrd");
        if hidden || !ending {
            continue;
        }
        // A file that has gone again meanwhile is not there.
        let Ok(about) = path.metadata() else { continue };
        if about.is_file() {
            found.push((path, Look { size: about.len(), modified: about.modified().ok() }));
        }
    }
    Ok(found)
}

/// A file's name may be a patient's: it is not printed, its hash is.
fn take(path: &Path, images: &Images) {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => return eprintln!("a scan cannot be read: {error}"),
    };
    let hash = sha256(&bytes);
    let short = hash.get(..crate::mri_images::NAME_DIGITS).unwrap_or_default().to_owned();
    if images.are_made(&hash) {
        return tell!("scan {short} has its images already");
    }
    match mrd::read(&bytes, mrd::Limits::default()) {
        Ok(scan) => {
            drop(bytes);
            if let Err(error) = images.made(&scan, &hash, None) {
                eprintln!("scan {short} gave no images: {error:#}");
            }
        }
        Err(FormatError::Truncated(what)) => {
            eprintln!("scan {short} is cut ({what}): it is taken when the file changes");
        }
        Err(error) => eprintln!("scan {short} gave no images: {}", advice(&error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(size: u64, seconds: u64) -> Look {
        Look { size, modified: Some(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)) }
    }

    #[test]
    fn a_file_settles_once_and_again_when_it_has_changed() {
        let mut settling = Settling::default();
        let path = PathBuf::from("a.h5");
        let mut ready = |look: Look| settling.settled(vec![(path.clone(), look)], 2).len();
        let growing = [look(0, 0), look(5, 1), look(9, 1), look(9, 1)].map(&mut ready);
        assert_eq!(growing, [0, 0, 0, 0]);
        let steady = [look(9, 1), look(9, 1), look(9, 1)].map(&mut ready);
        assert_eq!(steady, [1, 0, 0], "once");
        let touched = [look(9, 7), look(9, 7), look(9, 7), look(9, 7)].map(&mut ready);
        assert_eq!(touched, [0, 0, 1, 0], "the time counts too");
    }

    #[test]
    fn empty_files_never_settle_and_what_has_gone_is_forgotten() {
        let mut settling = Settling::default();
        let path = PathBuf::from("a.h5");
        for _ in 0..9 {
            assert!(settling.settled(vec![(path.clone(), look(0, 1))], 1).is_empty());
        }
        assert!(settling.settled(vec![(path.clone(), look(4, 1))], 1).is_empty());
        assert!(settling.settled(Vec::new(), 1).is_empty());
        assert!(settling.settled(vec![(path, look(4, 1))], 1).is_empty(), "it starts anew");
    }
}
