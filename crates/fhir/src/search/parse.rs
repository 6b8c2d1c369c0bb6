//! Query pairs to a typed query. Strict by default; lenient handling leaves out what it cannot use and says so.

use super::filter;
use super::limits::{FILTERS_MAX, INCLUDES_MAX};
use super::query::{Handling, Parsed, Query, Summary, TotalMode};
use super::result;
use super::value::resource_type;
use crate::issue::{Issue, IssueCode, Severity};

/// Issue type: the name, modifier or target is not known here.
pub(super) const UNSUPPORTED: IssueCode = IssueCode::NotSupported;
/// Issue type: the value cannot be read.
pub(super) const VALUE: IssueCode = IssueCode::Value;
/// Issue type: a limit. Never left out, however lenient.
pub(super) const TOO_COSTLY: IssueCode = IssueCode::TooCostly;

/// An issue about a parameter. The name comes from the client: it is cut to what a name can be.
pub(super) fn issue(code: IssueCode, name: &str, why: impl AsRef<str>) -> Issue {
    let shown: String =
        name.chars().filter(|c| c.is_ascii_alphanumeric() || "_-:.".contains(*c)).take(100).collect();
    let plain = shown.split([':', '.']).next().unwrap_or_default();
    Issue::error(code, format!("search parameter '{shown}' {}", why.as_ref())).at(format!("http.{plain}"))
}

impl Query {
    /// A query for everything of a type; `None` when R4 has no such type.
    #[must_use]
    pub fn all(resource_type_name: &str) -> Option<Self> {
        Some(Self {
            resource_type: resource_type(resource_type_name)?,
            filters: Vec::new(),
            sort: Vec::new(),
            count: None,
            page: None,
            includes: Vec::new(),
            revincludes: Vec::new(),
            total: TotalMode::default(),
            summary: Summary::default(),
            elements: Vec::new(),
        })
    }

    /// Reads the decoded pairs of a query string or form, in their order.
    ///
    /// # Errors
    /// Every issue found, each naming its parameter. With lenient handling only limits are errors; the rest
    /// comes back in [`Parsed::ignored`].
    pub fn parse(
        resource_type: &str,
        pairs: &[(String, String)],
        handling: Handling,
    ) -> Result<Parsed, Vec<Issue>> {
        let Some(query) = Self::all(resource_type) else {
            return Err(vec![Issue::error(UNSUPPORTED, "the type searched is not a resource type of R4")]);
        };
        let mut reading = Reading { query, seen: Vec::new() };
        let mut issues: Vec<Issue> =
            pairs.iter().filter_map(|(name, raw)| reading.take(name, raw).err()).collect();
        if handling == Handling::Strict || issues.iter().any(|i| i.code == TOO_COSTLY) {
            return if issues.is_empty() {
                Ok(Parsed { query: reading.query, ignored: issues })
            } else {
                Err(issues)
            };
        }
        for issue in &mut issues {
            issue.severity = Severity::Warning;
            issue.diagnostics.push_str(" and was left out");
        }
        Ok(Parsed { query: reading.query, ignored: issues })
    }
}

struct Reading {
    query: Query,
    seen: Vec<&'static str>,
}

impl Reading {
    fn take(&mut self, name: &str, raw: &str) -> Result<(), Issue> {
        let query = &mut self.query;
        let base = query.resource_type;
        match name.split(':').next().unwrap_or(name) {
            "_format" | "_pretty" => {}
            "_include" => {
                query.includes.push(result::include(base, name, raw)?);
                return within(query.includes.len(), INCLUDES_MAX, name);
            }
            "_revinclude" => {
                query.revincludes.push(result::include(base, name, raw)?);
                return within(query.revincludes.len(), INCLUDES_MAX, name);
            }
            "_sort" if name == "_sort" => {
                let mut keys = query.sort.clone();
                result::sort(base, raw, &mut keys)?;
                query.sort = keys;
            }
            "_elements" if name == "_elements" => {
                let mut names = query.elements.clone();
                result::elements(base, raw, &mut names)?;
                query.elements = names;
            }
            "_count" if name == "_count" => {
                self.once("_count")?;
                self.query.count = Some(result::count(raw)?);
            }
            "_total" if name == "_total" => {
                self.once("_total")?;
                self.query.total = result::total(raw)?;
            }
            "_summary" if name == "_summary" => {
                self.once("_summary")?;
                self.query.summary = result::summary(raw)?;
            }
            "_page" if name == "_page" => {
                self.once("_page")?;
                self.query.page = Some(raw.to_owned());
            }
            _ => {
                query.filters.push(filter::read(base, name, raw)?);
                return within(query.filters.len(), FILTERS_MAX, name);
            }
        }
        Ok(())
    }

    fn once(&mut self, name: &'static str) -> Result<(), Issue> {
        if self.seen.contains(&name) {
            return Err(issue(VALUE, name, "is given twice"));
        }
        self.seen.push(name);
        Ok(())
    }
}

fn within(count: usize, most: usize, name: &str) -> Result<(), Issue> {
    if count > most {
        return Err(issue(TOO_COSTLY, name, format!("is one of more than {most}")));
    }
    Ok(())
}
