//! What goes out of the house: a letter as one page of HTML that needs nothing else and prints on A4, and the words of an
//! email or a text message, which say that there is something to read and nothing of what it is.

use crate::pages::address;
use crate::pages::patient::messages::worded::title;
use crate::wording;
use crate::words::{fill, say};
use care::messages::Letter;
use care::profile::Format;
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// How a letter looks by itself.
const STYLE: &str = "@page{size:A4;margin:20mm}\
body{font-family:'Atkinson Hyperlegible Next',Arial,sans-serif;font-size:12pt;line-height:1.5;color:#102a33;max-width:170mm;margin:20mm auto}\
body.large{font-size:18pt;line-height:1.6}\
address{font-style:normal;min-height:40mm}\
h2{font-size:1.25em;margin:1.2em 0 .6em}\
.text{white-space:pre-line}\
.end{border-top:1px solid #4b5b61;margin-top:2em;padding-top:.6em}\
@media print{body{margin:0;max-width:none}}";

/// The subject and the words of an email, or the words of a text message. `site` is where people sign in.
pub fn notice(site: Option<&str>) -> (String, String) {
    let words = match site {
        Some(site) => fill("messages-notice", &[("place", format!("{site}/messages").into())]),
        None => say("messages-notice-nowhere").to_owned(),
    };
    (say("messages-notice-subject").to_owned(), words)
}

/// A letter as one page of HTML, with everything in it.
pub fn page(letter: &Letter) -> String {
    let large = letter.format == Format::LargePrint;
    let page = html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                title { (fill("messages-letter-title", &[("name", letter.name.as_str().into())])) }
                // For the printing house: in which format the person reads.
                meta name="format" content=(format_code(letter.format));
                style { (PreEscaped(STYLE)) }
            }
            body class=[large.then_some("large")] { (sheet(letter)) }
        }
    };
    page.into_string()
}

fn format_code(format: Format) -> &'static str {
    match format {
        Format::Standard => "standard",
        Format::LargePrint => "large-print",
        Format::Braille => "braille",
        Format::Audio => "audio",
        Format::EasyRead => "easy-read",
    }
}

/// What stands on the paper.
pub fn sheet(letter: &Letter) -> Markup {
    let paragraphs = letter.text.split("\n\n").map(str::trim).filter(|one| !one.is_empty());
    html! {
        address {
            (letter.name) br;
            @for line in &letter.address { (line) br; }
        }
        p { (wording::day(wording::local(letter.sent).date())) }
        @if !letter.from.is_empty() {
            p { strong { (letter.from) } @if let Some(phone) = &letter.phone { br; (fill("messages-letter-phone", &[("phone", phone.as_str().into())])) } }
        }
        h2 { (title(letter.kind, letter.subject.as_deref())) }
        p { (fill("messages-letter-dear", &[("name", letter.name.as_str().into())])) }
        @for one in paragraphs { p class="text" { (one) } }
        @if !letter.attachments.is_empty() {
            p { (fill("messages-letter-papers", &[("papers", letter.attachments.join(", ").into())])) }
        }
        @if let Some(name) = &letter.signed { p { (name) @if !letter.from.is_empty() { br; (letter.from) } } }
        div class="end" {
            p { (say("messages-letter-help")) }
            @if let Some(language) = &letter.language {
                p { (fill("messages-letter-language", &[("language", language.as_str().into())])) }
            }
            @if letter.interpreter { p { (say("messages-letter-interpreter")) } }
            @match letter.format {
                Format::Braille | Format::Audio | Format::EasyRead => p { (say("messages-letter-format")) },
                Format::Standard | Format::LargePrint => {},
            }
            p { (fill("messages-letter-reference", &[("reference", address(&letter.id).into())])) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_says_nothing_of_a_message_and_fits_two_text_messages() {
        let (subject, words) = notice(Some("https://patients.example.org"));
        assert!(words.contains("https://patients.example.org/messages"), "{words}");
        assert!(care::messages::fragments(&words) <= 2, "{words}");
        assert!(care::messages::fragments(&notice(None).1) <= 2);
        for secret in ["knee", "Alex", "Surgery", "Example"] {
            assert!(!subject.contains(secret) && !words.contains(secret));
        }
    }

    #[test]
    fn a_letter_is_whole_and_in_the_persons_format() {
        let letter = Letter::sample();
        let page = page(&letter);
        for part in
            ["Alex Example", "EX1 1AA", "We have referred you.", "Polish", "class=\"large\"", "01632 960001"]
        {
            assert!(page.contains(part), "{part}");
        }
        assert!(
            !page.contains("http:") && !page.contains("https:") && !page.contains("<script"),
            "needs nothing else"
        );
        let standard = super::page(&Letter { format: Format::Standard, ..letter.clone() });
        assert!(!standard.contains("class=\"large\""));
        let hostile = super::page(&Letter { text: "<script>x</script>".into(), ..letter });
        assert!(hostile.contains("&lt;script&gt;"));
    }
}
