//! The repository's text files, read once for all rules.

use crate::shell;
use anyhow::Result;
use std::path::Path;

/// Every tracked text file.
pub struct Sources {
    /// The files in path order.
    pub files: Vec<File>,
    /// Every tracked path, text or not.
    pub paths: Vec<String>,
}

/// One text file.
pub struct File {
    /// Path from the root, with `/`.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl Sources {
    /// Reads what git tracks or would track; files that are not UTF-8 are left out of `files`.
    pub fn read(root: &Path) -> Result<Self> {
        let paths = shell::tracked(root)?;
        let files = paths
            .iter()
            .filter_map(|path| {
                Some(File { path: path.clone(), text: std::fs::read_to_string(root.join(path)).ok()? })
            })
            .collect();
        Ok(Self { files, paths })
    }

    /// Rust files of the workspace.
    pub fn rust(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| file.path.ends_with(".rs"))
    }

    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        Self {
            files: files
                .iter()
                .map(|(path, text)| File { path: (*path).into(), text: (*text).into() })
                .collect(),
            paths: files.iter().map(|(path, _)| (*path).into()).collect(),
        }
    }
}

impl File {
    /// The crate the file belongs to, when it stands under `crates/`.
    pub fn krate(&self) -> Option<&str> {
        self.path.strip_prefix("crates/")?.split('/').next()
    }

    /// Whether it is the product's own source: under a crate's `src`, not a test, benchmark or example.
    pub fn is_product(&self) -> bool {
        self.path.starts_with("crates/") && self.path.contains("/src/") && !self.path.ends_with("/tests.rs")
    }

    /// Whether a machine wrote it: its first lines say so.
    pub fn is_generated(&self) -> bool {
        self.text.lines().take(5).any(|line| line.contains("@generated"))
    }

    /// The lines before the file's test module, numbered from 1, comments removed.
    pub fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .enumerate()
            .take_while(|(_, line)| line.trim() != "#[cfg(test)]")
            .map(|(at, line)| (at + 1, line.split("//").next().unwrap_or_default()))
    }
}
