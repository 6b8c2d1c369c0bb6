//! What stands inside a part: words, which are escaped, or markup that was built from escaped words.

use maud::{Markup, Render, html};

/// Words or markup.
#[derive(Debug, Clone)]
pub enum Content {
    /// Words; escaped when printed.
    Text(String),
    /// Markup made by `maud`.
    Html(Markup),
}

impl Content {
    /// The words wrapped in a paragraph, as some parts print plain text; markup stays as it is.
    pub(super) fn paragraph(&self, class: Option<&str>) -> Markup {
        match self {
            Content::Text(text) => html! { p class=[class] { (text) } },
            Content::Html(markup) => markup.clone(),
        }
    }
}

impl Render for Content {
    fn render(&self) -> Markup {
        match self {
            Content::Text(text) => html! { (text) },
            Content::Html(markup) => markup.clone(),
        }
    }
}

impl From<&str> for Content {
    fn from(text: &str) -> Self {
        Content::Text(text.to_owned())
    }
}

impl From<String> for Content {
    fn from(text: String) -> Self {
        Content::Text(text)
    }
}

impl From<Markup> for Content {
    fn from(markup: Markup) -> Self {
        Content::Html(markup)
    }
}

/// A class list: the base and whatever else applies.
pub(super) fn classes<'a>(base: &str, more: impl IntoIterator<Item = Option<&'a str>>) -> String {
    let mut list = base.to_owned();
    for class in more.into_iter().flatten() {
        list.push(' ');
        list.push_str(class);
    }
    list
}
