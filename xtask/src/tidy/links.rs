//! Relative links in Markdown lead to files that are there.

use super::source::Sources;

pub fn check(sources: &Sources) -> Vec<String> {
    sources
        .files
        .iter()
        .filter(|file| file.path.ends_with(".md"))
        .flat_map(|file| {
            targets(&file.text)
                .filter(|target| {
                    !target.contains("://") && !target.starts_with('#') && !target.starts_with("mailto:")
                })
                .map(|target| (target, resolve(&file.path, target.split('#').next().unwrap_or(target))))
                .filter(|(_, path)| {
                    !sources.paths.iter().any(|known| known == path || known.starts_with(&format!("{path}/")))
                })
                .map(|(target, _)| format!("{}: no such file: {target}", file.path))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// What stands between `](` and `)`.
fn targets(text: &str) -> impl Iterator<Item = &str> {
    text.split("](").skip(1).filter_map(|rest| rest.split(')').next())
}

/// A link's path from the repository's root.
fn resolve(from: &str, target: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for step in target.split('/') {
        match step {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_a_dead_link() {
        let sources = Sources::of(&[
            ("docs/a.md", "[b](b.md) [c](../README.md#x) [d](gone.md)"),
            ("docs/b.md", ""),
            ("README.md", ""),
        ]);
        assert_eq!(check(&sources), ["docs/a.md: no such file: gone.md"]);
    }
}
