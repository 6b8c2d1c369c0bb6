//! HTML read closely enough to compare and to check pages: tags with sorted attributes, and words with spaces folded.
//! For markup made by machines; it does not repair what a person wrote wrongly.

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    Open { name: String, attributes: Vec<(String, String)> },
    Close(String),
    Text(String),
}

/// Reads a document.
pub fn tokens(html: &str) -> Vec<Token> {
    let mut all = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        text(&mut all, &rest[..at]);
        let (tag, after) = tag(&rest[at + 1..]);
        rest = after;
        if tag.starts_with('!') {
            continue;
        }
        if let Some(name) = tag.strip_prefix('/') {
            all.push(Token::Close(name.trim().to_lowercase()));
            continue;
        }
        let open = open(tag);
        let raw = matches!(&open, Token::Open { name, .. } if name == "script" || name == "style");
        let name = if let Token::Open { name, .. } = &open { name.clone() } else { String::new() };
        all.push(open);
        if raw {
            let end = rest.find(&format!("</{name}")).unwrap_or(rest.len());
            if !rest[..end].trim().is_empty() {
                all.push(Token::Text(rest[..end].to_owned()));
            }
            rest = &rest[end..];
        }
    }
    text(&mut all, rest);
    all
}

/// The document in one shape, whatever its spaces, attribute order and quoting.
pub fn normal(html: &str) -> String {
    let mut shape = String::new();
    for token in tokens(html) {
        match token {
            Token::Open { name, mut attributes } => {
                attributes.sort();
                shape.push_str(&format!("<{name}"));
                for (name, value) in attributes {
                    let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
                    shape.push_str(&format!(" {name}={value:?}"));
                }
                shape.push_str(">\n");
            }
            Token::Close(name) => shape.push_str(&format!("</{name}>\n")),
            Token::Text(words) => shape.push_str(&format!("{words}\n")),
        }
    }
    shape
}

fn text(all: &mut Vec<Token>, raw: &str) {
    let words = entities(raw).split_whitespace().collect::<Vec<_>>().join(" ");
    if !words.is_empty() {
        all.push(Token::Text(words));
    }
}

/// The inside of a tag up to its `>`, quotes respected, and what follows.
fn tag(rest: &str) -> (&str, &str) {
    let mut quote = None;
    for (at, c) in rest.char_indices() {
        match (quote, c) {
            (None, '>') => return (&rest[..at], &rest[at + 1..]),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    (rest, "")
}

fn open(tag: &str) -> Token {
    let tag = tag.trim_end_matches('/').trim();
    let end = tag.find(char::is_whitespace).unwrap_or(tag.len());
    let (name, mut rest) = (tag[..end].to_lowercase(), tag[end..].trim_start());
    let mut attributes = Vec::new();
    while !rest.is_empty() {
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let key = rest[..end].to_lowercase();
        rest = rest[end..].trim_start();
        let mut value = "";
        if let Some(after) = rest.strip_prefix('=') {
            let after = after.trim_start();
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (from, end) = match quote {
                Some(quote) => (1, after[1..].find(quote).map_or(after.len(), |at| at + 1)),
                None => (0, after.find(char::is_whitespace).unwrap_or(after.len())),
            };
            value = &after[from..end];
            rest = after.get(end + from..).unwrap_or("").trim_start();
        }
        attributes.push((key, entities(value)));
    }
    Token::Open { name, attributes }
}

fn entities(raw: &str) -> String {
    raw.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&nbsp;", "\u{a0}")
        .replace("&amp;", "&")
}
