//! Which files an import reads, and how each is cut into units. It knows the forms; the forms know nothing of files.

use super::cut::{Content, Unit, Units};
use super::{hl7, ndjson};
use anyhow::{Context, Result};
use flate2::read::MultiGzDecoder;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

/// What a file holds, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One FHIR resource or bundle.
    Json,
    /// One resource a line.
    Ndjson,
    /// One resource a line, compressed.
    NdjsonGz,
    /// HL7 v2 messages.
    Hl7,
}

/// One file.
pub struct Source {
    /// Where.
    pub path: PathBuf,
    /// What it holds.
    pub form: Form,
    /// Bytes on disk.
    pub bytes: u64,
}

impl Source {
    /// The file's name, for the progress bar and the report.
    pub fn name(&self) -> String {
        self.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// Whether it is one document.
    pub fn is_document(&self) -> bool {
        self.form == Form::Json
    }

    /// Whether it holds HL7 v2 messages.
    pub fn is_hl7(&self) -> bool {
        self.form == Form::Hl7
    }

    /// The file cut into units.
    pub fn units(&self) -> std::io::Result<Units> {
        let file = File::open(&self.path)?;
        Ok(match self.form {
            Form::Json => {
                let mut content = Vec::new();
                BufReader::new(file).read_to_end(&mut content)?;
                let unit = Unit { first: 1, content: Content::Document(content), bytes_read: self.bytes };
                Box::new(std::iter::once(unit))
            }
            Form::Ndjson => Box::new(ndjson::Lines::new(BufReader::with_capacity(1 << 20, file), 1.0)),
            Form::NdjsonGz => {
                let lines = BufReader::with_capacity(1 << 20, MultiGzDecoder::new(BufReader::new(file)));
                // How far a compressed file is read is guessed: text of this kind shrinks to about a tenth.
                Box::new(ndjson::Lines::new(lines, 0.1))
            }
            Form::Hl7 => {
                let mut content = Vec::new();
                BufReader::new(file).read_to_end(&mut content)?;
                let messages = hl7::split(&content);
                Box::new(messages.into_iter().zip(1u64..).map(|(message, number)| {
                    let bytes_read = message.len() as u64;
                    Unit { first: number, content: Content::Message(message), bytes_read }
                }))
            }
        })
    }
}

/// Every file under the paths that an import understands, in path order. Organisations and people come before what
/// refers to them only by chance; references may point forward, so the order does not matter for the result.
pub fn find(paths: &[PathBuf]) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    for path in paths {
        let about =
            path.metadata().with_context(|| format!("no such file or directory: {}", path.display()))?;
        if about.is_dir() {
            walk(path, &mut sources)?;
        } else {
            let form = form(path)
                .with_context(|| format!("{} is not .json, .ndjson, .ndjson.gz or .hl7", path.display()))?;
            sources.push(Source { path: path.clone(), form, bytes: about.len() });
        }
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(sources)
}

fn walk(folder: &Path, sources: &mut Vec<Source>) -> Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let entry = entry?;
        // Links are passed over: a loop would never end.
        let kind = entry.file_type()?;
        if kind.is_dir() {
            walk(&entry.path(), sources)?;
        } else if kind.is_file()
            && let Some(form) = form(&entry.path())
        {
            sources.push(Source { bytes: entry.metadata()?.len(), path: entry.path(), form });
        }
    }
    Ok(())
}

fn form(path: &Path) -> Option<Form> {
    let name = path.file_name()?.to_str()?.to_ascii_lowercase();
    [(".ndjson.gz", Form::NdjsonGz), (".ndjson", Form::Ndjson), (".json", Form::Json), (".hl7", Form::Hl7)]
        .into_iter()
        .find_map(|(ending, form)| name.ends_with(ending).then_some(form))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_their_endings() {
        let form = |name: &str| form(Path::new(name));
        assert_eq!(form("a/Patient.ndjson"), Some(Form::Ndjson));
        assert_eq!(form("a/Patient.NDJSON.GZ"), Some(Form::NdjsonGz));
        assert_eq!(form("bundle.json"), Some(Form::Json));
        assert_eq!(form("ADT-A01.hl7"), Some(Form::Hl7));
        assert_eq!(form("readme.md"), None);
    }
}
