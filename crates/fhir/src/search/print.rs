//! A query back as pairs, for `self` and `next` links: reading what is printed here gives the same query.

use super::escape::escape;
use super::query::{Filter, FilterTarget, Include, Modifier, Query, SortKey, SortTarget, Summary, TotalMode};
use super::value::{ReferenceValue, SearchValue, TokenValue};
use std::fmt::Write;

impl Query {
    /// The pairs of a query string, not percent-encoded.
    #[must_use]
    pub fn to_pairs(&self) -> Vec<(String, String)> {
        let mut pairs: Vec<(String, String)> =
            self.filters.iter().map(|f| (f.name(), f.raw_values())).collect();
        let mut add = |name: &str, value: String| pairs.push((name.to_owned(), value));
        for (name, list) in [("_include", &self.includes), ("_revinclude", &self.revincludes)] {
            for include in list {
                let name = if include.iterate { format!("{name}:iterate") } else { name.to_owned() };
                add(&name, include_value(include));
            }
        }
        if !self.sort.is_empty() {
            add("_sort", self.sort.iter().map(sort_value).collect::<Vec<_>>().join(","));
        }
        match self.total {
            TotalMode::WhenFree => {}
            TotalMode::None => add("_total", String::from("none")),
            TotalMode::Estimate => add("_total", String::from("estimate")),
            TotalMode::Accurate => add("_total", String::from("accurate")),
        }
        match self.summary {
            Summary::False => {}
            Summary::True => add("_summary", String::from("true")),
            Summary::Text => add("_summary", String::from("text")),
            Summary::Data => add("_summary", String::from("data")),
            Summary::Count => add("_summary", String::from("count")),
        }
        if !self.elements.is_empty() {
            add("_elements", self.elements.join(","));
        }
        if let Some(count) = self.count {
            add("_count", count.to_string());
        }
        if let Some(page) = &self.page {
            add("_page", page.clone());
        }
        pairs
    }
}

impl Filter {
    /// The name with its chain and modifier, as it stands before the `=`.
    #[must_use]
    pub fn name(&self) -> String {
        let mut name = match &self.target {
            FilterTarget::Param(param) => param.code.to_owned(),
            FilterTarget::Id => String::from("_id"),
            FilterTarget::LastUpdated => String::from("_lastUpdated"),
            FilterTarget::Chain { param, target_type, inner } => {
                format!("{}:{target_type}.{}", param.code, inner.name())
            }
            FilterTarget::Has { source_type, param, inner } => {
                format!("_has:{source_type}:{}:{}", param.code, inner.name())
            }
        };
        if let Some(modifier) = self.modifier {
            name.push(':');
            name.push_str(word(modifier));
        }
        name
    }

    /// The values, escaped and separated by commas, as they stand after the `=`.
    #[must_use]
    pub fn raw_values(&self) -> String {
        if let FilterTarget::Chain { inner, .. } | FilterTarget::Has { inner, .. } = &self.target {
            return inner.raw_values();
        }
        let mut out = String::new();
        for (at, value) in self.values.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            write_value(value, &mut out);
        }
        out
    }
}

fn word(modifier: Modifier) -> &'static str {
    match modifier {
        Modifier::Exact => "exact",
        Modifier::Contains => "contains",
        Modifier::Missing => "missing",
        Modifier::Not => "not",
        Modifier::Type(name) => name,
        Modifier::Identifier => "identifier",
        Modifier::Above => "above",
        Modifier::Below => "below",
    }
}

fn write_value(value: &SearchValue, out: &mut String) {
    match value {
        SearchValue::String(text) | SearchValue::Uri(text) => escape(text, out),
        SearchValue::Token(token) => write_token(token, out),
        SearchValue::Reference(ReferenceValue::Absolute(url)) => escape(url, out),
        SearchValue::Reference(ReferenceValue::Local { resource_type, id, version }) => {
            // Writing to a string cannot fail.
            let _ = match (resource_type, version) {
                (Some(name), Some(version)) => write!(out, "{name}/{id}/_history/{version}"),
                (Some(name), None) => write!(out, "{name}/{id}"),
                (None, _) => write!(out, "{id}"),
            };
        }
        SearchValue::Date { prefix, value } => {
            out.push_str(prefix.letters());
            out.push_str(value.as_str());
        }
        SearchValue::Number { prefix, value } => {
            out.push_str(prefix.letters());
            out.push_str(&value.text);
        }
        SearchValue::Quantity { prefix, value, system, unit } => {
            out.push_str(prefix.letters());
            out.push_str(&value.text);
            if system.is_some() || unit.is_some() {
                for part in [system, unit] {
                    out.push('|');
                    escape(part.as_deref().unwrap_or_default(), out);
                }
            }
        }
        SearchValue::Missing(truth) => out.push_str(if *truth { "true" } else { "false" }),
    }
}

fn write_token(token: &TokenValue, out: &mut String) {
    if let Some(system) = &token.system {
        escape(system, out);
        out.push('|');
    }
    escape(token.code.as_deref().unwrap_or_default(), out);
}

fn sort_value(key: &SortKey) -> String {
    let code = match &key.target {
        SortTarget::Id => "_id",
        SortTarget::LastUpdated => "_lastUpdated",
        SortTarget::Param(param) => param.code,
    };
    format!("{}{code}", if key.descending { "-" } else { "" })
}

fn include_value(include: &Include) -> String {
    let mut out = format!("{}:{}", include.source_type, include.param.map_or("*", |p| p.code));
    if let Some(target) = include.target_type {
        out.push(':');
        out.push_str(target);
    }
    out
}
