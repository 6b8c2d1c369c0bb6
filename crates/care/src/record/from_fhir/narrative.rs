//! The words of a narrative or an HTML letter (<https://hl7.org/fhir/R4/narrative.html>) as plain paragraphs. Markup is never
//! handed on: what a source wrote in a narrative cannot become part of our pages. Pure.

/// Elements whose content is no text for readers.
const HIDDEN: &[&str] = &["script", "style", "head", "title"];
/// Elements that begin and end a paragraph.
const BLOCKS: &[&str] = &[
    "p",
    "div",
    "br",
    "li",
    "ul",
    "ol",
    "tr",
    "table",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "section",
    "dl",
    "dt",
    "dd",
    "hr",
    "blockquote",
    "pre",
];

/// The paragraphs of marked-up text.
pub fn paragraphs(markup: &str) -> Vec<String> {
    let mut out = Paragraphs::default();
    let mut rest = markup;
    let mut hidden: Option<String> = None;
    while let Some(at) = rest.find('<') {
        let (words, tag) = rest.split_at(at);
        if hidden.is_none() {
            out.add(words);
        }
        let end = tag.find('>').map_or(tag.len(), |end| end + 1);
        let (tag, after) = tag.split_at(end);
        let name: String =
            tag.trim_start_matches(['<', '/']).chars().take_while(char::is_ascii_alphanumeric).collect();
        let name = name.to_ascii_lowercase();
        let closing = tag.starts_with("</");
        match &hidden {
            Some(open) if closing && *open == name => hidden = None,
            Some(_) => {}
            None if HIDDEN.contains(&name.as_str()) && !closing && !tag.ends_with("/>") => {
                hidden = Some(name)
            }
            None if BLOCKS.contains(&name.as_str()) => out.end(),
            None if name == "td" || name == "th" => out.add(" "),
            None => {}
        }
        rest = after;
    }
    if hidden.is_none() {
        out.add(rest);
    }
    out.end();
    out.done
}

/// The paragraphs of plain text: empty lines part them.
pub fn plain_paragraphs(text: &str) -> Vec<String> {
    let mut out = Paragraphs::default();
    for line in text.lines() {
        if line.trim().is_empty() {
            out.end();
        } else {
            out.open.push_str(line);
            out.open.push(' ');
        }
    }
    out.end();
    out.done
}

#[derive(Default)]
struct Paragraphs {
    done: Vec<String>,
    open: String,
}

impl Paragraphs {
    fn add(&mut self, words: &str) {
        self.open.push_str(&unescape(words));
    }

    fn end(&mut self) {
        let words = self.open.split_whitespace().collect::<Vec<_>>().join(" ");
        if !words.is_empty() {
            self.done.push(words);
        }
        self.open.clear();
    }
}

/// Character references of XML and the non-breaking space; any other stays as it stands.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, entity) = rest.split_at(at);
        out.push_str(before);
        let known = entity.split_once(';').filter(|(name, _)| name.len() <= 9).and_then(|(name, after)| {
            let letter = match name.trim_start_matches('&') {
                "amp" => '&',
                "lt" => '<',
                "gt" => '>',
                "quot" => '"',
                "apos" => '\'',
                "nbsp" => ' ',
                number => char::from_u32(code_point(number)?)?,
            };
            Some((letter, after))
        });
        match known {
            Some((letter, after)) => {
                out.push(letter);
                rest = after;
            }
            None => {
                out.push('&');
                rest = entity.get(1..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

fn code_point(entity: &str) -> Option<u32> {
    let number = entity.strip_prefix('#')?;
    match number.strip_prefix(['x', 'X']) {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok(),
        None => number.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_and_markup_goes() {
        for (markup, expected) in [
            ("<div><p>One &amp; two</p><p>three<br/>four</p></div>", vec!["One & two", "three", "four"]),
            ("<script>alert(1)</script><b>Bold</b> word", vec!["Bold word"]),
            ("<table><tr><td>Dose</td><td>5mg</td></tr></table>", vec!["Dose 5mg"]),
            ("a &lt;script&gt; &#65;&#x42; &unknown; & b", vec!["a <script> AB &unknown; & b"]),
            ("unended <p", vec!["unended"]),
            ("<style>p{}</style>", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(paragraphs(markup), expected, "{markup}");
        }
        assert_eq!(plain_paragraphs("Dear Ann,\n\nAll is\nwell.\n"), ["Dear Ann,", "All is well."]);
    }
}
