//! Where the documents are. They are read in place; without them a test says so, and in CI it fails.

use std::io::Read;
use std::path::{Path, PathBuf};

/// A folder of documents.
pub struct Corpus(PathBuf);

impl Corpus {
    /// The official examples that `cargo xtask codegen --fetch` brings.
    pub fn examples(test: &str) -> Option<Self> {
        let folder = ".build/npm/fhir-r4/node_modules/hl7.fhir.r4.examples";
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

    /// The resources inside a package of the folder: a gzipped tar, as FHIR packages are.
    pub fn packaged(&self, package: &str) -> Vec<(String, Vec<u8>)> {
        let mut tar = Vec::new();
        let file = std::fs::File::open(self.0.join(package)).unwrap();
        flate2::read::GzDecoder::new(file).read_to_end(&mut tar).unwrap();
        let mut files = Vec::new();
        let mut rest = tar.as_slice();
        // Each entry is a header of 512 bytes (name, at 124 the size in octal), then its bytes in whole blocks.
        while let Some((header, body)) = rest.split_at_checked(512).filter(|(h, _)| h[0] != 0) {
            let field = |bytes: &[u8]| {
                let text = String::from_utf8_lossy(bytes).into_owned();
                text.trim_matches(|c: char| c == '\0' || c == ' ').to_owned()
            };
            let size = usize::from_str_radix(&field(&header[124..136]), 8).unwrap();
            let name = field(&header[..100]);
            let manifest = name.ends_with("package.json") || name.contains("/.index");
            if name.ends_with(".json") && !manifest && !name.contains("/other/") {
                files.push((name, body[..size].to_vec()));
            }
            rest = &body[size.div_ceil(512) * 512..];
        }
        files.sort();
        files
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
