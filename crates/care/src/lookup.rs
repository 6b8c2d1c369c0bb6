//! Searching the record for a read slice: query words in, documents out, errors in the words of a page.

use crate::view::{Listed, Section, Unseen};
use fhir::json::Value;
use fhir::search::{Handling, Query};
use fhir::views::Resource;
use store::{Error, Snapshot};

/// Documents on one page of a search.
pub(crate) struct Page {
    /// What matched.
    pub items: Vec<Value>,
    /// What was included with it.
    pub included: Vec<Value>,
    /// Cursor of the next page.
    pub next: Option<String>,
}

/// More pages than this are never read for one view.
const PAGES_MAX: usize = 20;
const PAGE: &str = "200";

/// One page of a search. `pairs` are query words of ours; a personal value may stand in them and is never logged.
pub(crate) fn page(snapshot: &mut Snapshot, type_: &str, pairs: &[(&str, &str)]) -> Result<Page, Error> {
    let pairs: Vec<(String, String)> =
        pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    let query = Query::parse(type_, &pairs, Handling::Strict).map_err(Error::Invalid)?.query;
    let found = snapshot.search(&query)?;
    let mut page = Page { items: Vec::new(), included: Vec::new(), next: found.next };
    for entry in found.entries {
        let value = snapshot.document(&entry.resource)?;
        match entry.mode {
            store::search::Mode::Match => page.items.push(value),
            store::search::Mode::Include => page.included.push(value),
        }
    }
    Ok(page)
}

/// One document as those read it who go by its references: a page that reads a resource's bytes instead takes a reference to
/// our own address for one to somewhere else.
pub(crate) fn present(snapshot: &mut Snapshot, type_: &str, id: &str) -> Result<Value, Error> {
    let found = snapshot.read(type_, id)?.present()?;
    snapshot.document(&found)
}

/// Every match of a search, page after page. A view that must not hide anything behind a page uses this.
///
/// # Errors
/// [`Error::TooCostly`] beyond [`PAGES_MAX`] pages: never a list cut off in silence.
pub(crate) fn all(snapshot: &mut Snapshot, type_: &str, pairs: &[(&str, &str)]) -> Result<Page, Error> {
    let mut whole = Page { items: Vec::new(), included: Vec::new(), next: None };
    let mut cursor: Option<String> = None;
    for _ in 0..PAGES_MAX {
        let mut words = pairs.to_vec();
        words.push(("_count", PAGE));
        if let Some(cursor) = &cursor {
            words.push(("_page", cursor));
        }
        let next = page(snapshot, type_, &words)?;
        whole.items.extend(next.items);
        whole.included.extend(next.included);
        cursor = next.next;
        if cursor.is_none() {
            return Ok(whole);
        }
    }
    Err(Error::TooCostly("a view of more than 4,000 entries"))
}

/// A section of a page: read, forbidden or failed, without hiding the other sections.
pub(crate) fn section<T>(read: Result<Listed<T>, Error>) -> Section<T> {
    match read {
        Ok(listed) => Section::Shown(listed),
        Err(Error::Forbidden | Error::NotFound) => Section::NoAccess,
        Err(_) => Section::Failed,
    }
}

/// A whole list.
pub(crate) fn listed<T>(items: Vec<T>) -> Listed<T> {
    Listed { total: u64::try_from(items.len()).ok(), items, next: None }
}

/// The store's refusal in the words of a page.
pub(crate) fn unseen(error: &Error) -> Unseen {
    match error {
        Error::NotFound | Error::Gone { .. } => Unseen::NotFound,
        Error::Forbidden => Unseen::NoAccess,
        Error::Invalid(issues) | Error::Unprocessable(issues) => {
            Unseen::Invalid(issues.first().map(|issue| issue.diagnostics.clone()).unwrap_or_default())
        }
        Error::ReadOnly | Error::AuditUnavailable | Error::Stopped | Error::Busy | Error::TooCostly(_) => {
            Unseen::Unavailable
        }
        _ => Unseen::Failed,
    }
}

/// The id of a document.
pub(crate) fn id(resource: &Value) -> &str {
    resource.id().unwrap_or_default()
}
