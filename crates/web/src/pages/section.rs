//! The three outcomes of a part of a page, in three different sentences: nothing recorded, no access, failed.
//! A failure is never worded like an empty record.

use super::address;
use crate::words::{fill, say};
use care::view::{Listed, Section};
use maud::{Markup, html};

/// Who reads: staff and patients get different sentences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Staff.
    Staff,
    /// The patient.
    Patient,
}

/// Prints a part: its items, or one of the three sentences. `empty` is the sentence for nothing recorded.
pub fn section<T>(
    reader: Reader,
    part: &Section<T>,
    empty: &str,
    items: impl FnOnce(&[T]) -> Markup,
) -> Markup {
    let rest = if let Section::Shown(listed) = part {
        more(listed)
    } else {
        html! {}
    };
    html! { (brief(reader, part, empty, items)) (rest) }
}

/// [`section`] on a page that shows only the newest, and links to the page with all.
pub fn brief<T>(
    reader: Reader,
    part: &Section<T>,
    empty: &str,
    items: impl FnOnce(&[T]) -> Markup,
) -> Markup {
    match part {
        Section::Shown(listed) if listed.items.is_empty() => {
            html! { div class="bevan-answer" { p { (empty) } } }
        }
        Section::Shown(listed) => items(&listed.items),
        Section::NoAccess => html! {
            div class="bevan-answer" {
                p {
                    @match reader {
                        Reader::Staff => "Your role does not include this part of the record.",
                        Reader::Patient => (say("section-no-access")),
                    }
                }
            }
        },
        Section::Failed => html! {
            div class="bevan-answer bevan-answer--failed" {
                p {
                    @match reader {
                        Reader::Staff => {
                            strong { "This part could not be read." }
                            " Do not take it as empty. Reload the page to try again."
                        },
                        Reader::Patient => {
                            strong { (say("section-failed")) }
                            " " (say("section-failed-why"))
                        },
                    }
                }
            }
        },
    }
}

/// How much of a long list is shown, and the way to the rest.
fn more<T>(listed: &Listed<T>) -> Markup {
    let shown = i64::try_from(listed.items.len()).unwrap_or(i64::MAX);
    html! {
        @if let Some(next) = &listed.next {
            p {
                (match listed.total {
                    Some(total) => {
                        let total = i64::try_from(total).unwrap_or(i64::MAX);
                        fill("section-showing-of", &[("shown", shown.into()), ("total", total.into())])
                    }
                    None => fill("section-showing", &[("shown", shown.into())]),
                })
                " "
                a href={ "?page=" (address(next)) } { (say("section-more")) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_forbidden_and_failed_are_three_sentences() {
        for reader in [Reader::Staff, Reader::Patient] {
            let words = |part: &Section<u8>| {
                section(reader, part, "None recorded.", |_| html! { "items" }).into_string()
            };
            let all = [words(&Section::whole(vec![])), words(&Section::NoAccess), words(&Section::Failed)];
            assert!(all[0].contains("None recorded."));
            assert!(all[1].contains("access") || all[1].contains("role"));
            assert!(all[2].contains("could not be"));
            assert!(all.iter().all(|one| !one.contains("items")));
            assert_eq!(words(&Section::whole(vec![1])), "items");
        }
    }

    #[test]
    fn a_list_that_goes_on_says_so() {
        let listed = Listed { items: vec![1, 2], total: Some(1_200), next: Some("a&b".into()) };
        let html = section(Reader::Staff, &Section::Shown(listed), "", |_| html! {}).into_string();
        assert!(html.contains("Showing 2 of 1,200. <a href=\"?page=a%26b\">Show more</a>"), "{html}");
    }
}
