//! The words of pages, from the [`catalogue`]: [`say`], [`fill`], and [`weave`] for a message with markup in it, such as a link in the
//! middle of a sentence. Never decides anything. Dates, times and NHS numbers are put together by `wording` and handed in as
//! values.

pub use catalogue::{FluentValue, fill, say};
use maud::{Markup, PreEscaped, Render, html};

/// A message with markup: `weave("help-111", &[("number", html! { a href="tel:111" { "111" } })])`. The words around it are
/// escaped.
pub fn weave(id: &'static str, parts: &[(&'static str, Markup)]) -> Markup {
    // A letter that no text holds stands for each part until the sentence is in order.
    let letters = '\u{f0000}'..='\u{ffffd}';
    let marks: Vec<(char, &Markup)> = letters.zip(parts.iter().map(|(_, markup)| markup)).collect();
    let values: Vec<(&'static str, FluentValue<'_>)> =
        parts.iter().zip(&marks).map(|((name, _), (mark, _))| (*name, mark.to_string().into())).collect();
    let mut words = html! { (fill(id, &values)) }.into_string();
    for (mark, markup) in marks {
        words = words.replace(mark, &markup.render().into_string());
    }
    PreEscaped(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_grouped_and_markup_is_woven_in_once_escaped() {
        assert_eq!(say("shell-help"), "Help");
        let words = fill("shell-emergency-until", &[("time", 12_480.into())]);
        assert!(words.starts_with("Emergency access to one record until 12,480. "), "{words}");
        let woven = weave("shell-emergency-until", &[("time", html! { b { "5 < 6" } })]).into_string();
        assert!(woven.contains("until <b>5 &lt; 6</b>. "), "{woven}");
    }
}
