//! A table that stacks on narrow screens, each value under its column's name.

use super::content::{Content, classes};
use super::field::Size;
use maud::{Markup, Render, html};

/// What a table is about.
#[derive(Debug, Clone)]
pub struct Caption {
    /// What it says.
    pub text: Content,
    /// Its size.
    pub size: Option<Size>,
    /// Its id.
    pub id: Option<String>,
    /// More classes, for example to hide it from sight.
    pub classes: Option<String>,
}

impl Caption {
    /// A caption for screen readers only, where the heading above says the same.
    pub fn hidden(text: &str) -> Self {
        Self { text: text.into(), size: None, id: None, classes: Some("nhsuk-u-visually-hidden".to_owned()) }
    }
}

/// A column.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its name.
    pub text: Content,
    /// Whether it holds numbers: right aligned, figures of one width.
    pub numeric: bool,
    /// More classes.
    pub classes: Option<String>,
}

impl Column {
    /// A column of words.
    pub fn new(text: &str) -> Self {
        Self { text: text.into(), numeric: false, classes: None }
    }

    /// A column of numbers.
    pub fn numeric(text: &str) -> Self {
        Self { numeric: true, ..Self::new(text) }
    }
}

/// A value.
#[derive(Debug, Clone)]
pub struct Cell {
    /// What stands in it; `None` leaves it empty.
    pub inside: Option<Content>,
    /// Whether it is a number; the column's answer when `None`.
    pub numeric: Option<bool>,
    /// More classes.
    pub classes: Option<String>,
}

impl<T: Into<Content>> From<T> for Cell {
    fn from(inside: T) -> Self {
        Self { inside: Some(inside.into()), numeric: None, classes: None }
    }
}

/// A table.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// What it is about.
    pub caption: Option<Caption>,
    /// The columns; none leaves the head out.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
    /// Whether the first value names its row.
    pub row_headers: bool,
    /// Whether it stacks on narrow screens.
    pub responsive: bool,
    /// Whether rows are close together.
    pub compact: bool,
    /// Whether every second row is shaded.
    pub striped: bool,
    /// Whether it stands on a dark ground.
    pub reverse: bool,
    /// Whether it has no lines at all.
    pub no_border: bool,
    /// Whether the last row has no line.
    pub no_last_row_border: bool,
}

impl Table {
    /// A table that stacks, whose first values name their rows.
    pub fn stacking(caption: Caption, columns: Vec<Column>, rows: Vec<Vec<Cell>>) -> Self {
        Self { caption: Some(caption), columns, rows, row_headers: true, responsive: true, ..Self::default() }
    }
}

impl Render for Table {
    fn render(&self) -> Markup {
        let border = match (self.no_border, self.no_last_row_border) {
            (true, _) => Some("nhsuk-table--no-border"),
            (false, true) => Some("nhsuk-table--no-last-row-border"),
            (false, false) => None,
        };
        let class = classes(
            "nhsuk-table",
            [
                self.reverse.then_some("nhsuk-table--reverse"),
                self.compact.then_some("nhsuk-table--compact"),
                self.responsive.then_some("nhsuk-table--responsive"),
                border,
                self.striped.then_some("nhsuk-table--striped"),
            ],
        );
        html! {
            table class=(class) role=[self.role("table")] {
                @if let Some(caption) = &self.caption { (caption) }
                @if !self.columns.is_empty() {
                    thead class="nhsuk-table__head" role=[self.role("rowgroup")] {
                        tr class="nhsuk-table__row" role=[self.role("row")] {
                            @for column in &self.columns {
                                @let numeric = column.numeric.then_some("nhsuk-table__header--numeric");
                                th class=(classes("nhsuk-table__header", [numeric, column.classes.as_deref()]))
                                    scope="col" role=[self.role("columnheader")] { (column.text) }
                            }
                        }
                    }
                }
                tbody class="nhsuk-table__body" {
                    @for row in &self.rows {
                        tr class="nhsuk-table__row" role=[self.role("row")] {
                            @for (n, cell) in row.iter().enumerate() { (self.cell(n, cell)) }
                        }
                    }
                }
            }
        }
    }
}

impl Table {
    fn role(&self, role: &'static str) -> Option<&'static str> {
        self.responsive.then_some(role)
    }

    fn cell(&self, n: usize, cell: &Cell) -> Markup {
        let column = self.columns.get(n);
        let head = n == 0 && self.row_headers;
        let numeric = cell.numeric.unwrap_or_else(|| column.is_some_and(|column| column.numeric));
        let inside = html! {
            @match (column.filter(|_| self.responsive), &cell.inside) {
                (Some(column), inside) => {
                    span class="nhsuk-table__heading" aria-hidden="true" { (column.text) " " }
                    @match inside {
                        Some(Content::Html(markup)) => { div { (markup) } },
                        Some(Content::Text(text)) => { (text) },
                        None => {},
                    }
                },
                (None, Some(inside)) => { (inside) },
                (None, None) => {},
            }
        };
        let more = cell.classes.as_deref();
        if head {
            let class =
                classes("nhsuk-table__header", [numeric.then_some("nhsuk-table__header--numeric"), more]);
            html! { th class=(class) scope="row" role=[self.role("rowheader")] { (inside) } }
        } else {
            let class = classes("nhsuk-table__cell", [numeric.then_some("nhsuk-table__cell--numeric"), more]);
            html! { td class=(class) role=[self.role("cell")] { (inside) } }
        }
    }
}

impl Render for Caption {
    fn render(&self) -> Markup {
        let size = self.size.map(|size| format!("nhsuk-table__caption--{}", size.letter()));
        let class = classes("nhsuk-table__caption", [size.as_deref(), self.classes.as_deref()]);
        html! { caption class=(class) id=[self.id.as_deref()] { (self.text) } }
    }
}
