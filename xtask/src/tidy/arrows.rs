//! Dependencies point down the plan's list and never up (ARCHITECTURE.md, "Crates").

use super::source::Sources;

/// Which of our crates each crate may use, outside its tests.
const USES: &[(&str, &[&str])] = &[
    ("catalogue", &[]),
    ("fhir", &[]),
    ("hl7v2", &[]),
    ("mri", &[]),
    ("store", &["fhir"]),
    ("care", &["catalogue", "fhir", "store"]),
    ("interop", &["fhir", "hl7v2", "store", "care"]),
    ("web", &["catalogue", "care"]),
    ("synth", &["fhir", "hl7v2"]),
    ("bevan", &["catalogue", "fhir", "hl7v2", "mri", "store", "care", "interop", "web", "synth"]),
    ("xtask", &[]),
];

pub fn check(sources: &Sources) -> Vec<String> {
    let manifests = sources.files.iter().filter(|file| file.path.ends_with("/Cargo.toml"));
    manifests
        .filter(|file| file.krate().is_some() || file.path.starts_with("xtask/"))
        .flat_map(|file| {
            let name = file.krate().unwrap_or("xtask");
            let Some((_, allowed)) = USES.iter().find(|(krate, _)| *krate == name) else {
                return vec![format!("{}: crate {name} is not in the plan", file.path)];
            };
            dependencies(&file.text)
                .filter(|used| USES.iter().any(|(ours, _)| ours == used) && !allowed.contains(used))
                .map(|used| format!("{}: {name} may not use {used}", file.path))
                .collect()
        })
        .collect()
}

/// Names in `[dependencies]` and `[build-dependencies]`.
fn dependencies(manifest: &str) -> impl Iterator<Item = &str> {
    let mut counted = false;
    manifest.lines().filter_map(move |line| {
        if line.starts_with('[') {
            counted = matches!(line.trim(), "[dependencies]" | "[build-dependencies]");
            return None;
        }
        counted.then(|| line.split(['.', '=', ' ']).next()).flatten().filter(|name| !name.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_an_arrow_that_points_up() {
        let up = ("crates/fhir/Cargo.toml", "[dependencies]\nstore.workspace = true\n");
        let down = ("crates/store/Cargo.toml", "[dependencies]\nfhir = { path = \"../fhir\" }\n");
        assert_eq!(check(&Sources::of(&[up, down])), ["crates/fhir/Cargo.toml: fhir may not use store"]);
    }

    #[test]
    fn tests_may_look_anywhere() {
        let dev = ("crates/fhir/Cargo.toml", "[dependencies]\n[dev-dependencies]\nstore.workspace = true\n");
        assert!(check(&Sources::of(&[dev])).is_empty());
    }
}
