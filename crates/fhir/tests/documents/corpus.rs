//! Where the documents are. They are read in place; without them a test says so, and in CI it fails.

use std::path::{Path, PathBuf};

/// A folder of documents.
pub struct Corpus(PathBuf);

impl Corpus {
    /// The official examples that `cargo xtask codegen --fetch` brings.
    pub fn examples(test: &str) -> Option<Self> {
        let folder = ".build/npm/node_modules/hl7.fhir.r4.examples";
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2)?.join(folder);
        present(root, test, "official examples (cargo xtask codegen --fetch)")
    }

    /// A folder of shared test data.
    #[expect(clippy::disallowed_methods, reason = "tests find their data by an environment variable")]
    pub fn shared(name: &str, test: &str) -> Option<Self> {
        let from_above = || {
            let mut folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|a| a.join("shared"));
            folders.find(|s| s.join("data").is_dir())
        };
        let shared = std::env::var_os("BEVAN_SHARED").map(PathBuf::from).or_else(from_above);
        present(shared.unwrap_or_default().join("data/fhir").join(name), test, "shared test data")
    }

    /// The JSON files of the folder and its subfolders, in the order of their paths, that are resources.
    pub fn json_files(&self) -> Vec<(String, Vec<u8>)> {
        let mut files = Vec::new();
        let mut folders = vec![self.0.clone()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let name = path.strip_prefix(&self.0).unwrap().to_string_lossy().into_owned();
                if path.is_dir() {
                    folders.push(path);
                } else if name.ends_with(".json") && name != "package.json" && !name.starts_with('.') {
                    files.push((name, std::fs::read(path).unwrap()));
                }
            }
        }
        files.sort();
        files
    }
}

#[expect(clippy::disallowed_methods, reason = "the test must know whether it runs in CI")]
fn present(folder: PathBuf, test: &str, what: &str) -> Option<Corpus> {
    if folder.is_dir() {
        return Some(Corpus(folder));
    }
    assert_ne!(std::env::var("CI").as_deref(), Ok("true"), "{test}: {what} not found");
    eprintln!("skipped: {test}: {what} not found");
    None
}
