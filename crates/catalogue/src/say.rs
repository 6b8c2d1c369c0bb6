//! Messages by their ids. Tests fail on files that do not parse, on ids that nobody says and on ids that no file defines.

use crate::language::{Language, spoken};
use crate::numbers::grouped;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentError, FluentResource, FluentValue};
use std::collections::HashMap;
use std::sync::OnceLock;
use unic_langid::langid;

/// The files of the catalogue: area and text. A new area is a file and a line here.
const AREAS: &[(&str, &str)] = &[
    ("access", include_str!("../en-GB/access.ftl")),
    ("advice", include_str!("../en-GB/advice.ftl")),
    ("appointments", include_str!("../en-GB/appointments.ftl")),
    ("assisted", include_str!("../en-GB/assisted.ftl")),
    ("check", include_str!("../en-GB/check.ftl")),
    ("dates", include_str!("../en-GB/dates.ftl")),
    ("family", include_str!("../en-GB/family.ftl")),
    ("front", include_str!("../en-GB/front.ftl")),
    ("help", include_str!("../en-GB/help.ftl")),
    ("home", include_str!("../en-GB/home.ftl")),
    ("imaging", include_str!("../en-GB/imaging.ftl")),
    ("messages", include_str!("../en-GB/messages.ftl")),
    ("notices", include_str!("../en-GB/notices.ftl")),
    ("plain", include_str!("../en-GB/plain.ftl")),
    ("prescriptions", include_str!("../en-GB/prescriptions.ftl")),
    ("problem", include_str!("../en-GB/problem.ftl")),
    ("profile", include_str!("../en-GB/profile.ftl")),
    ("record", include_str!("../en-GB/record.ftl")),
    ("results", include_str!("../en-GB/results.ftl")),
    ("scan", include_str!("../en-GB/scan.ftl")),
    ("section", include_str!("../en-GB/section.ftl")),
    ("services", include_str!("../en-GB/services.ftl")),
    ("shell", include_str!("../en-GB/shell.ftl")),
];

/// The catalogue of one language.
struct Catalogue {
    bundle: FluentBundle<FluentResource>,
    /// Messages that take no values, as they are printed.
    plain: HashMap<String, String>,
    language: Language,
}

/// A message as it stands.
pub fn say(id: &'static str) -> &'static str {
    let said = catalogue().plain.get(id).map(String::as_str);
    debug_assert!(said.is_some(), "no message {id} without values");
    said.unwrap_or(id)
}

/// A message with values: `fill("messages-unread", &[("count", 3.into())])`.
pub fn fill(id: &'static str, values: &[(&'static str, FluentValue<'_>)]) -> String {
    let catalogue = catalogue();
    let args: FluentArgs<'_> = values.iter().map(|(name, value)| (*name, value.clone())).collect();
    let pattern = catalogue.bundle.get_message(id).and_then(|message| message.value());
    debug_assert!(pattern.is_some(), "no message {id}");
    let Some(pattern) = pattern else { return id.to_owned() };
    let mut errors: Vec<FluentError> = Vec::new();
    let words = catalogue.bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned();
    debug_assert!(errors.is_empty(), "message {id}: {errors:?}");
    catalogue.language.message(words)
}

fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| {
        let mut bundle = FluentBundle::new_concurrent(vec![langid!("en-GB")]);
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(number));
        let mut ids = Vec::new();
        for (area, text) in AREAS {
            let (resource, errors) = match FluentResource::try_new((*text).to_owned()) {
                Ok(resource) => (resource, Vec::new()),
                Err((resource, errors)) => (resource, errors),
            };
            debug_assert!(errors.is_empty(), "{area}.ftl: {errors:?}");
            ids.extend(text.lines().filter_map(id_of).map(str::to_owned));
            let added = bundle.add_resource(resource);
            debug_assert!(added.is_ok(), "{area}.ftl: {added:?}");
        }
        let language = spoken();
        let said = |id: String| plain(&bundle, &id).map(|words| (id, language.message(words)));
        let plain = ids.into_iter().filter_map(said).collect();
        Catalogue { bundle, plain, language }
    })
}

/// A message that takes no values, printed.
fn plain(bundle: &FluentBundle<FluentResource>, id: &str) -> Option<String> {
    let pattern = bundle.get_message(id)?.value()?;
    let mut errors = Vec::new();
    let words = bundle.format_pattern(pattern, None, &mut errors).into_owned();
    errors.is_empty().then_some(words)
}

/// The id that a line of a file defines.
fn id_of(line: &str) -> Option<&str> {
    let (id, _) = line.split_once('=')?;
    let id = id.strip_suffix(' ').unwrap_or(id);
    let fits = id.starts_with(|c: char| c.is_ascii_lowercase())
        && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    fits.then_some(id)
}

/// Whole numbers are grouped as everywhere on the site: `12,480`.
fn number<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    match value {
        #[expect(clippy::cast_possible_truncation, reason = "only numbers without a fraction come here")]
        FluentValue::Number(number) if number.value.fract() == 0.0 => Some(grouped(number.value as i64)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::Path;

    #[test]
    fn every_file_parses_and_its_ids_begin_with_its_area() {
        let mut seen = BTreeSet::new();
        for (area, text) in AREAS {
            let resource = FluentResource::try_new((*text).to_owned());
            assert!(resource.is_ok(), "{area}.ftl: {:?}", resource.err().map(|(_, errors)| errors));
            for id in text.lines().filter_map(id_of) {
                assert!(id.starts_with(&format!("{area}-")), "{area}.ftl defines {id}");
                assert!(seen.insert(id), "{id} is defined twice");
            }
        }
        let files: BTreeSet<String> = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("en-GB"))
            .unwrap()
            .map(|entry| entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
            .collect();
        assert_eq!(files, AREAS.iter().map(|(area, _)| (*area).to_owned()).collect());
    }

    fn sources(folder: &Path, into: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, into);
            } else if path.extension().is_some_and(|kind| kind == "rs")
                && !["catalogue/src/say.rs", "web/src/words.rs"].iter().any(|ours| path.ends_with(ours))
            {
                into.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }

    fn ids() -> BTreeSet<&'static str> {
        AREAS.iter().flat_map(|(_, text)| text.lines()).filter_map(id_of).collect()
    }

    #[test]
    fn whoever_speaks_and_the_catalogue_name_the_same_messages() {
        let mut code = String::new();
        for speaker in ["care", "catalogue", "web"] {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(speaker).join("src");
            sources(&folder, &mut code);
        }
        let ids = ids();
        let unused: Vec<_> = ids.iter().filter(|id| !code.contains(&format!("\"{id}\""))).collect();
        assert!(unused.is_empty(), "nobody says {unused:?}");
        for call in ["say(", "fill(", "weave("] {
            for (at, _) in code.match_indices(call) {
                let rest = code[at + call.len()..].trim_start();
                let Some(id) = rest.strip_prefix('"').and_then(|rest| rest.split('"').next()) else {
                    continue;
                };
                assert!(ids.contains(id), "{call}\"{id}\"): no file defines it");
            }
        }
    }
}
