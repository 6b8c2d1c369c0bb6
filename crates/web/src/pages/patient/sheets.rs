//! The parts of a document that are files: links that say what each is and how large, and the files. Pictures are shown in the
//! browser, everything else is kept; nothing is served as what its sender says it is, and nothing in it runs here.

use crate::pages::address;
use crate::state::State;
use crate::visit::{Answer, File, Outcome, Problem, Visit};
use crate::words::{fill, say};
use care::record::{Paper, Sheet, SheetKind};
use maud::{Markup, html};

/// Media types that people's programs open: what a file of it is called, and how its name ends. Others are a file of no kind.
const KINDS: &[(&str, &str, &str)] = &[
    ("application/rtf", "record-sheet-rich-text", "rtf"),
    ("text/rtf", "record-sheet-rich-text", "rtf"),
    ("application/msword", "record-sheet-word", "doc"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "record-sheet-word", "docx"),
    ("application/vnd.oasis.opendocument.text", "record-sheet-open-text", "odt"),
    ("application/vnd.ms-excel", "record-sheet-excel", "xls"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "record-sheet-excel", "xlsx"),
    ("application/vnd.oasis.opendocument.spreadsheet", "record-sheet-spreadsheet", "ods"),
    ("text/csv", "record-sheet-spreadsheet", "csv"),
    ("application/vnd.ms-powerpoint", "record-sheet-powerpoint", "ppt"),
    (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "record-sheet-powerpoint",
        "pptx",
    ),
    ("image/gif", "record-sheet-picture", "gif"),
    ("image/tiff", "record-sheet-picture", "tif"),
    ("image/bmp", "record-sheet-picture", "bmp"),
    ("image/webp", "record-sheet-picture", "webp"),
    ("image/heic", "record-sheet-picture", "heic"),
    ("application/dicom", "record-sheet-scan", "dcm"),
    ("audio/mpeg", "record-sheet-sound", "mp3"),
    ("audio/wav", "record-sheet-sound", "wav"),
    ("audio/mp4", "record-sheet-sound", "m4a"),
    ("video/mp4", "record-sheet-video", "mp4"),
    ("video/quicktime", "record-sheet-video", "mov"),
    ("message/rfc822", "record-sheet-email", "eml"),
    ("application/zip", "record-sheet-zip", "zip"),
];

/// The file, for the person it is about.
pub async fn sheet(state: &State, visit: &Visit) -> Outcome {
    let patient = visit.patient_id()?.to_owned();
    let number = visit.open.get(1).map(String::as_str).unwrap_or_default();
    file(state, visit, (&patient, visit.id(), number)).await
}

/// The file of a person's document, for whoever may read that.
pub async fn file(state: &State, visit: &Visit, (patient, document, number): (&str, &str, &str)) -> Outcome {
    let number = number.parse().map_err(|_| Problem::NotFound)?;
    let whole = state.care.sheet(&visit.actor_for(patient)?, patient, (document, number)).await?;
    let (kind, end, shown) = match &whole.sheet.kind {
        SheetKind::Pdf => ("application/pdf", "pdf", false),
        SheetKind::Png => ("image/png", "png", true),
        SheetKind::Jpeg => ("image/jpeg", "jpg", true),
        SheetKind::Words => ("application/octet-stream", "txt", false),
        SheetKind::Other(declared) => {
            let end = known(declared).map_or("bin", |(_, end)| end);
            ("application/octet-stream", end, false)
        }
    };
    let name = format!("{}-{number}.{end}", say("record-sheet-file"));
    Ok(Answer::File(File { kind, name, body: whole.body, shown }))
}

/// A link to each, on the person's own pages.
pub fn links(paper: &Paper, visit: &Visit) -> Markup {
    let place = visit.link(&format!("/record/documents/{}", address(&paper.id)));
    listed(paper, &place)
}

/// A link to each, below the address of the document.
pub fn listed(paper: &Paper, place: &str) -> Markup {
    html! {
        @if !paper.sheets.is_empty() {
            ul {
                @for one in &paper.sheets { li { a href=(format!("{place}/{}", one.number)) { (words(one, paper)) } } }
            }
        }
    }
}

/// What a file of a media type is called, and how its name ends.
fn known(declared: &str) -> Option<(&'static str, &'static str)> {
    let declared = declared.to_ascii_lowercase();
    KINDS.iter().find(|(kind, ..)| *kind == declared).map(|(_, words, end)| (*words, *end))
}

fn words(one: &Sheet, paper: &Paper) -> String {
    let kind = say(match &one.kind {
        SheetKind::Pdf => "record-sheet-pdf",
        SheetKind::Png | SheetKind::Jpeg => "record-sheet-picture",
        SheetKind::Words => "record-sheet-text",
        SheetKind::Other(declared) => known(declared).map_or("record-sheet-untold", |(words, _)| words),
    });
    let title = one.title.as_deref().unwrap_or(&paper.title);
    let (title, kind) = (("title", title.into()), ("kind", kind.into()));
    match one.bytes {
        Some(bytes) => fill("record-sheet", &[title, kind, ("size", size(bytes).into())]),
        None => fill("record-sheet-unweighed", &[title, kind]),
    }
}

/// `41 kB`: a size in the unit that makes it short.
fn size(bytes: usize) -> String {
    let tenths = (bytes + 50_000) / 100_000;
    match bytes {
        0..1_000 => fill("record-sheet-bytes", &[("count", bytes.into())]),
        1_000..1_000_000 => fill("record-sheet-kilobytes", &[("count", ((bytes + 500) / 1_000).into())]),
        _ => fill("record-sheet-megabytes", &[("count", format!("{}.{}", tenths / 10, tenths % 10).into())]),
    }
}

#[cfg(test)]
mod tests {
    use super::{KINDS, known, size};

    #[test]
    fn kinds_are_told_in_plain_words() {
        assert_eq!(known("application/rtf"), Some(("record-sheet-rich-text", "rtf")));
        assert_eq!(known("Application/MSWord"), Some(("record-sheet-word", "doc")));
        for declared in ["", "text/html", "application/x-msdownload", "image/svg+xml"] {
            assert_eq!(known(declared), None, "{declared} is a file of no kind");
        }
        assert!(KINDS.iter().all(|(_, words, _)| !crate::words::say(words).contains('/')));
    }

    #[test]
    fn sizes_are_short() {
        for (bytes, words) in [
            (1, "1 byte"),
            (999, "999 bytes"),
            (41_200, "41 kB"),
            (2_345_678, "2.3 MB"),
            (1_000_000, "1.0 MB"),
        ] {
            assert_eq!(size(bytes), words);
        }
    }
}
