//! Separators and their escapes: `\,` `\$` `\|` `\\` (<https://hl7.org/fhir/R4/search.html#escaping>).

/// The pieces between unescaped separators, escapes untouched.
pub(super) fn split(raw: &str, separator: char) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut from, mut escaped) = (0, false);
    for (at, c) in raw.char_indices() {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == separator {
            pieces.push(raw.get(from..at).unwrap_or_default());
            from = at + c.len_utf8();
        }
    }
    pieces.push(raw.get(from..).unwrap_or_default());
    pieces
}

/// The text that an escaped piece stands for; `None` when a backslash escapes nothing that needs it.
pub(super) fn unescape(raw: &str) -> Option<String> {
    let mut text = String::with_capacity(raw.len());
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => text.push(chars.next().filter(|c| matches!(c, '\\' | ',' | '$' | '|'))?),
            c => text.push(c),
        }
    }
    Some(text)
}

/// Appends a text with its separators escaped.
pub(super) fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        if matches!(c, '\\' | ',' | '$' | '|') {
            out.push('\\');
        }
        out.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_where_nothing_is_escaped() {
        assert_eq!(split(r"a,b\,c,,d\\,e", ','), ["a", r"b\,c", "", r"d\\", "e"]);
        assert_eq!(split("", ','), [""]);
        assert_eq!(split(r"x\", ','), [r"x\"]);
    }

    #[test]
    fn unescapes_and_escapes() {
        assert_eq!(unescape(r"a\,b\$c\|d\\e").as_deref(), Some(r"a,b$c|d\e"));
        assert_eq!(unescape(r"a\n"), None);
        assert_eq!(unescape("a\\"), None);
        let mut out = String::new();
        escape(r"a,b$c|d\e", &mut out);
        assert_eq!(out, r"a\,b\$c\|d\\e");
    }
}
