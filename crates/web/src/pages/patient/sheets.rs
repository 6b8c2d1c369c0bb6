//! The parts of a document that are files: links that say what each is and how large, and the files. Pictures are shown in the
//! browser, everything else is kept; nothing is served as what its sender says it is, and nothing in it runs here.

use crate::pages::address;
use crate::state::State;
use crate::visit::{Answer, File, Outcome, Problem, Visit};
use crate::words::{fill, say};
use care::record::{Paper, Sheet, SheetKind};
use maud::{Markup, html};

/// Media types that people's programs open, and how such files end. Others are a file of no kind.
const ENDS: &[(&str, &str)] = &[
    ("application/rtf", "rtf"),
    ("text/rtf", "rtf"),
    ("application/msword", "doc"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    ("image/gif", "gif"),
    ("image/tiff", "tif"),
];

/// The file.
pub async fn sheet(state: &State, visit: &Visit) -> Outcome {
    let patient = visit.patient_id()?.to_owned();
    let number = visit.open.get(1).and_then(|number| number.parse().ok()).ok_or(Problem::NotFound)?;
    let whole = state.care.sheet(&visit.actor_for(&patient)?, &patient, (visit.id(), number)).await?;
    let (kind, end, shown) = match &whole.sheet.kind {
        SheetKind::Pdf => ("application/pdf", "pdf", false),
        SheetKind::Png => ("image/png", "png", true),
        SheetKind::Jpeg => ("image/jpeg", "jpg", true),
        SheetKind::Words => ("application/octet-stream", "txt", false),
        SheetKind::Other(declared) => {
            let end = ENDS.iter().find(|(kind, _)| kind == declared).map_or("bin", |(_, end)| end);
            ("application/octet-stream", end, false)
        }
    };
    let name = format!("{}-{number}.{end}", say("record-sheet-file"));
    Ok(Answer::File(File { kind, name, body: whole.body, shown }))
}

/// A link to each.
pub fn links(paper: &Paper, visit: &Visit) -> Markup {
    html! {
        @if !paper.sheets.is_empty() {
            ul {
                @for one in &paper.sheets {
                    li {
                        a href=(visit.link(&format!("/record/documents/{}/{}", address(&paper.id), one.number))) {
                            (words(one, paper))
                        }
                    }
                }
            }
        }
    }
}

fn words(one: &Sheet, paper: &Paper) -> String {
    let kind = match &one.kind {
        SheetKind::Pdf => say("record-sheet-pdf").to_owned(),
        SheetKind::Png | SheetKind::Jpeg => say("record-sheet-picture").to_owned(),
        SheetKind::Words => say("record-sheet-text").to_owned(),
        SheetKind::Other(declared) if declared.is_empty() => say("record-sheet-untold").to_owned(),
        SheetKind::Other(declared) => fill("record-sheet-other", &[("type", declared.as_str().into())]),
    };
    let title = one.title.as_deref().unwrap_or(&paper.title);
    fill("record-sheet", &[("title", title.into()), ("kind", kind.into()), ("size", size(one.bytes).into())])
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
    use super::size;

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
