//! The pathways of "where to go now" and the pages on self-care: the demonstration of this program, or the files that the
//! configuration names. A file that breaks a rule is refused with every reason, before anything is served.

use crate::config::{ConfigError, Guidance, outside};
use care::advice::Library;
use care::triage::Pathways;
use std::path::Path;
use std::sync::Arc;

/// What public pages ask and advise.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Questions and outcomes.
    pub pathways: Arc<Pathways>,
    /// Pages on self-care and conditions.
    pub advice: Arc<Library>,
}

impl Loaded {
    /// What of it is a demonstration that nobody approved for care, and the setting that puts another in its place.
    pub fn demonstrations(&self) -> impl Iterator<Item = (&'static str, &'static str)> + use<> {
        let questions = ("the questions of “where to go now”", "[triage] pathways");
        let advice = ("the pages on self-care and conditions", "[triage] advice");
        let all =
            [(self.pathways.set().demonstration, questions), (self.advice.about().demonstration, advice)];
        all.into_iter().filter_map(|(demonstration, what)| demonstration.then_some(what))
    }
}

/// Loads both.
///
/// # Errors
/// [`ConfigError`] with the file and every rule that it breaks.
pub fn load(config: &Guidance) -> Result<Loaded, ConfigError> {
    let pathways = match text("triage.pathways", &config.pathways)? {
        Some(text) => Pathways::parse(&text),
        None => Pathways::demonstration(),
    };
    let pathways = pathways.map_err(|error| refused(&config.pathways, &error.to_string()))?;
    let advice = match text("triage.advice", &config.advice)? {
        Some(text) => Library::parse(&text),
        None => Library::demonstration(),
    };
    let advice = advice.map_err(|error| refused(&config.advice, &error.to_string()))?;
    let lost: Vec<String> = pathways
        .outcomes()
        .iter()
        .flat_map(|outcome| outcome.advice.iter().map(move |id| (outcome, id)))
        .filter(|(_, id)| advice.topic(id).is_none())
        .map(|(outcome, id)| format!("outcome {}: its self-care page {id:?} does not exist", outcome.id))
        .collect();
    if !lost.is_empty() {
        return Err(refused(&config.pathways, &lost.join("\n  ")));
    }
    Ok(Loaded { pathways: Arc::new(pathways), advice: Arc::new(advice) })
}

fn text(key: &str, path: &Path) -> Result<Option<String>, ConfigError> {
    if path.as_os_str().is_empty() {
        return Ok(None);
    }
    let read = String::from_utf8(outside::file(key, path)?);
    read.map(Some).map_err(|_| refused(path, "it is not text in UTF-8"))
}

fn refused(path: &Path, reason: &str) -> ConfigError {
    ConfigError::Malformed(format!("{}: {reason}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demonstration_needs_no_file() {
        let loaded = load(&Guidance::default()).unwrap();
        assert!(loaded.pathways.set().demonstration && loaded.advice.about().demonstration);
        let settings: Vec<&str> = loaded.demonstrations().map(|(_, setting)| setting).collect();
        assert_eq!(settings, ["[triage] pathways", "[triage] advice"]);
    }

    #[test]
    fn another_set_takes_its_place_or_is_refused_with_reasons() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("licensed.toml");
        let demonstration = include_str!("../../care/pathways/demonstration.toml");
        let licensed = demonstration.replacen("demonstration = true", "demonstration = false", 1);
        std::fs::write(&path, &licensed).unwrap();
        let config = Guidance { pathways: path.clone(), ..Guidance::default() };
        let loaded = load(&config).unwrap();
        assert!(!loaded.pathways.set().demonstration);
        assert_eq!(
            loaded.demonstrations().map(|(_, setting)| setting).collect::<Vec<_>>(),
            ["[triage] advice"]
        );
        std::fs::write(&path, licensed.replacen("outcome = \"call-999-chest\"", "outcome = \"pharmacy\"", 1))
            .unwrap();
        let error = load(&config).unwrap_err().to_string();
        assert!(
            error.contains("licensed.toml") && error.contains("flag chest-pain: leads to pharmacy"),
            "{error}"
        );
        std::fs::write(&path, licensed.replacen("advice = [\"back-pain\"]", "advice = [\"gone\"]", 1))
            .unwrap();
        let error = load(&config).unwrap_err().to_string();
        assert!(error.contains("its self-care page \"gone\" does not exist"), "{error}");
        std::fs::remove_file(&path).unwrap();
        assert!(matches!(load(&config), Err(ConfigError::File { .. })));
    }
}
