//! One value of a filter, read by the kind of its parameter (<https://hl7.org/fhir/R4/search.html#ptypes>).

use super::escape::{split, unescape};
use super::number::Implied;
use super::query::Modifier;
use crate::definitions::{SearchKind, definitions};
use crate::json::Text;
use crate::time::{DateTime, Kind};

/// A value as the query gives it.
#[derive(Clone, Debug, PartialEq)]
pub enum SearchValue {
    /// Text, unescaped and not folded.
    String(String),
    /// A code, with or without a system. Also the identifier of `:identifier`.
    Token(TokenValue),
    /// A resource.
    Reference(ReferenceValue),
    /// A date or time of any precision.
    Date {
        /// How it is compared.
        prefix: Prefix,
        /// The date as written.
        value: DateTime,
    },
    /// A number.
    Number {
        /// How it is compared.
        prefix: Prefix,
        /// The number as written.
        value: Implied,
    },
    /// A number with a unit.
    Quantity {
        /// How it is compared.
        prefix: Prefix,
        /// The number as written.
        value: Implied,
        /// The system of the unit; `None` for any.
        system: Option<Text>,
        /// The code of the unit, or the unit as people write it when there is no system; `None` for any.
        unit: Option<Text>,
    },
    /// A URI.
    Uri(String),
    /// The value of `:missing`.
    Missing(bool),
}

/// `system|code`, `|code`, `system|` or `code`. One of the two is present.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenValue {
    /// `None` for any system, empty for no system.
    pub system: Option<Text>,
    /// `None` for any code of the system.
    pub code: Option<Text>,
}

/// `id`, `Type/id`, `Type/id/_history/v` or an absolute URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReferenceValue {
    /// A resource of this server.
    Local {
        /// The type, when given.
        resource_type: Option<&'static str>,
        /// The logical id.
        id: Text,
        /// The version, when given.
        version: Option<Text>,
    },
    /// A URL or URN, compared as text and never fetched.
    Absolute(String),
}

/// How a date, number or quantity is compared (<https://hl7.org/fhir/R4/search.html#prefix>).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Prefix {
    /// Equal within the precision of the value.
    #[default]
    Eq,
    /// Not equal.
    Ne,
    /// Reaches beyond the value.
    Gt,
    /// Reaches before the value.
    Lt,
    /// Equal or reaches beyond.
    Ge,
    /// Equal or reaches before.
    Le,
    /// Starts after.
    Sa,
    /// Ends before.
    Eb,
    /// About equal.
    Ap,
}

impl Prefix {
    /// The two letters; empty for `eq`, which is the default.
    #[must_use]
    pub fn letters(self) -> &'static str {
        match self {
            Self::Eq => "",
            Self::Ne => "ne",
            Self::Gt => "gt",
            Self::Lt => "lt",
            Self::Ge => "ge",
            Self::Le => "le",
            Self::Sa => "sa",
            Self::Eb => "eb",
            Self::Ap => "ap",
        }
    }

    fn take(raw: &str) -> (Self, &str) {
        if let Some(rest) = raw.strip_prefix("eq") {
            return (Self::Eq, rest);
        }
        [Self::Ne, Self::Gt, Self::Lt, Self::Ge, Self::Le, Self::Sa, Self::Eb, Self::Ap]
            .into_iter()
            .find_map(|prefix| Some((prefix, raw.strip_prefix(prefix.letters())?)))
            .unwrap_or((Self::Eq, raw))
    }
}

/// Reads one escaped value; the error says what it should have been.
pub(super) fn read(
    kind: SearchKind,
    modifier: Option<Modifier>,
    raw: &str,
) -> Result<SearchValue, &'static str> {
    if raw.is_empty() {
        return Err("has an empty value");
    }
    match (modifier, kind) {
        (Some(Modifier::Missing), _) => missing(raw),
        (Some(Modifier::Identifier), _) | (_, SearchKind::Token) => token(raw).map(SearchValue::Token),
        (Some(Modifier::Type(name)), _) => reference(raw, Some(name)).map(SearchValue::Reference),
        (_, SearchKind::Reference) => reference(raw, None).map(SearchValue::Reference),
        (_, SearchKind::String) => written(raw).map(SearchValue::String),
        (_, SearchKind::Uri) => text(raw).map(SearchValue::Uri),
        (_, SearchKind::Date) => date(raw),
        (_, SearchKind::Number) => {
            let (prefix, rest) = Prefix::take(raw);
            let value = Implied::parse(rest).ok_or("needs a number")?;
            Ok(SearchValue::Number { prefix, value })
        }
        (_, SearchKind::Quantity) => quantity(raw),
        (_, SearchKind::Composite | SearchKind::Special) => Err("is not supported"),
    }
}

