//! Our own address. A reference that begins with it means the same as the relative one
//! (<https://hl7.org/fhir/R4/search.html#reference>): in search, in compartments and in what a document states about
//! care. A document is kept as it was sent; only what is derived from it, and what is asked, is read relative.

use crate::Prepared;
use crate::extract::derive;
use fhir::json::{Limits, Value};
use fhir::reference::{Target, parse};
use fhir::search::{Filter, FilterTarget, Query, ReferenceValue, SearchValue};
use rusqlite::{Connection, OptionalExtension};
use std::borrow::Cow;

/// Nesting beyond which nothing is read; validation refuses it anyway.
const DEPTH: usize = 100;

/// The address of our FHIR base, without its scheme: `http` and `https` are two ways to one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Base(String);

impl Base {
    /// Takes an address such as `https://health.example/fhir`.
    pub(crate) fn of(url: &str) -> Option<Self> {
        let place = without_scheme(url)?.trim_end_matches('/');
        (!place.is_empty()).then(|| Self(place.to_owned()))
    }

    /// As it is kept.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a document may hold a reference that begins with our address.
    pub(crate) fn may_occur_in(&self, json: &[u8]) -> bool {
        std::str::from_utf8(json).is_ok_and(|text| text.contains(&self.0))
    }

    /// The relative reference that an absolute one of ours stands for.
    pub(crate) fn relative<'u>(&self, url: &'u str) -> Option<&'u str> {
        let rest = without_scheme(url)?.strip_prefix(self.0.as_str())?.strip_prefix('/')?;
        matches!(parse(rest), Target::Resource { base: "", .. }).then_some(rest)
    }

    /// A resource whose index rows, compartments and relationships take references to us for relative ones.
    pub(crate) fn ready<'p>(&self, resource: &'p Prepared) -> Cow<'p, Prepared> {
        if !self.may_occur_in(&resource.tail) {
            return Cow::Borrowed(resource);
        }
        let id = resource.id.as_deref().unwrap_or("new");
        let json = resource.served(id, 1, jiff::Timestamp::UNIX_EPOCH);
        let limits = Limits { depth: 256, bytes: usize::MAX };
        // What is ready was a document a moment ago; if it is none, it stays as it was derived.
        let Ok(document) = fhir::json::parse(&json, &limits) else { return Cow::Borrowed(resource) };
        Cow::Owned(Prepared { derived: derive(&self.localised(&document)), ..resource.clone() })
    }

    /// The document with every reference to us relative.
    pub(crate) fn localised(&self, document: &Value) -> Value {
        let mut document = document.clone();
        self.walk(&mut document, 0);
        document
    }

    /// The same with the addresses of a document's files relative, too. What is searched by them is searched as it was sent.
    pub(crate) fn at_home(&self, document: &Value) -> Value {
        let mut document = self.localised(document);
        if document.text_at(&["resourceType"]) != Some("DocumentReference") {
            return document;
        }
        let content = document.as_object_mut().and_then(|members| members.get_mut("content"));
        let Some(Value::Array(content)) = content else { return document };
        for one in content {
            let attachment = one.as_object_mut().and_then(|members| members.get_mut("attachment"));
            let url = attachment.and_then(Value::as_object_mut).and_then(|members| members.get_mut("url"));
            if let Some(Value::String(url)) = url
                && let Some(relative) = self.relative(url)
            {
                *url = relative.into();
            }
        }
        document
    }

    fn walk(&self, value: &mut Value, depth: usize) {
        if depth > DEPTH {
            return;
        }
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.walk(item, depth + 1)),
            Value::Object(members) => {
                for (name, member) in members.iter_mut() {
                    match member {
                        Value::String(text) if name == "reference" => {
                            if let Some(relative) = self.relative(text) {
                                *text = relative.into();
                            }
                        }
                        other => self.walk(other, depth + 1),
                    }
                }
            }
            _ => {}
        }
    }

    /// The query with every reference to us relative. The absolute one is asked for as well: a canonical is kept whole.
    pub(crate) fn asked<'q>(&self, query: &'q Query) -> Cow<'q, Query> {
        if !query.filters.iter().any(|filter| self.concerns(filter)) {
            return Cow::Borrowed(query);
        }
        let mut query = query.clone();
        query.filters.iter_mut().for_each(|filter| self.relative_too(filter));
        Cow::Owned(query)
    }

    fn local(&self, value: &SearchValue) -> Option<SearchValue> {
        let SearchValue::Reference(ReferenceValue::Absolute(url)) = value else { return None };
        let Target::Resource { type_, id, version, .. } = parse(self.relative(url)?) else { return None };
        Some(SearchValue::Reference(ReferenceValue::Local {
            resource_type: Some(type_),
            id: id.into(),
            version: version.map(Into::into),
        }))
    }

    fn concerns(&self, filter: &Filter) -> bool {
        let inner = match &filter.target {
            FilterTarget::Chain { inner, .. } | FilterTarget::Has { inner, .. } => self.concerns(inner),
            _ => false,
        };
        inner || filter.values.iter().any(|value| self.local(value).is_some())
    }

    fn relative_too(&self, filter: &mut Filter) {
        if let FilterTarget::Chain { inner, .. } | FilterTarget::Has { inner, .. } = &mut filter.target {
            self.relative_too(inner);
        }
        let local: Vec<SearchValue> = filter.values.iter().filter_map(|value| self.local(value)).collect();
        filter.values.extend(local);
    }
}

