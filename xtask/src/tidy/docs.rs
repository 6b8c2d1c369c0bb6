//! Every module says what it is for: the first line of a Rust file is `//!`.

use super::source::Sources;

pub fn check(sources: &Sources) -> Vec<String> {
    sources
        .rust()
        .filter(|file| !file.is_generated())
        .filter(|file| {
            !file
                .text
                .lines()
                .find(|line| !line.trim().is_empty() && !line.starts_with("#!["))
                .is_some_and(|l| l.starts_with("//!"))
        })
        .map(|file| format!("{}: does not begin with a module doc (`//!`)", file.path))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_file_without_a_doc() {
        let sources = Sources::of(&[("crates/a/src/a.rs", "use x;\n"), ("crates/a/src/b.rs", "//! Why.\n")]);
        assert_eq!(check(&sources).len(), 1);
    }
}
