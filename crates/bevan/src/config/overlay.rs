//! Environment variables laid over the file: `BEVAN_SECTION_KEY`, typed like the key's default.

use super::{Config, ConfigError};
use toml::{Table, Value};

const PREFIX: &str = "BEVAN_";
/// Variables of the project's own tests and builds, which are not settings.
const NOT_SETTINGS: &[&str] = &["BEVAN_SHARED", "BEVAN_TARGET"];

/// The file's table with every `BEVAN_…` variable laid over it.
pub(super) fn lay(mut table: Table, variables: &[(String, String)]) -> Result<Table, ConfigError> {
    let defaults =
        Table::try_from(Config::default()).map_err(|error| ConfigError::Malformed(error.to_string()))?;
    for (name, text) in variables {
        let Some(path) = name.strip_prefix(PREFIX) else { continue };
        if NOT_SETTINGS.contains(&name.as_str()) {
            continue;
        }
        let refuse = |reason: String| ConfigError::Variable { name: name.clone(), reason };
        let (section, key, default) = find(&defaults, path)
            .ok_or_else(|| refuse("no such setting; `bevan serve --check-config` lists them".into()))?;
        let value = typed(default, text).map_err(refuse)?;
        let slot = table.entry(section).or_insert_with(|| Value::Table(Table::new()));
        if let Value::Table(section) = slot {
            section.insert(key.to_owned(), value);
        }
    }
    Ok(table)
}

/// The section, key and default of `SECTION_KEY`.
fn find<'a>(defaults: &'a Table, path: &str) -> Option<(&'a str, &'a str, &'a Value)> {
    defaults.iter().find_map(|(section, keys)| {
        let rest = path.strip_prefix(&section.to_uppercase())?.strip_prefix('_')?;
        let (key, default) = keys.as_table()?.iter().find(|(key, _)| key.to_uppercase() == rest)?;
        Some((section.as_str(), key.as_str(), default))
    })
}

fn typed(default: &Value, text: &str) -> Result<Value, String> {
    Ok(match default {
        Value::Boolean(_) => {
            Value::Boolean(text.parse().map_err(|_| format!("{text:?} is not true or false"))?)
        }
        Value::Integer(_) => {
            Value::Integer(text.parse().map_err(|_| format!("{text:?} is not a whole number"))?)
        }
        Value::Array(_) if text.trim_start().starts_with('[') => list(text)?,
        Value::Array(_) => {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            Value::Array(items.map(|item| Value::String(item.to_owned())).collect())
        }
        _ => Value::String(text.to_owned()),
    })
}

/// A list as it would stand in the file, for what has commas or keys of its own.
fn list(text: &str) -> Result<Value, String> {
    let table: Table =
        toml::from_str(&format!("list = {text}")).map_err(|error| error.message().to_owned())?;
    let mut values = table.into_iter().map(|(_, value)| value);
    match (values.next(), values.next()) {
        (Some(list @ Value::Array(_)), None) => Ok(list),
        _ => Err(format!("{text:?} is not a list")),
    }
}