/// Under which the address is kept that the present rows were derived with.
const SETTING: &str = "base";

/// The address that the present rows were derived with.
pub(crate) fn recorded(connection: &Connection) -> rusqlite::Result<Option<Base>> {
    let kept: Option<Vec<u8>> = connection
        .query_row("SELECT value FROM setting WHERE name = ?1", [SETTING], |row| row.get(0))
        .optional()?;
    Ok(kept.and_then(|kept| String::from_utf8(kept).ok()).filter(|kept| !kept.is_empty()).map(Base))
}

/// Keeps the address that the present rows are derived with.
pub(crate) fn record(connection: &Connection, base: &Base) -> rusqlite::Result<()> {
    let sql = "INSERT INTO setting VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2";
    connection.execute(sql, (SETTING, base.0.as_bytes())).map(drop)
}

fn without_scheme(url: &str) -> Option<&str> {
    url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use fhir::json::{Limits, to_string};

    #[test]
    fn only_what_is_ours_becomes_relative() {
        let base = Base::of("http://h.example:8080/fhir/").unwrap();
        for (url, relative) in [
            ("http://h.example:8080/fhir/Patient/x", Some("Patient/x")),
            ("https://h.example:8080/fhir/Patient/x/_history/2", Some("Patient/x/_history/2")),
            ("http://h.example:8080/fhir2/Patient/x", None),
            ("http://h.example:80801/fhir/Patient/x", None),
            ("http://h.example/fhir/Patient/x", None),
            ("http://other/http://h.example:8080/fhir/Patient/x", None),
            ("http://h.example:8080/fhir/Nope/x", None),
            ("http://h.example:8080/fhir/Patient/", None),
            ("http://h.example:8080/fhir/http://other/fhir/Patient/x", None),
            ("Patient/x", None),
        ] {
            assert_eq!(base.relative(url), relative, "{url}");
        }
        assert_eq!(Base::of("h.example/fhir"), None);
        assert_eq!(Base::of("http://"), None);
    }

    #[test]
    fn references_alone_are_read_relative() {
        let base = Base::of("https://h/fhir").unwrap();
        let text = r#"{"resourceType":"Basic","subject":{"reference":"http://h/fhir/Patient/x"},"implicitRules":"http://h/fhir/Basic/y"}"#;
        let document = fhir::json::parse(text.as_bytes(), &Limits::default()).unwrap();
        let expected = text.replace("http://h/fhir/Patient/x", "Patient/x");
        assert_eq!(to_string(&base.localised(&document)), expected);
    }
}
