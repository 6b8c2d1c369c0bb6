//! Attachments of a document that are not read as words: PDFs, pictures and whatever else somebody sent. What one is, is told by
//! its first bytes and never by what its sender says of it, so that nothing is ever served as what it only claims to be.
//! Of a file that lies in a Binary beside the document and was not read yet, what its sender says is all that is known. What lies
//! elsewhere is no sheet.

use crate::record::{Sheet, SheetBody, SheetKind};
use fhir::views::{Attachment, Document};

/// Letters of base64 that hold more than enough first bytes.
const HEAD: usize = 64;

/// The sheets of a document, numbered from 1 in the order of its attachments. What is read and shown as words is none.
pub(super) fn sheets(document: Document<'_>) -> Vec<Sheet> {
    let shown = |one: Attachment<'_>, sheet: &Sheet| sheet.kind == SheetKind::Words && one.inline().is_some();
    let all = document.attachments().enumerate();
    all.filter_map(|(at, one)| sheet(at + 1, one).filter(|sheet| !shown(one, sheet))).collect()
}

/// An attachment whole, by its number.
pub fn sheet_body(document: Document<'_>, number: usize) -> Option<SheetBody> {
    let attachment = document.attachments().nth(number.checked_sub(1)?)?;
    let sheet = sheet(number, attachment)?;
    Some(SheetBody { sheet, body: decode(attachment.inline()?)? })
}

fn sheet(number: usize, attachment: Attachment<'_>) -> Option<Sheet> {
    let declared =
        attachment.content_type().and_then(|kind| kind.split(';').next()).unwrap_or_default().trim();
    let title = attachment.title().map(str::to_owned);
    let Some(data) = attachment.inline() else {
        attachment.binary()?;
        return Some(Sheet { number, title, kind: said(declared), bytes: attachment.size() });
    };
    let letters = data.bytes().filter(|letter| !letter.is_ascii_whitespace() && *letter != b'=').count();
    let head: String = data.chars().filter(|letter| !letter.is_ascii_whitespace()).take(HEAD).collect();
    let kind = kind(&decode(&head)?, declared);
    Some(Sheet { number, title, kind, bytes: Some(letters * 3 / 4) })
}

/// What a file is by the word of its sender, as long as nobody has looked.
fn said(declared: &str) -> SheetKind {
    match declared {
        "application/pdf" => SheetKind::Pdf,
        "image/png" => SheetKind::Png,
        "image/jpeg" => SheetKind::Jpeg,
        other => kind(&[], other),
    }
}

fn kind(head: &[u8], declared: &str) -> SheetKind {
    match declared {
        _ if head.starts_with(b"%PDF-") => SheetKind::Pdf,
        _ if head.starts_with(b"\x89PNG\r\n\x1a\n") => SheetKind::Png,
        _ if head.starts_with(&[0xff, 0xd8, 0xff]) => SheetKind::Jpeg,
        "text/plain" | "text/html" | "application/xhtml+xml" => SheetKind::Words,
        other => SheetKind::Other(other.to_owned()),
    }
}

/// Base64 (RFC 4648 section 4), white space passed over; `None` where it is none.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0u32, 0u32);
    for letter in text.bytes().filter(|letter| !letter.is_ascii_whitespace()) {
        let six = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => return None,
        };
        held = (held << 6) | u32::from(six);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push(u8::try_from((held >> bits) & 0xff).ok()?);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    fn of(declared: &str, data: &str) -> Option<Sheet> {
        let text = format!(
            r#"{{"content":[{{"attachment":{{"contentType":"text/plain","data":"QQ=="}}}},
                {{"attachment":{{"contentType":"{declared}","data":"{data}","title":"Scan"}}}}]}}"#
        );
        sheets(Document(&read(&text))).into_iter().next()
    }

    #[test]
    fn what_a_sheet_is_is_told_by_its_bytes() {
        for (declared, data, kind, bytes) in [
            ("application/pdf", "JVBERi0xLjcK", SheetKind::Pdf, 9),
            ("text/html", "JVBERi0xLjcK", SheetKind::Pdf, 9),
            ("image/png", "iVBORw0KGgo=", SheetKind::Png, 8),
            ("image/png", "/9j/4AAQ", SheetKind::Jpeg, 6),
            ("image/png", "PHNjcmlwdD4=", SheetKind::Other("image/png".into()), 8),
            ("application/pdf", "PHNjcmlwdD4=", SheetKind::Other("application/pdf".into()), 8),
        ] {
            let sheet = of(declared, data).unwrap();
            assert_eq!((sheet.number, sheet.kind, sheet.bytes), (2, kind, Some(bytes)), "{declared}");
        }
        assert_eq!(of("text/html", "PHNjcmlwdD4="), None, "it is read as words");
        assert_eq!(of("image/png", "!!"), None, "no base64");
    }

    #[test]
    fn of_a_file_beside_the_document_its_senders_word_is_known() {
        let of = |more: &str| {
            let text = format!(r#"{{"content":[{{"attachment":{{"title":"Scan",{more}}}}}]}}"#);
            sheets(Document(&read(&text))).into_iter().next().map(|one| (one.kind, one.bytes))
        };
        let pdf = of(r#""contentType":"application/pdf","size":41200,"url":"Binary/b1""#);
        assert_eq!(pdf, Some((SheetKind::Pdf, Some(41_200))));
        let words = of(r#""contentType":"text/plain; charset=utf-8","url":"Binary/b1""#);
        assert_eq!(words, Some((SheetKind::Words, None)), "not read yet");
        assert_eq!(
            of(r#""contentType":"application/pdf","url":"https://elsewhere.example/Binary/b1""#),
            None
        );
        assert_eq!(of(r#""contentType":"application/pdf","url":"Binary/b1/_history/2""#), None);
        assert_eq!(of(r#""contentType":"application/pdf","url":"Patient/p""#), None);
    }

    #[test]
    fn a_sheet_is_opened_by_its_number() {
        let entry =
            read(r#"{"content":[{"attachment":{"contentType":"application/pdf","data":"JVBERi0xLjcK"}}]}"#);
        assert_eq!(sheet_body(Document(&entry), 1).unwrap().body, b"%PDF-1.7\n");
        assert_eq!(sheet_body(Document(&entry), 0), None);
        assert_eq!(sheet_body(Document(&entry), 2), None);
    }
}
