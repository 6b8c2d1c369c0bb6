//! DocumentReference and Composition → paper: letters, discharge summaries and other documents
//! (<https://hl7.org/fhir/R4/documentreference.html>, <https://hl7.org/fhir/R4/composition.html>). Only words are taken from
//! an attachment or a narrative; what cannot be read as words is a sheet, opened by itself (`attachment`).

use super::attachment::{decode, sheets};
use super::narrative::{paragraphs, plain_paragraphs};
use crate::record::{Paper, Passage};
use crate::words::{concept, when};
use catalogue::say;
use fhir::json::Value;
use fhir::views::{Composition, Document, Reference, Resource};

/// A document as a line of the record; `None` when entered in error or superseded.
pub fn paper(entry: &Value) -> Option<Paper> {
    if entry.type_() == Some("Composition") {
        composition(Composition(entry))
    } else {
        reference(Document(entry))
    }
}

fn reference(view: Document<'_>) -> Option<Paper> {
    if matches!(view.status(), Some("entered-in-error" | "superseded")) {
        return None;
    }
    let kind = view.kind().and_then(concept);
    let attachments = || view.attachments();
    let titled = attachments().find_map(|one| one.title()).or(view.description()).map(str::to_owned);
    let passages = attachments().filter_map(|one| {
        let text = String::from_utf8(decode(one.inline()?)?).ok()?;
        let paragraphs = match one.content_type()?.split(';').next()?.trim() {
            "text/plain" => plain_paragraphs(&text),
            "text/html" | "application/xhtml+xml" => paragraphs(&text),
            _ => return None,
        };
        Some(Passage { heading: None, paragraphs })
    });
    Some(Paper {
        id: view.id().unwrap_or_default().to_owned(),
        title: titled.or_else(|| kind.clone()).unwrap_or_else(|| say("record-unnamed-document").to_owned()),
        kind,
        written: view.date().and_then(when),
        author: view.authors().find_map(Reference::display).map(str::to_owned),
        keeper: view.custodian().and_then(Reference::display).map(str::to_owned),
        passages: passages.collect(),
        sheets: sheets(view),
    })
}

fn composition(view: Composition<'_>) -> Option<Paper> {
    if view.status() == Some("entered-in-error") {
        return None;
    }
    let kind = view.kind().and_then(concept);
    let passages = view.sections().map(|section| Passage {
        heading: section.title().map(str::to_owned),
        paragraphs: section.narrative().map(paragraphs).unwrap_or_default(),
    });
    Some(Paper {
        id: view.id().unwrap_or_default().to_owned(),
        title: view
            .title()
            .map(str::to_owned)
            .or_else(|| kind.clone())
            .unwrap_or_else(|| say("record-kind-document").to_owned()),
        kind,
        written: view.date().and_then(when),
        author: view.authors().find_map(Reference::display).map(str::to_owned),
        keeper: view.custodian().and_then(Reference::display).map(str::to_owned),
        passages: passages.filter(|one| !one.paragraphs.is_empty()).collect(),
        sheets: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;
    use crate::record::SheetKind;

    #[test]
    fn a_letter_is_read_as_words() {
        let entry = read(
            r#"{"resourceType":"DocumentReference","id":"d","status":"current","type":{"text":"Clinic letter"},
                "date":"2025-03-30T10:00:00Z","author":[{"display":"Dr A"}],"custodian":{"display":"Trust"},
                "content":[{"attachment":{"contentType":"text/plain; charset=utf-8","title":"Your visit","data":"RGVhciBBbm4sCgpBbGwgaXMgd2VsbC4="}}]}"#,
        );
        let line = paper(&entry).unwrap();
        assert_eq!((line.title.as_str(), line.author.as_deref()), ("Your visit", Some("Dr A")));
        assert_eq!(line.passages[0].paragraphs, ["Dear Ann,", "All is well."]);
    }

    #[test]
    fn a_picture_is_a_document_without_words() {
        let entry = read(
            r#"{"status":"current","content":[{"attachment":{"contentType":"image/png","data":"iVBORw0KGgo="}}]}"#,
        );
        let line = paper(&entry).unwrap();
        assert_eq!((line.title.as_str(), line.passages.len()), ("Document without a title", 0));
        assert_eq!((line.sheets[0].kind.clone(), line.sheets[0].bytes), (SheetKind::Png, Some(8)));
    }

    #[test]
    fn a_summarys_sections_are_passages() {
        let entry = read(
            r#"{"resourceType":"Composition","id":"c","status":"final","title":"Discharge summary","section":[
                {"title":"What happened","text":{"status":"generated","div":"<div><p>You <b>fell</b>.</p></div>"}},
                {"title":"Empty"}]}"#,
        );
        let line = paper(&entry).unwrap();
        assert_eq!(line.passages.len(), 1);
        assert_eq!(line.passages[0].heading.as_deref(), Some("What happened"));
        assert_eq!(line.passages[0].paragraphs, ["You fell."]);
    }

    #[test]
    fn what_is_not_base64_is_refused() {
        assert_eq!(decode("TWFu").as_deref(), Some(b"Man".as_slice()));
        assert_eq!(decode("TQ==").as_deref(), Some(b"M".as_slice()));
        assert_eq!(decode("T!"), None);
    }
}
