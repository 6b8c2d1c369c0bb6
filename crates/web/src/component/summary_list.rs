//! Facts as pairs of a name and a value.

use super::content::{Content, classes};
use maud::{Markup, Render, html};

/// A link at the end of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// What it says.
    pub text: String,
    /// Where it leads.
    pub href: String,
    /// What it is about, for screen readers.
    pub hidden: Option<String>,
}

/// One pair.
#[derive(Debug, Clone)]
pub struct SummaryRow {
    /// The name.
    pub key: Content,
    /// The value.
    pub value: Content,
    /// Links about it.
    pub actions: Vec<Action>,
}

impl SummaryRow {
    /// A pair.
    pub fn new(key: &str, value: impl Into<Content>) -> Self {
        Self { key: key.into(), value: value.into(), actions: Vec::new() }
    }
}

/// A list of pairs.
#[derive(Debug, Clone)]
pub struct SummaryList {
    /// The pairs.
    pub rows: Vec<SummaryRow>,
    /// Whether the rows have lines under them.
    pub border: bool,
    /// Whether the last row has one.
    pub last_row_border: bool,
}

impl SummaryList {
    /// A list with lines between the rows.
    pub fn new(rows: Vec<SummaryRow>) -> Self {
        Self { rows, border: true, last_row_border: false }
    }
}

impl Render for SummaryList {
    fn render(&self) -> Markup {
        let border = match (self.border, self.last_row_border) {
            (false, _) => Some("nhsuk-summary-list--no-border"),
            (true, false) => Some("nhsuk-summary-list--no-last-row-border"),
            (true, true) => None,
        };
        let any_actions = self.rows.iter().any(|row| !row.actions.is_empty());
        html! {
            dl class=(classes("nhsuk-summary-list", [border])) {
                @for row in &self.rows {
                    @let bare = any_actions && row.actions.is_empty();
                    @let class = classes("nhsuk-summary-list__row", [bare.then_some("nhsuk-summary-list__row--no-actions")]);
                    div class=(class) {
                        dt class="nhsuk-summary-list__key" { (row.key) }
                        dd class="nhsuk-summary-list__value" { (row.value) }
                        @if !row.actions.is_empty() { (actions(&row.actions)) }
                    }
                }
            }
        }
    }
}

fn actions(all: &[Action]) -> Markup {
    let link = |action: &Action| {
        html! {
            a class="nhsuk-link" href=(action.href) {
                (action.text)
                @if let Some(hidden) = &action.hidden { span class="nhsuk-u-visually-hidden" { " " (hidden) } }
            }
        }
    };
    html! {
        dd class="nhsuk-summary-list__actions" {
            @if let [only] = all {
                (link(only))
            } @else {
                ul class="nhsuk-summary-list__actions-list" {
                    @for action in all { li class="nhsuk-summary-list__actions-list-item" { (link(action)) } }
                }
            }
        }
    }
}