fn text(raw: &str) -> Result<String, &'static str> {
    unescape(raw).ok_or("has a backslash that escapes nothing")
}

/// Text that folding leaves something of: nothing else is in the index.
fn written(raw: &str) -> Result<String, &'static str> {
    let text = text(raw)?;
    if super::fold(&text).is_empty() {
        return Err("needs at least one letter or digit");
    }
    Ok(text)
}

fn missing(raw: &str) -> Result<SearchValue, &'static str> {
    match raw {
        "true" => Ok(SearchValue::Missing(true)),
        "false" => Ok(SearchValue::Missing(false)),
        _ => Err("needs true or false after :missing"),
    }
}

fn token(raw: &str) -> Result<TokenValue, &'static str> {
    let pieces = split(raw, '|').into_iter().map(text).collect::<Result<Vec<_>, _>>()?;
    match pieces.as_slice() {
        [code] => Ok(TokenValue { system: None, code: Some(Text::new(code)) }),
        [system, code] if !(system.is_empty() && code.is_empty()) => Ok(TokenValue {
            system: Some(Text::new(system)),
            code: (!code.is_empty()).then(|| Text::new(code)),
        }),
        _ => Err("needs code, system|code, |code or system|"),
    }
}

fn reference(raw: &str, given: Option<&'static str>) -> Result<ReferenceValue, &'static str> {
    const FORM: &str = "needs an id, Type/id or an absolute URL";
    let text = text(raw)?;
    if text.contains(':') {
        // A canonical is compared without its version, as it is indexed.
        return Ok(ReferenceValue::Absolute(text));
    }
    let pieces: Vec<&str> = text.split('/').collect();
    let (type_name, id, version) = match pieces.as_slice() {
        [id] => (None, *id, None),
        [name, id] => (Some(*name), *id, None),
        [name, id, "_history", version] => (Some(*name), *id, Some(*version)),
        _ => return Err(FORM),
    };
    if !is_id(id) || version.is_some_and(|v| !is_id(v)) {
        return Err(FORM);
    }
    let named = match type_name {
        Some(name) => Some(resource_type(name).ok_or("names a type that R4 does not have")?),
        None => None,
    };
    if given.is_some() && named.is_some() && given != named {
        return Err("names another type than its modifier");
    }
    Ok(ReferenceValue::Local { resource_type: named, id: Text::new(id), version: version.map(Text::new) })
}

fn date(raw: &str) -> Result<SearchValue, &'static str> {
    let (prefix, rest) = Prefix::take(raw);
    let value = DateTime::parse(Kind::Partial, rest)
        .ok_or("needs a date such as 2024, 2024-02-29 or 2024-02-29T10:00Z")?;
    Ok(SearchValue::Date { prefix, value })
}

fn quantity(raw: &str) -> Result<SearchValue, &'static str> {
    const FORM: &str = "needs number, number|system|code or number||unit";
    let (prefix, rest) = Prefix::take(raw);
    let pieces = split(rest, '|').into_iter().map(text).collect::<Result<Vec<_>, _>>()?;
    let present = |text: &String| (!text.is_empty()).then(|| Text::new(text));
    let (number, system, unit) = match pieces.as_slice() {
        [number] => (number, None, None),
        [number, system, unit] => (number, present(system), present(unit)),
        _ => return Err(FORM),
    };
    let value = Implied::parse(number).ok_or(FORM)?;
    Ok(SearchValue::Quantity { prefix, value, system, unit })
}

/// Whether a text follows the format of `id`.
pub(super) fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
}

/// The resource type of that name, as the definitions hold it.
pub(super) fn resource_type(name: &str) -> Option<&'static str> {
    let definitions = definitions();
    definitions.is_resource(name).then(|| definitions.type_(name).map(|t| t.name)).flatten()
}
